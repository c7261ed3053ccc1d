"""Values, intervals and differences of named measures as people read them.

Stage: charts. Measures have two decimals, as offices write indexes; percentages differ by percentage points.
"""

from __future__ import annotations

from survey.statistics.results import Interval
from survey.texts import Texts


def value_text(value: float | None, unit: str, t: Texts) -> str:
    """``83,94%``, or ``7,42`` for points; an en dash for None."""
    return "–" if value is None else t.number(value, 2) + ("%" if unit == "percent" else "")


def interval_text(interval: Interval | None, t: Texts) -> str:
    """``79,44–95,82``; empty when there is none."""
    return "" if interval is None else "–".join(t.number(bound, 2) for bound in interval)


def points_text(points: float, unit: str, t: Texts) -> str:
    """A difference: ``1,28 điểm phần trăm``, or ``0,40 điểm``."""
    number = t.number(points, 2)
    if unit == "percent":
        return t("{number} percentage points", number=number)
    return t("{number} points", number=number)
