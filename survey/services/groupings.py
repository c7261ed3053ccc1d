"""What results can be grouped and filtered by beside questions: places, units and channels of collectors, and periods.

None of it is stored with answers: each is a group of collectors or of months. Waves are surveys of their own, so they
are no grouping of one survey's answers (see ``services`` of series).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.aggregation.coding import COLLECTOR, LANGUAGE, MONTH, STATUS, VERSION
from survey.aggregation.columns import Matrix
from survey.aggregation.derived import Derived, with_derived
from survey.definition.text import Text
from survey.errors import PhieuError
from survey.statistics import reasons
from survey.statistics.filters import Filters
from survey.storage.models import Collector, Survey
from survey.storage.queries import collectors, offices
from survey.texts import LANGUAGES, texts

PLACE, UNIT, CHANNEL, QUARTER, YEAR, PERIOD = "@place", "@unit", "@channel", "@quarter", "@year", "@period"

NOWHERE = "-"
"""The code of collectors without a stated place."""

PERIOD_FORM = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))\.\.(\d{4}-(?:0[1-9]|1[0-2]))")
"""The one code that selects a period: first and last month."""


FIRST, LAST = "0001-01", "9999-12"
"""The ends of a period that has none."""


def _(message: str) -> str:
    return message


KINDS = {
    "leaflet": _("Leaflet"),
    "poster": _("Poster"),
    "counter": _("Counter"),
    "kiosk": _("Kiosk"),
    "slip": _("Slip"),
    "event": _("Event"),
    "web": _("Website"),
    "link": _("Link"),
    "interviewer": _("Interviewer"),
    "paper": _("Paper forms"),
    "import": _("Import"),
}

SPOKEN = {"vi": _("Vietnamese"), "en": _("English")}

NAMES = {
    COLLECTOR: _("Collector"),
    PLACE: _("Place"),
    UNIT: _("Unit"),
    CHANNEL: _("Kind of collector"),
    LANGUAGE: _("Language"),
    VERSION: _("Version of the questionnaire"),
    MONTH: _("Month"),
    QUARTER: _("Quarter"),
    YEAR: _("Year"),
    PERIOD: _("Period"),
    STATUS: _("Flag"),
}
"""What people call each."""

OFFERED = (COLLECTOR, PLACE, UNIT, CHANNEL, LANGUAGE, VERSION, MONTH, QUARTER, YEAR)
"""What can be chosen from a list; a period is chosen by its ends."""


@dataclass(frozen=True)
class Groupings:
    """The derived variables of one survey, and the labels of all codes that are none of a question."""

    derived: Mapping[str, Derived]
    labels: Mapping[str, Mapping[str, Text]]

    def onto(self, matrix: Matrix, keys: Iterable[str]) -> Matrix:
        """The matrix with those of ``keys`` that are derived."""
        return with_derived(matrix, [self.derived[key] for key in dict.fromkeys(keys) if key in self.derived])


def of_survey(session: Session, survey: Survey, matrix: Matrix, filters: Filters = ()) -> Groupings:
    """What there is for one survey. Raises PhieuError ``period_unreadable`` for what is no period in ``filters``."""
    every = collectors.of_survey(session, survey.id)
    units = {unit.id: unit.name for unit in offices.every(session)}
    months = matrix.codings[MONTH].codes
    derived = {
        PLACE: Derived(PLACE, COLLECTOR, _grouped(every, lambda one: one.place or NOWHERE)),
        UNIT: Derived(UNIT, COLLECTOR, _grouped(every, lambda one: str(one.unit_id or survey.unit_id))),
        CHANNEL: Derived(CHANNEL, COLLECTOR, _grouped(every, lambda one: one.kind)),
        QUARTER: Derived(QUARTER, MONTH, _by(months, lambda month: f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}")),
        YEAR: Derived(YEAR, MONTH, _by(months, lambda month: month[:4])),
    }
    for key, codes in filters:
        if key == PERIOD:
            derived[PERIOD] = _period(codes, months)
    labels: dict[str, Mapping[str, Text]] = {
        COLLECTOR: {one.code: Text.of(vi=one.name) for one in every},
        PLACE: {
            one: Text.of(vi=one) if one != NOWHERE else _said(_("No place stated")) for one in derived[PLACE].groups
        },
        UNIT: {one: Text.of(vi=units.get(int(one), one)) for one in derived[UNIT].groups},
        CHANNEL: {one: _said(KINDS[one]) for one in derived[CHANNEL].groups},
        LANGUAGE: {one: _said(SPOKEN[one]) for one in matrix.codings[LANGUAGE].codes if one in SPOKEN},
        MONTH: {one: Text.of(vi=f"{one[5:]}/{one[:4]}") for one in sorted(months)},
        QUARTER: {
            one: _said(_("Quarter {quarter} of {year}"), quarter=one[6:], year=one[:4])
            for one in derived[QUARTER].groups
        },
        YEAR: {one: Text.of(vi=one) for one in derived[YEAR].groups},
        STATUS: {"complete": reasons.label(reasons.UNFLAGGED), "flagged": reasons.label(reasons.FLAGGED)},
    }
    if PERIOD in derived:
        labels[PERIOD] = {one: period_label(one) for one in derived[PERIOD].groups}
    return Groupings(derived, labels)


def period(first: str, last: str) -> tuple[str, tuple[str, ...]]:
    """The filter for the months from ``first`` to ``last``, both included; an empty one is no end."""
    return PERIOD, (f"{first or FIRST}..{last or LAST}",)


def _period(codes: tuple[str, ...], months: tuple[str, ...]) -> Derived:
    found = PERIOD_FORM.fullmatch(codes[0]) if len(codes) == 1 else None
    if found is None or found[1] > found[2]:
        raise PhieuError(
            "period_unreadable", "This is no period.", "Name the first and the last month, as in 2026-01..2026-06."
        )
    inside = tuple(month for month in months if found[1] <= month <= found[2])
    outside = tuple(month for month in months if month not in inside)
    return Derived(PERIOD, MONTH, {codes[0]: inside, "outside": outside})


def period_label(code: str) -> Text:
    """A period as people say it; everything that is no period is what lies outside one."""
    found = PERIOD_FORM.fullmatch(code)
    if found is None:
        return _said(_("Other months"))
    first, last = (f"{month[5:]}/{month[:4]}" for month in found.groups())
    if found[1] == FIRST:
        return _said(_("until {month}"), month=last)
    if found[2] == LAST:
        return _said(_("from {month}"), month=first)
    return Text.of(vi=first) if first == last else _said(_("{first} to {last}"), first=first, last=last)


def _grouped(every: Iterable[Collector], group: Callable[[Collector], str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in every:
        found[group(one)] = (*found.get(group(one), ()), one.code)
    return found


def _by(codes: Iterable[str], group: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code in sorted(codes):
        found[group(code)] = (*found.get(group(code), ()), code)
    return found


def _said(message: str, **values: str) -> Text:
    return Text(tuple((language, texts(language)(message, **values)) for language in LANGUAGES))
