"""What every public page shares: the blueprint, what one process keeps for them, the language, how a reply is made."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, current_app, g, request
from flask.blueprints import BlueprintSetupState

from survey.errors import NotFound, PhieuError
from survey.services.doors import Door, Doors, Version
from survey.services.runtime import Runtime
from survey.texts import LANGUAGES
from survey.web import headers
from survey.web.pages import SplicedPage
from survey.web.respond import page

blueprint = Blueprint("respond", __name__)


class Desk:
    """What one process keeps for the public pages: doors, versions, a prepared page for each version and language."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.doors = Doors(runtime)
        self._pages: dict[tuple[int, str], SplicedPage] = {}

    def page(self, version: Version, language: str) -> SplicedPage:
        """The prepared page; made at first use."""
        ready = self._pages.get((version.id, language))
        if ready is None:
            if len(self._pages) >= 64:
                self._pages.clear()
            ready = self._pages[(version.id, language)] = page.prepared(version.questionnaire, language)
        return ready


@blueprint.record_once
def _set_up(state: BlueprintSetupState) -> None:
    app = state.app
    app.extensions["phieu.desk"] = Desk(app.extensions["phieu.runtime"])
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


def from_elsewhere() -> bool:
    """Whether the browser says that another site sent this request."""
    return request.headers.get("Sec-Fetch-Site") == "cross-site"


def redirect(path: str, language: str, **query: str) -> Response:
    """303 to a path of ours, with the language kept in the address."""
    if language != LANGUAGES[0]:
        query["lang"] = language
    asked = "&".join(f"{name}={quote(value)}" for name, value in query.items() if value)
    location = f"{path}?{asked}" if asked else path
    return html("", 303, ("Location", location))


def html(body: str | bytes, status: int = 200, *more: tuple[str, str], origins: tuple[str, ...] = ()) -> Response:
    """A public page with its headers; ``origins``, else those of the survey this request is about, may show it inside
    their own pages."""
    return Response(body, status, [*headers.page(page.policy(origins or g.get("origins", ()))), *more])
