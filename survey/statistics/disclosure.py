"""What may be shown without pointing at a person. Pure; the one place that knows the thresholds.

The test is on the **base**, the number of people a figure describes, never on a cell of a distribution. A breakdown is
judged together with the overall figure: whatever subtraction can make of the two has to reach the threshold as well.
Sources and wording: docs/methodology.md, "What is not shown".
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

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


class Named(Hashable, Protocol):
    """Something that groups are told apart and put in order by."""

    def __lt__(self, other: Any, /) -> bool: ...


G = TypeVar("G", bound=Named)


@dataclass(frozen=True)
class Partition(Generic[G]):
    """Groups shown on their own and groups shown as one; every other group is empty."""

    alone: tuple[G, ...]
    pooled: tuple[G, ...] = ()


def safe(base: int, least: int) -> bool:
    """Whether a set of this many people may be described: nobody, or enough."""
    return base == 0 or base >= least


def partition(
    bases: Mapping[G, int],
    least: int,
    outside: Mapping[G, int] | None = None,
    sizes: Mapping[G, int] | None = None,
) -> Partition[G] | None:
    """How groups that share out everybody are shown. Groups under ``least``, and those of whom too few are ``outside``
    the selection, are pooled. While the pool itself is too small, the smallest of the others joins it: by ``sizes``,
    how many people are in each group, so that it is the same one for every question; of equal ones the first by its
    code, so that rankings pool what breakdowns do. Without ``sizes`` none joins. None, and nothing is shown, when the
    pool is too small or no group is left to stand beside it."""
    if not any(bases.values()):
        return Partition(())
    around = outside or {}
    alone = [group for group, base in bases.items() if base >= least and safe(around.get(group, 0), least)]
    while alone:
        pooled = tuple(group for group in bases if group not in alone)
        base, left = (sum(some.get(group, 0) for group in pooled) for some in (bases, around))
        if safe(base, least) and safe(left, least):
            return Partition(tuple(alone), pooled if base else ())
        if sizes is None:
            return None
        alone.remove(min(alone, key=lambda group: (sizes.get(group, 0), group)))
    return None


def overlapping(
    bases: Mapping[G, int], whole: int, least: int, outside: Mapping[G, int], around: int
) -> Partition[G] | None:
    """Which groups of a multiple choice are shown, each by itself: those that are nobody or enough, as are the others
    of the ``whole``, those ``outside`` the selection and the others of all who are ``around`` it. What several of them
    tell together is judged elsewhere (``statistics.showing``). None, and nothing is shown, when it is no group of
    anybody."""
    alone = tuple(
        group
        for group, base in bases.items()
        if safe(base, least)
        and safe(whole - base, least)
        and safe(outside.get(group, 0), least)
        and safe(around - outside.get(group, 0), least)
    )
    return Partition(alone) if any(bases[group] for group in alone) or not any(bases.values()) else None
