"""``phieu result``: what is released, in figures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import click

from survey.cli.added import added, differences
from survey.cli.opening import as_json, opened, print_json
from survey.definition.indexes import Rule
from survey.definition.text import Text
from survey.services import selections
from survey.services.cuts import make_cut
from survey.services.results import open_raw, open_result
from survey.services.runtime import OPERATOR
from survey.statistics.document import to_json
from survey.statistics.results import (
    NO_ANSWER,
    NOT_ASKED,
    Breakdown,
    Figures,
    IndexResult,
    Interval,
    QuestionResult,
    SurveyResult,
)
from survey.texts import LANGUAGES, Texts, texts


@click.group()
def result() -> None:
    """Look at results."""


@result.command()
@click.argument("survey")
@click.option("--where", multiple=True, metavar="QUESTION=CODE", help="Only those who gave this answer (repeatable).")
@click.option("--by", metavar="QUESTION", help="Also by the groups of this question, as a published table shows them.")
@click.option("--rule", type=click.Choice([str(rule) for rule in Rule]), help="Rule of the indexes; default their own.")
@click.option("--raw", is_flag=True, help="Everything stored, unreleased answers included, nothing hidden; audited.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language; default the survey's first one.")
@as_json
def show(
    survey: str,
    where: tuple[str, ...],
    by: str | None,
    rule: str | None,
    raw: bool,
    language: str | None,
    as_json: bool,
) -> None:
    """Show the results of SURVEY."""
    with opened() as runtime:
        found = (open_raw if raw else partial(open_result, deeper=True))(
            runtime, OPERATOR, survey, filters=selections.read(where), by=by, rule=Rule(rule) if rule else None
        )
    spoken = language or next((one for one in found.languages if one in LANGUAGES), LANGUAGES[0])
    if as_json:
        print_json(to_json(found, spoken))
    else:
        click.echo("\n".join(_lines(found, texts(spoken))))


@result.command()
@click.argument("survey")
@click.option("--name", default="", help="What the cut is called.")
@click.option("--where", multiple=True, metavar="QUESTION=CODE", help="Only those who gave this answer (repeatable).")
@click.option("--by", metavar="QUESTION", help="Also by the groups of this question.")
@click.option(
    "--further",
    multiple=True,
    metavar="QUESTION",
    help="Also by these, for the report (repeatable); default: collector and who answers.",
)
@as_json
def cut(
    survey: str, name: str, where: tuple[str, ...], by: str | None, further: tuple[str, ...], as_json: bool
) -> None:
    """Freeze the results of SURVEY, so that reports made from them always show the same figures."""
    with opened() as runtime:
        made = make_cut(
            runtime, OPERATOR, survey, name, filters=selections.read(where), by=by, further=further if further else None
        )
    if as_json:
        print_json(made)
        return
    t = texts(LANGUAGES[0])
    told = t(
        "Data cut {number} frozen: figures as of {day}, hash {hash}.",
        number=made.number,
        day=t.day(made.as_of),
        hash=made.hash[:12],
    )
    click.echo(told)


def _lines(found: SurveyResult, t: Texts) -> Iterator[str]:
    yield found.title.to(t.language)
    yield t(
        "Figures as of {day}; answers counted: {count}; data cut {hash}.",
        day=t.day(found.cut.as_of),
        count=t.number(found.released),
        hash=found.cut.hash[:12],
    )
    yield from (t(remark) for remark in found.remarks)
    for index in found.indexes:
        yield from ("", *_index(index, t))
    yield from added(found, t)
    breakdowns = {one.key: one for one in found.breakdowns}
    compared = {one.key: one for one in found.comparisons if one.by == found.by}
    for question in found.questions:
        yield from ("", f"{question.key}  {question.label.to(t.language)}", *_question(question, t))
        if question.key in breakdowns:
            yield from _groups(breakdowns[question.key], t)
        if question.key in compared:
            yield from (f"      {line}" for line in differences(compared[question.key], t))


def _index(index: IndexResult, t: Texts) -> Iterator[str]:
    yield f"{index.name.to(t.language)} ({index.rule}): " + _measure(index.value, index.interval, index.unit, t)
    if index.suppressed:
        yield f"  {t(index.suppressed)}"
    for factor in index.factors:
        yield f"  {factor.name.to(t.language)}: " + _measure(factor.value, None, index.unit, t)
    if index.left_out and not index.suppressed:
        yield "  " + t("Left out for want of answers: {items}.", items=", ".join(index.left_out))


def _question(question: QuestionResult, t: Texts) -> Iterator[str]:
    figures = question.figures
    yield f"  {_summary(figures, t)}"
    if figures.counts is None or question.choices is None:
        return
    labels: dict[str, Text] = {choice.code: choice.label for choice in question.choices.choices}
    width = max(map(len, labels))
    for code, count in figures.counts.items():
        percent = t.percent(figures.percent(code))
        yield f"  {code:>{width}}  {t.number(count):>9}  {percent:>7}  {labels[code].to(t.language)}"
    reasons = {NO_ANSWER: t("left blank"), NOT_ASKED: t("not asked")}
    for code, count in (figures.missing or {}).items():
        if count:
            label = reasons.get(code) or labels[code].to(t.language)
            yield f"  {'' if code in reasons else code:>{width}}  {t.number(count):>9}  {'–':>7}  {label}"


def _groups(breakdown: Breakdown, t: Texts) -> Iterator[str]:
    yield "  " + (t(breakdown.suppressed) if breakdown.suppressed else t("By {question}:", question=breakdown.by))
    for group in breakdown.groups:
        yield f"    {group.label.to(t.language)} ({', '.join(group.codes)}): {_summary(group.figures, t)}"


def _summary(figures: Figures, t: Texts) -> str:
    if figures.base is None:
        return t(figures.suppressed)
    parts = [f"n = {t.number(figures.base)}"]
    if figures.satisfied_percent is not None:
        share = _measure(figures.satisfied_percent, figures.interval, "percent", t, 1)
        parts.append(t("satisfied {share}", share=share))
    if figures.mean is not None:
        parts.append(t("mean {mean}", mean=t.number(figures.mean, 2)))
    return "; ".join(parts)


def _measure(value: float | None, interval: Interval | None, unit: str, t: Texts, decimals: int = 2) -> str:
    def written(number: float) -> str:
        return t.percent(number, decimals) if unit == "percent" else t.number(number, decimals)

    if value is None:
        return "–"
    return written(value) + (f" ({written(interval[0])} – {written(interval[1])})" if interval else "")
