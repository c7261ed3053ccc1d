"""Single answers as CSV: codes for programs, texts as text that no spreadsheet takes for a formula.

Reports stage, pure: rows come in as stored, bytes go out. Built for hundreds of thousands of rows in flat memory.
"""

from __future__ import annotations

import re
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
    ordered = {str(n): one for n, one in enumerate(versions, 1) if [v.key for v in one.variables] == list(forms)}
    plain = {number: _Plain(one, delimiter) for number, one in ordered.items() if len(forms) > 1}
    known: dict[bytes, str] = {}
    write = _writer(forms, delimiter, known)
    for shared, stored in batches:
        start, number = delimiter.join((*shared, "")), shared[VERSION]
        if number in plain and (quick := plain[number].lines(stored, start.encode())) is not None:
            yield quick
            continue
        whole = len(forms) if number in ordered else -1
        lines = [f"{start}{known.get(one) or write(one, whole)}{_END}" for one in stored.split(b"\n")]
        yield "".join(lines).encode()


class _Plain:
    """Writes people of one version who were asked everything, in order, and wrote nothing that needs care: their JSON
    becomes a line without being read as JSON, in two thirds of the time."""

    def __init__(self, asked: Questionnaire, delimiter: str) -> None:
        parts = {
            Form.TEXT: rb'(?:""|("[^"\\\x00-\x1f=+\-@\xef]+"))',
            Form.MULTIPLE: rb'\[((?:"[^"\\]*",?)*)\]',
            Form.SCALE: rb'"([^"\\]*)"',
            Form.SINGLE: rb'"([^"\\]*)"',
        }
        fields = [b'"%b":%b' % (re.escape(one.key.encode()), parts[one.form]) for one in asked.variables]
        self._line = re.compile(rb"^\{" + b",".join(fields) + rb"\}$", re.MULTILINE)
        self._several = [place for place, one in enumerate(asked.variables) if one.form is Form.MULTIPLE]
        self._delimiter = delimiter.encode()

    def lines(self, stored: bytes, start: bytes) -> bytes | None:
        """The lines of a batch; None where somebody in it needs care."""
        people: list[tuple[bytes, ...]] = self._line.findall(stored)
        if len(people) != stored.count(b"\n") + 1:
            return None
        if self._several:
            people = [self._ticked(one) for one in people]
        between = _END.encode() + start
        return start + between.join(map(self._delimiter.join, people)) + _END.encode()

    def _ticked(self, person: tuple[bytes, ...]) -> tuple[bytes, ...]:
        cells = list(person)
        for place in self._several:
            cells[place] = cells[place].replace(b'","', b" ").strip(b'"')
        return tuple(cells)


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
