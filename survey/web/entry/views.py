"""Batches: those that are open, those of a collector, one with its totals, and what two people read differently."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.errors import PhieuError
from survey.services import batches, collectors, double_entry, keying, surveys
from survey.services.doors import Doors
from survey.web.entry.asking import items
from survey.web.entry.forms import NewBatch
from survey.web.fields import Form
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words

blueprint = Blueprint("entry", __name__, url_prefix="/staff")


@requires(Permission.ENTER)
@blueprint.get("/entry")
def open_batches() -> str:
    """All open batches the reader may key in."""
    return render_template("entry/batches.html", batches=batches.list_batches(runtime(), actor()), form=Form())


@requires(Permission.ENTER)
@blueprint.get("/collectors/<code>/entry")
def collector(code: str) -> str:
    """The batches of one collector, with the form for a new one."""
    return _collector(code, NewBatch())


@requires(Permission.ENTER)
@blueprint.post("/collectors/<code>/entry")
def open_batch(code: str) -> AnyResponse | tuple[str, int]:
    """Opens a batch and goes to its page."""
    form, status = NewBatch(), 400
    if form.validate_on_submit():
        given = (form.name.data or "", form.expected.data, form.double_percent.data)
        try:
            number = batches.open_batch(runtime(), actor(), code, *given)
        except PhieuError as error:
            form.blame(error, name=("batch_name_missing",), double_percent=("percent_unusable",))
            status = error.status
            if status in (403, 404):
                raise
        else:
            t = words()
            say(t("The batch is open. Keying can begin."))
            return go("entry.batch", number=number)
    return _collector(code, form), status


def _collector(code: str, form: NewBatch) -> str:
    found, slug = collectors.show(runtime(), actor(), code)
    return render_template(
        "entry/collector.html",
        one=found,
        survey=surveys.show(runtime(), actor(), slug),
        batches=batches.list_batches(runtime(), actor(), code),
        form=form,
    )


@requires(Permission.ENTER)
@blueprint.get("/entry/<int:number>")
def batch(number: int) -> str:
    """One batch: how far it is, double entry, serials that came twice, the counts for comparing with the pile."""
    shown = batches.show_batch(runtime(), actor(), number)
    asked, counts = batches.totals(runtime(), actor(), number)
    return render_template(
        "entry/batch.html",
        batch=shown,
        survey=surveys.show(runtime(), actor(), shown.slug),
        asked=asked,
        items={item.key: item for item in items(asked)} if asked else {},
        counts=counts,
        twins=keying.twins(runtime(), actor(), number),
        report=double_entry.report(runtime(), actor(), number),
        form=Form(),
    )


@requires(Permission.ENTER)
@blueprint.post("/entry/<int:number>/close")
def close(number: int) -> AnyResponse:
    """No more sheets; the sample for second entry is drawn."""
    batches.close_batch(runtime(), actor(), number)
    t = words()
    say(t("The batch is closed."))
    return go("entry.batch", number=number)


@requires(Permission.ENTER)
@blueprint.post("/entry/<int:number>/reopen")
def reopen(number: int) -> AnyResponse:
    """More sheets of the pile turned up."""
    batches.reopen_batch(runtime(), actor(), number)
    t = words()
    say(t("The batch takes sheets again."))
    return go("entry.batch", number=number)


@requires(Permission.ENTER)
@blueprint.post("/entry/<int:number>/sheets/<int:sheet>/serial")
def serial(number: int, sheet: int) -> AnyResponse:
    """Another serial for a sheet."""
    keying.give_serial(runtime(), actor(), number, sheet, request.form.get("serial", ""))
    t = words()
    say(t("The sheet has its new serial."))
    return go("entry.batch", number=number)


@requires(Permission.ENTER)
@blueprint.post("/entry/<int:number>/sheets/<int:sheet>/out")
def take_out(number: int, sheet: int) -> AnyResponse:
    """Takes out a sheet that was keyed twice."""
    keying.take_out(runtime(), actor(), number, sheet)
    t = words()
    say(t("The sheet keyed twice counts once now."))
    return go("entry.batch", number=number)


@requires(Permission.ENTER)
@blueprint.post("/entry/<int:number>/sheets/<int:sheet>/settle")
def settle(number: int, sheet: int) -> AnyResponse:
    """Decides what a sheet says: each question's field holds who was right."""
    right = [key for key, value in request.form.items() if value == "second"]
    double_entry.settle(runtime(), actor(), Doors(runtime()), number, sheet, right)
    t = words()
    say(t("The differences are settled."))
    return go("entry.batch", number=number)
