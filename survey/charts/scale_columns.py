"""The figures beside a diverging chart: share satisfied with its interval, n, and answers outside the scale.

Stage: charts. Turns numbers into words and computes none; a suppressed number becomes an en dash.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey.charts.grid import STAR, Column, heading
from survey.charts.lettering import line
from survey.charts.theme import SMALL_BASE
from survey.definition.choices import ChoiceList
from survey.statistics.results import Figures
from survey.texts import Texts


def scale_columns(rows: Sequence[Figures], choices: ChoiceList, t: Texts, language: str) -> tuple[Column, ...]:
    """The columns for these rows; one that nothing is known for is left out."""
    columns = list(share_columns(rows, satisfied_name(choices, t, language), t))
    if choices.missing:
        only = len(choices.missing) == 1
        head = heading(choices.missing[0].label.to(language) if only else t("Outside the scale"))
        columns.append(Column(head, tuple((_outside(one, choices, t), "") for one in rows)))
    return tuple(columns)


def share_columns(rows: Sequence[Figures], name: str, t: Texts) -> tuple[Column, ...]:
    """The share called ``name`` with its interval, where any row has one, and n."""
    base = Column((t("n"),), tuple((_base(one, t), "") for one in rows))
    if all(one.satisfied_percent is None for one in rows):
        return (base,)
    cells = tuple((_share(one, t), interval(one, t)) for one in rows)
    return Column(heading(name), cells, t("(95% CI)"), strong=True), base


def satisfied_name(choices: ChoiceList, t: Texts, language: str) -> str:
    """What the levels that count as satisfied are called together; empty when none do."""
    top = choices.levels[len(choices.levels) - len(choices.satisfied) :]
    if len(top) > 1 and {one.code for one in top} == set(choices.satisfied):
        return t("{level} or higher", level=line(top[0].label.to(language)))
    return " + ".join(line(choices.choice(code).label.to(language)) for code in choices.satisfied)


def interval(figures: Figures, t: Texts) -> str:
    """``79,4–95,8``; empty when there is none."""
    return "" if figures.interval is None else "–".join(t.number(bound, 1) for bound in figures.interval)


def absent(figures: Figures, t: Texts) -> str:
    """Why there are no counts to draw; empty when there are."""
    if figures.suppressed:
        return t(figures.suppressed)
    if not figures.base:
        return t("No answers yet.")
    return t("Too few people to show single counts.") if figures.counts is None else ""


def small(figures: Figures) -> bool:
    """Whether the base is too small for more than reference."""
    return figures.base is not None and 0 < figures.base < SMALL_BASE


def caution(t: Texts) -> str:
    """What a small base is good for."""
    return t("Fewer than {count} answers: for reference only.", count=SMALL_BASE)


def _share(figures: Figures, t: Texts) -> str:
    return t.percent(figures.satisfied_percent if figures.base else None)


def _base(figures: Figures, t: Texts) -> str:
    return "–" if figures.base is None else t.number(figures.base) + (STAR if small(figures) else "")


def _outside(figures: Figures, choices: ChoiceList, t: Texts) -> str:
    if figures.missing is None:
        return "–"
    return t.number(sum(figures.missing.get(one.code, 0) for one in choices.missing))
