"""How surprising a count is. Closed forms and bounds that cost a microsecond. Pure."""

from __future__ import annotations

from functools import lru_cache
from math import exp, log


def share_surprise(count: float, of: float, share: float) -> float:
    """Chernoff's bound, as −ln of the probability that ``count`` or more of ``of`` people do what each does with
    probability ``share``. 0 when there are no more than expected."""
    if of <= 0 or count <= of * share:
        return 0.0
    share = min(max(share, 1e-12), 1 - 1e-12)
    rest = of - count
    return count * log(count / (of * share)) + (rest * log(rest / (of * (1 - share))) if rest > 0 else 0.0)


def count_surprise(count: float, expected: float) -> float:
    """The same for a count that Poisson's law expects to be ``expected``."""
    if count <= expected:
        return 0.0
    return count * log(count / max(expected, 1e-12)) - (count - expected)


@lru_cache(maxsize=4096)
def least_expected(count: int, shape: float, level: float) -> float:
    """The largest expectation under which ``count`` or more arrivals still have a probability below ``level``, when
    arrivals are Poisson at a rate that itself varies as a gamma variable of this ``shape`` does (negative binomial: the
    variance is m + m²/shape)."""
    low, high = 0.0, float(count)
    for _ in range(40):
        middle = (low + high) / 2
        if _tail(count, middle, shape) < level:
            low = middle
        else:
            high = middle
    return low


def _tail(count: int, expected: float, shape: float) -> float:
    ratio = expected / (shape + expected)
    term = exp(shape * log(shape / (shape + expected)))
    below = 0.0
    for number in range(count):
        below += term
        term *= (number + shape) / (number + 1) * ratio
    return 1 - below
