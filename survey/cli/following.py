"""``phieu result series`` and ``phieu result rank``: one measure over waves, months and weeks, and over units; and
``phieu series``, which keeps the series."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click

from survey.cli.opening import DAY, as_json, day, opened, print_json
from survey.cli.result import result
from survey.services import following
from survey.services import series as keeping
from survey.services.runtime import OPERATOR
from survey.statistics.ddci import Ends
from survey.statistics.followed import monitoring_json, ranking_json, series_json
from survey.statistics.results import Interval, Monitoring, Ranking, SeriesResult, WavePoint
from survey.texts import LANGUAGES, Texts, texts

MEASURE = click.option("--measure", default="", help="Key of an index or a question; default the first index.")
LANGUAGE = click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], help="Language.")


@click.group()
def series() -> None:
    """Keep series of repeated surveys."""


@series.command()
@click.argument("series_name", metavar="SERIES")
@click.option("--title", required=True, help="What the series is called.")
@click.option("--unit", default="", help="Office it belongs to.")
def new(series_name: str, title: str, unit: str) -> None:
    """Make a series with the short name SERIES."""
    with opened() as runtime:
        click.echo(keeping.create(runtime, OPERATOR, series_name, title, unit))


@series.command()
@click.argument("series_name", metavar="SERIES")
@click.argument("survey")
@click.option("--wave", required=True, help="Name of the wave, such as 2026.")
@click.option("--on", required=True, type=DAY, help="Its place on the time line, such as 2026-10-16.")
@click.option("--breaks", default="", help="Why it cannot be compared with the wave before.")
def put(series_name: str, survey: str, wave: str, on: datetime, breaks: str) -> None:
    """Put SURVEY into SERIES, or change its place there."""
    with opened() as runtime:
        keeping.put(runtime, OPERATOR, survey, series_name, wave, day(on) or on.date(), breaks)


@series.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List the series."""
    with opened() as runtime:
        found = keeping.list_series(runtime, OPERATOR)
    if as_json:
        print_json(list(found))
    for one in () if as_json else found:
        click.echo(f"{one.slug}  {one.title}  ({one.waves})")


@result.command("series")
@click.argument("name", metavar="SERIES")
@click.option(
    "--within",
    type=click.Choice(["months", "quarters", "weeks"]),
    help="Follow one survey instead, whose short name stands for SERIES.",
)
@MEASURE
@LANGUAGE
@as_json
def series_result(name: str, within: str | None, measure: str, language: str, as_json: bool) -> None:
    """Show one measure over the waves of SERIES."""
    t = texts(language)
    with opened() as runtime:
        if within == "weeks":
            weekly = following.monitor(runtime, OPERATOR, name, measure)
            if as_json:
                print_json(monitoring_json(weekly, language))
            else:
                click.echo("\n".join(_weeks(weekly, t)))
            return
        if within:
            single = following.periods(runtime, OPERATOR, name, measure, quarters=within == "quarters")
            lines = [("", single)]
        else:
            followed = following.follow(runtime, OPERATOR, name, measure)
            lines = [(line.unit, line.result) for line in followed.lines]
    if as_json:
        print_json({"series": name, "lines": [{"office": unit, **series_json(one, language)} for unit, one in lines]})
    else:
        for unit, one in lines:
            click.echo("\n".join(_series(unit, one, t)))


@result.command()
@click.argument("survey")
@click.option("--wave", help="Compare the surveys of this wave; a series' short name then stands for SURVEY.")
@click.option(
    "--anchors",
    type=click.Choice([str(one) for one in Ends]),
    help="Rank by an index of rescaled means, from 10 to 100: between the ends of the scale, or what units reached.",
)
@MEASURE
@LANGUAGE
@as_json
def rank(survey: str, wave: str | None, anchors: str | None, measure: str, language: str, as_json: bool) -> None:
    """Compare the offices whose collectors brought the answers of SURVEY."""
    ends = Ends(anchors) if anchors else None
    t = texts(language)
    with opened() as runtime:
        if wave:
            found = following.rank_wave(runtime, OPERATOR, survey, wave, measure, ends)
        else:
            found = following.rank_units(runtime, OPERATOR, survey, measure, ends)
    if as_json:
        more = {"anchors": str(ends), "rule": [t(one) for one in ends.rule]} if ends else {}
        print_json(ranking_json(found, language) | more)
    else:
        click.echo("\n".join((*_ranking(found, t), *(t(one) for one in (ends.rule if ends else ())))))


def _series(unit: str, one: SeriesResult, t: Texts) -> Iterator[str]:
    yield " · ".join(part for part in (one.name.to(t.language), unit) if part)
    for point in one.points:
        if point.breaks:
            yield "  " + t("Break: {reason}", reason=t(point.breaks))
        figure = t(point.suppressed) if point.suppressed else _figure(point.value, point.interval, one.unit, t)
        base = f"; n = {t.number(point.base)}" if point.base is not None else ""
        yield f"  {point.wave}: {figure}{base}{_change(point, t)}"


def _change(point: WavePoint, t: Texts) -> str:
    if point.change is None:
        return ""
    if not point.change.shown:
        return "; " + t("not shown to differ from the wave before")
    sign = "+" if point.change.points > 0 else "−"
    return "; " + t("{points} points since the wave before", points=sign + t.number(abs(point.change.points), 2))


def _ranking(one: Ranking, t: Texts) -> Iterator[str]:
    yield one.name.to(t.language)
    for row in one.units:
        if row.suppressed:
            yield f"  –  {row.unit}: {t(row.suppressed)}"
            continue
        place = t("for reference") if row.best is None else place_range(row.best, row.worst or row.best)
        figure = _figure(row.value, row.interval, one.unit, t)
        yield f"  {place}  {row.unit}: {figure}; n = {t.number(row.base or 0)}"


def place_range(best: int, worst: int) -> str:
    """``3`` or ``2–4``."""
    return str(best) if best == worst else f"{best}–{worst}"


def _weeks(one: Monitoring, t: Texts) -> Iterator[str]:
    yield one.name.to(t.language)
    if one.suppressed:
        yield "  " + t(one.suppressed)
    for point in one.points:
        limits = f"{t.number(point.low or 0, 1)} – {t.percent(point.high)}"
        mark = "  !" if point.outside else ""
        yield f"  {point.label}: {t.percent(point.share)} ({limits}); n = {t.number(point.base or 0)}{mark}"


def _figure(value: float | None, interval: Interval | None, unit: str, t: Texts) -> str:
    if value is None:
        return "–"
    end = "%" if unit == "percent" else ""
    around = f" ({t.number(interval[0], 2)} – {t.number(interval[1], 2)}{end})" if interval else ""
    return f"{t.number(value, 2)}{end}{around}"
