"""Shares satisfied of several questions by several groups or units: what heat tables and small multiples draw.

Stage: charts. Made from breakdowns, or by hand for units; what was not shown there is not shown here. Computes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.charts.lettering import line
from survey.statistics.results import Breakdown, Figures, SurveyResult
from survey.texts import Texts


@dataclass(frozen=True)
class Line:
    """One question: its key, its label, and a cell for each column. A cell is None where there is nothing to show and
    nobody is hidden; ``general`` lines sum up the others."""

    key: str
    label: str
    cells: tuple[Figures | None, ...]
    general: bool = False


@dataclass(frozen=True)
class SharesTable:
    """``columns`` name the groups or units; the last of them is everybody when ``everybody`` says so. ``by`` names what
    groups them. ``notes`` are sentences that go with the figures."""

    title: str
    by: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    everybody: bool = False
    notes: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether any cell of a group has a share."""
        groups = len(self.columns) - self.everybody
        return any(_shown(cell) for one in self.lines for cell in one.cells[:groups])

    @property
    def hidden(self) -> bool:
        """Whether any cell is suppressed."""
        return any(cell is not None and cell.suppressed for one in self.lines for cell in one.cells)


def from_breakdowns(
    result: SurveyResult, breakdowns: Sequence[Breakdown], title: str, by: str, t: Texts, language: str
) -> SharesTable:
    """One line for each breakdown, all by the same variable. Groups that no question shows have no column; the pooled
    ones share the last but one, everybody has the last."""
    codes: dict[tuple[str, ...], str] = {}
    pooled = ""
    for breakdown in breakdowns:
        for group in breakdown.groups:
            label = line(group.label.to(language))
            if len(group.codes) == 1:
                codes.setdefault(group.codes, label)
            else:
                pooled = label
    columns = [*codes.values(), *([pooled] if pooled else []), t("Everybody")]
    general = {result.headline, *(index.overall for index in result.indexes)}
    lines = []
    for breakdown in breakdowns:
        question = result.question(breakdown.key)
        own = {group.codes: group.figures for group in (*breakdown.hidden, *breakdown.groups)}
        missing = Figures(None, None, suppressed=breakdown.suppressed) if breakdown.suppressed else None
        cells: list[Figures | None] = [own.get(one, missing) for one in codes]
        if pooled:
            rest = [group.figures for group in breakdown.groups if len(group.codes) > 1]
            cells.append(rest[0] if rest else missing)
        label = line(question.label.to(language)) or question.key
        lines.append(Line(question.key, label, (*cells, question.figures), question.key in general))
    hidden: dict[str, list[str]] = {}
    for breakdown in breakdowns:
        for group in breakdown.hidden:
            if group.codes not in codes:
                names = hidden.setdefault(group.figures.suppressed, [])
                if (name := line(group.label.to(language))) not in names:
                    names.append(name)
    notes = [f"{', '.join(names)}: {t(reason)}" for reason, names in hidden.items()]
    notes += dict.fromkeys(t(breakdown.suppressed) for breakdown in breakdowns if breakdown.suppressed)
    return SharesTable(title, by, tuple(columns), tuple(lines), True, tuple(notes))


def extremes(table: SharesTable, t: Texts) -> str:
    """Where the share is highest and where lowest, groups only; the finding of a table in a sentence."""
    groups = len(table.columns) - table.everybody
    found = [
        (cell.satisfied_percent, one.label, column)
        for one in table.lines
        for cell, column in zip(one.cells[:groups], table.columns, strict=False)
        if cell is not None and cell.satisfied_percent is not None and cell.base
    ]
    if not found:
        return " ".join(table.notes) or t("There is no group large enough to show.")
    high, low = max(found, key=lambda one: one[0] or 0.0), min(found, key=lambda one: one[0] or 0.0)
    return t(
        "Highest share: {high} ({high_group}: {high_item}); lowest: {low} ({low_group}: {low_item}).",
        high=t.percent(high[0]),
        high_group=high[2],
        high_item=high[1],
        low=t.percent(low[0]),
        low_group=low[2],
        low_item=low[1],
    )


def _shown(cell: Figures | None) -> bool:
    return cell is not None and bool(cell.base) and cell.satisfied_percent is not None
