"""Means of scale levels and their intervals by Student's t. Pure; nothing is rounded here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import atan, cos, exp, lgamma, log, log1p, pi, sin, sqrt

from survey.statistics.proportions import Z, known_population
from survey.statistics.results import Interval

SERIES_UP_TO = 200
"""Degrees of freedom up to which the exact series is summed; above, the expansion is exact to double precision."""


def mean(counts: Sequence[int]) -> float | None:
    """Mean score when ``counts[i]`` people chose the level that scores i + 1; None without people."""
    base = sum(counts)
    return sum(score * count for score, count in enumerate(counts, 1)) / base if base else None


def mean_interval(counts: Sequence[int], population: int | None = None) -> Interval | None:
    """95 % interval mean ± t(n − 1) · s / √n · √(1 − n/N), cut to the scale. None for fewer than two people, for a
    complete count, and when all agree (its width would be zero and claim certainty).
    Source: Cochran 1977, section 2.8, with the population known or taken as endless."""
    base = sum(counts)
    total = sum(score * count for score, count in enumerate(counts, 1))
    squares = sum(score * score * count for score, count in enumerate(counts, 1))
    deviations = base * squares - total * total
    if base < 2 or not deviations:
        return None
    reach = standard_reach(deviations / base, base, population)
    centre = total / base
    return None if reach is None else (max(centre - reach / base, 1.0), min(centre + reach / base, float(len(counts))))


def standard_reach(squares: float, people: int, population: int | None) -> float | None:
    """Half width of the 95 % interval of a **sum** over ``people`` whose squared deviations add up to ``squares``:
    t(n − 1) · √(n / (n − 1) · squares · (1 − n/N)). None for fewer than two people or a complete count."""
    size = known_population(people, population)
    left = 1.0 if size is None else 1.0 - people / size
    if people < 2 or left <= 0.0:
        return None
    return students_t(people - 1) * sqrt(people / (people - 1) * max(squares, 0.0) * left)


@lru_cache(maxsize=4096)
def students_t(freedom: int) -> float:
    """Two-sided 95 % point of Student's t with ``freedom`` ≥ 1 degrees of freedom.
    Source: Abramowitz and Stegun 1964, 26.7.3 and 26.7.4 (solved by Newton's method), 26.7.5 for many degrees."""
    if freedom > SERIES_UP_TO:
        return _expansion(freedom)
    # The probability is concave in t > 0, so Newton's steps from the left never overshoot.
    point = Z
    for _ in range(100):
        step = (0.95 - _within(point, freedom)) / (2 * _density(point, freedom))
        point += step
        if abs(step) < 1e-13 * point:
            break
    return point


def _within(point: float, freedom: int) -> float:
    """Probability of a value between −point and point."""
    angle = atan(point / sqrt(freedom))
    squared = cos(angle) ** 2
    term = total = (cos(angle) if freedom > 1 else 0.0) if freedom % 2 else 1.0
    for step in range(2 + freedom % 2, freedom, 2):
        term *= squared * (step - 1) / step
        total += term
    return 2 / pi * (angle + sin(angle) * total) if freedom % 2 else sin(angle) * total


def _density(point: float, freedom: int) -> float:
    scale = lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - log(freedom * pi) / 2
    return exp(scale - (freedom + 1) / 2 * log1p(point * point / freedom))


def _expansion(freedom: int) -> float:
    z, per = Z, 1 / freedom
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + per * (first + per * (second + per * (third + per * fourth)))
