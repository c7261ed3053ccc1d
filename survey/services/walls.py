"""The live wall for a hall's projector: a secret address that shows the code, the number of answers and, from ten
answers on, the overall share of what is released."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection import codes, links
from survey.definition import document
from survey.definition.text import Text
from survey.errors import Conflict, NotFound
from survey.services.doors import STAFF_ONLY
from survey.services.releasing import release_ready
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.statistics.disclosure import PUBLISHED
from survey.statistics.series import measured
from survey.storage.matrix import MatrixStore
from survey.storage.models import Survey
from survey.storage.queries import audit, collectors, publications, results, surveys

KEY = re.compile(r"[a-z2-7]{26}")
"""Sixteen random bytes in base 32: nobody guesses it."""

PREFERRED = ("event", "poster", "leaflet", "counter", "web", "link")
"""Whose code the wall shows, if it names none: kinds from left to right, the oldest open collector of the first."""


@dataclass(frozen=True)
class Wall:
    """What the wall shows. ``share`` is the released share satisfied with the whole, in percent among ``base`` people,
    None while fewer than ten have answered it; ``url``, ``address`` and ``code`` of the collector are empty where none
    is open."""

    title: Text
    office: Text
    languages: tuple[str, ...]
    status: str
    answers: int
    headline: Text | None
    share: float | None
    base: int | None
    url: str
    address: str
    code: str


def key(runtime: Runtime, actor: Actor, slug: str) -> str | None:
    """The key of a survey's wall, None while it has none."""
    demand(actor.role, Permission.PUBLISH)
    with runtime.database.reading() as session:
        return in_scope(session, actor, slug).wall_key


def make(runtime: Runtime, actor: Actor, slug: str) -> str:
    """A new key for the wall of a survey, in place of an older one, whose address ends. Raises Conflict
    ``not_published``."""
    demand(actor.role, Permission.PUBLISH)
    made = base64.b32encode(runtime.randomness(16)).decode().rstrip("=").lower()

    def work(session: Session) -> str:
        survey = in_scope(session, actor, slug, lock=True)
        if not survey.version_number:
            raise Conflict("not_published", "This survey is not published yet.", "Publish it first.")
        survey.wall_key = made
        audit.record(session, runtime.now(), actor.name, "wall.make", f"survey:{survey.slug}")
        return made

    return runtime.database.write(work)


def withdraw(runtime: Runtime, actor: Actor, slug: str) -> None:
    """Ends the address of the wall; nothing happens where there is none."""
    demand(actor.role, Permission.PUBLISH)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        if survey.wall_key is not None:
            survey.wall_key = None
            audit.record(session, runtime.now(), actor.name, "wall.withdraw", f"survey:{survey.slug}")

    runtime.database.write(work)


def look(runtime: Runtime, wall_key: str, collector: str = "") -> Wall:
    """What stands on the wall of this key now; ``collector`` names the code to show. Makes the release that is due, so
    the share moves on by groups of answers. Raises NotFound ``wall_unknown``."""
    with runtime.database.reading() as session:
        survey_id = _found(session, wall_key).id
    release_ready(runtime, survey_id)
    with runtime.database.reading() as session:
        survey = _found(session, wall_key)
        version = surveys.version(session, survey.id, survey.version_number)
        if version is None:
            raise _unknown()
        asked = document.read(json.loads(version.document))
        matrix = MatrixStore(runtime.settings.data_dir).open(session, survey.id)
        counts = results.count_by_status(session, [survey.id])[survey.id]
        code = _code(runtime, session, survey, collector)
    figure = measured(matrix, asked, asked.headline, None) if asked.headline else None
    shown = figure is not None and figure.value is not None and (figure.base or 0) >= PUBLISHED
    base_url = runtime.settings.base_url
    return Wall(
        title=asked.title,
        office=asked.office.name,
        languages=asked.languages,
        status=survey.status,
        answers=sum(counts.get(status, 0) for status in ("complete", "partial", "flagged")),
        headline=asked.filled(asked.by_key[asked.headline].label) if asked.headline else None,
        share=figure.value if figure is not None and shown else None,
        base=figure.base if figure is not None and shown else None,
        url=links.survey_url(base_url, code) if code else "",
        address=links.typed_address(base_url, code) if code else "",
        code=codes.display(code) if code else "",
    )


def _found(session: Session, wall_key: str) -> Survey:
    survey = publications.by_wall(session, wall_key) if KEY.fullmatch(wall_key) else None
    if survey is None:
        raise _unknown()
    return survey


def _unknown() -> NotFound:
    return NotFound("wall_unknown", "There is no such wall.", "Ask the office for the address.")


def _code(runtime: Runtime, session: Session, survey: Survey, asked: str) -> str:
    """The code to show; empty where the survey takes no answers through any."""
    today = runtime.today()
    open_ones = [
        one
        for one in collectors.of_survey(session, survey.id)
        if survey.status == "open"
        and one.kind not in STAFF_ONLY
        and not one.single_use
        and one.closed_at is None
        and not (one.opens_on and one.opens_on > today)
        and not (one.closes_on and one.closes_on < today)
    ]
    wanted = asked.upper().replace("-", "")
    for one in open_ones:
        if one.code == wanted:
            return one.code
    known = [one for one in open_ones if one.kind in PREFERRED]
    known.sort(key=lambda one: PREFERRED.index(one.kind))
    return known[0].code if known else ""
