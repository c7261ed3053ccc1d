"""Serials of paper forms: what a clerk types is the serial, or an error, never another form's."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.collection import codes
from survey.errors import PhieuError
from survey.paper import serials

CODE = codes.make(random.Random(7).randbytes)
numbers = st.integers(1, serials.LARGEST)
collectors = st.integers(0, 10**6).map(lambda seed: codes.make(random.Random(seed).randbytes))
letters = st.sampled_from(codes.ALPHABET)


def refused(collector: str, typed: str) -> bool:
    try:
        serials.read(collector, typed)
    except PhieuError as error:
        return error.code == "serial_mistyped"
    return False


def test_a_serial_is_short_and_counts_from_one() -> None:
    serial = serials.make(CODE, 12)
    assert serial[:-1] == "0012" and serial[-1] in codes.ALPHABET
    assert serials.display(serial) == f"0012-{serial[-1]}"


@given(collectors, numbers)
def test_what_is_printed_reads_back(collector: str, number: int) -> None:
    serial = serials.make(collector, number)
    assert serials.read(collector, serial) == number
    assert serials.read(collector, f" {serials.display(serial).lower()} ") == number


def test_lookalikes_full_width_and_stray_marks_are_read() -> None:
    serial = serials.make(CODE, 1010)
    assert serials.read(CODE, serial.replace("0", "O").replace("1", "l")) == 1010
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in serial)
    assert serials.read(CODE, f"{wide[:4]} – {wide[4:]}\u200b") == 1010


@given(collectors, numbers, st.data())
def test_one_wrong_character_is_found(collector: str, number: int, data: st.DataObject) -> None:
    serial = serials.make(collector, number)
    place = data.draw(st.integers(0, len(serial) - 1))
    wrong = data.draw(letters.filter(lambda letter: letter != serial[place]))
    assert refused(collector, serial[:place] + wrong + serial[place + 1 :])


@given(collectors, numbers, st.data())
def test_two_swapped_characters_are_found(collector: str, number: int, data: st.DataObject) -> None:
    serial = list(serials.make(collector, number))
    for apart in (1, 2):
        place = data.draw(st.integers(0, len(serial) - 1 - apart))
        swapped = serial.copy()
        swapped[place], swapped[place + apart] = swapped[place + apart], swapped[place]
        assert swapped == serial or refused(collector, "".join(swapped))


@given(collectors, st.integers(1, 9999), st.data())
def test_a_character_too_few_is_found(collector: str, number: int, data: st.DataObject) -> None:
    serial = serials.make(collector, number)
    place = data.draw(st.integers(0, len(serial) - 1))
    short = serial[:place] + serial[place + 1 :]
    assert refused(collector, short)


@given(numbers, st.text(max_size=60))
def test_any_text_is_a_serial_or_one_clear_error(number: int, typed: str) -> None:
    if not refused(CODE, typed):
        assert serials.make(CODE, serials.read(CODE, typed))


def test_forms_of_another_collector_are_found_but_for_one_in_thirty_two() -> None:
    draw = random.Random(1)
    others = [codes.make(draw.randbytes) for _ in range(3200)]
    taken = sum(not refused(other, serials.make(CODE, 1 + place)) for place, other in enumerate(others))
    assert taken < 3200 / 32 * 1.5


def test_without_its_check_letter_a_typing_error_would_pass() -> None:
    # The control: a bare number tells nothing, so every wrong digit is some other form.
    assert not refused(CODE, serials.make(CODE, 13)) and serials.read(CODE, serials.make(CODE, 13)) != 12


@pytest.mark.parametrize("number", [0, -1, serials.LARGEST + 1])
def test_a_number_no_serial_has_is_refused(number: int) -> None:
    with pytest.raises(PhieuError) as refusal:
        serials.make(CODE, number)
    assert refusal.value.code == "serial_range"


@pytest.mark.parametrize("typed", ["", "0", "٠٠١٢K", "0000" + "0" * 500, "-" * 41, "12", "0012", "²²²²2"])
def test_what_is_no_serial_is_refused(typed: str) -> None:
    assert refused(CODE, typed)
