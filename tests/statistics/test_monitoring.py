"""The p-chart against hand-worked limits, and weeks joined so that no person can be separated by months either."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from survey.definition.text import Text
from survey.statistics import disclosure, reasons
from survey.statistics.monitoring import TOO_SHORT, Day, monitoring, stretches

NAME = Text.of(vi="Hài lòng")
MONDAY = date(2026, 11, 2)


def weeks(*counts: tuple[int, int]) -> list[Day]:
    """Base and satisfied of consecutive weeks, each on its Tuesday."""
    return [Day(MONDAY + timedelta(days=1, weeks=n), base, hits) for n, (base, hits) in enumerate(counts)]


def test_limits_are_three_sigma_around_the_common_share() -> None:
    # p̄ = 160/200 = 0.8; n = 100: 0.8 ± 3·√(0.16/100) = 0.68 and 0.92; n = 25: 0.56 and 1 (cut from 1.04)
    found = monitoring("Q", NAME, weeks((100, 85), (75, 65), (25, 10)))
    assert found.centre == pytest.approx(80)
    assert [(one.low, one.high) for one in found.points][::2] == [
        (pytest.approx(68), pytest.approx(92)),
        (pytest.approx(56), pytest.approx(100)),
    ]
    assert [one.outside for one in found.points] == [False, False, True], "10 of 25 = 40 %"
    assert [one.share for one in found.points] == [pytest.approx(v) for v in (85, 100 * 65 / 75, 40)]
    assert found.points[0].label == "02/11–08/11/2026"


def test_a_week_with_too_few_people_is_joined_to_the_next_and_the_last_to_the_one_before() -> None:
    found = stretches(weeks((9, 3), (1, 1), (30, 20), (4, 2)), 10)
    assert [(one.base, one.satisfied) for one in found] == [(10, 4), (34, 22)]
    assert (found[0].first, found[0].last) == (MONDAY, MONDAY + timedelta(days=13))


def test_what_is_too_little_shows_nothing() -> None:
    assert monitoring("Q", NAME, []).suppressed == reasons.NOBODY
    assert monitoring("Q", NAME, weeks((9, 3))).suppressed == reasons.TOO_FEW
    assert monitoring("Q", NAME, weeks((19, 3), (40, 3))).suppressed == ""
    assert monitoring("Q", NAME, weeks((9, 3), (33, 3))).suppressed == TOO_SHORT
    assert monitoring("Q", NAME, weeks((9, 3), (33, 3))).points == ()


def crossings(days: list[Day], joined: bool, until: date = date.max) -> list[int]:
    """People in each stretch and month together, where months are shown on their own, and those of the month in no
    stretch at all."""
    months: dict[str, int] = {}
    for day in days:
        months[f"{day.on:%Y-%m}"] = months.get(f"{day.on:%Y-%m}", 0) + day.base
    parts = disclosure.partition(months, 10)
    if parts is None:
        return []
    if joined:
        groups = [(one.first, one.last) for one in stretches(days, 10, until)]
    else:
        mondays = {day.on - timedelta(days=day.on.weekday()) for day in days}
        groups = [(monday, monday + timedelta(days=6)) for monday in mondays]
    cells = {
        (span, month): sum(day.base for day in days if span[0] <= day.on <= span[1] and f"{day.on:%Y-%m}" == month)
        for span in groups
        for month in parts.alone
    }
    rest = [months[month] - sum(cells[(span, month)] for span in groups) for month in parts.alone]
    return [*cells.values(), *rest]


def random_days(seed: int) -> list[Day]:
    chance = random.Random(seed)
    busy = chance.choice([1, 4, 12])
    return [Day(date(2026, 9, 1) + timedelta(days=n), chance.randint(0, busy), 0) for n in range(chance.randint(1, 90))]


@pytest.mark.parametrize("seed", range(100))
def test_no_week_and_month_together_tell_of_fewer_than_ten(seed: int) -> None:
    days = random_days(seed)
    for until in (date.max, date(2026, 10, 14), days[-1].on):
        assert all(size == 0 or size >= 10 for size in crossings(days, True, until))
        shown = stretches(days, 10, until)
        assert all(one.base >= 10 and one.last < until for one in shown)
        left = sum(day.base for day in days) - sum(one.base for one in shown)
        assert left == 0 or left >= 10 or not shown


def test_plain_weeks_would_tell() -> None:
    assert any(0 < size < 10 for seed in range(100) for size in crossings(random_days(seed), False))
