"""Double entry: who keys what again, what the two read differently, and what is stored once that is settled."""

from __future__ import annotations

import pytest

from survey.errors import Conflict, NotFound
from survey.services import batches, double_entry
from survey.services.double_entry import differences
from survey.services.runtime import Runtime
from survey.statistics.proportions import wilson
from tests.services.test_keying import GOOD, HOA, LAN, Pile

WRONG = {**GOOD, "B1": ["2"]}


def closed(runtime: Runtime, sheets: int, percent: int) -> Pile:
    pile = Pile(runtime, percent=percent)
    for number in range(sheets):
        pile.key(f"S{number}")
    batches.close_batch(runtime, LAN, pile.batch)
    return pile


def test_the_sample_is_drawn_at_closing_and_stays(any_runtime: Runtime) -> None:
    pile = Pile(any_runtime, percent=25)
    for number in range(10):
        pile.key(f"S{number}")
    assert (pile.report().drawn, pile.report().for_me) == (0, ())
    batches.close_batch(any_runtime, LAN, pile.batch)
    report = pile.report()
    assert report.drawn == len(report.for_me) == 3
    assert pile.report() == report
    assert pile.report(LAN).for_me == ()  # nobody checks themselves
    with pytest.raises(NotFound, match="not drawn"):
        pile.again(next(f"S{n}" for n in range(10) if f"S{n}" not in report.for_me), GOOD)
    with pytest.raises(Conflict, match="yourself"):
        pile.again(report.for_me[0], GOOD, by=LAN)


def test_samples_differ_from_pile_to_pile_and_take_every_place(runtime: Runtime) -> None:
    pile = closed(runtime, 8, 25)
    seen = set(pile.report().for_me)
    for _ in range(12):
        pile.batch = batches.open_batch(runtime, LAN, pile.code, "Tập nữa", None, 25)
        for number in range(8):
            pile.key(f"S{number}")
        batches.close_batch(runtime, LAN, pile.batch)
        seen |= set(pile.report().for_me)
    assert len(seen) == 8


def test_equal_readings_need_nothing_and_a_wrong_key_is_found(any_runtime: Runtime) -> None:
    pile = closed(any_runtime, 2, 100)
    assert pile.again("S0", GOOD) == 0
    assert pile.again("S1", WRONG, number=77) == 1
    assert pile.again("S1", WRONG, number=77) == 1  # sent again
    with pytest.raises(Conflict, match="already"):
        pile.again("S1", GOOD)
    report = pile.report()
    assert (report.drawn, report.done, report.for_me, dict(report.by_question)) == (2, 2, (), {"B1": 1})
    (found,) = report.open
    assert (found.serial, found.first_by, found.second_by) == ("S1", LAN.name, HOA.name)
    assert dict(found.answers) == {"B1": ("4", "2")}
    assert {one.name: (one.sheets, one.wrong, one.open) for one in report.clerks} == {
        LAN.name: (2, 0, 1),
        HOA.name: (2, 0, 1),
    }


def test_where_the_second_is_right_the_answer_is_stored_anew(any_runtime: Runtime) -> None:
    pile = closed(any_runtime, 2, 100)
    pile.again("S0", {**WRONG, "A1": ["1"]})
    (found,) = pile.report().open
    pile.settle(found.sheet_id, ["B1"])
    now = {status: said for status, said in pile.stored() if said["B1"] == "2" or status == "withdrawn"}
    assert now["complete"]["A1"] == "5"  # settled for the first
    assert now["withdrawn"]["B1"] == "4"
    assert sorted(status for status, _ in pile.stored()) == ["complete", "complete", "withdrawn"]
    report = pile.report()
    assert report.open == () and dict(report.by_question) == {"A1": 1, "B1": 1}
    lan, hoa = sorted(report.clerks, key=lambda one: one.name != LAN.name)
    assert (lan.wrong, lan.wrong_sheets, lan.interval) == (1, 1, wilson(1, 1))
    assert (hoa.wrong, hoa.wrong_sheets) == (1, 1)
    assert lan.compared == sum(one.closed for one in pile.doors.version(pile.version).questionnaire.variables)
    # What the two read is not kept once it is settled.
    assert '"2"' not in (pile.sheets()[0].second_answers or "")
    with pytest.raises(Conflict):
        pile.settle(found.sheet_id, ["B1"])
    _, counts = batches.totals(any_runtime, LAN, pile.batch)
    assert next(one for one in counts if one.key == "B1").codes == {"2": 1, "4": 1}


def test_a_closed_batch_stays_in_the_list_of_work_until_it_is_settled(any_runtime: Runtime) -> None:
    pile = closed(any_runtime, 2, 100)

    def work() -> list[tuple[int, int]]:
        return [(one.to_check, one.unsettled) for one in batches.list_batches(any_runtime, HOA)]

    assert work() == [(2, 0)]
    pile.again("S0", GOOD)
    pile.again("S1", WRONG)
    assert work() == [(0, 1)]
    pile.settle(pile.report().open[0].sheet_id, [])
    assert work() == []
    assert [one.keyed for one in batches.list_batches(any_runtime, HOA, pile.code)] == [2]


def test_where_the_first_is_right_the_answer_stays(any_runtime: Runtime) -> None:
    pile = closed(any_runtime, 1, 100)
    pile.again("S0", WRONG)
    (found,) = pile.report().open
    pile.settle(found.sheet_id, [])
    assert [status for status, _ in pile.stored()] == ["complete"]
    assert {one.name: one.wrong for one in pile.report().clerks} == {LAN.name: 0, HOA.name: 1}


def test_a_reading_that_opens_other_questions_brings_their_answers(runtime: Runtime) -> None:
    pile = Pile(runtime, percent=100)
    pile.key("S0", {"A4": ["4"]})
    batches.close_batch(runtime, LAN, pile.batch)
    pile.again("S0", {"A4": ["1"], "C1": ["5"]})
    (found,) = pile.report().open
    assert found.answers["A4"] == (["4"], ["1"]) and found.answers["C1"] == (None, "5")
    pile.settle(found.sheet_id, list(found.answers))
    assert next(said for status, said in pile.stored() if status == "complete")["C1"] == "5"


def test_nothing_is_corrected_in_a_closed_survey(runtime: Runtime) -> None:
    from survey.services import authoring
    from survey.services.runtime import OPERATOR

    pile = closed(runtime, 1, 100)
    pile.again("S0", WRONG)
    authoring.close(runtime, OPERATOR, "conference")
    (found,) = pile.report().open
    with pytest.raises(Conflict, match="corrected"):
        pile.settle(found.sheet_id, ["B1"])
    assert [said["B1"] for _, said in pile.stored()] == ["4"]
    assert len(pile.report().open) == 1


def test_words_differ_where_letters_do() -> None:
    assert differences({"E1": "Tốt,  lắm."}, {"E1": "tốt lắm"}) == {}
    assert differences({"E1": "tốt"}, {"E1": "tót"}) == {"E1": ("tốt", "tót")}
    assert differences({"A4": []}, {}) == {}
    assert differences({"A4": ["1"]}, {"A4": ["1", "2"]}) == {"A4": (["1"], ["1", "2"])}
    assert double_entry.differences({"A1": ""}, {"A1": "1"}) == {"A1": ("", "1")}
