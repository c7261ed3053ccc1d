"""Part II of the official report: overall, by factor, by content, by group, choices, comments, waves."""

from __future__ import annotations

from collections.abc import Sequence

from survey.charts.grid import STAR
from survey.charts.index_dots import rule_name, value_text
from survey.charts.lettering import line
from survey.charts.scale_columns import satisfied_name
from survey.charts.theme import SMALL_BASE
from survey.definition.choices import ChoiceList
from survey.definition.variables import Form
from survey.reports import findings
from survey.reports.document import Block, Column, Heading, Paragraph, Points, Row, Table
from survey.reports.facts import without_comments
from survey.reports.official_charts import groups_chart, index_chart, levels_chart, trend_chart
from survey.reports.official_parts import (
    Writing,
    base_text,
    breakdowns,
    choice_columns,
    choice_rows,
    interval_cell,
    main_questions,
    scale_groups,
    several,
    who,
)
from survey.statistics.results import Breakdown, Difference, Figures, QuestionResult, Score, SeriesResult
from survey.texts import Texts

MOST_LEVELS = 7
"""A scale with more levels shows its shares in a chart and its mean in the table."""


def results(writing: Writing) -> list[Block]:
    """The whole part."""
    t = writing.t
    return [
        Heading(1, t("II. RESULTS")),
        Heading(2, t("1. Overall")),
        *overall(writing),
        Heading(2, t("2. By factor")),
        *_factors(writing),
        Heading(2, t("3. By content")),
        *_contents(writing),
        Heading(2, t("4. By group, field, channel")),
        *_groups(writing),
        Heading(2, t("5. Perceptions and expectations")),
        *_choices(writing),
        Heading(2, t("6. Comments")),
        *_comments(writing),
        Heading(2, t("7. Against earlier waves")),
        *waves(writing),
    ]


def overall(writing: Writing) -> list[Block]:
    """The general question in a sentence, then every index with its rule, interval and base."""
    t, result = writing.t, writing.result
    blocks: list[Block] = []
    headline = result.question(result.headline) if result.headline else None
    if headline is not None:
        figures = headline.figures
        said = [findings.share_sentence(headline, t)]
        said.append(findings.majority_sentence(figures, t))
        if headline.key in result.targets:
            target = result.targets[headline.key]
            share, interval = figures.satisfied_percent, figures.interval
            said.append(findings.target_sentence(share, interval, figures.base, target, "%", 1, t))
        said.append(findings.base_sentence(figures.base, t))
        blocks.append(Paragraph(findings.lead(writing.label(headline)) + " ".join(filter(None, said)), "finding"))
    rows = []
    for index in result.indexes:
        name, rule = line(index.name.to(writing.language)), rule_name(index.rule, t)
        if index.value is None:
            rows.append(Row((name, rule), words=t(index.suppressed) if index.suppressed else "–"))
            continue
        bounds = "–".join(value_text(bound, index, t) for bound in index.interval) if index.interval else "–"
        base = t.number(index.base) + (STAR if index.base < SMALL_BASE else "")
        cells = (name, rule, value_text(index.value, index, t), bounds, base)
        rows.append(Row(cells, strong=True))
    rows += [_score_row(one, writing) for one in result.scores]
    if rows:
        columns = (
            Column(t("Index"), 6),
            Column(t("Rule"), 4),
            Column(t("Value"), 2.2, "right"),
            Column(t("95% CI"), 3.6, "right"),
            Column(t("People"), 1.8, "right"),
        )
        blocks.append(writing.table(t("Indexes"), columns, rows))
        if any(one.value is not None and one.base < SMALL_BASE for one in result.indexes):
            blocks.append(_for_reference(t))
    told = []
    for index in result.indexes:
        if index.key in result.targets:
            unit = "%" if index.unit == "percent" else ""
            target = result.targets[index.key]
            said_of = findings.target_sentence(index.value, index.interval, index.base, target, unit, 2, t)
            told += [f"{line(index.name.to(writing.language))}: {said_of}"] if said_of else []
        told += [line(note) for note in (index.note.to(writing.language),) if note and index.value is not None]
    return [*blocks, *([Points(tuple(told))] if told else [])]


def _score_row(score: Score, writing: Writing) -> Row:
    t = writing.t
    names = {
        "nps": t("Net promoter score (share of 9–10 minus share of 0–6)"),
        "csat": t("CSAT (share of the two top levels of five)"),
        "ces": t("CES (share of 5 and more of seven)"),
    }
    label = writing.label(writing.result.question(score.key))
    if score.value is None:
        return Row((label, names[score.measure]), words=t(score.suppressed) if score.suppressed else "–")
    unit = "" if score.measure == "nps" else "%"
    bounds = "–".join(t.number(bound, 2) + unit for bound in score.interval) if score.interval else "–"
    base = "–" if score.base is None else t.number(score.base)
    return Row((label, names[score.measure], t.number(score.value, 2) + unit, bounds, base))


def _factors(writing: Writing) -> list[Block]:
    t, blocks = writing.t, list[Block]()
    for index in writing.result.indexes:
        if len(index.factors) < 2 or index.value is None:
            continue
        chart = index_chart(writing, index)
        blocks += [chart] if chart else []
        if index.left_out:
            names = [writing.label(writing.result.question(key)) for key in index.left_out]
            left = t("Left out for want of answers: {items}.", items="; ".join(names))
            blocks.append(Paragraph(left, "note"))
    return blocks or [Paragraph(t("No index of this survey has several factors with enough answers."))]


def _contents(writing: Writing) -> list[Block]:
    """The main table of each list of levels, section by section, and its chart."""
    t, blocks = writing.t, list[Block]()
    titles = {one.key: line(one.title.to(writing.language)) for one in writing.result.sections}
    number = 0
    by_list: dict[ChoiceList, list[tuple[str, tuple[QuestionResult, ...]]]] = {}
    for section, choices, questions in scale_groups(writing.result):
        by_list.setdefault(choices, []).append((section, questions))
    for choices, parts in by_list.items():
        rows: list[Row] = []
        for section, questions in parts:
            rows.append(Row((titles.get(section, ""),), strong=True, across=True))
            for question in questions:
                number += 1
                rows.append(_content_row(number, question, choices, writing))
        columns = _content_columns(choices, writing)
        blocks.append(writing.table(_content_caption(choices, writing), columns, rows, small=True))
        blocks += [Paragraph(one, "note") for one in _content_notes(choices, parts, writing)]
        for section, questions in parts:
            chart = levels_chart(writing, titles.get(section, ""), questions)
            blocks += [chart] if chart else []
    return blocks or [Paragraph(t("The questionnaire has no question on a scale."))]


def _content_caption(choices: ChoiceList, writing: Writing) -> str:
    if not choices.satisfied:
        return writing.t("Results by content")
    return writing.t(
        "Results by content (index: share “{levels}”)", levels=satisfied_name(choices, writing.t, writing.language)
    )


def _content_columns(choices: ChoiceList, writing: Writing) -> tuple[Column, ...]:
    t = writing.t
    levels = choices.levels if len(choices.levels) <= MOST_LEVELS else ()
    return (
        Column(t("Serial no."), 2, "center"),
        Column(t("Content"), 7.8),
        Column(t("Number of answers"), 2.6, "right"),
        *(Column(line(one.label.to(writing.language)), 2.7, "right") for one in levels),
        *((Column(t("Index (%)"), 2.4, "right"), Column(t("95% CI"), 3.8, "right")) if choices.satisfied else ()),
        *(() if levels else (Column(t("Mean"), 2.5, "right"),)),
        Column(t("Change (points)"), 2.6, "right"),
    )


def _content_row(number: int, question: QuestionResult, choices: ChoiceList, writing: Writing) -> Row:
    t, figures = writing.t, question.figures
    label = writing.label(question)
    if figures.suppressed or not figures.base:
        return Row(
            (t.number(number), label), words=t(figures.suppressed) if figures.suppressed else t("No answers yet.")
        )
    cells = [t.number(number), label, base_text(figures, t)]
    if len(choices.levels) <= MOST_LEVELS:
        cells += [
            "–"
            if figures.counts is None
            else f"{t.number(figures.counts[one.code])}\n{t.percent(figures.percent(one.code))}"
            for one in choices.levels
        ]
    if choices.satisfied:
        share = "–" if figures.satisfied_percent is None else t.number(figures.satisfied_percent, 1)
        cells += [share, interval_cell(figures, t)]
    if len(choices.levels) > MOST_LEVELS:
        cells.append("–" if figures.mean is None else t.number(figures.mean, 2))
    cells.append(_change(question.key, writing))
    return Row(tuple(cells))


def _content_notes(
    choices: ChoiceList, parts: Sequence[tuple[str, tuple[QuestionResult, ...]]], writing: Writing
) -> list[str]:
    t = writing.t
    questions = [one for _, some in parts for one in some]
    notes = [
        t(
            "Each level: count and share of those who answered. Change: against the wave before; –: none to compare "
            "with."
        )
    ]
    if any(0 < (one.figures.base or 0) < SMALL_BASE for one in questions):
        notes.append(_for_reference(t).text)
    if any(_change(one.key, writing) == UNSHOWN for one in questions):
        notes.append(t("≈: not enough grounds to conclude that it changed."))
    return notes


def _for_reference(t: Texts) -> Paragraph:
    return Paragraph(t("* Fewer than {least} answers: for reference only.", least=SMALL_BASE), "note")


UNSHOWN = "≈"


def _change(key: str, writing: Writing) -> str:
    change = last_change(writing.result.series, key, writing.result.slug)
    if change is None:
        return "–"
    if not change.shown:
        return UNSHOWN
    return ("+" if change.points > 0 else "−") + writing.t.number(abs(change.points), 1)


def last_change(series: Sequence[SeriesResult], key: str, survey: str) -> Difference | None:
    """The change of a measure since the wave before this survey's; None where the two are not comparable."""
    for one in series:
        if one.measure == key:
            return next((point.change for point in one.points if point.survey == survey and not point.breaks), None)
    return None


def _groups(writing: Writing) -> list[Block]:
    t, blocks, left_out = writing.t, list[Block](), dict[str, list[str]]()
    for by, found in breakdowns(writing.result):
        name = findings.grouped_by(writing.result, by, t)
        reasons = {one.suppressed for one in found}
        if len(reasons) == 1 and all(reasons):
            left_out.setdefault(found[0].suppressed, []).append(name)
            continue
        blocks.append(Heading(3, t("By {grouping}", grouping=name)))
        for place, one in enumerate(found):
            blocks += _group(writing, one, drawn=place == 0)
    # A reason is told once for all breakdowns it is true of.
    if left_out:
        blocks.append(Heading(3, t("Not broken down")))
    for reason, names in left_out.items():
        said = t("This concerns the breakdown by {names}.", names=", ".join(names))
        blocks.append(Paragraph(f"{t(reason)} {said}"))
    return blocks or [Paragraph(t("The results are not broken down by groups."))]


def _group(writing: Writing, breakdown: Breakdown, *, drawn: bool) -> list[Block]:
    t, question = writing.t, writing.result.question(breakdown.key)
    sentences = findings.breakdown_sentences(writing.result, breakdown, t)
    label = writing.label(question)
    if not breakdown.groups:
        return [Paragraph(findings.lead(label) + " ".join(sentences))]
    grouping = findings.grouped_by(writing.result, breakdown.by, t)
    caption = t("{question} (by {grouping})", question=label.rstrip(" :"), grouping=grouping)
    columns = (
        Column(t("Group"), 8),
        Column(t("People"), 2, "right"),
        Column(t("Satisfied"), 2, "right"),
        Column(t("Share (%)"), 2.2, "right"),
        Column(t("95% CI"), 3, "right"),
    )
    rows = [_group_row(line(one.label.to(writing.language)), one.figures, t) for one in breakdown.groups]
    rows.append(_group_row(t("Everybody"), question.figures, t, strong=True))
    table = writing.table(caption, columns, rows)
    chart = groups_chart(writing, caption, breakdown) if drawn and len(breakdown.groups) > 2 else None
    return [table, Points(tuple(sentences)), *([chart] if chart else [])]


def _group_row(label: str, figures: Figures, t: Texts, *, strong: bool = False) -> Row:
    if figures.suppressed:
        return Row((label,), strong, words=t(figures.suppressed))
    share = "–" if figures.satisfied_percent is None else t.number(figures.satisfied_percent, 1)
    satisfied = "–" if figures.satisfied is None else t.number(figures.satisfied)
    return Row((label, base_text(figures, t), satisfied, share, interval_cell(figures, t)), strong)


def _choices(writing: Writing) -> list[Block]:
    t, known = writing.t, {one.key for one in who(writing.result)}
    asked = [
        one
        for one in writing.result.questions
        if one.form in (Form.SINGLE, Form.MULTIPLE) and one.choices is not None and one.key not in known
    ]
    if not asked:
        return [Paragraph(t("The questionnaire has no other closed questions."))]
    rows = [row for question in asked for row in choice_rows(question, writing)]
    blocks: list[Block] = [writing.table(t("Perceptions and expectations"), choice_columns(t), rows)]
    return [*blocks, *several(asked, t)]


def _comments(writing: Writing) -> list[Block]:
    t, heard, quotes = writing.t, writing.result.comments, writing.beside.quotes
    asked = [one for one in writing.result.questions if one.form is Form.TEXT]
    if not asked:
        return [Paragraph(t("The questionnaire asks for no comments."))]
    if heard is None:
        return [Paragraph(without_comments(t))]
    blocks: list[Block] = []
    if heard.people is not None:
        blocks.append(Paragraph(t("{count} people wrote something.", count=t.number(heard.people))))
    if heard.themes:
        columns = Column(t("Theme"), 10), Column(t("People"), 2, "right")
        rows = [Row((line(t(name)), t.number(people))) for name, people in heard.themes]
        blocks.append(writing.table(t("Comments by theme"), columns, rows))
    if quotes:
        blocks.append(Paragraph(t("Quoted without identities:")))
        blocks.append(Points(tuple(f"“{line(one)}”" for one in quotes)))
    if blocks and writing.result.cut.filters:
        blocks.append(Paragraph(t("The comments are those of the whole survey, not of the selection."), "note"))
    return blocks or [Paragraph(t("Comments are read apart and are not counted here."))]


def waves(writing: Writing) -> list[Block]:
    """The indexes and general questions over the waves: a chart, a table, and the change in a sentence."""
    t, result = writing.t, writing.result
    keys = {one.key for one in result.indexes} | {one.key for one in main_questions(result)}
    blocks = list[Block]()
    for series in result.series:
        if series.measure not in keys or len(series.points) < 2:
            continue
        blocks += [trend_chart(writing, series), wave_table(writing, series)]
        said = findings.wave_sentences(series, result.slug, t)
        blocks += [Points(tuple(said))] if said else []
    return blocks or [Paragraph(t("There is no earlier wave to compare with."))]


def wave_table(writing: Writing, series: SeriesResult) -> Table:
    """The figures behind a trend."""
    t, decimals = writing.t, 2
    unit = "%" if series.unit == "percent" else ""
    columns = (
        Column(t("Wave"), 6),
        Column(t("Value"), 2.2, "right"),
        Column(t("95% CI"), 3.6, "right"),
        Column(t("People"), 2, "right"),
        Column(t("Not comparable with the wave before, because"), 5),
    )
    rows = []
    for point in series.points:
        name = line(point.wave) or t.day(point.on)
        if point.value is None:
            rows.append(Row((name,), words=t(point.suppressed) if point.suppressed else "–"))
            continue
        bounds = "–".join(t.number(one, decimals) + unit for one in point.interval) if point.interval else "–"
        base = "–" if point.base is None else t.number(point.base)
        rows.append(Row((name, t.number(point.value, decimals) + unit, bounds, base, line(t(point.breaks)))))
    return writing.table(line(series.name.to(writing.language)), columns, rows)


def item_sentences(writing: Writing) -> list[str]:
    """Which contents stand out, told apart by the meaning of their levels."""
    general = {one.key for one in main_questions(writing.result)}
    by_levels: dict[tuple[str, ...], list[QuestionResult]] = {}
    for _, choices, questions in scale_groups(writing.result):
        if choices.satisfied:
            codes = tuple(choices.satisfied)
            by_levels.setdefault((choices.name, *codes), []).extend(one for one in questions if one.key not in general)
    told: list[tuple[str, list[str]]] = []
    for found in by_levels.values():
        items = findings.items_of(found, writing.t)
        if len(found) > 1:
            levels = found[0].choices
            named = satisfied_name(levels, writing.t, writing.language) if levels else ""
            told.append((named, findings.items_sentences(items, writing.t)))
    said = [sentences for _, sentences in told]
    # What is true of every list of levels is said once.
    if all(one == said[0] for one in said):
        return said[0] if said else []
    return [
        writing.t("Share “{levels}”: {sentence}", levels=named, sentence=one)
        for named, sentences in told
        for one in sentences
    ]
