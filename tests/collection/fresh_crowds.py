"""Honest crowds of the fresh proof on stuffing: what reaches one collector and when. Seeded; no detector here.

The detector was not tuned on these crowds, which were written without its thresholds. There are twelve, each after what
offices know: the hall that empties, the commune with three visitors a day, the bus that fills the waiting room.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from survey.definition.variables import Form
from tests.collection.fresh_people import Answers, Given, Place, by_key, canonical, regiven

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = (time(7, 30), time(17, 0))
OPEN = ((7.5, 11.5), (13.5, 17.0))
"""When the counter serves, in hours of the day: people rest at noon."""


@dataclass(frozen=True, slots=True)
class Event:
    """``seconds``: from the page made to the answers sent, None where its token vouches for nothing any more."""

    at: datetime
    seconds: int | None
    answers: Answers
    stuffed: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """All that reaches one collector, in order of arrival. ``instrument`` names the template."""

    instrument: str
    kind: str
    hours: tuple[time, time] | None
    budget: int | None
    events: tuple[Event, ...]


def in_order(
    place: Place, kind: str, events: Iterable[Event], budget: int | None = None, hours: bool = False
) -> Stream:
    """The events as the collector sees them."""
    ordered = tuple(sorted(events, key=lambda event: event.at))
    return Stream(place.name, kind, HOURS if hours else None, budget, ordered)


def moment(day: date, hour: float) -> datetime:
    """``hour`` of the office's ``day``, as UTC."""
    return (datetime.combine(day, time(), ZONE) + timedelta(hours=hour)).astimezone(UTC)


def days_from(chance: random.Random, number: int) -> list[date]:
    """So many working days in a row, somewhere in two years."""
    day = date(2027, 2, 15) + timedelta(days=chance.randrange(700))
    days: list[date] = []
    while len(days) < number:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def poisson(chance: random.Random, mean: float) -> int:
    """How many come where ``mean`` are usual."""
    number, passed = 0, chance.expovariate(1)
    while passed < mean:
        number += 1
        passed += chance.expovariate(1)
    return number


def written_down(chance: random.Random, busy: float) -> int | None:
    """The busy day as the office set it: half set nothing, the others are right within a third or so."""
    return None if chance.random() < 0.5 else max(5, round(busy * chance.lognormvariate(0.1, 0.3)))


def event(opened: datetime, seconds: float, answers: Answers, chance: random.Random, stuffed: bool = False) -> Event:
    """An answer sent so long after its page was made. One page in two hundred outlived the key of its token."""
    vouched = chance.random() >= 0.005
    return Event(opened + timedelta(seconds=seconds), round(seconds) if vouched else None, answers, stuffed)


def one(place: Place, opened: datetime) -> Event:
    """Somebody opens the page then and answers."""
    visitor = place.visitor()
    answers = visitor.answers()
    return event(opened, visitor.seconds(answers), answers, place.chance)


def served(chance: random.Random, peaks: tuple[tuple[float, float, float], ...] = ()) -> float:
    """The hour at which a visitor is done: one of the ``peaks`` (hour, width, share) or any time the counter serves."""
    while True:
        hour, left = chance.uniform(7.5, 17.0), chance.random()
        for centre, width, share in peaks:
            left -= share
            if left < 0:
                hour = chance.gauss(centre, width)
                break
        if any(start <= hour <= end for start, end in OPEN):
            return hour


MORNING_AND_AFTERNOON = ((8.4, 0.5, 0.4), (14.2, 0.5, 0.3))
"""Before work and after the noon rest: 70 % of visitors within two peaks of an hour."""


def counter_day(place: Place, day: date, mean: float, home: float = 0.03) -> list[Event]:
    """A day at the counter; a share ``home`` scans the slip in the evening instead."""
    chance = place.chance
    events = []
    for _ in range(poisson(chance, mean)):
        hour = served(chance, MORNING_AND_AFTERNOON)
        if chance.random() < home:
            hour = min(23.5, chance.gauss(20, 1.2))
        events.append(one(place, moment(day, hour)))
    return events


def bus_day(place: Place, day: date) -> list[Event]:
    """A kiosk by the door; a bus every 75 to 100 minutes brings 4 to 16, who leave as they are served or all together.
    A queue at the screen: each waits for the one before."""
    chance = place.chance
    hours = [served(chance) for _ in range(poisson(chance, 10))]
    due = chance.uniform(7.7, 8.3)
    while due < 16.2:
        if not 11.2 < due < 13.5:
            # Half of the loads go back with the same bus and tap on the way out.
            together = chance.random() < 0.5
            out = due + chance.uniform(0.3, 0.6)
            for _ in range(chance.randint(4, 16)):
                hours.append(out + (chance.expovariate(1 / 0.03) if together else chance.gammavariate(2, 0.15)))
        due += chance.uniform(1.25, 1.7)
    events: list[Event] = []
    free = moment(day, 0)
    for hour in sorted(hours):
        # The screen goes back to its start a few seconds after the thanks.
        opened = max(moment(day, hour), free)
        events.append(one(place, opened))
        free = events[-1].at + timedelta(seconds=chance.uniform(2, 5))
        if events[-1].at - opened > timedelta(minutes=1):
            # Whoever walked off half way leaves a page that goes back by itself.
            events.pop()
            free = opened + timedelta(minutes=1)
    return events


def closing_hall(chance: random.Random) -> Stream:
    """The chair asks for answers as the conference closes: 60 to 180 people, about half answer, most within five
    minutes; some do it in the car or at home."""
    place, day = Place("conference", chance), days_from(chance, 1)[0]
    people = chance.randint(60, 180)
    call = chance.choice((11.2, 11.5, 16.3, 16.6))
    events = []
    for _ in range(round(people * chance.uniform(0.35, 0.65))):
        # Median two and a half minutes to find the phone, the code and the network.
        delay = chance.lognormvariate(math.log(2.5), 0.7) / 60
        if chance.random() < 0.08:
            delay = chance.uniform(0.5, 5)
        events.append(one(place, moment(day, call + delay)))
    return in_order(place, "event", events, written_down(chance, people))


def two_sessions(chance: random.Random) -> Stream:
    """The same code on the screen at the end of the morning and of the afternoon; different people, one after lunch."""
    place, day = Place("conference", chance), days_from(chance, 1)[0]
    events = []
    for call, people in ((11.3, chance.randint(25, 80)), (16.5, chance.randint(20, 60))):
        for _ in range(people):
            # The slide stands for ten minutes; a quarter come back to it during the break.
            delay = chance.gammavariate(1.5, 3) / 60 if chance.random() < 0.75 else chance.uniform(0.1, 1.8)
            events.append(one(place, moment(day, call + delay)))
    return in_order(place, "event", events, written_down(chance, 120))


def small_commune(chance: random.Random) -> Stream:
    """Three answers a day for two months; market days bring twice as many."""
    place = Place("one-stop-short", chance)
    events = []
    for day in days_from(chance, 44):
        events += counter_day(place, day, 5 if day.weekday() == 1 else 2.5)
    return in_order(place, "counter", events, written_down(chance, 5), hours=True)


def busy_counter(chance: random.Random) -> Stream:
    """A ward of a city: 50 to 110 a day for a week, Monday and Friday the fullest."""
    place = Place(chance.choice(("one-stop-short", "one-tap")), chance)
    usual = chance.uniform(50, 110)
    events = []
    for day in days_from(chance, 5):
        events += counter_day(place, day, usual * (1.35 if day.weekday() in (0, 4) else 0.9))
    return in_order(place, "counter", events, written_down(chance, usual), hours=True)


def bus_kiosk(chance: random.Random) -> Stream:
    """A week at a kiosk where the bus stops."""
    place = Place("one-tap", chance, interrupted=0.01)
    events = [event for day in days_from(chance, 4) for event in bus_day(place, day)]
    return in_order(place, "kiosk", events, written_down(chance, 70), hours=True)


def television(chance: random.Random) -> Stream:
    """A leaflet that hardly anybody scans, until it is shown after the news; again, weaker, at the morning repeat."""
    place = Place("online", chance)
    days = days_from(chance, 9)
    events = [one(place, moment(day, chance.uniform(8, 22))) for day in days for _ in range(poisson(chance, 2))]
    shown = chance.uniform(19.6, 20.2)
    # A regional station: tens of answers, half of them within twelve minutes.
    for start, mean in ((shown, chance.uniform(40, 110)), (24 + 6.5, 12)):
        for _ in range(poisson(chance, mean)):
            events.append(one(place, moment(days[5], start + chance.expovariate(1 / 0.3))))
    return in_order(place, "leaflet", events, written_down(chance, 15))


def mailed_link(chance: random.Random) -> Stream:
    """A link to 400 to 900 addresses, one in eight answers; a reminder five to seven days later brings half as many."""
    place = Place(chance.choice(("online", "one-stop")), chance)
    first = days_from(chance, 1)[0]
    mailed = chance.randint(400, 900)
    events = []
    for wave, share in ((0, 0.08), (chance.randint(5, 7), 0.045)):
        sent = chance.uniform(8.5, 10)
        for _ in range(poisson(chance, mailed * share)):
            # Log-logistic, median six hours: some within minutes, some after days. Nobody reads mail at night.
            level = chance.uniform(0.02, 0.98)
            hour = sent + 6 * (level / (1 - level)) ** (1 / 1.3)
            if hour % 24 < 6.5:
                hour += 6.5 + chance.uniform(0, 2)
            events.append(one(place, moment(first + timedelta(days=wave), hour)))
    return in_order(place, "link", events, written_down(chance, 50))


def quarter_end(chance: random.Random) -> Stream:
    """Slips over three weeks; on the last day of the quarter three to four times as many people, with longer waits."""
    place = Place("one-stop-short", chance)
    usual = chance.uniform(8, 22)
    *days, last = days_from(chance, 15)
    events = [event for day in days for event in counter_day(place, day, usual, home=0.15)]
    place.mood = (place.mood or 0.0) - 0.5
    events += counter_day(place, last, usual * chance.uniform(3, 4), home=0.15)
    return in_order(place, "slip", events, written_down(chance, usual * 1.5), hours=True)


def read_aloud(chance: random.Random) -> Stream:
    """A village meeting where the host reads each question aloud: most send within the minute after the last one."""
    place, day = Place("one-stop", chance), days_from(chance, 1)[0]
    start = chance.choice((8.5, 14.0, 19.0)) + chance.uniform(0, 0.5)
    # 41 questions at six to nine seconds each.
    end = moment(day, start + chance.uniform(4, 6.5) / 60)
    events = []
    for _ in range(chance.randint(20, 60)):
        opened = moment(day, start - chance.uniform(0, 2.5) / 60)
        visitor = place.visitor()
        answers = visitor.answers()
        seconds = visitor.seconds(answers)
        # One in five reads for themselves; the others wait for the host and then look for the button.
        if chance.random() < 0.8:
            seconds = (end - opened).total_seconds() + chance.gammavariate(1.5, 14)
        events.append(event(opened, seconds, answers, chance))
    return in_order(place, "event", events, written_down(chance, 50))


def bad_network(chance: random.Random) -> Stream:
    """Island communes: while the network is gone, phones try again and again; then all of it comes within a minute."""
    place = Place("one-stop-short", chance)
    events = []
    for day in days_from(chance, 4):
        hour, gaps = 8.0, []
        while hour < 16:
            # Gone three or four times a day, for ten minutes to an hour and a half.
            hour += chance.expovariate(1 / 1.6)
            gaps.append((moment(day, hour), moment(day, hour := hour + chance.uniform(0.15, 1.5))))
        for before in counter_day(place, day, 30):
            late = 0.0
            for gone, back in gaps:
                if gone <= before.at < back:
                    late = (back - before.at).total_seconds() + chance.expovariate(1 / 20)
            seconds = None if before.seconds is None else round(before.seconds + late)
            events.append(Event(before.at + timedelta(seconds=late), seconds, before.answers))
    return in_order(place, "counter", events, written_down(chance, 35), hours=True)


def family_phone(chance: random.Random) -> Stream:
    """Families come for papers of the whole household and hand one phone around; a third repeat what was said."""
    place = Place("one-stop", chance)
    events = []
    for day in days_from(chance, 5):
        for _ in range(poisson(chance, 9)):
            opened = moment(day, served(chance, MORNING_AND_AFTERNOON))
            visitor = place.visitor()
            answers = visitor.answers()
            events.append(event(opened, visitor.seconds(answers), answers, chance))
            for _ in range(chance.choices((0, 1, 2, 3), (45, 33, 15, 7))[0]):
                opened = events[-1].at + timedelta(seconds=chance.uniform(6, 40))
                visitor = place.visitor(near=visitor)
                agreed = chance.random() < 0.33
                answers = changed(place, answers) if agreed else visitor.answers(facts=answers)
                seconds = visitor.seconds(answers) * (0.6 if agreed else 0.9)
                events.append(event(opened, seconds, answers, chance))
    return in_order(place, "slip", events, written_down(chance, 25), hours=True)


def changed(place: Place, answers: Answers, most: int = 4) -> Answers:
    """The same again but for up to so many items, and who is asked about themselves."""
    chance, given = place.chance, regiven(answers)
    variables = [variable for key, variable in by_key(place.name).items() if key in answers and variable.closed]
    for variable in chance.sample(variables, min(len(variables), chance.randint(0, most))):
        given[variable.key] = [place.visitor().level(variable, 0.0)] if variable.form is Form.SCALE else []
        if variable.form is not Form.SCALE:
            given[variable.key] = place.fact(variable)
    blank: Given = {key: [] for key, variable in by_key(place.name).items() if not variable.closed}
    return canonical(place.name, given | blank)


def contented(chance: random.Random) -> Stream:
    """A library that everybody likes: nearly all give the best, many all the way down, hardly a word."""
    place = Place(chance.choice(("one-stop-short", "one-tap")), chance, mood=3.4, spread=0.7, straight=0.4, wordy=0.04)
    usual = chance.uniform(15, 50)
    events = [event for day in days_from(chance, 8) for event in counter_day(place, day, usual, home=0.05)]
    return in_order(place, "poster", events, written_down(chance, usual))


Crowd = Callable[[random.Random], Stream]
CROWDS: dict[str, Crowd] = {
    crowd.__name__: crowd
    for crowd in (
        closing_hall, two_sessions, small_commune, busy_counter, bus_kiosk, television, mailed_link, quarter_end,
        read_aloud, bad_network, family_phone, contented,
    )
}  # fmt: skip


def honest(name: str, seed: int) -> Stream:
    """The crowd of that name; the same seed gives the same stream."""
    return CROWDS[name](random.Random(f"fresh crowd {name} {seed}"))
