"""Indexes opened to their counts and formula, and indexes put together on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from werkzeug.wrappers import Response as AnyResponse

from survey.accounts.permissions import Permission
from survey.definition.indexes import Factor, Index, Rule, Scoring
from survey.definition.questionnaire import Questionnaire
from survey.definition.text import Text
from survey.definition.variables import Form as VariableForm
from survey.definition.variables import Variable
from survey.errors import NotFound, PhieuError
from survey.services import basis, indexes, surveys
from survey.services.indexes import MOST_FACTORS
from survey.services.results import open_result
from survey.statistics.disclosure import INSIDE
from survey.statistics.ratios import COUNTS
from survey.web.fields import Form
from survey.web.results import figures, opened
from survey.web.results.blueprint import blueprint
from survey.web.results.typed import decimal
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words

ROWS = 4
"""Empty rows for factors beside those in use."""


class Act(Form):
    """What stands in the fields is read by the page itself."""


@requires(Permission.RESULTS)
@blueprint.get("/surveys/<slug>/results/indexes")
def index_list(slug: str) -> str:
    """Every index with its counts and formula, weighted and against its target; ratios of the office's books apart."""
    t = words()
    survey = surveys.show(runtime(), actor(), slug)
    own = {one.key for one in indexes.list_indexes(runtime(), actor(), slug)}
    try:
        framed = basis.stated(runtime(), actor(), slug).basis.frame is not None
        result = open_result(runtime(), actor(), slug, deeper=framed)
    except PhieuError as error:
        if error.status >= 500:
            raise
        return render_template("results/indexes.html", survey=survey, refusal=t(error.message), own=own)
    refusal = figures.too_few(survey, result.released, t) if result.released < INSIDE else ""
    return render_template(
        "results/indexes.html",
        survey=survey,
        refusal=refusal,
        own=own,
        result=result,
        indexes=[opened.opened(result, one, t) for one in result.indexes],
        names=COUNTS,
    )


@requires(Permission.BASIS)
@blueprint.route("/surveys/<slug>/results/indexes/new", methods=["GET", "POST"])
def new_index(slug: str) -> AnyResponse | str | tuple[str, int]:
    """Puts an index together."""
    return _edit(slug, "", Typed.empty())


@requires(Permission.BASIS)
@blueprint.route("/surveys/<slug>/results/indexes/<key>", methods=["GET", "POST"])
def edit_index(slug: str, key: str) -> AnyResponse | str | tuple[str, int]:
    """Changes an index that was put together here."""
    found = next((one for one in indexes.list_indexes(runtime(), actor(), slug) if one.key == key), None)
    if found is None:
        raise NotFound("index_unknown", "There is no such index.", "Look it up in the list of indexes.")
    return _edit(slug, key, Typed.of(found))


@requires(Permission.BASIS)
@blueprint.post("/surveys/<slug>/results/indexes/<key>/delete")
def delete_index(slug: str, key: str) -> AnyResponse:
    """Takes an index away."""
    indexes.delete(runtime(), actor(), slug, key)
    t = words()
    say(t("The index is deleted."))
    return go("results.index_list", slug=slug)


@dataclass(frozen=True)
class Typed:
    """The fields as they stand on the page: text as typed; ``factors`` are names and weights, ``places`` maps an item
    to the number of its factor, from 1; ``negative`` items count in reverse."""

    name: str
    rule: str
    scoring: str
    low: str
    high: str
    overall: str
    note: str
    factors: tuple[tuple[str, str], ...]
    places: Mapping[str, int]
    negative: tuple[str, ...] = ()

    @classmethod
    def empty(cls) -> Typed:
        """A new index."""
        return cls("", Rule.MEAN_OF_FACTORS, Scoring.SATISFIED_SHARE, "1", "10", "", "", (), {})

    @classmethod
    def of(cls, index: Index) -> Typed:
        """An index as it is kept."""
        t = words()

        def written(number: float) -> str:
            return t.number(number, 0 if number == round(number) else 3)

        return cls(
            name=index.name.to(t.language),
            rule=index.rule,
            scoring=index.scoring,
            low=written(index.anchors[0]),
            high=written(index.anchors[1]),
            overall=index.overall or "",
            note=index.note.to(t.language),
            factors=tuple((one.name.to(t.language), written(one.weight)) for one in index.factors),
            places={item: place for place, one in enumerate(index.factors, 1) for item in one.items},
            negative=index.negative,
        )

    @classmethod
    def posted(cls, items: list[Variable]) -> Typed:
        """What was sent."""
        sent = request.form
        names = [(sent.get(f"name-{row}", ""), sent.get(f"weight-{row}", "")) for row in range(1, MOST_FACTORS + 1)]
        places = {}
        for item in items:
            typed = sent.get(f"item-{item.key}", "")
            if typed.isascii() and typed.isdigit() and 1 <= int(typed[:3]) <= MOST_FACTORS:
                places[item.key] = int(typed[:3])
        used = max([row for row, (name, _) in enumerate(names, 1) if name.strip()] + list(places.values()), default=0)
        fields = {name: sent.get(name, "") for name in ("name", "rule", "scoring", "low", "high", "overall", "note")}
        negative = tuple(item.key for item in items if item.key in sent.getlist("negative"))
        return cls(**fields, factors=tuple(names[:used]), places=places, negative=negative)

    def index(self, key: str, language: str) -> Index:
        """The index it describes. Raises PhieuError ``number_unreadable``, ``index_unusable``."""
        if self.rule not in list(Rule) or self.scoring not in list(Scoring):
            raise PhieuError("index_unusable", "There is no such rule.", "Choose one of those listed.")
        rows = [
            (row, name, weight)
            for row, (name, weight) in enumerate(self.factors, 1)
            if name.strip() or row in self.places.values()
        ]
        points = self.scoring == Scoring.RESCALED_MEAN
        return Index(
            key=key,
            name=Text.of(**{language: self.name}),
            factors=tuple(
                Factor(
                    f"F{number}",
                    Text.of(**{language: name}),
                    tuple(item for item, place in self.places.items() if place == row),
                    decimal(weight) if weight.strip() else 1.0,
                )
                for number, (row, name, weight) in enumerate(rows, 1)
            ),
            rule=Rule(self.rule),
            scoring=Scoring(self.scoring),
            overall=self.overall or None,
            anchors=(decimal(self.low), decimal(self.high)) if points else (1.0, 10.0),
            note=Text.of(**{language: self.note}) if self.note.strip() else Text(),
            negative=self.negative,
        )


def _edit(slug: str, key: str, typed: Typed) -> AnyResponse | str | tuple[str, int]:
    survey, form, status = surveys.show(runtime(), actor(), slug), Act(), 200
    asked = basis.stated(runtime(), actor(), slug).questionnaire
    items = _scales(asked)
    if request.method == "POST":
        typed, status = Typed.posted(items), 400
        if form.validate_on_submit():
            try:
                indexes.save(runtime(), actor(), slug, typed.index(key, asked.languages[0]))
            except PhieuError as error:
                form.blame(error)
                form.form_errors.extend(error.details)
                status = error.status
            else:
                t = words()
                say(t("The index is kept. It stands beside the others from now on."))
                return go("results.index_list", slug=slug)
    page = render_template(
        "results/index_form.html",
        survey=survey,
        form=form,
        key=key,
        typed=typed,
        items=items,
        rows=min(MOST_FACTORS, max(ROWS, len(typed.factors) + 1)),
    )
    return page if status == 200 else (page, status)


def _scales(asked: Questionnaire) -> list[Variable]:
    return [one for one in asked.variables if one.form is VariableForm.SCALE]
