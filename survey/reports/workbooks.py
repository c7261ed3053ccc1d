"""Workbooks as all of them are made: text stays text, headings stay in sight and on every page, A4 across.

Reports stage, pure. The same content gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from survey.reports.cells import fitting, whole
from survey.texts import Texts

FONT, SIZE = "Times New Roman", 11
"""What official papers are set in; its metrics are those of Liberation Serif."""

MADE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

WHOLE, MEAN, SHARE, INDEX, POINTS = "#,##0", "0.00", "0.0%", "0.00%", "+0.0;-0.0;0.0"
"""Number formats: counts, means and points, shares, indexes in percent, percentage points."""

A4 = 9
LINE, TALLEST = 15.0, 409.0
"""Points: the height of a line, and of the tallest row there can be."""

HEAD_COLOUR = "#DCE6F1"


def lines(text: str, width: float) -> int:
    """About how many lines a text takes in a column of so many characters; rather one too many."""
    room = max(width - 1, 1)
    return sum(1 + int((len(part) + 0.4 * sum(map(str.isupper, part))) * 1.04 / room) for part in text.split("\n"))


class Book:
    """A workbook under construction; ``look`` gives each format once."""

    def __init__(self, workbook: Any, t: Texts) -> None:
        self.workbook = workbook
        self.t = t
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._widths: dict[Any, Sequence[float]] = {}
        self._lines: dict[tuple[Any, int], float] = {}

    def look(self, **properties: Any) -> Any:
        """The format with these properties of XlsxWriter beside the font."""
        wanted = {"font_name": FONT, "font_size": SIZE, "valign": "top", **properties}
        key = tuple(sorted(wanted.items()))
        if key not in self._looks:
            self._looks[key] = self.workbook.add_format(wanted)
        return self._looks[key]

    @property
    def head(self) -> Any:
        """Of the cells that head a column."""
        return self.look(bold=True, bg_color=HEAD_COLOUR, bottom=1, text_wrap=True, valign="vcenter")

    @property
    def number_head(self) -> Any:
        """Of the cells that head a column of numbers."""
        return self.look(bold=True, bg_color=HEAD_COLOUR, bottom=1, text_wrap=True, valign="vcenter", align="right")

    @property
    def remark(self) -> Any:
        """Of a text that stands beside a number."""
        return self.look(text_wrap=True, align="left", indent=1)

    def headings(self, sheet: Any, heads: Sequence[str], texts: Collection[int]) -> None:
        """Writes headings on the first row; ``texts`` are the columns that hold no numbers, from 0; beside a number
        their headings keep a distance, as their remarks do."""
        for column, text in enumerate(heads):
            look = self.head if column in texts else self.number_head
            if column in texts and column and column - 1 not in texts:
                look = self.look(bold=True, bg_color=HEAD_COLOUR, bottom=1, text_wrap=True, valign="vcenter", indent=1)
            self.put(sheet, 0, column, text, look)

    def sheet(self, name: str, widths: Sequence[float], *, heading: int = 1, portrait: bool = False) -> Any:
        """A sheet with these widths of columns. Its first ``heading`` rows stay on the screen and on every page."""
        sheet = self.workbook.add_worksheet(name)
        self._widths[sheet] = widths
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width, self.look())
        if heading:
            sheet.freeze_panes(heading, 0)
            sheet.repeat_rows(heading - 1)
        sheet.set_paper(A4)
        if not portrait:
            sheet.set_landscape()
        sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        return sheet

    def put(self, sheet: Any, row: int, column: int, text: str, look: Any = None) -> None:
        """Writes a text as text, cut where a cell holds no more, and gives its row the height that it needs there."""
        look = look or self.look(text_wrap=True)
        sheet.write_string(row, column, fitting(whole(text), self.t), look)
        widths = self._widths[sheet]
        if look.text_wrap and column < len(widths):
            self.heighten(sheet, row, self.needed(text, widths[column], look))

    def across(self, sheet: Any, row: int, count: int, text: str, look: Any) -> None:
        """Writes a text over the first ``count`` columns and gives its row the height that it needs there."""
        sheet.merge_range(row, 0, row, count - 1, "", look)
        sheet.write_string(row, 0, fitting(whole(text), self.t), look)
        self.heighten(sheet, row, self.needed(text, sum(self._widths[sheet][:count]), look))

    def needed(self, text: str, width: float, look: Any) -> float:
        """How many lines of ordinary height a text takes in so wide a column."""
        larger: float = look.font_size / SIZE
        return lines(text, width / (larger * (1.1 if look.bold else 1))) * larger

    def heighten(self, sheet: Any, row: int, needed: float, *, exactly: bool = False) -> None:
        """Makes a row at least so many lines high, or just so many."""
        if exactly or needed > self._lines.get((sheet, row), 1):
            self._lines[sheet, row] = needed
            sheet.set_row(row, min(LINE * needed + 2, TALLEST))

    def number(self, sheet: Any, row: int, column: int, value: float | None, form: str = WHOLE, **look: Any) -> None:
        """Writes a number, a dash where there is none. ``form`` is a spreadsheet's number format; a share of 0 to 100
        is written as the part of one that spreadsheets show in percent."""
        style = self.look(**{"num_format": self.local(form), "align": "right", **look})
        if value is None:
            sheet.write_string(row, column, "–", style)
        else:
            sheet.write_number(row, column, value / 100 if form.endswith("%") else value, style)

    def local(self, form: str) -> str:
        """A number format with the decimal mark of the workbook's language."""
        return f"[$-42A]{form}" if self.t.language == "vi" else form

    def table(self, sheet: Any, rows: Iterable[Sequence[str]], *, filters: bool = True) -> int:
        """Writes rows of text from the top, the first as headings. Gives how many there are."""
        number = width = 0
        for number, cells in enumerate(rows, 1):
            width = max(width, len(cells))
            for column, text in enumerate(cells):
                self.put(sheet, number - 1, column, text, self.head if number == 1 else None)
        if filters and number > 1:
            sheet.autofilter(0, 0, number - 1, width - 1)
        return number


def workbook(title: str, t: Texts, made_on: date, fill: Callable[[Book], None]) -> bytes:
    """The file that ``fill`` filled."""
    target = io.BytesIO()
    # XlsxWriter writes into what it is handed, hence a dictionary of its own each time.
    plain = {"font_name": FONT, "font_size": SIZE, "font_scheme": "none"}
    with xlsxwriter.Workbook(target, {**MADE, "default_format_properties": plain}) as made:
        made.set_properties({"title": whole(title)[:255], "created": datetime.combine(made_on, time())})
        fill(Book(made, t))
    return target.getvalue()
