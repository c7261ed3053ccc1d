"""Shares of people and how sure they are: Wilson's interval, the finite population, the size of a sample. Pure.

Percentages run from 0 to 100. Nothing is rounded and nothing is hidden here.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, sqrt
from statistics import NormalDist

from survey.statistics.results import Interval

Z = NormalDist().inv_cdf(0.975)
"""Two-sided 95 % point of the normal distribution, 1.959964…"""


def known_population(n: int, population: int | None) -> int | None:
    """The stated population if it can hold ``n`` people; fewer than answered is a wrong statement, hence unknown."""
    return population if population is not None and population >= n else None


def effective_size(n: int, population: int | None = None) -> float | None:
    """Size of the sample from an endless population that is as informative as ``n`` out of ``population``:
    n' = n (N − 1) / (N − n). None for a complete count (n = N), which has no sampling error.
    Source: variance of a share drawn without replacement, Cochran 1977, section 3.2."""
    size = known_population(n, population)
    if size is None:
        return float(n)
    return None if size == n else n * (size - 1) / (size - n)


def wilson(hits: int, base: int, population: int | None = None) -> Interval | None:
    """95 % interval of the share ``hits / base``, in percent. None without a base and for a complete count.
    Source: Wilson 1927; the effective size takes the place of n where the population is known."""
    size = effective_size(base, population) if base else None
    if size is None:
        return None
    share, spread = hits / base, Z * Z / size
    middle = (share + spread / 2) / (1 + spread)
    reach = Z / (1 + spread) * sqrt(share * (1 - share) / size + spread / (4 * size))
    low = 0.0 if hits == 0 else min(middle - reach, share)
    high = 1.0 if hits == base else max(middle + reach, share)
    return 100.0 * max(low, 0.0), 100.0 * min(high, 1.0)


def sample_size(population: int, margin: float = 0.05) -> int:
    """Answers to aim at, n = ⌈N / (1 + N e²)⌉ (Yamane 1967). ``margin`` is read as written, so 0.05 is exactly 5 %."""
    return ceil(population / (1 + population * Fraction(str(margin)) ** 2))
