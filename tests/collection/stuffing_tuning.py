"""The first honest crowds and styles of stuffing that screening was developed with. Seeded."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time, timedelta

from survey.collection.screening import Limits
from survey.definition import library
from survey.definition.questionnaire import Questionnaire
from tests.collection.stuffing_people import MONDAY, People, Sent, office_day

QUESTIONNAIRES = {name: library.load(name) for name in library.names()}


@dataclass(frozen=True)
class Case:
    """What one collector gets."""

    questionnaire: Questionnaire
    limits: Limits
    forms: list[Sent]


PRAISE = ("cán bộ", "tiếp dân", "rất", "tận tình", "chu đáo", "giải thích", "rõ ràng", "nhanh gọn", "đúng hẹn")
HOURS = (time(7, 30), time(16, 30))


def _people(rng: random.Random, name: str) -> People:
    return People(rng, QUESTIONNAIRES[name], rng.uniform(0.6, 0.9), rng.uniform(0.2, 0.6))


# Honest crowds


def hall(rng: random.Random, kind: str = "event", number: int = 200) -> Case:
    """People in a hall answer after the speech, within ten minutes."""
    people = _people(rng, "conference")
    start = MONDAY + timedelta(hours=10)
    forms = []
    for _ in range(number):
        took = next(one for _ in range(99) if (one := people.took(rng.choice((150, 200)))) < 560)
        opened = start + timedelta(seconds=rng.expovariate(1 / 60))
        forms.append(Sent(opened + timedelta(seconds=took), took, people.person()))
    return Case(people.questionnaire, Limits(kind), forms)


def hall_one_tap(rng: random.Random) -> Case:
    """The same hall asked for one tap."""
    people = _people(rng, "one-tap")
    start = MONDAY + timedelta(hours=10)
    forms = []
    for _ in range(200):
        took = people.took(6, 0.8)
        forms.append(Sent(start + timedelta(seconds=rng.uniform(0, 600)), took, people.person()))
    return Case(people.questionnaire, Limits("event"), forms)


def two_halls(rng: random.Random) -> Case:
    """A conference of two days: both mornings the hall answers, some at home in between."""
    first, second = hall(rng), hall(rng, number=250)
    people = _people(rng, "conference")
    shifted = [replace(one, at=one.at + timedelta(days=1, hours=4)) for one in second.forms]
    home = [Sent(MONDAY + timedelta(hours=rng.uniform(11, 23)), people.took(), people.person()) for _ in range(40)]
    return Case(first.questionnaire, Limits("event"), first.forms + home + shifted)


def hall_leaflet(rng: random.Random) -> Case:
    """Nobody told that the leaflet goes to a hall."""
    return hall(rng, "leaflet")


def kiosk(rng: random.Random, days: int = 3) -> Case:
    """Thirty taps an hour, a rush at ten and at four; queues tap every few seconds."""
    people = _people(rng, "one-tap")
    forms = []
    for day in range(days):
        for hour in range(8, 17):
            number = int(rng.gauss(30, 6)) * (rng.randint(2, 5) if hour in (10, 15) else 1)
            when = 0.0
            while number > 0:
                when = rng.uniform(0, 3600)
                for _ in range(min(number, 1 + int(rng.expovariate(1)))):
                    forms.append(
                        Sent(MONDAY + timedelta(days=day, hours=hour, seconds=when), rng.randint(1, 5), people.person())
                    )
                    when += rng.uniform(2.5, 9)
                    number -= 1
    return Case(people.questionnaire, Limits("kiosk", HOURS), forms)


def counter(rng: random.Random, days: int = 6, name: str = "one-stop", stated: bool = True) -> Case:
    """Twenty to a hundred a day."""
    people = _people(rng, name)
    usual = rng.randint(20, 90)
    forms = [
        one
        for day in range(days)
        for one in office_day(
            people, MONDAY + timedelta(days=day), rng.randint(usual * 3 // 4, usual * 5 // 4), people.took
        )
        if day % 7 < 5
    ]
    return Case(people.questionnaire, Limits("counter", HOURS, 100) if stated else Limits("counter"), forms)


def leaflet(rng: random.Random) -> Case:
    """Now and then one, a few after each village meeting, at any hour one is awake; long silences."""
    people = _people(rng, "one-stop-short")
    forms = []
    for day in range(30):
        if rng.random() < 0.4:
            continue
        for _ in range(rng.randint(1, 5)):
            forms.append(
                Sent(MONDAY + timedelta(days=day, hours=rng.triangular(6, 23, 19)), people.took(60), people.person())
            )
        if rng.random() < 0.15:
            at = rng.uniform(14, 20)
            for _ in range(rng.randint(4, 9)):
                when = MONDAY + timedelta(days=day, hours=at, minutes=rng.uniform(0, 60))
                forms.append(Sent(when, people.took(60), people.person()))
    return Case(people.questionnaire, Limits("leaflet"), forms)


def posted_link(rng: random.Random) -> Case:
    """A link in a Zalo group: hundreds in an evening, then fewer each day."""
    people = _people(rng, "online")
    forms = []
    for post in (0, 9):
        for _ in range(rng.randint(150, 300)):
            hours = 19 + rng.expovariate(1 / (8 if rng.random() < 0.6 else 40))
            when = MONDAY + timedelta(days=post, hours=hours)
            if when.hour < 6:
                when += timedelta(hours=rng.uniform(6, 9))
            forms.append(Sent(when, people.took(110, 0.7), people.person()))
    return Case(people.questionnaire, Limits("link"), forms)


def interviewer(rng: random.Random) -> Case:
    """One call every few minutes."""
    people = _people(rng, "one-stop")
    forms, now = [], MONDAY + timedelta(hours=8)
    for _ in range(60):
        now += timedelta(seconds=rng.uniform(120, 420))
        forms.append(Sent(now, rng.randint(60, 300), people.person()))
    return Case(people.questionnaire, Limits("interviewer"), forms)


def clerk(rng: random.Random) -> Case:
    """Paper forms keyed in at twelve keystrokes a second, in the evening."""
    people = _people(rng, "one-stop")
    forms, now = [], MONDAY + timedelta(hours=18)
    for _ in range(150):
        now += timedelta(seconds=rng.uniform(5, 9))
        forms.append(Sent(now, 4, people.person()))
    return Case(people.questionnaire, Limits("paper", HOURS), forms)


def elderly(rng: random.Random) -> Case:
    """Slow people, and forms that were left open for hours before they were sent."""
    case = counter(rng)
    forms = [
        replace(one, seconds=int(one.seconds or 0) * rng.choice((3, 6)) + rng.choice((0, 0, 9000, 40000)))
        for one in case.forms
    ]
    return replace(case, forms=forms)


HONEST: dict[str, Callable[[random.Random], Case]] = {
    one.__name__: one
    for one in (
        hall, hall_one_tap, two_halls, hall_leaflet, kiosk, counter, leaflet, posted_link, interviewer, clerk, elderly,
    )
}  # fmt: skip


# Styles of stuffing, each on top of an honest crowd


def _onto(case: Case, stuffing: list[Sent]) -> Case:
    return replace(case, forms=case.forms + [replace(one, stuffed=True) for one in stuffing])


def _start(rng: random.Random, day: int = 4) -> timedelta:
    return timedelta(days=day, hours=rng.uniform(8.5, 14))


def _every(rng: random.Random, start: timedelta, number: int, low: float, high: float) -> list[timedelta]:
    out = []
    for _ in range(number):
        start += timedelta(seconds=rng.uniform(low, high))
        out.append(start)
    return out


def script_same(rng: random.Random) -> Case:
    """A script sends the same answers as fast as it can."""
    case = counter(rng)
    same = People(rng, case.questionnaire).best()
    return _onto(case, [Sent(MONDAY + at, 1, same) for at in _every(rng, _start(rng), 150, 0.5, 2)])


def script_random(rng: random.Random) -> Case:
    """A script draws each answer by lot and is not in a hurry to look honest."""
    case = counter(rng)
    people = People(rng, case.questionnaire)
    return _onto(
        case, [Sent(MONDAY + at, rng.randint(20, 60), people.random()) for at in _every(rng, _start(rng), 120, 3, 12)]
    )


def best_varied(rng: random.Random) -> Case:
    """All best with one rating varied."""
    case = counter(rng, stated=False)
    people = People(rng, case.questionnaire)
    return _onto(
        case,
        [
            Sent(MONDAY + at, rng.randint(40, 120), people.varied(people.best()))
            for at in _every(rng, _start(rng), 80, 30, 240)
        ],
    )


def one_phone(rng: random.Random) -> Case:
    """One person, one phone, the best answers every 20 to 60 seconds for an hour."""
    case = counter(rng, stated=False)
    people = People(rng, case.questionnaire)
    forms, now = [], _start(rng)
    for _ in range(90):
        took = rng.randint(18, 56)
        now += timedelta(seconds=took + rng.uniform(1, 4))
        forms.append(Sent(MONDAY + now, took, people.best()))
    return _onto(case, forms)


def parallel(rng: random.Random) -> Case:
    """Many connections at once, plausible answers."""
    case = counter(rng)
    people = _people(rng, "one-stop")
    start = _start(rng)
    forms = []
    for _ in range(100):
        took = people.took(90)
        at = MONDAY + start + timedelta(seconds=took + rng.uniform(0, 5))
        forms.append(Sent(at, took, people.person()))
    return _onto(case, forms)


def prefetched(rng: random.Random) -> Case:
    """Pages fetched together, sent over two hours with plausible answers."""
    case = counter(rng)
    people = _people(rng, "one-stop")
    start = _start(rng)
    forms = []
    for _ in range(80):
        took = int(rng.uniform(60, 7200))
        forms.append(Sent(MONDAY + start + timedelta(seconds=took + rng.uniform(0, 20)), took, people.person()))
    return _onto(case, forms)


def jittered(rng: random.Random) -> Case:
    """Answers as honest people give them, times as honest people take them, only too many of them."""
    case = counter(rng)
    people = _people(rng, "one-stop")
    times = _every(rng, _start(rng), 150, 5, 60)
    return _onto(case, [Sent(MONDAY + at, people.took(), people.person()) for at in times])


def night(rng: random.Random) -> Case:
    """A trickle while everybody sleeps, into a leaflet that has no opening hours."""
    case = posted_link(rng)
    people = _people(rng, "online")
    times = _every(rng, timedelta(days=6, hours=24.5), 40, 200, 700)
    return _onto(case, [Sent(MONDAY + at, people.took(), people.person()) for at in times])


def night_counter(rng: random.Random) -> Case:
    """The same at a counter whose hours nobody stated."""
    case = counter(rng, stated=False)
    people = _people(rng, "one-stop")
    times = _every(rng, timedelta(days=3, hours=23), 40, 200, 900)
    return _onto(case, [Sent(MONDAY + at, people.took(), people.person()) for at in times])


def copied_comments(rng: random.Random) -> Case:
    """Different answers, three comments."""
    case = counter(rng, stated=False)
    people = _people(rng, "one-stop")
    texts = [" ".join(rng.choices(PRAISE, k=12)) for _ in range(3)]
    forms = []
    for at in _every(rng, _start(rng), 40, 60, 500):
        text = rng.choice(texts)
        text = rng.choice((text, text.upper(), text + "!", text.replace(" ", "  ")))
        forms.append(Sent(MONDAY + at, people.took(), people.person() | {"M2": [text]}))
    return _onto(case, forms)


def hammered_kiosk(rng: random.Random) -> Case:
    """One button, again and again, for two minutes."""
    case = kiosk(rng, days=rng.randint(1, 3))
    day = (case.forms[-1].at - MONDAY).days
    times = _every(rng, timedelta(days=day, hours=rng.uniform(11, 15)), 60, 1, 3)
    return _onto(case, [Sent(MONDAY + at, 1, {"T0": ["1"]}) for at in times])


def drip(rng: random.Random) -> Case:
    """The best answers every few minutes among an honest crowd, all day."""
    case = counter(rng, stated=False)
    people = People(rng, case.questionnaire)
    times = _every(rng, timedelta(days=3, hours=7.6), 50, 200, 900)
    return _onto(case, [Sent(MONDAY + at, people.took(), people.best()) for at in times])


def drip_varied(rng: random.Random) -> Case:
    """The same, one rating varied, other particulars each time."""
    case = counter(rng, stated=False)
    people = _people(rng, "one-stop")
    times = _every(rng, timedelta(days=3, hours=7.6), 60, 100, 500)
    return _onto(case, [Sent(MONDAY + at, people.took(), people.others(people.varied(people.best()))) for at in times])


def hall_stuffed(rng: random.Random) -> Case:
    """A script of all best answers behind the people in a hall."""
    case = hall(rng)
    people = People(rng, case.questionnaire)
    times = _every(rng, timedelta(hours=10, minutes=2), 120, 1, 5)
    return _onto(case, [Sent(MONDAY + at, rng.randint(60, 200), people.best()) for at in times])


STUFFED: dict[str, Callable[[random.Random], Case]] = {
    one.__name__: one
    for one in (
        script_same, script_random, best_varied, one_phone, parallel, prefetched, jittered, night, night_counter,
        copied_comments, hammered_kiosk, drip, drip_varied, hall_stuffed,
    )
}  # fmt: skip
