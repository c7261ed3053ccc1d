"""One scale question by groups: the share satisfied of each group as a dot with its interval, everybody below.

Stage: charts. Whether groups differ is for a test, not for the eye: a sentence says which are shown to. Groups of too
few answers are rings, groups that may not be shown are named with the reason. Computes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from survey.charts import frame, grid
from survey.charts.dots import Dot, draw_dots
from survey.charts.grid import STAR
from survey.charts.lettering import line
from survey.charts.render import Picture, svg
from survey.charts.scale_columns import absent, caution, satisfied_name, share_columns, small
from survey.charts.sheet import Sheet
from survey.statistics.results import Breakdown, Difference, Figures, GroupFigures, SurveyResult
from survey.texts import Texts

MOST_PAIRS = 3
"""Differences told one by one."""


def comparison(result: SurveyResult, breakdown: Breakdown, t: Texts, language: str) -> bytes:
    """SVG that stands alone. Raises ValueError for a question whose levels are not marked as satisfied."""
    sheet = Sheet(margin=True)
    draw(sheet, result, breakdown, t, language)
    frame.foot(sheet, result, t, language)
    return svg(sheet, title(result, breakdown, language), describe(result, breakdown, t, language))


def draw(sheet: Sheet, result: SurveyResult, breakdown: Breakdown, t: Texts, language: str) -> None:
    """Draws title and dots on a sheet that others may share."""
    frame.head(sheet, title(result, breakdown, language), subtitle(result, breakdown, t, language))
    _draw(sheet, result, breakdown, t, language)


def part(result: SurveyResult, breakdown: Breakdown, t: Texts, language: str) -> Picture:
    """The picture for a document with fonts and headings of its own. Raises ValueError as ``comparison``."""
    sheet = Sheet()
    _draw(sheet, result, breakdown, t, language)
    told = describe(result, breakdown, t, language)
    return Picture(svg(sheet, title(result, breakdown, language), told, alone=False), told)


def title(result: SurveyResult, breakdown: Breakdown, language: str) -> str:
    """The question compared."""
    return line(result.question(breakdown.key).label.to(language))


def subtitle(result: SurveyResult, breakdown: Breakdown, t: Texts, language: str) -> str:
    """By what it is compared."""
    return t("By: {grouping}", grouping=grouping_name(result, breakdown.by, t, language))


def grouping_name(result: SurveyResult, key: str, t: Texts, language: str) -> str:
    """What a variable that groups or filters is called."""
    technical = {
        "@collector": t("collector"),
        "@language": t("language of the answer"),
        "@version": t("version of the questionnaire"),
        "@month": t("month"),
        "@place": t("place"),
        "@unit": t("unit"),
        "@channel": t("kind of collector"),
        "@quarter": t("quarter"),
        "@year": t("year"),
        "@period": t("period"),
        "@status": t("kind of answer"),
    }
    return technical[key] if key in technical else line(result.question(key).label.to(language)).rstrip(" :")


def describe(result: SurveyResult, breakdown: Breakdown, t: Texts, language: str) -> str:
    """The chart in words, for those who cannot see it."""
    rows = ", ".join(_told(group, t, language) for group in breakdown.groups)
    own = title(result, breakdown, language)
    by = subtitle(result, breakdown, t, language)
    return line(f"{own} {by}. {rows or t(breakdown.suppressed)}")


def finding(result: SurveyResult, breakdown: Breakdown, t: Texts, language: str) -> str:
    """The share of each group, and which differences are shown."""
    said = " ".join(difference_sentences(result, breakdown, t, language))
    return (
        line(f"{describe(result, breakdown, t, language)}. {said}")
        if said
        else describe(result, breakdown, t, language)
    )


def difference_sentences(result: SurveyResult, breakdown: Breakdown, t: Texts, language: str) -> tuple[str, ...]:
    """Which pairs of groups are shown to differ, the widest apart first, and that the others are not. Nothing where the
    groups were not compared."""
    compared = next((one for one in result.comparisons if (one.key, one.by) == (breakdown.key, breakdown.by)), None)
    if compared is None or not compared.differences or not breakdown.groups:
        return ()
    names = {group.codes: line(group.label.to(language)) for group in breakdown.groups}
    shown = sorted((one for one in compared.differences if one.shown), key=lambda one: -abs(one.points))
    if not shown:
        return (t("The groups are not shown to differ."),)
    said = [_difference(one, names, t) for one in shown[:MOST_PAIRS]]
    if len(shown) > MOST_PAIRS:
        said.append(t("{count} more pairs are shown to differ.", count=len(shown) - MOST_PAIRS))
    if len(shown) < len(compared.differences):
        said.append(t("The other pairs are not shown to differ."))
    return tuple(said)


def _difference(one: Difference, names: Mapping[tuple[str, ...], str], t: Texts) -> str:
    above, below = (one.first, one.second) if one.points >= 0 else (one.second, one.first)
    low, high = one.interval if one.points >= 0 else (-one.interval[1], -one.interval[0])
    return t(
        "{above} is higher than {below} by {points} percentage points (95% CI {low}–{high}).",
        above=names.get(above, ", ".join(above)),
        below=names.get(below, ", ".join(below)),
        points=t.number(abs(one.points), 1),
        low=t.number(low, 1),
        high=t.number(high, 1),
    )


def _told(group: GroupFigures, t: Texts, language: str) -> str:
    figures = group.figures
    return f"{group.label.to(language)} {t.percent(figures.satisfied_percent)} (n = {t.number(figures.base or 0)})"


def _draw(sheet: Sheet, result: SurveyResult, breakdown: Breakdown, t: Texts, language: str) -> None:
    question = result.question(breakdown.key)
    if question.choices is None or not question.choices.satisfied:
        raise ValueError(f"{breakdown.key} has no share satisfied to compare")
    if breakdown.groups:
        groups = [_dot(group.label.to(language), group.figures, t) for group in breakdown.groups]
        groups.append(_dot(t("Everybody"), question.figures, t, general=True))
        figures = [*(group.figures for group in breakdown.groups), question.figures]
        columns = share_columns(figures, satisfied_name(question.choices, t, language), t)
        draw_dots(sheet, groups, columns, (0.0, 100.0), "%", t)
    for sentence in (*difference_sentences(result, breakdown, t, language), *notes(breakdown, t, language)):
        frame.note(sheet, sentence)
    sheet.top += 5.0


def _dot(label: str, figures: Figures, t: Texts, *, general: bool = False) -> Dot:
    share = figures.satisfied_percent if figures.base else None
    words = (absent(figures, t) or "–") if share is None else ""
    return Dot(grid.Label(label, general, words), share, figures.interval, reference=small(figures))


def notes(breakdown: Breakdown, t: Texts, language: str) -> tuple[str, ...]:
    """What the star of a small base means; why the breakdown or single groups are not shown."""
    if breakdown.suppressed:
        return (t(breakdown.suppressed),)
    reasons: dict[str, list[str]] = {}
    for group in breakdown.hidden:
        reasons.setdefault(group.figures.suppressed, []).append(group.label.to(language))
    starred = (f"{STAR} {caution(t)}",) if any(small(group.figures) for group in breakdown.groups) else ()
    return (*starred, *(f"{', '.join(names)}: {t(reason)}" for reason, names in reasons.items()))
