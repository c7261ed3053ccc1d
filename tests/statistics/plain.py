"""Every formula of docs/methodology.md once more, in plain Python over lists of people, for comparison.

It shares nothing with the product: no module of ``survey``, no arrays, one person at a time. Answers are dicts of key →
code; a key that is not there was not asked, an empty code was left blank.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

Person = Mapping[str, str]
Interval = tuple[float, float]

Z = 1.959963984540054


@cache
def t_point(freedom: int) -> float:
    """Two-sided 95 % point of Student's t, by halving, from the incomplete beta function."""
    low, high = 0.0, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        outside = _beta(freedom / (freedom + middle * middle), freedom / 2, 0.5)
        low, high = (middle, high) if outside > 0.05 else (low, middle)
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta function by its continued fraction."""
    if x in (0.0, 1.0):
        return x
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)) / a
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    out = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d)
            c = 1 + term / c
            out *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return front * out


def wilson(hits: int, n: int, population: int | None = None) -> Interval | None:
    if n == 0 or population == n:
        return None
    m = float(n)
    if population is not None and population > n:
        m = n * (population - 1) / (population - n)
    p = hits / n
    centre = p + Z * Z / (2 * m)
    reach = Z * math.sqrt(p * (1 - p) / m + Z * Z / (4 * m * m))
    scale = 1 + Z * Z / m
    return 100 * max(0.0, (centre - reach) / scale), 100 * min(1.0, (centre + reach) / scale)


def mean_interval(scores: Sequence[float], ends: Interval, population: int | None = None) -> Interval | None:
    n = len(scores)
    if n < 2 or population == n or len(set(scores)) < 2:
        return None
    middle = sum(scores) / n
    variance = sum((one - middle) ** 2 for one in scores) / (n - 1)
    left = 1 - n / population if population is not None and population > n else 1.0
    reach = t_point(n - 1) * math.sqrt(variance / n * left)
    return max(ends[0], middle - reach), min(ends[1], middle + reach)


def sample_size(population: int) -> int:
    return -(-population * 400 // (400 + population))


def newcombe(a: int, n: int, b: int, m: int) -> Interval:
    (l1, u1), (l2, u2) = wilson(a, n) or (0, 100), wilson(b, m) or (0, 100)
    p, q = 100 * a / n, 100 * b / m
    return p - q - math.hypot(p - l1, u2 - q), p - q + math.hypot(u1 - p, q - l2)


def equal_shares(a: int, n: int, b: int, m: int) -> float:
    """Probability of the chi-squared test with N − 1, from expected counts."""
    total, hits = n + m, a + b
    if hits in (0, total):
        return 1.0
    squared = 0.0
    for size, got in ((n, a), (m, b)):
        for expected, seen in ((size * hits / total, got), (size * (total - hits) / total, size - got)):
            squared += (seen - expected) ** 2 / expected
    return math.erfc(math.sqrt(squared * (total - 1) / total / 2))


def holm(chances: Sequence[float]) -> list[float]:
    """By the definition: the largest of all corrected probabilities up to this one in order."""
    order = sorted(chances)
    steps = [min(1.0, (len(order) - rank) * one) for rank, one in enumerate(order)]
    return [max(steps[: order.index(one) + 1]) for one in chances]


def alpha(rows: Sequence[Sequence[int]]) -> float | None:
    k, n = len(rows[0]) if rows else 0, len(rows)
    sums = [sum(row) for row in rows]
    if k < 2 or n < 2 or len(set(sums)) < 2:
        return None

    def variance(values: Sequence[float]) -> float:
        middle = sum(values) / n
        return sum((one - middle) ** 2 for one in values) / (n - 1)

    return k / (k - 1) * (1 - sum(variance([row[item] for row in rows]) for item in range(k)) / variance(sums))


def correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    n = len(x)
    if len(set(x)) < 2 or len(set(y)) < 2:
        return None
    mx, my = sum(x) / n, sum(y) / n
    both = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    return both / math.sqrt(sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y))


def fisher(r: float, n: int) -> Interval | None:
    if n < 4 or abs(r) >= 1:
        return None
    middle, reach = 0.5 * math.log((1 + r) / (1 - r)), Z / math.sqrt(n - 3)
    low, high = (math.exp(2 * end) for end in (middle - reach, middle + reach))
    return (low - 1) / (low + 1), (high - 1) / (high + 1)


def group_of(person: Person, key: str, groups: Mapping[str, str]) -> str:
    return groups.get(person.get(key, ""), "")


def person_weights(
    people: Sequence[Person], margins: Mapping[str, Mapping[str, str]], frame: Mapping[str, Mapping[str, float]]
) -> list[float] | None:
    """Raking person by person. ``margins``: key → code → group; ``frame``: key → group → people. None: no weights."""
    weights = [1.0] * len(people)
    for _ in range(3000):
        worst = 0.0
        for key, groups in margins.items():
            now = dict.fromkeys(frame[key], 0.0)
            for person, weight in zip(people, weights, strict=True):
                if group := group_of(person, key, groups):
                    now[group] += weight
            if not all(now.values()):
                return None
            whole, wanted = sum(now.values()), sum(frame[key].values())
            factor = {group: frame[key][group] / wanted * whole / now[group] for group in now}
            worst = max(worst, *(abs(one - 1) for one in factor.values()))
            weights = [
                weight * factor.get(group_of(person, key, groups), 1.0)
                for person, weight in zip(people, weights, strict=True)
            ]
        if worst < 1e-13 or len(margins) == 1:
            scale = len(people) / sum(weights)
            return [one * scale for one in weights]
    return None


def kish(weights: Sequence[float]) -> float:
    return len(weights) * sum(one * one for one in weights) / sum(weights) ** 2


def index(
    people: Sequence[Person],
    factors: Sequence[tuple[float, Sequence[str]]],
    worth: Mapping[str, Mapping[str, float]],
    rule: str,
    ends: Interval,
    *,
    weights: Sequence[float] | None = None,
    population: int | None = None,
) -> tuple[float | None, Interval | None, int]:
    """Value, interval by respondent and people of an index. ``worth``: item → code → value of an answer, for the items
    that enter; ``factors`` may name others."""
    w = list(weights) if weights is not None else [1.0] * len(people)
    entering = [(weight, [item for item in items if item in worth]) for weight, items in factors]
    entering = [(weight, items) for weight, items in entering if items]
    everything = [item for _, items in entering for item in items]
    if not everything:
        return None, None, 0

    def given(item: str) -> list[tuple[int, float]]:
        return [(row, worth[item][one[item]]) for row, one in enumerate(people) if one.get(item) in worth[item]]

    answers = {item: given(item) for item in everything}
    bases = {item: sum(w[row] for row, _ in answers[item]) for item in everything}
    values = {item: sum(w[row] * x for row, x in answers[item]) / bases[item] for item in everything}
    if rule == "mean_of_factors":
        whole = sum(weight for weight, _ in entering)
        part = {item: weight / whole / len(items) for weight, items in entering for item in items}
    elif rule == "mean_of_items":
        part = dict.fromkeys(everything, 1 / len(everything))
    else:
        part = {item: bases[item] / sum(bases.values()) for item in everything}
    value = sum(part[item] * values[item] for item in everything)
    moved: dict[int, float] = {}
    for item in everything:
        middle = value if rule == "pooled_answers" else values[item]
        for row, x in answers[item]:
            moved[row] = moved.get(row, 0.0) + part[item] / bases[item] * (x - middle)
    n = len(moved)
    spread = sum((w[row] * one) ** 2 for row, one in moved.items())
    if n < 2 or population == n or spread < 1e-20:
        return value, None, n
    left = 1 - n / population if population is not None and population > n else 1.0
    reach = t_point(n - 1) * math.sqrt(n / (n - 1) * spread * left)
    return value, (max(ends[0], value - reach), min(ends[1], value + reach)), n


def partition(
    sizes: Mapping[str, int], least: int, people: Mapping[str, int] | None = None
) -> tuple[list[str], list[str]] | None:
    """Groups shown alone, and those shown as one, which the smallest by ``people`` joins; None where nothing may be
    shown."""
    for joining in range(len(sizes) + 1 if people else 1):
        large = [one for one, size in sizes.items() if size >= least]
        joined = sorted(large, key=lambda one: people[one])[:joining] if people else []
        alone = [one for one in large if one not in joined]
        rest = [one for one in sizes if one not in alone]
        pool = sum(sizes[one] for one in rest)
        if alone and (pool == 0 or pool >= least):
            return alone, rest if pool else []
    return None


def ddci(
    means: Mapping[str, Mapping[str, float]],
    components: Sequence[tuple[float, Sequence[tuple[str, bool]]]],
    anchors: Mapping[str, Interval] | None = None,
) -> dict[str, float | None]:
    """Unit → total of its indicators' means; None where nothing has anchors."""
    out: dict[str, float | None] = {}
    for unit, mine in means.items():
        total = whole = 0.0
        for weight, indicators in components:
            points = []
            for key, negative in indicators:
                seen = [one[key] for one in means.values()]
                low, high = (min(seen), max(seen)) if anchors is None else anchors[key]
                if high > low:
                    part = (mine[key] - low) / (high - low)
                    points.append(max(1.0, min(10.0, 10 - 9 * part if negative else 1 + 9 * part)))
            if points:
                total, whole = total + weight * sum(points) / len(points), whole + weight
        out[unit] = 10 * total / whole if whole else None
    return out


def ratios(counts: Mapping[str, int]) -> dict[str, float]:
    found = {}
    if counts.get("petitions_due"):
        found["petitions_on_time"] = 100 * counts["petitions_on_time"] / counts["petitions_due"]
    if counts.get("petitions"):
        found["petitions_satisfied"] = 100 - 100 * counts["petitions_bad"] / counts["petitions"]
    if counts.get("dossiers"):
        found["dossiers_satisfied"] = 100 - 100 * counts["dossiers_bad"] / counts["dossiers"]
    return found


def blank_share(people: Iterable[Person], key: str) -> float | None:
    asked = [one[key] for one in people if key in one]
    return 100 * asked.count("") / len(asked) if asked else None


def rr1(completed: int, frame: int) -> float:
    return 100 * completed / frame
