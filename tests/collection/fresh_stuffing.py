"""Ten ways to stuff an open code, for the fresh proof on stuffing: each among honest answers. Seeded; no detector here.

The detector was not tuned on these styles, which were written without its thresholds; whoever changes it must not try
its settings here. From crude to careful: a loop that sends one body, random clicks, top marks only, a colleague at the
kiosk, an order to the staff, hired hands, a complaint to copy, a clerk at noon, a slow script, and a mimic that sends
what honest people once wrote. On each day stuffed, at least a fifth of the answers are: fewer change no result.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from survey.definition.variables import Form
from tests.collection.fresh_crowds import (
    MORNING_AND_AFTERNOON,
    ZONE,
    Event,
    Stream,
    bus_day,
    changed,
    counter_day,
    days_from,
    event,
    in_order,
    moment,
    one,
    poisson,
    served,
    written_down,
)
from tests.collection.fresh_people import Answers, Given, Place, by_key, canonical, levels, remark

FEWEST = 10
"""Fewer stuffed answers than this a day nobody would bother with."""


def beside(chance: random.Random, honest: int, low: float = 0.25, high: float = 0.6) -> int:
    """How many are stuffed on a day of so many honest answers: a quarter to six tenths of all."""
    share = chance.uniform(low, high)
    return max(FEWEST, math.ceil(honest * share / (1 - share)))


def to_favour(chance: random.Random) -> list[int]:
    """Weights of the levels 1 to 5: three in four who stuff want the office up, not always to the top."""
    return chance.choice(([0, 0, 0, 1, 9], [0, 0, 1, 5, 8], [0, 0, 0, 6, 4], [8, 4, 1, 0, 0]))


def filled(place: Place, wish: list[int], words: str = "") -> Answers:
    """Scales by the wish, each for itself; facts as this place's visitors tick them; ``words`` in the last text."""
    chance, given = place.chance, Given()
    for key, variable in by_key(place.name).items():
        if variable.form is Form.SCALE:
            given[key] = chance.choices(levels(variable), wish)
        elif variable.form is Form.TEXT:
            # Only the long text of the last page takes words; an "other" beside a tick stays empty.
            given[key] = [words] if variable.length > 200 else []
        else:
            given[key] = place.fact(variable)
    return canonical(place.name, given)


def web_day(place: Place, day: date, mean: float) -> list[Event]:
    """A link on a page that people see at any hour from eight to ten at night."""
    chance = place.chance
    return [one(place, moment(day, chance.uniform(8, 22))) for _ in range(poisson(chance, mean))]


def looped_body(chance: random.Random) -> Stream:
    """One page, one body, sent again and again by a loop: the page grows older with each."""
    place, day = Place("one-stop", chance), days_from(chance, 1)[0]
    events = counter_day(place, day, 45)
    body, start = filled(place, to_favour(chance)), moment(day, chance.uniform(8, 16))
    # As fast as a phone's network lets a loop go, or with a sleep of a second or two.
    pause, age = chance.choice((0.3, 1.0, 2.0)), chance.uniform(15, 60)
    for _ in range(beside(chance, len(events), 0.4, 0.8)):
        age += pause + chance.expovariate(10)
        events.append(event(start, age, body, chance, True))
    return in_order(place, "counter", events, written_down(chance, 45), hours=True)


def random_clicks(chance: random.Random) -> Stream:
    """A script with a browser opens the page, clicks anything in each question and sends after a sleep."""
    place, day = Place("online", chance), days_from(chance, 1)[0]
    events = web_day(place, day, 40)
    hour = chance.uniform(9, 20)
    opened = moment(day, hour)
    for _ in range(beside(chance, len(events))):
        given = {
            key: [chance.choice(variable.listed.codes)]
            for key, variable in by_key(place.name).items()
            if variable.closed
        }
        # A browser needs some seconds for twenty clicks; scripts sleep a little between runs.
        events.append(event(opened, chance.uniform(2, 7), canonical(place.name, given), chance, True))
        opened = events[-1].at + timedelta(seconds=chance.uniform(1, 6))
    return in_order(place, "web", events, written_down(chance, 40))


def top_marks(chance: random.Random) -> Stream:
    """One person with a phone and a free hour: the same level everywhere, facts at random, one form after the other."""
    place, day = Place("one-stop-short", chance), days_from(chance, 1)[0]
    events = counter_day(place, day, 35)
    wish = chance.choice(([0, 0, 0, 0, 1], [0, 0, 0, 0, 1], [1, 0, 0, 0, 0]))
    opened = moment(day, chance.uniform(13.5, 15.5))
    for _ in range(beside(chance, len(events), 0.25, 0.5)):
        # Nine taps by heart: a second or so each.
        events.append(event(opened, chance.uniform(8, 20), filled(place, wish), chance, True))
        opened = events[-1].at + timedelta(seconds=chance.gammavariate(2, 9))
    return in_order(place, "slip", events, written_down(chance, 35), hours=True)


def rubber_stamp(chance: random.Random) -> Stream:
    """A colleague who passes the kiosk stamps the best face a few times, several times a day, all week."""
    place = Place("one-tap", chance, interrupted=0.01)
    events: list[Event] = []
    for day in days_from(chance, 4):
        honest = bus_day(place, day)
        left, stamped = beside(chance, len(honest), 0.25, 0.45), list[Event]()
        while left > 0:
            opened = moment(day, served(chance))
            if any(abs((each.at - opened).total_seconds()) < 75 for each in honest + stamped):
                # Nobody stamps while others stand at the screen.
                continue
            for _ in range(min(left, chance.randint(4, 12))):
                # The screen needs two to five seconds for its thanks; a tap one or two.
                best = canonical(place.name, {"T0": ["5" if chance.random() < 0.92 else "4"]})
                stamped.append(event(opened, chance.uniform(0.8, 2.2), best, chance, True))
                opened = stamped[-1].at + timedelta(seconds=chance.uniform(2, 5))
                left -= 1
        events += honest + stamped
    return in_order(place, "kiosk", events, written_down(chance, 80), hours=True)


def staff_order(chance: random.Random) -> Stream:
    """The head asks everybody to fill some forms before they go home: a dozen phones, each person different."""
    place, day = Place("one-stop", chance), days_from(chance, 1)[0]
    events = counter_day(place, day, 40)
    left, asked = beside(chance, len(events)), chance.uniform(15.2, 16.2)
    while left > 0:
        # People obey within the hour; they know the form and do not read it.
        wish, haste = chance.choice(([0, 0, 0, 1, 9], [0, 0, 0, 3, 7], [0, 0, 1, 6, 3])), chance.uniform(0.2, 0.6)
        opened = moment(day, asked + chance.expovariate(1 / 0.3))
        for _ in range(min(left, chance.randint(2, 5))):
            answers = filled(place, wish, "Tốt" if chance.random() < 0.1 else "")
            seconds = place.visitor().seconds(answers) * haste
            events.append(event(opened, seconds, answers, chance, True))
            opened = events[-1].at + timedelta(seconds=chance.uniform(4, 90))
            left -= 1
    return in_order(place, "counter", events, written_down(chance, 45), hours=True)


def hired_hands(chance: random.Random) -> Stream:
    """Five to eight students paid by the form, one evening, with a list of comments; they get faster as they go."""
    place, day = Place("online", chance), days_from(chance, 1)[0]
    events = web_day(place, day, 60)
    listed = [remark(chance, True) for _ in range(6)]
    hands = chance.randint(5, 8)
    each = math.ceil(beside(chance, len(events), 0.4, 0.65) / hands)
    for _ in range(hands):
        wish, opened = chance.choice(([0, 0, 0, 2, 8], [0, 0, 1, 6, 4])), moment(day, chance.uniform(19, 20))
        for done in range(each):
            words = chance.choice(listed) if chance.random() < 0.4 else ""
            # From a minute and a half down to half of that: practice (a power law).
            seconds = 90 * (done + 1) ** -0.25 * chance.lognormvariate(0, 0.2)
            events.append(event(opened, seconds, filled(place, wish, words), chance, True))
            opened = events[-1].at + timedelta(seconds=chance.gammavariate(1.5, 20))
    return in_order(place, "leaflet", events, written_down(chance, 60))


def copied_complaint(chance: random.Random) -> Stream:
    """A group on Zalo is cross: its members give low marks and paste the text, some with a word of their own."""
    place, day = Place("one-stop-short", chance), days_from(chance, 1)[0]
    events = web_day(place, day, 50)
    text, posted = remark(chance, False) + ". " + remark(chance, False), chance.uniform(11, 19)
    for _ in range(beside(chance, len(events), 0.25, 0.5)):
        words = text + chance.choice(("", "", "", "", "!!!", " Đề nghị giải quyết", " ạ"))
        answers = filled(place, chance.choice(([8, 3, 1, 0, 0], [3, 6, 2, 0, 0])), words)
        # Real people on their own phones; pasting takes a moment, and half see the post within the hour.
        seconds = place.visitor().seconds(answers | {"M2": ""}) + chance.uniform(4, 15)
        delay = min(4.5, chance.lognormvariate(0, 0.9))
        events.append(event(moment(day, posted + delay), seconds, answers, chance, True))
    return in_order(place, "poster", events, written_down(chance, 50))


def noon_clerk(chance: random.Random) -> Stream:
    """A clerk spends the noon rest of a week on forms: not too fast, never quite the same, now and then with a word."""
    place = Place("one-stop", chance)
    events: list[Event] = []
    for day in days_from(chance, 5):
        honest = counter_day(place, day, 28)
        events += honest
        opened = moment(day, chance.uniform(11.6, 11.9))
        for _ in range(min(30, beside(chance, len(honest), 0.25, 0.4))):
            words = chance.choice(("Tốt", "Nhanh gọn", remark(chance, True))) if chance.random() < 0.15 else ""
            answers = filled(place, [0, 0, 1, 7, 9], words)
            # Forty items ticked without reading: about a second and a half each.
            events.append(event(opened, chance.lognormvariate(math.log(65), 0.25), answers, chance, True))
            opened = events[-1].at + timedelta(seconds=chance.gammavariate(2, 25))
    return in_order(place, "slip", events, written_down(chance, 30), hours=True)


def slow_script(chance: random.Random) -> Stream:
    """A script spreads its forms over the day, waits on each page and draws each item for itself."""
    place = Place("online", chance)
    events: list[Event] = []
    for day in days_from(chance, 4):
        honest = web_day(place, day, 45)
        events += honest
        wanted = beside(chance, len(honest), 0.25, 0.4)
        # From eight to half past nine, an even step with a third of it at random.
        step = 13.5 / wanted
        for turn in range(wanted):
            hour = 8 + (turn + chance.uniform(0.33, 0.67)) * step
            answers = filled(place, [0, 0, 1, 7, 12])
            events.append(event(moment(day, hour), chance.uniform(45, 110), answers, chance, True))
    return in_order(place, "web", events, written_down(chance, 50))


def mimic(chance: random.Random) -> Stream:
    """Whoever has seen a month of honest answers sends the favourable ones again, an item or two changed, at the
    counter's own times and with its own times to fill: close to what nobody can tell."""
    place = Place("one-stop", chance)
    *past, first, second = days_from(chance, 5)
    events = [event for day in past for event in counter_day(place, day, 40)]
    liked = [each.answers for each in events if Counter(each.answers[key] == "5" for key in _scales(place))[True] > 9]
    liked = liked or [filled(place, [0, 0, 1, 6, 8])]
    for day in (first, second):
        honest = counter_day(place, day, 40)
        events += honest
        for _ in range(beside(chance, len(honest), 0.25, 0.4)):
            answers = changed(place, chance.choice(liked), 6)
            seconds = place.visitor().seconds(answers)
            events.append(event(moment(day, served(chance, MORNING_AND_AFTERNOON)), seconds, answers, chance, True))
    return in_order(place, "counter", events, written_down(chance, 45), hours=True)


def _scales(place: Place) -> list[str]:
    return [key for key, variable in by_key(place.name).items() if variable.form is Form.SCALE and key[0] in "123"]


STYLES: dict[str, Callable[[random.Random], Stream]] = {
    style.__name__: style
    for style in (
        looped_body, random_clicks, top_marks, rubber_stamp, staff_order, hired_hands, copied_complaint, noon_clerk,
        slow_script, mimic,
    )
}  # fmt: skip


def stuffed(name: str, seed: int) -> Stream:
    """Stuffing of that style among honest answers; the same seed gives the same stream."""
    return STYLES[name](random.Random(f"fresh stuffing {name} {seed}"))


def shares_by_day(stream: Stream) -> dict[date, float]:
    """The stuffed share of each day on which anything was stuffed."""
    days: dict[date, list[bool]] = defaultdict(list)
    for each in stream.events:
        days[each.at.astimezone(ZONE).date()].append(each.stuffed)
    return {day: sum(marks) / len(marks) for day, marks in days.items() if any(marks)}
