"""Single answers as CSV: codes for programs, texts as text that no spreadsheet takes for a formula.

Reports stage, pure: rows come in as stored, bytes go out. Built for hundreds of thousands of rows in flat memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from survey.collection.formulas import guarded
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form
from survey.reports.answers import COLUMNS, VERSION, Batches

BOM = b"\xef\xbb\xbf"
"""Without it spreadsheet programs take UTF-8 for an older encoding and break every Vietnamese letter."""

DELIMITERS = (",", ";")
"""The second is what spreadsheets expect where the comma is the decimal mark, as in Vietnamese."""

_REMEMBERED = 10_000
"""Lines that are remembered: people who answer a short questionnaire say the same things, and writing a line takes
several times longer than finding it."""

_END = "\r\n"


def to_csv(batches: Batches, versions: Sequence[Questionnaire], delimiter: str = ",") -> Iterator[bytes]:
    """CSV in pieces: BOM and header, then a piece for each batch. ``versions`` are all published questionnaires, number
    1 first; columns stand in the order of the newest, those that only older ones have after them."""
    forms = _forms(versions)
    yield BOM + (delimiter.join((*COLUMNS, *forms)) + _END).encode()
    in_order = {str(n) for n, one in enumerate(versions, 1) if [v.key for v in one.variables] == list(forms)}
    known: dict[bytes, str] = {}
    write = _writer(forms, delimiter, known)
    for shared, stored in batches:
        start = delimiter.join((*shared, ""))
        whole = len(forms) if shared[VERSION] in in_order else -1
        lines = [f"{start}{known.get(one) or write(one, whole)}{_END}" for one in stored.split(b"\n")]
        yield "".join(lines).encode()


def _forms(versions: Sequence[Questionnaire]) -> Mapping[str, frozenset[Form]]:
    """Variable key → every form it ever had, in order of columns."""
    forms: dict[str, frozenset[Form]] = {}
    for questionnaire in reversed(versions):
        for variable in questionnaire.variables:
            forms[variable.key] = forms.get(variable.key, frozenset()) | {variable.form}
    return forms


def _writer(
    forms: Mapping[str, frozenset[Form]], delimiter: str, known: dict[bytes, str]
) -> Callable[[bytes, int], str]:
    """The function that writes what one person answered, and remembers it in ``known``. It is told how many answers
    there are when they stand in the order of the columns, so that they need not be put there one by one. Codes never
    need quotes; lists and texts are put into their cell's form."""
    blank = dict.fromkeys(forms, "")
    shaped = tuple(key for key, ever in forms.items() if not ever <= {Form.SCALE, Form.SINGLE})

    def write(stored: bytes, whole: int) -> str:
        cells: dict[str, Any] = orjson.loads(stored)
        for key in shaped:
            if value := cells.get(key):
                cells[key] = " ".join(value) if type(value) is list else _quoted(value)
            elif value is not None:
                cells[key] = ""
        line = delimiter.join((cells if len(cells) == whole else blank | cells).values())
        if len(known) < _REMEMBERED:
            known[stored] = line
        return line

    return write


def _quoted(text: str) -> str:
    return '"' + guarded(text).replace('"', '""') + '"'
