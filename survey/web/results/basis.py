"""What results are held against: targets, the frame they are weighted to, numbers from the office's books."""

from __future__ import annotations

from collections.abc import Callable

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.definition.variables import Form as VariableForm
from survey.errors import PhieuError
from survey.services import basis, surveys
from survey.statistics.ratios import COUNTS
from survey.web.results.blueprint import blueprint
from survey.web.results.indexes import Act
from survey.web.results.typed import decimal, whole
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words


@requires(Permission.RESULTS)
@blueprint.get("/surveys/<slug>/results/basis")
def stated(slug: str) -> str:
    """Everything stated, with the fields to change it."""
    return _page(slug, Act(), "")


@requires(Permission.BASIS)
@blueprint.post("/surveys/<slug>/results/basis/targets")
def state_targets(slug: str) -> AnyResponse | tuple[str, int]:
    """States what is aimed at."""

    def keep() -> None:
        values = {key: decimal(typed) for key, typed in _fields("target").items() if typed.strip()}
        basis.state_targets(runtime(), actor(), slug, values, request.form.get("note", ""))

    return _keep(slug, "targets", keep)


@requires(Permission.BASIS)
@blueprint.post("/surveys/<slug>/results/basis/frame")
def state_frame(slug: str) -> AnyResponse | tuple[str, int]:
    """States the people there are."""

    def keep() -> None:
        margins: dict[str, dict[str, int]] = {}
        for name, typed in _fields("frame").items():
            key, _, code = name.partition("|")
            number = whole(typed)
            if number is not None:
                margins.setdefault(key, {})[code] = number
        basis.state_frame(runtime(), actor(), slug, margins, request.form.get("source", ""))

    return _keep(slug, "frame", keep)


@requires(Permission.BASIS)
@blueprint.post("/surveys/<slug>/results/basis/counts")
def state_counts(slug: str) -> AnyResponse | tuple[str, int]:
    """States numbers from the office's books."""

    def keep() -> None:
        typed = {key: whole(value) for key, value in _fields("count").items()}
        values = {key: number for key, number in typed.items() if number is not None}
        basis.state_counts(runtime(), actor(), slug, values, request.form.get("source", ""))

    return _keep(slug, "counts", keep)


def _fields(kind: str) -> dict[str, str]:
    """What was typed into the fields ``kind|…``, by the rest of their names."""
    start = f"{kind}|"
    return {name.removeprefix(start): typed for name, typed in request.form.items() if name.startswith(start)}


def _keep(slug: str, part: str, keep: Callable[[], None]) -> AnyResponse | tuple[str, int]:
    form, status = Act(), 400
    if form.validate_on_submit():
        try:
            keep()
        except PhieuError as error:
            form.blame(error)
            form.form_errors.extend(error.details)
            status = error.status
        else:
            t = words()
            say(t("It is kept; results heed it from now on."))
            return go("results.stated", slug=slug)
    return _page(slug, form, part), status


def _page(slug: str, form: Act, part: str) -> str:
    survey, now = surveys.show(runtime(), actor(), slug), basis.stated(runtime(), actor(), slug)
    frame = now.basis.frame.margins if now.basis.frame else {}
    values: dict[str, object] = {f"target|{key}": words().number(one, 2) for key, one in now.basis.targets.items()}
    values |= {f"frame|{key}|{code}": number for key, codes in frame.items() for code, number in codes.items()}
    values |= {f"count|{key}": number for key, number in now.basis.counts.items()}
    sources = {"targets": now.targets_note, "counts": now.counts_source}
    sources["frame"] = now.basis.frame.source if now.basis.frame else ""
    if part:
        values |= request.form.to_dict()
        sources[part] = request.form.get("note" if part == "targets" else "source", "")
    known = {index.key: index.name for index in now.basis.all_indexes(now.questionnaire.indexes)}
    labels = {one.key: one.label for one in now.questionnaire.variables}
    measures = [(key, known.get(key) or labels[key], ends) for key, ends in now.measures.items()]
    return render_template(
        "results/basis.html",
        survey=survey,
        form=form,
        part=part,
        now=now,
        values=values,
        sources=sources,
        first=[one for one in measures if one[0] in known or one[0] == now.questionnaire.headline],
        others=[one for one in measures if one[0] not in known and one[0] != now.questionnaire.headline],
        margins=[one for one in now.questionnaire.variables if one.form is VariableForm.SINGLE],
        framed=set(frame) | {name.split("|")[1] for name in values if name.startswith("frame|") and values[name]},
        counts=COUNTS,
    )
