"""The last look: what does not read back exactly is not given out."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import zxingcpp
from PIL import ImageDraw

from survey.collection import codes, links, qrcodes
from survey.errors import PhieuError
from survey.printing import dots, preflight
from survey.typesetting import documents, pdf, pictures

PAGE = """
#let data = json("data.json")
#set page(paper: "a4", margin: 10mm)
#grid(columns: data.columns, ..range(data.codes).map(number => {
  image("images/code" + str(number) + ".svg", width: data.side * 1mm)
}))
#if data.blot != none { place(top + left, dx: data.blot * 1mm, dy: data.blot * 1mm, square(size: 12mm, fill: black)) }
"""


@pytest.fixture(autouse=True)
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "TEMPLATES", tmp_path)
    (tmp_path / "page.typ").write_text(PAGE, encoding="utf-8")


def addresses(count: int) -> list[str]:
    draw = random.Random(2026)
    return [links.survey_url("https://ks.example.gov.vn", codes.make(draw.randbytes)) for _ in range(count)]


def printed(urls: list[str], module: float, level: str = "M", *, columns: int = 1, blot: float | None = None) -> bytes:
    """A page of these codes with modules of so many mm."""
    side = module * dots.with_quiet(len(qrcodes.modules(urls[0], level)))
    images = {f"code{number}.svg": qrcodes.svg(url, level).encode() for number, url in enumerate(urls)}
    return pdf("page", {"codes": len(urls), "columns": columns, "side": side, "blot": blot}, images)


def refused(made: bytes, urls: list[str]) -> bool:
    try:
        preflight.readable(made, urls)
    except PhieuError as refusal:
        return refusal.code == "print_unreadable"
    return False


def test_a_sound_sheet_is_given_out_as_it_is() -> None:
    urls = addresses(4)
    made = printed(urls, 1.0, columns=2)
    assert preflight.readable(made, urls) == made


def test_a_damaged_code_is_refused() -> None:
    urls = addresses(1)
    assert not refused(printed(urls, 1.0), urls)
    assert refused(printed(urls, 1.0, blot=14), urls)


def test_a_code_printed_too_small_is_refused() -> None:
    urls = addresses(1)
    assert not refused(printed(urls, dots.LEAST["M"] * dots.DOT), urls)
    assert refused(printed(urls, 0.1), urls)


def test_one_wrong_address_among_many_is_refused() -> None:
    urls = addresses(21)
    made = printed(urls, 0.6, columns=5)
    assert not refused(made, urls)
    assert refused(made, [*urls[:-1], urls[0]])
    assert refused(made, [*urls[:-1], urls[-1].lower()])


def test_one_code_more_or_fewer_than_expected_is_refused() -> None:
    urls = addresses(3)
    made = printed(urls, 1.0)
    assert refused(made, urls[:-1])
    assert refused(made, [*urls, urls[0]])
    assert refused(made, [])


def test_hundreds_of_small_codes_decode_exactly() -> None:
    # 6 dots a module is the size of the smaller labels; R17 in short. One of these codes has a corner mark that also
    # reads as a Micro QR code.
    urls = addresses(600)[300:]
    for page in (urls[:150], urls[150:]):
        made = printed(page, 6 * dots.DOT, columns=11)
        for dpi in (200, 300):
            assert sorted(preflight.read(made, dpi)) == sorted(page)


@pytest.mark.parametrize(("level", "share", "least"), [("M", 0.05, 0.9), ("Q", 0.10, 0.9), ("H", 0.10, 1.0)])
def test_blotted_codes_decode_as_far_as_their_level_allows(level: str, share: float, least: float) -> None:
    urls = addresses(48)
    modules = len(qrcodes.modules(urls[0], level))
    side = dots.with_quiet(modules) * 8 * dots.DOT
    draw, columns = random.Random(17), int(190 // side)
    read = 0
    for start in range(0, len(urls), 24):
        page = urls[start : start + 24]
        (picture,) = pictures(printed(page, 8 * dots.DOT, level, columns=columns), 300, grey=True)
        pen = ImageDraw.Draw(picture)
        for number in range(len(page)):
            row, column = divmod(number, columns)
            x, y = blot(draw, modules, share)
            at = [(10 + one * side) * 300 / 25.4 + (qrcodes.QUIET + here) * 8 for one, here in ((column, x), (row, y))]
            length = share**0.5 * modules * 8
            pen.rectangle((*at, at[0] + length, at[1] + length), fill=draw.choice((0, 255)))
        found = {code.text for code in zxingcpp.read_barcodes(picture)}
        assert found <= set(page)
        read += len(found)
    assert read >= least * len(urls)


def blot(draw: random.Random, modules: int, share: float) -> tuple[float, float]:
    """Where a square of this share of the code lies, in modules, off the three corner marks."""
    length = share**0.5 * modules
    while True:
        x, y = (draw.uniform(0, modules - length) for _ in range(2))
        marks = ((0, 0), (modules - 8, 0), (0, modules - 8))
        if not any(x < left + 8 and x + length > left and y < top + 8 and y + length > top for left, top in marks):
            return x, y
