"""The annexes of the official report: the form as asked, the answers outside the scales, formulas, and identity."""

from __future__ import annotations

from survey.charts.index_dots import rule_name, value_text
from survey.charts.lettering import line
from survey.definition.variables import Form
from survey.reports.document import Block, Column, Heading, Paragraph, Points, Row
from survey.reports.official_parts import Writing
from survey.statistics.results import NO_ANSWER, NOT_ASKED, Figures
from survey.texts import Texts


def annexes(writing: Writing) -> list[Block]:
    """All four."""
    t = writing.t
    return [
        Heading(1, t("ANNEX 1. THE QUESTIONS AS ASKED")),
        *_form(writing),
        Heading(1, t("ANNEX 2. ANSWERS THAT ARE NOT IN THE BASE")),
        *_missing(writing),
        Heading(1, t("ANNEX 3. FORMULAS")),
        *_formulas(writing),
        Heading(1, t("ANNEX 4. IDENTITY OF THE FIGURES")),
        Points(tuple(identity(writing))),
    ]


def identity(writing: Writing) -> list[str]:
    """Which cut of which data these figures are."""
    t, cut, beside = writing.t, writing.result.cut, writing.beside
    out = []
    if beside.cut_number is not None:
        out.append(
            t("Data cut number {number} of the survey “{slug}”.", number=beside.cut_number, slug=writing.result.slug)
        )
    out.append(
        t(
            "Figures as of {day}, through release {release}, questionnaire version {version}.",
            day=t.day(cut.as_of),
            release=cut.release,
            version=writing.result.version,
        )
    )
    out.append(t("Hash of the data cut (SHA-256): {hash}.", hash=f"\n{cut.hash}"))
    if beside.cut_digest:
        out.append(t("Hash of the frozen figures (SHA-256): {hash}.", hash=f"\n{beside.cut_digest}"))
    return out


def _form(writing: Writing) -> list[Block]:
    t, result = writing.t, writing.result
    rows: list[Row] = []
    for section in result.sections:
        rows.append(Row((line(section.title.to(writing.language)),), strong=True, across=True))
        for question in (one for one in result.questions if one.section == section.key):
            if question.choices is None:
                offered = t("free text")
            else:
                offered = "; ".join(line(one.label.to(writing.language)) for one in question.choices.choices)
                offered += f" ({t('several answers')})" if question.form is Form.MULTIPLE else ""
            rows.append(Row((question.key, writing.label(question), offered)))
    columns = Column(t("Question key"), 2), Column(t("Question"), 8), Column(t("Answers offered"), 7)
    return [writing.table(t("Questionnaire, version {version}", version=result.version), columns, rows, small=True)]


def _missing(writing: Writing) -> list[Block]:
    t = writing.t
    columns = (
        Column(t("Question key"), 2),
        Column(t("Question"), 9),
        Column(t("In the base"), 2.2, "right"),
        Column(t("Outside the scale"), 2.4, "right"),
        Column(t("Left blank"), 2.2, "right"),
        Column(t("Not asked"), 2.2, "right"),
    )
    rows = []
    for question in writing.result.questions:
        if question.choices is None:
            continue
        told, figures = (question.key, writing.label(question)), question.figures
        if figures.suppressed or figures.missing is None:
            rows.append(Row(told, words=t(figures.suppressed) if figures.suppressed else "–"))
        else:
            rows.append(Row((*told, *_outside(figures, t))))
    table = writing.table(t("Item non-response"), columns, rows, small=True)
    return [table, Paragraph(t("Outside the scale: answers such as “not applicable” and “don't know”."), "note")]


def _outside(figures: Figures, t: Texts) -> tuple[str, ...]:
    missing = figures.missing or {}
    outside = sum(count for code, count in missing.items() if code not in (NO_ANSWER, NOT_ASKED))
    numbers = (figures.base or 0, outside, missing.get(NO_ANSWER, 0), missing.get(NOT_ASKED, 0))
    return tuple(t.number(one) for one in numbers)


def _formulas(writing: Writing) -> list[Block]:
    t = writing.t
    said = [
        t(
            "Index of a content: 100 × (n4 + n5) / (n1 + n2 + n3 + n4 + n5) on five levels of which the two top ones "
            "count."
        ),
        t(
            "Wilson interval of a share p of n: (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n) with z = 1.96; "
            "with a known population N, n is replaced by n(N − 1)/(N − n)."
        ),
        t("An index over several contents: interval by respondent, since the answers of one person go together."),
    ]
    blocks: list[Block] = [Points(tuple(said))]
    rows = [
        Row(
            (line(index.name.to(writing.language)), rule_name(rule, t), value_text(value, index, t)), rule is index.rule
        )
        for index in writing.result.indexes
        for rule, value in index.values.items()
    ]
    if rows:
        columns = Column(t("Index"), 7), Column(t("Rule"), 5), Column(t("Value"), 2.5, "right")
        blocks.append(writing.table(t("The same data under every rule"), columns, rows))
        blocks.append(Paragraph(t("Bold: the rule used in this report."), "note"))
    return blocks
