"""Printing paper forms as a use case: serials that go on, runs that are noted, and who may print what."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from survey.errors import Conflict, NotAllowed, NotFound, PhieuError
from survey.paper import page_ids, serials
from survey.printing import preflight
from survey.services import collectors, paper_forms
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import AuditEntry, PrintRun, QuestionnaireVersion
from tests.factories.surveys import open_survey

ALICE = Actor("alice@example.gov.vn", "staff", 1, 1, frozenset({1}))


def runs(runtime: Runtime) -> list[PrintRun]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(PrintRun).order_by(PrintRun.number)))


def numbers(pdf: bytes) -> list[int]:
    return sorted({page_ids.read(one).number for one in preflight.read(pdf, 200)})


def test_serials_go_on_where_the_last_run_of_the_collector_ended(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime, instrument="single")
    first = paper_forms.forms(any_runtime, OPERATOR, code, "vi", copies=3)
    second = paper_forms.forms(any_runtime, OPERATOR, code, "en", copies=2)
    other = collectors.add(any_runtime, OPERATOR, "conference", "paper", "Bàn số 2")
    third = paper_forms.forms(any_runtime, OPERATOR, other, "vi")
    assert [numbers(one.pdf) for one in (first, second, third)] == [[1, 2, 3], [4, 5], [1]]
    assert (first.first, first.last) == tuple(serials.display(serials.make(code, number)) for number in (1, 3))
    noted = sorted((run.number, run.kind, run.copies, run.first_serial) for run in runs(any_runtime))
    assert noted == [(1, "form", 1, 1), (1, "form", 3, 1), (2, "form", 2, 4)]


def test_a_run_is_noted_with_its_serials_and_the_digest_of_its_file(runtime: Runtime) -> None:
    code = open_survey(runtime, instrument="single")
    made = paper_forms.forms(runtime, OPERATOR, code, "vi", copies=2)
    digest = hashlib.sha256(made.pdf).hexdigest()
    (run,) = runs(runtime)
    assert (run.kind, run.copies, run.first_serial, run.digest, run.handed_out) == ("form", 2, 1, digest, None)
    with runtime.database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "print.form"))
    assert json.loads(entry.detail) == {
        "code": code,
        "language": "vi",
        "copies": 2,
        "first": serials.make(code, 1),
        "last": serials.make(code, 2),
        "run": 1,
        "sha256": digest,
    }


def test_lost_forms_are_printed_again_by_serial_or_by_bare_number(runtime: Runtime) -> None:
    code = open_survey(runtime, instrument="single")
    paper_forms.forms(runtime, OPERATOR, code, "vi", copies=4)
    again = paper_forms.forms(runtime, OPERATOR, code, "vi", first=serials.display(serials.make(code, 3)).lower())
    bare = paper_forms.forms(runtime, OPERATOR, code, "vi", first=" 2 ")
    assert numbers(again.pdf) == [3] and numbers(bare.pdf) == [2]
    assert numbers(paper_forms.forms(runtime, OPERATOR, code, "vi").pdf) == [5]


@pytest.mark.parametrize("typed", ["0003", "abc", "0" * 400, "①"])
def test_a_first_serial_that_is_none_is_refused_and_nothing_noted(runtime: Runtime, typed: str) -> None:
    code = open_survey(runtime, instrument="single")
    if typed == "0003":
        wrong = serials.make(code, 3)
        typed = f"0004{wrong[-1]}"
    with pytest.raises(PhieuError) as refusal:
        paper_forms.forms(runtime, OPERATOR, code, "vi", first=typed)
    assert refusal.value.code == "serial_mistyped"
    assert runs(runtime) == []


def test_two_people_who_print_at_once_never_get_the_same_serials(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime, instrument="single")
    together, taken, refused = threading.Barrier(4), [], []

    def press() -> None:
        together.wait()
        try:
            taken.append(numbers(paper_forms.forms(any_runtime, OPERATOR, code, "vi", copies=2).pdf))
        except Conflict as error:
            refused.append(error.code)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = [number for one in taken for number in one]
    assert len(given) == len(set(given)) > 0
    assert set(refused) <= {"serials_taken"} and len(taken) + len(refused) == 4
    assert sum(run.copies for run in runs(any_runtime)) == len(given)


def test_only_kinds_whose_answers_come_on_paper_have_forms(runtime: Runtime) -> None:
    open_survey(runtime, instrument="single")
    for kind in collectors.Kind:
        if kind is collectors.Kind.IMPORT:
            continue
        code = collectors.add(runtime, OPERATOR, "conference", kind, "Nơi đặt")
        if kind in paper_forms.FORM_KINDS:
            assert paper_forms.forms(runtime, OPERATOR, code, "vi").first.startswith("0001-")
        else:
            with pytest.raises(Conflict) as refusal:
                paper_forms.forms(runtime, OPERATOR, code, "vi")
            assert refusal.value.code == "not_on_paper"


def test_a_form_needs_no_public_address_and_tells_what_its_collector_answers(runtime: Runtime) -> None:
    open_survey(runtime, instrument="single")
    asked = next(iter(json.loads(_document(runtime))["sections"][0]["questions"]))
    lists = json.loads(_document(runtime))["choice_lists"]
    fixed = {asked["key"]: lists[asked["choices"]]["choices"][0]["code"]}
    code = collectors.add(runtime, OPERATOR, "conference", "paper", "Quầy 1", traits=Traits(fixed=fixed))
    unset = replace(runtime, settings=replace(runtime.settings, public_base_url=None))
    made = paper_forms.forms(unset, OPERATOR, code, "vi")
    assert asked["key"] not in {box.key for box in made.geometry.boxes}


def _document(runtime: Runtime) -> str:
    with runtime.database.reading() as session:
        return session.scalars(select(QuestionnaireVersion.document)).one()


def test_strangers_find_nothing_and_the_reform_team_may_not_print(runtime: Runtime) -> None:
    code = open_survey(runtime, instrument="single")
    with pytest.raises(NotFound):
        paper_forms.forms(runtime, replace(ALICE, units=frozenset({999})), code, "vi")
    with pytest.raises(NotAllowed):
        paper_forms.forms(runtime, replace(ALICE, role="reform_team"), code, "vi")
    assert runs(runtime) == []
