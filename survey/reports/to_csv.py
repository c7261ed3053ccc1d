"""Single answers as CSV: codes for programs, texts as text that no spreadsheet takes for a formula.

Reports stage, pure: rows come in as stored, bytes go out. Built for hundreds of thousands of rows in flat memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import orjson

from survey.collection.formulas import guarded
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form

BOM = b"\xef\xbb\xbf"
"""Without it spreadsheet programs take UTF-8 for an older encoding and break every Vietnamese letter."""

DELIMITERS = (",", ";")
"""The second is what spreadsheets expect where the comma is the decimal mark, as in Vietnamese."""

COLUMNS = ("status", "collector", "language", "version", "month")
"""What stands before the questions."""


def to_csv(
    batches: Iterable[tuple[Sequence[str], str]],
    beside: Callable[[str], Sequence[str]],
    versions: Sequence[Questionnaire],
    delimiter: str = ",",
) -> Iterator[bytes]:
    """CSV in pieces: BOM, header, then a piece for each batch. A batch holds, for each response, a name for what stands
    beside the answers, which ``beside`` turns into the values of ``COLUMNS``; and the answers as stored, all in one
    JSON array. ``versions`` are all published questionnaires, number 1 first; columns stand in the order of the newest,
    those that only older ones have after them."""
    forms = _forms(versions)
    yield BOM + (delimiter.join((*COLUMNS, *forms)) + "\r\n").encode()
    begin = cache(lambda name: delimiter.join((*beside(name), "")))
    say = _sayer(forms, delimiter)
    for names, answers in batches:
        rows = zip(names, orjson.loads(answers), strict=True)
        yield "".join([f"{begin(name)}{say(cells)}\r\n" for name, cells in rows]).encode()


def _forms(versions: Sequence[Questionnaire]) -> Mapping[str, frozenset[Form]]:
    """Variable key → every form it ever had, in order of columns."""
    forms: dict[str, frozenset[Form]] = {}
    for questionnaire in reversed(versions):
        for variable in questionnaire.variables:
            forms[variable.key] = forms.get(variable.key, frozenset()) | {variable.form}
    return forms


def _sayer(forms: Mapping[str, frozenset[Form]], delimiter: str) -> Callable[[dict[str, Any]], str]:
    """The function that writes one person's answers. Codes never need quotes; lists and texts are first put into their
    cell's form."""
    blank = dict.fromkeys(forms, "")
    keys = list(forms)
    shaped = tuple(key for key, ever in forms.items() if not ever <= {Form.SCALE, Form.SINGLE})

    def say(cells: dict[str, Any]) -> str:
        for key in shaped:
            if value := cells.get(key):
                cells[key] = " ".join(value) if type(value) is list else _quoted(value)
            elif value is not None:
                cells[key] = ""
        # Mostly everything was asked, in the order of the columns, and nothing needs to be looked up one by one.
        return delimiter.join((cells if list(cells) == keys else blank | cells).values())

    return say


def _quoted(text: str) -> str:
    return '"' + guarded(text).replace('"', '""') + '"'
