"""How people answer in the fresh proof on stuffing: opinions, habits, comments and time taken. Seeded.

The detector was not tuned on these people, who were written without its thresholds. They follow Andrich's rating scale
model rather than cut points: an answer is a choice between neighbouring levels, drawn by the person's satisfaction, the
item's difficulty and the person's halo, which is how much one impression decides every item.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate

from survey.collection.answers import check
from survey.definition import library
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form, Variable

Given = dict[str, list[str]]
Answers = dict[str, "str | list[str]"]

STEPS = (-2.2, -1.4, -0.3, 1.6)
"""Where a person is torn between a level and the next, in logits. At a mood of 1.2: 52 % satisfied, 35 % very."""

UNSURE = "9"

EMPTY_WORDS = (
    ("Không", 30), ("Không có", 18), ("không", 14), ("Không có ý kiến", 10), ("Ko", 7), ("Tốt", 9), ("Cảm ơn", 5),
    ("Hài lòng", 6), ("Rất tốt", 6), (".", 3), ("Không có góp ý gì thêm", 4), ("K", 2),
)  # fmt: skip
"""What people write who have nothing to say, by how often."""

_GLAD = (
    "anh chị ở quầy nói năng nhẹ nhàng", "làm nhanh hơn lần trước", "được chỉ từng bước một", "giấy hẹn đúng ngày",
    "chỗ ngồi mát, có nước uống", "hỏi gì cũng được trả lời", "không phải chạy đi chạy lại", "hồ sơ gọn hơn mọi năm",
    "cô ở quầy số 2 rất tận tình", "nhận kết quả qua bưu điện tiện lắm",
)  # fmt: skip
_SORE = (
    "chờ cả buổi sáng mới tới lượt", "trang nộp hồ sơ cứ quay mãi", "mỗi người nói một kiểu", "mẫu đơn nhiều chữ quá",
    "trễ hẹn hai lần mà không ai báo", "gọi tổng đài không ai nghe", "phải bổ sung giấy tờ ba lần", "bãi xe chật",
    "đăng nhập định danh bị lỗi", "lấy số rồi vẫn bị chen", "không biết lệ phí vì sao lại tăng",
)  # fmt: skip
_START = ("", "", "Tôi thấy ", "Hôm nay ", "Theo tôi thì ", "Nói thật là ", "Nhà tôi ở xa, ", "Lần này ", "Mình thấy ")
_END = (
    "", "", "", ".", " ạ", ", mong xem lại", ", cảm ơn nhiều", ". Chúc cơ quan ngày càng tốt", ", vậy thôi", "!",
    ". Tháng sau tôi còn phải lên nữa", ", người già khó làm lắm", ", bà con ai cũng nói vậy",
)  # fmt: skip
_OTHER = (
    "nghe bạn chỉ",
    "qua con cháu",
    "việc khác",
    "hộ kinh doanh",
    "do mất mạng",
    "quên mật khẩu",
    "giữ xe",
    "khác",
)


@cache
def questionnaire(name: str) -> Questionnaire:
    """A built-in template, one object each."""
    return library.load(name)


@cache
def by_key(name: str) -> dict[str, Variable]:
    """The template's variables."""
    return {variable.key: variable for variable in questionnaire(name).variables}


def canonical(name: str, given: Given) -> Answers:
    """What the validator stores of ``given``."""
    return check(questionnaire(name), given).answers


def regiven(answers: Answers) -> Given:
    """Stored answers as a page would send them."""
    return {key: [value] if isinstance(value, str) else list(value) for key, value in answers.items()}


def levels(variable: Variable) -> list[str]:
    """The five levels of a scale."""
    return [code for code in variable.listed.codes if code != UNSURE]


def pick(chance: random.Random, weighed: tuple[tuple[str, int], ...]) -> str:
    """One text by its weight."""
    return chance.choices([text for text, _ in weighed], [weight for _, weight in weighed])[0]


def remark(chance: random.Random, content: bool) -> str:
    """Something a person writes in their own words."""
    parts = chance.sample(_GLAD if content else _SORE, 1 if chance.random() < 0.7 else 2)
    text = chance.choice(_START) + ", ".join(parts) + chance.choice(_END)
    # About a third type without a capital, one in eight without marks being worth the effort: all lower case.
    return text if chance.random() < 0.33 else text[0].upper() + text[1:]


@dataclass
class Place:
    """An office as its visitors meet it. ``mood`` in logits, see STEPS; ``spread`` is how much people differ;
    ``straight`` the share who give one answer all the way down; ``wordy`` the share who write into a text field;
    ``interrupted`` the share who put the phone away half way."""

    name: str
    chance: random.Random
    mood: float | None = None
    spread: float = 1.0
    straight: float | None = None
    wordy: float | None = None
    interrupted: float = 0.05
    hardness: dict[str, float] = field(init=False, default_factory=dict)
    unsure: dict[str, float] = field(init=False, default_factory=dict)
    popular: dict[str, list[float]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        chance = self.chance
        # 0.5 to 1.9 gives 72 to 93 % satisfied, the range of published indexes.
        self.mood = chance.uniform(0.5, 1.9) if self.mood is None else self.mood
        # Matrix questions on phones: one in ten to one in four do not differentiate.
        self.straight = chance.uniform(0.10, 0.25) if self.straight is None else self.straight
        # Open questions are answered by 5 to 18 %.
        self.wordy = chance.uniform(0.05, 0.18) if self.wordy is None else self.wordy
        blocks: dict[str, float] = {}
        for key, variable in by_key(self.name).items():
            if variable.form is Form.SCALE:
                # Fees and petitions are judged harder than staff: whole blocks differ, items less so.
                block = blocks.setdefault(key[0], chance.gauss(0, 0.35))
                self.hardness[key] = block + chance.gauss(0, 0.3)
                # Mostly nobody is unsure, of a few items many are.
                self.unsure[key] = min(0.15, chance.expovariate(1 / 0.015))
            elif variable.closed:
                # One or two kinds of dossier make up most of what an office does.
                self.popular[key] = [chance.gammavariate(0.7, 1) + 0.02 for _ in variable.listed.codes]

    def visitor(self, near: Visitor | None = None) -> Visitor:
        """Somebody who was served here; ``near`` is a relative who was there with them."""
        chance = self.chance
        assert self.mood is not None and self.straight is not None
        theta = chance.gauss(self.mood, self.spread)
        if near is not None:
            # What they saw together weighs more than who they are.
            theta = 0.7 * near.theta + 0.3 * theta
        elif chance.random() < 0.06:
            # About one visit in sixteen goes wrong.
            theta -= chance.uniform(1.5, 3.5)
        return Visitor(
            place=self,
            theta=theta,
            halo=chance.betavariate(3, 2),
            # One in six likes the ends of a scale, one in seven shuns them.
            ends=chance.choices((0.0, 1.3, -1.0), (69, 17, 14))[0],
            straight=chance.random() < self.straight,
            careless=chance.random() < 0.2,
            # Adults' reading speed varies by about a third; on a phone the hand adds to it.
            slowness=chance.lognormvariate(0, 0.38),
        )

    def fact(self, variable: Variable) -> list[str]:
        """What somebody ticks who answers about the dossier and themselves."""
        chance, listed, weights = self.chance, variable.listed, self.popular[variable.key]
        if variable.form is Form.SINGLE:
            return chance.choices(listed.codes, weights)
        number = min(chance.choices((0, 1, 2, 3), (25, 45, 22, 8))[0], variable.most or 3)
        alone = {choice.code for choice in listed.choices if choice.exclusive}
        chosen: list[str] = []
        for code in chance.choices(listed.codes, weights, k=number):
            if code in alone:
                return [code]
            if code not in chosen:
                chosen.append(code)
        return chosen


@dataclass
class Visitor:
    """``theta``: satisfaction in logits. ``halo`` 0 to 1. ``ends``: pull of the ends of the scale. ``slowness``: 1 is
    the usual reading speed."""

    place: Place
    theta: float
    halo: float
    ends: float
    straight: bool
    careless: bool
    slowness: float

    def level(self, variable: Variable, hardness: float) -> str:
        """One level of a scale, by the rating scale model."""
        # A strong halo leaves little to chance: the same impression gives the same level.
        sharpness = 0.7 + 1.3 * self.halo
        heights = [0.0, *accumulate(sharpness * (self.theta - hardness * (1.3 - self.halo) - step) for step in STEPS)]
        heights[0] += self.ends
        heights[-1] += self.ends
        top = max(heights)
        return self.place.chance.choices(levels(variable), [math.exp(height - top) for height in heights])[0]

    def answers(self, facts: Answers | None = None) -> Answers:
        """What is stored of theirs; ``facts`` answers another gave about the same dossier."""
        place, chance = self.place, self.place.chance
        variables = by_key(place.name)
        scales = [key for key, variable in variables.items() if variable.form is Form.SCALE]
        line = self.level(variables[scales[0]], 0.0) if self.straight and len(scales) > 3 else ""
        # Half of those go down one column to the end, the others notice an item or two.
        noticed = set(chance.sample(scales, chance.choice((0, 0, 1, 2)))) if line else set()
        # On long forms one in thirty sends with the last part unfilled.
        last = chance.uniform(0.4, 1) if len(variables) > 15 and chance.random() < 0.035 else 1.0
        given: Given = {}
        for position, (key, variable) in enumerate(variables.items()):
            if position > last * len(variables) or (self.careless and chance.random() < 0.06):
                continue
            if variable.form is Form.TEXT:
                given[key] = [self.words(variable)]
            elif variable.form is Form.SCALE:
                if line and key not in noticed:
                    given[key] = [line]
                elif UNSURE in variable.listed.codes and chance.random() < place.unsure[key]:
                    given[key] = [UNSURE]
                else:
                    given[key] = [self.level(variable, place.hardness[key])]
            elif facts and facts.get(key) and variable.form is Form.SINGLE:
                given[key] = [str(facts[key])]
            else:
                given[key] = place.fact(variable)
        return canonical(place.name, given)

    def words(self, variable: Variable) -> str:
        """A comment, or mostly none; those who are cross write twice as often."""
        chance, wordy = self.place.chance, self.place.wordy or 0.0
        if variable.length <= 200:
            return chance.choice(_OTHER) if chance.random() < 0.5 else ""
        content = self.theta > 0
        if chance.random() >= wordy * (1 if content else 2):
            return ""
        # Somewhat under half of all comments say that there is none.
        if chance.random() < (0.45 if content else 0.15):
            return pick(chance, EMPTY_WORDS)
        return remark(chance, content or chance.random() < 0.15)

    def seconds(self, answers: Answers) -> float:
        """How long the page was before them, from made to sent."""
        chance = self.place.chance
        variables = by_key(self.place.name)
        # One tap needs a glance; a form has a heading, a sentence on privacy and a button to find.
        time = 1.5 if self.place.name == "one-tap" else 6.0
        for key, value in answers.items():
            form = variables[key].form
            if not value:
                time += 0.8
            elif form is Form.TEXT:
                # A thought, then about two characters a second with Vietnamese marks on a phone.
                time += 4 + 0.45 * len(value)
            elif form is Form.SCALE:
                # Down one column nobody reads every item.
                time += 1.3 if self.straight else 3.3
            else:
                time += 4.5 if form is Form.SINGLE else 3 + 1.5 * len(value)
        time *= self.slowness * chance.lognormvariate(0, 0.15)
        if chance.random() < self.place.interrupted:
            # Called to the window, a telephone call: two minutes, now and then the rest of the day.
            time += chance.lognormvariate(math.log(120), 1.2)
        return max(1.5, time)
