"""Publishing a data cut: who may, what has to be there, and what everybody sees then."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select, text

from survey.errors import Conflict, NotAllowed, NotFound
from survey.services import cuts, publishing
from survey.services.publishing import Front
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import AuditEntry
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey

REFORM = Actor("binh", "reform_team", 1, 1, frozenset({1}))
ELSEWHERE = Actor("cam", "reform_team", 2, 99, frozenset({99}))
STAFF = Actor("bob", "staff", 3, 1, frozenset({1}))


def cut(runtime: Runtime, code: str, happy: int) -> int:
    answer(runtime, code, [{"B7": "5", "A1": "1"}] * happy)
    release(runtime, "conference")
    return cuts.make_cut(runtime, OPERATOR, "conference").number


def test_what_is_published_stays_until_another_cut_or_until_it_is_taken_back(any_runtime: Runtime) -> None:
    code, front = open_survey(any_runtime), Front(any_runtime)
    first = cut(any_runtime, code, 20)
    with pytest.raises(NotFound):
        front.find("conference")
    publishing.publish(any_runtime, REFORM, "conference", first, open_data=False)
    shown = front.find("conference")
    assert (shown.result.released, shown.open_data) == (20, False)
    second = cut(any_runtime, code, 30)
    assert front.find("conference") == shown, "a later cut is not public by itself"
    publishing.publish(any_runtime, REFORM, "conference", second, open_data=True)
    assert front.find("conference").result.released == 50
    publishing.withdraw(any_runtime, REFORM, "conference")
    with pytest.raises(NotFound):
        front.find("conference")
    with pytest.raises(Conflict):
        publishing.withdraw(any_runtime, REFORM, "conference")
    state = publishing.state(any_runtime, REFORM, "conference")
    assert state is not None and state.withdrawn_on == any_runtime.today() and state.number == second
    publishing.publish(any_runtime, REFORM, "conference", second, open_data=True)
    assert front.find("conference").open_data
    with any_runtime.database.reading() as session:
        done = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("result.%"))).all()
    assert list(done) == ["result.publish"] * 2 + ["result.withdraw", "result.publish"]


def test_two_publications_never_differ_by_fewer_than_ten_people(runtime: Runtime) -> None:
    code = open_survey(runtime)
    publishing.publish(runtime, REFORM, "conference", cut(runtime, code, 20), open_data=True)
    close = cut(runtime, code, 6)
    with pytest.raises(Conflict) as refused:
        publishing.publish(runtime, REFORM, "conference", close, open_data=True)
    assert refused.value.code == "too_close_to_publish"
    publishing.withdraw(runtime, REFORM, "conference")
    with pytest.raises(Conflict):
        publishing.publish(runtime, REFORM, "conference", close, open_data=True)
    publishing.publish(runtime, REFORM, "conference", cut(runtime, code, 5), open_data=True)


def test_figures_that_are_not_those_that_were_frozen_are_shown_to_nobody(runtime: Runtime) -> None:
    publishing.publish(runtime, REFORM, "conference", cut(runtime, open_survey(runtime), 20), open_data=True)
    forge = text("UPDATE data_cut SET result = replace(result, '20', '21')")
    runtime.database.write(lambda session: session.execute(forge) and None)
    with pytest.raises(NotFound):
        Front(runtime).find("conference")


def test_a_cut_of_nine_or_of_a_selection_is_not_published(runtime: Runtime) -> None:
    code = open_survey(runtime)
    few = cut(runtime, code, 9)
    answer(runtime, code, [{"B7": "5", "A1": "1"}] * 20 + [{"B7": "5", "A1": "2"}] * 20)
    release(runtime, "conference")
    part = cuts.make_cut(runtime, OPERATOR, "conference", filters=(("A1", ("1",)),)).number if few else 0
    for number in (few, part):
        for call in (publishing.preview, partial(publishing.publish, open_data=True)):
            with pytest.raises(Conflict) as refused:
                call(runtime, REFORM, "conference", number)
            assert refused.value.code == "too_few_to_publish"


def test_only_those_who_may_publish_do_and_only_their_own(runtime: Runtime) -> None:
    number = cut(runtime, open_survey(runtime), 20)
    for actor, error in ((STAFF, NotAllowed), (ELSEWHERE, NotFound)):
        with pytest.raises(error):
            publishing.publish(runtime, actor, "conference", number, open_data=True)
        with pytest.raises(error):
            publishing.withdraw(runtime, actor, "conference")
        with pytest.raises(error):
            publishing.state(runtime, actor, "conference")
        with pytest.raises(error):
            publishing.preview(runtime, actor, "conference", number)
    with pytest.raises(NotFound):
        publishing.publish(runtime, REFORM, "conference", 99, open_data=True)
