"""Letting everybody see a data cut, and taking it back; and what the public page shows then."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.errors import Conflict, NotFound
from survey.services.cuts import opened_cut
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import SLUG, in_scope
from survey.statistics import disclosure
from survey.statistics.freezing import thaw
from survey.statistics.public import enough, published
from survey.statistics.results import SurveyResult
from survey.storage.models import Publication
from survey.storage.queries import audit, publications


@dataclass(frozen=True)
class Published:
    """A publication as staff see it: which cut, by whom, since when, until when."""

    number: int
    open_data: bool
    by: str
    on: date
    withdrawn_on: date | None


@dataclass(frozen=True)
class Shown:
    """What everybody may see. ``digest`` tells one state from another; ``embed_origins`` are the sites that may show it
    inside their own pages."""

    slug: str
    result: SurveyResult
    open_data: bool
    on: date
    digest: str
    embed_origins: tuple[str, ...]


def state(runtime: Runtime, actor: Actor, slug: str) -> Published | None:
    """What is or was published of a survey; None if nothing ever was."""
    demand(actor.role, Permission.PUBLISH)
    with runtime.database.reading() as session:
        found = publications.of_survey(session, in_scope(session, actor, slug).id)
        return _published(found[0], found[1]) if found else None


def preview(runtime: Runtime, actor: Actor, slug: str, number: int) -> Shown:
    """Exactly what everybody will see of a cut. Raises as ``publish`` does."""
    demand(actor.role, Permission.PUBLISH)
    summary, result = opened_cut(runtime, actor, slug, number)
    _demand_enough(result)
    return Shown(slug, published(result), True, runtime.today(), summary.digest, ())


def publish(runtime: Runtime, actor: Actor, slug: str, number: int, *, open_data: bool) -> None:
    """Lets everybody see a cut. Raises NotFound ``cut_unknown``, Conflict ``too_few_to_publish`` for a cut of fewer
    than ten people or of a selection, ``too_close_to_publish`` where it differs from what was published before by so
    few people that the two together would tell what they said, ``published_meanwhile``."""
    demand(actor.role, Permission.PUBLISH)
    summary, result = opened_cut(runtime, actor, slug, number)
    _demand_enough(result)
    with runtime.database.reading() as session:
        before = publications.of_survey(session, in_scope(session, actor, slug).id)
    if before is not None and before[2] != summary.hash:
        earlier = opened_cut(runtime, actor, slug, before[1])[1]
        if abs(result.released - earlier.released) < disclosure.PUBLISHED:
            raise Conflict(
                "too_close_to_publish",
                "This data cut differs from the one that was published by fewer than ten people; the two together "
                "would tell what they said.",
                "Wait for more answers and make a new cut.",
            )

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        now = publications.of_survey(session, survey.id)
        if (now[1] if now else None) != (before[1] if before else None):
            raise Conflict(
                "published_meanwhile", "Somebody else published a data cut just now.", "Load the page again."
            )
        publications.put(session, survey.id, summary.id, open_data=open_data, by=actor.name, on=runtime.today())
        detail = {"cut": number, "hash": summary.hash, "open_data": open_data}
        audit.record(session, runtime.now(), actor.name, "result.publish", f"survey:{slug}", detail)

    runtime.database.write(work)


def withdraw(runtime: Runtime, actor: Actor, slug: str) -> None:
    """Takes back what is published. Raises Conflict ``not_public``."""
    demand(actor.role, Permission.PUBLISH)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        if not publications.withdraw(session, survey.id, runtime.today()):
            raise Conflict("not_public", "These results are not public.", "Load the page again.")
        audit.record(session, runtime.now(), actor.name, "result.withdraw", f"survey:{slug}")

    runtime.database.write(work)


class Front:
    """What one process keeps of published cuts, which never change, and of what was drawn from them; whether one is
    published is asked each time."""

    KEPT = 32
    KEPT_MADE = 256

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._results: OrderedDict[int, SurveyResult] = OrderedDict()
        self._made: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def made(self, shown: Shown, what: Hashable, make: Callable[[], bytes]) -> bytes:
        """A page or picture of what is shown, made at first use; those used last are kept."""
        key = (shown.slug, shown.digest, shown.open_data, shown.on, what)
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self.KEPT_MADE:
                self._made.popitem(last=False)
        return made

    def find(self, slug: str) -> Shown:
        """What everybody may see of a survey. Raises the same NotFound ``not_public`` whatever is the reason."""
        with self._runtime.database.reading() as session:
            found = publications.shown(session, slug) if SLUG.fullmatch(slug) else None
            if found is None:
                raise _not_public()
            survey, publication, cut_id, digest = found
            result = self._results.get(cut_id) or self._read(session, cut_id, digest)
            return Shown(
                survey.slug,
                result,
                publication.open_data,
                publication.published_on,
                digest,
                tuple(survey.embed_origins.split()),
            )

    def _read(self, session: Session, cut_id: int, digest: str) -> SurveyResult:
        stored = publications.frozen(session, cut_id).encode(errors="surrogatepass")
        if hashlib.sha256(stored).hexdigest() != digest:
            raise _not_public()
        try:
            result = published(thaw(stored))
        except ValueError as error:
            raise _not_public() from error
        with self._lock:
            self._results[cut_id] = result
            while len(self._results) > self.KEPT:
                self._results.popitem(last=False)
        return result


def _not_public() -> NotFound:
    return NotFound("not_public", "These results are not public.", "Ask the office that carried out the survey.")


def _demand_enough(result: SurveyResult) -> None:
    if not enough(result):
        raise Conflict(
            "too_few_to_publish",
            "Only a data cut of everybody, with at least ten answers, can be published.",
            "Make another cut, or wait for more answers.",
        )


def _published(row: Publication, number: int) -> Published:
    return Published(number, row.open_data, row.published_by, row.published_on, row.withdrawn_on)
