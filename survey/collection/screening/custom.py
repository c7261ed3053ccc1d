"""What a collector is used to: answers by hour of the day, learned as it goes. Pure; 24 numbers, no list of anybody.

A day without answers teaches nothing (offices close), a day is learned when it is over, an hour may at most triple
what was usual at that hour, and what was flagged counts for little: a flood must not make itself the custom.
"""

from __future__ import annotations

from survey.collection.screening.limits import CROWDS, Limits

HOUR = 3600.0
FLAGGED = 0.1
"""What a flagged answer teaches: little, and not nothing, so that a false alarm ends."""

NAMED = 2_000
"""Answers of the day that can still be told apart."""

KNOWN = 10
"""Answers a rhythm takes to be one, in at least two hours that are over."""

MEMORY = 20.0
"""Days with answers that count; older ones fade."""

AWAKE = 0.02
"""Kinds whose answers come in waves may see one at any hour that usually brings this share of the busiest."""

FAMILIAR, FAMILIAR_WAVES = 30, 60
"""Answers it takes to say that nobody answers at some hours; more where they come in waves, at any time of the day."""

QUIET = 3
"""Hours in a row that hardly ever bring an answer: the office is closed, or people sleep."""

ASKED = 30
"""Times an hour that a hall could be asked: its people open the form within two minutes."""

DOUBT = 0.08
"""Of a day, by which an hour never seen to bring an answer is still taken for a middling one."""

LIVELY = 1.5
STEADY = 3.0
"""Shape of the gamma variable by which an hour may differ from its custom (see ``chance.least_expected``): people come
in waves. 3 allows about six times the custom for an hour, 1.5 about nine times."""

ROUGH = 1.0
"""The same where there is no custom yet, only a statement or the kind: twelve times."""

COLD = {"counter": 30.0, "kiosk": 90.0}
"""Answers an hour that one counter or one kiosk may be supposed to bring before it is known; the others are not
supposed anything: a poster may hang in a hall."""


class Custom:
    """``rate`` is answers a second usual in the hour last noted, ``highest`` at any hour, both None while there is no
    saying; ``shape`` how far it may vary; ``asleep``: this is one of several hours that hardly ever bring an answer."""

    def __init__(self) -> None:
        self.rate: float | None = None
        self.highest: float | None = None
        self.shape = ROUGH
        self.asleep = False
        self._today = [0.0] * 24
        self._hours: dict[int, int] = {}
        self._day = 0
        self._since = 0
        self._hour = -1
        self._counts = [0.0] * 24
        self._days = [0.0] * 24
        self._busiest = 0.0

    def note(self, day: int, hour: int, limits: Limits, reference: int = 0) -> None:
        """Another answer in this hour of this day (a day's ordinal); days do not run backwards."""
        if day > self._day:
            if self._day:
                self._learn()
            self._since = 0 if self._day else hour
            self._day, self._hour = day, -1
            self._today = [0.0] * 24
            self._hours.clear()
        if hour != self._hour:
            self._hour = hour
            self._judge(hour, limits)
        self._today[hour] += 1
        if len(self._hours) < NAMED:
            self._hours[reference] = hour

    def doubt(self, reference: int) -> None:
        """This answer was flagged."""
        hour = self._hours.pop(reference, None)
        if hour is not None:
            self._today[hour] += FLAGGED - 1

    def _judge(self, hour: int, limits: Limits) -> None:
        past = [number for number in self._today[: max(0, hour)] if number]
        self.rate = self.highest = None
        lively = limits.kind in CROWDS
        self.asleep = self._asleep(hour, FAMILIAR_WAVES if lively else FAMILIAR)
        if limits.kind == "event":
            most = max([self._busiest, *self._today[: max(0, hour - 1)]])
            if most >= KNOWN:
                # A hall that was full once may be so again, and all its people open the form when they are asked to.
                self.rate = self.highest = ASKED * most / HOUR
                self.shape = LIVELY
        elif sum(self._counts) >= KNOWN:
            usual = self._usual()
            if lively:
                busiest = max([self._busiest, *usual])
                usual = [busiest if self._awake(one, busiest) else usual[one] for one in range(24)]
            self.rate, self.highest = usual[hour] / HOUR, max(usual) / HOUR
            self.shape = LIVELY if lively else STEADY
        elif sum(past) >= KNOWN and len(past) >= 2 and not lively:
            self.rate = self.highest = sum(past) / len(past) / HOUR
            self.shape = LIVELY
        if self.rate is None:
            stated = limits.share(limits.budget) / 4 if limits.budget and not lively else None
            cold = COLD.get(limits.kind)
            rough = max((one for one in (stated, limits.share(cold)) if one), default=None)
            self.rate = self.highest = rough / HOUR if rough else None
            self.shape = ROUGH

    def _awake(self, hour: int, busiest: float) -> bool:
        """Whether this very hour, seen before, brings answers as a rule; an hour never seen counts."""
        return not self._days[hour] or self._counts[hour] > AWAKE * busiest * self._days[hour]

    def _asleep(self, hour: int, familiar: int) -> bool:
        counts = self._counts
        if sum(counts) < familiar:
            return False
        quietest = min(sum(counts[(hour + first + one) % 24] for one in range(QUIET)) for first in range(1 - QUIET, 1))
        return quietest <= AWAKE * max(counts)

    def _usual(self) -> list[float]:
        """Answers usual in each hour of the day, or in the hour beside it if that brings more (a rush comes early or
        late); near what is usual in an hour that brings any, so far as this hour has not been seen often."""
        active = sum(days for days, count in zip(self._days, self._counts, strict=True) if count)
        middling = sum(self._counts) / max(active, 1.0)
        each = [
            (count + DOUBT * middling) / (days + DOUBT) if days else 0.0
            for count, days in zip(self._counts, self._days, strict=True)
        ]
        return [
            max(each[hour - 1], each[hour], each[(hour + 1) % 24]) if self._days[hour] else middling
            for hour in range(24)
        ]

    def _learn(self) -> None:
        first = not any(self._days)
        total = sum(self._counts)
        fade = 1 - 1 / MEMORY
        usual = self._usual()
        self._busiest = max(self._busiest * fade, *self._today)
        for hour in range(self._since, 24):
            brought = self._today[hour]
            if not first and total >= KNOWN:
                brought = min(brought, 3 * max(usual[hour], 1.0))
            self._counts[hour] = self._counts[hour] * fade + brought
            self._days[hour] = self._days[hour] * fade + 1
