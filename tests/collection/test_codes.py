"""Short codes: what a typing error cannot slip past."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.collection import codes
from survey.errors import NotFound, PhieuError

letters = st.sampled_from(codes.ALPHABET)
made = st.binary(min_size=9, max_size=9).map(lambda drawn: codes.make(lambda _: drawn))


def accepted(typed: str) -> bool:
    try:
        codes.canonical(typed)
    except PhieuError:
        return False
    return True


def plain_checksum(code: str) -> bool:
    """The negative control: the sum of the letters modulo 32."""
    return sum(map(codes.ALPHABET.index, code[:-1])) % 32 == codes.ALPHABET.index(code[-1])


def test_alphabet_is_crockfords_and_leaves_out_what_is_misread() -> None:
    assert len(set(codes.ALPHABET)) == 32
    assert not set("ILOU") & set(codes.ALPHABET)


@pytest.mark.parametrize(
    ("body", "check"), [("000000000", "0"), ("000000001", "2"), ("00000000G", "5"), ("000000010", "4")]
)
def test_check_letter_of_bodies_worked_out_by_hand(body: str, check: str) -> None:
    # 2·1 = 2; 2·16 = 32 = x⁵ ≡ x² + 1 = 5; 2·(2·1) = 4
    assert codes.check_letter(body) == check


def test_every_letter_is_equally_likely() -> None:
    drawn = [codes.make(lambda count, byte=byte: bytes([byte] * count))[0] for byte in range(256)]
    assert {drawn.count(letter) for letter in codes.ALPHABET} == {8}


@given(made)
def test_a_made_code_is_its_own_canonical_form(code: str) -> None:
    assert len(code) == codes.LENGTH
    assert codes.canonical(code) == code


@given(made, st.data())
def test_case_hyphens_spaces_and_full_width_letters_do_not_matter(code: str, data: st.DataObject) -> None:
    spellings = {
        "0": "0Oo0",
        "1": "1IiLl1",
    }
    typed = ""
    for letter in code:
        wide = chr(ord(letter) + 0xFEE0)
        typed += data.draw(st.sampled_from(spellings.get(letter, letter + letter.lower() + wide)))
        typed += data.draw(st.sampled_from(["", "", " ", "-", "–", "\u00a0", "\u3000", "\u200b"]))
    assert codes.canonical(typed) == code


def test_every_single_wrong_letter_is_found_everywhere() -> None:
    for code in (codes.make(random.Random(seed).randbytes) for seed in range(40)):
        for place, letter in itertools.product(range(codes.LENGTH), codes.ALPHABET):
            typed = code[:place] + letter + code[place + 1 :]
            assert accepted(typed) == (typed == code)


@pytest.mark.parametrize("apart", [1, 2])
def test_every_swap_of_letters_next_to_or_one_apart_is_found(apart: int) -> None:
    # The state before the two letters is any of 32, the letters any pair: this is every case there is.
    for before, first, second in itertools.product(codes.ALPHABET, repeat=3):
        between = "7" * (apart - 1)
        body = before + first + between + second
        swapped = before + second + between + first
        assert (codes.check_letter(body) == codes.check_letter(swapped)) == (first == second)


@pytest.mark.parametrize("apart", [1, 2])
def test_every_twin_error_is_found(apart: int) -> None:
    for before, first, second in itertools.product(codes.ALPHABET, repeat=3):
        between = "7" * (apart - 1)
        body, twin = (before + letter + between + letter for letter in (first, second))
        assert (codes.check_letter(body) == codes.check_letter(twin)) == (first == second)


@given(made, st.integers(0, 8))
def test_swaps_that_touch_the_check_letter_are_found_in_whole_codes(code: str, place: int) -> None:
    for other in {place + 1, min(place + 2, 9)}:
        typed = list(code)
        typed[place], typed[other] = typed[other], typed[place]
        assert accepted("".join(typed)) == ("".join(typed) == code)


def test_a_plain_checksum_would_miss_swaps() -> None:
    body = "7K3QP2MX9"
    control = next(body + letter for letter in codes.ALPHABET if plain_checksum(body + letter))
    swapped = control[1] + control[0] + control[2:]
    assert plain_checksum(control)
    assert plain_checksum(swapped)
    assert codes.check_letter(control[:-1]) != codes.check_letter(swapped[:-1])


@pytest.mark.parametrize(
    "typed",
    ["", "7", "7K3QP-2MX9", "7K3QP-2MX9T7", "UUUUU-UUUUU", "Đ" * 10, "0" * 100_000, "7K3QP/2MX9T", "\ud800" * 10],
)
def test_what_cannot_be_a_code_is_refused_with_a_remedy(typed: str) -> None:
    with pytest.raises(NotFound) as refusal:
        codes.canonical(typed)
    assert refusal.value.code == "code_mistyped"
    assert refusal.value.remedy


@given(st.text())
def test_any_text_is_a_code_or_refused(typed: str) -> None:
    try:
        code = codes.canonical(typed)
    except NotFound:
        return
    assert codes.check_letter(code[:-1]) == code[-1]


def test_shown_in_two_halves() -> None:
    assert codes.display("7K3QP2MX9T") == "7K3QP-2MX9T"
