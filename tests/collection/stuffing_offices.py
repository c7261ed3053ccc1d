"""Honest people that screening was developed with: what they answer, how long they take. Seeded; no detector here.

An office has its own level on each item; people have an opinion of it that all items share, a pace and a habit. A share
of the satisfied give one answer all the way down, some leave questions out or stop half way, about one in five writes a
comment, many of those the same two words. Most offices have the levels published for such surveys (about 83 %
satisfied), three in ten those that students really gave to a department (``tests/data/eth-lecture-ratings.csv``).
"""

from __future__ import annotations

import csv
import math
import random
import unicodedata
from bisect import bisect
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from statistics import NormalDist

from survey.collection.answers import check
from survey.definition import library
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form, Variable
from tests.factories.instruments import instrument, names

Given = dict[str, list[str]]
Answers = dict[str, "str | list[str]"]

DATA = Path(__file__).parent.parent / "data"
PUBLISHED = ((1, 3, 13, 55, 28), (2, 5, 11, 42, 40), (1, 2, 7, 45, 45), (3, 6, 18, 50, 23))
"""Shares of the five levels in offices with 73 to 90 % satisfied."""

STOCK = (
    "Không",
    "Không có",
    "Không có ý kiến",
    "Tốt",
    "Rất tốt",
    "Rất hài lòng",
    "Cảm ơn",
    "ok",
    "khong",
    "Không ạ",
    "Hài lòng",
)
_WHAT = (
    "thời gian giải quyết", "thủ tục cấp phép", "hồ sơ trực tuyến", "cán bộ hướng dẫn", "biểu mẫu", "chỗ ngồi chờ",
    "phần mềm nộp hồ sơ", "bảng chỉ dẫn", "thủ tục karaoke", "giấy phép biểu diễn", "đăng ký lữ hành", "mạng wifi",
    "số điện thoại hỗ trợ", "âm thanh hội trường", "tài liệu", "việc trả lời kiến nghị", "phí thẩm định", "chỗ để xe",
)  # fmt: skip
_HOW = (
    "còn chậm", "nên nhanh hơn", "rườm rà quá", "khó hiểu", "rất tốt", "cần đơn giản hơn", "chưa rõ", "hay bị lỗi",
    "tạm được", "phải đi lại nhiều lần", "nên có hướng dẫn bằng hình", "thân thiện, nhiệt tình", "không đúng hẹn",
    "cần công khai hơn", "nên gửi qua Zalo",
)  # fmt: skip
_MORE = (
    "", "", "", " Mong Sở quan tâm.", " Cảm ơn!", " Doanh nghiệp nhỏ rất khó làm.", " Tôi đã đi ba lần.",
    " Đề nghị xem lại.", " Năm ngoái còn khó hơn.", " Nhất là vào mùa lễ hội.", " Xin cảm ơn cán bộ.",
)  # fmt: skip


@cache
def questionnaire(name: str) -> Questionnaire:
    """A built-in template or an instrument of the tests, one object each."""
    return instrument(name) if name in names() else library.load(name)


def canonical(name: str, given: Given) -> Answers:
    """What the validator stores of ``given``."""
    return check(questionnaire(name), given).answers


@cache
def departments() -> tuple[tuple[int, ...], ...]:
    """Counts of the ratings 1 to 5 in each department of the ETH."""
    with (DATA / "eth-lecture-ratings.csv").open(encoding="utf-8") as file:
        counted = Counter((row["dept"], row["rating"]) for row in csv.DictReader(file))
    return tuple(
        tuple(counted[one, str(level)] for level in range(1, 6)) for one in sorted({dept for dept, _ in counted})
    )


@cache
def real_rows(name: str) -> tuple[dict[str, str], ...]:
    """The real answers behind the instrument ``name``."""
    file_name = {"lecture_ratings": "eth-lecture-ratings.csv", "housing": "copenhagen-housing.csv"}[name]
    with (DATA / file_name).open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@dataclass
class Office:
    """One office, as those who were served there see it through the questionnaire ``name``."""

    name: str
    chance: random.Random
    fixed: Given = field(default_factory=dict)
    cuts: dict[str, list[float]] = field(init=False)
    loading: dict[str, float] = field(init=False)
    weights: dict[str, list[float]] = field(init=False)
    unsure: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        chance = self.chance
        shares = chance.choice(PUBLISHED) if chance.random() < 0.7 else chance.choice(departments())
        heights = [NormalDist().inv_cdf(part / sum(shares)) for part in list(accumulate(shares))[:-1]]
        self.cuts, self.loading, self.weights, self.unsure = {}, {}, {}, {}
        for variable in questionnaire(self.name).variables:
            if variable.form is Form.SCALE:
                shift = chance.gauss(0, 0.3)
                self.cuts[variable.key] = [height + shift for height in heights]
                self.loading[variable.key] = chance.uniform(0.6, 0.9)
                self.unsure[variable.key] = chance.choice((0.005, 0.01, 0.02, 0.05, 0.15))
            elif variable.closed:
                ranks = list(range(1, len(variable.listed.choices) + 1))
                chance.shuffle(ranks)
                self.weights[variable.key] = [1 / rank**1.3 for rank in ranks]

    def person(self) -> Person:
        """Somebody served here."""
        chance = self.chance
        opinion = chance.gauss(0, 1)
        habit = chance.random()
        return Person(
            office=self,
            opinion=opinion,
            # Halo: the opinion of the whole colours each item; stronger in some.
            own=chance.choice((1.0, 1.0, 0.8, 0.3)),
            straight=habit < (0.22 if opinion > -0.3 else 0.05),
            leaves_out=chance.choice((0.0, 0.0, 0.01, 0.02, 0.05, 0.2)),
            stops=chance.random() < 0.04,
            writes=chance.random() < 0.2,
            # Seconds an item takes.
            pace=math.exp(chance.gauss(math.log(4.2), 0.4)),
        )


@dataclass(frozen=True)
class Person:
    """``own``: how far each item is thought about on its own. ``straight``: one answer all the way down a battery."""

    office: Office
    opinion: float
    own: float
    straight: bool
    leaves_out: float
    stops: bool
    writes: bool
    pace: float

    def answers(self, same: Answers | None = None) -> Answers:
        """The canonical answers; ``same`` are those of who came together with this person: facts are then the same."""
        office, chance = self.office, self.office.chance
        asked = questionnaire(office.name).variables
        until = chance.randrange(2, len(asked)) if self.stops and len(asked) > 5 else len(asked)
        line = str(1 + bisect(next(iter(office.cuts.values()), [0.0]), self.opinion))
        given: Given = {}
        for place, variable in enumerate(asked):
            if variable.key in office.fixed:
                given[variable.key] = office.fixed[variable.key]
            elif same is not None and variable.form in (Form.SINGLE, Form.MULTIPLE) and place < 4:
                before = same.get(variable.key, "")
                given[variable.key] = [before] if isinstance(before, str) else before
            elif place < until and chance.random() >= self.leaves_out:
                given[variable.key] = self._answer(variable, line)
        return canonical(office.name, given)

    def seconds(self, answers: Answers) -> float:
        """From the page made to the press on send: network, notice, items, and what is typed."""
        chance = self.office.chance
        filled = [value for value in answers.values() if value]
        typed = sum(len(answers[key]) for key in answers if self.office_form(key) is Form.TEXT)
        pace = self.pace * (0.6 if self.straight else 1)
        items = sum(pace * math.exp(chance.gauss(0, 0.5)) for _ in filled) + 0.4 * (len(answers) - len(filled))
        return chance.uniform(1, 5) + chance.choice((1, 3, 6, 12, 25)) + items + typed * chance.uniform(0.2, 0.5)

    def office_form(self, key: str) -> Form:
        """The form of the answer ``key``."""
        return questionnaire(self.office.name).by_key[key].form

    def _answer(self, variable: Variable, line: str) -> list[str]:
        office, chance = self.office, self.office.chance
        match variable.form:
            case Form.SCALE:
                if variable.listed.choices[-1].missing and chance.random() < office.unsure[variable.key]:
                    return ["9"]
                if self.straight:
                    return [line]
                part = office.loading[variable.key]
                felt = part * self.opinion + math.sqrt(1 - part**2) * self.own * chance.gauss(0, 1)
                return [str(1 + bisect(office.cuts[variable.key], felt))]
            case Form.SINGLE:
                return chance.choices(variable.listed.codes, office.weights[variable.key])
            case Form.MULTIPLE:
                return ticked(variable, chance, office.weights[variable.key])
            case _:
                return [comment(chance)] if self.writes and chance.random() < 0.7 else []


def ticked(variable: Variable, chance: random.Random, weights: list[float]) -> list[str]:
    """Some of the choices, as the rules of the question allow; often none."""
    most = variable.most or 3
    number = min(chance.choice((0, 1, 1, 1, 2, 2, 3)), most)
    codes = list(dict.fromkeys(chance.choices(variable.listed.codes, weights, k=number)))
    alone = [choice.code for choice in variable.listed.choices if choice.exclusive and choice.code in codes]
    return alone or codes


def comment(chance: random.Random) -> str:
    """What people write: two words out of a few, or a sentence of their own, sometimes without marks."""
    if chance.random() < 0.35:
        return chance.choice(STOCK)
    text = f"{chance.choice(_WHAT)} {chance.choice(_HOW)}"
    if chance.random() < 0.4:
        text += f", {chance.choice(_WHAT)} {chance.choice(_HOW)}"
    text = (
        (text[0].upper() + text[1:] if chance.random() < 0.7 else text)
        + chance.choice((".", "", "!"))
        + chance.choice(_MORE)
    )
    return plain(text) if chance.random() < 0.15 else text


def plain(text: str) -> str:
    """``text`` as typed without Vietnamese marks."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
