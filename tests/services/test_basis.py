"""What an office adds for computing: kept, checked, audited, within its units, and heeded by results."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from survey.definition.indexes import Factor, Index, Rule, Scoring
from survey.definition.text import Text
from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import authoring, basis, indexes
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.queries import audit
from tests.factories.answers import answer
from tests.factories.surveys import open_survey

OWN = Index(
    key="",
    name=Text.of(vi="Chỉ số riêng"),
    factors=(
        Factor("F1", Text.of(vi="Nội dung"), ("B1", "B2"), 2.0),
        Factor("F2", Text.of(vi="Tổ chức"), ("B3",), 1.0),
    ),
)
READER = Actor("binh@example.gov.vn", "reform_team", user_id=7)
STAFF = Actor("bob@example.gov.vn", "staff", user_id=8)


@pytest.fixture
def code(runtime: Runtime) -> str:
    return open_survey(runtime)


def _answered(runtime: Runtime, code: str) -> None:
    answer(runtime, code, [{"B1": "5", "B2": "1", "B3": "5", "A2": "1"}] * 30)
    answer(runtime, code, [{"B1": "5", "B2": "5", "B3": "1", "A2": "2"}] * 10)
    authoring.close(runtime, OPERATOR, "conference")


def test_an_index_made_for_a_survey_stands_beside_those_of_its_questionnaire(runtime: Runtime, code: str) -> None:
    key = indexes.save(runtime, OPERATOR, "conference", OWN)
    _answered(runtime, code)
    found = {one.key: one for one in open_result(runtime, OPERATOR, "conference").indexes}
    assert list(found)[-1] == key == "own1"
    assert found[key].value == pytest.approx((2 * (100 + 25) / 2 + 75) / 3)
    assert [factor.weight for factor in found[key].factors] == [2.0, 1.0]
    changed = replace(OWN, key=key, rule=Rule.MEAN_OF_ITEMS, scoring=Scoring.RESCALED_MEAN, anchors=(0.0, 100.0))
    assert indexes.save(runtime, OPERATOR, "conference", changed) == key
    again = {one.key: one for one in open_result(runtime, OPERATOR, "conference").indexes}[key]
    assert again.value == pytest.approx((100 + 25 + 75) / 3) and again.unit == "points"
    indexes.delete(runtime, OPERATOR, "conference", key)
    assert key not in {one.key for one in open_result(runtime, OPERATOR, "conference").indexes}
    with runtime.database.reading() as session:
        actions = [entry.action for entry in audit.newest(session)]
    assert actions.count("index.save") == 2 and actions.count("index.delete") == 1


@pytest.mark.parametrize(
    ("change", "code_of_error"),
    [
        ({"name": Text.of(vi=" ")}, "index_unnamed"),
        ({"factors": (Factor("F1", Text.of(vi=""), ("B1",)),)}, "index_unnamed"),
        ({"factors": ()}, "index_unusable"),
        ({"factors": (Factor("F1", Text.of(vi="A"), ("nowhere",)),)}, "index_unusable"),
        ({"factors": (Factor("F1", Text.of(vi="A"), ("A1",)),)}, "index_unusable"),
        ({"factors": (Factor("F1", Text.of(vi="A"), ("B1", "B1")),)}, "index_unusable"),
        ({"factors": (Factor("F1", Text.of(vi="A"), ("B1",), 0.0),)}, "index_unusable"),
        ({"factors": (Factor("F1", Text.of(vi="A"), ("B1",), float("inf")),)}, "index_unusable"),
        ({"factors": tuple(Factor(f"F{n}", Text.of(vi="A"), ("B1",)) for n in range(13))}, "index_unusable"),
        ({"rule": Rule.OVERALL_QUESTION}, "index_unusable"),
        ({"overall": "A1"}, "index_unusable"),
        ({"scoring": Scoring.RESCALED_MEAN, "anchors": (10.0, 1.0)}, "index_unusable"),
        ({"scoring": Scoring.RESCALED_MEAN, "anchors": (float("nan"), 1.0)}, "index_unusable"),
        ({"name": Text.of(vi="x" * 201)}, "text_too_long"),
        ({"key": "own9"}, "index_unknown"),
    ],
)
def test_what_could_not_be_computed_is_not_kept(
    runtime: Runtime, code: str, change: dict[str, Any], code_of_error: str
) -> None:
    with pytest.raises(PhieuError) as caught:
        indexes.save(runtime, OPERATOR, "conference", replace(OWN, **change))
    assert caught.value.code == code_of_error
    assert indexes.list_indexes(runtime, OPERATOR, "conference") == ()


def test_a_survey_has_so_many_indexes_and_each_its_own_key(runtime: Runtime, code: str) -> None:
    keys = [indexes.save(runtime, OPERATOR, "conference", OWN) for _ in range(indexes.MOST_INDEXES)]
    assert len(set(keys)) == indexes.MOST_INDEXES
    with pytest.raises(Conflict) as caught:
        indexes.save(runtime, OPERATOR, "conference", OWN)
    assert caught.value.code == "indexes_too_many"
    indexes.delete(runtime, OPERATOR, "conference", keys[3])
    assert indexes.save(runtime, OPERATOR, "conference", OWN) == keys[3]


def test_texts_are_kept_in_one_form(runtime: Runtime, code: str) -> None:
    indexes.save(runtime, OPERATOR, "conference", replace(OWN, name=Text.of(vi="Chi\u0309 số\x01 “<b>”")))
    (kept,) = indexes.list_indexes(runtime, OPERATOR, "conference")
    assert kept.name.to("vi") == "Chỉ số “<b>”"


def test_a_frame_is_stated_replaced_and_taken_away(runtime: Runtime, code: str) -> None:
    basis.state_frame(runtime, OPERATOR, "conference", {"A2": {"1": 400, "2": 600}}, "Danh sách mời")
    _answered(runtime, code)
    found = open_result(runtime, OPERATOR, "conference", deeper=True).weighted
    assert {one.index: one.margins for one in found} == dict.fromkeys(["conference", "service", "ddci"], ("A2",))
    by_group = {"1": (100 + 0 + 100) / 3, "2": (100 + 100 + 0) / 3}
    assert found[0].value == pytest.approx(0.4 * by_group["1"] + 0.6 * by_group["2"])
    told = basis.stated(runtime, OPERATOR, "conference")
    assert told.basis.frame is not None and told.basis.frame.margins == {"A2": {"1": 400, "2": 600}}
    assert told.frame_by == OPERATOR.name and told.frame_on == runtime.today()
    basis.state_frame(runtime, OPERATOR, "conference", {"A3": {"1": 4, "2": 6}}, "Danh sách mời")
    again = basis.stated(runtime, OPERATOR, "conference").basis.frame
    assert again is not None and list(again.margins) == ["A3"]
    basis.state_frame(runtime, OPERATOR, "conference", {}, "")
    assert basis.stated(runtime, OPERATOR, "conference").basis.frame is None


@pytest.mark.parametrize(
    ("margins", "source", "code_of_error"),
    [
        ({"A2": {"1": 400, "2": 600}}, " ", "source_missing"),
        ({"A2": {"1": 400}}, "x", "frame_unusable"),
        ({"A2": {"1": 400, "99": 600}}, "x", "frame_unusable"),
        ({"A4": {"1": 400, "2": 600}}, "x", "frame_unusable"),
        ({"nowhere": {"1": 400, "2": 600}}, "x", "frame_unusable"),
        ({"A2": {"1": 0, "2": 600}}, "x", "people_unusable"),
        ({"A2": {"1": -5, "2": 10**12}}, "x", "people_unusable"),
    ],
)
def test_a_frame_that_cannot_be_met_is_not_kept(
    runtime: Runtime, code: str, margins: dict[str, dict[str, int]], source: str, code_of_error: str
) -> None:
    with pytest.raises(PhieuError) as caught:
        basis.state_frame(runtime, OPERATOR, "conference", margins, source)
    assert caught.value.code == code_of_error
    assert basis.stated(runtime, OPERATOR, "conference").basis.frame is None


def test_numbers_from_the_books_become_ratios_apart_from_every_index(runtime: Runtime, code: str) -> None:
    values = {"dossiers": 580, "dossiers_bad": 23, "petitions_due": 0, "petitions_on_time": 0, "petitions": 9}
    basis.state_counts(runtime, OPERATOR, "conference", values, "Báo cáo quý III")
    found = open_result(runtime, OPERATOR, "conference")
    assert [(one.key, one.value) for one in found.ratios] == [
        ("petitions_on_time", None),
        ("dossiers_satisfied", pytest.approx(100 * 557 / 580)),
    ]
    assert "silence counts as satisfied" in found.ratios[1].note.to("en")
    assert basis.stated(runtime, OPERATOR, "conference").counts_source == "Báo cáo quý III"
    for wrong, reason in (
        ({"dossiers": 5, "dossiers_bad": 6}, "count_unusable"),
        ({"dossiers": -1}, "count_unusable"),
        ({"staff": 1}, "count_unknown"),
    ):
        with pytest.raises(PhieuError) as caught:
            basis.state_counts(runtime, OPERATOR, "conference", wrong, "x")
        assert caught.value.code == reason
    basis.state_counts(runtime, OPERATOR, "conference", {}, "")
    assert open_result(runtime, OPERATOR, "conference").ratios == ()


def test_targets_are_kept_for_what_is_computed_and_within_its_scale(runtime: Runtime, code: str) -> None:
    basis.state_targets(runtime, OPERATOR, "conference", {"conference": 90.0, "B7": 85.5}, "Kế hoạch năm")
    assert open_result(runtime, OPERATOR, "conference").targets == {"conference": 90.0, "B7": 85.5}
    for wrong in ({"conference": 101.0}, {"A1": 50.0}, {"B7": float("nan")}, {"nowhere": 1.0}):
        with pytest.raises(PhieuError) as caught:
            basis.state_targets(runtime, OPERATOR, "conference", wrong, "")
        assert caught.value.code == "target_unusable"
    basis.state_targets(runtime, OPERATOR, "conference", {}, "")
    assert open_result(runtime, OPERATOR, "conference").targets == {}


def test_only_those_who_may_state_it_do_and_only_within_their_units(runtime: Runtime, code: str) -> None:
    stranger = replace(READER, units=frozenset({99}))
    for act in (
        lambda who: indexes.save(runtime, who, "conference", OWN),
        lambda who: indexes.delete(runtime, who, "conference", "own1"),
        lambda who: basis.state_frame(runtime, who, "conference", {}, ""),
        lambda who: basis.state_counts(runtime, who, "conference", {}, ""),
        lambda who: basis.state_targets(runtime, who, "conference", {}, ""),
    ):
        with pytest.raises(NotAllowed):
            act(STAFF)
        with pytest.raises(NotFound):
            act(stranger)
    with pytest.raises(NotFound):
        indexes.list_indexes(runtime, stranger, "conference")
