"""The priority matrix in the official report: the finding, the chart, a table of what its numbers stand for. Pure."""

from __future__ import annotations

from survey.charts import priority_matrix, theme
from survey.charts.drawing import part
from survey.reports.document import Block, Chart, Column, Native, Paragraph, Picture, Row, Serie, Spans
from survey.reports.official_parts import Writing
from survey.statistics.results import Priorities


def priorities(writing: Writing) -> list[Block]:
    """Each index's matrix; where it may not be shown, the sentence that says why, once for all it is true of."""
    t, result, language = writing.t, writing.result, writing.language
    blocks: list[Block] = []
    refused: dict[str, list[str]] = {}
    for one in result.priorities:
        why = priority_matrix.absent(one, t)
        if why:
            refused.setdefault(why, []).append(priority_matrix.about(result, one, language))
            continue
        note = _note(writing, one, brief=bool(blocks))
        blocks.append(Paragraph(priority_matrix.describe(result, one, t, language)))
        blocks += [_chart(writing, one), note, _table(writing, one)]
    for why, names in refused.items():
        blocks.append(Paragraph(f"{t('Priority matrix: {index}', index='; '.join(names))}. {why}"))
    return blocks


def _chart(writing: Writing, one: Priorities) -> Chart:
    """The field with numbered dots; natively a scatter whose axes cross at the means of the items."""
    t, result, language = writing.t, writing.result, writing.language
    drawing = priority_matrix.priority_matrix(result, one, t, language, listed=False)
    picture = part(drawing)
    items = priority_matrix.placed(result, one, language)
    up, across = priority_matrix.axes(items)
    native = Native(
        "scatter",
        tuple(str(item.number) for item in items),
        (
            Serie(t("Satisfied (%)"), tuple(item.point.performance for item in items), theme.INK),
            *(
                Serie(
                    name,
                    tuple(item.point.importance if item.clear is clear else None for item in items),
                    theme.FAVOURABLE[1] if clear else theme.FAVOURABLE[0],
                )
                for name, clear in ((t("Quadrant certain"), True), (t("Quadrant not certain"), False))
                if any(item.clear is clear for item in items)
            ),
        ),
        decimals=2,
        spans=Spans(
            across=(across.low, across.high),
            up=(up.low, up.high),
            parted=(
                sum(item.point.performance for item in items) / len(items),
                sum(item.point.importance for item in items) / len(items),
            ),
            titles=(t("Satisfied (%)"), t("Importance (correlation)")),
        ),
    )
    return writing.chart(drawing.title, (Picture(picture.svg, picture.told),), native)


def _table(writing: Writing, one: Priorities) -> Block:
    t = writing.t
    columns = (
        Column(t("Serial no."), 1.2, "center"),
        Column(t("Content"), 6.2),
        Column(t("Satisfied (%)"), 2.2, "right"),
        Column(t("Importance (95% CI)"), 3.6, "right"),
        Column(t("Quadrant"), 6.0),
    )
    rows = []
    for item in priority_matrix.placed(writing.result, one, writing.language):
        weight, around = t.number(item.point.importance, 2), item.point.interval
        bounds = f" ({'; '.join(t.number(bound, 2) for bound in around)})" if around else ""
        quadrant = priority_matrix.quadrant_text(item, t)
        rows.append(
            Row((t.number(item.number), item.label, t.number(item.point.performance, 1), weight + bounds, quadrant))
        )
    return writing.table(t("The contents in figure {number}", number=writing.figures), columns, rows, small=True)


def _note(writing: Writing, one: Priorities, *, brief: bool) -> Paragraph:
    """How to read it: what parts the field, and, unless it was said before, when a quadrant is not certain."""
    t = writing.t
    parted, *rest = priority_matrix.notes(one, t)
    rest.append(t("Not certain: a 95% interval of the content reaches across the parting."))
    return Paragraph(" ".join((parted, *(() if brief else rest))), "note")
