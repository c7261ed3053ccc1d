"""The built-in templates are sound, complete in both languages, and say what the office was promised."""

from __future__ import annotations

import pytest

from survey.definition import checks, library
from survey.definition.indexes import Rule, Scoring
from survey.definition.variables import Form
from survey.errors import NotFound

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
