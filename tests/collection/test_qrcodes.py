"""QR codes: small, exact, and readable off a terminal and as one outline."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from survey.collection import codes, links, qrcodes
from survey.errors import PhieuError

CODE = "7K3QP2MX9T"
URL = links.survey_url("https://ks.example.gov.vn", CODE)

DARK, LIGHT = (28, 28, 30), (250, 248, 240)


def read(image: Image.Image, *, invert: bool = False) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image, try_invert=invert)]


def drawn(matrix: qrcodes.Modules, scale: int = 4) -> Image.Image:
    side = len(matrix) + 2 * qrcodes.QUIET
    image = Image.new("L", (side, side), 255)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            image.putpixel((x + qrcodes.QUIET, y + qrcodes.QUIET), 0 if dark else 255)
    return image.resize((side * scale, side * scale), Image.Resampling.NEAREST)


def test_thirty_eight_characters_fit_version_two_at_level_m() -> None:
    assert len(URL) == 38
    assert len(qrcodes.modules(URL)) == 25
    assert len(qrcodes.modules(links.survey_url("https://ks2.example.gov.vn", CODE))) == 29


def test_lower_case_would_need_a_larger_code() -> None:
    assert len(qrcodes.modules(URL.lower())) > 25


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
@pytest.mark.parametrize(
    "base", ["https://ks.example.gov.vn", "http://192.168.1.20:8000", "https://a.vn/Khao-Sat/phiếu"]
)
def test_every_level_holds_the_exact_address(base: str, level: str) -> None:
    for seed in range(10):
        url = links.survey_url(base, codes.make(random.Random(seed).randbytes))
        found = zxingcpp.read_barcodes(drawn(qrcodes.modules(url, level)))
        assert [(one.text, one.ec_level) for one in found] == [(url, level)]


def test_an_address_no_code_holds_is_refused() -> None:
    with pytest.raises(PhieuError) as refusal:
        qrcodes.modules("HTTPS://" + "A" * 5000)
    assert refusal.value.code == "url_too_long"


def unit_edges(path: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The outlines in steps of one module, each step from its lesser to its greater end."""
    edges = []
    for start_x, start_y, moves in re.findall(r"M(\d+) (\d+)([^z]+)z", path):
        corners = [(int(start_x), int(start_y))]
        for way, length in re.findall(r"([hv])(-?\d+)", moves):
            x, y = corners[-1]
            corners.append((x + int(length), y) if way == "h" else (x, y + int(length)))
        for one, other in pairwise([*corners, corners[0]]):
            (x, y), (to_x, to_y) = sorted((one, other))
            assert x == to_x or y == to_y
            edges += [((x, step), (x, step + 1)) for step in range(y, to_y)] if x == to_x else []
            edges += [((step, y), (step + 1, y)) for step in range(x, to_x)] if y == to_y else []
    return edges


def test_the_outline_fills_exactly_the_dark_modules_and_no_edge_twice() -> None:
    matrix = qrcodes.modules(URL)
    edges = unit_edges(qrcodes.path(matrix))
    assert len(edges) == len(set(edges))
    upright = {start for start, end in edges if start[0] == end[0]}
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            crossed = sum((left, y) in upright for left in range(x + 1))
            assert (crossed % 2 == 1) == dark


def on_terminal(text: str, ink: tuple[int, int, int], ground: tuple[int, int, int]) -> Image.Image:
    """A terminal of cells 8 × 16 with its own colours, which knows the two escapes it needs."""
    palette = {16: (0, 0, 0), 231: (255, 255, 255)}
    lines = text.split("\n")
    columns = max(len(re.sub(r"\x1b\[[\d;]*m", "", line)) for line in lines)
    image = Image.new("RGB", ((columns + 6) * 8, (len(lines) + 4) * 16), ground)
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines, start=2):
        colour, back, column = ink, ground, 3
        for escape, character in re.findall(r"\x1b\[([\d;]*)m|(.)", line):
            if escape == "0":
                colour, back = ink, ground
            elif escape:
                _, _, fore, _, _, behind = map(int, escape.split(";"))
                colour, back = palette[fore], palette[behind]
            else:
                x, y = column * 8, row * 16
                upper, lower = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}[character]
                draw.rectangle((x, y, x + 7, y + 7), colour if upper else back)
                draw.rectangle((x, y + 8, x + 7, y + 15), colour if lower else back)
                column += 1
    return image


@pytest.mark.parametrize(("ink", "ground"), [(LIGHT, DARK), (DARK, LIGHT)], ids=["dark terminal", "light terminal"])
@pytest.mark.parametrize("base", ["https://ks.example.gov.vn", "http://192.168.100.120:8000"])
def test_a_phone_reads_the_code_off_any_terminal(
    base: str, ink: tuple[int, int, int], ground: tuple[int, int, int]
) -> None:
    url = links.survey_url(base, CODE)
    assert read(on_terminal(qrcodes.terminal(url), ink, ground)) == [url]


def test_without_colour_it_reads_on_a_dark_terminal_and_inverted_on_a_light_one() -> None:
    text = qrcodes.terminal(URL, colour=False)
    assert "\x1b" not in text
    assert read(on_terminal(text, LIGHT, DARK)) == [URL]
    assert read(on_terminal(text, DARK, LIGHT)) == []
    assert read(on_terminal(text, DARK, LIGHT), invert=True) == [URL]
