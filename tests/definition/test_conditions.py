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
            "Chỉ trả lời nếu ở câu “Quý vị nộp qua kênh nào?” Quý vị chọn “Trực tuyến”.",
            "Answer only if in question “How did you file?” you chose “Online”.",
        ),
        (
            {"question": "Q1", "is": ["1", "2", "3"]},
            "Chỉ trả lời nếu ở câu “Quý vị nộp qua kênh nào?” Quý vị chọn “Trực tiếp”, “Trực tuyến” hoặc “Bưu chính”.",
            "Answer only if in question “How did you file?” you chose “In person”, “Online” or “By post”.",
        ),
        (
            {"not": {"not": ONLINE}},
            "Chỉ trả lời nếu ở câu “Quý vị nộp qua kênh nào?” Quý vị chọn “Trực tuyến”.",
            "Answer only if in question “How did you file?” you chose “Online”.",
        ),
        (
            {"all": [ONLINE, {"not": EASY}]},
            "Chỉ trả lời nếu ở câu “Quý vị nộp qua kênh nào?” Quý vị chọn “Trực tuyến” và ở câu “Có gặp khó khăn không?” Quý vị không chọn “Không”.",
            "Answer only if in question “How did you file?” you chose “Online” and in question “Was it difficult?” you did not choose “No”.",
        ),
        (
            {"not": {"any": [ONLINE, EASY]}},
            "Chỉ trả lời nếu ở câu “Quý vị nộp qua kênh nào?” Quý vị không chọn “Trực tuyến” và ở câu “Có gặp khó khăn không?” Quý vị không chọn “Không”.",
            "Answer only if in question “How did you file?” you did not choose “Online” and in question “Was it difficult?” you did not choose “No”.",
        ),
        (
            {"any": [EASY, {"all": [ONLINE, {"not": EASY}]}]},
            "Chỉ trả lời nếu ở câu “Có gặp khó khăn không?” Quý vị chọn “Không” hoặc (ở câu “Quý vị nộp qua kênh nào?” Quý vị chọn “Trực tuyến” và "
            "ở câu “Có gặp khó khăn không?” Quý vị không chọn “Không”).",
            "Answer only if in question “Was it difficult?” you chose “No” or (in question “How did you file?” you chose “Online” and "
            "in question “Was it difficult?” you did not choose “No”).",
        ),
    ],
)
def test_the_sentence_says_for_whom(value: object, vietnamese: str, english: str) -> None:
    questionnaire = instrument("routing")
    assert describe(_rule(value), questionnaire, texts("vi"), "vi") == vietnamese
    assert describe(_rule(value), questionnaire, texts("en"), "en") == english


def test_the_conference_tells_who_skips_the_third_part() -> None:
    conference = library.load("conference")
    rule = conference.sections[2].show_if
    assert rule is not None
    assert describe(rule, conference, texts("vi"), "vi") == (
        "Bỏ qua nếu ở câu “Trong 12 tháng qua, Quý vị có nộp hồ sơ thủ tục hành chính nào thuộc thẩm quyền của Sở "
        "không?” Quý vị chọn “Không”."
    )
