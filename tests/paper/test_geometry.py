"""Corner marks and geometry: known patterns, a document that reads back, an order that key-in can follow."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from survey.paper import keying, markers
from survey.paper.geometry import Area, Box, Geometry

GEOMETRY = Geometry(
    asked="d" * 64,
    language="vi",
    pages=2,
    boxes=(
        Box("A1", "yes", "1", 1, 1, 23.5, 80.0),
        Box("A1", "no", "2", 1, 1, 60.0, 80.0),
        Box("B1", "1", "1", 3, 2, 23.5, 40.0),
    ),
    areas=(Area("A2", 2, 1, 23.5, 100.0, 170.0, 16.0),),
)


def turned(marker: tuple[tuple[bool, ...], ...], quarters: int) -> tuple[tuple[bool, ...], ...]:
    for _ in range(quarters):
        marker = tuple(zip(*marker[::-1], strict=True))
    return marker


def test_the_first_marker_is_the_one_of_the_dictionary() -> None:
    drawn = ["".join("#" if cell else "." for cell in row) for row in markers.marker(0)]
    assert drawn == ["######", "#.#..#", "##.#.#", "###..#", "###.##", "######"]


def test_no_marker_can_be_taken_for_another_or_for_itself_turned() -> None:
    for one, other, quarters in product(range(4), range(4), range(4)):
        if (one, quarters) != (other, 0):
            pairs = zip(markers.marker(one), turned(markers.marker(other), quarters), strict=True)
            differ = sum(a != b for left, right in pairs for a, b in zip(left, right, strict=True))
            assert differ >= 3


def test_the_document_reads_back_and_other_measures_are_refused() -> None:
    written = GEOMETRY.write()
    assert Geometry.read(written) == GEOMETRY
    with pytest.raises(ValueError, match="measures"):
        Geometry.read({**written, "box": 5.0})


def test_a_box_elsewhere_is_another_form() -> None:
    moved = replace(GEOMETRY, boxes=(replace(GEOMETRY.boxes[0], x=24.5), *GEOMETRY.boxes[1:]))
    assert len(GEOMETRY.form_id) == 6
    assert moved.form_id != GEOMETRY.form_id == replace(GEOMETRY).form_id


def test_key_in_follows_the_numbers_on_the_paper_and_types_what_stands_beside_the_boxes() -> None:
    assert GEOMETRY.questions == ((1, "A1", {"1": "yes", "2": "no"}), (2, "A2", {}), (3, "B1", {"1": "1"}))


@pytest.mark.parametrize(
    ("codes", "marks"),
    [
        (("1", "2", "9"), ("1", "2", "9")),
        (("1", "10"), ("1", "10")),
        (("w1", "w2"), ("1", "2")),
        (("1", "100"), ("1", "2")),
        (("yes", "no"), ("1", "2")),
    ],
)
def test_a_mark_is_the_code_if_a_clerk_can_key_it_else_the_place(
    codes: tuple[str, ...], marks: tuple[str, ...]
) -> None:
    assert keying.marks(codes) == marks
