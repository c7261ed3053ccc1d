"""Paper forms: every box where the geometry says, nothing cut or overlapping, every copy with its own codes."""

from __future__ import annotations

import hashlib
import json
import os
import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from survey.collection import codes
from survey.definition import document, library
from survey.definition.questionnaire import Office, Questionnaire
from survey.definition.text import Text
from survey.errors import PhieuError
from survey.paper import geometry as measures
from survey.paper import page_ids, serials
from survey.paper.geometry import Geometry
from survey.printing import form as paper_form
from survey.printing import preflight
from survey.printing.form import Form
from survey.printing.outlines import misplaced
from survey.texts import LANGUAGES
from survey.typesetting import pictures

DAY = date(2026, 10, 16)
CODE = codes.make(random.Random(1).randbytes)
INSTRUMENTS = Path(__file__).parent.parent / "instruments"
OFFICE = Office(
    name=Text.of(vi="Sở Văn hóa, Thể thao và Du lịch tỉnh Đồng Tháp", en="Department of Culture, Sports and Tourism"),
    superior=Text.of(vi="ỦY BAN NHÂN DÂN TỈNH ĐỒNG THÁP"),
    phone="0277 3851 431",
    email="svhttdl@example.gov.vn",
)
Letter = tuple[str, float, float, float, float]
"""A character with left, top, right and bottom of its ink in mm."""

LONG = ("Thuận tiện cho người cao tuổi, người khuyết tật khi đến giao dịch tại Bộ phận Một cửa Ỷ ỄỆ " * 4)[:300]


def form(asked: Questionnaire, language: str = "vi", **changes: Any) -> Form:
    """Named as a version is, by its digest, so that a layout is made once for all tests that look at it."""
    here = replace(asked, office=OFFICE)
    digest = hashlib.sha256(json.dumps(document.write(here)).encode()).hexdigest()
    return Form(here, digest, language, CODE, **changes)


def hostile(value: dict[str, Any]) -> Questionnaire:
    """The same questionnaire with every text of people 300 characters long, some of them one word."""
    word = "Nghiêng" * 43

    def longer(text: Any, place: int) -> dict[str, str]:
        return {"vi": word[:300] if place % 7 == 0 else LONG, "en": LONG}

    for place, section in enumerate(value["sections"]):
        section["title"] = longer(section["title"], place)
        for number, question in enumerate(section["questions"]):
            question["text"] = longer(question["text"], number)
            for item in question.get("items", ()):
                item["text"] = longer(item["text"], number + 1)
    for choices in value["choice_lists"].values():
        for place, one in enumerate(choices["choices"]):
            one["label"] = longer(one["label"], place + 3)
    return document.read(value)


def words(pdf: bytes, page: int) -> str:
    opened = pypdfium2.PdfDocument(pdf)
    found = opened[page].get_textpage().get_text_bounded()
    opened.close()
    return " ".join(found.replace("\u200b", "").split())


def ink(pdf: bytes, page: int) -> list[Letter]:
    """The visible characters of a page."""
    opened = pypdfium2.PdfDocument(pdf)
    sheet = opened[page]
    text, height, mm = sheet.get_textpage(), sheet.get_height(), 72 / 25.4
    found = []
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        if text.get_text_range(index, 1).strip("\u200b \r\n"):
            one = (left / mm, (height - top) / mm, right / mm, (height - bottom) / mm)
            found.append((text.get_text_range(index, 1), *one))
    opened.close()
    return found


def overlapping(letters: list[Letter]) -> list[tuple[str, str]]:
    """Pairs of letters whose ink shares more than a little of its area: lines set over one another."""
    found = []
    placed = sorted(letters, key=lambda letter: letter[2])
    for number, (one, left, _, right, bottom) in enumerate(placed):
        for other, from_x, from_y, to_x, to_y in placed[number + 1 :]:
            if from_y >= bottom:
                break
            across, down = min(right, to_x) - max(left, from_x), min(bottom, to_y) - from_y
            if across > 0.4 and down > 0.5:
                found.append((one, other))
    return found


def test_letters_over_one_another_are_found() -> None:
    assert overlapping([("a", 20, 30, 22, 32), ("b", 20.5, 31, 22.5, 33), ("c", 23, 30, 25, 32)]) == [("a", "b")]


def all_seen(pdf: bytes, geometry: Geometry, dpi: int = 200) -> bool:
    pages = list(pictures(pdf, dpi, grey=True))
    assert len(pages) == geometry.pages
    return not any(
        misplaced([box for box in geometry.boxes if box.page == number], page, dpi)
        for number, page in enumerate(pages, 1)
    )


def check(made: paper_form.Layout) -> None:
    """What holds of every form: boxes seen and apart, no letter near one, in the staple's place or off the paper."""
    assert all_seen(made.pdf, made.geometry)
    for page in range(1, made.geometry.pages + 1):
        boxes = [box for box in made.geometry.boxes if box.page == page]
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                assert max(abs(one.x - other.x), abs(one.y - other.y)) >= measures.APART - 0.02
        for letter, left, top, right, bottom in ink(made.pdf, page - 1):
            assert left >= 9 and right <= 201 and top >= 8 and bottom <= 289, letter
            assert top > measures.STAPLE or measures.STAPLE <= left <= right <= 210 - measures.STAPLE, letter
            for box in boxes:
                beside = right <= box.x - measures.RING + 0.05 or left >= box.x + measures.BOX + measures.RING - 0.05
                over = bottom <= box.y - measures.RING + 0.05 or top >= box.y + measures.BOX + measures.RING - 0.05
                assert beside or over, (letter, box)


def asked_codes(asked: Questionnaire) -> dict[str, set[str]]:
    return {one.key: set(one.listed.codes) for one in asked.variables if one.closed}


TEMPLATES = [
    (name, pages, language)
    for name, pages in (("conference", 2), ("one-stop", 4), ("online", 2), ("one-tap", 2))
    for language in LANGUAGES
    if language == "vi" or name == "conference" or os.environ.get("PHIEU_PROVE")
]


@pytest.mark.parametrize(("name", "pages", "language"), TEMPLATES)
def test_a_template_fits_its_sheets_and_every_choice_has_its_box(name: str, pages: int, language: str) -> None:
    asked = library.load(name)
    made = paper_form.layout(form(asked, language))
    assert made.geometry.pages == pages
    check(made)
    found: dict[str, set[str]] = {}
    for box in made.geometry.boxes:
        found.setdefault(box.key, set()).add(box.code)
    assert found == asked_codes(asked)
    assert [key for _, key, _ in made.geometry.questions] == [one.key for one in asked.variables]


def test_the_look_at_boxes_finds_a_geometry_that_is_a_millimetre_off() -> None:
    made = paper_form.layout(form(library.load("one-tap")))
    moved = [replace(box, x=box.x + 1.0) for box in made.geometry.boxes]
    assert all_seen(made.pdf, made.geometry)
    page = next(pictures(made.pdf, 150, grey=True))
    first = [box for box in moved if box.page == 1]
    assert len(misplaced(first, page, 150)) == len(first)


def test_its_words_are_those_of_the_version_and_can_be_searched_in_vietnamese() -> None:
    asked = library.load("one-stop")
    made = paper_form.layout(form(asked))
    text = " ".join(words(made.pdf, page) for page in range(4))
    for part in (
        "PHIẾU ĐO LƯỜNG SỰ HÀI LÒNG CỦA NGƯỜI DÂN",
        "Phiếu này không ghi tên, mất khoảng 5 phút.",
        "Sở Văn hóa, Thể thao và Du lịch tỉnh Đồng Tháp",
        "Trễ, có thông báo và xin lỗi",
        "Thuận tiện cho người cao tuổi, người khuyết tật",
        "Bỏ qua nếu ở câu “Tình trạng hồ sơ” Quý vị chọn “Đang chờ” hoặc “Được yêu cầu bổ sung”.",
        "Quý vị mong cơ quan cải thiện điều gì? (chọn tối đa 3)",
    ):
        assert part in text
    for variable in asked.variables:
        assert variable.label.to("vi").split()[0] in text


@pytest.mark.parametrize("name", sorted(path.stem for path in INSTRUMENTS.glob("*.json")))
def test_every_feature_of_a_questionnaire_has_its_place_on_paper(name: str) -> None:
    asked = document.read(json.loads((INSTRUMENTS / f"{name}.json").read_text(encoding="utf-8")))
    made = paper_form.layout(form(asked))
    check(made)
    assert [key for _, key, _ in made.geometry.questions] == [one.key for one in asked.variables]


@pytest.mark.parametrize("name", ["conference", "one-stop-short"])
def test_texts_of_300_characters_wrap_and_nothing_overlaps(name: str) -> None:
    made = paper_form.layout(form(hostile(document.write(library.load(name)))))
    check(made)
    for page in range(made.geometry.pages):
        assert overlapping(ink(made.pdf, page)) == []
    whole = "".join("".join(words(made.pdf, page).split()) for page in range(made.geometry.pages))
    assert whole.count("".join(LONG.split())) >= 20


@pytest.mark.parametrize(("levels", "kind"), [(11, "matrix"), (14, "matrix"), (62, "multiple"), (250, "single")])
def test_long_lists_are_set_in_columns_or_as_lists_over_several_pages(levels: int, kind: str) -> None:
    value = json.loads((INSTRUMENTS / f"{kind}.json").read_text(encoding="utf-8"))
    for choices in value["choice_lists"].values():
        choices.pop("satisfied", None)
        choices["choices"] = [{"code": f"c{place}", "label": f"Mức {place}"} for place in range(levels)]
    value.pop("indexes", None)
    asked = document.read(value)
    made = paper_form.layout(form(asked))
    check(made)
    closed = [one for one in asked.variables if one.closed]
    assert len(made.geometry.boxes) == levels * len(closed)
    assert made.geometry.questions[0][2]["2"] == "c1", "long codes are keyed by their place"


def test_a_form_of_one_side_ends_there_and_its_back_says_that_it_is_empty() -> None:
    made = paper_form.layout(form(library.load("one-tap")))
    assert {box.page for box in made.geometry.boxes} == {1}
    front, back = (words(made.pdf, page) for page in range(2))
    assert "Cảm ơn Quý vị!" in front and "Xin xem tiếp mặt sau" not in front
    assert "Mặt này để trống." in back and "Cảm ơn Quý vị!" not in back


def test_what_the_collector_answers_itself_is_told_and_has_no_box() -> None:
    asked = library.load("one-stop")
    made = paper_form.layout(form(asked, fixed=(("G2", "3"), ("G4", "2"))))
    assert {"G2", "G4"}.isdisjoint(box.key for box in made.geometry.boxes)
    assert "Đã ghi sẵn: Thể dục, thể thao" in words(made.pdf, 0)
    numbers = [number for number, _, _ in made.geometry.questions]
    assert numbers[:3] == [1, 3, 5], "numbers are those of key-in, so they do not move"


def test_each_copy_has_its_serial_and_each_page_its_own_code() -> None:
    printed = form(library.load("conference"))
    made = paper_form.copies(printed, 9, 3, DAY)
    opened = pypdfium2.PdfDocument(made)
    assert len(opened) == 6
    opened.close()
    held = [page_ids.read(one) for one in preflight.read(made, 200)]
    assert [(one.number, one.page) for one in held] == [(9, 1), (9, 2), (10, 1), (10, 2), (11, 1), (11, 2)]
    assert {one.form for one in held} == {paper_form.layout(printed).geometry.form_id}
    for page in range(6):
        text = words(made, page)
        assert serials.display(serials.make(CODE, 9 + page // 2)) in text
        assert f"{codes.display(CODE)} · Trang {page % 2 + 1}/2" in text
    assert "Thời gian dành cho đối thoại, đặt câu hỏi" in words(made, 2)


def test_the_page_code_is_16_mm_wide_in_the_middle_of_the_head() -> None:
    made = paper_form.copies(form(library.load("one-tap")), 1, 1, DAY)
    dpi = 300
    for page in pictures(made, dpi, grey=True):
        scale = dpi / 25.4
        left, top = (corner * scale for corner in measures.CODE_AT)
        box = page.crop((int(left - 40), int(top - 40), int(left + 230), int(top + 230)))
        dark = box.point(lambda value: 255 if value < 128 else 0).getbbox()
        assert dark is not None
        assert (dark[2] - dark[0]) / scale == pytest.approx(16, abs=0.15)
        assert (dark[0] + int(left - 40)) / scale == pytest.approx(measures.CODE_AT[0], abs=0.15)


def test_corner_marks_lie_8_mm_from_the_edges() -> None:
    page = next(pictures(paper_form.layout(form(library.load("one-tap"))).pdf, 300, grey=True))
    scale = 300 / 25.4
    for x, y in measures.MARKERS:
        middle = [round((corner + offset) * scale) for corner, offset in ((x, -2), (y, -2), (x, 12), (y, 12))]
        dark = page.crop(tuple(middle)).point(lambda value: 255 if value < 128 else 0).getbbox()
        assert dark is not None
        assert [edge / scale for edge in dark] == pytest.approx([2, 2, 12, 12], abs=0.15)


def test_a_copy_whose_codes_are_in_the_wrong_order_is_not_given_out() -> None:
    made = paper_form.copies(form(library.load("one-tap")), 1, 2, DAY)
    right = preflight.read(made, 200)
    preflight.each_page_reads(made, right, measures.CODE_AT, measures.CODE)
    for wrong in ((right[1], right[0], *right[2:]), right[:-1], ()):
        with pytest.raises(PhieuError) as refusal:
            preflight.each_page_reads(made, wrong, measures.CODE_AT, measures.CODE)
        assert refusal.value.code == "form_unreadable"


def test_a_form_whose_boxes_are_elsewhere_is_not_given_out() -> None:
    printed = form(library.load("one-tap"))
    made, geometry = paper_form.copies(printed, 1, 1, DAY), paper_form.layout(printed).geometry
    preflight.outlined(made, geometry)
    box = geometry.boxes[3]
    moved = replace(geometry, boxes=(replace(box, y=box.y + 0.8),))
    with pytest.raises(PhieuError) as refusal:
        preflight.outlined(made, moved)
    assert refusal.value.details == ("0/1",)


@pytest.mark.parametrize(
    ("first", "count", "code"),
    [(1, 0, "copies_unusable"), (1, 501, "copies_unusable"), (999_999, 2, "serial_range"), (0, 1, "serial_range")],
)
def test_a_run_that_cannot_be_is_refused(first: int, count: int, code: str) -> None:
    with pytest.raises(PhieuError) as refusal:
        paper_form.copies(form(library.load("one-tap")), first, count, DAY)
    assert refusal.value.code == code


def test_a_character_no_font_has_is_named() -> None:
    asked = replace(library.load("one-tap"), title=Text.of(vi="Hài lòng 龍?"))
    with pytest.raises(PhieuError) as refusal:
        paper_form.layout(form(asked))
    assert refusal.value.code == "characters_missing"


def test_markup_in_a_text_stays_text() -> None:
    asked = replace(library.load("one-tap"), title=Text.of(vi="#panic() $x$ *đậm* <b> \\u{41}"))
    assert "#panic() $x$ *đậm* <b> \\u{41}" in words(paper_form.layout(form(asked)).pdf, 0)


def test_the_same_form_is_the_same_file() -> None:
    printed = form(library.load("one-tap"))
    assert paper_form.copies(printed, 1, 2, DAY) == paper_form.copies(printed, 1, 2, DAY)
    paper_form.layout.cache_clear()
    assert paper_form.copies(printed, 1, 2, DAY) == paper_form.copies(printed, 1, 2, DAY)
