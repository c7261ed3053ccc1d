"""Made-up people for trying out screening: what they tick, write, and how long they take. Seeded; used for tuning."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from survey.collection import answers
from survey.collection.screening import Submission
from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import Answers
from survey.definition.variables import Form, Variable

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 10, 12, tzinfo=ZONE)

PHRASES = (
    "Tốt", "Rất tốt", "Không", "Không có", "Không có ý kiến", "Rất hài lòng", "Cảm ơn", "Hài lòng", "Ok",
    "Cán bộ nhiệt tình, chu đáo", "Không có ý kiến gì thêm", "Cảm ơn cán bộ", "Thủ tục nhanh gọn",
)  # fmt: skip
WORDS = (
    "thủ tục", "hồ sơ", "cán bộ", "giải thích", "nhanh", "chậm", "chờ", "lâu", "phòng nóng", "ghế", "thiếu", "cần thêm",
    "quầy", "hướng dẫn", "rõ", "mẫu đơn", "mạng lỗi", "trả", "kết quả", "đúng hẹn", "phí", "công khai", "bãi xe",
    "nước uống", "giờ", "trưa", "người già", "trẻ em", "điện thoại", "nộp", "qua mạng", "đất đai",
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """Something sent: when (local), seconds on the page, answers as ticked, whether it was stuffed."""

    at: datetime
    seconds: int | None
    ticked: dict[str, list[str]]
    stuffed: bool = False


class People:
    """A population with its own habits, drawn from ``rng``: shares of each answer, how many are content."""

    def __init__(self, rng: random.Random, questionnaire: Questionnaire, content: float = 0.75, lines: float = 0.4):
        self.rng = rng
        self.questionnaire = questionnaire
        self.closed = [one for one in questionnaire.variables if one.closed]
        self.texts = [one for one in questionnaire.variables if not one.closed]
        self.content, self.lines = content, lines
        self._weights = {one.key: [rng.gammavariate(0.7, 1) + 0.02 for _ in one.listed.codes] for one in self.closed}
        self._effect = {one.key: rng.gauss(0, 0.25) for one in self.closed}

    def person(self) -> dict[str, list[str]]:
        """What an honest person ticks and writes."""
        rng = self.rng
        mood = rng.random()
        centre = 4.5 if mood < self.content else 3.4 if mood < self.content + 0.2 else 2.2
        line = rng.random() < (self.lines if centre > 4 else 0.15)
        level = rng.choice("554") if centre > 4 else rng.choice("343")
        lazy = rng.random() < 0.15
        given: dict[str, list[str]] = {}
        for one in self.closed:
            levels = [choice.code for choice in one.listed.levels]
            if one.form is Form.SCALE:
                if len(self.closed) > 5 and rng.random() < 0.02:
                    continue
                missing = [choice.code for choice in one.listed.missing]
                if missing and rng.random() < (0.0 if line else 0.04):
                    given[one.key] = [missing[0]]
                elif line:
                    given[one.key] = [levels[min(int(level), len(levels)) - 1]]
                else:
                    place = round(rng.gauss(centre + self._effect[one.key], 0.7))
                    given[one.key] = [levels[min(max(place, 1), len(levels)) - 1]]
            elif not lazy:
                given[one.key] = self._other(one)
        if rng.random() < 0.3:
            for one in self.texts:
                given[one.key] = [self.comment()]
        return given

    def _other(self, one: Variable) -> list[str]:
        codes, weights = list(one.listed.codes), self._weights[one.key]
        if one.form is Form.SINGLE:
            return self.rng.choices(codes, weights)
        alone = {choice.code for choice in one.listed.choices if choice.exclusive}
        several = dict.fromkeys(self.rng.choices(codes, weights, k=self.rng.randint(1, 3)))
        free = [code for code in several if code not in alone]
        return (free or list(several)[:1])[: one.most or None]

    def comment(self) -> str:
        """A stock phrase or a sentence of one's own."""
        if self.rng.random() < 0.5:
            return self.rng.choice(PHRASES)
        return " ".join(self.rng.choices(WORDS, k=self.rng.randint(3, 20))).capitalize() + "."

    def random(self) -> dict[str, list[str]]:
        """What a script ticks that draws each answer by lot."""
        return {one.key: [self.rng.choice(one.listed.codes)] for one in self.closed}

    def best(self) -> dict[str, list[str]]:
        """The top of each scale, the first of each list."""
        return {
            one.key: [one.listed.levels[-1].code if one.form is Form.SCALE else one.listed.codes[0]]
            for one in self.closed
        }

    def varied(self, given: dict[str, list[str]], changes: int = 1) -> dict[str, list[str]]:
        """The same with some ratings one lower."""
        scales = [one for one in self.closed if one.form is Form.SCALE]
        out = dict(given)
        for one in self.rng.sample(scales, changes):
            out[one.key] = [one.listed.levels[-2].code]
        return out

    def others(self, given: dict[str, list[str]]) -> dict[str, list[str]]:
        """The same ratings with other particulars about the person."""
        return given | {one.key: self._other(one) for one in self.closed if one.form is not Form.SCALE}

    def took(self, median: float = 150, spread: float = 0.5) -> int:
        """Seconds an honest person takes."""
        return max(5, int(self.rng.lognormvariate(0, spread) * median))


def submissions(questionnaire: Questionnaire, forms: Sequence[Sent]) -> tuple[list[Submission], dict[int, bool]]:
    """In the order they arrive, with who stuffed by reference."""
    out, stuffed = [], {}
    for reference, form in enumerate(sorted(forms, key=lambda one: one.at), 1):
        checked: Answers = answers.check(questionnaire, form.ticked).answers
        digest = answers.digest("v", checked)
        local = form.at.astimezone(ZONE)
        out.append(Submission(local.astimezone(UTC), form.seconds, checked, digest, reference, local))
        stuffed[reference] = form.stuffed
    return out, stuffed


def office_day(
    people: People,
    day: datetime,
    number: int,
    seconds: Callable[[], int | None],
    hours: tuple[float, float] = (7.5, 16.5),
) -> list[Sent]:
    """``number`` people spread over opening hours, more in the middle of morning and afternoon."""
    rng, out = people.rng, []
    for _ in range(number):
        hour = rng.gauss(9.5, 1) if rng.random() < 0.6 else rng.gauss(14.5, 0.9)
        if not hours[0] < hour < hours[1]:
            hour = rng.uniform(*hours)
        out.append(Sent(day + timedelta(hours=hour), seconds(), people.person()))
    return out
