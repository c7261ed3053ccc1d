"""Taking a submission: from posted fields to the thank-you, or the page again with everything that was typed."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from urllib.parse import unquote_plus

from flask import Response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from survey.collection import answers, receipts
from survey.collection.tokens import FormToken, keyed, seal, unseal
from survey.errors import NotFound, PhieuError
from survey.services import collecting
from survey.services.collecting import Refused, Stored
from survey.services.collectors import Kind
from survey.services.doors import Door, Opening, Version, opening
from survey.services.runtime import Runtime
from survey.texts import Texts, texts
from survey.web.respond import page
from survey.web.respond.desk import desk, from_elsewhere, html, language, look, redirect
from survey.web.respond.page import Filled, Notice

LARGEST_FORM = 512 * 1024
"""Bytes of a submission: some forty questions and three long texts, percent-encoded, many times over."""
MOST_FIELDS = 2000
BEGUN_FIELD = "_began"
TOKEN_FIELD = "_token"  # noqa: S105 – the name of a field
KEY_FIELD = "_key"
"""A submission key of the page's own making, in the place of the token's; heeded only at a kiosk, whose one page takes
the answers of many people."""


def take(door: Door, fields: dict[str, list[str]], replaces: bytes | None = None, run: int = 0) -> Response:
    """What to reply to a submission at this door. Stored: 303 to the receipt. ``replaces``: the hash of the receipt of
    the answer that this one takes the place of; ``run``: the print run its page was opened through."""
    if door.version_id is None:
        return shut(door)
    here = desk()
    try:
        token = unseal(fields.get(TOKEN_FIELD, [""])[0], here.runtime.settings.secret_keys)
        version = here.doors.version(token.version_id)
        if version.survey_id != door.survey_id:
            raise NotFound("version_unknown", "This page belongs to another survey.", "Press send again.")
        if door.kind == Kind.KIOSK and KEY_FIELD in fields:
            token = keyed(token, fields[KEY_FIELD][0])
    except PhieuError as error:
        version = here.doors.version(door.version_id)
        t = texts(language(version, door))
        sentences = (t(error.message), t("Everything you answered is still here."))
        notice = Notice(t("Please press send once more"), sentences)
        return _again(door, version, fields, notice, 400)
    chosen = language(version, door)
    t = texts(chosen)
    if from_elsewhere():
        notice = Notice(t("Please press send once more"), (t("These answers came from another website."),))
        return _again(door, version, fields, notice, 403)
    outcome = collecting.submit(
        here.runtime,
        door,
        version,
        token.submission_key,
        fields,
        chosen,
        replaces=replaces,
        screens=here.screens,
        rendered_at=token.rendered_at,
    )
    if isinstance(outcome, Stored):
        if not outcome.repeated and replaces is None:
            begun = () if BEGUN_FIELD in fields else ("started",)  # no script told of it
            here.visits.count(door.collector_id, run, "completed", *begun)
        return _to_receipt(here.runtime, outcome, chosen)
    return _refused(door, version, token, fields, outcome, t)


def posted() -> dict[str, list[str]]:
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


def shut(door: Door) -> Response:
    """The page of a survey that takes no answers now: not yet, or no more; or of a code that was used."""
    here = desk()
    chosen = language(None, door)
    state = opening(door, here.runtime.today())
    office = here.doors.version(door.version_id).questionnaire.office if door.version_id else None
    starts = [day for day in (door.opens_on, door.collector_opens_on) if day]
    body = render_template(
        "respond/shut.html",
        door=door,
        not_yet=state is Opening.NOT_YET,
        opens_on=texts(chosen).day(max(starts)) if starts else "",
        office=office,
    )
    return html(body, 404 if state is Opening.NOT_YET else 410)


def personal(door: Door) -> Response:
    """The page of a code that does not open the form: only the personal codes of its collector do, each once."""
    here = desk()
    office = here.doors.version(door.version_id).questionnaire.office if door.version_id else None
    language(None, door)
    return html(render_template("respond/personal.html", door=door, office=office), 410 if door.spent else 403)


def _refused(
    door: Door, version: Version, token: FormToken, fields: dict[str, list[str]], outcome: Refused, t: Texts
) -> Response:
    questionnaire = version.questionnaire
    if outcome.reason == "closed":
        return shut(door)
    if outcome.reason == "spent":
        return personal(replace(door, spent=True))
    if outcome.reason == "replaced":
        notice = Notice(
            t("There is no answer left to replace"),
            (t("It was withdrawn, replaced or erased. What you wrote now has not been kept."),),
        )
        return _again(door, version, fields, notice, 409)
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
    runtime = desk().runtime
    sealed = seal(token or collecting.new_token(runtime, door, version.id), runtime.settings.secret_keys)
    filled = Filled(
        {key: value for key, value in fields.items() if key not in (TOKEN_FIELD, KEY_FIELD)}, errors or {}, notice
    )
    body = page.form(version.questionnaire, look(version, door), sealed, filled)
    return html(body, status, origins=door.embed_origins)


def _to_receipt(runtime: Runtime, outcome: Stored, chosen: str) -> Response:
    if not outcome.receipt:
        return html(render_template("respond/receipt.html", fate=None))
    minute = int(runtime.now().timestamp() // 60)
    vouched = "" if outcome.repeated else f"{minute:x}-{minute_mark(runtime, outcome.receipt, minute)}"
    return redirect(f"/r/{receipts.display(outcome.receipt)}", chosen, at=vouched)


def minute_mark(runtime: Runtime, code: str, minute: int) -> str:
    """Signs the minute of a submission into the address of its receipt, since the database does not keep it."""
    message = f"minute {code} {minute}".encode()
    return hmac.new(runtime.settings.secret_keys[0].encode(), message, hashlib.sha256).hexdigest()[:16]
