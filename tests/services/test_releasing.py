"""Releases: nobody sees a change by fewer than five people, nobody is released twice, nobody is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import chain, combinations, pairwise, product
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from survey.services.releasing import HELD_BACK, LEAST, READY, draw, release_everything, release_ready
from survey.services.runtime import Runtime
from survey.storage.models import Release, Response, Survey
from survey.storage.queries import releases
from tests.aggregation.populations import questionnaire, scale
from tests.factories.studies import Study, study

ASKED = questionnaire(scale("Q1", "1", "2", "3"))

State = frozenset[int]


def released(one: Study) -> State:
    """Who is in the results."""
    with one.database.reading() as session:
        return frozenset(
            session.scalars(
                select(Response.id).where(Response.survey_id == one.survey_id, Response.release_number.is_not(None))
            )
        )


def waiting(one: Study) -> State:
    with one.database.reading() as session:
        return frozenset(chain.from_iterable(releases.waiting_ids(session, one.survey_id).values()))


def status(one: Study, value: str) -> None:
    one.execute(update(Survey).where(Survey.id == one.survey_id).values(status=value))


def come(one: Study, *people: int, status: str = "complete") -> None:
    """So many answer behind the first, second … collector."""
    rows = iter(one.rows(sum(people), status))
    behind = [collector for collector, number in zip(one.collectors, people, strict=False) for _ in range(number)]
    one.store([{**row, "collector_id": collector} for row, collector in zip(rows, behind, strict=True)])


def parts(one: Study, state: State) -> list[int]:
    """How many people of a state came behind each collector."""
    with one.database.reading() as session:
        query = select(Response.id, Response.collector_id).where(Response.survey_id == one.survey_id)
        behind = {response: collector for response, collector in session.execute(query)}
    counted = Counter(behind[one] for one in state)
    return [counted[collector] for collector in one.collectors]


def everything(runtime: Runtime, one: Study, rows: list[dict[str, Any]] | None = None) -> int:
    """What closing and importing do: store rows and release all, in one transaction."""

    def work(session: Session) -> int:
        if rows:
            session.execute(insert(Response), rows)
        return release_everything(session, one.survey_id, runtime.today(), runtime.randomness)

    return runtime.database.write(work)


def test_nine_wait_and_ten_release_five(any_runtime: Runtime) -> None:
    one = study(any_runtime.database, ASKED, collectors="A")
    one.respond(READY - 1)
    assert release_ready(any_runtime, one.survey_id) == 0 and released(one) == frozenset()
    one.respond(1)
    assert release_ready(any_runtime, one.survey_id) == READY - HELD_BACK
    assert len(released(one)) == 5 and len(waiting(one)) == 5
    assert release_ready(any_runtime, one.survey_id) == 0, "five more have to come"


def test_a_release_carries_its_number_its_size_and_the_local_day(runtime: Runtime) -> None:
    one = study(runtime.database, ASKED, collectors="A")
    for people in (17, 8):
        one.respond(people)
        release_ready(runtime, one.survey_id)
    with runtime.database.reading() as session:
        rows = session.scalars(select(Release).order_by(Release.number)).all()
        counted = Counter(session.scalars(select(Response.release_number).where(Response.release_number.is_not(None))))
    assert [(row.number, row.responses, row.released_on) for row in rows] == [
        (1, 12, date(2026, 10, 15)),
        (2, 8, date(2026, 10, 15)),
    ]
    assert counted == {1: 12, 2: 8}
    assert rows[0].revision != rows[1].revision


def test_who_is_held_back_is_chance_not_order(runtime: Runtime) -> None:
    """Over 100 surveys of ten each person is held back about every second time, the last to answer no more often."""
    held: Counter[int] = Counter()
    for _ in range(100):
        one = study(runtime.database, ASKED, collectors="A")
        rows = sorted(one.rows(READY), key=lambda row: row["id"])
        one.store(rows)
        release_ready(runtime, one.survey_id)
        still = waiting(one)
        held.update(place for place, row in enumerate(rows) if row["id"] in still)
    # Binomial(100, 1/2): below 26 or above 74 once in a million.
    assert sum(held.values()) == 500 and all(26 <= held[place] <= 74 for place in range(READY))


def test_only_complete_and_flagged_answers_count(runtime: Runtime) -> None:
    one = study(runtime.database, ASKED, collectors="A")
    for other in ("test", "partial", "excluded", "withdrawn"):
        one.respond(20, other)
    one.respond(4)
    one.respond(5, "flagged")
    assert release_ready(runtime, one.survey_id) == 0
    one.respond(1)
    assert release_ready(runtime, one.survey_id) == 5
    assert everything(runtime, one) == 5
    assert len(released(one)) == 10


def test_closing_and_importing_release_everybody_unless_too_few_beside_an_earlier_release(any_runtime: Runtime) -> None:
    one = study(any_runtime.database, ASKED)
    one.respond(3)
    assert everything(any_runtime, one) == 3, "the first release may be small: figures about so few are not shown"
    one.respond(LEAST - 1)
    assert everything(any_runtime, one) == 0
    assert everything(any_runtime, one, one.rows(1)) == LEAST
    assert waiting(one) == frozenset()


def test_stragglers_of_a_closed_survey_are_released_when_they_are_five(runtime: Runtime) -> None:
    one = study(runtime.database, ASKED)
    one.respond(12)
    everything(runtime, one)
    status(one, "closed")
    one.respond(4)
    assert release_ready(runtime, one.survey_id) == 0
    one.respond(1)
    assert release_ready(runtime, one.survey_id) == 5


def test_nothing_due_means_reading_a_little_and_writing_nothing(runtime: Runtime) -> None:
    one = study(runtime.database, ASKED, collectors="A")
    one.respond(READY - 1)
    with statements(runtime) as seen:
        release_ready(runtime, one.survey_id)
    assert len(seen) <= 3 and all(statement.startswith("SELECT") for statement in seen)
    with runtime.database.reading() as session:
        plan = session.connection().exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM response WHERE survey_id = 1 AND release_number IS NULL"
        )
        assert any("ix_response_survey_id_release_number" in str(row) for row in plan)


class statements:
    """Collects the statements of a runtime's connections, transactions' own words left out."""

    def __init__(self, runtime: Runtime) -> None:
        self._engines = (runtime.database.reader, runtime.database.writer)
        self._seen: list[str] = []

    def __enter__(self) -> list[str]:
        for engine in self._engines:
            event.listen(engine, "before_cursor_execute", self._note)
        return self._seen

    def __exit__(self, *_: object) -> None:
        for engine in self._engines:
            event.remove(engine, "before_cursor_execute", self._note)

    def _note(self, _: object, __: object, statement: str, *___: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            self._seen.append(statement)


def test_opening_results_in_many_places_at_once_makes_one_release(any_runtime: Runtime) -> None:
    one = study(any_runtime.database, ASKED, collectors="A")
    one.respond(30)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: release_ready(any_runtime, one.survey_id), range(8)))
    assert sorted(made) == [0] * 7 + [25]
    with any_runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Release)) == 1


def test_a_response_changed_under_the_release_stops_it(runtime: Runtime) -> None:
    one = study(runtime.database, ASKED)
    one.respond(6)
    ids = sorted(waiting(one))
    one.execute(update(Response).where(Response.id == ids[0]).values(status="excluded"))
    with pytest.raises(RuntimeError, match="found 5 of 6"):
        runtime.database.write(
            lambda session: releases.add(session, one.survey_id, ids, number=1, revision=1, on=date.max)
        )
    assert released(one) == frozenset()


@pytest.mark.parametrize(
    ("waits", "releases_of"),
    [
        ([10], {(5,)}),
        ([9, 1], {(5, 0)}),
        ([7, 3], {(5, 0)}),
        ([5, 5], {(5, 0), (0, 5)}),
        ([4, 4, 4], {(0, 0, 0)}),
        ([5, 3, 2], {(5, 0, 0)}),
        ([6, 6], {(6, 0), (0, 6)}),
        ([12, 8], {(taken, 15 - taken) for taken in range(7, 11)}),
        ([40, 5, 4, 1], {(40, 5, 0, 0)}),
    ],
)
def test_each_collector_gives_a_release_nobody_or_five(
    runtime: Runtime, waits: list[int], releases_of: set[tuple[int, ...]]
) -> None:
    seen = set()
    for _ in range(20):
        one = study(runtime.database, ASKED, collectors="ABCD"[: len(waits)])
        come(one, *waits)
        release_ready(runtime, one.survey_id)
        seen.add(tuple(parts(one, released(one))))
    # Twenty draws of two equal chances show both but once in half a million.
    assert seen <= releases_of and len(seen) >= min(2, len(releases_of))


@given(st.lists(st.integers(0, 13), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_a_release_takes_as_many_as_the_rules_let_it(waits: list[int], chance: Random) -> None:
    waiting = {place: [100 * place + one for one in range(number)] for place, number in enumerate(waits) if number}
    allowed = (
        taken
        for taken in product(*([0, *range(LEAST, number + 1)] for number in waits))
        if sum(waits) - sum(taken) >= HELD_BACK
    )
    most = max(map(sum, allowed), default=0) if sum(waits) >= READY else 0
    chosen = draw(waiting, chance.randbytes)
    taken = Counter(one // 100 for one in chosen)
    assert len(set(chosen)) == len(chosen) == most and set(chosen) <= set(chain.from_iterable(waiting.values()))
    assert all(number >= LEAST for number in taken.values())


Step = tuple[str, int]

steps = st.lists(
    st.tuples(
        st.sampled_from(["answer", "answer", "look", "look", "flagged", "test", "close", "reopen", "import"]),
        st.integers(1, 13),
    ),
    max_size=14,
)


def lived_through(
    runtime: Runtime, sequence: list[Step], *, look: Any = release_ready
) -> tuple[list[State], Study, int]:
    """The states of the results after each step of a survey's life, the survey, how many answers that count it got."""
    one = study(runtime.database, ASKED)
    states, answered, closed = [frozenset[int]()], 0, False
    for step, people in sequence:
        match step:
            case "answer" | "flagged" if not closed:
                one.respond(people, "complete" if step == "answer" else "flagged")
                answered += people
            case "test":
                one.respond(people, "test")
            case "look":
                look(runtime, one.survey_id)
            case "close" if not closed:
                status(one, "closed")
                everything(runtime, one)
                closed = True
            case "reopen" if closed:
                status(one, "open")
                closed = False
            case "import" if not closed:
                everything(runtime, one, one.rows(people))
                answered += people
        states.append(released(one))
    return states, one, answered


def shown(state: State) -> State:
    """What can be seen of a state: figures about fewer than five people are suppressed."""
    return state if len(state) >= LEAST else frozenset()


def apart(states: list[State]) -> Iterator[int]:
    """By how many people the states differ that somebody could compare."""
    for before, after in pairwise(shown(state) for state in states):
        yield len(before ^ after)


quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(sequence=steps)
@example(
    sequence=[
        ("answer", 3),
        ("close", 1),
        ("reopen", 1),
        ("answer", 2),
        ("close", 1),
        ("reopen", 1),
        ("answer", 4),
        ("close", 1),
    ]
)
@example(sequence=[("answer", 10), ("look", 1), ("import", 1), ("look", 1), ("import", 3), ("look", 1)])
def test_whatever_happens_states_differ_by_nobody_or_at_least_five(runtime: Runtime, sequence: list[Step]) -> None:
    states, one, answered = lived_through(runtime, sequence)
    assert all(by == 0 or by >= LEAST for by in apart(states))
    assert all(before <= after for before, after in pairwise(states)), "nobody is taken back"
    assert len(states[-1]) + len(waiting(one)) == answered, "nobody is lost"
    with runtime.database.reading() as session:
        sizes = session.scalars(select(Release.responses).where(Release.survey_id == one.survey_id)).all()
    assert sum(sizes) == len(states[-1]), "nobody is released twice"
    assert all(size >= LEAST for size in sizes[1:])


def test_releasing_one_by_one_would_be_noticed(runtime: Runtime) -> None:
    """Negative control: a careless release shows states that differ by one person."""

    def careless(runtime: Runtime, survey_id: int) -> None:
        def work(session: Session) -> None:
            ids = list(chain.from_iterable(releases.waiting_ids(session, survey_id).values()))
            if ids:
                number = releases.newest(session, survey_id) + 1
                releases.add(session, survey_id, ids, number=number, revision=1, on=runtime.today())

        runtime.database.write(work)

    states, _, _ = lived_through(runtime, [("answer", 9), ("look", 1), ("answer", 1), ("look", 1)], look=careless)
    assert list(apart(states)) == [0, 9, 0, 1]


Arrivals = list[tuple[int, ...]]
"""How many answer behind each of four collectors before results are opened; and again; and again."""


def opened(runtime: Runtime, arrivals: Arrivals, look: Any = release_ready) -> list[list[int]]:
    """How many of each collector are in the results whenever somebody opens them."""
    one = study(runtime.database, ASKED, collectors="ABCD")
    states = [[0] * 4]
    for people in arrivals:
        come(one, *people)
        look(runtime, one.survey_id)
        states.append(parts(one, released(one)))
    return states


def steps_by(states: list[list[int]]) -> Iterator[int]:
    """By how many people any two states differ behind any one collector and any several, such as a pooled rest."""
    for before, after in combinations(states, 2):
        changes = [new - old for old, new in zip(before, after, strict=True)]
        for size in range(1, len(changes) + 1):
            yield from map(sum, combinations(changes, size))


@quick
@given(st.lists(st.tuples(*[st.integers(0, 12)] * 4).filter(any), max_size=8))
@example([(4, 4, 4, 4), (1, 0, 0, 0), (0, 1, 1, 1), (0, 0, 0, 9)])
def test_while_a_survey_collects_no_collector_changes_by_fewer_than_five(runtime: Runtime, arrivals: Arrivals) -> None:
    assert all(by == 0 or by >= LEAST for by in steps_by(opened(runtime, arrivals)))


def test_a_draw_from_the_survey_as_a_whole_would_be_noticed(runtime: Runtime) -> None:
    """Negative control: a release of five that does not ask who came from where shows single people of a collector."""

    def across(runtime: Runtime, survey_id: int) -> None:
        def work(session: Session) -> None:
            ids = list(chain.from_iterable(releases.waiting_ids(session, survey_id).values()))
            chosen = draw({0: ids}, runtime.randomness)
            if chosen:
                number = releases.newest(session, survey_id) + 1
                releases.add(session, survey_id, chosen, number=number, revision=1, on=runtime.today())

        runtime.database.write(work)

    states = opened(runtime, [(20, 12, 0, 0), (4, 1, 0, 0), (9, 1, 0, 0), (9, 1, 0, 0)], across)
    assert any(0 < by < LEAST for by in steps_by(states))
