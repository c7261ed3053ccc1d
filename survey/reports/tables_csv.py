"""Small tables as CSV that spreadsheets open rightly: UTF-8 with BOM, texts that are no formulas.

Reports stage, pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from survey.charts.index_dots import rule_name
from survey.charts.lettering import line
from survey.collection.formulas import guarded
from survey.reports.cells import whole
from survey.statistics.results import NO_ANSWER, NOT_ASKED, SurveyResult
from survey.texts import Texts

Value = str | int | float | None


def written(rows: Iterable[Sequence[Value]], delimiter: str = ",") -> bytes:
    """The rows; texts in quotes, numbers with a point, nothing for None."""
    return b"\xef\xbb\xbf" + "".join(delimiter.join(map(_cell, row)) + "\r\n" for row in rows).encode()


def counts(result: SurveyResult, t: Texts, language: str) -> bytes:
    """Every count of every question: a row for each code, then what is missing. Shares are not rounded."""
    rows: list[tuple[Value, ...]] = [
        (t("Question"), t("Label"), t("Code"), t("Label of the code"), t("Count"), t("Share"), t("n"), t("Remark"))
    ]
    for one in result.questions:
        figures, label = one.figures, line(one.label.to(language))
        names = {choice.code: line(choice.label.to(language)) for choice in one.choices.choices} if one.choices else {}
        names |= {NO_ANSWER: t("Left blank"), NOT_ASKED: t("Not asked")}
        if figures.counts is None:
            rows.append((one.key, label, "", "", None, None, figures.base, t(figures.suppressed)))
        for code, count in (figures.counts or {}).items():
            rows.append((one.key, label, code, names.get(code, code), count, figures.percent(code), figures.base, ""))
        for code, count in (figures.missing or {}).items():
            name = names.get(code, code)
            rows.append((one.key, label, code, name, count, None, None, t("missing: not in the base")))
    return written(rows)


def indexes(result: SurveyResult, t: Texts, language: str) -> bytes:
    """Every index with its factors and items. Values are not rounded."""
    rows: list[tuple[Value, ...]] = [
        (t("Index"), t("Factor"), t("Item"), t("Value"), t("95% CI from"), t("95% CI to"), t("n"), t("Remark"))
    ]
    for index in result.indexes:
        name, bounds = line(index.name.to(language)), index.interval or (None, None)
        told = t(index.suppressed) if index.suppressed else t("Rule: {rule}", rule=rule_name(index.rule, t))
        rows.append((name, "", "", index.value, *bounds, index.base, told))
        for factor in index.factors:
            rows.append((name, line(factor.name.to(language)), "", factor.value, None, None, None, ""))
            for item, value in factor.items.items():
                rows.append((name, line(factor.name.to(language)), item, value, None, None, None, ""))
    return written(rows)


def _cell(value: Value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return '"' + guarded(whole(value)).replace('"', '""') + '"'
    return repr(value)
