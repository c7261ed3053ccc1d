"""Figures that have a name of their own: net promoter score, customer satisfaction, customer effort. Pure.

They come out of the shown counts of one scale, by the place of its levels, and are never joined with an index.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey.definition.choices import MEASURES
from survey.statistics import reasons
from survey.statistics.means import mean_interval
from survey.statistics.proportions import wilson
from survey.statistics.results import Figures, Interval, QuestionResult, Score


def nps(counts: Sequence[int], population: int | None = None) -> tuple[float | None, Interval | None]:
    """Net promoter score and its 95 % interval from the counts of the levels 0 to 10: the share of 9 and 10 minus that
    of 0 to 6, −100 to 100. The interval is Student's, of people who count −100, 0 or 100.
    Source: Reichheld 2003."""
    thirds = [sum(counts[:7]), sum(counts[7:9]), sum(counts[9:])]
    base = sum(thirds)
    found = mean_interval(thirds, population)
    ends = None if found is None else (100.0 * (found[0] - 2), 100.0 * (found[1] - 2))
    return (100.0 * (thirds[2] - thirds[0]) / base if base else None), ends


def top(counts: Sequence[int], levels: int, population: int | None = None) -> tuple[float | None, Interval | None]:
    """Share of the ``levels`` highest levels in percent, with Wilson's interval."""
    base, hits = sum(counts), sum(counts[-levels:])
    return (100.0 * hits / base if base else None), wilson(hits, base, population)


def scores(questions: Sequence[QuestionResult], population: int | None = None) -> tuple[Score, ...]:
    """One for each question whose scale carries a measure, from what is shown of it. CSAT: the two top levels of five;
    CES: the three top levels of seven (5 and more)."""
    return tuple(
        _score(one.key, one.choices.measure, one.figures, population)
        for one in questions
        if one.choices is not None and one.choices.measure in MEASURES
    )


def _score(key: str, measure: str, figures: Figures, population: int | None) -> Score:
    counts = list(figures.counts.values()) if figures.counts is not None else []
    if len(counts) != MEASURES[measure]:
        return Score(key, measure, None, None, None, figures.suppressed or reasons.TOO_FEW)
    found = nps(counts, population) if measure == "nps" else top(counts, 2 if measure == "csat" else 3, population)
    return Score(key, measure, *found, figures.base)
