"""Participation as a funnel: a bar for each step from handed out to completed, with its part of the step before.

Stage: charts. Takes plain counts; a step that nobody counted says so and has no bar. A funnel is no response rate: who
was given a form and who opened the page are not the same people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from survey.charts import frame, grid
from survey.charts.drawing import Drawing
from survey.charts.lettering import line
from survey.charts.sheet import Sheet
from survey.charts.theme import FAVOURABLE
from survey.texts import Texts

_BAR = 13.0


@dataclass(frozen=True)
class Step:
    """One step in words; ``count`` is None where it is not known."""

    label: str
    count: int | None


class Reach(Protocol):
    """What is known of one collector; ``handed_out`` is None where nobody noted it."""

    @property
    def handed_out(self) -> int | None: ...

    @property
    def opened(self) -> int: ...

    @property
    def started(self) -> int: ...

    @property
    def completed(self) -> int: ...


def steps_of(reached: Sequence[Reach], t: Texts) -> tuple[Step, ...]:
    """The steps of several collectors together. Copies handed out are known only where every collector's are, and have
    no bar where none is."""
    given = [one.handed_out for one in reached]
    known = [number for number in given if number is not None]
    handed_out = Step(t("Handed out"), sum(known) if len(known) == len(given) else None)
    return (
        *((handed_out,) if known else ()),
        Step(t("Opened"), sum(one.opened for one in reached)),
        Step(t("Begun"), sum(one.started for one in reached)),
        Step(t("Completed"), sum(one.completed for one in reached)),
    )


def funnel(title: str, steps: Sequence[Step], t: Texts) -> Drawing:
    """The chart; a sentence where nothing was counted."""
    told = t("A funnel counts, it is no response rate.")
    return Drawing(line(title), describe(title, steps, t), lambda sheet: _draw(sheet, steps, t), told)


def describe(title: str, steps: Sequence[Step], t: Texts) -> str:
    """The steps with their counts, and what part of the first known one reached the last."""
    if not any(step.count for step in steps):
        return line(f"{title}: {t('Nothing has been counted yet.')}")
    counts = ", ".join(f"{step.label} {_count(step, t)}" for step in steps)
    known = [step for step in steps if step.count is not None]
    first, last = known[0], known[-1]
    part = _part(last.count, first.count, t)
    whole = t("{last} against {first}: {share}.", last=last.label, first=first.label, share=part) if part else ""
    return line(f"{title}: {counts}. {whole if first is not last else ''}")


def part_before(steps: Sequence[Step], place: int, t: Texts) -> str:
    """A step's part of the last known step before it; an en dash where there is none or it is larger than that."""
    before = next((step.count for step in reversed(steps[:place]) if step.count is not None), None)
    return _part(steps[place].count, before, t) or "–"


def _part(count: int | None, of: int | None, t: Texts) -> str:
    return "" if count is None or not of or count > of else t.percent(100.0 * count / of)


def _count(step: Step, t: Texts) -> str:
    return t("not known") if step.count is None else t.number(step.count)


def _draw(sheet: Sheet, steps: Sequence[Step], t: Texts) -> None:
    most = max((step.count or 0 for step in steps), default=0)
    if not most:
        frame.note(sheet, t("Nothing has been counted yet."))
        sheet.top += 5.0
        return
    counts = tuple(("–" if step.count is None else t.number(step.count), "") for step in steps)
    parts = tuple((part_before(steps, place, t), "") for place in range(len(steps)))
    columns = (
        grid.Column((t("Count"),), counts, strong=True),
        grid.Column(grid.heading(t("Of the step before")), parts),
    )
    unknown = t("not known")
    labels = [grid.Label(line(step.label) or "–", words=unknown if step.count is None else "") for step in steps]
    laid = grid.arrange(labels, columns, 0.0, 1.0, sheet.format)
    grid.draw_headings(sheet, laid)
    shown = range(len(steps))
    for number, top, row in laid.places(sheet.top, shown):
        grid.draw_row(sheet, laid, number, top)
        count = steps[number].count
        if count is None:
            continue
        shade = FAVOURABLE[1] if number == len(steps) - 1 else FAVOURABLE[0]
        wide = (laid.right - laid.left) * count / most
        sheet.box(laid.left, top + row.bar - _BAR / 2, max(wide, 0.8 if count else 0.0), _BAR, shade)
    grid.draw_upright(sheet, laid, shown, 0.0, FAVOURABLE[1], 0.8)
    grid.draw_rules(sheet, laid, shown)
