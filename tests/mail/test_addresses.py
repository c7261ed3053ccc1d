"""Lists of addresses as offices have them: one a line, wherever in it; what is none is told by its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.mail import addresses


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("lan@example.vn", "lan@example.vn"),
        ("  Lan.Nguyen+ks@EXAMPLE.vn ;", "lan.nguyen+ks@example.vn"),
        ("Nguyễn Thị Lan <lan@example.vn>", "lan@example.vn"),
        ('"Lan, Nguyễn";lan@example.vn;Sở Nội vụ', "lan@example.vn"),
        ("1\tLan\tlan@example.vn\t0912", "lan@example.vn"),
        ("mailto:lan@example.vn", "lan@example.vn"),
        ("lan@đồngtháp.vn", "lan@xn--ngthp-0qa54ap51s.vn"),
        ("o'brien@example.org", "o'brien@example.org"),
    ],
)
def test_an_address_is_found_in_its_line(line: str, expected: str) -> None:
    assert addresses.read(line) == addresses.Listed((expected,), (), 0)


@pytest.mark.parametrize(
    "line",
    [
        "@example.vn",
        "lan@",
        "lan@example",
        "lan@@example.vn",
        "lân@example.vn",
        "lan@example..vn",
        ".lan@example.vn",
        "lan@-example.vn",
        "lan@127.0.0.1",
        "lan@[127.0.0.1]",
        "lan@exa_mple.vn",
        "lan\x00@example.vn",
        "lan\u202e@example.vn",
        "a" * 65 + "@example.vn",
        "lan@" + "a" * 64 + ".vn",
        "lan@" + "a." * 130 + "vn",
        "x" * 5_000 + "@example.vn",
        "lan@example.vn\x7f",
    ],
)
def test_what_is_none_is_told_by_its_line_and_never_mended(line: str) -> None:
    found = addresses.read(f"ok@example.vn\n{line}")
    assert found.addresses == ("ok@example.vn",) and [number for number, _ in found.wrong] == [2]


def test_names_of_columns_and_empty_lines_are_passed_over_and_repetitions_counted() -> None:
    text = "\ufeffTên,Địa chỉ\r\n\r\nLan,lan@example.vn\r\n,,\r\nLan,LAN@Example.VN\r\n"
    assert addresses.read(text) == addresses.Listed(("lan@example.vn",), (), 1)
    assert addresses.read("lan@example.vn\nTên,Địa chỉ").wrong == ((2, "Tên,Địa chỉ"),)


def test_a_long_list_is_read_in_order() -> None:
    people = [f"nguoi{number}@example.vn" for number in range(addresses.MOST)]
    assert addresses.read("\n".join(people)).addresses == tuple(people)


@given(st.text(max_size=200))
def test_whatever_a_list_holds_only_plain_addresses_come_out(text: str) -> None:
    for tried in (text, f"{text}@example.vn", f"lan@{text}.vn"):
        for one in addresses.read(tried).addresses:
            assert one.isascii() and one.isprintable() and one == one.lower() and one.count("@") == 1
            assert not set(one) & set(' <>"(),:;\\[]\r\n') and addresses.canonical(one) == one
