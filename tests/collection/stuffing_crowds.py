"""Honest crowds that screening was developed with: answers as they reach one collector. Seeded; no detector here.

Each crowd is one an office meets: a hall after an announcement, a counter with its rush hours, a leaflet with long
silences. They hold what looks suspicious and is not: whole halls that give the same tap, days three times as busy as
any before, forms left open for days, phones handed on, a few answers sent from home after the office has closed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.collection.stuffing_offices import Answers, Office, canonical, real_rows

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = (time(7, 0), time(17, 0))


@dataclass(frozen=True, slots=True)
class Event:
    """``seconds``: since the page was made, None where the page's token no longer vouches for it."""

    at: datetime
    seconds: int | None
    answers: Answers
    stuffed: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """What reaches one collector, in order of arrival. ``instrument`` names the questionnaire."""

    instrument: str
    kind: str
    hours: tuple[time, time] | None
    budget: int | None
    events: tuple[Event, ...]


def stream(
    instrument: str, kind: str, hours: tuple[time, time] | None, budget: int | None, events: Iterable[Event]
) -> Stream:
    """The events in order of arrival."""
    return Stream(instrument, kind, hours, budget, tuple(sorted(events, key=lambda event: event.at)))


def moment(day: date, hour: float) -> datetime:
    """``hour`` of the office's ``day``, as UTC."""
    return (datetime.combine(day, time(), ZONE) + timedelta(hours=hour)).astimezone(UTC)


def some_day(chance: random.Random) -> date:
    """A working day."""
    return date(2026, 1, 5) + timedelta(weeks=chance.randrange(50), days=chance.randrange(5))


def working_days(chance: random.Random, number: int) -> list[date]:
    """As many working days in a row."""
    first = some_day(chance)
    days = (first + timedelta(days=one) for one in range(2 * number + 4))
    return [day for day in days if day.weekday() < 5][:number]


def guess(chance: random.Random, number: float) -> int | None:
    """What the office wrote down as its busy day; many write nothing."""
    return None if chance.random() < 0.4 else max(10, round(number * chance.uniform(0.8, 1.5), -1))


def sent(chance: random.Random, opened: datetime, seconds: float, answers: Answers, left: float = 0.03) -> Event:
    """An answer to a page opened then. A share ``left`` comes back to it after minutes or days; one in a hundred has a
    token from before the keys were changed."""
    if chance.random() < left:
        seconds += math.exp(chance.gauss(math.log(3600), 1.4))
    known = chance.random() >= 0.01
    return Event(opened + timedelta(seconds=seconds), round(seconds) if known else None, answers)


def visit(office: Office, opened: datetime, handed_on: float = 0.04, left: float = 0.03) -> list[Event]:
    """Whoever opens the page then; a share ``handed_on`` gives the phone to the one beside them, who answers at once
    and shares the facts but not the opinion."""
    chance = office.chance
    first = office.person()
    answers = first.answers()
    events = [sent(chance, opened, first.seconds(answers), answers, left)]
    while chance.random() < handed_on and len(events) < 4:
        other = office.person()
        opened = events[-1].at + timedelta(seconds=chance.uniform(3, 20))
        answers = other.answers(same=answers)
        events.append(sent(chance, opened, other.seconds(answers), answers, 0.0))
    return events


def _visits(office: Office, openings: Iterable[datetime], **shares: float) -> list[Event]:
    return [event for opened in openings for event in visit(office, opened, **shares)]


# Conferences


def hall_events(office: Office, day: date, number: int, after: float = 2.0) -> list[Event]:
    """An announcement in the hall; phones come out over some minutes (mean ``after``, gamma)."""
    chance = office.chance
    hour = chance.uniform(9, 16)
    return _visits(office, (moment(day, hour + chance.gammavariate(2, after / 2) / 60) for _ in range(number)))


def hall(chance: random.Random) -> Stream:
    """Some 200 people within about ten minutes after an announcement."""
    number, office = chance.randrange(150, 250), Office("conference", chance)
    events = hall_events(office, some_day(chance), number)
    return stream("conference", "event", chance.choice((None, HOURS)), guess(chance, number), events)


def whole_hall(chance: random.Random) -> Stream:
    """Five hundred scan within a minute."""
    number, office = chance.randrange(300, 500), Office("conference", chance)
    events = hall_events(office, some_day(chance), number, after=0.5)
    return stream("conference", "event", None, guess(chance, number), events)


def projector(chance: random.Random) -> Stream:
    """The code stays on the screen for three quarters of an hour and is pointed at three times."""
    number, office, day, hour = chance.randrange(80, 250), Office("conference", chance), some_day(chance), 15.0
    starts = [
        hour
        + (chance.uniform(0, 0.75) if chance.random() < 0.4 else chance.choice((0, 0.25, 0.6)) + chance.expovariate(30))
        for _ in range(number)
    ]
    events = _visits(office, (moment(day, start) for start in starts))
    return stream("conference", "poster", HOURS if chance.random() < 0.3 else None, guess(chance, number), events)


def hall_one_tap(chance: random.Random) -> Stream:
    """A hall answers one tap: equal answers by the hundred within five minutes."""
    number, office = chance.randrange(150, 300), Office("one-tap", chance)
    events = hall_events(office, some_day(chance), number, after=chance.uniform(1, 4))
    return stream("one-tap", "event", None, guess(chance, number), events)


def event_day(chance: random.Random, office: Office | None = None, day: date | None = None) -> Stream:
    """A fair from eight to five: waves after each item of the programme."""
    number, office, day = chance.randrange(120, 350), office or Office("conference", chance), day or some_day(chance)
    ends = sorted(chance.uniform(8, 16.3) for _ in range(5))
    starts = [
        chance.choice(ends) + chance.expovariate(6) if chance.random() < 0.6 else chance.uniform(8, 16.5)
        for _ in range(number)
    ]
    events = _visits(office, (moment(day, min(start, 16.7)) for start in starts), handed_on=0.08)
    return stream("conference", "event", HOURS, guess(chance, number), events)


# Counters


def counter_day(office: Office, day: date, number: int) -> list[Event]:
    """Rush hours in the morning and after lunch. A few finish at home what they opened at the counter, very few open it
    there from a photograph of the code."""
    chance = office.chance
    events = []
    while len(events) < number:
        rush = chance.random() < 0.55
        if chance.random() < 0.6:
            hour = chance.gauss(8.7, 0.6) if rush else chance.uniform(7, 11.4)
        else:
            hour = chance.gauss(14.4, 0.5) if rush else chance.uniform(13.5, 16.8)
        opened = moment(day, min(max(hour, 7.02), 16.8))
        for event in visit(office, opened):
            where = chance.random()
            if where < 0.02 and event.seconds is not None:
                later = chance.uniform(1, 9) * 3600
                events.append(
                    replace(event, at=event.at + timedelta(seconds=later), seconds=event.seconds + round(later))
                )
            elif where < 0.025:
                events.append(replace(event, at=moment(day, chance.uniform(17.3, 22)) + (event.at - opened)))
            else:
                events.append(event)
    return events


def counter_days(
    chance: random.Random, office: Office, days: list[date], low: int = 20, high: int = 100
) -> tuple[list[Event], float]:
    """So many working days at the counter, Mondays busier; and the usual number of a day."""
    usual = chance.uniform(low, high)
    events: list[Event] = []
    for day in days:
        busy = (1.3 if day.weekday() == 0 else 1.0) * math.exp(chance.gauss(0, 0.25))
        events += counter_day(office, day, max(3, round(usual * busy)))
    return events, usual


def served_here(chance: random.Random, name: str = "one-stop-short") -> Office:
    """An office with a counter whose code carries the field of the procedure, where it does."""
    return Office(name, chance, {"G2": [str(chance.randrange(1, 10))]} if chance.random() < 0.5 else {})


def counter(chance: random.Random) -> Stream:
    """Ten working days of 20 to 100 answers."""
    office = served_here(chance)
    events, usual = counter_days(chance, office, working_days(chance, 10))
    return stream(office.name, "counter", HOURS, guess(chance, usual), events)


def deadline(chance: random.Random) -> Stream:
    """A counter on the last day for renewals: two to three times its usual number, all honest."""
    office, days = served_here(chance), working_days(chance, 7)
    events, usual = counter_days(chance, office, days[:-1], 20, 60)
    events += counter_day(office, days[-1], round(usual * chance.uniform(2, 3)))
    return stream(office.name, "counter", HOURS, guess(chance, usual), events)


# Far from the office


def leaflet(chance: random.Random) -> Stream:
    """Two months of a leaflet: days of silence, now and then handed out at a market."""
    office, first = Office("online", chance), some_day(chance)
    openings = []
    for one in range(60):
        day = first + timedelta(days=one)
        for _ in range(chance.choice((0, 0, 0, 0, 1, 1, 2))):
            hour = chance.gauss(20, 2) if chance.random() < 0.5 else chance.uniform(6, 23)
            openings.append(moment(day, hour if chance.random() < 0.97 else chance.uniform(0, 5)))
        if chance.random() < 0.04:
            handed = chance.uniform(8, 16)
            openings += [moment(day, handed + chance.expovariate(1)) for _ in range(chance.randrange(6, 20))]
    return stream("online", "leaflet", None, guess(chance, 10), _visits(office, openings, left=0.1))


def link_days(chance: random.Random, office: Office, days: list[date], usual: float, left: float = 0.06) -> list[Event]:
    """A link on the office's page and in Zalo groups: evenings, and a wave whenever somebody posts it."""
    openings: list[datetime] = []
    for day in days:
        number = round(usual * math.exp(chance.gauss(0, 0.3)))
        posted = chance.uniform(7, 20)
        for _ in range(number):
            way = chance.random()
            hour = posted + chance.expovariate(0.8) if way < 0.4 else chance.gauss(20, 1.5)
            openings.append(moment(day, min(hour if way < 0.8 else chance.uniform(6, 23), 23.9)))
    return _visits(office, openings, left=left)


def open_forms(chance: random.Random) -> Stream:
    """A link whose form four in ten leave open for minutes, hours or days."""
    office, usual = Office("online", chance), chance.uniform(20, 80)
    first = some_day(chance)
    events = link_days(chance, office, [first + timedelta(days=one) for one in range(5)], usual, left=0.4)
    return stream("online", "link", None, guess(chance, usual), events)


def handed_on(chance: random.Random) -> Stream:
    """A hall of older people: every second phone goes on to the next one or two."""
    number, office, day = chance.randrange(60, 140), Office("conference", chance), some_day(chance)
    hour = chance.uniform(9, 15)
    openings = (moment(day, hour + chance.gammavariate(2, 2) / 60) for _ in range(number))
    return stream("conference", "event", HOURS, guess(chance, number * 1.8), _visits(office, openings, handed_on=0.5))


# Kiosk


def taps(office: Office, times: list[datetime]) -> list[Event]:
    """Taps at these times; one in three also says why, which takes some seconds more. The page is made anew when the
    thanks are over, so it waits as long as nobody comes."""
    chance, made, events = office.chance, times[0] - timedelta(minutes=5), list[Event]()
    for at in sorted(times):
        answers = office.person().answers()
        if chance.random() < 0.65:
            answers = canonical("one-tap", {"T0": [str(answers["T0"])]})
        at = max(at, made + timedelta(seconds=chance.uniform(1.5, 6)))
        if any(value for key, value in answers.items() if key != "T0"):
            at += timedelta(seconds=chance.uniform(2, 9))
        events.append(Event(at, round((at - made).total_seconds()), answers))
        made = at + timedelta(seconds=chance.uniform(1, 3))
    return events


def kiosk_days(chance: random.Random, office: Office, days: list[date]) -> tuple[list[Event], float]:
    """People leave in groups: rushes of 5 to 40 taps a few seconds apart, and single ones between."""
    usual, events = chance.uniform(80, 250), []
    for day in days:
        times: list[datetime] = []
        while len(times) < usual:
            hour = chance.choice((chance.gauss(9.3, 0.8), chance.uniform(7.1, 11.4), chance.gauss(15, 0.8)))
            start = moment(day, min(max(hour, 7.05), 16.7))
            people = chance.randrange(5, 40) if chance.random() < 0.12 else chance.choice((1, 1, 1, 2, 3))
            for _ in range(people):
                times.append(start)
                start += timedelta(seconds=4 + chance.expovariate(1 / 7))
        events += taps(office, times)
    return events, usual


def kiosk(chance: random.Random) -> Stream:
    """A week of a screen at the way out."""
    office = Office("one-tap", chance)
    events, usual = kiosk_days(chance, office, working_days(chance, 5))
    return stream("one-tap", "kiosk", HOURS, guess(chance, usual), events)


# Real answers


def lecture_hall(chance: random.Random) -> Stream:
    """The ratings that students of one department really gave to lectures of one kind, as if at the end of one."""
    rows = real_rows("lecture_ratings")
    like = chance.choice(rows)
    same = [row for row in rows if (row["dept"], row["service"]) == (like["dept"], like["service"])]
    return _real(chance, "lecture_ratings", chance.choices(same, k=chance.randrange(60, 220)))


def tenants(chance: random.Random) -> Stream:
    """Tenants of Copenhagen with their real answers, at a meeting."""
    return _real(chance, "housing", chance.sample(real_rows("housing"), chance.randrange(60, 220)))


def _real(chance: random.Random, name: str, rows: list[dict[str, str]]) -> Stream:
    day, hour, events = some_day(chance), chance.uniform(9, 16), []
    for row in rows:
        answers = canonical(name, {key: [value] for key, value in row.items()})
        pace = math.exp(chance.gauss(math.log(4), 0.4))
        seconds = chance.uniform(2, 15) + sum(pace * math.exp(chance.gauss(0, 0.5)) for _ in answers)
        events.append(sent(chance, moment(day, hour + chance.gammavariate(2, 1.5) / 60), seconds, answers))
    return stream(name, "event", None, guess(chance, len(rows)), events)


CROWDS: dict[str, Callable[[random.Random], Stream]] = {
    made.__name__: made
    for made in (
        hall, whole_hall, projector, hall_one_tap, event_day, counter, deadline, leaflet, open_forms, handed_on, kiosk,
        lecture_hall, tenants,
    )
}  # fmt: skip


def crowd(name: str, seed: int) -> Stream:
    """The honest crowd ``name``; the same seed gives the same."""
    return CROWDS[name](random.Random(f"held out, crowd {name}, {seed}"))
