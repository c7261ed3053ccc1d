"""Whether two figures differ: the difference with its interval, a test, and the correction for making many. Pure.

Percentages run from 0 to 100. Nothing is rounded and nothing is hidden here.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import erfc, sqrt

from survey.definition.variables import Form
from survey.statistics.proportions import Z, wilson
from survey.statistics.results import Breakdown, Comparison, Difference, GroupFigures, Interval, QuestionResult

LEVEL = 0.05
"""Two figures are shown to differ when the corrected probability is below this."""

MOST_GROUPS = 12
"""Groups of a breakdown compared pair by pair: 66 pairs. A table of more is for looking up, not for comparing."""


def newcombe(first: tuple[int, int], second: tuple[int, int]) -> Interval:
    """95 % interval of the difference of two shares in percentage points; each is (hits, base) with a base above zero.
    Source: Newcombe 1998, method 10: the reaches of the two Wilson intervals, squared and added."""
    ends = [wilson(hits, base) or (0.0, 100.0) for hits, base in (first, second)]
    values = [100.0 * hits / base for hits, base in (first, second)]
    return square_and_add(values[0], ends[0], values[1], ends[1])


def square_and_add(first: float, around: Interval, second: float, beside: Interval) -> Interval:
    """95 % interval of ``first − second`` from the interval of each, for two groups of different people.
    Source: Zou and Donner 2008; for shares it is Newcombe's."""
    points = first - second
    low = points - sqrt((first - around[0]) ** 2 + (beside[1] - second) ** 2)
    high = points + sqrt((around[1] - first) ** 2 + (second - beside[0]) ** 2)
    return low, high


def score_test(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Two-sided probability of a difference at least as large when the two shares are equal; 1 where all agree.
    Source: the chi-squared test with N − 1 in the place of N (Campbell 2007), each side (hits, base)."""
    (a, n), (b, m) = first, second
    total, hits = n + m, a + b
    if hits in (0, total):
        return 1.0
    squared = (total - 1) * (a * m - b * n) ** 2 / (n * m * hits * (total - hits))
    return erfc(sqrt(squared / 2))


def of_estimates(first: float, around: Interval, second: float, beside: Interval) -> tuple[Interval, float]:
    """The interval of ``first − second`` and the probability that belongs to it, from two estimates of different people
    with their 95 % intervals. The reach of the interval towards zero stands for 1.96 standard errors, so that the
    probability is below 5 % just where the interval leaves zero out."""
    low, high = square_and_add(first, around, second, beside)
    points = first - second
    if not points:
        return (low, high), 1.0
    reach = points - low if points > 0 else high - points
    return (low, high), erfc(Z * abs(points) / reach / sqrt(2)) if reach > 0 else 0.0


def holm(found: Sequence[float]) -> tuple[float, ...]:
    """Probabilities of tests that stand together, corrected so that even one false finding among them has at most the
    stated probability. Source: Holm 1979."""
    order = sorted(range(len(found)), key=lambda place: found[place])
    out, worst = [1.0] * len(found), 0.0
    for rank, place in enumerate(order):
        worst = max(worst, min(1.0, (len(found) - rank) * found[place]))
        out[place] = worst
    return tuple(out)


def compare(breakdowns: Sequence[Breakdown], questions: Sequence[QuestionResult]) -> tuple[Comparison, ...]:
    """Every two groups that ``breakdowns`` show, by their satisfied shares; all pairs of all of them stand together for
    the correction. No breakdown may have groups that share people; one of more than ``MOST_GROUPS`` is not compared,
    and what is not shown is not looked at."""
    scales = {one.key for one in questions if one.form is Form.SCALE}
    pairs: list[tuple[Breakdown, GroupFigures, GroupFigures]] = []
    for breakdown in breakdowns:
        groups = [one for one in breakdown.groups if breakdown.key in scales and _share(one) is not None]
        if len(groups) <= MOST_GROUPS:
            pairs += [(breakdown, one, other) for one, other in combinations(groups, 2)]
    tested = [(_share(one) or (0, 1), _share(other) or (0, 1)) for _, one, other in pairs]
    chances = [score_test(*both) for both in tested]
    found: dict[tuple[str, str], list[Difference]] = {}
    for (breakdown, one, other), both, p, adjusted in zip(pairs, tested, chances, holm(chances), strict=True):
        (a, n), (b, m) = both
        found.setdefault((breakdown.key, breakdown.by), []).append(
            Difference(
                first=one.codes,
                second=other.codes,
                points=100.0 * a / n - 100.0 * b / m,
                interval=newcombe(*both),
                p=p,
                p_adjusted=adjusted,
                shown=adjusted < LEVEL,
            )
        )
    return tuple(Comparison(key, by, tuple(differences)) for (key, by), differences in found.items())


def _share(group: GroupFigures) -> tuple[int, int] | None:
    figures = group.figures
    return (figures.satisfied, figures.base) if figures.base and figures.satisfied is not None else None
