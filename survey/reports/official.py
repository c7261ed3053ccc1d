"""The official report in the outline that reform teams hand in, from one ``SurveyResult``. Pure.

Its head follows Decree 30/2020/NĐ-CP; number, date, signature and seal stay blank, and it says that it is a draft.
The same result, language and words beside it give the same report.
"""

from __future__ import annotations

from survey.charts.index_dots import rule_name
from survey.charts.lettering import line
from survey.reports import findings
from survey.reports.document import (
    Beside,
    Block,
    Column,
    Heading,
    Letterhead,
    PageBreak,
    Paragraph,
    Points,
    Report,
    Row,
)
from survey.reports.facts import without_measures
from survey.reports.official_annexes import annexes, identity
from survey.reports.official_charts import index_chart
from survey.reports.official_general import general, interval_rule
from survey.reports.official_parts import Writing, breakdowns
from survey.reports.official_priorities import priorities
from survey.reports.official_results import item_sentences, overall, results, waves
from survey.statistics.results import SurveyResult
from survey.texts import Texts

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"

BLANK_MEASURES = 3
"""Rows left to fill in where no measure is noted."""

NOTHING_BESIDE = Beside()


def official_report(result: SurveyResult, t: Texts, beside: Beside = NOTHING_BESIDE) -> Report:
    """The whole report with its annexes."""
    writing = Writing(result, t, beside)
    blocks = [*general(writing), *results(writing), *_assessment(writing), *_measures(writing)]
    return _report(writing, tuple(blocks), (PageBreak(), *annexes(writing)), t("REPORT"))


def summary_report(result: SurveyResult, t: Texts, beside: Beside = NOTHING_BESIDE) -> Report:
    """The same on two pages: overall, what stands out, groups, waves, how to read it."""
    writing = Writing(result, t, beside)
    blocks: list[Block] = [Heading(1, t("1. Overall")), *overall(writing)]
    blocks += [Heading(1, t("2. What stands out")), Points(tuple(_findings(writing)))]
    # An index of a single factor has nothing to compare.
    for index in [one for one in result.indexes if len(one.factors) > 1][:1]:
        chart = index_chart(writing, index)
        blocks += [chart] if chart else []
    compared = [one for one in waves(writing) if isinstance(one, Points | Paragraph)]
    blocks += [Heading(1, t("3. Against earlier waves")), *compared]
    blocks += [
        Heading(1, t("4. How to read the figures")),
        Points((interval_rule(writing), *(t(one) for one in result.remarks))),
        Points(tuple(identity(writing))),
    ]
    return _report(writing, tuple(blocks), (), t("SUMMARY REPORT"))


def _report(writing: Writing, blocks: tuple[Block, ...], appended: tuple[Block, ...], kind: str) -> Report:
    t, result, language = writing.t, writing.result, writing.language
    title = line(result.title.to(language))
    subject = _subject(title, t)
    return Report(
        language=language,
        title=subject,
        head=Letterhead(
            superior=line(result.superior.to(language)),
            office=line(result.office.to(language)),
            nation=NATION if language == "vi" else t("SOCIALIST REPUBLIC OF VIET NAM"),
            motto=MOTTO if language == "vi" else t("Independence - Freedom - Happiness"),
            number=t("No.: ……… /BC-………"),
            place=t("……………, date …… month …… year ………"),
            draft=t("DRAFT"),
            kind=kind,
            subject=subject,
        ),
        blocks=blocks,
        annexes=appended,
        recipients=(t("- ………………………;"), t("- ………………………;"), t("- Filed: ………………")),
        signing=(t("HEAD OF THE OFFICE"), t("(signature, full name, seal)")),
        foot=t(
            "Data cut {hash}; figures as of {day}; {rounding}",
            hash=result.cut.hash[:12],
            day=t.day(result.cut.as_of),
            rounding=t("rounded half up"),
        ),
        created=result.cut.as_of,
    )


def _subject(title: str, t: Texts) -> str:
    """What the report is about. A Vietnamese title that names the form (“PHIẾU KHẢO SÁT …”) says “kết quả khảo sát …”
    instead."""
    form, _, rest = title.partition(" ")
    if t.language == "vi" and form.casefold() == "phiếu" and rest:
        return f"{'KẾT QUẢ' if title.isupper() else 'Kết quả'} {rest}"
    return t("Results of the survey: {title}", title=title)


def _findings(writing: Writing) -> list[str]:
    """Contents that stand out, groups that are shown to differ, and in one sentence those that are not."""
    t, result = writing.t, writing.result
    out, alike, untold = item_sentences(writing), [], []
    for by, found in breakdowns(result):
        name = findings.grouped_by(result, by, t)
        for one in found:
            label = writing.label(result.question(one.key))
            compared = next((c for c in result.comparisons if (c.key, c.by) == (one.key, one.by)), None)
            if one.suppressed or len(one.groups) < 2 or compared is None:
                untold.append(name)
            elif any(difference.shown for difference in compared.differences):
                said = findings.difference_sentences(one, compared, t)
                out.append(f"{findings.lead(label)}{' '.join(said)}")
            else:
                alike.append(name)
    if alike:
        names = ", ".join(dict.fromkeys(alike))
        out.append(t("There are not enough grounds to conclude that groups differ by {names}.", names=names))
    if untold:
        names = ", ".join(dict.fromkeys(untold))
        out.append(t("Groups are not compared by {names}: too few people, or one in several groups.", names=names))
    return out or [t("There is nothing to set against each other.")]


def _assessment(writing: Writing) -> list[Block]:
    """Part III: what the figures allow to conclude, and what they do not."""
    t, result = writing.t, writing.result
    said = [findings.index_sentence(one, rule_name(one.rule, t), t) for one in result.indexes]
    said += item_sentences(writing)
    said += _reliability(writing)
    small = findings.base_sentence(result.released, t)
    return [
        Heading(1, t("III. ASSESSMENT")),
        Paragraph(t("From the figures, within their intervals:")),
        Points(tuple(one for one in (*said, small) if one)),
        *priorities(writing),
        *(Paragraph(t(one)) for one in result.remarks),
        Paragraph(t("Assessment of the office: ………………………………………")),
    ]


def _reliability(writing: Writing) -> list[str]:
    """How well the items of a factor or index go together, all in one sentence."""
    t = writing.t
    told = [
        t(
            "“{name}” {alpha} (n = {people})",
            name=_reliable(one.index, one.factor, writing),
            alpha=t.number(one.alpha, 2),
            people=t.number(one.people or 0),
        ).replace(" = ", "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")
        for one in writing.result.reliability
        if one.alpha is not None
    ]
    if not told:
        return []
    return [
        t(
            "How well items go together (Cronbach's alpha, at most 1; if low, they measure several things): {values}.",
            values="; ".join(told),
        )
    ]


def _reliable(index: str, factor: str, writing: Writing) -> str:
    for one in writing.result.indexes:
        if one.key == index:
            named = next((part.name for part in one.factors if part.key == factor), one.name)
            return line(named.to(writing.language))
    return index


def _measures(writing: Writing) -> list[Block]:
    """Part IV: what is done, by whom, until when."""
    t = writing.t
    columns = (
        Column(t("Serial no."), 1.5, "center"),
        Column(t("What was heard"), 4.7),
        Column(t("Measure taken"), 5.5),
        Column(t("Lead unit"), 3.2),
        Column(t("Deadline"), 2.8, "center"),
    )
    rows = [
        Row(
            (
                t.number(number),
                line(one.heard),
                line(one.action),
                line(one.lead) or "………",
                t("done {day}", day=t.day(one.done_on)) if one.done_on else t.day(one.due_on) if one.due_on else "………",
            )
        )
        for number, one in enumerate(writing.result.measures or (), 1)
    ]
    blank = [Row((t.number(number), "", "", "", "")) for number in range(1, BLANK_MEASURES + 1)]
    blocks: list[Block] = [Heading(1, t("IV. MEASURES"))]
    if writing.result.measures is None:
        blocks.append(Paragraph(without_measures(t)))
    elif not rows:
        blocks.append(Paragraph(t("No measure has been noted yet; the office fills them in.")))
    return [*blocks, writing.table(t("Measures"), columns, rows or blank)]
