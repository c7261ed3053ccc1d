"""Workbooks as all of them are made: text stays text, headings stay in sight and on every page, A4 across.

Reports stage, pure. The same content gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from survey.reports.cells import fitting, whole
from survey.texts import Texts

MADE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}

A4 = 9
FONT, SIZE = "Times New Roman", 11
"""What official papers are set in; its metrics are those of Liberation Serif."""

HEAD_COLOUR = "#DCE6F1"


class Book:
    """A workbook under construction; ``look`` gives each format once."""

    def __init__(self, workbook: Any, t: Texts) -> None:
        self.workbook = workbook
        self.t = t
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}

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

    def sheet(self, name: str, widths: Sequence[float], *, heading: int = 1, portrait: bool = False) -> Any:
        """A sheet with these widths of columns. Its first ``heading`` rows stay on the screen and on every page."""
        sheet = self.workbook.add_worksheet(name)
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
        """Writes a text as text, cut where a cell holds no more."""
        sheet.write_string(row, column, fitting(whole(text), self.t), look or self.look(text_wrap=True))

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
    with xlsxwriter.Workbook(target, MADE) as made:
        made.set_properties({"title": whole(title)[:255], "created": datetime.combine(made_on, time())})
        fill(Book(made, t))
    return target.getvalue()
