"""Reading, keeping and matching selections: the responses a selection means are those whose figures it gives."""

from __future__ import annotations

import json
import random

import pytest
from sqlalchemy import select

from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import collectors, selections
from survey.services.collectors import Traits
from survey.services.groupings import of_survey, period
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.statistics.filters import Filters
from survey.storage.matrix import MatrixStore
from survey.storage.models import AuditEntry, Response, Survey
from survey.storage.queries import releases, surveys
from tests.conftest import Clock
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey

REFORM = Actor(name="reform@example.gov.vn", role="reform_team", user_id=7)
STAFF = Actor(name="staff@example.gov.vn", role="staff", user_id=8)
ELSEWHERE = Actor(name="other@example.gov.vn", role="reform_team", user_id=9, units=frozenset({99}))


def matching(runtime: Runtime, filters: Filters) -> list[dict[str, object]]:
    """The answers of the responses that a selection means."""
    with runtime.database.reading() as session:
        survey = surveys.find(session, "ratings", None)
        assert survey is not None
        matrix = MatrixStore(runtime.settings.data_dir).open(session, survey.id)
        groupings = of_survey(session, survey, matrix, filters)
        newest = releases.newest(session, survey.id)
        ids = [one for some in selections.matching_ids(session, survey.id, filters, groupings, newest) for one in some]
        assert len(ids) == len(set(ids))
        rows = session.scalars(select(Response).where(Response.id.in_(ids))).all()
        assert all(one.release_number and one.status in ("complete", "flagged") for one in rows)
        return [json.loads(one.answers) for one in rows]


@pytest.fixture
def filled(any_runtime: Runtime, clock: Clock) -> Runtime:
    hall = open_survey(any_runtime, slug="ratings", instrument="lecture_ratings")
    desk = collectors.add(any_runtime, OPERATOR, "ratings", "counter", "Quầy 1", traits=Traits(place="Sảnh A"))
    chance = random.Random(5)
    for code, number in ((hall, 90), (desk, 60)):
        people = [
            {"rating": chance.choice("12345"), "service": chance.choice("01"), "dept": chance.choice(["1", "2", ""])}
            for _ in range(number)
        ]
        answer(any_runtime, code, people)
        clock.advance(days=31)
    answer(any_runtime, hall, [{"rating": "5"}] * 15, status="flagged")
    release(any_runtime, "ratings")
    answer(any_runtime, hall, [{"rating": "1", "service": "1"}] * 4)
    answer(any_runtime, hall, [{"rating": "1", "service": "1"}] * 6, status="withdrawn")
    return any_runtime


@pytest.mark.parametrize(
    "filters",
    [
        (),
        (("service", ("1",)),),
        (("rating", ("1", "2")), ("service", ("0",))),
        (("@place", ("Sảnh A",)),),
        (("@channel", ("event",)), ("dept", ("1",))),
        (period("2026-10", "2026-10"), ("service", ("1",))),
        (("@status", ("complete",)), ("rating", ("5",))),
    ],
)
def test_the_responses_of_a_selection_are_those_its_figures_count(filled: Runtime, filters: Filters) -> None:
    found = matching(filled, filters)
    shown = open_result(filled, OPERATOR, "ratings", filters=filters)
    assert len(found) == shown.released
    figures = shown.question("rating").figures
    assert figures.base == len(found)
    assert figures.satisfied == sum(one["rating"] in "45" for one in found)


def test_a_selection_is_kept_under_one_name(runtime: Runtime) -> None:
    open_survey(runtime, slug="ratings", instrument="lecture_ratings")
    chosen: Filters = (("service", ("1",)), period("2026-01", ""))
    selections.keep(runtime, REFORM, "ratings", "  Có dùng dịch vụ ", chosen, "dept")
    [kept] = selections.kept(runtime, REFORM, "ratings")
    assert (kept.name, kept.filters, kept.by) == ("Có dùng dịch vụ", chosen, "dept")
    with pytest.raises(Conflict):
        selections.keep(runtime, OPERATOR, "ratings", "Có dùng dịch vụ", chosen)
    for name, filters, by in (("", chosen, ""), ("A", (), ""), ("A", (("nope", ("1",)),), ""), ("A", (), "@period")):
        with pytest.raises(PhieuError):
            selections.keep(runtime, REFORM, "ratings", name, filters, by)
    selections.rename(runtime, REFORM, "ratings", kept.number, "Dịch vụ")
    with pytest.raises(NotFound):
        selections.drop(runtime, ELSEWHERE, "ratings", kept.number)
    for act in (selections.kept, selections.shown):
        with pytest.raises(NotAllowed):
            act(runtime, STAFF, "ratings")
    selections.drop(runtime, REFORM, "ratings", kept.number)
    assert selections.kept(runtime, REFORM, "ratings") == ()
    with runtime.database.reading() as session:
        assert session.scalars(select(Survey.slug)).all() == ["ratings"]
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("selection.%"))).all()
    assert sorted(actions) == ["selection.drop", "selection.keep", "selection.rename"]


def test_filters_are_written_as_they_are_read() -> None:
    chosen: Filters = (("B7", ("4", "5")), ("@place", ("Sảnh A=1",)))
    assert selections.read(selections.write(chosen)) == chosen
    assert selections.read(["B7=4", "B7=4"]) == (("B7", ("4",)),)
    for wrong in ("B7", "=4", "B7="):
        with pytest.raises(PhieuError):
            selections.read([wrong])
    with pytest.raises(PhieuError):
        selections.read(f"B7={number}" for number in range(501))
