"""The lines of ``phieu result show`` beside questions and indexes."""

from __future__ import annotations

from collections.abc import Iterator

from survey.statistics.results import Comparison, Interval, SurveyResult
from survey.texts import Texts


def added(found: SurveyResult, t: Texts) -> Iterator[str]:
    """Scores, weighted indexes, reliability, priorities, ratios and differences, as far as there are any."""
    names = {one.key: one.name.to(t.language) for one in found.indexes}
    if found.scores:
        yield ""
    for score in found.scores:
        yield f"{score.measure.upper()} ({score.key}): {_value(score.value, score.interval, score.suppressed, t)}"
    for weighted in found.weighted:
        yield ""
        yield t("{index}, weighted to {margins}:", index=names[weighted.index], margins=", ".join(weighted.margins))
        yield "  " + _value(weighted.value, weighted.interval, weighted.suppressed, t)
        if weighted.value is not None:
            yield "  " + t(
                "design effect {effect}, effective n {number}; source: {source}",
                effect=t.number(weighted.design_effect, 2),
                number=t.number(weighted.effective, 1),
                source=weighted.source,
            )
    if found.reliability:
        yield ""
    for one in found.reliability:
        told = _value(one.alpha, None, one.suppressed, t)
        yield t("Cronbach's alpha, {items}: {value}", items=f"{names[one.index]} {one.factor}".strip(), value=told)
    for priorities in found.priorities:
        yield ""
        yield t("Derived importance beside {question}:", question=priorities.overall)
        if priorities.suppressed:
            yield f"  {t(priorities.suppressed)}"
        for point in priorities.points:
            share, value = t.percent(point.performance), _value(point.importance, point.interval, "", t)
            yield "  " + t("{item}: satisfied {share}, correlation {value}", item=point.key, share=share, value=value)
    for ratio in found.ratios:
        yield ""
        yield f"{ratio.name.to(t.language)}: {t.percent(ratio.value, 2)} = {ratio.formula.to(t.language)}"
        if ratio.note:
            yield f"  {ratio.note.to(t.language)}"


def differences(comparison: Comparison, t: Texts) -> Iterator[str]:
    """Each pair of groups in words."""
    for one in comparison.differences:
        pair = {"first": ", ".join(one.first), "second": ", ".join(one.second)}
        low, high = (t.number(end, 1) for end in one.interval)
        told = {"points": t.number(one.points, 1), "low": low, "high": high}
        if one.shown:
            yield t("{first} against {second}: {points} points ({low} – {high}), shown to differ", **pair, **told)
        else:
            yield t("{first} against {second}: {points} points ({low} – {high}), not shown to differ", **pair, **told)


def _value(value: float | None, interval: Interval | None, suppressed: str, t: Texts) -> str:
    if value is None:
        return t(suppressed) if suppressed else "–"
    ends = f" ({t.number(interval[0], 2)} – {t.number(interval[1], 2)})" if interval else ""
    return t.number(value, 2) + ends
