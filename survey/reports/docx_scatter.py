"""A scatter of named dots as DrawingML, for office programs to edit: axes that cross where the field is parted.

Its numbers stand in the workbook that ``docx_charts.workbook`` writes: names, the values across, then those up.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from survey.charts.theme import HAIR, INK, QUIET
from survey.reports.document import Native, Serie
from survey.reports.docx_xml import SPACES as WORD
from survey.reports.docx_xml import clean

ACROSS, UP = 50_010, 50_020
"""Numbers of the axes."""


def scatter(native: Native) -> bytes:
    """The ``c:chartSpace`` of a chart of the kind ``scatter``."""
    spans = native.spans
    if spans is None:
        raise ValueError("a scatter needs its axes")
    series = "".join(_series(native, number) for number in range(1, len(native.series)))
    axes = _axis(ACROSS, UP, "b", spans.across, spans.parted[1], spans.titles[0], "0")
    axes += _axis(UP, ACROSS, "l", spans.up, spans.parted[0], spans.titles[1], "0.0")
    return (
        f'<c:chartSpace {WORD}><c:date1904 val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{series}'
        f'<c:axId val="{ACROSS}"/><c:axId val="{UP}"/></c:scatterChart>{axes}</c:plotArea>'
        '<c:legend><c:legendPos val="t"/><c:overlay val="0"/></c:legend>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>'
    ).encode()


def _series(native: Native, number: int) -> str:
    across, up = native.series[0], native.series[number]
    column = chr(ord("B") + number)
    last = len(native.categories) + 1
    name = _texts(f"Sheet1!${column}$1", [up.name])
    labels = "".join(
        f'<c:dLbl><c:idx val="{place}"/><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="900" b="1"/></a:pPr>'
        f'<a:r><a:rPr lang="vi-VN" sz="900" b="1"/><a:t>{escape(clean(category))}</a:t></a:r></a:p></c:rich></c:tx>'
        f'<c:dLblPos val="r"/>{_SHOWN}</c:dLbl>'
        for place, (category, value) in enumerate(zip(native.categories, up.values, strict=True))
        if value is not None
    )
    return (
        f'<c:ser><c:idx val="{number - 1}"/><c:order val="{number - 1}"/><c:tx>{name}</c:tx>'
        '<c:spPr><a:ln w="19050"><a:noFill/></a:ln></c:spPr>'
        f'<c:marker><c:symbol val="circle"/><c:size val="8"/><c:spPr>{_fill(up.colour)}'
        f'<a:ln w="15875">{_fill(INK)}</a:ln></c:spPr></c:marker>'
        f'<c:dLbls>{labels}<c:spPr><a:noFill/></c:spPr><c:dLblPos val="r"/>{_SHOWN}</c:dLbls>'
        f"<c:xVal>{_numbers(f'Sheet1!$B$2:$B${last}', across)}</c:xVal>"
        f"<c:yVal>{_numbers(f'Sheet1!${column}$2:${column}${last}', up)}</c:yVal>"
        '<c:smooth val="0"/></c:ser>'
    )


_SHOWN = (
    '<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
    '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)


def _axis(own: int, other: int, place: str, ends: tuple[float, float], crosses: float, title: str, form: str) -> str:
    """One axis; it lies where the other is at ``crosses``, its numbers stand at the edge of the field."""
    turned = ' rot="-5400000" vert="horz"' if place == "l" else ""
    return (
        f'<c:valAx><c:axId val="{own}"/><c:scaling><c:orientation val="minMax"/><c:max val="{ends[1]:g}"/>'
        f'<c:min val="{ends[0]:g}"/></c:scaling><c:delete val="0"/><c:axPos val="{place}"/>'
        f'<c:majorGridlines><c:spPr><a:ln w="6350">{_fill(HAIR)}</a:ln></c:spPr></c:majorGridlines>'
        f'<c:title><c:tx><c:rich><a:bodyPr{turned}/><a:p><a:pPr><a:defRPr sz="900" b="0"/></a:pPr><a:r>'
        f'<a:rPr lang="vi-VN" sz="900" b="0"/><a:t>{escape(clean(title))}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title>'
        f'<c:numFmt formatCode={quoteattr(form)} sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="low"/><c:spPr><a:ln w="15875">{_fill(QUIET)}</a:ln></c:spPr>'
        f'<c:crossAx val="{other}"/><c:crossesAt val="{crosses:.6g}"/></c:valAx>'
    )


def _fill(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour.lstrip("#").upper()}"/></a:solidFill>'


def _texts(where: str, texts: list[str]) -> str:
    points = "".join(f'<c:pt idx="{n}"><c:v>{escape(clean(one))}</c:v></c:pt>' for n, one in enumerate(texts))
    return f'<c:strRef><c:f>{where}</c:f><c:strCache><c:ptCount val="{len(texts)}"/>{points}</c:strCache></c:strRef>'


def _numbers(where: str, series: Serie) -> str:
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{value!r}</c:v></c:pt>' for n, value in enumerate(series.values) if value is not None
    )
    return (
        f"<c:numRef><c:f>{where}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(series.values)}"/>{points}</c:numCache></c:numRef>'
    )
