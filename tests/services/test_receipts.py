"""What a receipt allows: withdrawing, answering again, erasing; results change by five people or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from survey.collection import receipts as codes
from survey.errors import Conflict, NotFound
from survey.services import authoring, collecting, collectors, exporting, receipts
from survey.services.collecting import Refused, Stored
from survey.services.doors import Doors, Version
from survey.services.releasing import LEAST
from survey.services.results import open_raw, open_result
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.matrix import MatrixStore
from survey.storage.models import Response
from survey.storage.queries.doors import Door
from tests.factories.surveys import open_survey

SLUG = "ratings"


class Hall:
    """People who answer one question and keep their receipts."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.code = open_survey(runtime, slug=SLUG, instrument="lecture_ratings")
        doors = Doors(runtime)
        self.door: Door = doors.find(self.code)
        assert self.door.version_id is not None
        self.version: Version = doors.version(self.door.version_id)
        self.keys = iter(range(1, 10_000))

    def answer(self, rating: str, number: int = 1, replaces: bytes | None = None) -> list[str]:
        kept = []
        for _ in range(number):
            outcome = self.send({"rating": [rating]}, replaces)
            assert isinstance(outcome, Stored)
            kept.append(outcome.receipt)
        return kept

    def send(self, given: dict[str, list[str]], replaces: bytes | None = None) -> Stored | Refused:
        key = next(self.keys).to_bytes(16, "big")
        return collecting.submit(self.runtime, self.door, self.version, key, given, "vi", replaces=replaces)

    def released(self, receipts_given: list[str]) -> list[str]:
        """Those of these receipts whose answers results hold."""
        with self.runtime.database.reading() as session:
            held = set(session.scalars(select(Response.receipt_hash).where(Response.release_number.is_not(None))))
        return [one for one in receipts_given if codes.receipt_hash(one) in held]

    def counts(self) -> dict[str, int]:
        """What results say of the question."""
        found = open_result(self.runtime, OPERATOR, SLUG).question("rating").figures.counts
        return dict(found or {})


@pytest.fixture
def hall(any_runtime: Runtime) -> Hall:
    return Hall(any_runtime)


def test_a_withdrawal_before_any_release_never_reaches_results(hall: Hall, any_runtime: Runtime) -> None:
    (mine,) = hall.answer("1")
    receipts.withdraw(any_runtime, mine)
    receipts.withdraw(any_runtime, codes.display(mine).lower())
    found = receipts.fate(any_runtime, mine)
    assert isinstance(found, receipts.Fate) and (found.status, found.in_figures) == ("withdrawn", False)
    hall.answer("5", 20)
    assert hall.counts()["1"] == 0
    assert dict(open_raw(any_runtime, OPERATOR, SLUG).responses) == {"complete": 20, "withdrawn": 1}


def test_fewer_than_five_withdrawals_change_no_figure_and_five_do(hall: Hall, any_runtime: Runtime) -> None:
    given = hall.answer("4", 30)
    before = hall.counts()
    taken = hall.released(given)
    assert before["4"] == 25 == len(taken)
    for number, one in enumerate(taken[: LEAST - 1], 1):
        receipts.withdraw(any_runtime, one)
        assert hall.counts() == before
        live = dict(open_result(any_runtime, OPERATOR, SLUG).responses)
        assert live == {"complete": 30 - number, "withdrawn": number}
    receipts.withdraw(any_runtime, taken[LEAST - 1])
    assert hall.counts()["4"] == 20
    assert dict(open_result(any_runtime, OPERATOR, SLUG).responses) == {"complete": 25, "withdrawn": 5}


def test_results_after_changes_are_those_of_a_matrix_made_anew(hall: Hall, any_runtime: Runtime) -> None:
    given = hall.answer("2", 15) + hall.answer("5", 15)
    hall.counts()
    for one in hall.released(given)[:7]:
        receipts.withdraw(any_runtime, one)
    after = hall.counts()
    assert sum(after.values()) == 25 - 7
    for path in sorted((any_runtime.settings.data_dir / "matrix").rglob("*")):
        if path.is_file():
            path.unlink()
    assert hall.counts() == after


def test_the_raw_view_and_the_file_of_answers_leave_out_what_was_withdrawn(
    hall: Hall, any_runtime: Runtime, tmp_path: Path
) -> None:
    given = hall.answer("3", 12)
    hall.counts()
    receipts.withdraw(any_runtime, hall.released(given)[0])
    assert open_raw(any_runtime, OPERATOR, SLUG).released == 11
    path = tmp_path / "answers.csv"
    exporting.export_responses(any_runtime, OPERATOR, SLUG, path)
    assert len(path.read_text(encoding="utf-8-sig").splitlines()) == 1 + 11


def test_only_while_the_survey_is_open_can_an_answer_be_withdrawn(hall: Hall, any_runtime: Runtime) -> None:
    (mine,) = hall.answer("1")
    authoring.close(any_runtime, OPERATOR, SLUG)
    with pytest.raises(Conflict) as refusal:
        receipts.withdraw(any_runtime, mine)
    assert refusal.value.code == "survey_not_open"


def test_answering_again_takes_the_place_of_the_earlier_answer(hall: Hall, any_runtime: Runtime) -> None:
    (first,) = hall.answer("1")
    (second,) = hall.answer("5", replaces=codes.receipt_hash(first))
    assert second != first
    assert dict(open_raw(any_runtime, OPERATOR, SLUG).responses) == {"complete": 1, "withdrawn": 1}
    # Neither the old receipt nor one that was never given out can be used to add more answers.
    for hopeless in (first, "0" * codes.LENGTH):
        assert hall.send({"rating": ["5"]}, codes.receipt_hash(hopeless)) == Refused("replaced")
    assert dict(open_raw(any_runtime, OPERATOR, SLUG).responses) == {"complete": 1, "withdrawn": 1}


def test_the_same_second_answer_sent_twice_is_one(hall: Hall, any_runtime: Runtime) -> None:
    (first,) = hall.answer("1")
    told = [
        collecting.submit(
            any_runtime,
            hall.door,
            hall.version,
            bytes(16),
            {"rating": ["4"]},
            "vi",
            replaces=codes.receipt_hash(first),
        )
        for _ in range(2)
    ]
    assert isinstance(told[0], Stored) and told[1] == Stored(told[0].receipt, repeated=True)


def test_an_answer_that_no_result_holds_is_erased_row_and_all(hall: Hall, any_runtime: Runtime) -> None:
    (mine,) = hall.answer("1")
    receipts.erase(any_runtime, mine)
    with any_runtime.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM response")) == 0
    told = receipts.fate(any_runtime, mine)
    assert isinstance(told, receipts.Erased) and told.erased_on == any_runtime.today()
    with pytest.raises(NotFound):
        receipts.erase(any_runtime, mine)


def test_an_erased_answer_loses_its_text_at_once_and_its_ticks_with_the_next_five(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime)
    doors = Doors(any_runtime)
    door = doors.find(code)
    version = doors.version(door.version_id or 0)
    kept = []
    for number in range(30):
        given = {"B7": ["4"], "E1": [f"Lời riêng {number}"]}
        outcome = collecting.submit(any_runtime, door, version, number.to_bytes(16, "big"), given, "vi")
        assert isinstance(outcome, Stored)
        kept.append(outcome.receipt)

    def satisfied() -> int | None:
        return open_result(any_runtime, OPERATOR, "conference").question("B7").figures.base

    def stored() -> list[str]:
        with any_runtime.database.reading() as session:
            return list(session.scalars(text("SELECT answers FROM response")))

    assert satisfied() == 25
    with any_runtime.database.reading() as session:
        held = set(session.scalars(select(Response.receipt_hash).where(Response.release_number.is_not(None))))
    taken = [one for one in kept if codes.receipt_hash(one) in held]
    first = kept.index(taken[0])
    receipts.erase(any_runtime, taken[0])
    assert not any(f'Lời riêng {first}"' in answers for answers in stored())
    with any_runtime.database.reading() as session:
        severed = session.scalars(select(Response).where(Response.change == "erased")).one()
    assert severed.receipt_hash is None and "E1" not in json.loads(severed.answers)
    assert severed.submission_key != first.to_bytes(16, "big") and severed.digest == bytes(32)
    # Results stand still, from files or made anew, until five answers change together; then nothing of it is left.
    assert satisfied() == 25
    _forget_matrix(any_runtime)
    assert satisfied() == 25
    assert dict(open_result(any_runtime, OPERATOR, "conference").responses) == {"complete": 29}
    for one in taken[1:LEAST]:
        receipts.erase(any_runtime, one)
    assert satisfied() == 20
    assert len(stored()) == 25


def _forget_matrix(runtime: Runtime) -> None:
    for path in sorted((runtime.settings.data_dir / "matrix").rglob("*")):
        if path.is_file():
            path.unlink()


def test_after_closing_five_changes_behind_different_codes_are_enough(hall: Hall, any_runtime: Runtime) -> None:
    other = collectors.add(any_runtime, OPERATOR, SLUG, "poster", "Sảnh")
    given = hall.answer("2", 8)
    hall.door = Doors(any_runtime).find(other)
    given += hall.answer("2", 8)
    authoring.close(any_runtime, OPERATOR, SLUG)
    assert hall.counts()["2"] == 16
    for one in given[6:10]:  # two behind the first code, two behind the second
        receipts.erase(any_runtime, one)
    assert hall.counts()["2"] == 16
    receipts.erase(any_runtime, given[0])
    assert hall.counts()["2"] == 11


def test_what_results_hold_is_changed_by_nobody_between_releases(
    hall: Hall, any_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: were a withdrawal applied at once, two looks at the results would tell what one person said."""
    given = hall.answer("2", 20) + hall.answer("1")
    _let_everything_in(any_runtime)
    before = hall.counts()
    assert before == {**before, "2": 20, "1": 1}
    receipts.withdraw(any_runtime, given[-1])
    assert hall.counts() == before
    with any_runtime.database.reading() as session:
        one = session.scalars(select(Response.id).where(Response.change.is_not(None))).one()
    sooner: Callable[[Runtime, int], None] = _apply
    sooner(any_runtime, one)
    assert hall.counts() == {**before, "1": 0}


def _let_everything_in(runtime: Runtime) -> None:
    from tests.factories.answers import release

    release(runtime, SLUG)


def _apply(runtime: Runtime, response: int) -> None:
    from survey.storage.queries import releases

    with runtime.database.reading() as session:
        survey_id = session.scalars(select(Response.survey_id).where(Response.id == response)).one()
    runtime.database.write(
        lambda session: releases.apply_changes(session, survey_id, [response], lambda: 7, runtime.today())
    )
    with runtime.database.reading() as session:
        MatrixStore(runtime.settings.data_dir).open(session, survey_id)
