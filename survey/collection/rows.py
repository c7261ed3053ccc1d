"""What the rows of a file say: answers through the one validator, with their language and day.

Collection stage, pure. A header of question keys; beside them ``language`` and ``received_on`` (or ``month``) where
known. The columns an export has are understood, so that what was exported can be imported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from survey.collection import answers
from survey.collection.formulas import unguarded
from survey.collection.tabular import Cell, Fault, Table
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form
from survey.errors import PhieuError
from survey.texts import Translate

DATES = ("received_on", "month")
NOT_TAKEN = frozenset({"status", "collector", "version"})
"""Columns of an export that are made anew."""

_SEPARATORS = re.compile(r"[\s,;|]+")
_DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?|(\d\d?)/(\d\d?)/(\d{4})", re.ASCII)
_NO_COLUMN = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One person's row. ``day`` is None where the file tells none; ``faults`` are pairs of column and reason, and
    ``checked`` is good only without any. ``blank``: nothing is answered."""

    number: int
    language: str
    day: date | None
    checked: answers.Checked
    faults: tuple[tuple[str, str], ...]

    @property
    def blank(self) -> bool:
        """Whether nothing is answered."""
        return not self.faults and not any(self.checked.answers.values())


def rows(questionnaire: Questionnaire, table: Table, t: Translate, today: date) -> Iterator[Row]:
    """Every row of the table. Raises PhieuError ``import_columns`` when the header does not fit."""
    several = {one.key: one.form is Form.MULTIPLE for one in questionnaire.variables}
    _demand_fitting(several, table.header)
    original = questionnaire.languages[0]
    nothing = answers.Checked({})
    for number, cells in table.rows:
        if not any(not isinstance(cell, str) or cell.strip() for cell in cells):
            yield Row(number, original, None, nothing, ())
            continue
        said, faults = _said(table.header, cells, several, t)
        language = "".join(said.pop("language", "")) or original
        if language not in questionnaire.languages:
            faults.append(("language", t("“{value}” is no language of this questionnaire.", value=language[:20])))
        days = []
        for column in DATES:
            if text := "".join(said.pop(column, "")):
                days.append(_day(text))
                if days[-1] is None or days[-1] > today:
                    faults.append((column, t("This is no past day; write it as 2026-10-16 or 16/10/2026.")))
        checked = answers.check(questionnaire, said)
        faults += [(one.key, answers.message(one, questionnaire, t, original)) for one in checked.errors]
        yield Row(number, language, days[0] if days else None, checked, tuple(faults))


def _demand_fitting(several: Mapping[str, bool], header: Sequence[str]) -> None:
    known = several.keys() | {"language", *DATES} | NOT_TAKEN
    unknown = [f"? {name[:60]}" for name in header if name and name not in known]
    repeated = [f"2 × {name}" for name in dict.fromkeys(header) if name and header.count(name) > 1]
    if unknown or repeated or several.keys().isdisjoint(header):
        raise PhieuError(
            "import_columns",
            "The columns of the file do not fit the questionnaire: unknown, given twice, or none at all.",
            "Name each column by a question's key, exactly as in the questionnaire, and each once.",
            (*unknown, *repeated),
        )


def _said(
    header: Sequence[str], cells: Sequence[Cell], several: Mapping[str, bool], t: Translate
) -> tuple[dict[str, str | list[str]], list[tuple[str, str]]]:
    """Column → text, or values where several may stand together; and the faults of single cells."""
    said: dict[str, str | list[str]] = {}
    faults: list[tuple[str, str]] = []
    for name, cell in zip(header, cells, strict=False):
        if name in NOT_TAKEN:
            continue
        if isinstance(cell, Fault):
            faults.append((name, t("This is a formula or an error; put the value itself there.")))
        elif isinstance(cell, date):
            if name in DATES:
                said[name] = cell.isoformat()
            else:
                faults.append((name, t("The spreadsheet has made a date of this; format the column as text.")))
        elif not name:
            if cell.strip():
                faults.append((_NO_COLUMN, t("This column has no name in the header.")))
        elif several.get(name):
            said[name] = _SEPARATORS.split(cell)
        else:
            said[name] = unguarded(cell) if name in several else cell.strip()
    if any(not isinstance(cell, str) or cell.strip() for cell in cells[len(header) :]):
        faults.append((_NO_COLUMN, t("The row has more cells than the header.")))
    return said, faults


def _day(text: str) -> date | None:
    """The day a text names, the first one of a month; None when it is neither."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (found[4] and (found[6], found[5], found[4])) or (found[1], found[2], found[3] or "1")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
