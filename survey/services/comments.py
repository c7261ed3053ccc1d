"""Reading what people wrote, choosing quotes of it, and what a report may say about it.

Who reads comments reads single answers: it needs the permission for these and leaves an entry in the audit trail, one a
day for each reader and survey. Nothing tells when a comment came: only released ones are read, in an order that is the
same each time and has nothing to do with arrival.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection.answers import normalise
from survey.comments import personal, quotes, report
from survey.comments.personal import Hit, Part
from survey.comments.report import CommentsReport
from survey.comments.themes import Rules, Written, rules, suggested
from survey.comments.words import plain
from survey.definition import document
from survey.definition.text import Text
from survey.definition.variables import Form
from survey.errors import Conflict, NotFound, PhieuError
from survey.reports.comments_to_csv import comments_to_csv
from survey.reports.to_csv import DELIMITERS
from survey.services import selections
from survey.services.releasing import release_ready
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.statistics.filters import Filters
from survey.storage.models import Survey, Theme
from survey.storage.queries import audit, collectors, releases, surveys
from survey.storage.queries import comments as stored
from survey.storage.queries.comments import Place
from survey.texts import texts
from survey.texts.folding import folded

LONGEST_SEARCH = 200
"""Characters of a search that are heeded."""


@dataclass(frozen=True)
class Wanted:
    """Which comments: those with every word of ``search``, or one that begins with it, of one question (key), behind
    one collector (code). ``theme``: "" any, ``none`` without a theme, ``quoted``, the id of a theme, or ``fits-`` and
    an id for those its rules suggest and nobody gave it to. ``filters``: of whom, as results are selected."""

    search: str = ""
    question: str = ""
    collector: str = ""
    theme: str = ""
    filters: Filters = ()


@dataclass(frozen=True)
class Comment:
    """One comment. ``ref`` names it in addresses; ``given`` and ``fitting`` are ids of themes, those people gave and
    those that rules suggest besides; ``quote`` is what was chosen of it for publication, else ""."""

    ref: str
    question: str
    label: Text
    language: str
    text: str
    parts: tuple[Part, ...]
    given: tuple[int, ...]
    fitting: tuple[int, ...]
    quote: str


@dataclass(frozen=True)
class Reading:
    """One page of comments, of ``total`` that were wanted; and what can be chosen: question keys, collector codes and
    theme ids with their names."""

    comments: tuple[Comment, ...]
    total: int
    questions: tuple[tuple[str, Text], ...]
    collectors: tuple[tuple[str, str], ...]
    themes: tuple[tuple[int, str], ...]


class _Found(NamedTuple):
    """A comment as it is stored."""

    place: Place
    language: str
    text: str

    @property
    def ref(self) -> str:
        return f"{self.place[1]}-{self.place[0]:x}"


def reading(runtime: Runtime, actor: Actor, slug: str, wanted: Wanted, *, skip: int, most: int) -> Reading:
    """The comments from number ``skip`` on. Raises NotAllowed, NotFound, Conflict ``not_published``; NotFound
    ``collector_unknown``, ``question_unknown`` or ``theme_unknown`` for a filter that names none; and, for a selection
    whose figures may not be shown, what ``open_result`` raises."""
    demand(actor.role, Permission.EXPORT)
    _release(runtime, actor, slug)
    people = selections.people(runtime, actor, slug, wanted.filters) if wanted.filters else None
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        labels, known = _questions(session, survey), stored.themes(session, survey.id)
        codes = {one.code: one for one in collectors.of_survey(session, survey.id)}
        if wanted.question and wanted.question not in labels:
            raise NotFound("question_unknown", "There is no such question.", "Choose one of those listed.")
        if wanted.collector and wanted.collector not in codes:
            raise NotFound("collector_unknown", "There is no such collector.", "Look it up in the survey's list.")
        keys = [wanted.question] if wanted.question else list(labels)
        behind = codes[wanted.collector].id if wanted.collector else None
        found = list(_found(session, survey.id, keys, collector_id=behind))
        given, chosen = stored.given(session, survey.id), stored.quotes(session, survey.id)
    fits = _filter(wanted, known, given, chosen)
    found = [one for one in found if (people is None or one.place[0] in people) and fits(one)]
    found.sort(key=lambda one: _order(one.place))
    shown = found[skip : skip + most]
    _note_reading(runtime, actor, slug)
    ruled = [(one.id, rules(one.words)) for one in known]
    return Reading(
        tuple(_comment(one, labels, ruled, given, chosen) for one in shown),
        len(found),
        tuple(labels.items()),
        tuple((code, one.name) for code, one in codes.items()),
        tuple((one.id, one.name) for one in known),
    )


def show(runtime: Runtime, actor: Actor, slug: str, ref: str) -> tuple[Comment, tuple[tuple[int, str], ...]]:
    """One comment, and the themes there are. Raises as ``reading``, and NotFound ``comment_unknown``."""
    demand(actor.role, Permission.EXPORT)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        labels, known = _questions(session, survey), stored.themes(session, survey.id)
        one = find(session, survey, ref, labels)
        given, chosen = stored.given(session, survey.id), stored.quotes(session, survey.id)
    _note_reading(runtime, actor, slug)
    ruled = [(theme.id, rules(theme.words)) for theme in known]
    return _comment(one, labels, ruled, given, chosen), tuple((theme.id, theme.name) for theme in known)


def hits(comment: str) -> tuple[tuple[str, str], ...]:
    """The personal data of a comment as a quote would show it: each text with its kind, once."""
    said = " ".join(comment.split())
    found: tuple[Hit, ...] = personal.find(said)
    return tuple({said[start:end]: kind for start, end, kind in found}.items())


def quote(runtime: Runtime, actor: Actor, slug: str, ref: str, typed: str, confirmed: Collection[str] = ()) -> str:
    """Chooses a quote for publication and gives it as it is stored. ``confirmed`` are texts of ``hits`` that the actor
    says are no personal data. Raises as ``show`` and as ``quotes.shortened``."""
    demand(actor.role, Permission.EXPORT)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        one = find(session, survey, ref, _questions(session, survey))
    allowed = {said for said, _ in hits(one.text)} & set(confirmed)
    made = quotes.shortened(one.text, normalise(typed), allowed)

    def work(session: Session) -> str:
        releases.lock(session, survey.id)
        if find(session, survey, ref, {one.place[1]: Text()}).text != one.text:
            raise Conflict("comment_changed", "This comment changed meanwhile.", "Load the page again.")
        stored.quote(session, one.place, made, actor.name, runtime.today())
        detail = {"question": one.place[1], "confirmed": len(allowed)}
        audit.record(session, runtime.now(), actor.name, "comment.quote", f"survey:{slug}", detail)
        return made

    return runtime.database.write(work)


def unquote(runtime: Runtime, actor: Actor, slug: str, ref: str) -> None:
    """Takes a quote back; there may be none. Raises as ``show``."""
    demand(actor.role, Permission.EXPORT)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        one = find(session, survey, ref, _questions(session, survey))

    def work(session: Session) -> None:
        if stored.unquote(session, one.place):
            detail = {"question": one.place[1]}
            audit.record(session, runtime.now(), actor.name, "comment.unquote", f"survey:{slug}", detail)

    runtime.database.write(work)


def export(runtime: Runtime, actor: Actor, slug: str, language: str, delimiter: str = ",") -> Iterator[bytes]:
    """All comments that may be read, masked, with their themes, as CSV in pieces. Raises as ``reading``, and PhieuError
    ``delimiter_unknown``, before the first piece."""
    demand(actor.role, Permission.EXPORT)
    if delimiter not in DELIMITERS:
        raise PhieuError("delimiter_unknown", "Columns can be separated by a comma or a semicolon.", "Choose one.")
    _release(runtime, actor, slug)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        labels = _questions(session, survey)
        found = sorted(_found(session, survey.id, list(labels)), key=lambda one: _order(one.place))
        names = {one.id: one.name for one in stored.themes(session, survey.id)}
        given = stored.given(session, survey.id)
    runtime.database.write(
        lambda session: audit.record(
            session, runtime.now(), actor.name, "comment.export", f"survey:{slug}", {"rows": len(found)}
        )
    )
    t = texts(language)
    rows = (
        (
            one.place[1],
            labels[one.place[1]].to(language),
            personal.masked(one.text, t),
            [names[number] for number in given.get(one.place, ())],
        )
        for one in found
    )
    return comments_to_csv(rows, t, delimiter)


def for_report(runtime: Runtime, actor: Actor, slug: str) -> CommentsReport:
    """What a report may count of the comments, as they are now: after disclosure control. Raises NotAllowed, NotFound,
    Conflict ``not_published``."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        found = list(_found(session, survey.id, list(_questions(session, survey))))
        given = stored.given(session, survey.id)
        names = {one.id: one.name for one in stored.themes(session, survey.id)}
    people = {one.place[0] for one in found}
    if len(people) < report.PEOPLE:
        return CommentsReport()
    by_theme: dict[str, set[object]] = {}
    for one in found:
        for number in given.get(one.place, ()):
            by_theme.setdefault(names[number], set()).add(one.place[0])
    written = ((one.place[0], one.text) for one in found)
    return CommentsReport(report.themes(by_theme), report.words(written), len(people))


def quoted(runtime: Runtime, actor: Actor, slug: str, cut_id: int | None = None) -> tuple[tuple[str, str], ...]:
    """Question and text of the quotes that stand now, personal data masked; ``cut_id``: only those that were chosen
    when this cut was made. Raises NotAllowed, NotFound."""
    demand(actor.role, Permission.RESULTS)
    with runtime.database.reading() as session:
        chosen = stored.quotes(session, in_scope(session, actor, slug).id, cut_id)
    return tuple((question, text) for (_, question), text in sorted(chosen.items(), key=lambda one: _order(one[0])))


def find(session: Session, survey: Survey, ref: str, labels: Mapping[str, Text]) -> _Found:
    """The comment that a reference names. Raises NotFound ``comment_unknown`` for what is none or may not be read."""
    question, _, written = ref.rpartition("-")
    number = int(written, 16) if 0 < len(written) < 17 and set(written) <= set("0123456789abcdef") else -1
    if question in labels and 0 <= number < 2**63:
        for one in _found(session, survey.id, [question], response=number):
            return one
    raise NotFound("comment_unknown", "There is no such comment.", "It may have been withdrawn; load the list again.")


def questions(session: Session, survey: Survey) -> Mapping[str, Text]:
    """Key → wording of every question that was ever answered in words. Raises Conflict ``not_published``."""
    return _questions(session, survey)


def _questions(session: Session, survey: Survey) -> dict[str, Text]:
    rows = surveys.versions(session, survey.id)
    if not rows:
        raise Conflict("not_published", "This survey is not published yet.", "Publish it first.")
    labels: dict[str, Text] = {}
    for row in reversed(rows):
        for variable in document.read(json.loads(row.document)).variables:
            if variable.form is Form.TEXT:
                labels.setdefault(variable.key, variable.label)
    return labels


def _found(
    session: Session,
    survey_id: int,
    keys: Sequence[str],
    *,
    collector_id: int | None = None,
    response: int | None = None,
) -> Iterator[_Found]:
    for row in stored.written(session, survey_id, keys, collector_id=collector_id, response=response):
        for key, text in zip(keys, row[2:], strict=True):
            if text and not text.isspace():
                yield _Found((row[0], key), row[1], text)


def _order(place: Place) -> int:
    """Where a comment stands in lists: by chance, but the same each time, and apart from what else the same person
    wrote."""
    mixed = (place[0] ^ zlib.crc32(place[1].encode())) * 0x9E3779B97F4A7C15 & (2**64 - 1)
    return (mixed ^ mixed >> 29) * 0xBF58476D1CE4E5B9 & (2**64 - 1)


def _filter(
    wanted: Wanted, known: Sequence[Theme], given: Mapping[Place, Sequence[int]], chosen: Collection[Place]
) -> Callable[[_Found], bool]:
    words = plain(wanted.search[:LONGEST_SEARCH]).split()
    by_id = {str(one.id): one for one in known}
    kind, number = wanted.theme, wanted.theme.removeprefix("fits-")
    if kind not in ("", "none", "quoted") and number not in by_id:
        raise NotFound("theme_unknown", "There is no such theme.", "Choose one of those listed.")
    ruled = rules(by_id[number].words) if kind.startswith("fits-") else Rules()

    def themed(one: _Found) -> bool:
        if not kind:
            return True
        if kind == "quoted":
            return one.place in chosen
        mine = given.get(one.place, ())
        if kind == "none":
            return not mine
        return (int(number) in mine) if kind == number else int(number) not in mine and ruled.fit(Written(one.text))

    def fits(one: _Found) -> bool:
        if not themed(one):
            return False
        if not words:
            return True
        text = folded(one.text)
        # Where the letters stand at all is quicker to tell than where words begin.
        return all(word in text for word in words) and all(f" {word}" in plain(one.text) for word in words)

    return fits


def _comment(
    one: _Found,
    labels: Mapping[str, Text],
    ruled: Sequence[tuple[int, Rules]],
    given: Mapping[Place, Sequence[int]],
    chosen: Mapping[Place, str],
) -> Comment:
    mine = tuple(given.get(one.place, ()))
    return Comment(
        one.ref,
        one.place[1],
        labels[one.place[1]],
        one.language,
        one.text,
        personal.parts(one.text),
        mine,
        tuple(number for number in suggested(one.text, ruled) if number not in mine),
        chosen.get(one.place, ""),
    )


def _release(runtime: Runtime, actor: Actor, slug: str) -> None:
    with runtime.database.reading() as session:
        survey_id = in_scope(session, actor, slug).id
    release_ready(runtime, survey_id)


def _note_reading(runtime: Runtime, actor: Actor, slug: str) -> None:
    """Notes that somebody read comments of a survey, once a local day."""
    subject, zone = f"survey:{slug}", runtime.settings.timezone
    with runtime.database.reading() as session:
        newest = audit.newest(session, {subject}, who=actor.name, action="comment.read", most=1)
    if newest and newest[0].at.astimezone(zone).date() == runtime.today():
        return
    runtime.database.write(lambda session: audit.record(session, runtime.now(), actor.name, "comment.read", subject))
