"""What people wrote in their own words, the themes given to it, and the quotes chosen from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, ColumnElement, and_, cast, delete, func, insert, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from survey.storage.models import CommentTheme, CutQuote, Quote, Response, Theme
from survey.storage.queries.releases import AT_ONCE, COUNTED, LIVE

Place = tuple[int, str]
"""Id of a response and key of a question: where a comment stands."""

SHOWN = (Response.release_number.is_not(None), Response.status.in_(COUNTED), LIVE.in_(COUNTED))
"""What may be read: released, and neither withdrawn, excluded nor erased, not even with a change that waits."""


def written(
    session: Session,
    survey_id: int,
    keys: Sequence[str],
    *,
    collector_id: int | None = None,
    response: int | None = None,
) -> Sequence[Sequence[Any]]:
    """Response id, language, and for each of ``keys`` what was written (None or "" for nothing), in the order of the
    random identifiers; only responses that wrote something. ``collector_id`` and ``response`` choose some."""
    if not keys:
        return []
    texts = [_text(session, key) for key in keys]
    query = select(Response.id, Response.language, *texts).where(
        Response.survey_id == survey_id,
        *SHOWN,
        or_(*(one != "" for one in texts)),
        true() if collector_id is None else Response.collector_id == collector_id,
        true() if response is None else Response.id == response,
    )
    rows: Sequence[Sequence[Any]] = session.execute(query.order_by(Response.id)).all()
    return rows


def _text(session: Session, key: str) -> ColumnElement[str]:
    """The answer to one question out of the stored JSON."""
    if session.get_bind().dialect.name == "postgresql":
        answer: ColumnElement[str] = cast(Response.answers, JSON)[key].as_string()
        return answer
    path: ColumnElement[str] = func.json_extract(Response.answers, f'$."{key}"')
    return path


def themes(session: Session, survey_id: int) -> Sequence[Theme]:
    """The themes of a survey in the order they were made."""
    return session.scalars(select(Theme).where(Theme.survey_id == survey_id).order_by(Theme.id)).all()


def theme(session: Session, survey_id: int, number: int) -> Theme | None:
    """One theme of a survey."""
    return session.scalars(select(Theme).where(Theme.survey_id == survey_id, Theme.id == number)).one_or_none()


def add_theme(session: Session, survey_id: int, name: str, words: str) -> int:
    """Makes a theme; gives its id."""
    made = Theme(survey_id=survey_id, name=name, words=words)
    session.add(made)
    session.flush()
    return made.id


def remove_theme(session: Session, number: int) -> None:
    """Deletes a theme and takes it from every comment."""
    session.connection().execute(delete(CommentTheme).where(CommentTheme.theme_id == number))
    session.connection().execute(delete(Theme).where(Theme.id == number))


def given(session: Session, survey_id: int) -> dict[Place, list[int]]:
    """Comment → ids of its themes, in the order these were made."""
    query = (
        select(CommentTheme.response_id, CommentTheme.question, CommentTheme.theme_id)
        .join(Theme, Theme.id == CommentTheme.theme_id)
        .where(Theme.survey_id == survey_id)
        .order_by(CommentTheme.theme_id)
    )
    found: dict[Place, list[int]] = {}
    for response, question, number in session.execute(query):
        found.setdefault((response, question), []).append(number)
    return found


def give(session: Session, places: Iterable[Place], number: int) -> None:
    """Gives a theme to comments; those that have it keep it."""
    rows = [{"response_id": response, "question": question, "theme_id": number} for response, question in places]
    into = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    if rows:
        session.connection().execute(into(CommentTheme).on_conflict_do_nothing(), rows)


def take(session: Session, places: Iterable[Place], number: int) -> None:
    """Takes a theme from comments."""
    for response, question in places:
        session.connection().execute(
            delete(CommentTheme).where(
                CommentTheme.response_id == response,
                CommentTheme.question == question,
                CommentTheme.theme_id == number,
            )
        )


def quotes(session: Session, survey_id: int, cut_id: int | None = None) -> dict[Place, str]:
    """Comment → its quote; only of comments that may be read now, in the order of the random identifiers. ``cut_id``:
    only of those that were quoted when this cut was made."""
    query = (
        select(Quote.response_id, Quote.question, Quote.text)
        .join(Response, Response.id == Quote.response_id)
        .where(Response.survey_id == survey_id, *SHOWN)
        .order_by(Quote.question, Quote.response_id)
    )
    if cut_id is not None:
        held = and_(CutQuote.response_id == Quote.response_id, CutQuote.question == Quote.question)
        query = query.join(CutQuote, held).where(CutQuote.cut_id == cut_id)
    return {(response, question): text for response, question, text in session.execute(query)}


def quote(session: Session, place: Place, text: str, by: str, on: date) -> None:
    """Chooses a quote, in place of an earlier one of the same comment."""
    unquote(session, place)
    session.add(Quote(response_id=place[0], question=place[1], text=text, chosen_by=by, chosen_on=on))
    session.flush()


def keep_quotes(session: Session, cut_id: int, places: Iterable[Place]) -> None:
    """Notes that a cut quotes these comments."""
    rows = [{"response_id": response, "question": question, "cut_id": cut_id} for response, question in places]
    if rows:
        session.connection().execute(insert(CutQuote), rows)


def unquote(session: Session, place: Place) -> bool:
    """Takes a quote back; False when there was none."""
    mine = delete(Quote).where(Quote.response_id == place[0], Quote.question == place[1])
    return session.connection().execute(mine).rowcount > 0


def forget(session: Session, response_ids: Sequence[int]) -> None:
    """Deletes the themes and quotes of responses, also what cuts note of these."""
    for start in range(0, len(response_ids), AT_ONCE):
        some = response_ids[start : start + AT_ONCE]
        session.connection().execute(delete(CommentTheme).where(CommentTheme.response_id.in_(some)))
        session.connection().execute(delete(Quote).where(Quote.response_id.in_(some)))
        session.connection().execute(delete(CutQuote).where(CutQuote.response_id.in_(some)))
