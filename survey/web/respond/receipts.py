"""Routes behind a receipt: what became of an answer, answering again in its place, withdrawing and erasing it."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Response, g, render_template, request

from survey.collection import receipts
from survey.collection.tokens import seal
from survey.errors import NotAllowed, PhieuError
from survey.services import collecting
from survey.services import receipts as holders
from survey.services.doors import Opening, opening
from survey.services.receipts import Erased, Fate
from survey.services.runtime import Runtime
from survey.texts import texts
from survey.web.respond import page
from survey.web.respond.desk import blueprint, desk, find, from_elsewhere, html, language, look, redirect
from survey.web.respond.page import Filled, Notice
from survey.web.respond.taking import minute_mark, posted, take
from survey.web.security import public


@public
@blueprint.get("/r")
@blueprint.get("/r/")
def ask() -> Response:
    """Leads to the receipt whose code somebody typed."""
    typed = request.args.get("code", "")[:64]
    return redirect(f"/r/{quote(typed, safe='')}" if typed.strip(" /") else "/", language(None))


@public
@blueprint.get("/r/<receipt>")
@blueprint.get("/R/<receipt>", endpoint="receipt_capital")
def receipt(receipt: str) -> Response:
    """What became of an answer; never the answer itself."""
    chosen = language(None)
    found = _found(receipt)
    if isinstance(found, Response):
        return found
    code = receipts.display(receipts.canonical(receipt))
    if isinstance(found, Erased):
        return html(render_template("respond/erased.html", fate=found, code=code))
    asked = desk().doors.version(found.version_id).questionnaire
    body = render_template(
        "respond/receipt.html",
        fate=found,
        code=code,
        minute=_vouched_minute(desk().runtime, receipt),
        office=asked.office,
        title=asked.title.to(chosen),
        closing=asked.closing.to(chosen),
    )
    return html(body)


@public
@blueprint.post("/r/<receipt>/withdraw")
def withdraw(receipt: str) -> Response:
    """Takes the answer out of the count."""
    return _change(receipt, holders.withdraw)


@public
@blueprint.post("/r/<receipt>/erase")
def erase(receipt: str) -> Response:
    """Takes the answer out for good."""
    return _change(receipt, holders.erase)


@public
@blueprint.get("/r/<receipt>/again")
def again(receipt: str) -> Response:
    """The form once more, empty: whoever holds a receipt may answer again, and never reads what was answered."""
    found = _found(receipt)
    if isinstance(found, Response):
        return found
    here = desk()
    door = find(found.collector) if isinstance(found, Fate) and found.status != "withdrawn" else None
    if door is None or door.version_id is None or opening(door, here.runtime.today()) is not Opening.OPEN:
        return redirect(f"/r/{receipt}", language(None))
    version = here.doors.version(door.version_id)
    t = texts(language(version, door))
    sealed = seal(collecting.new_token(here.runtime, door, version.id), here.runtime.settings.secret_keys)
    notice = Notice(
        t("You are answering again"),
        (t("What you send now takes the place of your earlier answers, which nobody can look at, not even you."),),
        calm=True,
    )
    return html(page.form(version.questionnaire, look(version, door), sealed, Filled(notice=notice)))


@public
@blueprint.post("/r/<receipt>/again")
def replace(receipt: str) -> Response:
    """Takes the new answers in the place of the earlier ones."""
    fields = posted()
    found = _found(receipt)
    if isinstance(found, Response):
        return found
    if isinstance(found, Erased):
        return redirect(f"/r/{receipt}", language(None))
    return take(find(found.collector), fields, receipts.receipt_hash(receipts.canonical(receipt)))


def _found(receipt: str) -> Fate | Erased | Response:
    """What is known of an answer, or the page that says there is no such receipt."""
    try:
        found = holders.fate(desk().runtime, receipt)
    except PhieuError as error:
        language(None)
        return html(render_template("respond/no_receipt.html", typed=receipt[:40]), error.status)
    g.origins = found.embed_origins
    return found


def _change(receipt: str, act: Callable[[Runtime, str], None]) -> Response:
    if from_elsewhere():
        raise NotAllowed("not_allowed", "This request came from another website.", "Open your receipt and try again.")
    found = _found(receipt)
    if isinstance(found, Response):
        return found
    if isinstance(found, Fate):
        act(desk().runtime, receipt)
    return redirect(f"/r/{receipt}", language(None))


def _vouched_minute(runtime: Runtime, typed: str) -> datetime | None:
    """The local minute the address vouches for, None when it does not."""
    stamp, _, mark = request.args.get("at", "").partition("-")
    try:
        minute = int(stamp[:8], 16)
        right = minute_mark(runtime, receipts.canonical(typed), minute)
    except ValueError:
        return None
    if not hmac.compare_digest(mark.encode(), right.encode()):
        return None
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(runtime.settings.timezone)
