"""What may be shown without pointing at a person. Pure; the one place that knows the thresholds.

The test is on the **base**, the number of people a figure describes, never on a cell of a distribution. A breakdown is
judged together with the overall figure: whatever subtraction can make of the two has to reach the threshold as well.
Sources and wording: docs/methodology.md, "What is not shown".
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

INSIDE = 5
PUBLISHED = 10
SENSITIVE = 10
DETAILED = 30


@dataclass(frozen=True)
class Limits:
    """Smallest bases. ``whole`` for figures over everybody, ``group`` for parts (groups, filters), ``sensitive`` for
    sensitive variables anywhere; below ``detailed`` a part shows its satisfied share only."""

    whole: int = INSIDE
    group: int = PUBLISHED
    sensitive: int = SENSITIVE
    detailed: int = DETAILED

    def least(self, *, part: bool, sensitive: bool) -> int:
        """The smallest base of a figure over everybody or over a ``part``."""
        floor = self.group if part else self.whole
        return max(floor, self.sensitive) if sensitive else floor


UNLIMITED = Limits(0, 0, 0, 0)
"""The operator's raw view."""


G = TypeVar("G", bound=Hashable)


@dataclass(frozen=True)
class Partition(Generic[G]):
    """Groups shown on their own and groups shown as one; every other group is empty."""

    alone: tuple[G, ...]
    pooled: tuple[G, ...] = ()


def safe(base: int, least: int) -> bool:
    """Whether a set of this many people may be described: nobody, or enough."""
    return base == 0 or base >= least


def partition(bases: Mapping[G, int], least: int, outside: Mapping[G, int] | None = None) -> Partition[G] | None:
    """How groups that share out everybody are shown. Groups under ``least`` are pooled; None, and nothing is shown,
    when the pool itself stays under it or no group is left to stand beside it, or when those of a shown group who are
    ``outside`` the selection are too few."""
    alone = tuple(group for group, base in bases.items() if base >= least)
    small = tuple(group for group in bases if group not in alone)
    pool = sum(bases[group] for group in small)
    around = outside or {}
    left = [*(around.get(group, 0) for group in alone), sum(around.get(group, 0) for group in small)]
    if not any(bases.values()):
        return Partition(())
    if not alone or not all(safe(base, least) for base in (pool, *left)):
        return None
    return Partition(alone, small if pool else ())


def overlapping(ticked: Sequence[int], apart: Sequence[int], whole: int, most: int, least: int) -> bool:
    """Whether the overlapping groups of a multiple choice may be shown: all or nothing. ``ticked`` counts, of the
    ``whole``, those who ticked each code; ``apart`` are groups without a common member: exclusive codes, and whoever
    ticked nothing. ``most`` codes may be ticked (0: any number).

    All that sums and differences make of them has to be nobody or enough: each group; of those who may tick several,
    the ones who left a code out; and the ticks beyond the first, which for two ticks at most count people exactly."""
    several = whole - sum(apart)
    beyond = sum(ticked) - several
    left = [several - base for base in ticked] + ([several - beyond] if most == 2 else [])
    return all(safe(base, least) for base in (*ticked, *apart, *left, beyond))
