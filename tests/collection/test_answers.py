"""The only validator: what it accepts, refuses, drops and tidies, and that nothing people send can upset it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.collection.answers import AnswerError, check, digest, message, normalise
from survey.definition import library
from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import Answers
from survey.definition.variables import Form
from survey.texts import texts
from tests.factories.instruments import instrument, names

QUESTIONNAIRES = {name: instrument(name) for name in names()} | {name: library.load(name) for name in library.names()}


def _errors(name: str, given: dict[str, Sequence[str]]) -> dict[str, str]:
    return {one.key: one.code for one in check(QUESTIONNAIRES[name], given).errors}


# One code


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        (["4"], "4"),
        ([" 4 "], "4"),
        (["4", "4"], "4"),
        (["", "4"], "4"),
        ([""], ""),
        (["  "], ""),
        ([], ""),
        (["9"], "9"),
    ],
)
def test_one_code_is_taken_and_blanks_are_blank(values: list[str], answer: str) -> None:
    checked = check(QUESTIONNAIRES["scale"], {"Q1": values})
    assert (checked.answers, checked.errors) == ({"Q1": answer}, ())


@pytest.mark.parametrize(
    ("values", "code"),
    [(["7"], "unknown_code"), (["4", "5"], "several"), (["4", "x"], "unknown_code"), (["٤"], "unknown_code")],
)
def test_what_is_no_single_code_is_an_error_that_keeps_the_values(values: list[str], code: str) -> None:
    checked = check(QUESTIONNAIRES["scale"], {"Q1": values})
    assert checked.errors == (AnswerError("Q1", code, tuple(values)),)
    assert checked.answers == {"Q1": ""}


def test_a_question_that_was_not_sent_is_blank_and_unknown_keys_are_ignored() -> None:
    checked = check(QUESTIONNAIRES["scale"], {"q1": ["4"], "token": ["x"], "": ["y"]})
    assert (checked.answers, checked.errors, checked.dropped) == ({"Q1": ""}, (), ())


# Several codes


def test_codes_are_folded_and_kept_in_the_order_of_the_list() -> None:
    checked = check(QUESTIONNAIRES["multiple"], {"Q1": ["3", "1", "3", "", "2"]})
    assert checked.answers == {"Q1": ["1", "2", "3"], "Q2": []}


def test_an_exclusive_code_stands_alone() -> None:
    assert check(QUESTIONNAIRES["multiple"], {"Q1": ["4"]}).answers["Q1"] == ["4"]
    assert _errors("multiple", {"Q1": ["4", "1"]}) == {"Q1": "exclusive"}


def test_no_more_codes_than_allowed() -> None:
    assert _errors("multiple", {"Q2": ["1", "2"]}) == {}
    assert _errors("multiple", {"Q2": ["1", "2", "3"]}) == {"Q2": "too_many"}
    assert _errors("multiple", {"Q2": ["1", "1", "2", "2"]}) == {}


# Required


def test_required_questions_need_an_answer_of_substance() -> None:
    assert _errors("required", {}) == {"Q1": "required", "Q2": "required", "Q3": "required"}
    assert _errors("required", {"Q1": ["9"], "Q2": ["1"], "Q3": [" \u200b\n"]}) == {"Q3": "required"}
    assert _errors("matrix", {}) == {"R2": "required"}


# Text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nhanh hơn \t", "Nhanh hơn"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x00b\x01\x1b[31mc\ufeff", "ab[31mc"),
        ("a\ud800b\udfffc", "abc"),
        ("đảo\u202echiều\u2066", "đảochiều"),
        (unicodedata.normalize("NFD", "Ễ Ự ộ"), "Ễ Ự ộ"),
        ("👍🏽 tốt", "👍🏽 tốt"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_text_is_kept_as_meant_without_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert normalise(typed) == kept


def test_short_text_is_one_line() -> None:
    checked = check(QUESTIONNAIRES["texts"], {"Q1": [" a\r\n  b "], "Q2": ["a\r\n  b"]})
    assert checked.answers == {"Q1": "a b", "Q2": "a\n  b"}


def test_length_counts_composed_characters() -> None:
    apart = unicodedata.normalize("NFD", "ộ" * 40)
    assert check(QUESTIONNAIRES["texts"], {"Q1": [apart]}).answers["Q1"] == "ộ" * 40
    checked = check(QUESTIONNAIRES["texts"], {"Q1": [apart + "x"]})
    assert checked.errors == (AnswerError("Q1", "too_long", (apart + "x",)),)


def test_two_texts_for_one_question_are_an_error_rather_than_a_guess() -> None:
    assert _errors("texts", {"Q2": ["a", "b"]}) == {"Q2": "several"}
    assert check(QUESTIONNAIRES["texts"], {"Q2": ["", "b"]}).answers["Q2"] == "b"


def test_a_tower_of_marks_is_cut_before_it_costs_anything() -> None:
    # Composing the uncut tower takes quadratic time: this test would not come to its end.
    assert len(normalise("a" + "\u0300\u0327" * 500_000)) <= 31


# Routing


def test_what_the_rules_do_not_ask_is_dropped_and_not_required() -> None:
    checked = check(QUESTIONNAIRES["routing"], {"Q1": ["4"], "Q2": ["1"], "Q3": ["x"], "Q4": ["2"]})
    assert checked.answers == {"Q1": ["4"]}
    assert (checked.errors, checked.dropped) == ((), ("Q2", "Q3", "Q4"))


def test_rules_are_followed_in_order_so_that_a_dropped_answer_asks_for_nothing() -> None:
    checked = check(QUESTIONNAIRES["routing"], {"Q1": ["1"], "Q2": ["1"], "Q3": ["x"], "Q4": ["1"]})
    assert checked.answers == {"Q1": ["1"], "Q4": "1"}
    assert checked.dropped == ("Q2", "Q3")


def test_what_the_rules_ask_may_be_required() -> None:
    assert _errors("routing", {"Q1": ["1"]}) == {"Q4": "required"}
    assert _errors("routing", {"Q1": ["2"], "Q2": ["1"], "Q3": ["x"]}) == {}


def test_rules_see_the_codes_within_an_answer_in_error() -> None:
    assert _errors("routing", {"Q1": ["1", "x"]}) == {"Q1": "unknown_code", "Q4": "required"}
    checked = check(QUESTIONNAIRES["routing"], {"Q1": ["2", "x"], "Q2": ["1"], "Q3": ["Mạng chậm"]})
    assert (checked.dropped, checked.answers["Q3"]) == ((), "Mạng chậm")


def test_the_conference_without_a_dossier_has_no_third_part() -> None:
    everything = {one.key: [one.listed.codes[0]] for one in QUESTIONNAIRES["conference"].variables if one.closed}
    assert len(check(QUESTIONNAIRES["conference"], everything).answers) == 33
    assert len(check(QUESTIONNAIRES["conference"], everything | {"A4": ["4"]}).answers) == 24


# Whatever people send


anything = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    ["", " ", "1", "2", "4", "9", "x", "1 2", "\x00"]
)


@st.composite
def submissions(draw: st.DrawFn) -> tuple[str, dict[str, list[str]]]:
    """A questionnaire's name and what somebody might send to it."""
    name = draw(st.sampled_from(sorted(QUESTIONNAIRES)))
    keys = st.sampled_from([one.key for one in QUESTIONNAIRES[name].variables]) | st.text(max_size=3)
    return name, draw(st.dictionaries(keys, st.lists(anything, max_size=4), max_size=12))


@given(submissions())
def test_checking_never_fails_and_its_own_output_checks_to_itself(
    sent: tuple[str, dict[str, list[str]]],
) -> None:
    questionnaire, given_ = QUESTIONNAIRES[sent[0]], sent[1]
    checked = check(questionnaire, given_)
    order = [one.key for one in questionnaire.variables]
    assert list(checked.answers) == [key for key in order if key in checked.answers]
    assert not set(checked.dropped) & set(checked.answers)
    for key, answer in checked.answers.items():
        _is_canonical(questionnaire, key, answer)
    for error in checked.errors:
        for language in ("vi", "en"):
            assert message(error, questionnaire, texts(language), language).encode()
    if not checked.errors:
        again = check(questionnaire, checked.answers)
        assert (again.answers, again.errors, again.dropped) == (checked.answers, (), ())


def _is_canonical(questionnaire: Questionnaire, key: str, answer: str | list[str]) -> None:
    variable = questionnaire.by_key[key]
    if variable.form is Form.MULTIPLE:
        assert isinstance(answer, list)
        assert answer == [code for code in variable.listed.codes if code in answer]
    elif variable.form is Form.TEXT:
        assert isinstance(answer, str)
        assert len(answer) <= variable.length
        assert answer == normalise(answer)
        assert unicodedata.is_normalized("NFC", answer.encode().decode())
    else:
        assert answer == "" or answer in variable.listed.codes


@given(
    st.text(st.characters(exclude_categories=())) | st.text("a\u0300\u0344\u0f73\u1100\u1161\u11a8 \r\n", min_size=25)
)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    for lines in (True, False):
        assert normalise(normalise(text, lines), lines) == normalise(text, lines)


# Digest


def test_the_digest_tells_other_content_and_other_versions() -> None:
    said: Answers = {"Q1": ["1"], "Q2": "Tốt"}
    assert digest("v1", said) == digest("v1", {"Q2": "Tốt", "Q1": ["1"]})
    assert len({digest("v1", said), digest("v2", said), digest("v1", {"Q1": ["1"], "Q2": "Tốt."})}) == 3
    assert len(digest("v1", said)) == 32


# Messages


@pytest.mark.parametrize(
    ("name", "given_", "vietnamese"),
    [
        (
            "required",
            {"Q2": ["1"], "Q3": ["x"]},
            "Quý vị vui lòng trả lời câu này vì không có câu trả lời thì không tổng hợp được kết quả.",
        ),
        ("scale", {"Q1": ["1", "2"]}, "Quý vị vui lòng chỉ chọn một câu trả lời."),
        (
            "scale",
            {"Q1": ["<b>\x00"]},
            "“<b>” không có trong các câu trả lời của câu hỏi này. Quý vị vui lòng chọn lại.",
        ),
        (
            "multiple",
            {"Q1": [" 4", "1"]},
            "Đã chọn “Không nộp” thì không chọn thêm câu trả lời khác. Quý vị vui lòng chỉ giữ một trong hai.",
        ),
        ("multiple", {"Q2": ["1", "2", "3"]}, "Quý vị vui lòng chọn tối đa 2 câu trả lời."),
        ("texts", {"Q1": ["x" * 41]}, "Câu trả lời này dài 41 ký tự. Quý vị vui lòng rút gọn còn 40 ký tự."),
    ],
)
def test_errors_say_what_to_do_in_vietnamese(name: str, given_: dict[str, Sequence[str]], vietnamese: str) -> None:
    questionnaire = QUESTIONNAIRES[name]
    (error,) = check(questionnaire, given_).errors
    assert message(error, questionnaire, texts("vi"), "vi") == vietnamese
