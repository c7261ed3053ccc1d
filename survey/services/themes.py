"""Themes of a survey's comments: making them, with the rules that suggest them, and giving them to comments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.accounts.permissions import Permission, demand
from survey.collection.answers import normalise
from survey.comments.themes import starters
from survey.errors import Conflict, NotFound, PhieuError
from survey.services.comments import find, questions
from survey.services.particulars import line
from survey.services.runtime import Actor, Runtime
from survey.services.surveys import in_scope
from survey.storage.models import Survey, Theme
from survey.storage.queries import audit, comments, releases
from survey.texts.folding import folded

MOST = 60
"""Themes of one survey."""

LONGEST = 10_000
"""Characters of the rules of one theme."""

AT_ONCE = 500
"""Comments that can be given a theme together."""


@dataclass(frozen=True)
class ThemeSummary:
    """A theme as its page shows it; ``comments`` have it."""

    id: int
    name: str
    words: str
    comments: int


def list_themes(runtime: Runtime, actor: Actor, slug: str) -> tuple[ThemeSummary, ...]:
    """The themes of a survey in the order they were made. Raises NotAllowed, NotFound."""
    demand(actor.role, Permission.EXPORT)
    with runtime.database.reading() as session:
        survey = in_scope(session, actor, slug)
        counts = Counter(number for some in comments.given(session, survey.id).values() for number in some)
        return tuple(
            ThemeSummary(one.id, one.name, one.words, counts[one.id]) for one in comments.themes(session, survey.id)
        )


def add(runtime: Runtime, actor: Actor, slug: str, name: str, words: str = "") -> int:
    """Makes a theme; gives its id. Raises NotAllowed, NotFound, PhieuError ``theme_unnamed``, ``text_too_long``,
    Conflict ``theme_taken``, ``themes_full``."""
    demand(actor.role, Permission.EXPORT)
    called, kept = _checked(name, words)

    def work(session: Session) -> int:
        survey = in_scope(session, actor, slug, lock=True)
        _free(session, survey, called)
        number = comments.add_theme(session, survey.id, called, kept)
        audit.record(session, runtime.now(), actor.name, "theme.add", f"survey:{slug}", {"theme": called})
        return number

    return runtime.database.write(work)


def start(runtime: Runtime, actor: Actor, slug: str, language: str) -> int:
    """Adds the themes to begin with that are not there yet; gives how many. Raises as ``add``."""
    demand(actor.role, Permission.EXPORT)

    def work(session: Session) -> int:
        survey = in_scope(session, actor, slug, lock=True)
        there = {folded(one.name) for one in comments.themes(session, survey.id)}
        new = [one for one in starters(language) if folded(one.name) not in there]
        if len(there) + len(new) > MOST:
            raise _full()
        for one in new:
            comments.add_theme(session, survey.id, one.name, one.words)
        audit.record(session, runtime.now(), actor.name, "theme.start", f"survey:{slug}", {"themes": len(new)})
        return len(new)

    return runtime.database.write(work)


def change(runtime: Runtime, actor: Actor, slug: str, number: int, name: str, words: str) -> None:
    """Gives a theme another name and other rules. Raises as ``add``, and NotFound ``theme_unknown``."""
    demand(actor.role, Permission.EXPORT)
    called, kept = _checked(name, words)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        theme = _theme(session, survey, number)
        _free(session, survey, called, but=theme.id)
        theme.name, theme.words = called, kept
        audit.record(session, runtime.now(), actor.name, "theme.edit", f"survey:{slug}", {"theme": called})

    runtime.database.write(work)


def remove(runtime: Runtime, actor: Actor, slug: str, number: int) -> None:
    """Deletes a theme and takes it from every comment. Raises NotAllowed, NotFound ``theme_unknown``."""
    demand(actor.role, Permission.EXPORT)

    def work(session: Session) -> None:
        survey = in_scope(session, actor, slug, lock=True)
        theme = _theme(session, survey, number)
        name = theme.name
        comments.remove_theme(session, theme.id)
        audit.record(session, runtime.now(), actor.name, "theme.remove", f"survey:{slug}", {"theme": name})

    runtime.database.write(work)


def sort(runtime: Runtime, actor: Actor, slug: str, refs: Collection[str], number: int, *, given: bool = True) -> int:
    """Gives a theme to comments, or takes it from them; gives how many. Comments that are gone meanwhile are left out.
    Raises NotAllowed, NotFound ``theme_unknown``, Conflict ``no_comment_chosen``."""
    demand(actor.role, Permission.EXPORT)
    with runtime.database.reading() as session:
        labels = questions(session, in_scope(session, actor, slug))

    def work(session: Session) -> int:
        survey = in_scope(session, actor, slug)
        theme = _theme(session, survey, number)
        # Erasing locks the survey too, so no theme is given to what is just being erased.
        releases.lock(session, survey.id)
        places = []
        for ref in sorted(set(refs))[:AT_ONCE]:
            try:
                places.append(find(session, survey, ref, labels).place)
            except NotFound:
                continue
        if not places:
            raise Conflict("no_comment_chosen", "No comment is chosen.", "Tick at least one.")
        (comments.give if given else comments.take)(session, places, theme.id)
        detail = {"theme": theme.name, "comments": len(places)}
        action = "comment.theme" if given else "comment.untheme"
        audit.record(session, runtime.now(), actor.name, action, f"survey:{slug}", detail)
        return len(places)

    return runtime.database.write(work)


def _checked(name: str, words: str) -> tuple[str, str]:
    called = line("name", name, 200)
    if not called:
        raise PhieuError("theme_unnamed", "The theme has no name.", "Give it one.")
    kept = normalise(words)
    if len(kept) > LONGEST:
        raise PhieuError("text_too_long", "This text is too long.", "Shorten it.", (f"words: {LONGEST}",))
    return called, kept


def _free(session: Session, survey: Survey, name: str, but: int = 0) -> None:
    there = [one for one in comments.themes(session, survey.id) if one.id != but]
    if any(one.name.casefold() == name.casefold() for one in there):
        raise Conflict("theme_taken", "There is a theme of this name.", "Choose another name.")
    if not but and len(there) >= MOST:
        raise _full()


def _full() -> Conflict:
    return Conflict("themes_full", "A survey can have 60 themes.", "Delete one that is not needed.")


def _theme(session: Session, survey: Survey, number: int) -> Theme:
    theme = comments.theme(session, survey.id, number) if 0 < number < 2**31 else None
    if theme is None:
        raise NotFound("theme_unknown", "There is no such theme.", "Choose one of those listed.")
    return theme
