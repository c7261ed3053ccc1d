"""Whose answers a page of results describes: read from its address, chosen on a page, kept under a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, StringField

from survey.accounts.permissions import Permission
from survey.errors import NotFound, PhieuError
from survey.services import selections, surveys
from survey.services.groupings import FIRST, LAST, PERIOD, period
from survey.services.selections import Offer
from survey.statistics.filters import Filters
from survey.texts import Texts
from survey.web.fields import Form, line, t
from survey.web.results.blueprint import blueprint
from survey.web.security import actor, requires, runtime
from survey.web.workbench import go, say, words


@dataclass(frozen=True)
class Chosen:
    """A selection as the address names it."""

    filters: Filters = ()
    by: str = ""

    @property
    def address(self) -> dict[str, Any]:
        """The parameters of an address that name it again."""
        where = selections.write(tuple(one for one in self.filters if one[0] != PERIOD))
        first, last = next((codes[0].split("..") for key, codes in self.filters if key == PERIOD), ("", ""))
        ends = {"from": "" if first == FIRST else first, "to": "" if last == LAST else last}
        named: dict[str, Any] = {"where": where, **ends, "by": self.by}
        return {key: value for key, value in named.items() if value}

    def __bool__(self) -> bool:
        return bool(self.filters or self.by)


def asked() -> Chosen:
    """What this request's address selects. Raises PhieuError ``filter_unreadable``."""
    filters = selections.read(request.args.getlist("where"))
    first, last = request.args.get("from", ""), request.args.get("to", "")
    if first or last:
        filters += (period(first, last),)
    return Chosen(filters, request.args.get("by", ""))


def in_words(offer: Offer, chosen: Chosen, t: Texts) -> str:
    """The conditions and the grouping, as a sentence's part."""
    parts = [
        t("{question}: {answers}", question=_bare(name.to(t.language)), answers=_any(labels, t))
        for name, labels in offer.words(chosen.filters)
    ]
    if chosen.by:
        parts.append(t("by the groups of: {question}", question=_bare(offer.name(chosen.by).to(t.language))))
    return "; ".join(parts)


def _bare(label: str) -> str:
    """A question's label without the colon that leads to its answers."""
    return label.rstrip(" :.")


def told(slug: str, chosen: Chosen) -> str:
    """A selection of this survey in words."""
    return in_words(selections.offer(runtime(), actor(), slug, chosen.filters), chosen, words())


def _any(labels: tuple[Any, ...], t: Texts) -> str:
    return t(" or ").join(f"“{label.to(t.language)}”" for label in labels)


class Keeping(Form):
    """A name for a selection, and the selection itself."""

    name: StringField = line(t("Name"), 200, required=t("Give it a name."))
    chosen: HiddenField = HiddenField()


@requires(Permission.SELECT)
@blueprint.get("/surveys/<slug>/selection")
def select(slug: str) -> str:
    """Everything there is to choose from, and the selections that were kept."""
    return _page(slug, Keeping())


@requires(Permission.SELECT)
@blueprint.post("/surveys/<slug>/selection")
def keep(slug: str) -> AnyResponse | tuple[str, int]:
    """Keeps what the address selects under a name."""
    form, status = Keeping(), 400
    if form.validate_on_submit():
        try:
            chosen = asked()
            selections.keep(runtime(), actor(), slug, form.name.data, chosen.filters, chosen.by)
        except PhieuError as error:
            form.blame(error, name=("selection_name_taken", "selection_name_missing", "text_too_long"))
            status = error.status
        else:
            say(words()("The selection is kept."))
            return go("results.results", slug=slug, **chosen.address)
    return _page(slug, form), status


@requires(Permission.SELECT)
@blueprint.post("/surveys/<slug>/selections/<number>/name")
def rename(slug: str, number: str) -> AnyResponse | tuple[str, int]:
    """Gives a kept selection another name."""
    form, status = Keeping(), 400
    if form.validate_on_submit():
        try:
            selections.rename(runtime(), actor(), slug, _number(number), form.name.data)
        except NotFound:
            raise
        except PhieuError as error:
            form.blame(error)
            status = error.status
        else:
            return go("results.select", slug=slug)
    return _page(slug, form), status


@requires(Permission.SELECT)
@blueprint.post("/surveys/<slug>/selections/<number>/drop")
def drop(slug: str, number: str) -> AnyResponse:
    """Forgets a kept selection."""
    selections.drop(runtime(), actor(), slug, _number(number))
    say(words()("The selection is deleted."))
    return go("results.select", slug=slug)


@requires(Permission.SELECT)
@blueprint.get("/surveys/<slug>/selections/shown")
def shown(slug: str) -> str:
    """What was shown beside the overall result, and to whom."""
    rows = selections.shown(runtime(), actor(), slug)
    every = tuple(dict.fromkeys(one for row in rows for one in row.filters))
    offer = _offer(slug, every)
    return render_template(
        "results/shown.html",
        survey=surveys.show(runtime(), actor(), slug),
        rows=[(row, in_words(offer, Chosen(row.filters, row.by), words())) for row in rows],
    )


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise NotFound("selection_unknown", "There is no such selection.", "Look it up in the list.")
    return int(typed)


def _offer(slug: str, filters: Filters = ()) -> Offer:
    return selections.offer(runtime(), actor(), slug, tuple(one for one in filters if one[0] != PERIOD))


def _page(slug: str, form: Keeping) -> str:
    try:
        chosen = asked()
    except PhieuError:
        chosen = Chosen()
    offer = _offer(slug)
    found = selections.kept(runtime(), actor(), slug)
    address = chosen.address
    return render_template(
        "results/select.html",
        survey=surveys.show(runtime(), actor(), slug),
        offer=offer,
        form=form,
        chosen=chosen,
        told=in_words(offer, chosen, words()) if chosen else "",
        keep_at=url_for("results.keep", slug=slug, **address),
        ticked={(key, code) for key, codes in chosen.filters for code in codes},
        first=address.get("from", ""),
        last=address.get("to", ""),
        kept=[(one, in_words(offer, Chosen(one.filters, one.by), words()), _at(slug, one)) for one in found],
    )


def _at(slug: str, one: selections.Kept) -> str:
    return url_for("results.results", slug=slug, **Chosen(one.filters, one.by).address)
