"""The public page ``/p/SLUG``: figures, charts, open data, a badge and a small page for other sites. No cookie, no
script, nothing of single people."""

from __future__ import annotations

import json

from flask import Response, render_template, url_for

from survey.charts import plan
from survey.charts.lettering import BOLD, wrap
from survey.charts.theme import NARROW, WIDE
from survey.errors import NotFound
from survey.reports.open_data import open_table
from survey.services.publishing import Shown
from survey.statistics.document import to_json
from survey.statistics.results import SurveyResult
from survey.texts import LANGUAGES, Texts
from survey.web import drawings
from survey.web.results import figures
from survey.web.security import public
from survey.web.shown.blueprint import blueprint, front, kept, spoken

BADGE = (420, 132)

ROOM = 310
"""Of the badge's width inside its margins; the visitor's own font may be wider than the one this is measured with."""

HTML, SVG = "text/html; charset=utf-8", "image/svg+xml; charset=utf-8"


@public
@blueprint.get("/p/<slug>")
def page(slug: str) -> Response:
    """All figures of the published cut, each chart with its table."""
    shown = front().find(slug)
    t = spoken(shown.result.languages)

    def address(name: str, width: str | None) -> str:
        return url_for("shown.chart", slug=shown.slug, name=name, lang=_asked(t), width=width)

    return kept(front().made(shown, ("page", t.language), lambda: body(shown, t, address).encode()), HTML)


def body(shown: Shown, t: Texts, address: figures.Address, *, preview: bool = False) -> str:
    """The page itself; ``address`` gives a chart's by its name."""
    result = shown.result
    headline = figures.headline(result)
    return render_template(
        "shown/page.html",
        shown=shown,
        result=result,
        _=t,
        language=t.language,
        languages=[one for one in result.languages if one in LANGUAGES],
        headline=headline,
        headline_detail=figures.headline_detail(headline, result, t) if headline else "",
        groups=figures.groups(result, t, address),
        preview=preview,
    )


@public
@blueprint.get("/p/<slug>/charts/<name>.svg")
def chart(slug: str, name: str) -> Response:
    """One chart as a picture."""
    shown = front().find(slug)
    t = spoken(shown.result.languages)
    narrow = drawings.narrow()
    made = front().made(shown, (name, t.language, str(narrow)), lambda: picture(shown.result, name, t, narrow=narrow))
    return kept(made, SVG)


def picture(result: SurveyResult, name: str, t: Texts, *, narrow: bool) -> bytes:
    """A chart of this result. Raises NotFound ``chart_unknown``."""
    try:
        one = plan.chart(result, name)
    except KeyError as error:
        raise NotFound("chart_unknown", "There is no chart of this name.", "Choose among those on the page.") from error
    return plan.draw(result, [one], t, t.language, brief=True, format=NARROW if narrow else WIDE)


@public
@blueprint.get("/p/<slug>/data.csv")
def table(slug: str) -> Response:
    """The figures as a table."""
    shown = _open(slug)
    response = kept(
        open_table(shown.result, spoken(shown.result.languages)), "text/csv; charset=utf-8", everywhere=True
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{shown.slug}.csv"'
    return response


@public
@blueprint.get("/p/<slug>/data.json")
def data(slug: str) -> Response:
    """The figures as ``phieu result show --json`` prints them."""
    shown = _open(slug)
    t = spoken(shown.result.languages)
    found = {**to_json(shown.result, t.language), "published_on": shown.on.isoformat(), "digest": shown.digest}
    written = json.dumps(found, ensure_ascii=False, indent=1).encode()
    return kept(written, "application/json; charset=utf-8", everywhere=True)


@public
@blueprint.get("/p/<slug>/badge.svg")
def badge(slug: str) -> Response:
    """The headline as a small picture, for other sites to show and link."""
    shown = front().find(slug)
    t = spoken(shown.result.languages)
    return kept(render_template("shown/badge.svg", **_brief(shown, t)), SVG, everywhere=True)


@public
@blueprint.get("/p/<slug>/embed")
def embed(slug: str) -> Response:
    """The headline as a page for a frame on the sites that the survey names."""
    shown = front().find(slug)
    t = spoken(shown.result.languages)
    return kept(render_template("shown/embed.html", **_brief(shown, t)), HTML, ancestors=shown.embed_origins)


def _brief(shown: Shown, t: Texts) -> dict[str, object]:
    """What a badge says."""
    result = shown.result
    headline = figures.headline(result)
    share = headline.figures.satisfied_percent if headline else None
    return {
        "_": t,
        "language": t.language,
        "shown": shown,
        "size": BADGE,
        "headline": headline,
        "share": t.percent(share) if share is not None else "",
        "answers": t.number((headline.figures.base if headline and share is not None else None) or result.released),
        "day": t.day(result.cut.as_of),
        "title": wrap(result.title.to(t.language), ROOM, 14, BOLD, most=2),
        "office": wrap(result.office.to(t.language), ROOM, 12, most=1),
    }


def _open(slug: str) -> Shown:
    shown = front().find(slug)
    if not shown.open_data:
        raise NotFound("no_open_data", "These figures cannot be downloaded.", "Read them on the page.")
    return shown


def _asked(t: Texts) -> str | None:
    return None if t.language == LANGUAGES[0] else t.language
