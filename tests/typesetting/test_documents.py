"""Documents: data stays data, nothing is dropped silently, and no document takes more than it is given."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from survey.errors import PhieuError, Unavailable
from survey.typesetting import documents, pdf, pictures

PAGE = """
#set document(title: "Phiếu")
#set text(font: ("Be Vietnam Pro", "DejaVu Sans"), lang: "vi")
#let data = json("data.json")
#data.at("text", default: "")
"""


@pytest.fixture(autouse=True)
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(documents, "TEMPLATES", tmp_path)
    (tmp_path / "page.typ").write_text(PAGE, encoding="utf-8")
    return tmp_path


def text_of(made: bytes) -> str:
    document = pypdfium2.PdfDocument(made)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


@pytest.mark.parametrize(
    "hostile",
    [
        "#panic()",
        '#read("/etc/passwd")',
        "$x^2$ *bold* _it_ `raw` <label> @ref",
        "= Heading",
        "] #import [",
        "\\u{41} \\ \\\\",
        '"}); #let data = (',
        "// not a comment /* nor this */",
        "https://example.vn",
        "--- -- ~ ...",
    ],
)
def test_markup_in_data_is_printed_as_it_stands(hostile: str) -> None:
    assert text_of(pdf("page", {"text": hostile})) == hostile


def test_stacked_marks_are_searchable_and_composed() -> None:
    text = "ỰỂỆẪẲẶỒ Ủy ban nhân dân gửi Quý vị"
    assert text_of(pdf("page", {"text": unicodedata.normalize("NFD", text)})) == text


def test_a_character_no_font_shows_becomes_a_box() -> None:
    assert text_of(pdf("page", {"text": "tốt 龍 \ud800 \x01 ✓"})) == "tốt □ □ □ ✓"


def test_a_character_no_font_shows_can_be_refused_by_name() -> None:
    with pytest.raises(PhieuError) as refusal:
        pdf("page", {"title": ["tốt", {"deep": "龍"}]}, missing="refuse")
    assert refusal.value.code == "characters_missing"
    assert refusal.value.details == ("U+9F8D CJK UNIFIED IDEOGRAPH-9F8D",)


def test_text_in_pictures_is_checked_too(templates: Path) -> None:
    (templates / "chart.typ").write_text('#image("images/one.svg")')
    text = '<text y="20" font-family="Be Vietnam Pro">gửi 龍 &#x9f8d; &#40845; &lt;b&gt;</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="40">{text}</svg>'
    made = pdf("chart", {}, {"one.svg": svg.encode()})
    assert text_of(made) == "gửi □ □ □ <b>"


def test_the_same_arguments_give_the_same_bytes_and_another_date_others() -> None:
    one, two = (pdf("page", {"text": "Phiếu"}, created=date(2026, 10, 16)) for _ in range(2))
    assert one == two
    assert b"D:20261016" in one
    assert pdf("page", {"text": "Phiếu"}, created=date(2026, 10, 17)) != one


def test_archival_and_accessible_standards_hold() -> None:
    made = pdf("page", {"text": "Phiếu"}, standards=("a-2a", "ua-1"))
    assert b"pdfaid" in made
    assert b"pdfuaid" in made


def test_an_error_in_a_template_is_an_expected_failure(templates: Path) -> None:
    (templates / "broken.typ").write_text("#unknown")
    with pytest.raises(PhieuError) as failure:
        pdf("broken", {})
    assert failure.value.code == "typesetting_failed"


@pytest.mark.parametrize("path", ["/etc/passwd", "../request.json", "../../../etc/passwd"])
def test_a_document_reads_only_its_own_folder(templates: Path, path: str) -> None:
    (templates / "curious.typ").write_text(f'#read("{path}")')
    with pytest.raises(PhieuError):
        pdf("curious", {})


def test_a_document_that_wants_too_much_memory_is_stopped(templates: Path) -> None:
    (templates / "large.typ").write_text("#range(100000000).len()")
    assert pdf("page", {}, memory=512 * 1024**2)
    with pytest.raises(Unavailable) as failure:
        pdf("large", {}, memory=512 * 1024**2)
    assert failure.value.code == "typesetting_stopped"


def test_a_document_that_takes_too_long_is_stopped(templates: Path) -> None:
    (templates / "slow.typ").write_text(
        "#for a in range(9000) { for b in range(9000) { for c in range(9000) { let d = calc.rem(a * b, c + 1) } } }"
    )
    with pytest.raises(Unavailable) as failure:
        pdf("slow", {}, seconds=1)
    assert failure.value.code == "typesetting_stopped"


@pytest.mark.parametrize("name", ["../one.svg", "one.SVG", "one.exe", ""])
def test_an_image_cannot_be_named_out_of_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name an image"):
        pdf("page", {}, {name: b"<svg/>"})


def test_pictures_have_the_size_of_the_paper(templates: Path) -> None:
    (templates / "two.typ").write_text("#set page(width: 50.8mm, height: 25.4mm)\n#pagebreak()")
    made = pdf("two", {})
    assert [page.size for page in pictures(made, 100)] == [(200, 100)] * 2
    assert next(pictures(made, 50, grey=True)).mode == "L"
