"""Charts that office programs can edit: the chart part as DrawingML, and the workbook that holds its numbers.

The XML of the plot is python-pptx's, the workbook XlsxWriter's; the same chart gives the same bytes.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from pptx.chart.data import CategoryChartData
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.enum.chart import XL_CHART_TYPE
from xlsxwriter import Workbook

from survey.charts.theme import contrast
from survey.reports.document import Native
from survey.reports.docx_scatter import scatter
from survey.reports.docx_xml import clean

TYPES = {
    "stacked": XL_CHART_TYPE.BAR_STACKED_100,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "lines": XL_CHART_TYPE.LINE_MARKERS,
}

HEIGHTS = {"lines": 75.0, "scatter": 78.0}
"""Millimetres of those that do not grow with their categories."""

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
SPACES = f'xmlns:c="{C}" xmlns:a="{A}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

NARROW = 6.0
"""Percent under which the number of a part of a bar is left out: it would not fit."""


def height(native: Native) -> float:
    """How high it is drawn, in mm."""
    if native.kind in HEIGHTS:
        return HEIGHTS[native.kind]
    longest = max((len(one) for one in native.categories), default=0)
    each = 7.5 if longest <= 40 else 10.5 if longest <= 80 else 13.5
    around = 26.0 if native.kind == "stacked" else 16.0  # the names of the levels stand above their bars
    return min(215.0, around + each * len(native.categories))


def workbook(native: Native, created: date) -> bytes:
    """Categories in the first column, a column for each series. Text is written as text."""
    file = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = Workbook(file, options)
    book.set_properties({"created": datetime(created.year, created.month, created.day, tzinfo=UTC)})
    sheet = book.add_worksheet("Sheet1")
    for column, series in enumerate(native.series, 1):
        sheet.write_string(0, column, clean(series.name))
        for place, value in enumerate(series.values, 1):
            if value is not None:
                sheet.write_number(place, column, value)
    for place, category in enumerate(native.categories, 1):
        sheet.write_string(place, 0, clean(category))
    book.close()
    return file.getvalue()


def chart_xml(native: Native, relation: str, language: str) -> bytes:
    """The chart part; ``relation`` leads to its workbook."""
    root = parse_xml(scatter(native)) if native.kind == "scatter" else _plotted(native, language)
    _text(root, language)
    outside = f'<c:externalData {SPACES} r:id="{relation}"><c:autoUpdate val="0"/></c:externalData>'
    root.append(parse_xml(outside))
    return bytes(serialize_part_xml(root))


def _plotted(native: Native, language: str) -> Any:
    data = CategoryChartData(number_format=_digits(native))  # type: ignore[no-untyped-call]  # as below
    data.categories = [clean(one) for one in native.categories]
    for series in native.series:
        data.add_series(clean(series.name), series.values)  # type: ignore[no-untyped-call]  # as below
    root = parse_xml(ChartXmlWriter(TYPES[native.kind], data).xml.encode())  # type: ignore[no-untyped-call]  # untyped library
    for place, element in enumerate(root.iter(f"{{{C}}}ser")):
        _colour(element, native, place, language)
    plot = root.find(f".//{{{C}}}plotArea")
    drawn = plot[1] if plot[0].tag == f"{{{C}}}layout" else plot[0]
    _gap(drawn, native)
    _axes(root, native)
    _legend(root, native)
    return root


def _colour(element: Any, native: Native, place: int, language: str) -> None:
    """Fill and numbers of one series, in the order the schema wants."""
    series = native.series[place]
    colour = series.colour.lstrip("#").upper()
    if native.kind == "lines":
        shape = (
            f'<c:spPr xmlns:c="{C}" xmlns:a="{A}"><a:ln w="25400"><a:solidFill><a:srgbClr val="{colour}"/>'
            "</a:solidFill></a:ln></c:spPr>"
        )
    else:
        shape = (
            f'<c:spPr xmlns:c="{C}" xmlns:a="{A}"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
            '<a:ln w="6350"><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></a:ln></c:spPr>'
        )
    for old in element.findall(f"{{{C}}}spPr"):
        element.remove(old)
    text = element.find(f"{{{C}}}tx")
    text.addnext(parse_xml(shape))
    if native.kind == "lines":
        return
    ink = "FFFFFF" if contrast(series.colour, "#ffffff") >= 4.5 and native.kind == "stacked" else "000000"
    hidden = "".join(
        f'<c:dLbl><c:idx val="{number}"/><c:delete val="1"/></c:dLbl>'
        for number, value in enumerate(series.values)
        if native.kind == "stacked" and (value is None or value < NARROW)
    )
    place_of = "" if native.kind == "stacked" else '<c:dLblPos val="outEnd"/>'
    form = "0" if native.kind == "stacked" else _form(native, language)
    labels = (
        f'<c:dLbls xmlns:c="{C}" xmlns:a="{A}">{hidden}<c:numFmt formatCode={quoteattr(form)} sourceLinked="0"/>'
        f'<c:spPr><a:noFill/></c:spPr><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="800"><a:solidFill>'
        f'<a:srgbClr val="{ink}"/></a:solidFill></a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
        f"{place_of}"
        '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )
    element.find(f"{{{C}}}cat").addprevious(parse_xml(labels))


def _digits(native: Native) -> str:
    return "0." + "0" * native.decimals if native.decimals else "#,##0"


def _form(native: Native, language: str) -> str:
    """Digits with the decimal mark of the language, and the unit as text: the values are percents already."""
    return ("[$-42A]" if language == "vi" else "") + _digits(native) + (f'"{native.unit}"' if native.unit else "")


def _gap(drawn: Any, native: Native) -> None:
    gap = drawn.find(f"{{{C}}}gapWidth")
    if gap is not None:
        gap.set("val", "45")


def _axes(root: Any, native: Native) -> None:
    """Categories from the top in bars; values from ``least`` to ``most``."""
    categories, values = root.find(f".//{{{C}}}catAx"), root.find(f".//{{{C}}}valAx")
    if native.kind != "lines":
        categories.find(f"{{{C}}}scaling").append(_element("orientation", "maxMin"))
        for old in categories.find(f"{{{C}}}scaling").findall(f"{{{C}}}orientation")[:-1]:
            categories.find(f"{{{C}}}scaling").remove(old)
        crosses = values.find(f"{{{C}}}crosses")
        if crosses is not None:
            crosses.set("val", "max")
    scaling = values.find(f"{{{C}}}scaling")
    for old in list(scaling):
        if old.tag in (f"{{{C}}}max", f"{{{C}}}min"):
            scaling.remove(old)
    if native.most is not None and native.kind != "stacked":
        scaling.append(_element("max", f"{native.most:g}"))
    if native.kind != "stacked":
        scaling.append(_element("min", f"{native.least:g}"))
    if native.kind == "stacked" or native.most == 100:
        for old in values.findall(f"{{{C}}}majorUnit"):
            values.remove(old)
        values.append(_element("majorUnit", "0.2" if native.kind == "stacked" else "20"))
    lines = values.find(f"{{{C}}}majorGridlines")
    if lines is not None:
        quiet = '<a:ln w="6350"><a:solidFill><a:srgbClr val="D9DDE2"/></a:solidFill></a:ln>'
        lines.append(parse_xml(f"<c:spPr {SPACES}>{quiet}</c:spPr>"))
    form = values.find(f"{{{C}}}numFmt")
    if form is not None:
        form.set("formatCode", "0%" if native.kind == "stacked" else f'0"{native.unit}"' if native.unit else "0")
        form.set("sourceLinked", "0")


def _legend(root: Any, native: Native) -> None:
    """Names of the levels above the bars; one series needs none. No automatic title."""
    chart = root.find(f"{{{C}}}chart")
    for old in chart.findall(f"{{{C}}}legend"):
        chart.remove(old)
    closed = chart.find(f"{{{C}}}autoTitleDeleted")
    if closed is None:
        closed = _element("autoTitleDeleted", "1")
        chart.insert(0, closed)
    closed.set("val", "1")
    if native.kind == "stacked":
        told = f'<c:legend {SPACES}><c:legendPos val="t"/><c:overlay val="0"/></c:legend>'
        chart.find(f"{{{C}}}plotArea").addnext(parse_xml(told))


def _text(root: Any, language: str) -> None:
    """One size of type for the whole chart."""
    for old in root.findall(f"{{{C}}}txPr"):
        root.remove(old)
    tongue = "vi-VN" if language == "vi" else "en-GB"
    told = (
        f'<c:txPr xmlns:c="{C}" xmlns:a="{A}"><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900" lang="{tongue}">'
        '<a:latin typeface="Times New Roman"/></a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="{tongue}"/></a:p></c:txPr>'
    )
    plain = f"<c:spPr {SPACES}><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
    chart = root.find(f"{{{C}}}chart")
    chart.addnext(parse_xml(told))
    chart.addnext(parse_xml(plain))


def _element(name: str, value: str) -> Any:
    return parse_xml(f'<c:{name} {SPACES} val="{value}"/>')
