"""What every public page shares: the blueprint, what one process keeps for them, the language, how a reply is made."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from urllib.parse import quote

from flask import Blueprint, Response, current_app, g, request
from flask.blueprints import BlueprintSetupState

from survey.definition.questionnaire import Questionnaire
from survey.errors import NotFound, PhieuError
from survey.services.collecting import fixed_answers
from survey.services.doors import Door, Doors, Version
from survey.services.runtime import Runtime
from survey.services.screening import Screens
from survey.services.visiting import Counter
from survey.texts import LANGUAGES
from survey.web import headers
from survey.web.pages import SplicedPage
from survey.web.respond import page
from survey.web.respond.page import Look

LARGE = "large"

L = TypeVar("L", bound=Hashable)

blueprint = Blueprint("respond", __name__)


class Desk:
    """What one process keeps for the public pages: doors, versions, a prepared page for each version and look."""

    KEPT = 64

    def __init__(self, runtime: Runtime, processes: int) -> None:
        self.runtime = runtime
        self.doors = Doors(runtime)
        self.screens = Screens(runtime, processes)
        self.visits = Counter(runtime)
        self._pages: OrderedDict[tuple[int, Hashable], SplicedPage] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, version: Version, look: L, prepared: Callable[[Questionnaire, L], SplicedPage]) -> SplicedPage:
        """The page as ``prepared`` makes it; made at first use, and those used last are kept."""
        with self._lock:
            ready = self._pages.get((version.id, look))
            if ready is not None:
                self._pages.move_to_end((version.id, look))
                return ready
        ready = prepared(version.questionnaire, look)
        with self._lock:
            self._pages[(version.id, look)] = ready
            while len(self._pages) > self.KEPT:
                self._pages.popitem(last=False)
        return ready


@blueprint.record_once
def _set_up(state: BlueprintSetupState) -> None:
    app = state.app
    app.extensions["phieu.desk"] = Desk(app.extensions["phieu.runtime"], app.extensions["phieu.processes"])
    app.jinja_env.globals.update(page_style=page.style, page_script=page.script)


def desk() -> Desk:
    """This process's desk."""
    made: Desk = current_app.extensions["phieu.desk"]
    return made


def find(code: str) -> Door:
    """The door behind a code in an address; whatever is wrong with the code, there is no such page. The sites of its
    survey may show whatever page answers this request."""
    try:
        door = desk().doors.find(code)
    except PhieuError as error:
        raise NotFound(error.code, error.message, error.remedy) from error
    g.origins = door.embed_origins
    return door


def language(version: Version | None, door: Door | None = None) -> str:
    """The language the address asks for, if the questionnaire has it; else the collector's; else the first."""
    offered = version.questionnaire.languages if version else LANGUAGES
    asked = request.args.get("lang", "") if request.query_string else ""
    wanted = (asked, door.language if door else None)
    chosen = next((one for one in wanted if one in offered), None) or offered[0]
    g.language = chosen
    return chosen


def large() -> bool:
    """Whether the address asks for large text."""
    return bool(request.query_string) and request.args.get("text") == LARGE


@blueprint.context_processor
def _seen() -> dict[str, Any]:
    return {"large": large()}


def look(version: Version, door: Door) -> Look:
    """How the form looks at this door to whoever asks."""
    fixed = tuple((key, codes[0]) for key, codes in fixed_answers(door, version).items())
    return Look(language(version, door), large(), door.layout == "steps", fixed)


def run_of(asked: str) -> int:
    """The print run that an address names after its code, 0 for none; whatever else stands there opens the form too."""
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0


def from_elsewhere() -> bool:
    """Whether the browser says that another site sent this request."""
    return request.headers.get("Sec-Fetch-Site") == "cross-site"


def redirect(path: str, language: str, **query: str) -> Response:
    """303 to a path of ours, with language and large text kept in the address."""
    if language != LANGUAGES[0]:
        query["lang"] = language
    if large():
        query["text"] = LARGE
    asked = "&".join(f"{name}={quote(value)}" for name, value in query.items() if value)
    location = f"{path}?{asked}" if asked else path
    return html("", 303, ("Location", location))


def html(
    body: str | bytes,
    status: int = 200,
    *more: tuple[str, str],
    origins: tuple[str, ...] = (),
    policy: Callable[[tuple[str, ...]], str] = page.policy,
) -> Response:
    """A public page with its headers; ``origins``, else those of the survey this request is about, may show it inside
    their own pages. ``policy`` is that of its style and script."""
    return Response(body, status, [*headers.page(policy(origins or g.get("origins", ()))), *more])
