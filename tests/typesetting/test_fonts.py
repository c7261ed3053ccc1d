"""Fonts: every Vietnamese letter in every weight, and the names of what is missing."""

from __future__ import annotations

import unicodedata
from itertools import product

from fontTools.ttLib import TTFont

from survey.typesetting import font_files, fonts

VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, TONES)] + ["đ", "Đ"]


def test_every_vietnamese_letter_is_in_every_file() -> None:
    assert len(set(LETTERS)) == 146
    for path in font_files():
        with TTFont(path, lazy=True) as font:
            assert {ord(letter) for letter in LETTERS} <= set(font.getBestCmap()), path.name


def test_both_ways_of_writing_a_letter_are_shown_the_same() -> None:
    decomposed = unicodedata.normalize("NFD", "".join(LETTERS))
    assert fonts.presentable(decomposed) == "".join(LETTERS)
    assert fonts.missing([decomposed]) == ()


def test_symbols_that_sheets_use_are_there() -> None:
    assert fonts.missing(["✓ □ – — × · … “ ” ≥ ≤ → ₫ € ½"]) == ()


def test_what_is_missing_is_named_once_in_order() -> None:
    lacking = fonts.missing(["a龍b", "한龍"])
    assert lacking == ("龍", "한")
    assert fonts.name(lacking[1]) == "U+D55C HANGUL SYLLABLE HAN"


def test_invisible_characters_are_taken_out_and_line_breaks_kept() -> None:
    assert fonts.presentable("a\u202eb\ufe0f\u200d\r\nc\td\u00ade\u200bf\ufeff") == "ab\nc\td\u00ade\u200bf"


def test_control_characters_and_lone_surrogates_are_boxes() -> None:
    assert fonts.presentable("\x00\x1b\udfff") == "□□□"
