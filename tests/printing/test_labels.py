"""Label sheets: the code's size, every text whole and inside its label, the right labels printed."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from survey.collection import codes, links, qrcodes
from survey.errors import PhieuError
from survey.printing import dots, preflight, sheets
from survey.printing.entry import Entry
from survey.printing.labels import EDGE, labels, layout
from survey.printing.sheets import SHEETS, Sheet
from survey.texts import texts
from survey.typesetting import pictures
from tests.printing.looking import code_corners, glyphs, pages, text

DAY = date(2026, 10, 16)
L7160 = SHEETS["L7160"]
URL = links.survey_url("https://ks.example.gov.vn", "7K3QP2MX9T")
LONG = links.survey_url("https://khaosat.vanhoa.example.gov.vn:8443", "7K3QP2MX9T")

WORDS = "Khảo sát mức độ hài lòng của người dân về việc giải quyết thủ tục hành chính tại Bộ phận Một cửa năm 2026 "
CAPITALS = iter(random.Random(5).choices("ỰỂỖẪẶỘỲỄ", k=160))
TITLES = {
    "200 characters": (WORDS * 2)[:199].strip() + ".",
    "200 capitals with stacked marks": " ".join(map("".join, zip(*[CAPITALS] * 4, strict=True))) + ".",
    "one word of 200 letters": "Ễ" * 200,
    "decomposed": unicodedata.normalize("NFD", "Ý kiến của Quý vị về dịch vụ công trực tuyến"),
    "one letter": "Ỷ",
    "markup": "#panic() $x$ *đậm* <b> \\u{41}",
}


@pytest.mark.parametrize("url", [URL, LONG], ids=["38 characters", "51 characters"])
def test_on_l7160_the_code_is_at_least_25_mm_at_the_strongest_level(url: str) -> None:
    plan = layout(L7160, url)
    assert plan.level == "H"
    assert plan.side * len(qrcodes.modules(url, "H")) / dots.with_quiet(len(qrcodes.modules(url, "H"))) >= 25


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=lambda sheet: sheet.name)
@pytest.mark.parametrize("url", [URL, LONG], ids=["38 characters", "51 characters"])
def test_modules_are_whole_dots_and_code_and_texts_share_the_label(sheet: Sheet, url: str) -> None:
    plan = layout(sheet, url)
    modules = dots.with_quiet(len(qrcodes.modules(url, plan.level)))
    assert plan.dots >= 4
    assert plan.side == pytest.approx(modules * plan.dots * 25.4 / 300)
    assert min(plan.code) >= EDGE - 1e-9
    assert plan.code[0] + plan.side <= sheet.width - EDGE + 1e-9
    assert plan.code[1] + plan.side <= sheet.height - EDGE + 1e-9
    apart = plan.text[0] - plan.code[0] if plan.beside else plan.text[1] - plan.code[1]
    assert apart >= plan.side - 1e-9
    assert min(plan.room) > 0


def test_an_address_no_label_has_room_for_is_refused() -> None:
    with pytest.raises(PhieuError) as refusal:
        layout(SHEETS["L4732"], links.survey_url("https://" + "khaosat." * 20 + "vn", "7K3QP2MX9T"))
    assert refusal.value.code == "label_too_small"


@pytest.mark.parametrize("name", SHEETS)
def test_every_label_of_every_sheet_reads_back(name: str, entry: Callable[..., Entry]) -> None:
    sheet = sheets.sheet(name)
    made = labels(entry(), texts("vi"), sheet, DAY)
    assert pages(made) == 1
    assert preflight.read(made, 300) == (entry().url,) * sheet.labels


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_titles_are_whole_and_inside_their_label(title: str, entry: Callable[..., Entry]) -> None:
    given = entry(title=title)
    made = labels(given, texts("vi"), L7160, DAY, skip=20)
    printed = text(made)
    assert unicodedata.normalize("NFC", "".join(title.split())) in "".join(printed.split())
    assert codes.display(given.code) in printed
    assert given.address in printed.replace("/s/ ", "/s/")
    x, y = L7160.corners()[20]
    plan = layout(L7160, given.url)
    for character, left, top, right, bottom in glyphs(made):
        if top < y - 1:
            continue  # the hint in the sheet's margin
        assert x + plan.text[0] - 0.3 <= left, character
        assert right <= x + L7160.width - 1, character
        assert y + 1 <= top, character
        assert bottom <= y + L7160.height - 1, character


def test_a_title_too_long_for_any_size_ends_in_an_ellipsis(entry: Callable[..., Entry]) -> None:
    printed = text(labels(entry(title=WORDS * 5), texts("vi"), SHEETS["L4732"], DAY, skip=79))
    assert "Khảo sát mức độ hài lòng của người dân về việc giải … NH" in printed


def test_codes_lie_where_the_maker_cuts_and_move_with_the_offset(entry: Callable[..., Entry]) -> None:
    given = entry()
    plan = layout(L7160, given.url)
    quiet = plan.dots * dots.DOT * qrcodes.QUIET
    for offset in ((0.0, 0.0), (1.5, -2.0)):
        found = code_corners(labels(given, texts("vi"), L7160, DAY, offset=offset))
        assert len(found) == 21
        for (left, top, width), (x, y) in zip(found, L7160.corners(), strict=True):
            assert left == pytest.approx(x + plan.code[0] + quiet + offset[0], abs=0.2)
            assert top == pytest.approx(y + plan.code[1] + quiet + offset[1], abs=0.2)
            assert width == pytest.approx(plan.side - 2 * quiet, abs=0.2)


def test_skipped_labels_stay_empty(entry: Callable[..., Entry]) -> None:
    page = next(pictures(labels(entry(), texts("vi"), L7160, DAY, skip=4), 100, grey=True))
    inked = []
    for x, y in L7160.corners():
        box = [round(edge * 100 / 25.4) for edge in (x + 1, y + 1, x + L7160.width - 1, y + L7160.height - 1)]
        low, _ = page.crop(tuple(box)).getextrema()
        inked.append(low < 128)
    assert inked == [False] * 4 + [True] * 17


def test_outlines_are_drawn_only_when_asked_for(entry: Callable[..., Entry]) -> None:
    x, y = L7160.corners()[9]
    edge = [round(place * 300 / 25.4) for place in (x - 0.3, y + 18, x + 0.3, y + 20)]
    for outlines in (True, False):
        page = next(pictures(labels(entry(), texts("vi"), L7160, DAY, outlines=outlines), 300, grey=True))
        assert (page.crop(tuple(edge)).getextrema()[0] < 200) == outlines


@pytest.mark.parametrize(
    ("language", "hint"), [("vi", "In đúng kích thước thật (100%)"), ("en", "Print at actual size")]
)
def test_the_margin_says_how_to_print(language: str, hint: str, entry: Callable[..., Entry]) -> None:
    made = labels(entry(), texts(language), L7160, DAY)
    assert hint in text(made)
    bottom = max(bottom for character, _, top, _, bottom in glyphs(made) if top < 12)
    assert bottom < L7160.top


def test_a_character_no_font_has_is_named(entry: Callable[..., Entry]) -> None:
    with pytest.raises(PhieuError) as refusal:
        labels(entry(title="Hài lòng 龍?"), texts("vi"), L7160, DAY)
    assert refusal.value.code == "characters_missing"
    assert refusal.value.details == ("U+9F8D CJK UNIFIED IDEOGRAPH-9F8D",)
