"""Surveys from draft to closed: made from a template or a document, published as immutable versions, reopened."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.definition import checks, document, library, scored
from survey.definition.questionnaire import Questionnaire
from survey.errors import Conflict, NotFound, PhieuError
from survey.services import offices
from survey.services.particulars import Particulars, line, named, plan
from survey.services.releasing import release_everything
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import SLUG, in_scope, questionnaire
from survey.storage.models import Survey
from survey.storage.queries import audit, surveys
from survey.texts import folding

DOCUMENT_BYTES = 1_000_000
"""Largest questionnaire document taken in."""


def create_survey(
    runtime: Runtime,
    actor: Actor,
    *,
    slug: str,
    template: str,
    office_name: str = "",
    superior: str = "",
    phone: str = "",
    email: str = "",
    website: str = "",
    opens_on: date | None = None,
    closes_on: date | None = None,
    population: int | None = None,
    target: int | None = None,
    title: str | None = None,
    title_en: str = "",
    office_en: str = "",
    layout: str = "page",
    unit: str = "",
) -> str:
    """A new draft from a template with the office filled in; gives its slug. What is not said of the office comes from
    the unit (``unit`` by name, else the actor's own). Raises PhieuError for an unknown template or unusable values,
    Conflict ``slug_taken``."""
    said = Particulars(
        office=office_name,
        superior=superior,
        phone=phone,
        email=email,
        website=website,
        title=title,
        opens_on=opens_on,
        closes_on=closes_on,
        population=population,
        target=target,
        title_en=title_en,
        office_en=office_en,
        layout=layout,
    )
    return _create(runtime, actor, slug, library.load(template), said, unit, {"template": template})


def import_document(
    runtime: Runtime, actor: Actor, data: bytes | str, *, slug: str | None = None, unit: str = ""
) -> str:
    """A questionnaire document (JSON) as the draft of survey ``slug``, which is made if there is none; without a slug
    always a new survey, named after its title. Gives the slug. Raises PhieuError ``document_unreadable``."""
    asked = read_document(data)
    with runtime.database.reading() as session:
        known = slug is not None and surveys.find(session, slug, actor.units) is not None
    if slug is None or not known:
        name = slug or folding.slug(asked.title.to(asked.languages[0]))
        return _create(runtime, actor, name, asked, Particulars(), unit, {"imported": True})

    def change(session: Session, survey: Survey) -> None:
        _demand_not_closed(survey)
        _set_draft(survey, named(asked, Particulars()))

    _change(runtime, actor, slug, "survey.import", change)
    return slug


def export_document(runtime: Runtime, actor: Actor, slug: str) -> str:
    """The questionnaire as a JSON document: the draft if there is one, else the newest version."""
    return json.dumps(document.write(questionnaire(runtime, actor, slug)), ensure_ascii=False, indent=2) + "\n"


def free_slug(runtime: Runtime, title: str) -> str:
    """A short name made of a title that no survey has yet."""
    base = folding.slug(title) or "khao-sat"
    with runtime.database.reading() as session:
        number = 1
        while surveys.find(session, name := base if number == 1 else f"{base}-{number}") is not None:
            number += 1
    return name


def read_document(data: bytes | str) -> Questionnaire:
    """A questionnaire from the bytes of a JSON document. Raises PhieuError ``document_unreadable``."""
    try:
        if len(data) > DOCUMENT_BYTES:
            raise ValueError(f"more than {DOCUMENT_BYTES} bytes")
        value = json.loads(data)
        document.canonical(value)
    except (ValueError, RecursionError) as error:
        raise PhieuError(
            "document_unreadable",
            "This is no questionnaire document.",
            "Give a JSON file in UTF-8 of at most 1 MB.",
            (str(error),),
        ) from error
    return document.read(value)


def update_survey(runtime: Runtime, actor: Actor, slug: str, said: Particulars) -> None:
    """Dates, population and target of a survey; before publication also its title and office."""

    def change(session: Session, survey: Survey) -> None:
        _demand_not_closed(survey)
        plan(survey, said)
        if survey.version_number == 0 and survey.draft is not None:
            _set_draft(survey, named(document.read(json.loads(survey.draft)), said, clear=True))

    _change(runtime, actor, slug, "survey.update", change)


def mark_scores(runtime: Runtime, actor: Actor, slug: str, keys: Collection[str]) -> None:
    """Lets these questions of the draft count as NPS, CSAT or CES, by the number of their levels, and no others. Raises
    Conflict ``no_draft``."""
    _redraft(runtime, actor, slug, "survey.mark_scores", lambda asked: scored.marked(asked, keys))


def add_score(
    runtime: Runtime, actor: Actor, slug: str, measure: str, section: str, wordings: Mapping[str, str]
) -> None:
    """Puts the ready question of ``nps``, ``csat`` or ``ces`` at the end of a section of the draft; ``wordings`` by
    language stand instead of its own. Raises Conflict ``no_draft``, NotFound ``score_unknown``."""
    given = {code: line("text", wording, 500) for code, wording in wordings.items() if wording.strip()}
    _redraft(runtime, actor, slug, "survey.add_score", lambda asked: scored.added(asked, measure, section, given))


def remove_score(runtime: Runtime, actor: Actor, slug: str, key: str) -> None:
    """Takes a question with a score out of the draft, if no rule and no index rests on it. Raises Conflict
    ``no_draft``, NotFound ``score_unknown``."""
    _redraft(runtime, actor, slug, "survey.remove_score", lambda asked: scored.removed(asked, key))


def publish(runtime: Runtime, actor: Actor, slug: str) -> int:
    """Makes the draft an immutable version, opens the survey, gives the version's number. Raises PhieuError
    ``questionnaire_problems`` with one detail per problem, Conflict when nothing is new or the survey closed."""
    published = 0

    def change(session: Session, survey: Survey) -> None:
        nonlocal published
        _demand_not_closed(survey)
        if survey.draft is None:
            raise Conflict(
                "nothing_to_publish", "Nothing changed since the last version.", "Edit the questionnaire first."
            )
        value = json.loads(survey.draft)
        questionnaire = document.read(value)
        if found := [one for one in checks.problems(questionnaire) if one.level == "error"]:
            raise PhieuError(
                "questionnaire_problems",
                "The questionnaire cannot be published yet.",
                "Correct what is listed.",
                tuple(f"{one.place}: {one.message} {one.remedy}".strip() for one in found),
            )
        published = survey.version_number + 1
        surveys.insert_version(
            session,
            survey.id,
            number=published,
            document=document.canonical(value).decode(),
            digest=document.digest(value),
            published_at=runtime.now(),
        )
        survey.version_number, survey.draft, survey.status = published, None, "open"

    _change(runtime, actor, slug, "survey.publish", change, lambda: {"version": published})
    return published


def problems(runtime: Runtime, actor: Actor, slug: str) -> tuple[checks.Problem, ...]:
    """What the author should look at before publishing; only those of level ``error`` stand in the way."""
    return checks.problems(questionnaire(runtime, actor, slug))


def close(runtime: Runtime, actor: Actor, slug: str) -> None:
    """Ends collection and lets what waits into the results, in one transaction."""

    def change(session: Session, survey: Survey) -> None:
        if survey.status != "open":
            raise Conflict("survey_not_open", "This survey is not collecting.", "Only an open survey can be closed.")
        survey.status = "closed"
        session.flush()
        release_everything(session, survey.id, runtime.today(), runtime.randomness)

    _change(runtime, actor, slug, "survey.close", change)


def reopen(runtime: Runtime, actor: Actor, slug: str) -> None:
    """Collects again with the newest version; the last day is taken away if it has passed."""

    def change(session: Session, survey: Survey) -> None:
        if survey.status != "closed":
            raise Conflict("survey_not_closed", "This survey is not closed.", "Only a closed survey can be reopened.")
        survey.status = "open"
        if survey.closes_on is not None and survey.closes_on < runtime.today():
            survey.closes_on = None

    _change(runtime, actor, slug, "survey.reopen", change)


def _create(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    asked: Questionnaire,
    said: Particulars,
    unit_name: str,
    detail: Mapping[str, Any],
) -> str:
    demand(actor.role, Permission.AUTHOR)
    if not SLUG.fullmatch(slug):
        raise PhieuError(
            "slug_unusable",
            "A short name holds small letters a to z, digits and hyphens, at most 64 of them.",
            "Use one such as doi-thoai-2026.",
        )

    def work(session: Session) -> str:
        unit = offices.place(session, actor, runtime.now(), unit_name)
        if unit.name == offices.UNNAMED and said.office:
            unit.name = line("office", said.office, 300)
        known = offices.summary(unit)
        if not asked.office.name:
            filled = replace(
                said,
                office=said.office or known.name,
                superior=said.superior or known.superior,
                phone=said.phone or known.phone,
                email=said.email or known.email,
                website=said.website or known.website,
            )
        else:
            filled = said
        survey = Survey(slug=slug, unit_id=unit.id, status="draft", version_number=0, created_at=runtime.now())
        _set_draft(survey, named(asked, filled))
        plan(survey, said)
        surveys.insert(session, survey)
        audit.record(session, runtime.now(), actor.name, "survey.create", f"survey:{slug}", dict(detail))
        return slug

    return runtime.database.write(work)


def _change(
    runtime: Runtime,
    actor: Actor,
    slug: str,
    action: str,
    change: Callable[[Session, Survey], None],
    detail: Callable[[], Mapping[str, Any]] = dict,
) -> None:
    demand(actor.role, Permission.AUTHOR)

    def work(session: Session) -> None:
        change(session, in_scope(session, actor, slug, lock=True))
        audit.record(session, runtime.now(), actor.name, action, f"survey:{slug}", detail())

    runtime.database.write(work)


def _redraft(
    runtime: Runtime, actor: Actor, slug: str, action: str, change: Callable[[Questionnaire], Questionnaire]
) -> None:
    def work(session: Session, survey: Survey) -> None:
        _demand_not_closed(survey)
        if survey.draft is None:
            raise Conflict(
                "no_draft", "The survey is published: its questions stay as they are.", "Make a new survey instead."
            )
        try:
            changed = change(document.read(json.loads(survey.draft)))
        except KeyError as error:
            raise NotFound(
                "score_unknown", "There is no such question or section.", "Choose among those on the page."
            ) from error
        _set_draft(survey, changed)

    _change(runtime, actor, slug, action, work)


def _demand_not_closed(survey: Survey) -> None:
    if survey.status == "closed":
        raise Conflict("survey_closed", "This survey is closed.", "Reopen it first.")


def _set_draft(survey: Survey, asked: Questionnaire) -> None:
    survey.draft = document.canonical(document.write(asked)).decode()
    survey.title = line("title", asked.title.to(asked.languages[0]), 500)
