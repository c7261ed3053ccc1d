"""Single answers as CSV: what a program reads back is what was said, column by column, and nothing in it is live."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.collection.answers import check
from survey.collection.formulas import unguarded
from survey.definition import document, library
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form
from survey.reports.to_csv import BOM, COLUMNS, to_csv
from tests.factories.instruments import instrument, names, raw

SHARED = ("complete", "ABCDEFGHJK", "vi", "1", "2026-10")


def _read(
    versions: Sequence[Questionnaire], *people: dict[str, Any], delimiter: str = ",", number: int = 1
) -> list[dict[str, str]]:
    """The file's rows as a program reads them."""
    shared = (*SHARED[:3], str(number), SHARED[4])
    lines = "\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in people).encode()
    data = b"".join(to_csv([(shared, lines)] if people else [], versions, delimiter))
    assert data.startswith(BOM)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def test_columns_are_those_beside_then_the_questions_in_order() -> None:
    conference = library.load("conference")
    data = b"".join(to_csv([], [conference])).decode("utf-8-sig")
    assert data == ",".join((*COLUMNS, *(one.key for one in conference.variables))) + "\r\n"


def test_codes_stand_as_they_are_and_several_with_a_space() -> None:
    (row,) = _read([instrument("multiple")], {"Q1": ["1", "3"], "Q2": []})
    assert row == dict(zip(COLUMNS, SHARED, strict=True)) | {"Q1": "1 3", "Q2": ""}


@pytest.mark.parametrize(
    "text",
    [
        'Ông nói: "Được, nhưng chậm"; rồi thôi',
        "hai dòng\nở đây",
        '=HYPERLINK("http://x","y")',
        "+1",
        "- Rút ngắn thời gian\n- Giảm giấy tờ",
        "＝1+1",
        "'=1",
        "x,=1+1;=2\t@y",
        "Ễ Ự",
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_texts_come_back_whole_and_begin_no_formula(text: str, delimiter: str) -> None:
    (row,) = _read([instrument("texts")], {"Q1": "", "Q2": text}, delimiter=delimiter)
    assert unguarded(row["Q2"]) == text
    assert row["Q2"][0] not in "=+-@\t\r\n＝＋－＠"
    assert row["Q1"] == ""


def test_what_was_not_asked_is_empty() -> None:
    rows = _read([instrument("routing")], {"Q1": ["4"]}, {"Q1": ["2"], "Q2": "1", "Q3": "Chậm"}, {"Q1": [], "Q4": ""})
    assert [[row[key] for key in ("Q1", "Q2", "Q3", "Q4")] for row in rows] == [
        ["4", "", "", ""],
        ["2", "1", "Chậm", ""],
        ["", "", "", ""],
    ]


def _reversed(name: str) -> Questionnaire:
    value = raw(name)
    value["sections"][0]["questions"].reverse()
    return document.read(value)


def test_columns_follow_the_newest_version_whichever_version_a_row_is_of() -> None:
    older, newest = instrument("texts"), _reversed("texts")
    for number, said in ((1, {"Q1": "một", "Q2": "hai"}), (2, {"Q2": "hai", "Q1": "một"})):
        (row,) = _read([older, newest], said, number=number)
        assert list(row)[5:] == ["Q2", "Q1"]
        assert (row["Q1"], row["Q2"]) == ("một", "hai")


def test_questions_of_older_versions_come_last() -> None:
    (row,) = _read([instrument("texts"), instrument("scale")], {"Q1": "=một", "Q2": "hai"})
    assert list(row)[5:] == ["Q1", "Q2"]
    assert (row["Q1"], row["Q2"]) == ("'=một", "hai")
    (row,) = _read([instrument("texts"), instrument("scale")], {"Q1": "4"}, number=2)
    assert (row["Q1"], row["Q2"]) == ("4", "")


def test_no_answers_make_a_file_with_a_header_alone() -> None:
    assert _read([instrument("single")]) == []


questionnaires = {name: instrument(name) for name in names()} | {name: library.load(name) for name in library.names()}


@st.composite
def stored(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """A questionnaire's name and what several people answered, as the validator stored it."""
    name = draw(st.sampled_from(sorted(questionnaires)))
    people = []
    for _ in range(draw(st.integers(1, 4))):
        said: dict[str, list[str]] = {}
        for one in questionnaires[name].variables:
            if one.form is Form.TEXT:
                said[one.key] = [draw(st.text(max_size=30) | st.text("=+-@;,'\"\n\t a", max_size=12))]
            else:
                said[one.key] = draw(st.lists(st.sampled_from(one.listed.codes), max_size=2))
        people.append(check(questionnaires[name], said).answers)
    return name, people


@given(stored(), st.sampled_from([",", ";"]))
def test_a_program_reads_what_people_said(given_: tuple[str, list[dict[str, Any]]], delimiter: str) -> None:
    name, people = given_
    rows = _read([questionnaires[name]], *people, *people, delimiter=delimiter)
    assert len(rows) == 2 * len(people)
    for row, said in zip(rows, people * 2, strict=True):
        for key, cell in list(row.items())[5:]:
            answer = said.get(key, "")
            assert unguarded(cell) == (" ".join(answer) if isinstance(answer, list) else answer)


@pytest.mark.parametrize(
    "said", ["thường", "có, phẩy; và chấm", "=1", 'ngoặc "kép"', "gạch \\ chéo", "hai\ndòng", "＝1", "", "tab\tở giữa"]
)
def test_whoever_needs_no_care_is_written_as_whoever_does(said: str) -> None:
    """One careful answer in a batch takes the long way with all of it; the lines must be the same."""
    asked = instrument("texts")
    person, careful = {"Q1": said, "Q2": "x"}, {"Q1": "=", "Q2": "y"}
    alone, together = _read([asked], person), _read([asked], person, careful)
    assert alone[0] == together[0]


def test_ticks_are_written_alike_on_both_ways() -> None:
    asked = instrument("multiple")
    (person,), careful = _read([asked], {"Q1": ["1", "3"], "Q2": []}), _read([asked], {"Q1": ["1", "3"], "Q2": []}, {})
    assert person == careful[0] and person["Q1"] == "1 3"
