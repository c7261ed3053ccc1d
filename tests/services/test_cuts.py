"""Data cuts: frozen under a number, the same for ever, refused when damaged, and only for those who may."""

from __future__ import annotations

import io
import threading
from datetime import date

import pytest
from docx import Document
from sqlalchemy import text

from survey.definition import library
from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.services import collectors, series
from survey.services.cuts import about_people, list_cuts, make_cut, read_cut
from survey.services.reporting import report_file
from survey.services.results import open_result
from survey.services.runtime import OPERATOR, Actor, Runtime
from tests.conftest import Clock
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey

REFORM = Actor(name="reform@example.gov.vn", role="reform_team", user_id=7)
STAFF = Actor(name="staff@example.gov.vn", role="staff", user_id=8)
ELSEWHERE = Actor(name="other@example.gov.vn", role="reform_team", user_id=9, units=frozenset({99}))


def conference(runtime: Runtime, people: int = 60) -> str:
    code = open_survey(runtime)
    answer(runtime, code, [{"A1": str(n % 2 + 1), "B7": str(n % 5 + 1)} for n in range(people)])
    release(runtime, "conference")
    return code


def test_a_cut_shows_the_same_figures_whatever_comes_later(any_runtime: Runtime, clock: Clock) -> None:
    code = conference(any_runtime)
    made = make_cut(any_runtime, REFORM, "conference", "  Quý IV ", further=())
    assert (made.number, made.name, made.made_by, made.made_at) == (1, "Quý IV", REFORM.name, clock.at)
    first = read_cut(any_runtime, REFORM, "conference", 1)
    assert made.hash == first.cut.hash
    answer(any_runtime, code, [{"A1": "1", "B7": "1"}] * 30)
    release(any_runtime, "conference")
    clock.advance(days=2)
    second = make_cut(any_runtime, REFORM, "conference", further=())
    assert (second.number, second.hash != made.hash, second.digest != made.digest) == (2, True, True)
    assert read_cut(any_runtime, REFORM, "conference", 1) == first
    assert read_cut(any_runtime, REFORM, "conference", 2).released == 90
    assert list_cuts(any_runtime, REFORM, "conference") == (second, made)


def test_a_cut_is_the_open_result_with_participation_and_further_breakdowns(runtime: Runtime) -> None:
    code = conference(runtime)
    make_cut(runtime, REFORM, "conference", further=("A1",))
    cut = read_cut(runtime, REFORM, "conference", 1)
    opened = open_result(runtime, REFORM, "conference")
    by_a1 = open_result(runtime, REFORM, "conference", by="A1")
    assert (cut.questions, cut.indexes, cut.breakdowns) == (opened.questions, opened.indexes, ())
    assert cut.further == by_a1.breakdowns
    assert [(one.code, one.completed) for one in cut.channels] == [(code, 60)]


def test_what_stands_as_by_is_not_repeated_among_the_further_ones(runtime: Runtime) -> None:
    conference(runtime)
    found = open_result(runtime, REFORM, "conference", by="A1", further=("A1", "A2"))
    assert {one.by for one in found.breakdowns} == {"A1"}
    assert {one.by for one in found.further} == {"A2"}


def test_by_itself_a_cut_is_broken_down_by_collector_and_by_who_answers(runtime: Runtime) -> None:
    conference(runtime)
    make_cut(runtime, REFORM, "conference")
    one_collector = read_cut(runtime, REFORM, "conference", 1)
    assert list(dict.fromkeys(one.by for one in one_collector.further)) == ["A1", "A2", "A3", "A4"]
    answer(runtime, collectors.add(runtime, OPERATOR, "conference", "counter", "Quầy 1"), [{"B7": "5"}] * 20)
    release(runtime, "conference")
    make_cut(runtime, REFORM, "conference")
    assert "@collector" in {one.by for one in read_cut(runtime, REFORM, "conference", 2).further}


@pytest.mark.parametrize(
    ("template", "keys"),
    [("conference", "A1 A2 A3 A4"), ("one-stop-short", "G1 G2 G3"), ("one-tap", ""), ("online", "O1 O2 O3 O4 O5")],
)
def test_who_answers_is_asked_in_the_opening_section(template: str, keys: str) -> None:
    assert about_people(library.load(template)) == tuple(keys.split())


def test_a_damaged_cut_is_refused(runtime: Runtime) -> None:
    conference(runtime)
    make_cut(runtime, REFORM, "conference", further=())
    # What no service does: another program reaches into the database.
    damage = text("UPDATE data_cut SET result = replace(result, '\\:60', '\\:61')")
    runtime.database.write(lambda session: session.connection().execute(damage) and None)
    with pytest.raises(Conflict) as refusal:
        read_cut(runtime, REFORM, "conference", 1)
    assert refusal.value.code == "cut_damaged"
    assert len(list_cuts(runtime, REFORM, "conference")) == 1


def test_a_cut_of_another_survey_put_in_its_place_is_refused(runtime: Runtime) -> None:
    conference(runtime)
    open_survey(runtime, slug="other")
    make_cut(runtime, REFORM, "conference", further=())
    move = text("UPDATE data_cut SET survey_id = (SELECT id FROM survey WHERE slug = 'other')")
    runtime.database.write(lambda session: session.connection().execute(move) and None)
    with pytest.raises(Conflict) as refusal:
        read_cut(runtime, REFORM, "other", 1)
    assert refusal.value.code == "cut_damaged"


def test_two_people_who_freeze_at_once_get_two_numbers(any_runtime: Runtime) -> None:
    conference(any_runtime)
    numbers: list[int] = []
    threads = [
        threading.Thread(target=lambda: numbers.append(make_cut(any_runtime, REFORM, "conference", further=()).number))
        for _ in range(2)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(numbers) == [1, 2]


def test_there_is_nothing_to_freeze_under_five_released_answers(runtime: Runtime) -> None:
    code = open_survey(runtime)
    answer(runtime, code, [{"B7": "5"}] * 4)
    release(runtime, "conference")
    with pytest.raises(Conflict) as refusal:
        make_cut(runtime, REFORM, "conference")
    assert refusal.value.code == "cut_empty"


def test_only_those_who_may_see_results_freeze_and_read_them(runtime: Runtime) -> None:
    conference(runtime)
    make_cut(runtime, REFORM, "conference", further=())
    for work in (
        lambda actor: make_cut(runtime, actor, "conference", further=()),
        lambda actor: list_cuts(runtime, actor, "conference"),
        lambda actor: read_cut(runtime, actor, "conference", 1),
    ):
        with pytest.raises(NotAllowed):
            work(STAFF)
        with pytest.raises(NotFound):
            work(ELSEWHERE)


def test_an_unknown_number_is_not_found(runtime: Runtime) -> None:
    conference(runtime)
    make_cut(runtime, REFORM, "conference", further=())
    for number in (0, -1, 2, 2**31, 10**30):
        with pytest.raises(NotFound):
            read_cut(runtime, REFORM, "conference", number)


def test_what_cannot_be_frozen_is_said_clearly(runtime: Runtime) -> None:
    conference(runtime)
    cases: list[tuple[str, tuple[str, ...], str]] = [
        ("", ("NOPE",), "question_unknown"),
        ("", tuple(f"X{n}" for n in range(9)), "breakdowns_too_many"),
        ("x" * 201, (), "text_too_long"),
    ]
    for name, further, code in cases:
        with pytest.raises(PhieuError) as refusal:
            make_cut(runtime, REFORM, "conference", name, further=further)
        assert refusal.value.code == code
    assert list_cuts(runtime, REFORM, "conference") == ()


def test_a_cut_freezes_the_place_in_a_series_up_to_its_own_wave(runtime: Runtime) -> None:
    series.create(runtime, OPERATOR, "yearly", "Hằng năm")
    for year, slug, level in ((2025, "before", "3"), (2026, "conference", "5"), (2027, "after", "1")):
        answer(
            runtime, open_survey(runtime, slug=slug), [{"A1": "1", "B7": level}] * 40 + [{"A1": "1", "B7": "4"}] * 20
        )
        release(runtime, slug)
        series.put(runtime, OPERATOR, slug, "yearly", f"năm {year}", date(year, 10, 1))
    make_cut(runtime, REFORM, "conference", further=())
    frozen = {one.measure: one for one in read_cut(runtime, REFORM, "conference", 1).series}
    assert [point.survey for point in frozen["B7"].points] == ["before", "conference"]
    change = frozen["B7"].points[1].change
    assert change is not None and change.shown
    told = Document(io.BytesIO(report_file(runtime, REFORM, "conference", ".docx", cut=1)))
    said = " ".join(one.text for one in told.paragraphs)
    assert "tăng 66,7 điểm phần trăm so với năm 2025" in said
    cells = [[cell.text for cell in row.cells] for table in told.tables for row in table.rows]
    assert next(row for row in cells if row[1].startswith("Nhìn chung, Quý vị hài lòng với Hội nghị"))[-1] == "+66,7"
