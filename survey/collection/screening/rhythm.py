"""One collector as one process has lately seen it, and the flags that a submission gets from that. Pure.

Looks at times and answers only: no address, no browser, no cookie is known here. Keeps nothing on disk, and what it
keeps in memory is bounded whatever comes in: the last ``likeness.KEPT`` answers of at most ``VERSIONS`` questionnaires,
the last ``comments.KEPT`` comments as hashes, times and references of at most ``2 × pace.KEPT`` arrivals, and hours of
the day as numbers; at most 1.4 MB for a questionnaire of forty questions (measured). The caller holds the lock.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from survey.collection.screening.comments import Comments
from survey.collection.screening.crowd import Crowd
from survey.collection.screening.custom import Custom
from survey.collection.screening.devices import Devices
from survey.collection.screening.flags import Flag
from survey.collection.screening.held import Held
from survey.collection.screening.likeness import LEAST_CLOSED, Likeness
from survey.collection.screening.limits import Limits
from survey.collection.screening.outside import Outside
from survey.collection.screening.pace import Pace
from survey.collection.screening.plan import Plan, plan_of
from survey.collection.screening.shift import Shift, habit
from survey.collection.screening.taps import Taps
from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import Answers

DAY = 86_400.0

REMEMBERED = 2_000
"""Submissions of the last day whose flags are remembered, so that none is told twice."""

VERSIONS = 3
"""Questionnaires compared at once: versions of one survey, or that of the survey a code led to before."""

TAP = 0.7
"""Seconds that reading and ticking one closed answer take at the very least. Studies of attention call under one
second an item careless (Wood et al. 2017, to be verified); a thumb that only goes down a list needs half a second."""

TYPED = 25.0
"""Characters a second that nobody types or dictates."""

BUSIEST = 4.0
"""Times a stated busy day that a day may honestly bring: before a deadline come three times as many, and what is stated
is a guess that may be a third too low."""

LEAST_READ = 5
"""Closed answers from which haste is judged: one tap on a kiosk is honest after two seconds."""


@dataclass(frozen=True, slots=True)
class Submission:
    """``at`` is aware and in UTC, ``local`` the same moment in the office's zone; ``seconds`` from the page made to the
    answers sent, None where no token vouches for it; ``answers`` canonical, as ``answers.check`` makes them;
    ``digest`` theirs; ``reference`` names the response and is never looked into."""

    at: datetime
    seconds: int | None
    answers: Answers
    digest: bytes
    reference: int
    local: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """``flags`` of the submission itself; ``earlier``: the flags that submissions of the last day get on top, since a
    burst or a copy is known only when there are several."""

    flags: frozenset[Flag]
    earlier: Mapping[int, frozenset[Flag]]


class Rhythm:
    """The state of one collector in one process. Not safe for threads."""

    def __init__(self) -> None:
        self._custom = Custom()
        self._pace = Pace()
        self._devices = Devices()
        self._held = Held()
        self._outside = Outside()
        self._taps = Taps()
        self._comments = Comments()
        self._likeness: OrderedDict[Plan, tuple[Likeness, Shift, Crowd]] = OrderedDict()
        self._flags: OrderedDict[int, tuple[float, frozenset[Flag]]] = OrderedDict()
        self._now = 0.0
        self._day = 0
        self._today = 0

    def observe(self, submission: Submission, questionnaire: Questionnaire, limits: Limits) -> Verdict:
        """The flags of a submission that was stored. Each is to be shown once, in the order they were stored."""
        plan = plan_of(questionnaire)
        row = plan.row(submission.answers)
        reference = submission.reference
        # A clock set back must not make time run backwards here.
        now = self._now = max(self._now, submission.at.timestamp())
        self._remember(reference, now)
        found: dict[Flag, set[int]] = {}
        if limits.timed:
            for flag in self._alone(submission, row, limits):
                found[flag] = {reference}
            self._in_time(found, submission, row, plan, limits, now)
            # Who opens the form at the counter may finish it at home.
            opened = submission.local - timedelta(seconds=min(max(submission.seconds or 0, 0), DAY))
            if limits.closed_at(submission.local) and limits.closed_at(opened):
                found[Flag.OUT_OF_HOURS] = self._outside.observe(now, reference, len(self._flags))
        self._in_content(found, submission, row, plan, limits, now)
        return self._verdict(found, reference)

    def _alone(self, submission: Submission, row: list[int], limits: Limits) -> list[Flag]:
        """What this submission shows by itself."""
        flags = []
        ticked = sum(map(bool, row))
        if submission.seconds is not None and ticked >= LEAST_READ:
            written = sum(len(one) for one in submission.answers.values() if isinstance(one, str) and len(one) > 30)
            if submission.seconds + 1 < TAP * ticked + written / TYPED:
                flags.append(Flag.SPEEDER)
        day = submission.local.toordinal()
        if day > self._day:
            self._day, self._today = day, 0
        self._today += 1
        expected = limits.share(limits.budget)
        # Three standard deviations of a Poisson count above it: a busy day is not a round number.
        if expected and self._today > BUSIEST * expected + 3 * (BUSIEST * expected) ** 0.5:
            flags.append(Flag.OVER_BUDGET)
        return flags

    def _in_time(
        self,
        found: dict[Flag, set[int]],
        submission: Submission,
        row: list[int],
        plan: Plan,
        limits: Limits,
        now: float,
    ) -> None:
        reference, seconds = submission.reference, submission.seconds
        custom = self._custom
        custom.note(self._day, submission.local.hour, limits, reference)
        opened = None if seconds is None else now - max(seconds, 0)
        if limits.kind == "kiosk":
            found[Flag.HAMMERED] = self._taps.hammered(now, seconds, row, reference)
            found[Flag.BURST] = self._taps.too_many(limits.processes)
            return
        found[Flag.BURST] = self._pace.observe(
            now, opened, reference, custom.rate, custom.highest, custom.shape, 0.0 if custom.asleep else limits.wave
        )
        if seconds is not None and opened is not None:
            found[Flag.PREFETCHED] = self._held.observe(opened, seconds, reference)
        found[Flag.ONE_BY_ONE] = self._devices.one_by_one(now, opened, reference)
        if seconds is not None and plan.closed >= LEAST_READ:
            found[Flag.SAME_PACE] = self._devices.same_pace(seconds, reference)

    def _in_content(
        self,
        found: dict[Flag, set[int]],
        submission: Submission,
        row: list[int],
        plan: Plan,
        limits: Limits,
        now: float,
    ) -> None:
        reference = submission.reference
        if plan.closed >= LEAST_CLOSED:
            known = self._likeness.pop(plan, None)
            likeness, shift, crowd = known or (Likeness(plan.closed, plan.scales), Shift(), Crowd())
            self._likeness[plan] = likeness, shift, crowd
            if len(self._likeness) > VERSIONS:
                self._likeness.popitem(last=False)
            copies = found[Flag.REPEATED] = set(likeness.observe(row, reference))
            if copies:
                shift.leave_out(copies)
            scores = plan.scores(row)
            seen = "" if copies else habit(scores)
            flag = Flag.SCATTERED if seen == "scattered" else Flag.STRAIGHT_LINE
            found[flag] = set(shift.observe(seen, reference))
            if not copies:
                more = crowd.observe(plan, row, scores, submission.answers, submission.seconds, now, reference, limits)
                for flag, references in more.items():
                    found[flag] = found.get(flag, set()) | references
        texts = [text for key in plan.texts if isinstance(text := submission.answers.get(key), str) and text]
        if texts:
            found[Flag.SAME_TEXT] = self._comments.observe(texts, reference, now)

    def _remember(self, reference: int, now: float) -> None:
        flags = self._flags
        flags[reference] = (now, frozenset())
        while len(flags) > REMEMBERED or next(iter(flags.values()))[0] < now - DAY:
            flags.popitem(last=False)

    def _verdict(self, found: Mapping[Flag, set[int]], reference: int) -> Verdict:
        """Only what is new, and only for submissions of the last day."""
        earlier: dict[int, frozenset[Flag]] = {}
        own: frozenset[Flag] = frozenset()
        for flag, references in found.items():
            for one in references:
                known = self._flags.get(one)
                if known is None or flag in known[1]:
                    continue
                if not known[1]:
                    self._custom.doubt(one)
                self._flags[one] = (known[0], known[1] | {flag})
                if one == reference:
                    own |= {flag}
                else:
                    earlier[one] = earlier.get(one, frozenset()) | {flag}
        return Verdict(own, earlier)
