"""Part I of the official report: basis, scope, how answers were collected, how figures are computed, who answered."""

from __future__ import annotations

from survey.charts.lettering import line
from survey.reports.document import Block, Column, Heading, Paragraph, Points, Row
from survey.reports.facts import facts
from survey.reports.official_charts import funnel_chart
from survey.reports.official_parts import Writing, choice_columns, choice_rows, several, who
from survey.statistics.results import Channel
from survey.texts import Texts


def general(writing: Writing) -> list[Block]:
    """The whole part."""
    t, result = writing.t, writing.result
    office = result.office.to(writing.language) or t("the office")
    return [
        Heading(1, t("I. GENERAL")),
        Heading(2, t("1. Basis and purpose")),
        Paragraph(t("Basis: ……………………………………………… (the office names the document here).")),
        Paragraph(
            t(
                "Purpose: {office} asked organisations and citizens in the survey “{title}” how satisfied they are, in "
                "order to find out what to keep and what to improve.",
                office=office,
                title=line(result.title.to(writing.language)),
            )
        ),
        Heading(2, t("2. Subjects, scope, time")),
        Points(tuple(f"{name}: {value}." for name, value in _scope(writing))),
        Heading(2, t("3. Method")),
        *_channels(writing),
        *_exclusions(writing),
        Points(tuple(method_sentences(writing))),
        Heading(2, t("4. Who answered")),
        *_people(writing),
    ]


def method_sentences(writing: Writing) -> list[str]:
    """The rules of calculation, rounding and suppression, and what every reader of an interval must know."""
    t, result = writing.t, writing.result
    out = [
        t(
            "The index of a content is 100 × (answers at the satisfied levels) / (answers at all levels). The neutral "
            "level stays in the denominator; blanks and “not applicable” do not."
        ),
        interval_rule(writing),
        *(t(one) for one in result.remarks),
        t(
            "Numbers are rounded half up: shares to one decimal, indexes to two. Shares may therefore not add up to "
            "exactly 100%."
        ),
        t(
            "Groups of fewer than 10 people are not shown on their own: they are counted together, or the breakdown is "
            "left out whole. Groups of fewer than 30 people show only the satisfied share and are for reference only."
        ),
    ]
    if any(one.differences for one in result.comparisons):
        out.append(
            t(
                "Groups are said to differ only if a test at the 5% level says so after correction for all comparisons "
                "made (Holm)."
            )
        )
    return out


def interval_rule(writing: Writing) -> str:
    """How intervals of shares are computed."""
    t, population = writing.t, writing.result.population
    if population is None:
        return t("Intervals of shares are 95% Wilson intervals.")
    return t(
        "Intervals of shares are 95% Wilson intervals, corrected for the finite number of people concerned "
        "(N = {population}).",
        population=t.number(population),
    )


def _scope(writing: Writing) -> list[tuple[str, str]]:
    t, result = writing.t, writing.result
    known = [one for one in facts(result, t, writing.language) if one[0] != t("Contact")]
    channels = ", ".join(dict.fromkeys(line(one.name) for one in result.channels if one.name))
    asked = t("organisations and citizens who answered through: {channels}", channels=channels)
    return [
        (t("Subjects"), asked if channels else t("organisations and citizens who answered")),
        *known,
        (t("Figures as of"), t.day(result.cut.as_of)),
    ]


def _channels(writing: Writing) -> list[Block]:
    """The participation funnel by channel, with its total."""
    t, channels = writing.t, writing.result.channels
    if not channels:
        return []
    columns = (
        Column(t("Channel"), 5),
        Column(t("Handed out"), 2.2, "right"),
        Column(t("Opened"), 2, "right"),
        Column(t("Started"), 2.2, "right"),
        Column(t("Completed"), 2.8, "right"),
        Column(t("Left out"), 2, "right"),
        Column(t("Withdrawn"), 2.8, "right"),
    )
    rows = [Row((line(one.name), *_counts(one, t))) for one in channels]
    if len(channels) > 1:
        given = [one.handed_out for one in channels if one.handed_out is not None]
        whole = Channel(
            code="",
            name="",
            kind="",
            handed_out=sum(given) if len(given) == len(channels) else None,
            opened=sum(one.opened for one in channels),
            started=sum(one.started for one in channels),
            completed=sum(one.completed for one in channels),
            flagged=sum(one.flagged for one in channels),
            excluded=sum(one.excluded for one in channels),
            withdrawn=sum(one.withdrawn for one in channels),
        )
        rows.append(Row((t("Together"), *_counts(whole, t)), strong=True))
    chart = funnel_chart(writing)
    return [
        writing.table(t("How forms were given out and came back"), columns, rows),
        Paragraph(
            t(
                "Handed out: copies known to have been given out; –: not counted. Opened and started are counts of "
                "events. Without a list of the people asked this is a funnel, not a response rate."
            ),
            "note",
        ),
        *([chart] if chart else []),
    ]


def _counts(one: Channel, t: Texts) -> tuple[str, ...]:
    """The cells of a channel. Answers that were keyed in or imported come without a visit, which nobody counted."""
    uncounted = not one.opened and not one.started and one.completed
    told = ["–" if uncounted else t.number(n) for n in (one.opened, one.started)]
    handed = "–" if one.handed_out is None else t.number(one.handed_out)
    return handed, *told, *(t.number(n) for n in (one.completed, one.excluded, one.withdrawn))


def _exclusions(writing: Writing) -> list[Block]:
    t = writing.t
    told = tuple(
        t("{count} answers were left out: {reason}", count=t.number(number), reason=line(reason))
        for reason, number in writing.result.exclusions
    )
    return [Points(told)] if told else [Paragraph(t("No answer was left out."))]


def _people(writing: Writing) -> list[Block]:
    t, asked = writing.t, who(writing.result)
    if not asked:
        return [Paragraph(t("The questionnaire does not ask who answers."))]
    rows = [row for question in asked for row in choice_rows(question, writing)]
    return [writing.table(t("Who answered"), choice_columns(t), rows), *several(asked, t)]
