"""The fonts documents are set in, and which characters they can show. Typst drops a missing glyph without a word,
so every string passes here first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # fontTools ships no types

from survey.config import ROOT
from survey.errors import PhieuError

FAMILIES = ("Be Vietnam Pro", "DejaVu Sans")
"""Names for templates and charts: the text font, then the one for symbols."""

BOX = "□"
"""Stands for a character no font can show."""

_FILES = (
    ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-{}.ttf", ("Regular", "Italic", "Medium", "SemiBold", "Bold")),
    ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans{}.ttf", ("", "-Bold", "-Oblique", "-BoldOblique")),
)
"""Package, file within it, styles."""

_STYLES = ("Regular", "Italic", "Bold", "BoldItalic")
_OWN = tuple(ROOT / f"static/fonts/{name}.ttf" for name in (f"LiberationSerif-{style}" for style in _STYLES))
"""No package has these; OFL.txt beside them is their licence."""

_LAYOUT = frozenset("\n\t\u00ad\u200b")
"""Needs no glyph: line break, tab, soft hyphen, break opportunity."""


@lru_cache
def font_files() -> tuple[Path, ...]:
    """Every font file a document may use, from the packages that ship them and our own; raises PhieuError
    ``fonts_missing``."""
    packaged = (
        Path(_folder(package), pattern.format(style)) for package, pattern, styles in _FILES for style in styles
    )
    files = (*packaged, *_OWN)
    if absent := tuple(file.name for file in files if not file.is_file()):
        raise PhieuError("fonts_missing", "Fonts for documents are missing.", "Install again: make install.", absent)
    return files


@lru_cache
def coverage() -> frozenset[int]:
    """Code points that every weight of at least one family shows."""
    covered: dict[str, set[int]] = {}
    for path in font_files():
        with TTFont(path, lazy=True) as font:
            points = set(font.getBestCmap())
        family = path.name.split("-")[0].removesuffix(".ttf")
        covered[family] = covered[family] & points if family in covered else points
    return frozenset().union(*covered.values())


def missing(strings: Iterable[str]) -> tuple[str, ...]:
    """Characters of ``strings`` (after NFC) that no font shows, each once, in order of appearance."""
    return tuple(dict.fromkeys(c for string in strings for c in _composed(string) if not _shown(c)))


def presentable(string: str) -> str:
    """``string`` in NFC, invisible formatting characters taken out, and a box for every character no font shows."""
    return "".join(c if _shown(c) else BOX for c in _composed(string))


def name(character: str) -> str:
    """How an error names it: ``U+1F600 GRINNING FACE``."""
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def _folder(package: str) -> str:
    spec = find_spec(package)
    return next(iter((spec and spec.submodule_search_locations) or ()), package)


def _composed(string: str) -> str:
    kept = (c for c in string.replace("\r\n", "\n") if c in _LAYOUT or not _invisible(c))
    return unicodedata.normalize("NFC", "".join(kept))


def _invisible(character: str) -> bool:
    """Joiners, direction marks and variation selectors: they choose a glyph or an order and have none of their own."""
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return selector or unicodedata.category(character) == "Cf"


def _shown(character: str) -> bool:
    return character in _LAYOUT or (ord(character) in coverage() and unicodedata.category(character) != "Cc")
