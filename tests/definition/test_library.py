"""The built-in templates are sound, complete in both languages, and say what the office was promised."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from survey.definition import checks, document, library
from survey.definition.indexes import Rule, Scoring
from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import Answers, holds
from survey.definition.types import Multiple
from survey.definition.variables import Form
from survey.errors import NotFound
from tests.definition.given import factors, given, plain

CONFERENCE = [
    *("A1", "A2", "A3", "A4"),
    *("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8"),
    *("C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9"),
    *("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"),
    *("E1", "E2", "E3", "E4"),
]


@pytest.mark.parametrize("name", library.names())
def test_a_template_has_no_problems_and_no_gaps(name: str) -> None:
    assert checks.problems(library.load(name)) == ()


VIETNAMESE = re.compile("[đĐ\u0300-\u0303\u0306\u0309\u031b\u0323]")
"""In decomposed text: the letter and the marks that English has not."""

UNMARKED = {"Nam", "18–34", "35–49", "50–64", "1", "2", "3"}
"""Vietnamese wordings that happen to need no mark."""


def wordings(value: Any) -> Iterator[dict[str, str]]:
    """Every text of a document, in its languages."""
    if isinstance(value, dict) and "vi" in value:
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from wordings(inner)


@pytest.mark.parametrize("name", library.names())
def test_every_text_stands_in_both_languages_in_composed_characters(name: str) -> None:
    stored = json.loads((library.FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    found = list(wordings(stored))
    assert len(found) > 15
    assert [one for one in found if set(one) != {"vi", "en"} or not all(text.strip() for text in one.values())] == []
    marked = {language: [unicodedata.normalize("NFD", one[language]) for one in found] for language in ("vi", "en")}
    assert [text for text in marked["en"] if VIETNAMESE.search(text)] == []
    assert {text for text in marked["vi"] if not VIETNAMESE.search(text)} <= UNMARKED
    assert [text for one in found for text in one.values() if not unicodedata.is_normalized("NFC", text)] == []
    assert document.write(document.read(stored)) == document.write(library.load(name))


@pytest.mark.parametrize("name", library.names())
def test_whoever_chooses_a_template_is_told_what_it_is_for(name: str) -> None:
    about = library.about(name)
    for language in ("vi", "en"):
        assert 0 < len(about.short.to(language)) < 40 < len(about.purpose.to(language)) < 200
    assert library.load(name).template == name


def test_every_template_that_is_told_about_is_there() -> None:
    assert tuple(sorted(library.ABOUT)) == library.names()


def test_an_unknown_template_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFound) as caught:
        library.load("../conference")
    assert caught.value.code == "template_unknown"
    assert "conference" in caught.value.remedy


def test_the_conference_asks_what_the_questionnaire_asks_under_the_same_keys() -> None:
    conference = library.load("conference")
    assert [variable.key for variable in conference.variables] == CONFERENCE
    assert not any(variable.required for variable in conference.variables)
    assert [variable.key for variable in conference.variables if variable.sensitive] == ["D4"]
    assert [variable.key for variable in conference.variables if variable.rules] == CONFERENCE[12:21]
    forms = {form: [one.key for one in conference.variables if one.form is form] for form in Form}
    assert forms[Form.MULTIPLE] == ["A4", "E3"]
    assert forms[Form.TEXT] == ["E1", "E2"]
    assert forms[Form.SCALE] == [*CONFERENCE[4:11], *CONFERENCE[12:20], *CONFERENCE[21:29]]
    assert conference.by_key["E3"].most == 2
    assert [one.code for one in conference.by_key["A4"].listed.choices if one.exclusive] == ["4"]


def test_the_two_scales_read_from_worst_to_best_with_the_ninth_set_apart() -> None:
    conference = library.load("conference")
    for key, worst, best, apart in (
        ("B7", "Rất không hài lòng", "Rất hài lòng", "Không áp dụng"),
        ("D1", "Rất không đồng ý", "Rất đồng ý", "Không biết/Không áp dụng"),
    ):
        scale = conference.by_key[key].listed
        assert [one.code for one in scale.levels] == ["1", "2", "3", "4", "5"]
        assert (scale.levels[0].label.to("vi"), scale.levels[-1].label.to("vi")) == (worst, best)
        assert [(one.code, one.label.to("vi")) for one in scale.missing] == [("9", apart)]
        assert scale.satisfied == ("4", "5")


def test_the_notice_names_the_office_once_it_is_known() -> None:
    conference = library.load("conference")
    notice = conference.notice.to("vi")
    assert notice.startswith("Kính gửi Quý vị,")
    assert all(placeholder in notice for placeholder in ("{unit}", "{contact}", "{minutes}"))
    assert "khoảng 4 phút" in conference.filled(conference.notice).to("vi")


def test_the_conference_carries_its_three_indexes_and_its_general_question() -> None:
    conference = library.load("conference")
    attendance, service, ddci = conference.indexes
    assert (attendance.rule, attendance.overall, attendance.items) == (
        Rule.MEAN_OF_ITEMS,
        "B7",
        tuple(CONFERENCE[4:10]),
    )
    assert (service.rule, service.overall) == (Rule.MEAN_OF_FACTORS, "C8")
    assert [factor.items for factor in service.factors] == [("C1",), ("C2", "C3"), ("C4", "C5"), ("C6",), ("C7",)]
    assert (ddci.scoring, ddci.anchors, len(ddci.factors)) == (Scoring.RESCALED_MEAN, (1.0, 10.0), 8)
    assert ddci.name.to("vi") == "Điểm tự đánh giá theo khung DDCI"
    assert conference.headline == "B7"


def asked(questionnaire: Questionnaire, answers: Answers) -> set[str]:
    """Keys of what is asked of a person who gave these answers."""
    return {one.key for one in questionnaire.variables if all(holds(rule, answers) for rule in one.rules)}


def differing(questionnaire: Questionnaire, keys: list[str], letter: str) -> list[str]:
    """Those of ``keys`` whose wording or options are not what was given."""
    rows, wrong = given(letter), []
    for key in keys:
        variable = questionnaire.by_key[key]
        for language in ("vi", "en"):
            text = plain(variable.label.to(language), language)
            if rows[key].text[language] not in ("", text):
                wrong.append(f"{key} [{language}]: {text}")
            if options := rows[key].options[language]:
                labels = tuple(plain(one.label.to(language), language) for one in variable.listed.choices)
                if labels != options:
                    wrong.append(f"{key} [{language}]: {labels}")
    return wrong


def test_the_one_stop_form_asks_every_word_that_was_given() -> None:
    full, rows = library.load("one-stop"), given("B")
    items = [key for key in rows if re.fullmatch(r"\d\.\d", key)]
    subitems = [key for key in items if not key.endswith(".0")]
    assert (len(subitems), len(items) - len(subitems), len(rows)) == (23, 5, 41)
    assert [one.key for one in full.variables if one.key != "M1_other"] == list(rows)
    assert differing(full, list(rows), "B") == []
    assert [one.key for one in full.variables if one.form is Form.SCALE] == [*items, "Q0"]
    assert [one.key for one in full.variables if one.sensitive] == ["N4", "N5"]
    assert (full.by_key["M1"].most, full.headline, full.minutes) == (3, "Q0", 5)
    assert not any(one.required for one in full.variables)
    assert len(full.by_key["G2"].listed.choices) > 5


def test_a_wrong_letter_or_a_missing_option_would_be_found() -> None:
    stored = document.write(library.load("one-stop"))
    stored["choice_lists"]["G3"]["choices"].pop()
    stored["sections"][2]["questions"][0]["items"][0]["text"]["vi"] = "Biển chỉ dẩn, sơ đồ quầy dễ thấy, dễ tìm"
    wrong = differing(document.read(stored), ["G1", "G3", "1.1"], "B")
    assert [line.split(":")[0] for line in wrong] == ["G3 [vi]", "G3 [en]", "1.1 [vi]"]


def test_the_short_form_is_what_is_starred_and_reads_beside_the_full_one() -> None:
    full, short = library.load("one-stop"), library.load("one-stop-short")
    starred = [row.key for row in given("B").values() if row.short]
    assert len(starred) == 10
    assert [one.key for one in short.variables] == starred
    for one in short.variables:
        same = full.by_key[one.key]
        assert (one.label, one.form, one.choices, one.rules) == (same.label, same.form, same.choices, same.rules)
    assert short.indexes == full.indexes[1:]
    assert short.headline == full.headline


def test_the_result_is_not_asked_of_those_who_wait_for_it() -> None:
    for name, result in (("one-stop", {"4.1", "4.2", "4.3", "4.4", "4.0"}), ("one-stop-short", {"4.0"})):
        form = library.load(name)
        everything = {one.key for one in form.variables} - {"M1_other"}
        for status, hidden in (("", set()), ("1", set()), ("2", result), ("3", result), ("4", set())):
            assert asked(form, {"G3": status}) == everything - hidden


def test_the_one_stop_index_has_five_factors_and_the_rule_of_their_mean() -> None:
    service, factor = library.load("one-stop").indexes
    assert service.rule is factor.rule is Rule.MEAN_OF_FACTORS
    assert (service.overall, factor.overall) == ("Q0", "Q0")
    assert [len(one.items) for one in service.factors] == [4, 5, 6, 4, 4]
    assert [one.items for one in factor.factors] == [("1.0",), ("2.0",), ("3.0",), ("4.0",), ("5.0",)]
    for one in (*service.factors, *factor.factors):
        assert {language: one.name.to(language) for language in ("vi", "en")} == factors()[one.key]
    assert "không phải chỉ số SIPAS được công bố" in service.note.to("vi")


def test_other_is_told_in_words_only_by_whom_it_concerns() -> None:
    cases: list[tuple[str, str, Answers, Answers]] = [
        ("one-stop", "M1_other", {"M1": ["9"]}, {"M1": ["8"]}),
        ("online", "O5_other", {"O4": "3", "O5": ["7"]}, {"O4": "3", "O5": ["1"]}),
        ("one-tap", "W_other", {"T0": "3", "W_mid": ["w1", "w9"]}, {"T0": "3", "W_mid": ["w1"]}),
    ]
    for name, key, told, silent in cases:
        form = library.load(name)
        assert key in asked(form, told) and key not in asked(form, silent)
        assert form.by_key[key].form is Form.TEXT


def test_the_online_form_asks_every_word_that_was_given() -> None:
    online, rows = library.load("online"), given("C")
    assert len(rows) == 19
    assert [one.key for one in online.variables if one.key != "O5_other"] == list(rows)
    assert differing(online, list(rows), "C") == []
    assert [one.key for one in online.variables if one.form is Form.SCALE] == [f"P{n}" for n in (*range(1, 10), 0)] + [
        "R1"
    ]
    assert online.by_key["R1"].listed.choices[0].label.to("vi") == "Rất không đồng ý"
    assert (online.headline, online.indexes[0].overall, online.indexes[0].items) == (
        "P0",
        "P0",
        tuple(f"P{n}" for n in range(1, 10)),
    )


@pytest.mark.parametrize(
    ("answers", "o5", "r3"),
    [
        ({}, False, False),
        ({"O1": "1", "O4": "1"}, False, False),
        ({"O1": "3", "O4": "2"}, False, False),
        ({"O4": "3"}, True, False),
        ({"O1": "2", "O4": "1"}, False, True),
    ],
)
def test_where_it_stuck_is_asked_of_those_who_gave_up_and_the_visit_of_partial_services(
    answers: Answers, o5: bool, r3: bool
) -> None:
    keys = asked(library.load("online"), answers)
    assert (("O5" in keys), ("R3" in keys)) == (o5, r3)
    assert "O5_other" not in keys


def test_the_one_tap_form_asks_the_question_and_then_why() -> None:
    tap, rows = library.load("one-tap"), given("D")
    assert [one.key for one in tap.variables] == ["T0", "W_good", "W_mid", "W_bad", "W_other"]
    assert tap.by_key["T0"].label.to("vi") == rows["T0"].text["vi"]
    assert tuple(one.label.to("vi") for one in tap.by_key["T0"].listed.choices) == rows["T0"].options["vi"]
    assert [one.code for one in tap.by_key["T0"].listed.levels] == ["1", "2", "3", "4", "5"]
    chips = {code: row.text for code, row in rows.items() if code != "T0"}
    for key, vi, en in (
        ("W_good", "Điều gì làm Quý vị hài lòng?", "What went well?"),
        ("W_mid", "Điều gì cần tốt hơn?", "What should be better?"),
        ("W_bad", "Điều gì làm Quý vị chưa hài lòng?", "What went wrong?"),
    ):
        variable = tap.by_key[key]
        assert (variable.label.to("vi"), variable.label.to("en"), variable.most) == (vi, en, 0)
        labels = {
            one.code: {code: plain(one.label.to(code), code) for code in ("vi", "en")}
            for one in variable.listed.choices
        }
        assert labels == chips and list(labels) == [f"w{n}" for n in range(1, 10)]
    for level, why in (("1", "W_bad"), ("2", "W_bad"), ("3", "W_mid"), ("4", "W_good"), ("5", "W_good")):
        assert asked(tap, {"T0": level}) == {"T0", why}
    assert asked(tap, {}) == {"T0"}


def test_reasons_are_shuffled_but_for_the_last_one() -> None:
    questions = [one for one in library.load("one-tap").questions if isinstance(one, Multiple)]
    assert [(one.shuffle, one.drawn) for one in questions] == [(True, 8)] * 3
    others = [one for name in library.names() for one in library.load(name).questions if isinstance(one, Multiple)]
    assert sum(one.shuffle for one in others) == 3


def test_one_tap_is_an_instrument_of_its_own() -> None:
    """Nothing it asks, rates or computes has the name of what another template asks, so nothing can be put together."""
    tap = library.load("one-tap")
    (index,) = tap.indexes
    assert (index.name.to("vi"), index.overall, index.source) == ("Phản hồi tức thời", "T0", "")
    for other in (library.load(name) for name in library.names() if name != "one-tap"):
        assert not set(tap.by_key) & set(other.by_key)
        assert not {one.name for one in tap.choice_lists} & {one.name for one in other.choice_lists}
        assert not {one.key for one in tap.indexes} & {one.key for one in other.indexes}
