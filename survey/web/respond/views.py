"""Routes a respondent meets: ``/``, ``/s/CODE``, ``/r/RECEIPT`` and ``/healthz``. Routes ignore case."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import quote, unquote_plus

from flask import Blueprint, Response, current_app, g, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from survey.collection import answers, codes, receipts
from survey.collection.tokens import FormToken, seal, unseal
from survey.errors import NotFound, PhieuError
from survey.services import collecting
from survey.services.collecting import Door, Doors, Opening, Refused, Stored, Version
from survey.services.runtime import Runtime
from survey.texts import LANGUAGES, Texts, texts
from survey.web import headers
from survey.web.pages import SplicedPage
from survey.web.respond import page
from survey.web.respond.page import Filled, Notice
from survey.web.security import public

LARGEST_FORM = 512 * 1024
"""Bytes of a submission: some forty questions and three long texts, percent-encoded, many times over."""
MOST_FIELDS = 2000
TOKEN_FIELD = "_token"  # noqa: S105 – the name of a field

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


def _desk() -> Desk:
    desk: Desk = current_app.extensions["phieu.desk"]
    return desk


def _language(version: Version | None) -> str:
    """The language the address asks for, if the questionnaire has it, else the questionnaire's own."""
    offered = version.questionnaire.languages if version else LANGUAGES
    asked = request.args.get("lang", "") if request.query_string else ""
    chosen = asked if asked in offered else offered[0]
    g.language = chosen
    return chosen


@public
@blueprint.get("/")
@blueprint.get("/s")
@blueprint.get("/s/")
def start() -> Response:
    """Where somebody types the code from a sheet."""
    language = _language(None)
    typed = request.args.get("code", "")[:64]
    problem = ""
    if typed:
        try:
            door = _desk().doors.find(typed)
            return _redirect(f"/s/{codes.display(door.code)}", language)
        except PhieuError as error:
            problem = f"{texts(language)(error.message)} {texts(language)(error.remedy)}"
    body = render_template("respond/start.html", typed=typed, problem=problem)
    return _html(body, 404 if problem else 200)


@public
@blueprint.get("/s/<code>")
@blueprint.get("/S/<code>", endpoint="form_capital")
def form(code: str) -> Response:
    """The survey behind a printed code, in one response."""
    desk = _desk()
    door = _find(code)
    if collecting.opening(door, desk.runtime.today()) is not Opening.OPEN or door.version_id is None:
        return _shut(door)
    version = desk.doors.version(door.version_id)
    ready = desk.page(version, _language(version))
    token = seal(collecting.new_token(desk.runtime, door, version.id), desk.runtime.settings.secret_keys).encode()
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return _html(ready.gzip(token), 200, ("Vary", "Accept-Encoding"), ("Content-Encoding", "gzip"))
    return _html(ready.plain(token), 200, ("Vary", "Accept-Encoding"))


@public
@blueprint.post("/s/<code>")
@blueprint.post("/S/<code>", endpoint="answer_capital")
def answer(code: str) -> Response:
    """Takes a submission. Stored: 303 to the receipt. Otherwise the page comes back with everything that was typed."""
    desk = _desk()
    fields = _fields()
    door = _find(code)
    if door.version_id is None:
        return _shut(door)
    try:
        token = unseal(fields.get(TOKEN_FIELD, [""])[0], desk.runtime.settings.secret_keys)
        version = desk.doors.version(token.version_id)
        if version.survey_id != door.survey_id:
            raise NotFound("version_unknown", "This page belongs to another survey.", "Press send again.")
    except PhieuError as error:
        version = desk.doors.version(door.version_id)
        t = texts(_language(version))
        sentences = (t(error.message), t("Everything you answered is still here."))
        notice = Notice(t("Please press send once more"), sentences)
        return _again(door, version, fields, notice, 400)
    language = _language(version)
    t = texts(language)
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        notice = Notice(t("Please press send once more"), (t("These answers came from another website."),))
        return _again(door, version, fields, notice, 403)
    outcome = collecting.submit(desk.runtime, door, version, token.submission_key, fields, language)
    if isinstance(outcome, Stored):
        return _to_receipt(desk.runtime, outcome, language)
    return _refused(door, version, token, fields, outcome, t)


@public
@blueprint.get("/r/<receipt>")
@blueprint.get("/R/<receipt>", endpoint="receipt_capital")
def receipt(receipt: str) -> Response:
    """What became of an answer; never the answer itself."""
    desk = _desk()
    language = _language(None)
    try:
        found = collecting.fate(desk.runtime, receipt)
    except PhieuError as error:
        return _html(render_template("respond/no_receipt.html", typed=receipt[:40]), error.status)
    version = desk.doors.version(found.version_id)
    body = render_template(
        "respond/receipt.html",
        fate=found,
        code=receipts.display(receipts.canonical(receipt)),
        minute=_vouched_minute(desk.runtime, receipt),
        office=version.questionnaire.office,
        title=version.questionnaire.title.to(language),
        closing=version.questionnaire.closing.to(language),
    )
    return _html(body)


@public
@blueprint.get("/healthz")
def health() -> Response:
    """200 when answers can be read from the database."""
    collecting.look(_desk().runtime)
    return Response("ok\n", content_type="text/plain; charset=utf-8")


def _find(code: str) -> Door:
    try:
        return _desk().doors.find(code)
    except PhieuError as error:
        raise NotFound(error.code, error.message, error.remedy) from error


def _fields() -> dict[str, list[str]]:
    """The posted fields, counted before they are parsed; only a form's own encoding is accepted."""
    if request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType
    if (request.content_length or 0) > LARGEST_FORM:
        raise RequestEntityTooLarge
    request.max_content_length = LARGEST_FORM
    body = request.get_data(cache=False).decode("ascii", "replace")
    if body.count("&") >= MOST_FIELDS:
        raise RequestEntityTooLarge
    fields: dict[str, list[str]] = {}
    for pair in body.split("&"):
        name, found, value = pair.partition("=")
        if found:
            fields.setdefault(unquote_plus(name), []).append(unquote_plus(value))
    return fields


def _refused(
    door: Door, version: Version, token: FormToken, fields: dict[str, list[str]], outcome: Refused, t: Texts
) -> Response:
    questionnaire = version.questionnaire
    if outcome.reason == "closed":
        return _shut(door)
    if outcome.reason == "empty":
        notice = Notice(t("Nothing is answered yet"), (t("Please answer at least one question, then send."),))
        return _again(door, version, fields, notice, 422, token=token)
    if outcome.reason == "other_content":
        notice = Notice(
            t("This page was used before, with other answers"),
            (
                t("If these are the answers of another person, press send: they will be kept as a form of their own."),
                t("If you have already sent your answers, there is nothing left to do: they are kept."),
            ),
        )
        return _again(door, version, fields, notice, 409)
    messages = {one.key: answers.message(one, questionnaire, t, t.language) for one in outcome.errors}
    links = tuple(
        (key, f"{questionnaire.filled(questionnaire.by_key[key].label).to(t.language).rstrip(' :')} – {message}")
        for key, message in messages.items()
    )
    notice = Notice(t("Please check these answers"), links=links)
    return _again(door, version, fields, notice, 422, token=token, errors=messages)


def _again(
    door: Door,
    version: Version,
    fields: dict[str, list[str]],
    notice: Notice,
    status: int,
    *,
    token: FormToken | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    """The page with everything typed. It keeps its ``token`` where nothing can have been stored under it, else gets a
    fresh one."""
    runtime = _desk().runtime
    sealed = seal(token or collecting.new_token(runtime, door, version.id), runtime.settings.secret_keys)
    filled = Filled({key: value for key, value in fields.items() if key != TOKEN_FIELD}, errors or {}, notice)
    return _html(page.form(version.questionnaire, _language(version), sealed, filled), status)


def _shut(door: Door) -> Response:
    """The page of a survey that takes no answers now: not yet, or no more."""
    desk = _desk()
    language = _language(None)
    state = collecting.opening(door, desk.runtime.today())
    office = desk.doors.version(door.version_id).questionnaire.office if door.version_id else None
    starts = [day for day in (door.opens_on, door.collector_opens_on) if day]
    body = render_template(
        "respond/shut.html",
        door=door,
        not_yet=state is Opening.NOT_YET,
        opens_on=texts(language).day(max(starts)) if starts else "",
        office=office,
    )
    return _html(body, 404 if state is Opening.NOT_YET else 410)


def _to_receipt(runtime: Runtime, outcome: Stored, language: str) -> Response:
    if not outcome.receipt:
        body = render_template("respond/receipt.html", fate=None)
        return _html(body)
    minute = int(runtime.now().timestamp() // 60)
    vouched = "" if outcome.repeated else f"{minute:x}-{_minute_mark(runtime, outcome.receipt, minute)}"
    return _redirect(f"/r/{receipts.display(outcome.receipt)}", language, at=vouched)


def _minute_mark(runtime: Runtime, code: str, minute: int) -> str:
    """Signs the minute of a submission into the address of its receipt, since the database does not keep it."""
    message = f"minute {code} {minute}".encode()
    return hmac.new(runtime.settings.secret_keys[0].encode(), message, hashlib.sha256).hexdigest()[:16]


def _vouched_minute(runtime: Runtime, typed: str) -> datetime | None:
    """The local minute the address vouches for, None when it does not."""
    stamp, _, mark = request.args.get("at", "").partition("-")
    try:
        minute = int(stamp[:8], 16)
        right = _minute_mark(runtime, receipts.canonical(typed), minute)
    except ValueError:
        return None
    if not hmac.compare_digest(mark.encode(), right.encode()):
        return None
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(runtime.settings.timezone)


def _redirect(path: str, language: str, **query: str) -> Response:
    if language != LANGUAGES[0]:
        query["lang"] = language
    asked = "&".join(f"{name}={quote(value)}" for name, value in query.items() if value)
    location = f"{path}?{asked}" if asked else path
    return _html("", 303, ("Location", location))


def _html(body: str | bytes, status: int = 200, *more: tuple[str, str]) -> Response:
    return Response(body, status, [*headers.page(page.policy()), *more])
