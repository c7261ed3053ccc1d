"""Reports of odd surveys: hostile wordings, very long words, many groups, nothing to show."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2
import pytest
from docx import Document

from survey.comments.report import CommentsReport
from survey.definition import library
from survey.definition.text import Text
from survey.reports.document import Beside, Chart
from survey.reports.official import official_report, summary_report
from survey.reports.to_docx import to_docx
from survey.reports.to_pdf import to_pdf
from survey.statistics import reasons
from survey.statistics.figures import hidden
from survey.statistics.results import Breakdown, GroupFigures, IndexResult, SurveyResult
from survey.texts import texts
from tests.factories.results import figures_of, result_of, scale_result

VI = texts("vi")

HOSTILE = (
    "=1+1",
    '#import "x" $a^2$ @b <c> [d] *e* _f_ `g` \\h',
    "<w:p><w:r/></w:p> & ]]> &amp; \"'",
    "\x00\x01\x0b\x1f\ufffe",
    "a\u202eb\u200d👩\u200d🌾 龍",
    "W" * 400,
    "Ễ" * 200,
    " ",
    "x: y:",
    "{name} {0} %s",
)


def text_of(docx: bytes) -> str:
    made = Document(io.BytesIO(docx))
    cells = (cell.text for table in made.tables for row in table.rows for cell in row.cells)
    return " ".join([*(one.text for one in made.paragraphs), *cells])


def hostile() -> SurveyResult:
    result = scale_result(HOSTILE, [[3, 1, 6, 20, 10]] * len(HOSTILE))
    name = Text.of(vi="\n".join(HOSTILE))
    return replace(
        result,
        title=name,
        office=name,
        superior=name,
        exclusions=((HOSTILE[1], 3),),
        sections=tuple(replace(one, title=name) for one in result.sections),
    )


def test_hostile_wordings_become_text() -> None:
    beside = Beside(HOSTILE, cut_number=1, cut_digest="ab" * 32)
    result = replace(hostile(), comments=CommentsReport(((HOSTILE[0], 9),), (), 30))
    report = official_report(result, VI, beside)
    assert len(pypdfium2.PdfDocument(to_pdf(report))) > 3
    docx = to_docx(report)
    assert to_docx(report) == docx
    text = text_of(docx)
    for one in ("=1+1", '#import "x" $a^2$', "<w:p><w:r/></w:p> & ]]> &amp;", "W" * 400, "{name} {0} %s"):
        assert one in text
    to_docx(summary_report(hostile(), VI, beside))


def test_many_groups_make_a_table_but_no_chart() -> None:
    result = result_of(library.load("conference"))
    choices = result.question("B7").choices
    assert choices is not None
    groups = tuple(
        GroupFigures((str(n),), Text.of(vi=f"Quầy {n}"), figures_of(choices, {"4": 20, "2": 15})) for n in range(60)
    )
    result = replace(result, further=(Breakdown("B7", "@collector", groups),))
    report = official_report(result, VI)
    assert "Quầy 59" in text_of(to_docx(report))
    drawn = [one for one in report.blocks if isinstance(one, Chart) and one.native and one.native.kind == "bars"]
    assert all("Quầy 59" not in one.native.categories for one in drawn if one.native)


@pytest.mark.parametrize(
    ("template", "language"), [("one-stop", "vi"), ("one-stop-short", "en"), ("one-tap", "vi"), ("online", "en")]
)
def test_every_template_yields_a_report(template: str, language: str) -> None:
    report = official_report(result_of(library.load(template)), texts(language))
    assert text_of(to_docx(report))


def test_a_result_that_shows_nothing_says_why() -> None:
    result = result_of(library.load("conference"))
    nothing = hidden(reasons.SURVEY_TOO_SMALL)
    empty = replace(
        result,
        released=0,
        questions=tuple(replace(one, figures=nothing) for one in result.questions),
        indexes=tuple(_none(one) for one in result.indexes),
    )
    text = text_of(to_docx(official_report(empty, VI)))
    assert VI(reasons.SURVEY_TOO_SMALL) in text
    assert to_pdf(summary_report(empty, VI)).startswith(b"%PDF")


def _none(index: IndexResult) -> IndexResult:
    factors = tuple(replace(one, value=None, items=dict.fromkeys(one.items)) for one in index.factors)
    return replace(
        index,
        value=None,
        interval=None,
        values=dict.fromkeys(index.values),
        factors=factors,
        suppressed=reasons.NO_ITEMS,
    )
