"""What is published of a result: figures of ten people and more, and nothing that would tell the others."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from survey.statistics import reasons
from survey.statistics.public import enough, published
from survey.statistics.results import SurveyResult
from tests.statistics.surveys import question, questionnaire, result_of

INDEX = {
    "key": "ix",
    "name": "I",
    "factors": [{"key": "F1", "name": "A", "items": ["Q1"]}, {"key": "F2", "name": "B", "items": ["Q2"]}],
}
ASKED = questionnaire([question("Q1"), question("Q2"), question("G", "single", "AB")], [INDEX])


def of(large: int, small: int) -> SurveyResult:
    people = [{"Q1": "5", "Q2": "4" if n < small else "", "G": "A"} for n in range(large)]
    return result_of(ASKED, people, by="G", responses={"complete": large, "excluded": 3}, exclusions=(("Thử", 3),))


def test_figures_of_five_to_nine_people_stay_inside_the_office_with_every_index_that_holds_them() -> None:
    inside = of(20, 7)
    assert inside.question("Q2").figures.base == 7 and inside.indexes[0].value is not None
    out = published(inside)
    assert out.question("Q2").figures.suppressed == reasons.TOO_FEW and out.question("Q2").figures.base is None
    assert out.question("Q1").figures == inside.question("Q1").figures
    (index,) = out.indexes
    assert (index.value, index.interval, dict(index.values), index.base) == (None, None, {}, 0)
    assert [factor.value for factor in index.factors] == [100.0, None]
    assert index.factors[1].items == {"Q2": None}


def test_with_ten_everywhere_the_figures_are_those_of_the_office() -> None:
    inside = of(20, 10)
    out = published(inside)
    assert out.questions == inside.questions and out.indexes == inside.indexes
    assert (out.released, out.cut, out.remarks) == (inside.released, inside.cut, inside.remarks)


def test_nothing_else_that_a_result_holds_is_public() -> None:
    inside = of(40, 20)
    assert inside.breakdowns and inside.exclusions and inside.responses
    out = published(inside)
    kept = {
        *("slug", "title", "languages", "version", "cut", "released", "population", "headline", "sections"),
        *("questions", "indexes", "office", "superior", "contact", "collecting", "remarks"),
    }
    bare = published(of(40, 20))
    for one in fields(SurveyResult):
        if one.name not in kept:
            assert not getattr(out, one.name), one.name
    assert bare == out


@pytest.mark.parametrize(("people", "allowed"), [(9, False), (10, True)])
def test_fewer_than_ten_people_raw_views_and_selections_are_never_published(people: int, allowed: bool) -> None:
    inside = of(people, people)
    assert enough(inside) == allowed
    assert not enough(replace(inside, raw=True))
    assert not enough(replace(inside, cut=replace(inside.cut, filters={"G": ("A",)})))
