"""Keyword rules find whole words whatever their marks, and demand marks where the rule does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.comments.themes import Written, rules, starters, suggested
from survey.texts import LANGUAGES


def fits(words: str, text: str) -> bool:
    return rules(words).fit(Written(text))


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("thái độ", "THAI DO chưa tốt", True),
        ("thái độ", "Thái  độ: tốt", True),
        ("thái độ", "thái\nđộ", True),
        ("thai do", "thái độ", True),
        ("phí", "phía sau", False),
        ("phí", "chi phi cao", True),
        ('"chờ"', "cho tôi hỏi", False),
        ('"chờ"', "Chờ lâu", True),
        ("“chờ”", "CHỜ LÂU", True),
        ('"hòa nhã"', "hoà nhã", True),
        ("# phí\n\nlệ phí # của hồ sơ", "lệ phí", True),
        ("# phí", "phí", False),
        ("1022", "gọi 1022!", True),
        ("102", "gọi 1022", False),
        ("đất đai", unicodedata.normalize("NFD", "Đất đai"), True),
        ("", "gì cũng được", False),
        ('""', "gì cũng được", False),
        ("e-mail", "gửi e mail", True),
    ],
)
def test_a_rule_finds_what_it_says(words: str, text: str, found: bool) -> None:
    assert fits(words, text) is found


def test_several_themes_may_fit_one_comment_in_their_order() -> None:
    known = [(7, rules("chậm")), (3, rules("thái độ")), (5, rules("ghế"))]
    assert suggested("Thái độ tốt nhưng chậm", known) == (7, 3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_themes_to_begin_with_have_names_and_rules_of_their_own(language: str) -> None:
    found = starters(language)
    assert len({one.name for one in found}) == len(found) >= 12
    for one in found:
        ruled = rules(one.words)
        assert len(ruled.phrases) + len(ruled.exact) == len(one.words.splitlines()), one.name
        assert all(fits(one.words, word.strip('"')) for word in one.words.splitlines())


@pytest.mark.parametrize(
    ("comment", "theme"),
    [
        ("Cán bộ niềm nở, hoà nhã", "Thái độ phục vụ"),
        ("phai cho doi lau", "Thời gian giải quyết"),
        ("Giấy tờ rườm rà", "Thủ tục, giấy tờ"),
        ("Cổng dịch vụ công hay bị lỗi", "Dịch vụ công trực tuyến"),
        ("phải bồi dưỡng mới nhanh", "Phí, lệ phí và chi phí ngoài quy định"),
        ("Nhà vệ sinh bẩn", "Cơ sở vật chất, nơi tiếp nhận"),
    ],
)
def test_the_vietnamese_themes_suggest_what_is_meant(comment: str, theme: str) -> None:
    known = list(enumerate(starters("vi")))
    found = suggested(comment, [(number, rules(one.words)) for number, one in known])
    assert theme in [starters("vi")[number].name for number in found]


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_may_be_a_rule_and_a_comment(text: str, words: str) -> None:
    fits(words, text)
    if words.split("#")[0].strip().isalpha() and len(words.split()) == 1:
        assert fits(words, f"x {words} y")
