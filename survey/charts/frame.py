"""What surrounds the bars: title, key to the colours, notes, and the line that says where the figures come from.

Stage: charts. Each function draws at the sheet's ``top`` and moves it down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from survey.charts.lettering import BOLD, width, wrap
from survey.charts.sheet import Sheet
from survey.charts.theme import INK, LABEL, LEADING, QUIET, SMALL, TITLE, Shade
from survey.statistics.results import SurveyResult
from survey.texts import Texts

_SWATCH = 8.5


def head(sheet: Sheet, title: str, subtitle: str = "") -> None:
    """A title of as many lines as the format grants and what is drawn below it."""
    for one in wrap(title, sheet.width, TITLE, BOLD, sheet.format.most):
        sheet.top += TITLE * LEADING
        sheet.text(0, sheet.top, one, TITLE, INK, BOLD)
    sheet.top += 3.0
    note(sheet, subtitle, LABEL)
    sheet.top += 6.0


def note(sheet: Sheet, text: str, size: float = SMALL, colour: str = QUIET) -> None:
    """Small print over the whole width, in as many lines as the format grants; nothing for an empty text."""
    for one in wrap(text, sheet.width, size, most=sheet.format.most) if text else ():
        sheet.top += size * LEADING
        sheet.text(0, sheet.top, one, size, colour)


def swatch(sheet: Sheet, left: float, top: float, wide: float, high: float, shade: Shade) -> None:
    """A piece of bar in the colour and hatching of its level."""
    sheet.box(left, top, wide, high, shade.fill)
    if shade.hatch:
        sheet.hatch(left, top, wide, high, shade.hatch)


def key(sheet: Sheet, entries: Sequence[tuple[Shade, str]]) -> None:
    """Colours and what they mean, in as many lines as they need."""

    def square(shade: Shade) -> Mark:
        return lambda x, baseline: swatch(sheet, x, baseline - SMALL, _SWATCH, _SWATCH, shade)

    explain(sheet, [(square(shade), text) for shade, text in entries], _SWATCH + 4.0, 0.5, 3.0)
    sheet.top += 6.0


Mark = Callable[[float, float], None]
"""Draws an example at its left end and the baseline of the text beside it."""


def explain(sheet: Sheet, entries: Sequence[tuple[Mark, str]], aside: float, most: float, air: float) -> None:
    """Marks with texts ``aside`` of them, as many beside each other as have room, ``air`` between the lines. A text is
    at most this part of the sheet wide; on a narrow one it has lines instead."""
    x, narrow = 0.0, sheet.format.narrow
    sheet.top += LABEL * LEADING
    for mark, text in entries:
        lines = wrap(text, sheet.width - aside if narrow else sheet.width * most, SMALL, most=4 if narrow else 1)
        wide = aside + max(width(one, SMALL) for one in lines)
        if x and x + wide > sheet.width:
            x = 0.0
            sheet.top += LABEL * LEADING + air
        mark(x, sheet.top)
        for number, one in enumerate(lines):
            sheet.top += SMALL * LEADING if number else 0.0
            sheet.text(x + aside, sheet.top, one, SMALL)
        x += wide + (14.0 if len(lines) == 1 else sheet.width)


def foot(sheet: Sheet, result: SurveyResult, t: Texts, language: str, *, brief: bool = False) -> None:
    """The source of a chart that stands alone: survey, day, answers, hash of the data cut, remarks. ``brief`` is for a
    page that names the survey and carries the remarks itself."""
    sheet.top += 4.0
    note(sheet, "" if brief else result.title.to(language))
    note(
        sheet,
        t(
            "Figures as of {day}; answers counted: {count}; data cut {hash}.",
            day=t.day(result.cut.as_of),
            count=t.number(result.released),
            hash=result.cut.hash[:12],
        ),
    )
    for remark in () if brief else remarks(result, t):
        note(sheet, remark)


def remarks(result: SurveyResult, t: Texts) -> tuple[str, ...]:
    """Sentences without which the figures must not be shown."""
    raw = (t("Raw figures for the operator only: nothing is hidden, single people may be recognisable."),)
    left_out = (
        t("Left out of the figures: {count} answers. Reason: {reason}", count=t.number(number), reason=reason)
        for reason, number in result.exclusions
    )
    return (*(raw if result.raw else ()), *(t(remark) for remark in result.remarks), *left_out)
