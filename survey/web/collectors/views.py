"""Collectors: the list with its form, one collector with its QR code, and its print files."""

from __future__ import annotations

from flask import Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.collection import qrcodes
from survey.errors import NotFound, PhieuError
from survey.printing.sheets import SHEETS
from survey.services import collectors, paper_forms, printing, surveys
from survey.services.collectors import Traits
from survey.texts import LANGUAGES
from survey.web.collectors.blueprint import blueprint
from survey.web.collectors.forms import HANGING, Labels, NewCollector
from survey.web.fields import Form
from survey.web.security import actor, requires, runtime
from survey.web.workbench import download, go, say, words


@requires(Permission.SEE)
@blueprint.get("/surveys/<slug>/collect")
def collect(slug: str) -> str:
    """A survey's collectors and how many answered through each."""
    return _collect(slug, NewCollector())


@requires(Permission.COLLECT)
@blueprint.post("/surveys/<slug>/collect")
def add(slug: str) -> AnyResponse | tuple[str, int]:
    """Adds a collector and shows its code."""
    form, status = NewCollector(), 400
    if form.validate_on_submit():
        given = (form.kind.data, form.name.data or "", form.opens_on.data, form.closes_on.data)
        traits = Traits(single_use=form.single_use.data)
        try:
            code = collectors.add(runtime(), actor(), slug, *given, traits)
        except PhieuError as error:
            form.blame(error, closes_on=("dates_reversed",), name=("name_missing",))
            status = error.status
        else:
            t = words()
            say(t("The collector is added. Print its poster or labels here."))
            return go("collectors.collector", code=code)
    return _collect(slug, form), status


def _collect(slug: str, form: NewCollector) -> str:
    return render_template(
        "collectors/collect.html",
        survey=surveys.show(runtime(), actor(), slug),
        collectors=collectors.list_collectors(runtime(), actor(), slug),
        form=form,
        kinds=HANGING,
    )


@requires(Permission.SEE)
@blueprint.get("/collectors/<code>")
def collector(code: str) -> str:
    """One collector: its code, its address, what can be printed."""
    found, slug = collectors.show(runtime(), actor(), code)
    survey = surveys.show(runtime(), actor(), slug)
    asked = surveys.questionnaire(runtime(), actor(), slug)
    return render_template(
        "collectors/collector.html",
        one=found,
        survey=survey,
        q=asked,
        sheets=SHEETS.values(),
        form=Form(),
        on_paper=found.kind in paper_forms.FORM_KINDS,
    )


@requires(Permission.SEE)
@blueprint.get("/collectors/<code>/qr.svg")
def picture(code: str) -> Response:
    """The QR code, for screens and for people who lay out their own sheets."""
    found, _ = collectors.show(runtime(), actor(), code)
    if found.url is None:
        raise NotFound("no_public_address", "The public address of this server is not set.", "Ask whoever runs it.")
    return Response(qrcodes.svg(found.url), mimetype="image/svg+xml")


@requires(Permission.PRINT)
@blueprint.get("/collectors/<code>/poster.pdf")
def poster(code: str) -> Response:
    """The A4 poster."""
    made = printing.poster(runtime(), actor(), code, _language(), counted="counted" in request.args)
    return download(made, "application/pdf", f"poster-{_plain(code)}.pdf")


@requires(Permission.PRINT)
@blueprint.get("/collectors/<code>/labels.pdf")
def labels(code: str) -> Response:
    """A sheet of labels."""
    form = Labels(request.args)
    if not form.validate():
        raise PhieuError("sheet_unknown", "There is no such label sheet.", "Choose one of those listed.")
    made = printing.labels(
        runtime(),
        actor(),
        code,
        _language(),
        sheet_name=form.sheet.data,
        skip=form.skip.data or 0,
        outlines=form.outlines.data,
        counted=form.counted.data,
    )
    return download(made, "application/pdf", f"labels-{form.sheet.data}-{_plain(code)}.pdf")


@requires(Permission.COLLECT)
@blueprint.post("/collectors/<code>/close")
def close(code: str) -> AnyResponse:
    """Takes no more answers through this code."""
    collectors.close(runtime(), actor(), code)
    t = words()
    say(t("The collector is closed: its code takes no more answers."))
    return go("collectors.collector", code=code)


@requires(Permission.COLLECT)
@blueprint.post("/collectors/<code>/reopen")
def reopen(code: str) -> AnyResponse:
    """Takes answers through this code again."""
    collectors.reopen(runtime(), actor(), code)
    t = words()
    say(t("The collector takes answers again."))
    return go("collectors.collector", code=code)


def _language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _plain(code: str) -> str:
    return "".join(c for c in code[:16] if c.isascii() and c.isalnum())
