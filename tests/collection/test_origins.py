"""Sites that may show the form: origins and nothing else come through, whatever is typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.collection import origins
from survey.errors import PhieuError


def test_sites_are_read_in_one_spelling_each_once() -> None:
    typed = " https://WWW.SoNoiVu.example.gov.vn/ \r\nhttps://www.sonoivu.example.gov.vn:443,https://a.vn:8443;http://localhost:5000"
    assert origins.read(typed) == ("https://www.sonoivu.example.gov.vn", "https://a.vn:8443", "http://localhost:5000")
    assert origins.read("https://đồngtháp.vn") == ("https://xn--ngthp-0qa54ap51s.vn",)
    assert origins.read(" \n ") == ()


@pytest.mark.parametrize(
    "typed",
    [
        "http://www.example.gov.vn",
        "https://*.example.gov.vn",
        "*",
        "'self'",
        "https:",
        "https://",
        "www.example.gov.vn",
        "https://a.vn/khao-sat",
        "https://a.vn?x=1",
        "https://a.vn?",
        "https://a.vn#",
        "https://user@a.vn",
        "https://@a.vn",
        "https://a.vn:0",
        "https://a.vn:99999",
        "https://a_b.vn",
        "https://a..vn",
        "https://[::1]",
        "javascript://a.vn",
        "data:text/html",
        "https://a.vn\x00",
        "https://" + "a" * 64 + ".vn",
        "https://" + "a." * 200 + "vn",
        "https://\ud800.vn",
    ],
)
def test_what_is_no_origin_is_named_and_refused(typed: str) -> None:
    with pytest.raises(PhieuError) as refusal:
        origins.read(f"https://good.vn\n{typed}")
    assert refusal.value.code == "origins_unusable" and len(refusal.value.details) == 1


def test_more_than_twenty_are_refused() -> None:
    twenty = [f"https://s{number}.vn" for number in range(20)]
    assert len(origins.read("\n".join(twenty))) == 20
    for typed in ("\n".join([*twenty, "https://one-more.vn"]), "x " * 201, "x" * 30_000):
        with pytest.raises(PhieuError) as refusal:
            origins.read(typed)
        assert refusal.value.code == "origins_too_many"


@given(st.text(max_size=80))
def test_nothing_comes_through_that_means_anything_in_a_policy(typed: str) -> None:
    for tried in (typed, f"https://{typed}", f"https://a.vn{typed}"):
        try:
            found = origins.read(tried)
        except PhieuError:
            continue
        assert all(
            re.fullmatch(r"https://[a-z0-9.-]+(:\d+)?|http://(localhost|127\.0\.0\.1)(:\d+)?", one) for one in found
        )
