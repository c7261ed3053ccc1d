"""Personal data is found by its shape. The written set was made by whoever made the rules, and the generated one
follows the same shapes, so what is measured here is an upper bound of what happens with real comments; what is not
found at all stands in a test of its own."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.comments.personal import KINDS, Hit, find, masked, parts
from survey.texts import texts
from tests.comments.given import Gold, generated, written

GENERATED = 20_000 if os.environ.get("PHIEU_PROVE") else 1_500


def measured(golds: Sequence[Gold]) -> tuple[float, float]:
    """Recall: how many pieces of personal data are masked to the last letter and figure. Precision: how many masks hold
    personal data."""
    whole = wanted = right = hits = 0
    for text, places in golds:
        found = find(text)
        hidden = {n for hit in found for n in range(hit.start, hit.end)}
        private = {n for place in places for n in range(*place)}
        whole += sum(all(n in hidden or not text[n].isalnum() for n in range(*place)) for place in places)
        right += sum(any(n in private for n in range(hit.start, hit.end)) for hit in found)
        wanted, hits = wanted + len(places), hits + len(found)
    return whole / wanted, right / hits


def test_what_people_write_of_themselves_and_others_is_found() -> None:
    recall, precision = measured(written())
    assert len(written()) > 110
    assert recall == 1.0 and precision > 0.98


def test_what_is_put_together_by_chance_is_found() -> None:
    recall, precision = measured(generated(GENERATED, seed=20261016))
    assert recall > 0.995 and precision > 0.995


def test_a_search_for_ten_digits_alone_would_miss_much() -> None:
    """Negative control of the measure."""

    def naive(text: str) -> tuple[Hit, ...]:
        return tuple(Hit(*match.span(), "phone") for match in re.finditer(r"\b0\d{9}\b", text))

    golds = written()
    hidden = sum(bool(naive(text)) for text, _ in golds)
    assert hidden < 0.1 * sum(len(places) for _, places in golds)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("Gọi 0912 345 678 gặp chị Lan.", "Gọi [số điện thoại] gặp chị [tên người]."),
        ("0912345678,0987654321", "[số điện thoại],[số điện thoại]"),
        ("0912345678 0987654321 0351234567", "[số điện thoại] [số điện thoại] [số điện thoại]"),
        ("CCCD 087199001234 ngày 16.10.2026", "CCCD [số giấy tờ tùy thân] ngày 16.10.2026"),
        ("a@b.vn", "[địa chỉ email]"),
        ("Không có gì", "Không có gì"),
        ("", ""),
    ],
)
def test_a_mask_says_what_stood_there(text: str, public: str) -> None:
    assert masked(text, texts("vi")) == public


def test_what_a_person_confirmed_stays() -> None:
    text = "Cảm ơn anh Nam và chị Lan"
    assert masked(text, texts("en"), {"Nam"}) == "Cảm ơn anh Nam và chị [name of a person]"


def test_what_is_not_found_is_known() -> None:
    """Limits that the module states: small letters without a family name, numbers in words, places."""
    for text in (
        "anh nam ở quầy 3",
        "gọi không chín một hai ba bốn năm",
        "nhà tôi ở sau chợ, gần cầu sắt",
        "Bích Trâm làm việc tốt",
    ):
        assert find(text) == ()


@given(st.text(max_size=400))
def test_stretches_are_the_text_again(text: str) -> None:
    assert "".join(part.text for part in parts(text)) == text
    hits = find(text)
    assert all(one.end <= other.start for one, other in pairwise(hits))
    assert {hit.kind for hit in hits} <= set(KINDS)


@given(st.sampled_from(written()), st.sampled_from(written()))
def test_masking_what_is_masked_finds_nothing_more(one: Gold, other: Gold) -> None:
    t = texts("vi")
    public = masked(f"{one[0]}\n{other[0]}", t)
    assert masked(public, t) == public


def test_composed_and_decomposed_letters_are_masked_alike() -> None:
    text = "Cảm ơn chị Nguyễn Thị Lan, số 0912345678"
    apart = unicodedata.normalize("NFD", text)
    assert "Lan" not in masked(unicodedata.normalize("NFC", apart), texts("vi"))
    assert "0912345678" not in masked(apart, texts("vi"))


PIECES = (
    *(
        "a",
        "A",
        "0",
        "0 ",
        "0.",
        "0-",
        "a@",
        "@",
        "a.",
        "anh ",
        "anh A",
        "N ",
        "Nguyễn ",
        "Nguyễn Văn ",
        "tên ",
        "tên là ",
    ),
    *("hồ sơ số ", "A1-", "11.", "H20.", "(", "+", "66C1-", "sinh ngày ", "fb.com/", "ữ", "\u0300", "[…]", " ", "\n"),
)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4), st.sampled_from((2_000, 20_000)))
def test_no_repeated_text_takes_long(pieces: list[str], length: int) -> None:
    unit = "".join(pieces)
    text = (unit * (length // len(unit) + 1))[:length]
    before = time.process_time()
    find(text)
    # It takes a tenth of a second; a pattern that tries every way to match would take hours.
    assert time.process_time() - before < 5
