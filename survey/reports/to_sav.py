"""Single answers for SPSS: numbers with their labels, missing codes as user-missing, levels of measurement.

Reports stage, pure. What SPSS cannot hold is told in the file's notes:

- one choice or a scale is a number. Codes that are no numbers are numbered in their order, and their labels name them;
- several choices are dichotomies, ``KEY_CODE`` each, 1 ticked and 0 not;
- what was asked and left blank has a user-missing value of its own, what was not asked is system-missing;
- texts over 32,767 bytes are cut and say so; names and labels are fitted to what SPSS allows.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey.definition.codebook import Codebook, Entry
from survey.definition.variables import Form
from survey.reports.answers import Batches, each
from survey.reports.answers_xlsx import NUMBER
from survey.reports.cells import whole
from survey.reports.extras import modules
from survey.texts import Texts

LONGEST_NAME, LONGEST_LABEL, LONGEST_VALUE_LABEL, LONGEST_TEXT, LONGEST_NOTE = 64, 256, 120, 32_767, 80
"""Bytes in UTF-8."""

BLANKS = (-1, -9, -99, -999)
"""The first of these that is no code stands for what was left blank."""

_RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
_UNFIT = re.compile(r"[^A-Za-z0-9_.]")


@dataclass
class _Column:
    """A column of the file while it is filled: ``add`` takes an answer as stored, None where it was not asked."""

    name: str
    label: str
    measure: str
    add: Callable[[Any], None]
    values: Any
    labels: dict[float, str] = field(default_factory=dict)
    missing: list[Any] = field(default_factory=list)


def to_sav(path: Path, batches: Batches, book: Codebook, beside: Sequence[Entry], t: Texts) -> None:
    """Writes the file. It is made in memory: some eight bytes a number. Raises PhieuError ``extra_missing``."""
    pandas, pyreadstat = modules("spss")
    names = _Names()
    first = [_text_column(names, one, t) for one in beside]
    groups = [(one.key, list(_columns(names, one, t))) for one in book.entries]
    for shared, answers in each(batches):
        for column, value in zip(first, shared, strict=True):
            column.add(value)
        for key, columns in groups:
            said = answers.get(key)
            for column in columns:
                column.add(said)
    made = [*first, *(column for _, columns in groups for column in columns)]
    frame = pandas.DataFrame({one.name: one.values for one in made})
    for one in made:
        if isinstance(one.values, list):
            frame[one.name] = frame[one.name].astype(object)
    pyreadstat.write_sav(
        frame,
        str(path),
        file_label=_fit(whole(book.title), 60),
        column_labels={one.name: one.label for one in made},
        variable_value_labels={one.name: one.labels for one in made if one.labels},
        missing_ranges={one.name: one.missing for one in made if one.missing},
        variable_measure={one.name: one.measure for one in made},
        note=[_fit(line, LONGEST_NOTE) for line in notes(t)],
        row_compress=True,
    )


def notes(t: Texts) -> tuple[str, ...]:
    """What the file's notes say, a line of SPSS each."""
    return (
        t("One choice or a scale: its code as a number."),
        t("Codes that are no numbers: numbered in order, named in the labels."),
        t("Several choices: one variable each, 1 ticked, 0 not."),
        t("Left blank: a user-missing value. Not asked: system-missing."),
        t("The codebook has every label in full."),
    )


class _Names:
    """Names as SPSS takes them, no two alike whatever their case."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def __call__(self, *parts: str) -> str:
        name = _UNFIT.sub("_", "_".join(parts)).rstrip(".")
        if not name[:1].isalpha() or name.upper() in _RESERVED:
            name = f"v_{name}"
        name, number = name[:LONGEST_NAME], 1
        while name.upper() in self.taken:
            number += 1
            name = f"{name[: LONGEST_NAME - 5]}_{number}"
        self.taken.add(name.upper())
        return name


def _columns(names: _Names, entry: Entry, t: Texts) -> Iterator[_Column]:
    if Form.TEXT in entry.forms:
        yield _text_column(names, entry, t)
    elif Form.MULTIPLE in entry.forms:
        blank = _blank((0, 1))
        for one in entry.codes:
            values = array("d")
            label = _fit(whole(f"{one.label} – {entry.label}"), LONGEST_LABEL)
            add = _ticked(values.append, one.code, blank)
            labels = {0.0: t("not ticked"), 1.0: t("ticked"), blank: t("Left blank")}
            yield _Column(names(entry.key, one.code), label, "nominal", add, values, labels, [blank])
    else:
        values = array("d")
        numbers = _numbered(entry)
        blank = _blank(numbers.values())
        labels = {blank: t("Left blank")}
        for one in entry.codes:
            told = one.label if NUMBER.fullmatch(one.code) else f"{one.code}: {one.label}"
            labels[numbers[one.code]] = _fit(whole(told), LONGEST_VALUE_LABEL)
        yield _Column(
            names(entry.key),
            _fit(whole(entry.label), LONGEST_LABEL),
            "ordinal" if entry.form is Form.SCALE else "nominal",
            _coded(values.append, {None: float("nan"), "": blank, **numbers}),
            values,
            labels,
            _missing(blank, sorted(numbers[code] for code in entry.missing), numbers.values()),
        )


def _numbered(entry: Entry) -> dict[str, float]:
    """Code → number. Where they are more than SPSS can call missing one by one, missing codes that have other codes
    between them come as negative numbers."""
    codes = [one.code for one in entry.codes]
    if all(map(NUMBER.fullmatch, codes)):
        numbers = {code: float(code) for code in codes}
    else:
        numbers = {code: float(n) for n, code in enumerate(codes, 1)}
    outside = [numbers[code] for code in entry.missing]
    if len(outside) > 2 and any(
        min(outside) <= number <= max(outside) for code, number in numbers.items() if code not in entry.missing
    ):
        numbers |= {code: float(-101 - n) for n, code in enumerate(entry.missing)}
    return numbers


def _missing(blank: float, codes: Sequence[float], every: Any) -> list[Any]:
    return [blank, *codes] if len(codes) <= 2 else [{"lo": codes[0], "hi": codes[-1]}, blank]


def _blank(codes: Any) -> float:
    return float(next(one for one in BLANKS if one not in set(codes)))


def _coded(append: Callable[[float], None], numbers: dict[Any, float]) -> Callable[[Any], None]:
    def add(said: Any) -> None:
        append(numbers[said])

    return add


def _ticked(append: Callable[[float], None], code: str, blank: float) -> Callable[[Any], None]:
    def add(said: Any) -> None:
        if said is None:
            append(float("nan"))
        elif not said:
            append(blank)
        else:
            append(float(code in said if type(said) is list else code == said))

    return add


def _text_column(names: _Names, entry: Entry, t: Texts) -> _Column:
    values: list[str] = []

    def add(said: Any) -> None:
        text = " ".join(said) if type(said) is list else said or ""
        values.append(text if len(text) * 4 <= LONGEST_TEXT else _fit(text, LONGEST_TEXT, t("[cut]")))

    return _Column(names(entry.key), _fit(whole(entry.label), LONGEST_LABEL), "nominal", add, values)


def _fit(text: str, most: int, mark: str = "…") -> str:
    """``text`` in at most so many bytes, with ``mark`` where it was cut."""
    stored = text.encode()
    if len(stored) <= most:
        return text
    return stored[: most - len(mark.encode())].decode(errors="ignore") + mark
