"""The sentence that says for whom a question is."""

from __future__ import annotations

import pytest

from survey.definition import library
from survey.definition.conditions import describe
from survey.definition.routing import Rule, read_rule
from survey.texts import texts
from tests.factories.instruments import instrument

ONLINE = {"question": "Q1", "is": ["2"]}
EASY = {"question": "Q2", "is": ["2"]}


def _rule(value: object) -> Rule:
    rule = read_rule(value)  # type: ignore[arg-type]  # parametrised as object
    assert rule is not None
    return rule


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (
            ONLINE,
            "Chỉ trả lời nếu ở câu Q1 Quý vị chọn “Trực tuyến”.",
            "Answer only if in question Q1 you chose “Online”.",
        ),
        (
            {"question": "Q1", "is": ["1", "2", "3"]},
            "Chỉ trả lời nếu ở câu Q1 Quý vị chọn “Trực tiếp”, “Trực tuyến” hoặc “Bưu chính”.",
            "Answer only if in question Q1 you chose “In person”, “Online” or “By post”.",
        ),
        (
            {"not": {"not": ONLINE}},
            "Chỉ trả lời nếu ở câu Q1 Quý vị chọn “Trực tuyến”.",
            "Answer only if in question Q1 you chose “Online”.",
        ),
        (
            {"all": [ONLINE, {"not": EASY}]},
            "Chỉ trả lời nếu ở câu Q1 Quý vị chọn “Trực tuyến” và ở câu Q2 Quý vị không chọn “Không”.",
            "Answer only if in question Q1 you chose “Online” and in question Q2 you did not choose “No”.",
        ),
        (
            {"not": {"any": [ONLINE, EASY]}},
            "Chỉ trả lời nếu ở câu Q1 Quý vị không chọn “Trực tuyến” và ở câu Q2 Quý vị không chọn “Không”.",
            "Answer only if in question Q1 you did not choose “Online” and in question Q2 you did not choose “No”.",
        ),
        (
            {"any": [EASY, {"all": [ONLINE, {"not": EASY}]}]},
            "Chỉ trả lời nếu ở câu Q2 Quý vị chọn “Không” hoặc (ở câu Q1 Quý vị chọn “Trực tuyến” và "
            "ở câu Q2 Quý vị không chọn “Không”).",
            "Answer only if in question Q2 you chose “No” or (in question Q1 you chose “Online” and "
            "in question Q2 you did not choose “No”).",
        ),
    ],
)
def test_the_sentence_says_for_whom(value: object, vietnamese: str, english: str) -> None:
    questionnaire = instrument("routing")
    assert describe(_rule(value), questionnaire, texts("vi"), "vi") == _quoting(vietnamese, "câu", "vi")
    assert describe(_rule(value), questionnaire, texts("en"), "en") == _quoting(english, "question", "en")


def _quoting(sentence: str, before: str, language: str) -> str:
    """The sentence with questions quoted as people read them; the expectations above name them by key to stay short."""
    for key, variable in instrument("routing").by_key.items():
        sentence = sentence.replace(f"{before} {key} ", f"{before} “{variable.label.to(language)}” ")
    return sentence


def test_the_conference_tells_who_skips_the_third_part() -> None:
    conference = library.load("conference")
    rule = conference.sections[2].show_if
    assert rule is not None
    assert describe(rule, conference, texts("vi"), "vi") == (
        "Bỏ qua nếu ở câu “Trong 12 tháng qua, Quý vị có nộp hồ sơ thủ tục hành chính nào thuộc thẩm quyền của Sở "
        "không?” Quý vị chọn “Không”."
    )
