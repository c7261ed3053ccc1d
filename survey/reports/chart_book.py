"""The chart book: every chart of a result with the table behind it, as an A4 PDF whose text can be searched and copied.

Stage: reports. Says first what the figures describe and how they were rounded, last nothing new. The same result gives
the same bytes. All wording is decided here; ``templates/documents/chart_book.typ`` only sets it.
"""

from __future__ import annotations

from typing import Any

from survey.charts import frame, plan
from survey.charts.comparison_dots import grouping_name, subtitle
from survey.charts.diverging_bars import Order, parts
from survey.charts.index_dots import rule_name
from survey.charts.lettering import line
from survey.charts.scale_columns import absent, interval, satisfied_name
from survey.charts.theme import SMALL_BASE
from survey.reports.chart_tables import table
from survey.statistics.results import Breakdown, IndexResult, QuestionResult, SurveyResult
from survey.texts import Texts
from survey.typesetting import pdf

TALLEST = 560.0
"""Points of page height a picture may take, so that its heading stays with it."""


def chart_book(result: SurveyResult, t: Texts, language: str, *, order: Order = Order.ASKED) -> bytes:
    """The book as tagged PDF (PDF/UA-1). Raises what ``survey.typesetting.pdf`` raises."""
    images: dict[str, bytes] = {}
    chapters: list[dict[str, Any]] = []
    data = {
        "language": language,
        "superior": result.superior.to(language),
        "office": result.office.to(language),
        "kind": t("Chart book of survey results"),
        "title": result.title.to(language),
        "as_of": t("Figures as of {day}", day=t.long_day(result.cut.as_of)),
        "facts": _facts(result, t, language),
        "remarks": list(frame.remarks(result, t)),
        "reading_title": t("How to read the figures"),
        "reading": _reading(result, t),
        "foot": t("Data cut {hash}", hash=result.cut.hash[:12]),
        "last": t("Data cut in full: {hash}", hash=result.cut.hash),
        "headline": _headline(result, t, language, images),
        "chapters": chapters,
    }
    titles = {section.key: section.title.to(language) for section in result.sections}
    for chart in plan.charts(result):
        title = titles.get(chart.section) or t("Indexes")
        if not chapters or chapters[-1]["key"] != chart.section:
            chapters.append({"key": chart.section, "title": title, "charts": []})
        chapters[-1]["charts"].append(_entry(result, chart, t, language, order, images))
    return pdf("chart_book", data, images, standards=("ua-1",), created=result.cut.as_of)


def _entry(
    result: SurveyResult, chart: plan.Chart, t: Texts, language: str, order: Order, images: dict[str, bytes]
) -> dict[str, Any]:
    pictures = []
    for picture in plan.parts(result, chart, t, language, height=TALLEST, order=order):
        name = f"chart-{len(images) + 1}.svg"
        images[name] = picture.svg
        pictures.append({"name": name, "told": picture.told})
    return {
        "title": "" if isinstance(chart.subject, tuple) else chart.title(result, language),
        "about": _about(result, chart.subject, t, language),
        "pictures": pictures,
        "caption": t("Table: {title}", title=chart.title(result, language)),
        # The bars of choices carry their own counts, and below them base and missing.
        "table": None if isinstance(chart.subject, QuestionResult) else table(result, chart, t, language),
    }


def _about(result: SurveyResult, subject: plan.Subject, t: Texts, language: str) -> list[str]:
    if isinstance(subject, Breakdown):
        return [subtitle(result, subject, t, language)]
    if isinstance(subject, QuestionResult):
        return []
    if isinstance(subject, IndexResult):
        base = t("People with at least one scored item: {count}.", count=t.number(subject.base))
        source = t("Source: {source}", source=subject.source) if subject.source else ""
        rule = t("Rule: {rule}", rule=rule_name(subject.rule, t))
        missed = (
            t("Left out for want of answers: {items}.", items=", ".join(subject.left_out)) if subject.left_out else ""
        )
        return [one for one in (f"{rule}. {base}", missed, subject.note.to(language), source) if one]
    return [t("Share of answers at each level, in percent")]


def _headline(result: SurveyResult, t: Texts, language: str, images: dict[str, bytes]) -> dict[str, Any] | None:
    """The one general question, in large type; None when the survey names none with a share satisfied."""
    if result.headline is None:
        return None
    question = result.question(result.headline)
    choices, figures = question.choices, question.figures
    if choices is None or not choices.satisfied or absent(figures, t):
        return None
    picture = next(parts(result, [question], t, language, height=TALLEST))
    images["headline.svg"] = picture.svg
    range_ = interval(figures, t)
    return {
        "question": question.label.to(language),
        "share": t.percent(figures.satisfied_percent),
        "name": satisfied_name(choices, t, language),
        "detail": "; ".join(
            part
            for part in (
                t("95% confidence interval {range}%", range=range_) if range_ else "",
                t(
                    "{satisfied} of {base} people",
                    satisfied=t.number(figures.satisfied or 0),
                    base=t.number(figures.base or 0),
                ),
            )
            if part
        ),
        "told": picture.told,
    }


def _facts(result: SurveyResult, t: Texts, language: str) -> list[tuple[str, str]]:
    """Label and value of what the figures describe."""
    numbers = {status: t.number(n) for status, n in result.responses.items() if n}
    told = {
        "complete": t("complete answers: {count}", count=numbers.get("complete")),
        "partial": t("partial answers: {count}", count=numbers.get("partial")),
        "flagged": t("flagged answers: {count}", count=numbers.get("flagged")),
        "excluded": t("excluded answers: {count}", count=numbers.get("excluded")),
        "withdrawn": t("withdrawn answers: {count}", count=numbers.get("withdrawn")),
        "test": t("test answers: {count}", count=numbers.get("test")),
    }
    counted = t("{count} (through release {release})", count=t.number(result.released), release=result.cut.release)
    facts = [
        (t("Collection planned"), _days(result, t)),
        (t("Answers received"), ", ".join(told.get(status, status) for status in numbers) or t.number(0)),
        (t("Answers in these figures"), counted),
        (t("People concerned (N)"), "" if result.population is None else t.number(result.population)),
    ]
    for key, codes in result.cut.filters.items():
        names = [line(label.to(language)) for label in result.selected.get(key, ())] or codes
        facts.append((t("Only"), f"{grouping_name(result, key, t, language)}: {', '.join(names)}"))
    facts += [(t("Questionnaire version"), str(result.version)), (t("Contact"), result.contact)]
    return [fact for fact in facts if fact[1]]


def _days(result: SurveyResult, t: Texts) -> str:
    first, last = (day and t.day(day) for day in result.collecting)
    if first and last:
        return t("{first} to {last}", first=first, last=last)
    return t("from {day}", day=first) if first else t("until {day}", day=last) if last else ""


def _reading(result: SurveyResult, t: Texts) -> list[str]:
    sentences = [
        t(
            "Numbers are rounded half up: shares to one decimal, shares inside bars to whole percents, indexes to two "
            "decimals. Shares may therefore not add up to exactly 100%."
        ),
        t(
            "n is the number of people who gave an answer on the scale; answers outside it, blanks and questions not "
            "asked are counted apart and are not in n. The neutral level stays in n."
        ),
        t(
            "In the bars, unfavourable levels (hatched) run to the left of zero and favourable ones to the right; half "
            "of the neutral level lies on each side."
        ),
        t("Under {count} answers a bar is thin and its n has a star: for reference only.", count=SMALL_BASE),
    ]
    if any(question.figures.interval for question in result.questions):
        sentences.append(
            t("Intervals are 95% Wilson intervals, corrected for the finite number of people concerned (N).")
            if result.population is not None
            else t("Intervals are 95% Wilson intervals.")
        )
    return sentences
