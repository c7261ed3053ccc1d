"""Routes behind a printed code: ``/``, ``/s/CODE`` and ``/healthz``. Routes ignore case."""

from __future__ import annotations

from flask import Response, render_template, request

from survey.collection import codes
from survey.collection.tokens import seal
from survey.collection.visitors import is_person
from survey.errors import PhieuError
from survey.services import collecting
from survey.services.doors import Opening, opening
from survey.texts import texts
from survey.web.respond import kiosk, page
from survey.web.respond.desk import blueprint, desk, find, html, language, look, redirect, run_of
from survey.web.respond.taking import personal, posted, shut, take
from survey.web.security import public
from survey.web.static import FOLDER


@public
@blueprint.get("/")
@blueprint.get("/s")
@blueprint.get("/s/")
def start() -> Response:
    """Where somebody types the code from a sheet."""
    chosen = language(None)
    typed = request.args.get("code", "")[:64]
    problem = ""
    if typed:
        try:
            desk().doors.find(typed)
            return redirect(f"/s/{_shown(typed)}", chosen)
        except PhieuError as error:
            problem = f"{texts(chosen)(error.message)} {texts(chosen)(error.remedy)}"
    body = render_template("respond/start.html", typed=typed, problem=problem)
    return html(body, 404 if problem else 200)


@public
@blueprint.get("/s/<code>")
@blueprint.get("/S/<code>", endpoint="form_capital")
@blueprint.get("/s/<code>/<run>", endpoint="form_of_run")
@blueprint.get("/S/<code>/<run>", endpoint="form_of_run_capital")
def form(code: str, run: str = "") -> Response:
    """The survey behind a printed code, in one response. ``run`` is the print run that its sheet belongs to."""
    here = desk()
    door = find(code)
    if door.spent or (door.single_use and door.ticket is None):
        return personal(door)
    if opening(door, here.runtime.today()) is not Opening.OPEN or door.version_id is None:
        return shut(door)
    if is_person(request.method, request.headers):
        here.visits.count(door.collector_id, run_of(run), "opened")
    version = here.doors.version(door.version_id)
    counter = kiosk.counter(version, door, here.runtime.settings.public_base_url, look(version, door))
    if counter is not None:
        ready, policy = here.page(version, counter, kiosk.prepared), kiosk.policy
    else:
        ready, policy = here.page(version, look(version, door), page.prepared), page.policy
    token = seal(collecting.new_token(here.runtime, door, version.id), here.runtime.settings.secret_keys).encode()
    vary = ("Vary", "Accept-Encoding")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        encoded = ("Content-Encoding", "gzip")
        return html(ready.gzip(token), 200, vary, encoded, origins=door.embed_origins, policy=policy)
    return html(ready.plain(token), 200, vary, origins=door.embed_origins, policy=policy)


@public
@blueprint.post("/s/<code>")
@blueprint.post("/S/<code>", endpoint="answer_capital")
@blueprint.post("/s/<code>/<run>", endpoint="answer_of_run")
@blueprint.post("/S/<code>/<run>", endpoint="answer_of_run_capital")
def answer(code: str, run: str = "") -> Response:
    """Takes a submission. Stored: 303 to the receipt. Otherwise the page comes back with everything that was typed."""
    fields = posted()
    return take(find(code), fields, run=run_of(run))


@public
@blueprint.post("/s/<code>/started")
@blueprint.post("/S/<code>/started", endpoint="started_capital")
@blueprint.post("/s/<code>/<run>/started", endpoint="started_of_run")
@blueprint.post("/S/<code>/<run>/started", endpoint="started_of_run_capital")
def started(code: str, run: str = "") -> Response:
    """A page tells that its first question was answered; it waits for no reply."""
    desk().visits.count(find(code).collector_id, run_of(run), "started")
    return Response(status=204)


@public
@blueprint.get("/sw.js")
def worker() -> Response:
    """What keeps an empty form in the browser for when there is no network; it may load nothing but from here."""
    response = Response((FOLDER / "js" / "sw.js").read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    response.headers["Cache-Control"] = "no-cache"
    return response


@public
@blueprint.get("/healthz")
def health() -> Response:
    """200 when answers can be read from the database."""
    collecting.look(desk().runtime)
    return Response("ok\n", content_type="text/plain; charset=utf-8")


def _shown(typed: str) -> str:
    """A code that was found, as it is printed."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum() and letter.isascii())
    return codes.display(plain) if len(plain) == codes.LENGTH else plain
