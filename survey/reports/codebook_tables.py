"""The codebook as files: one row for each variable, and one for each code.

Reports stage, pure; the same rows go into CSV and into the sheets of a workbook.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from survey.definition import codebook
from survey.definition.codebook import Code, Codebook, Entry
from survey.definition.variables import Form
from survey.errors import PhieuError
from survey.reports import tables_csv
from survey.reports.workbooks import Book, workbook
from survey.texts import Texts

Row = tuple[str, ...]


def particulars(t: Texts, collectors: Mapping[str, str]) -> tuple[Entry, ...]:
    """The columns that stand before the questions in every file of answers. ``collectors``: code → name."""
    status = (Code("complete", t("complete")), Code("flagged", t("flagged for a second look, and counted")))
    places = tuple(Code(code, name) for code, name in collectors.items())
    described = (
        ("status", t("What became of the answer"), status),
        ("collector", t("Collector it came through"), places),
        ("language", t("Language it was given in"), ()),
        ("version", t("Version of the questionnaire that was answered"), ()),
        ("month", t("Month it came in; files of answers hold no finer date"), ()),
    )
    return tuple(Entry(key, label, "", (Form.SINGLE,), codes, ()) for key, label, codes in described)


def variables(book: Codebook, beside: Sequence[Entry], t: Texts) -> Iterator[Row]:
    """Header and a row for each variable, ``beside`` first."""
    yield (
        t("Variable"),
        t("Label"),
        t("Section"),
        t("Kind"),
        t("Missing codes"),
        t("Asked when"),
        t("Obligatory"),
        t("Sensitive"),
        t("Bound"),
        t("Versions"),
    )
    for one in (*beside, *book.entries):
        yield (
            one.key,
            one.label,
            one.section,
            kind(one, t),
            " ".join(one.missing),
            (one.asked or t("always")) if one.versions else "",
            t("yes") if one.required else "",
            t("yes") if one.sensitive else "",
            str(one.length or one.most or ""),
            ", ".join(map(str, one.versions)),
        )


def codes(book: Codebook, beside: Sequence[Entry], t: Texts) -> Iterator[Row]:
    """Header and a row for each code of each variable."""
    yield t("Variable"), t("Code"), t("Label"), t("What it counts as")
    for entry in (*beside, *book.entries):
        for one in entry.codes:
            marks = (
                t("missing: not in the base") if one.missing else "",
                t("satisfied") if one.satisfied and not one.missing else "",
                t("only in earlier versions") if one.retired else "",
            )
            yield entry.key, one.code, one.label, "; ".join(filter(None, marks))


def kind(entry: Entry, t: Texts) -> str:
    """Its form in words; where it was another once, that too."""
    names = {
        Form.SCALE: t("scale"),
        Form.SINGLE: t("one choice"),
        Form.MULTIPLE: t("several choices, codes separated by a space"),
        Form.TEXT: t("free text"),
    }
    return "; ".join(names[one] for one in entry.forms)


def written(book: Codebook, beside: Sequence[Entry], t: Texts, ending: str, made_on: date) -> bytes:
    """The codebook as ``csv``, ``json`` or ``xlsx``. Raises PhieuError ``format_unknown``."""
    if ending == "csv":
        return to_csv(book, beside, t)
    if ending == "json":
        return (json.dumps(codebook.write(book), ensure_ascii=False, indent=2) + "\n").encode()
    if ending == "xlsx":
        return workbook(book.title, t, made_on, lambda made: add_sheets(made, book, beside))
    raise PhieuError(
        "format_unknown", "A codebook cannot be written in this format.", "Choose among these:", ("csv", "json", "xlsx")
    )


def add_sheets(made: Book, book: Codebook, beside: Sequence[Entry]) -> None:
    """Two sheets: variables, and codes."""
    t = made.t
    made.table(made.sheet(t("Variables"), (11, 46, 26, 22, 11, 40, 10, 10, 8, 9)), variables(book, beside, t))
    made.table(made.sheet(t("Codes and labels"), (12, 14, 60, 34)), codes(book, beside, t))


def to_csv(book: Codebook, beside: Sequence[Entry], t: Texts, delimiter: str = ",") -> bytes:
    """Both tables in one file of one table: each variable's row, then its codes. UTF-8 with BOM."""
    of: dict[str, list[Row]] = {}
    found = codes(book, beside, t)
    next(found)
    for row in found:
        of.setdefault(row[0], []).append(row[1:])
    head, *rows = variables(book, beside, t)
    lines = [(*head, t("Code"), t("Label of the code"), t("What it counts as"))]
    for row in rows:
        lines.append((*row, "", "", ""))
        lines += [(row[0], *("" for _ in row[1:]), *code) for code in of.get(row[0], ())]
    return tables_csv.written(lines, delimiter)
