"""Which web sites may show a survey's form inside their own pages."""

from __future__ import annotations

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection import origins
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.storage.queries import audit


def sites(runtime: Runtime, actor: Actor, slug: str) -> tuple[str, ...]:
    """The origins that may show the form of a survey."""
    demand(actor.role, Permission.SEE)
    with runtime.database.reading() as session:
        return tuple(in_scope(session, actor, slug).embed_origins.split())


def set_sites(runtime: Runtime, actor: Actor, slug: str, typed: str) -> tuple[str, ...]:
    """Lets these sites and no others show the form, from now on; gives their origins. Raises NotFound, and PhieuError
    as ``collection.origins.read`` does."""
    demand(actor.role, Permission.COLLECT)
    chosen = origins.read(typed)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        survey.embed_origins = " ".join(chosen)
        detail = {"sites": len(chosen)}
        audit.record(session, runtime.now(), actor.name, "survey.embed", f"survey:{survey.slug}", detail)

    runtime.database.write(work)
    return chosen
