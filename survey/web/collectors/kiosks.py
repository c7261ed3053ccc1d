"""Kiosks: one code for each shift of a counter, the code staff leave the page by, and what its thanks lead to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField, TextAreaField
from wtforms.validators import Optional, Regexp

from survey.accounts.permissions import Permission
from survey.errors import NotFound, PhieuError
from survey.services import collectors, surveys
from survey.services.collectors import CollectorSummary, Kind, Traits
from survey.services.doors import STAFF_ONLY
from survey.web.collectors.blueprint import blueprint
from survey.web.fields import Form, day, line, t
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words

SHIFTS = {"morning": t("Morning shift"), "afternoon": t("Afternoon shift")}
"""Shifts that most counters have."""


class Kiosk(Form):
    """What a kiosk has beyond other collectors. ``exit_code`` stays empty where the present one is to stay."""

    exit_code = StringField(
        t("Exit code"), [Optional(), Regexp(r"[0-9]{4,12}\Z", message=t("The code has 4 to 12 digits."))]
    )
    follow_up = StringField(t("Thanks lead to"), default="")


class NewKiosks(Kiosk):
    """The kiosks of one counter."""

    name = line(t("Name of the counter"), 150, required=t("Name the counter."))
    others = TextAreaField(t("Other shifts"))
    opens_on = day(t("First day"))
    closes_on = day(t("Last day"))


@requires(Permission.COLLECT)
@blueprint.route("/surveys/<slug>/kiosks", methods=["GET", "POST"])
def add_kiosks(slug: str) -> AnyResponse | tuple[str, int]:
    """Adds the kiosks of one counter, a code for each shift."""
    form, status, chosen = NewKiosks(), 200, list(SHIFTS)
    if form.is_submitted():
        status, chosen = 400, [one for one in request.form.getlist("shift") if one in SHIFTS]
    if form.validate_on_submit():
        try:
            names = collectors.of_shifts(form.name.data or "", _shifts(chosen, form.others.data or ""))
            days, traits = (form.opens_on.data, form.closes_on.data), _with(form, Traits())
            made = collectors.add_each(runtime(), actor(), slug, Kind.KIOSK, names, *days, traits)
        except PhieuError as error:
            form.blame(
                error,
                closes_on=("dates_reversed",),
                name=("name_missing", "text_too_long"),
                others=("shifts_too_many",),
                follow_up=("collector_unknown", "code_unknown"),
            )
            status = error.status
        else:
            _ = words()
            say(
                _(
                    "{collectors} kiosks are added, one for each shift. Open each code on the tablet.",
                    collectors=len(made),
                )
            )
            return go("collectors.collect", slug=slug)
    return _page(slug, form, None, chosen=chosen), status


@requires(Permission.COLLECT)
@blueprint.route("/collectors/<code>/kiosk", methods=["GET", "POST"])
def kiosk(code: str) -> AnyResponse | tuple[str, int]:
    """Changes the exit code of a kiosk and what its thanks lead to."""
    one, slug = collectors.show(runtime(), actor(), code)
    if one.kind != Kind.KIOSK:
        raise NotFound("collector_unknown", "There is no such collector.", "Look it up in the survey's list.")
    form, status = Kiosk(follow_up=one.traits.follow_up or ""), 200
    if form.validate_on_submit():
        try:
            traits = _with(form, one.traits)
            days = {"opens_on": one.opens_on, "closes_on": one.closes_on}
            collectors.edit(runtime(), actor(), one.code, name=one.name, traits=traits, **days)
        except PhieuError as error:
            form.blame(error, follow_up=("collector_unknown", "code_unknown"))
            status = error.status
        else:
            say(words()("The changes are kept."))
            return go("collectors.collector", code=code)
    elif form.is_submitted():
        status = 400
    return _page(slug, form, one), status


def _page(slug: str, form: Kiosk, one: CollectorSummary | None, chosen: Sequence[str] = ()) -> str:
    survey = surveys.show(runtime(), actor(), slug)
    others = [each for each in collectors.list_collectors(runtime(), actor(), slug) if _leads(each)]
    return render_template(
        "collectors/kiosk.html", survey=survey, form=form, one=one, others=others, shifts=SHIFTS, chosen=chosen
    )


def _leads(one: CollectorSummary) -> bool:
    """Whether a citizen's own phone can follow it."""
    return one.kind != Kind.KIOSK and one.kind not in STAFF_ONLY and not one.traits.single_use and one.closed_at is None


def _shifts(chosen: Sequence[str], others: str) -> list[str]:
    said = words()
    return [*(said(SHIFTS[one]) for one in chosen), *others.splitlines()]


def _with(form: Kiosk, traits: Traits) -> Traits:
    return replace(traits, exit_code=form.exit_code.data or None, follow_up=form.follow_up.data or None)
