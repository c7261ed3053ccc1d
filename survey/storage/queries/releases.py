"""Releases: what waits for one, what each holds, and the rows the response matrix is built from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Row, and_, case, cast, delete, func, insert, select, update
from sqlalchemy.orm import Session

from survey.aggregation.coding import STATUSES
from survey.storage.models import Collector, QuestionnaireVersion, Release, Response, SingleUseCode, Survey

COUNTED = STATUSES
"""Statuses of responses that enter results."""

Place = tuple[int, str]
"""Collector id and status: results can be looked at by either, so each is released by itself."""

LIVE: ColumnElement[str] = func.coalesce(Response.change, Response.status)
"""The status a response has or, when a change of it waits for a release, will have."""

AT_ONCE = 500
"""Rows or identifiers handled together. More is slower: they no longer fit the processor's cache (measured)."""


def lock(session: Session, survey_id: int) -> str:
    """The survey's status. Others who release, or change what a release holds, wait until this transaction ends; people
    who answer do not (in PostgreSQL a plain FOR UPDATE would wait for them, and they for it)."""
    return session.scalars(select(Survey.status).where(Survey.id == survey_id).with_for_update(key_share=True)).one()


def standing(session: Session, survey_id: int) -> tuple[str, int]:
    """The survey's status, and the number of its newest release, 0 before the first."""
    newest = select(func.coalesce(func.max(Release.number), 0)).where(Release.survey_id == survey_id).scalar_subquery()
    status, number = session.execute(select(Survey.status, newest).where(Survey.id == survey_id)).one()
    return status, number


def waiting(session: Session, survey_id: int) -> dict[Place, int]:
    """How many responses of each place wait for a release; places without one are absent."""
    place = (Response.collector_id, Response.status)
    query = select(*place, func.count()).where(*_waiting(survey_id)).group_by(*place)
    return {(collector, status): count for collector, status, count in session.execute(query)}


def waiting_ids(session: Session, survey_id: int) -> dict[Place, list[int]]:
    """The responses of each place that wait for a release, in no particular order."""
    found: dict[Place, list[int]] = {}
    query = select(Response.id, Response.collector_id, Response.status).where(*_waiting(survey_id))
    for response, collector, status in session.execute(query):
        found.setdefault((collector, status), []).append(response)
    return found


def _waiting(survey_id: int) -> tuple[ColumnElement[bool], ...]:
    return Response.survey_id == survey_id, Response.release_number.is_(None), Response.status.in_(COUNTED)


def newest(session: Session, survey_id: int) -> int:
    """The number of the newest release, 0 before the first."""
    return session.scalar(select(func.max(Release.number)).where(Release.survey_id == survey_id)) or 0


def add(session: Session, survey_id: int, response_ids: Sequence[int], *, number: int, revision: int, on: date) -> None:
    """Gives a new release's number to these responses. Raises RuntimeError if one of them did not wait for it.
    Afterwards the table does not tell in which order they came, nor in which order those came that still wait."""
    session.execute(
        insert(Release).values(
            survey_id=survey_id, number=number, revision=revision, responses=len(response_ids), released_on=on
        )
    )
    give = _rewrite if session.get_bind().dialect.name == "postgresql" else _update
    given = give(session, survey_id, response_ids, number)
    mix_codes(session, survey_id)
    if given != len(response_ids):
        raise RuntimeError(f"release {number} of survey {survey_id} found {given} of {len(response_ids)} responses")


Step = tuple[int, str, str]
"""Collector id, the status that results count, and the one to be: ``gone`` for all that leave."""


def changes(session: Session, survey_id: int) -> dict[Step, list[int]]:
    """The released responses whose change waits, by what it changes in results."""
    found: dict[Step, list[int]] = {}
    query = select(Response.id, Response.collector_id, Response.status, Response.change).where(
        Response.survey_id == survey_id, Response.change.is_not(None)
    )
    for response, collector, now, then in session.execute(query):
        found.setdefault((collector, now, str(then) if then in COUNTED else "gone"), []).append(response)
    return found


def apply_changes(
    session: Session, survey_id: int, response_ids: Sequence[int], revise: Callable[[], int], on: date
) -> None:
    """Lets the changes of these responses into the results: each release that held one of them gets a new revision from
    ``revise``. What was erased goes for good. The survey is locked by the caller."""
    touched: set[int] = set()
    for start in range(0, len(response_ids), AT_ONCE):
        some = Response.id.in_(response_ids[start : start + AT_ONCE])
        touched |= {n for n in session.scalars(select(Response.release_number).where(some).distinct()) if n}
        session.connection().execute(delete(Response).where(some, Response.change == "erased"))
        session.connection().execute(
            update(Response).where(some, Response.change.is_not(None)).values(status=Response.change, change=None)
        )
    for number in sorted(touched):
        held = select(func.count()).where(
            Response.survey_id == survey_id, Response.release_number == number, Response.status.in_(COUNTED)
        )
        session.execute(
            update(Release)
            .where(Release.survey_id == survey_id, Release.number == number)
            .values(revision=revise(), responses=held.scalar_subquery(), released_on=on)
        )


def mix_codes(session: Session, survey_id: int) -> None:
    """Stores a survey's single-use codes anew in random order, on PostgreSQL, where the transaction and the place of a
    row would tell which code was spent with which answer. SQLite's table has neither."""
    if session.get_bind().dialect.name != "postgresql":
        return
    columns = SingleUseCode.__table__.c
    mine = columns.collector_id.in_(select(Collector.id).where(Collector.survey_id == survey_id))
    moved = delete(SingleUseCode).where(mine).returning(*columns).cte("moved")
    anew = select(*moved.c).select_from(moved).order_by(func.random())
    session.connection().execute(insert(SingleUseCode).from_select(list(columns.keys()), anew).add_cte(moved))


def _update(session: Session, survey_id: int, response_ids: Sequence[int], number: int) -> int:
    """Gives the number in place: SQLite's table is in the order of the random identifiers and says nothing of time."""
    given = 0
    for start in range(0, len(response_ids), AT_ONCE):
        some = response_ids[start : start + AT_ONCE]
        changed = session.connection().execute(
            update(Response)
            .where(Response.id.in_(some), Response.release_number.is_(None), Response.status.in_(COUNTED))
            .values(release_number=number)
        )
        given += changed.rowcount
    return given


def _rewrite(session: Session, survey_id: int, response_ids: Sequence[int], number: int) -> int:
    """Gives the number, and stores all rows the survey had unreleased anew and in random order: in PostgreSQL the place
    (ctid) and the transaction (xmin) of a row tell when it came. Those who send an answer again wait for the end."""
    columns = Response.__table__.c
    held = columns.survey_id == survey_id, columns.release_number.is_(None)
    moved = delete(Response).where(*held).returning(*columns).cte("moved")
    chosen = func.unnest(cast(response_ids, ARRAY(BigInteger))).table_valued("id").render_derived("chosen")
    given = case((and_(chosen.c.id.is_not(None), moved.c.status.in_(COUNTED)), number))
    stored = [given if column.name == "release_number" else moved.c[column.name] for column in columns]
    anew = select(*stored).select_from(moved.outerjoin(chosen, chosen.c.id == moved.c.id)).order_by(func.random())
    session.connection().execute(insert(Response).from_select(list(columns.keys()), anew).add_cte(moved))
    released = columns.survey_id == survey_id, columns.release_number == number
    return session.scalar(select(func.count()).select_from(Response).where(*released)) or 0


def revisions(session: Session, survey_id: int) -> dict[int, int]:
    """Release number → revision of every release."""
    query = select(Release.number, Release.revision).where(Release.survey_id == survey_id).order_by(Release.number)
    return {number: revision for number, revision in session.execute(query)}


def days(session: Session, survey_id: int) -> dict[int, date]:
    """Release number → day on which it last changed."""
    query = select(Release.number, Release.released_on).where(Release.survey_id == survey_id)
    return {number: day for number, day in session.execute(query)}


def versions(session: Session, survey_id: int) -> list[tuple[int, str]]:
    """Id and JSON document of every published version, oldest first: numbers 1, 2, 3 …"""
    query = select(QuestionnaireVersion.id, QuestionnaireVersion.document)
    query = query.where(QuestionnaireVersion.survey_id == survey_id).order_by(QuestionnaireVersion.number)
    return [(version_id, text) for version_id, text in session.execute(query)]


def collector_codes(session: Session, survey_id: int) -> dict[int, str]:
    """Collector id → code."""
    query = select(Collector.id, Collector.code).where(Collector.survey_id == survey_id)
    return {collector_id: code for collector_id, code in session.execute(query)}


Released = Row[str, int, str, int, date, str, int | None]
"""Answers, collector id, language, version id, day, status, release number."""


def responses(session: Session, survey_id: int, first: int, last: int) -> Iterator[Sequence[Released]]:
    """What the releases from ``first`` to ``last`` hold, in batches, so that memory does not grow with their size."""
    query = select(
        Response.answers,
        Response.collector_id,
        Response.language,
        Response.version_id,
        Response.received_on,
        Response.status,
        Response.release_number,
    ).where(Response.survey_id == survey_id, Response.release_number.between(first, last), Response.status.in_(COUNTED))
    return session.execute(query.execution_options(yield_per=AT_ONCE)).partitions()
