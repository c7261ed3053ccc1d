"""What was heard and what is done about it: kept, changed, removed, printed, each with its trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import authoring, measures
from survey.services.measures import Said
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import AuditEntry
from tests.factories.surveys import open_survey
from tests.printing.looking import text

REFORM = Actor("binh", "reform_team", 1, 1, frozenset({1}))
ELSEWHERE = Actor("cam", "reform_team", 2, 99, frozenset({99}))
STAFF = Actor("bob", "staff", 3, 1, frozenset({1}))
LONG_WAIT = Said("Chờ lâu", "Thêm một quầy", "Văn phòng Sở", date(2026, 10, 1))


def test_measures_are_kept_in_the_order_of_their_days(any_runtime: Runtime) -> None:
    open_survey(any_runtime)
    measures.add(any_runtime, REFORM, "conference", Said("Không rõ hạn", "Xem lại"))
    late = measures.add(any_runtime, REFORM, "conference", LONG_WAIT)
    measures.add(
        any_runtime, REFORM, "conference", replace(LONG_WAIT, heard="  Biểu\nmẫu khó ", due_on=date(2026, 9, 1))
    )
    found = measures.list_measures(any_runtime, REFORM, "conference")
    assert [one.said.heard for one in found] == ["Biểu mẫu khó", "Chờ lâu", "Không rõ hạn"]
    assert [one.late for one in found] == [True, True, False], "today is 15 October 2026"
    measures.change(any_runtime, REFORM, "conference", late, replace(LONG_WAIT, done_on=date(2026, 10, 2)))
    found = measures.list_measures(any_runtime, REFORM, "conference")
    assert found[1].said.done_on == date(2026, 10, 2) and not found[1].late
    measures.remove(any_runtime, REFORM, "conference", late)
    assert len(measures.list_measures(any_runtime, REFORM, "conference")) == 2
    with any_runtime.database.reading() as session:
        done = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("measure.%"))).all()
    assert list(done) == ["measure.add"] * 3 + ["measure.change", "measure.remove"]


def test_what_cannot_be_kept_is_refused_with_a_remedy(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    open_survey(runtime)
    for said, code in (
        (Said("", "Thêm quầy"), "text_missing"),
        (Said("Chờ lâu", " "), "text_missing"),
        (Said("x" * 401, "Thêm quầy"), "text_too_long"),
    ):
        with pytest.raises(PhieuError) as refused:
            measures.add(runtime, REFORM, "conference", said)
        assert refused.value.code == code and refused.value.remedy
    monkeypatch.setattr(measures, "MOST", 1)
    number = measures.add(runtime, REFORM, "conference", LONG_WAIT)
    with pytest.raises(PhieuError) as refused:
        measures.add(runtime, REFORM, "conference", LONG_WAIT)
    assert refused.value.code == "too_many_measures"
    for call in (
        lambda: measures.remove(runtime, REFORM, "conference", 99),
        lambda: measures.change(runtime, REFORM, "conference", 2**63, LONG_WAIT),
    ):
        with pytest.raises(NotFound):
            call()
    for actor, error in ((STAFF, NotAllowed), (ELSEWHERE, NotFound)):
        with pytest.raises(error):
            measures.remove(runtime, actor, "conference", number)
        with pytest.raises(error):
            measures.list_measures(runtime, actor, "conference")
        with pytest.raises(error):
            measures.poster(runtime, actor, "conference", "vi")


def test_a_measure_of_another_survey_is_not_found(runtime: Runtime) -> None:
    open_survey(runtime)
    open_survey(runtime, slug="other")
    number = measures.add(runtime, REFORM, "other", LONG_WAIT)
    with pytest.raises(NotFound):
        measures.change(runtime, REFORM, "conference", number, LONG_WAIT)


def test_the_poster_needs_a_published_survey_with_measures(runtime: Runtime) -> None:
    open_survey(runtime)
    with pytest.raises(Conflict):
        measures.poster(runtime, REFORM, "conference", "vi")
    measures.add(runtime, REFORM, "conference", LONG_WAIT)
    with pytest.raises(PhieuError):
        measures.poster(runtime, REFORM, "conference", "vi", "a5")
    printed = text(measures.poster(runtime, REFORM, "conference", "vi"))
    assert "Chờ lâu" in printed and "Chủ trì: Văn phòng Sở" in printed
    authoring.create_survey(runtime, OPERATOR, slug="draft", template="conference")
    measures.add(runtime, OPERATOR, "draft", LONG_WAIT)
    with pytest.raises(Conflict):
        measures.poster(runtime, OPERATOR, "draft", "vi")
    with runtime.database.reading() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "print.measures")).one()
