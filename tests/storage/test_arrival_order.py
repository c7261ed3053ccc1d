"""After a release the stored rows do not tell who came when: not their place, not the transaction that wrote them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from statistics import correlation
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Text, cast, func, insert, literal_column, select, text
from sqlalchemy.orm import Session

from survey.services.releasing import release_everything, release_ready
from survey.services.runtime import Runtime
from survey.storage.engine import Database, open_database
from survey.storage.models import Response
from survey.storage.queries import releases, responses
from tests.aggregation.populations import questionnaire, scale
from tests.factories.studies import NOON, Study, study

ASKED = questionnaire(scale("Q1", "1", "2", "3"))

ALIKE = 0.55
"""Rank correlation of two orders of 105 or more that have nothing to do with each other: less, but once in 10⁷."""


@pytest.fixture
def server_database(postgresql: Callable[[], str]) -> Iterator[Database]:
    """An open, migrated PostgreSQL database."""
    database = open_database(postgresql())
    yield database
    database.close()


def arrived(database: Database) -> tuple[Study, list[int]]:
    """A survey and its answers in the order they came, each in a transaction of its own: 105 behind a collector that
    a release takes, mixed with 120 behind thirty collectors that have too few."""
    one = study(database, ASKED, collectors=[f"{place}-" for place in range(31)])
    places = [0] * 105 + [place for place in range(1, 31) for _ in range(4)]
    one.chance.shuffle(places)
    rows = [{**row, "collector_id": one.collectors[place]} for place, row in zip(places, one.rows(225), strict=True)]
    for row in rows:
        one.store([row])
    return one, [row["id"] for row in rows]


def stored(one: Study, *, released: bool) -> list[tuple[int, str]]:
    """Id and writing transaction of PostgreSQL's rows, by their place in the table."""
    place, transaction = literal_column("ctid", Text), cast(literal_column("xmin"), Text)
    waits = Response.release_number.is_(None)
    query = select(Response.id, transaction).where(Response.survey_id == one.survey_id, waits != released)
    with one.database.reading() as session:
        return [(response, written) for response, written in session.execute(query.order_by(place))]


def alike(found: list[int], order: list[int]) -> float:
    """Rank correlation of an order with the order of arrival."""
    mine = set(found)
    ranks = {one: rank for rank, one in enumerate(one for one in order if one in mine)}
    return correlation([ranks[one] for one in found], range(len(found)))


def release_first(one: Study, add: Callable[[Session, list[int]], object] | None = None) -> None:
    """Releases, by ``add`` or as the product does, the 105 behind the first collector."""

    def work(session: Session) -> None:
        chosen = releases.waiting_ids(session, one.survey_id)[one.collectors[0], "complete"]
        if add:
            add(session, chosen)
        else:
            releases.add(session, one.survey_id, chosen, number=1, revision=1, on=NOON.date())

    one.database.write(work)


def test_after_a_release_postgresql_tells_nothing_of_arrival(server_database: Database) -> None:
    one, order = arrived(server_database)
    release_first(one)
    for released, people in ((True, 105), (False, 120)):
        found = stored(one, released=released)
        assert len(found) == people and len({written for _, written in found}) == 1
        assert abs(alike([response for response, _ in found], order)) < ALIKE


def test_without_rewriting_postgresql_would_tell(server_database: Database) -> None:
    """Negative control: a release that only gives its number leaves place and transaction of who still waits, and the
    place of those it takes."""
    one, order = arrived(server_database)
    release_first(one, lambda session, chosen: releases._update(session, one.survey_id, chosen, 1))
    waiting = stored(one, released=False)
    by_transaction = [response for response, _ in sorted(waiting, key=lambda found: int(found[1]))]
    assert alike([response for response, _ in waiting], order) == alike(by_transaction, order) == pytest.approx(1)
    assert alike([response for response, _ in stored(one, released=True)], order) > 0.9


def test_an_import_leaves_no_order_either(server_database: Database) -> None:
    one, order = arrived(server_database)
    rows = one.rows(200)

    def work(session: Session) -> int:
        session.connection().execute(insert(Response), rows)
        return release_everything(session, one.survey_id, NOON.date(), one.chance.randbytes)

    assert server_database.write(work) == 425
    found = stored(one, released=True)
    assert len({written for _, written in found}) == 1
    for known in (order, [row["id"] for row in rows]):
        assert abs(alike([response for response, _ in found if response in set(known)], known)) < ALIKE


def test_every_column_comes_through_a_release(server_database: Database) -> None:
    one, _ = arrived(server_database)
    before = columns(one)
    release_first(one)
    assert columns(one) == before


def columns(one: Study) -> dict[int, dict[str, Any]]:
    """All that is stored of each response, but its release."""
    with one.database.reading() as session:
        rows = session.execute(select(*(each for each in Response.__table__.c if each.name != "release_number")))
        return {row.id: dict(row._mapping) for row in rows}


def test_answers_go_on_during_a_release_and_one_sent_again_is_stored_once(server_database: Database) -> None:
    one = study(server_database, ASKED, collectors="A")
    first, new = one.rows(1)[0], one.rows(1)[0]
    one.store([first, *one.rows(11)])
    outcomes: dict[str, bool] = {}

    def send(name: str, row: dict[str, Any]) -> None:
        outcomes[name] = server_database.write(
            lambda session: responses.insert_if_open(session, one.collectors[0], row)
        )

    again = Thread(target=send, args=("again", {**first, "id": first["id"] ^ 1}))

    def work(session: Session) -> int:
        made = release_everything(session, one.survey_id, NOON.date(), Random(1).randbytes)
        send("new", new)  # would never end if it waited for this transaction
        again.start()
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while again.is_alive() and not session.scalar(waits):
            pass
        return made

    assert server_database.write(work) == 12
    again.join()
    assert outcomes == {"new": True, "again": False}
    with server_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 13


def test_the_table_of_sqlite_is_in_the_order_of_random_identifiers(runtime: Runtime) -> None:
    one, order = arrived(runtime.database)
    release_ready(runtime, one.survey_id)
    with runtime.database.reading() as session:
        scanned = session.connection().exec_driver_sql("SELECT rowid, id FROM response NOT INDEXED").all()
    assert [row for row, _ in scanned] == [response for _, response in scanned] == sorted(order)
    assert abs(alike([response for _, response in scanned], order)) < ALIKE
