"""Spliced pages: what a browser inflates is byte for byte the page with its value."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.web.pages import spliced

PLACE = "@here@"
texts = st.text(st.characters(exclude_characters="@", exclude_categories=["Cs"]), max_size=3000)


@given(texts, texts, st.binary(max_size=500))
def test_the_gzip_stream_inflates_to_the_plain_page(before: str, after: str, value: bytes) -> None:
    page = spliced(before + PLACE + after, PLACE)
    assert page.plain(value) == before.encode() + value + after.encode()
    assert gzip.decompress(page.gzip(value)) == page.plain(value)


@pytest.mark.parametrize("page", ["nowhere", f"{PLACE} and {PLACE}"])
def test_a_page_without_exactly_one_place_is_refused(page: str) -> None:
    with pytest.raises(ValueError, match="exactly once"):
        spliced(page, PLACE)


def test_a_stream_with_a_changed_value_fails_its_checksum() -> None:
    stream = bytearray(spliced(f"a{PLACE}b", PLACE).gzip(b"token"))
    stream[stream.index(b"token")] ^= 1
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(bytes(stream))
