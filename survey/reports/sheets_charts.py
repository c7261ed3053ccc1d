"""The sheet of native charts: the spreadsheet program draws them from the cells of other sheets; they can be edited.

Reports stage, pure. Colours and hatching are those of the product's own charts, which a grey print keeps apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from survey.charts.theme import FAVOURABLE, INK, shades
from survey.reports.cells import whole
from survey.reports.sheets_figures import Span
from survey.reports.workbooks import FONT, Book

WIDE, ROW = 940, 20
"""Pixels: the width of a chart, which fills a page across, and the height of a row."""

PAGE = 31
"""Rows on a page."""

MOST_BARS, MOST_TITLE = 25, 105
"""Bars of one chart, and characters of its title."""

LEAST_LABELLED = 5.0
"""Percent below which a part of a bar is too narrow for its number."""


def charts(book: Book, levels: Sequence[Span], parts: Sequence[Span], waves: Sequence[Span]) -> None:
    """A chart for each span: stacked bars of the levels of a scale, bars of choices and factors, lines of waves."""
    made = [(span, _stacked) for span in _pieces(levels)]
    made += [(span, _bars) for span in _pieces(parts)]
    made += [(span, _lines) for span in waves if span.values]
    made = [(span, draw) for span, draw in made if any(value is not None for row in span.values for value in row)]
    if not made:
        return
    sheet = book.sheet(book.t("Charts"), (WIDE / 7,), heading=0)
    sheet.hide_gridlines(2)
    sheet.set_default_row(ROW * 0.75)
    # Told to fit the width, spreadsheet programs would not heed where pages end.
    sheet.fit_page = 0
    sheet.set_print_scale(100)
    row, breaks = 0, []
    for span, draw in made:
        tall = min(PAGE - 1, max(9, 5 + 2 * len(span.values)) if draw is not _lines else 16)
        if row % PAGE + tall > PAGE:
            row += PAGE - row % PAGE
            breaks.append(row)
        chart = draw(book, span)
        chart.set_title({"name": _title(span.title), "name_font": _font(12, bold=True), "overlay": False})
        chart.set_size({"width": WIDE, "height": ROW * tall - 8})
        told = f"{span.title}. {span.told}. {_told(span, book)}"
        sheet.insert_chart(row, 0, chart, {"description": whole(told)[:2000], "object_position": 2, "y_offset": 4})
        row += tall
    sheet.set_h_pagebreaks(breaks)
    sheet.print_area(0, 0, -(-row // PAGE) * PAGE - 1, 0)


def _pieces(spans: Sequence[Span]) -> list[Span]:
    """Spans of no more bars than one chart holds."""
    found = []
    for span in spans:
        for start in range(0, len(span.values), MOST_BARS):
            values = span.values[start : start + MOST_BARS]
            first = span.rows[0] + start
            found.append(replace(span, rows=(first, first + len(values) - 1), values=values))
    return found


def _stacked(book: Book, span: Span) -> Any:
    chart = book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    looks = shades(len(span.heads))
    for place, column in enumerate(range(span.columns[0], span.columns[1] + 1)):
        values = [row[place] for row in span.values]
        fill: dict[str, Any] = {"fill": {"color": looks[place].fill}}
        if looks[place].hatch:
            colours = {"fg_color": looks[place].hatch, "bg_color": looks[place].fill}
            fill = {"pattern": {"pattern": "wide_upward_diagonal", **colours}}
        chart.add_series(
            {
                "name": [span.sheet, 0, column],
                "categories": [span.sheet, span.rows[0], span.label, span.rows[1], span.label],
                "values": [span.sheet, span.rows[0], column, span.rows[1], column],
                "gap": 45,
                "border": {"color": "#ffffff", "width": 0.5},
                "data_labels": {
                    "value": True,
                    "num_format": "0%",
                    "font": {**_font(9), "color": looks[place].ink if not looks[place].hatch else "#000000"},
                    "custom": [{"delete": value is None or value < LEAST_LABELLED} for value in values],
                    **({"fill": {"color": "#ffffff"}} if looks[place].hatch else {}),
                },
                **fill,
            }
        )
    _axes(chart, book, most=1)
    chart.set_legend({"position": "bottom", "font": _font(10)})
    return chart


def _bars(book: Book, span: Span) -> Any:
    chart = book.workbook.add_chart({"type": "bar"})
    (column, _) = span.columns
    chart.add_series(
        {
            "name": whole(span.told),
            "categories": [span.sheet, span.rows[0], span.label, span.rows[1], span.label],
            "values": [span.sheet, span.rows[0], column, span.rows[1], column],
            "gap": 45,
            "fill": {"color": FAVOURABLE[1]},
            "data_labels": {"value": True, "font": _font(9)},
        }
    )
    _axes(chart, book, most=1 if span.unit == "percent" else 10, points=span.unit != "percent")
    chart.set_legend({"none": True})
    return chart


def _lines(book: Book, span: Span) -> Any:
    chart = book.workbook.add_chart({"type": "line"})
    colour = {"color": FAVOURABLE[1]}
    (column, _) = span.columns
    chart.add_series(
        {
            "name": whole(span.told),
            "categories": [span.sheet, span.rows[0], span.label, span.rows[1], span.label],
            "values": [span.sheet, span.rows[0], column, span.rows[1], column],
            "line": {"color": FAVOURABLE[1], "width": 2},
            "marker": {"type": "circle", "size": 6, "fill": colour, "border": colour},
            "data_labels": {"value": True, "position": "above", "font": _font(9)},
        }
    )
    # An empty row is a break of the method: no line may cross it.
    chart.show_blanks_as("gap")
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": _font(10)})
    chart.set_y_axis({"num_font": _font(10), "major_gridlines": {"visible": True, "line": {"color": "#d9dde2"}}})
    return chart


def _axes(chart: Any, book: Book, *, most: float | None, points: bool = False) -> None:
    grid = {"visible": True, "line": {"color": "#d9dde2"}}
    form = book.local("0" if points else "0%")
    font = {"num_font": _font(9), "label_position": "high"}
    chart.set_x_axis({"min": 0, "max": most, "num_format": form, "major_gridlines": grid, **font})
    chart.set_y_axis({"reverse": True, "num_font": _font(10), "major_gridlines": {"visible": False}})


def _font(size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "bold": bold, "color": INK}


def _title(text: str) -> str:
    """In one line: not every program breaks it. What looks like the address of a cell would be taken for one."""
    text = re.sub(r"!(?=\$?[A-Z])", "! ", whole(text))
    return text if len(text) <= MOST_TITLE else f"{text[:MOST_TITLE].rstrip()}…"


def _told(span: Span, book: Book) -> str:
    """The figures of a chart in words, for those who cannot see it."""
    rows = []
    for row in span.values:
        told = [book.t.percent(one) if span.unit == "percent" or one is None else book.t.number(one, 2) for one in row]
        rows.append(", ".join(map(" ".join, zip(span.heads, told, strict=True))) if span.heads else told[0])
    return "; ".join(rows)
