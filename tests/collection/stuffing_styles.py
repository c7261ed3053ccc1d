"""Ten ways to stuff an open code, amid honest answers, that screening was developed with. Seeded; no detector here.

Each style acts as somebody would who wants the office's score up (or, one time in three, down) and
knows that a few answers change nothing: at least a fifth of the answers of the day, or of the days, are stuffed.

From crude to careful: ``replay`` sends one body 300 times within a minute; ``marginal_bot`` draws each answer from the
office's own shares, at a high rate; ``patient_script`` waits before each page and on it; ``one_phone`` is a person with
one phone for an hour; ``taking_turns`` are colleagues with a phone each; ``night_trickle`` works while nobody looks;
``pasted`` is a campaign that hands a complaint around; ``prefetched`` opens its pages early and lets them go within the
honest burst; ``hammering`` presses the button of a kiosk; ``clerk`` fills sixty forms when the quarter ends.

``BLIND`` holds what no detector is asked to find: somebody who answers as an honest crowd does, at its times.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import accumulate

from survey.definition.variables import Form
from tests.collection.stuffing_crowds import (
    HOURS,
    ZONE,
    Event,
    Stream,
    counter_day,
    counter_days,
    event_day,
    guess,
    hall_events,
    kiosk_days,
    link_days,
    moment,
    served_here,
    some_day,
    stream,
    working_days,
)
from tests.collection.stuffing_offices import Answers, Given, Office, canonical, plain, questionnaire, ticked

UP, DOWN = "up", "down"
PRAISE = ("Rất hài lòng", "Tốt", "Không", "Cán bộ nhiệt tình, chu đáo")
BLAME = ("Không hài lòng", "Quá chậm", "Không", "Cán bộ thiếu nhiệt tình")


def _wish(chance: random.Random) -> str:
    return UP if chance.random() < 0.67 else DOWN


def _enough(chance: random.Random, honest: float, low: float = 0.25, high: float = 0.55) -> int:
    """How many it takes beside so many honest answers of the day."""
    share = chance.uniform(low, high)
    return max(12, round(honest * share / (1 - share)))


def _at(at: datetime, seconds: float, answers: Answers) -> Event:
    return Event(at, max(0, round(seconds)), answers, stuffed=True)


# What the stuffed answers say


def _wanted(office: Office, wish: str) -> Answers:
    """The best or the worst answer to everything, as a script is written in five minutes."""
    given: Given = dict(office.fixed)
    for variable in questionnaire(office.name).variables:
        if variable.form is Form.SCALE:
            given.setdefault(variable.key, ["5" if wish == UP else "1"])
        elif variable.form is Form.SINGLE:
            given.setdefault(variable.key, [variable.listed.codes[0]])
    return canonical(office.name, given)


def _varied(office: Office, wish: str) -> Answers:
    """Each answer drawn by itself around the wanted end, facts at random: ``random.choice`` in a script."""
    chance = office.chance
    given: Given = dict(office.fixed)
    for variable in questionnaire(office.name).variables:
        if variable.key in given or variable.form is Form.TEXT:
            continue
        if variable.form is Form.SCALE:
            given[variable.key] = chance.choices("345" if wish == UP else "321", (1, 4, 5))
        elif variable.form is Form.SINGLE:
            given[variable.key] = [chance.choice(variable.listed.codes)]
        else:
            given[variable.key] = ticked(variable, chance, [1.0] * len(variable.listed.codes))
    return canonical(office.name, given)


def _marginal(office: Office, wish: str) -> Answers:
    """Each answer drawn from the shares that honest answers have, two in three pushed one level: every table looks
    right, only nothing hangs together."""
    chance = office.chance
    given: Given = dict(office.fixed)
    for variable in questionnaire(office.name).variables:
        if variable.key in given or variable.form is Form.TEXT:
            continue
        if variable.form is Form.SCALE:
            level = 1 + bisect(office.cuts[variable.key], chance.gauss(0, 1))
            if chance.random() < 0.67:
                level += 1 if wish == UP else -1
            given[variable.key] = [str(min(5, max(1, level)))]
        elif variable.form is Form.SINGLE:
            given[variable.key] = chance.choices(variable.listed.codes, office.weights[variable.key])
        else:
            given[variable.key] = ticked(variable, chance, office.weights[variable.key])
    return canonical(office.name, given)


def _by_hand(office: Office, wish: str, facts: float, comments: tuple[str, ...] = ()) -> Answers:
    """A person tapping the wanted end all day: mostly one answer down the page, here and there the one beside it; facts
    given in a share of the forms; a comment from the few that come to mind."""
    chance = office.chance
    best, next_best = ("5", "4") if wish == UP else ("1", "2")
    line = best if chance.random() < 0.6 else next_best
    slips = chance.choice((0.0, 0.1, 0.25))
    gives_facts = chance.random() < facts
    given: Given = dict(office.fixed)
    for variable in questionnaire(office.name).variables:
        if variable.key in given:
            continue
        if variable.form is Form.SCALE:
            given[variable.key] = [chance.choice((best, next_best)) if chance.random() < slips else line]
        elif variable.form is Form.TEXT:
            given[variable.key] = [chance.choice(comments)] if comments and chance.random() < 0.3 else []
        elif gives_facts:
            given[variable.key] = (
                [chance.choice(variable.listed.codes[:3])]
                if variable.form is Form.SINGLE
                else ticked(variable, chance, [1.0] * len(variable.listed.codes))
            )
    return canonical(office.name, given)


# The styles


def replay(chance: random.Random) -> Stream:
    """A script fetches a page and posts the same body, 300 times within a minute, during a conference."""
    office, day, number = Office("conference", chance), some_day(chance), chance.randrange(120, 220)
    honest = hall_events(office, day, number)
    body, start = _wanted(office, _wish(chance)), chance.choice(honest).at
    stuffed = [
        _at(start + timedelta(seconds=60 * one / 300 + chance.uniform(0, 0.1)), chance.choice((0, 0, 1)), body)
        for one in range(300)
    ]
    return stream("conference", "event", None, guess(chance, number), honest + stuffed)


def marginal_bot(chance: random.Random) -> Stream:
    """Workers side by side, five to thirty a minute, each resting on the page as people do, against a link."""
    office, first = Office("online", chance), some_day(chance)
    days = [first + timedelta(days=one) for one in range(5)]
    usual, wish = chance.uniform(40, 150), _wish(chance)
    honest = link_days(chance, office, days, usual)
    rate, number = chance.uniform(5, 30), _enough(chance, usual)
    start = moment(days[-1], chance.uniform(8, 21))
    stuffed = []
    for after in accumulate(chance.expovariate(rate / 60) for _ in range(number)):
        stuffed.append(_at(start + timedelta(seconds=after), chance.uniform(25, 150), _marginal(office, wish)))
    return stream("online", "link", None, guess(chance, usual), honest + stuffed)


def patient_script(chance: random.Random) -> Stream:
    """One script, one page after another all day: rests on each, waits before the next, varies its answers."""
    office, days, wish = served_here(chance), working_days(chance, 8), _wish(chance)
    honest, usual = counter_days(chance, office, days)
    number, at, stuffed = _enough(chance, usual), moment(days[-1], chance.uniform(7.3, 9)), []
    # As many as are wanted before the office closes.
    cycle = min(400.0, (moment(days[-1], 16.8) - at).total_seconds() / number)
    for _ in range(number):
        rests = cycle * chance.uniform(0.15, 0.6)
        at += timedelta(seconds=rests)
        stuffed.append(_at(at, rests, _varied(office, wish)))
        at += timedelta(seconds=cycle * chance.uniform(0.2, 1.05))
    return stream(office.name, "counter", HOURS, guess(chance, usual), honest + stuffed)


def one_phone(chance: random.Random) -> Stream:
    """A person at the back of a fair fills the form again and again for an hour: practised, never resting long."""
    office, day, wish = Office("conference", chance), some_day(chance), _wish(chance)
    honest = event_day(chance, office, day)
    number = _enough(chance, len(honest.events), 0.2, 0.3)
    at, stuffed, pace = moment(day, chance.uniform(8.5, 14)), [], chance.uniform(0.8, 1.3)
    for _ in range(number):
        answers = _by_hand(office, wish, 0.6)
        taps = sum(bool(value) for value in answers.values())
        seconds = 4 + taps * pace * chance.uniform(0.8, 1.3)
        at += timedelta(
            seconds=seconds + chance.uniform(2, 12) + (chance.uniform(30, 200) if chance.random() < 0.07 else 0)
        )
        stuffed.append(_at(at, seconds, answers))
    return replace(honest, events=stream("", "", None, None, [*honest.events, *stuffed]).events)


def taking_turns(chance: random.Random) -> Stream:
    """Four to six colleagues with a phone each, whenever one is free: a few forms in a row, then somebody else."""
    office, days, wish = served_here(chance), working_days(chance, 8), _wish(chance)
    honest, usual = counter_days(chance, office, days)
    number, stuffed = _enough(chance, usual), []
    phones = [chance.uniform(1.2, 3.0) for _ in range(chance.randrange(4, 7))]
    start = chance.uniform(7.5, 13)
    while len(stuffed) < number:
        pace, at = chance.choice(phones), moment(days[-1], start + chance.uniform(0, 3.5))
        for _ in range(min(chance.randrange(2, 7), number - len(stuffed))):
            answers = _by_hand(office, wish, 0.9, PRAISE if wish == UP else BLAME)
            seconds = 5 + sum(bool(value) for value in answers.values()) * pace * chance.uniform(0.7, 1.4)
            at += timedelta(seconds=seconds + chance.uniform(3, 40))
            stuffed.append(_at(at, seconds, answers))
    return stream(office.name, "counter", HOURS, guess(chance, usual), honest + stuffed)


def night_trickle(chance: random.Random) -> Stream:
    """A script at night, one answer each five to fifteen minutes, three nights; half of the offices gave no hours."""
    office, days, wish = served_here(chance), working_days(chance, 10), _wish(chance)
    honest, usual = counter_days(chance, office, days)
    number, stuffed = _enough(chance, usual), []
    for day in days[-3:]:
        hours = sorted(chance.uniform(22, 29) for _ in range(number))
        stuffed += [_at(moment(day, hour), chance.uniform(25, 120), _varied(office, wish)) for hour in hours]
    hours_given = HOURS if chance.random() < 0.5 else None
    return stream(office.name, "counter", hours_given, guess(chance, usual), honest + stuffed)


COMPLAINTS = (
    "Cán bộ tiếp nhận hồ sơ gây khó khăn, bắt đi lại nhiều lần, yêu cầu bổ sung giấy tờ không có trong quy định.",
    "Đề nghị kiểm tra ngay việc cấp phép tại Sở, hồ sơ nộp trực tuyến bị ngâm hơn hai tháng mà không ai trả lời.",
    "Thủ tục quá rườm rà, doanh nghiệp chúng tôi yêu cầu thay cán bộ phụ trách và công khai xin lỗi.",
)


def _passed_on(chance: random.Random, text: str) -> str:
    """A complaint after it was copied from a group: often as it was, else with a word before or after."""
    way = chance.random()
    if way < 0.55:
        return text
    if way < 0.7:
        return text.rstrip(".") + chance.choice(("!", "!!", "...", " !!!", ""))
    if way < 0.8:
        return plain(text)
    if way < 0.9:
        return chance.choice(("Tôi đồng ý: ", "Kính gửi Sở, ", "1. ", "- ")) + text
    return text + chance.choice((" Rất bức xúc.", " Mong lãnh đạo xem xét.", " Tôi cũng vậy"))


def pasted(chance: random.Random) -> Stream:
    """A campaign: a complaint goes round a group, many paste it within some hours, each with low marks of their own."""
    office, first = Office("online", chance), some_day(chance)
    days = [first + timedelta(days=one) for one in range(5)]
    usual, text = chance.uniform(30, 100), chance.choice(COMPLAINTS)
    honest = link_days(chance, office, days, usual)
    start, stuffed = chance.uniform(8, 19), []
    for _ in range(_enough(chance, usual)):
        person = replace(office.person(), opinion=chance.gauss(-2.2, 0.5), writes=False)
        answers = canonical("online", _again(person.answers()) | {"R4": [_passed_on(chance, text)]})
        seconds = max(20.0, person.seconds(_without(answers, "R4"))) + chance.uniform(3, 20)
        stuffed.append(_at(moment(days[-1], start + chance.expovariate(0.6)), seconds, answers))
    return stream("online", "link", None, guess(chance, usual), honest + stuffed)


def prefetched(chance: random.Random) -> Stream:
    """Pages fetched while the chairs were put up, sent with varied answers within the burst after the announcement."""
    office, day, number = Office("conference", chance), some_day(chance), chance.randrange(120, 220)
    wish, honest = _wish(chance), hall_events(office, day, number)
    start = min(event.at for event in honest)
    fetched = start - timedelta(hours=chance.uniform(1, 4))
    length, gap = chance.uniform(5, 15) * 60, chance.uniform(0.2, 2)
    stuffed = []
    for one in range(_enough(chance, number)):
        at, made = start + timedelta(seconds=chance.uniform(0, length)), fetched + timedelta(seconds=one * gap)
        stuffed.append(_at(at, (at - made).total_seconds(), _varied(office, wish)))
    return stream("conference", "event", chance.choice((None, HOURS)), guess(chance, number), honest + stuffed)


def hammering(chance: random.Random) -> Stream:
    """Somebody stands at the kiosk when nobody looks and presses the same face, a few dozen times at each visit."""
    office, days, wish = Office("one-tap", chance), working_days(chance, 5), _wish(chance)
    honest, usual = kiosk_days(chance, office, days)
    left, stuffed = _enough(chance, usual), []
    while left > 0:
        presses, at = min(left, chance.randrange(15, 60)), moment(days[-1], chance.uniform(7.2, 16.5))
        left -= presses
        for _ in range(presses):
            gap = chance.uniform(3.5, 7)
            at += timedelta(seconds=gap)
            face = ("5" if wish == UP else "1") if chance.random() < 0.95 else ("4" if wish == UP else "2")
            stuffed.append(_at(at, max(1.0, gap - chance.uniform(1, 3)), canonical("one-tap", {"T0": [face]})))
    return stream("one-tap", "kiosk", HOURS, guess(chance, usual), honest + stuffed)


def clerk(chance: random.Random) -> Stream:
    """The quarter ends, too few forms came in: a clerk fills sixty at the computer, in two to four sittings, some after
    work, over the last two days."""
    office, days = served_here(chance, chance.choice(("one-stop", "one-stop-short"))), working_days(chance, 12)
    usual = chance.uniform(6, 20)
    honest = [
        event for day in days for event in counter_day(office, day, max(2, round(usual * chance.uniform(0.6, 1.4))))
    ]
    stuffed: list[Event] = []
    sittings = chance.randrange(2, 5)
    for one in range(sittings):
        at = moment(days[-1 - one % 2], chance.choice((8.0, 11.5, 13.5, 15.5, 16.6)) + chance.uniform(0, 0.5))
        for _ in range(60 // sittings):
            answers = _by_hand(office, UP, 1.0, PRAISE)
            taps = sum(bool(value) for value in answers.values())
            seconds = 3 + taps * chance.uniform(0.9, 1.8)
            at += timedelta(seconds=seconds + chance.choice((3, 5, 8, 15, 40, 90)))
            stuffed.append(_at(at, seconds, answers))
    return stream(office.name, "counter", HOURS, guess(chance, usual), honest + stuffed)


def double_agent(chance: random.Random) -> Stream:
    """Blind spot: answers drawn from satisfied honest people, at honest times and paces, half as many again."""
    office, days = served_here(chance), working_days(chance, 8)
    honest, usual = counter_days(chance, office, days)
    more = counter_day(office, days[-1], _enough(chance, usual, 0.25, 0.4))
    return stream(office.name, "counter", HOURS, None, honest + [replace(event, stuffed=True) for event in more])


def bot_in_the_hall(chance: random.Random) -> Stream:
    """Blind spot: the bot of honest shares, hidden in the burst of a hall."""
    office, day, number = Office("conference", chance), some_day(chance), chance.randrange(120, 220)
    wish, honest = _wish(chance), hall_events(office, day, number)
    times = [chance.choice(honest).at for _ in range(_enough(chance, number))]
    stuffed = [
        _at(at + timedelta(seconds=chance.uniform(1, 30)), chance.uniform(60, 240), _marginal(office, wish))
        for at in times
    ]
    return stream("conference", "event", None, None, honest + stuffed)


def _again(answers: Answers) -> Given:
    return {key: [value] if isinstance(value, str) else value for key, value in answers.items()}


def _without(answers: Answers, key: str) -> Answers:
    return {one: value for one, value in answers.items() if one != key}


STYLES: dict[str, Callable[[random.Random], Stream]] = {
    made.__name__: made
    for made in (
        replay, marginal_bot, patient_script, one_phone, taking_turns, night_trickle, pasted, prefetched, hammering,
        clerk,
    )
}  # fmt: skip
BLIND: dict[str, Callable[[random.Random], Stream]] = {made.__name__: made for made in (double_agent, bot_in_the_hall)}


def stuffing(name: str, seed: int) -> Stream:
    """The style ``name`` among honest answers; the same seed gives the same."""
    made = STYLES.get(name) or BLIND[name]
    return made(random.Random(f"held out, style {name}, {seed}"))


def days_stuffed(one: Stream) -> dict[date, float]:
    """The share of stuffed answers on each day of the office that has any; nights count to the day they began."""
    shares: dict[date, list[bool]] = {}
    for event in one.events:
        shares.setdefault((event.at - timedelta(hours=6)).astimezone(ZONE).date(), []).append(event.stuffed)
    return {day: sum(each) / len(each) for day, each in shares.items() if any(each)}
