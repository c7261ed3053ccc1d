"""Printing as a use case: whose survey, which words, what is noted, and who may."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from survey.collection import codes
from survey.errors import Conflict, Misconfigured, NotAllowed, NotFound, PhieuError
from survey.printing import preflight
from survey.services import authoring, collectors, printing
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.storage.models import AuditEntry, PrintRun
from tests.factories.surveys import open_survey
from tests.printing.looking import text

ALICE = Actor("alice@example.gov.vn", "staff", 1, 1, frozenset({1}))


def trail(runtime: Runtime) -> list[AuditEntry]:
    with runtime.database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("print."))))


def test_a_poster_leads_to_its_collector_in_the_words_of_the_published_version(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime)
    made = printing.poster(any_runtime, OPERATOR, codes.display(code).lower(), "vi")
    assert preflight.read(made, 200) == (f"HTTPS://KS.EXAMPLE.GOV.VN/S/{code}",)
    printed = text(made)
    for part in ("PHIẾU KHẢO SÁT Ý KIẾN", "Sở Văn hóa, Thể thao và Du lịch", "1022, gopy@example.gov.vn"):
        assert part in printed
    assert "Hội trường" not in printed, "the collector's name is for staff"


def test_the_language_asked_for_is_printed(runtime: Runtime) -> None:
    printed = text(printing.poster(runtime, OPERATOR, open_survey(runtime), "en"))
    assert "Opinion form for organisations and businesses" in printed
    assert "about 4 minutes" in printed


def test_labels_are_printed_as_asked(runtime: Runtime) -> None:
    code = open_survey(runtime)
    made = printing.labels(runtime, OPERATOR, code, "vi", sheet_name="L7163", skip=3)
    assert preflight.read(made, 200) == (f"HTTPS://KS.EXAMPLE.GOV.VN/S/{code}",) * 11


def test_each_print_run_is_noted_with_the_digest_of_its_file(runtime: Runtime) -> None:
    code = open_survey(runtime)
    made = printing.labels(runtime, OPERATOR, code, "vi", skip=1)
    (entry,) = trail(runtime)
    assert (entry.actor, entry.action, entry.subject) == ("operator", "print.labels", "survey:conference")
    assert json.loads(entry.detail) == {
        "code": code,
        "sha256": hashlib.sha256(made).hexdigest(),
        "language": "vi",
        "sheet": "L7160",
        "labels": 20,
        "run": 1,
    }


def test_nothing_is_printed_for_a_survey_that_was_never_published(runtime: Runtime) -> None:
    authoring.create_survey(runtime, OPERATOR, slug="draft", template="conference")
    code = collectors.add(runtime, OPERATOR, "draft", "poster", "Cửa chính")
    with pytest.raises(Conflict) as refusal:
        printing.poster(runtime, OPERATOR, code, "vi")
    assert refusal.value.code == "not_published"
    assert trail(runtime) == []


def test_nothing_is_printed_without_a_public_address(runtime: Runtime) -> None:
    code = open_survey(runtime)
    unset = replace(runtime, settings=replace(runtime.settings, public_base_url=None))
    with pytest.raises(Misconfigured) as refusal:
        printing.labels(unset, OPERATOR, code, "vi")
    assert refusal.value.code == "public_base_url_missing"


def test_a_stranger_and_a_wrong_code_find_nothing_and_the_reform_team_may_not_print(runtime: Runtime) -> None:
    code = open_survey(runtime)
    elsewhere = replace(ALICE, units=frozenset({999}))
    for actor, typed in ((elsewhere, code), (OPERATOR, codes.make(lambda count: b"\x07" * count)), (OPERATOR, "x")):
        with pytest.raises(NotFound):
            printing.poster(runtime, actor, typed, "vi")
    with pytest.raises(NotAllowed):
        printing.poster(runtime, replace(ALICE, role="reform_team"), code, "vi")


@pytest.mark.parametrize(("sheet", "skip", "code"), [("L0", 0, "sheet_unknown"), ("L7160", 21, "skip_unusable")])
def test_what_cannot_be_printed_is_refused_and_not_noted(runtime: Runtime, sheet: str, skip: int, code: str) -> None:
    collector = open_survey(runtime)
    with pytest.raises(PhieuError) as refusal:
        printing.labels(runtime, OPERATOR, collector, "vi", sheet_name=sheet, skip=skip)
    assert refusal.value.code == code
    assert trail(runtime) == []


def test_a_counted_print_run_has_its_number_in_the_address(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime)
    printing.poster(any_runtime, OPERATOR, code, "vi")
    made = printing.labels(any_runtime, OPERATOR, code, "vi", sheet_name="L7165", counted=True)
    assert preflight.read(made, 200) == (f"HTTPS://KS.EXAMPLE.GOV.VN/S/{code}/2",) * 8
    with any_runtime.database.reading() as session:
        runs = list(session.scalars(select(PrintRun).order_by(PrintRun.number)))
    assert [(run.number, run.kind, run.copies) for run in runs] == [(1, "poster", 1), (2, "labels", 8)]
    assert runs[1].digest == hashlib.sha256(made).hexdigest()
