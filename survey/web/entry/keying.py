"""The page where sheets are keyed in, the first time and the second, and what it is told when one was sent.

With script it is a machine for the keyboard (static/js/entry.js) that sends each sheet in the background; without, a
plain form. Both send the same fields to the same address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, render_template, request

from survey.accounts.permissions import Permission
from survey.collection import answers, codes
from survey.errors import PhieuError
from survey.services import batches, double_entry, keying
from survey.services.collecting import Refused
from survey.services.doors import Doors
from survey.services.keying import Desk, Keyed
from survey.texts import Texts
from survey.web import headers
from survey.web.entry.asking import items
from survey.web.entry.views import blueprint
from survey.web.fields import Form
from survey.web.security import actor, requires, runtime, signed_in
from survey.web.workbench import go, say, words

JSON = "application/json"

POLICY = f"{headers.POLICY}; connect-src 'self'"
"""Of the key-in page, which sends sheets in the background."""


@dataclass(frozen=True)
class Problem:
    """Why a sheet was not stored, in words, and the messages beside its questions."""

    code: str
    status: int
    message: str
    beside: dict[str, str]


@requires(Permission.ENTER)
@blueprint.get("/entry/<int:number>/key")
def key(number: int) -> Response:
    """The page for keying a batch the first time."""
    return _page(number, again=False)


@requires(Permission.ENTER)
@blueprint.post("/entry/<int:number>/key")
def key_sheet(number: int) -> Response:
    """Stores one sheet."""
    return _take(number, again=False)


@requires(Permission.ENTER)
@blueprint.get("/entry/<int:number>/second")
def second(number: int) -> Response:
    """The page for keying the drawn sheets again, without seeing what the first person read."""
    return _page(number, again=True)


@requires(Permission.ENTER)
@blueprint.post("/entry/<int:number>/second")
def second_sheet(number: int) -> Response:
    """Keeps what a second person read."""
    return _take(number, again=True)


def _doors() -> Doors:
    """This process's doors, whose versions are read once."""
    kept: Doors = current_app.extensions.setdefault("phieu.entry", Doors(runtime()))
    return kept


def _page(number: int, *, again: bool, problem: Problem | None = None) -> Response:
    shown = batches.show_batch(runtime(), actor(), number)
    asked = request.values.get("lang", "") or request.form.get("_language", "")
    desk = keying.desk(runtime(), actor(), _doors(), number, asked)
    report = double_entry.report(runtime(), actor(), number)
    questionnaire = desk.version.questionnaire
    body = render_template(
        "entry/key.html",
        batch=shown,
        again=again,
        report=report,
        q=questionnaire,
        asked_in=desk.language,
        version=desk.version.id,
        items=tuple(items(questionnaire, [name for name, _ in desk.door.fixed])),
        fixed=json.dumps(dict(desk.door.fixed)),
        text=lambda value: questionnaire.filled(value).to(desk.language),
        said=json.dumps(_said(words()), ensure_ascii=False),
        serials=json.dumps(report.for_me) if again else "",
        serial=report.shown,
        check=_check(desk),
        who=signed_in().user_id,
        key=request.form.get("_key", "") if problem else runtime().randomness(16).hex(),
        values={name: request.form.getlist(name) for name in request.form} if problem else {},
        problem=problem,
        form=Form(),
    )
    response = Response(body, problem.status if problem else 200)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _take(number: int, *, again: bool) -> Response:
    t = words()
    desk: Desk | None = None
    try:
        desk = keying.desk(runtime(), actor(), _doors(), number, request.form.get("_language", ""))
        outcome = _store(number, desk, again)
    except PhieuError as error:
        if error.status in (403, 503) or desk is None:
            raise
        problem = Problem(
            error.code, error.status, " ".join(t(part) for part in (error.message, error.remedy) if part), {}
        )
    else:
        if not isinstance(outcome, Refused):
            return _stored(number, outcome, again, t)
        problem = _problem(outcome, desk, t)
    if request.headers.get("Accept") == JSON:
        reply = {"refused": problem.code, "message": problem.message, "beside": problem.beside}
        return _json(reply, problem.status)
    return _page(number, again=again, problem=problem)


def _store(number: int, desk: Desk, again: bool) -> Keyed | int | Refused:
    typed, version = request.form.get("_key", ""), request.form.get("_version", "")
    try:
        mark = bytes.fromhex(typed)
    except ValueError:
        mark = b""
    if len(mark) != 16 or not (version.isascii() and version.isdigit() and len(version) < 10):
        raise PhieuError("sheet_unreadable", "This sheet was sent in a form nobody can read.", "Load the page again.")
    shared: dict[str, Any] = {
        "version_id": int(version),
        "key": mark,
        "serial": request.form.get("_serial", ""),
        "given": {name: request.form.getlist(name) for name in request.form if not name.startswith("_")},
    }
    if again:
        return double_entry.second(runtime(), actor(), _doors(), number, **shared)
    return keying.key(runtime(), actor(), _doors(), number, language=desk.language, **shared)


def _stored(number: int, outcome: Keyed | int, again: bool, t: Texts) -> Response:
    twice = isinstance(outcome, Keyed) and outcome.twice
    if request.headers.get("Accept") == JSON:
        sheets = outcome.sheets if isinstance(outcome, Keyed) else double_entry.report(runtime(), actor(), number).done
        return _json({"stored": True, "twice": twice, "sheets": sheets}, 200)
    say(t("The sheet is stored."))
    if twice:
        say(t("Another sheet has the same serial: both are kept. The page of the batch asks about them."))
    return go("entry.second" if again else "entry.key", number=number, lang=request.form.get("_language") or None)


def _problem(refused: Refused, desk: Desk, t: Texts) -> Problem:
    questionnaire = desk.version.questionnaire
    beside = {one.key: answers.message(one, questionnaire, t, desk.language) for one in refused.errors}
    said = {
        "invalid": t("Some answers cannot be: {questions}.", questions=", ".join(beside)),
        "empty": t("Nothing is answered on this sheet. A blank sheet is not stored: lay it aside, or discard it here."),
        "other_content": t("This sheet was stored already, with other answers. If it is another one, store it again."),
        "closed": t("The survey or its collector is closed: the sheet was not stored."),
    }
    message = said.get(refused.reason) or t("The sheet was not stored.")
    return Problem(refused.reason, 422 if refused.reason in ("invalid", "empty") else 409, message, beside)


def _said(t: Texts) -> dict[str, str]:
    """What the script says."""
    return {
        "unknown": t("“{typed}” stands beside no box of this question."),
        "unanswered": t("Nothing is chosen yet: 0 means no answer."),
        "most": t("At most {most} answers can be ticked here."),
        "end": t("The sheet is complete: only Enter stores it."),
        "first": t("Finish this sheet first: the other one is kept and shown afterwards."),
        "serial": t("The sheet has no serial."),
        "mistyped": t("This serial holds a typing error, or the form belongs to another collector."),
        "not_drawn": t("This sheet was not drawn for second entry."),
        "numlock": t("NumLock is off: the number pad types no digits."),
        "release": t("Press Backspace to go on."),
        "ignored": t("Keys not taken since: {count}."),
        "blank": t("no answer"),
        "sending": t("sending"),
        "idle": t("all stored"),
        "offline": t("No connection: sheets wait on this computer and are sent by themselves."),
        "logged_out": t("You are logged out: sheets wait on this computer. Log in again in another tab."),
        "unkept": t("This computer keeps nothing: do not close this page before all is stored."),
        "refused": t("Sheet {serial} was not stored: {message}"),
        "twice": t("Serial {serial} was keyed before: both sheets are kept. The page of the batch asks about them."),
        "others": t("{count} sheets typed by somebody else wait on this computer until that person logs in here."),
        "discard": t("Discard what is typed of this sheet?"),
        "last": t("Last stored: {serial}"),
        "interview": t("interview"),
    }


def _check(desk: Desk) -> str:
    """What the script needs to find a mistyped serial at once: the alphabet, after the state of the check that the
    collector's code leaves. Empty where sheets have no check letter."""
    if not desk.printed:
        return ""
    letters = codes.ALPHABET
    return f"{letters.index(codes.check_letter(desk.door.code[:-1]))} {letters}"


def _json(reply: dict[str, Any], status: int) -> Response:
    return Response(json.dumps(reply, ensure_ascii=False), status, content_type=JSON)
