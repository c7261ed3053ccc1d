"""A report as DOCX: real styles and headings, tables with repeated heads, charts that can be edited, page numbers as
official papers have them. The same report gives the same bytes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from survey.reports import docx_xml as xml
from survey.reports.document import Block, Chart, Heading, Letterhead, PageBreak, Paragraph, Points, Report, Table
from survey.reports.docx_charts import chart_xml, height, workbook
from survey.texts import texts

FONT = "Times New Roman"
TONGUES = {"vi": "vi-VN", "en": "en-GB"}
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The oldest day a ZIP entry can bear: the file tells only the day of its figures."""


def to_docx(report: Report) -> bytes:
    """The file."""
    document = Document()
    _properties(document, report)
    _styles(document, report.language)
    _page(document, report)
    stop = document.settings.element.find(qn("w:defaultTabStop"))
    if report.language == "en" and stop is not None:
        stop.addnext(parse_xml(f"<w:autoHyphenation {xml.SPACES}/>"))
    body = document.element.body
    end = body.sectPr
    writer = _Writer(document, report)
    closing = [_signing(report), _spaced(xml.paragraph("", "Gap"))]
    for piece in (*_head(report.head), *writer.pieces(report.blocks, held=True), *closing):
        end.addprevious(parse_xml(piece))
    for piece in writer.pieces(report.annexes):
        end.addprevious(parse_xml(piece))
    first = body[0]
    if first.tag == qn("w:p") and not len(first):
        body.remove(first)
    made = BytesIO()
    document.save(made)
    return _timeless(made.getvalue())


class _Writer:
    """Blocks as WordprocessingML; charts become parts of the package."""

    def __init__(self, document: Any, report: Report) -> None:
        self._document = document
        self._report = report
        self._charts = 0

    def pieces(self, blocks: tuple[Block, ...], *, held: bool = False) -> list[str]:
        """One string for each element of the body; ``held`` keeps the last block with what follows."""
        out: list[str] = []
        for place, one in enumerate(blocks):
            kept = "<w:keepNext/>" if _stays(one, blocks[place + 1 : place + 2], held=held) else ""
            match one:
                case Heading(level, text):
                    out.append(_spaced(xml.paragraph(text, f"Heading{level}")))
                case Paragraph(text, style):
                    named = {"body": "BodyText", "note": "Note", "finding": "Finding"}[style]
                    out.append(_spaced(xml.paragraph(text, named, "<w:keepNext/>" if text.endswith(":") else kept)))
                case Points(items):
                    # A line that ends in a break would be stretched.
                    straight = '<w:jc w:val="left"/>'
                    told = [straight if "\n" in item else "" for item in items]
                    told[-1:] = [kept + one for one in told[-1:]]
                    out += [
                        _spaced(xml.paragraph(item, "ListBullet", traits))
                        for item, traits in zip(items, told, strict=True)
                    ]
                case Table():
                    out.append(_spaced(xml.paragraph(one.caption, "Caption", "<w:keepNext/>")))
                    out += [xml.table(one, "TableGrid", held=bool(kept)), _spaced(xml.paragraph("", "Gap", kept))]
                case Chart():
                    out += self._chart(one, kept)
                case PageBreak():
                    out.append(_spaced('<w:p><w:r><w:br w:type="page"/></w:r></w:p>'))
        return out

    def _chart(self, one: Chart, kept: str) -> list[str]:
        caption = _spaced(xml.paragraph(one.caption, "Caption", kept))
        if one.native is None:
            told = " ".join(picture.told for picture in one.pictures)
            return [_spaced(xml.paragraph(told, "Note")), caption]
        self._charts += 1
        number, package = self._charts, self._document.part.package
        book = Part(
            PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"),
            CONTENT_TYPE.SML_SHEET,
            workbook(one.native, self._report.created),
            package,
        )
        part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
        relation = part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
        part._blob = chart_xml(one.native, relation, self._report.language)
        told = " ".join(picture.told for picture in one.pictures)
        drawn = xml.chart(
            self._document.part.relate_to(part, RELATIONSHIP_TYPE.CHART), number, told, height(one.native)
        )
        return [drawn, caption]


def _stays(one: Block, following: Sequence[Block], *, held: bool) -> bool:
    """Whether a block stays with the next: a table or chart with the note below it, the last one where it is held."""
    if not following:
        return held
    return isinstance(one, Table | Chart) and isinstance(following[0], Paragraph) and following[0].style == "note"


def _spaced(paragraph: str) -> str:
    return paragraph.replace("<w:p>", f"<w:p {xml.SPACES}>", 1)


def _properties(document: Any, report: Report) -> None:
    core = document.core_properties
    day = datetime(report.created.year, report.created.month, report.created.day, tzinfo=UTC)
    core.title, core.author, core.language = (
        xml.clean(report.title)[:255],
        xml.clean(report.head.office)[:255],
        (TONGUES.get(report.language, report.language)),
    )
    core.created = core.modified = day
    core.last_modified_by, core.comments, core.revision = "", "", 1
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]


def _styles(document: Any, language: str) -> None:
    """The styles of an official paper; everything else in the document names one of them."""
    styles = document.styles
    fonts = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    tongue = fonts.find(qn("w:lang"))
    for name in ("w:val", "w:eastAsia"):
        tongue.set(qn(name), TONGUES.get(language, language))
    base = styles["Normal"]
    _font(base, 13)
    base.paragraph_format.space_after, base.paragraph_format.line_spacing = Pt(6), 1.15
    for level in (1, 2, 3):
        heading = styles[f"Heading {level}"]
        _font(heading, 13, bold=True, italic=level == 3)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(10), Pt(6)
        heading.paragraph_format.keep_with_next = True
    body = styles["Body Text"]
    _font(body, 13)
    body.paragraph_format.first_line_indent = Mm(10)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    caption = styles["Caption"]
    _font(caption, 12, italic=True)
    caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(4)
    points = styles["List Bullet"]
    _font(points, 13)
    points.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _dashes(document)
    for name, size, traits in (
        ("Note", 11, {"italic": True}),
        ("Finding", 13, {"bold": True}),
        ("Table Text", 11.5, {}),
        ("Gap", 6, {}),
        ("Figure", 13, {}),
        ("Head", 12, {}),
    ):
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = base
        _font(made, size, **traits)
    styles["Finding"].paragraph_format.first_line_indent = Mm(10)
    styles["Finding"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for name in ("Table Text", "Gap", "Head"):
        styles[name].paragraph_format.space_after, styles[name].paragraph_format.line_spacing = Pt(0), 1.0
    styles["Head"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    styles["Figure"].paragraph_format.keep_with_next = True


def _font(style: Any, size: float, *, bold: bool = False, italic: bool = False) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic, font.color.rgb = FONT, Pt(size), bold, italic, RGBColor(0, 0, 0)
    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        faces.attrib.pop(qn(name), None)
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        faces.set(qn(name), FONT)


def _dashes(document: Any) -> None:
    """Lists have dashes, as Vietnamese papers do."""
    numbering = document.part.numbering_part.element
    used = document.styles["List Bullet"].element.pPr.numPr.numId.val
    found = next(one for one in numbering.findall(qn("w:num")) if one.get(qn("w:numId")) == str(used))
    wanted = found.find(qn("w:abstractNumId")).get(qn("w:val"))
    for one in numbering.findall(qn("w:abstractNum")):
        if one.get(qn("w:abstractNumId")) == wanted:
            level = one.find(qn("w:lvl"))
            level.find(qn("w:lvlText")).set(qn("w:val"), "-")
            faces = level.find(qn("w:rPr")).find(qn("w:rFonts"))
            for name in list(faces.attrib):
                faces.attrib[name] = FONT if name != qn("w:hint") else "default"


def _page(document: Any, report: Report) -> None:
    """A4 with the margins of Decree 30; the page number centred in the top margin, not on the first page."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(22)
    section.header_distance, section.footer_distance = Mm(11), Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number.style = document.styles["Header"]
    _font(document.styles["Header"], 13)
    _font(document.styles["Footer"], 8)
    for part in ("begin", "instr", "end"):
        inside = (
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>'
            if part == "instr"
            else (f'<w:fldChar w:fldCharType="{part}"/>')
        )
        number._p.append(parse_xml(f"<w:r {xml.SPACES}>{inside}</w:r>"))
    for footer in (section.footer, section.first_page_footer):
        footer.paragraphs[0].text = xml.clean(report.foot)
        footer.paragraphs[0].style = document.styles["Footer"]


def _head(head: Letterhead) -> list[str]:
    bold, italic = "<w:b/>", "<w:i/>"

    def line(part: int) -> str:
        room = round(xml.TWIPS * part / 100)
        border = '<w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
        return xml.paragraph("", "Gap", f'{border}<w:spacing w:before="60"/><w:ind w:left="{room}" w:right="{room}"/>')

    box = "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="2" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right")
    )
    left = [xml.paragraph(head.superior.upper(), "Head")] if head.superior else []
    left += [xml.paragraph(head.office.upper(), "Head", "", bold), line(13)]
    left += [xml.paragraph(head.number, "Head", '<w:spacing w:before="120"/>', '<w:sz w:val="26"/>')]
    left += [
        xml.paragraph(
            head.draft,
            "Head",
            f'<w:pBdr>{box}</w:pBdr><w:spacing w:before="160"/><w:ind w:left="1000" w:right="1000"/>',
            bold,
        )
    ]
    right = [
        xml.paragraph(head.nation, "Head", "", bold),
        xml.paragraph(head.motto, "Head", "", f'{bold}<w:sz w:val="26"/>'),
        line(13),
        xml.paragraph(head.place, "Head", '<w:spacing w:before="120"/>', f'{italic}<w:sz w:val="26"/>'),
    ]
    titled = f'{bold}<w:sz w:val="28"/>'
    return [
        xml.beside("".join(left), "".join(right), (2, 3)),
        _spaced(xml.paragraph(head.kind.upper(), "Head", '<w:spacing w:before="360"/>', titled)),
        _spaced(xml.paragraph(head.subject, "Head", '<w:ind w:left="360" w:right="360"/>', titled)),
        _spaced(line(38)),
        _spaced(xml.paragraph("", "Gap")),
    ]


def _signing(report: Report) -> str:
    t = texts(report.language)
    left = [xml.paragraph(t("Recipients:"), "TableText", "", "<w:b/><w:i/>")]
    left += [xml.paragraph(one, "TableText", "", '<w:sz w:val="22"/>') for one in report.recipients]
    right = [xml.paragraph(report.signing[0], "Head", "", '<w:b/><w:sz w:val="26"/>')]
    right += [xml.paragraph(report.signing[1], "Head", '<w:spacing w:after="1200"/>', '<w:i/><w:sz w:val="26"/>')]
    return xml.beside("".join(left), "".join(right), (1, 1))


def _timeless(made: bytes) -> bytes:
    """The same package with entries that all bear the same day, so that the same report gives the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(made)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()
