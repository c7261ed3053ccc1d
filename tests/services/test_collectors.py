"""Collectors: a code for each place, closed and opened without losing anything, invisible to strangers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from survey.collection import codes
from survey.errors import Conflict, NotFound, PhieuError
from survey.services import collectors
from survey.services.runtime import OPERATOR, Runtime
from tests.factories.answers import answer
from tests.factories.staff import account, actor
from tests.factories.surveys import open_survey


def test_each_collector_has_its_own_code_and_address(any_runtime: Runtime) -> None:
    open_survey(any_runtime)
    made = [collectors.add(any_runtime, OPERATOR, "conference", str(kind), f" Nơi {kind} ") for kind in collectors.Kind]
    assert len(set(made)) == len(collectors.Kind)
    assert all(codes.canonical(code) == code for code in made)
    shown = {one.code: one for one in collectors.list_collectors(any_runtime, OPERATOR, "conference")}
    one = shown[made[0]]
    assert (one.kind, one.name, one.answers) == ("leaflet", "Nơi leaflet", 0)
    assert one.url == f"HTTPS://KS.EXAMPLE.GOV.VN/S/{one.code}"
    assert one.typed == f"ks.example.gov.vn/s/{codes.display(one.code)}"


def test_collectors_that_brought_answers_are_counted(any_runtime: Runtime) -> None:
    first = open_survey(any_runtime)
    second, third = (collectors.add(any_runtime, OPERATOR, "conference", "poster", f"Sảnh {n}") for n in (1, 2))
    elsewhere = open_survey(any_runtime, slug="other")
    assert collectors.with_answers(any_runtime, OPERATOR, "conference") == 0
    for code, status in ((first, "test"), (second, "withdrawn"), (second, "complete"), (elsewhere, "complete")):
        answer(any_runtime, code, [{"B7": "5"}], status=status)
    assert collectors.with_answers(any_runtime, OPERATOR, "conference") == 1
    answer(any_runtime, third, [{"B7": "5"}])
    assert collectors.with_answers(any_runtime, OPERATOR, "conference") == 2


def test_a_code_that_is_taken_is_drawn_again(runtime: Runtime) -> None:
    first = open_survey(runtime)
    values = {letter: value for value, letter in enumerate(codes.ALPHABET)}
    draws = iter([bytes(values[letter] for letter in first[:-1]), bytes(range(9))])
    again = collectors.add(replace(runtime, randomness=lambda _: next(draws)), OPERATOR, "conference", "poster", "Sảnh")
    assert again != first


@pytest.mark.parametrize(
    ("kind", "name", "days", "code"),
    [
        ("billboard", "Sảnh", (None, None), "kind_unknown"),
        ("poster", " \u200b\x00 ", (None, None), "name_missing"),
        ("poster", "x" * 201, (None, None), "text_too_long"),
        ("poster", "Sảnh", (date(2026, 2, 2), date(2026, 2, 1)), "dates_reversed"),
    ],
)
def test_an_unusable_collector_is_refused(
    runtime: Runtime, kind: str, name: str, days: tuple[date | None, date | None], code: str
) -> None:
    open_survey(runtime)
    with pytest.raises(PhieuError) as refusal:
        collectors.add(runtime, OPERATOR, "conference", kind, name, *days)
    assert refusal.value.code == code


def test_closing_and_reopening_are_said_once(runtime: Runtime) -> None:
    code = open_survey(runtime)
    collectors.close(runtime, OPERATOR, codes.display(code).lower())
    assert collectors.show(runtime, OPERATOR, code)[0].closed_at == runtime.now()
    with pytest.raises(Conflict):
        collectors.close(runtime, OPERATOR, code)
    collectors.reopen(runtime, OPERATOR, code)
    assert collectors.show(runtime, OPERATOR, code)[0].closed_at is None
    with pytest.raises(Conflict):
        collectors.reopen(runtime, OPERATOR, code)


def test_reopening_takes_away_a_last_day_that_has_passed(runtime: Runtime) -> None:
    open_survey(runtime)
    code = collectors.add(runtime, OPERATOR, "conference", "poster", "Sảnh", None, date(2026, 10, 1))
    collectors.close(runtime, OPERATOR, code)
    collectors.reopen(runtime, OPERATOR, code)
    assert collectors.show(runtime, OPERATOR, code)[0].closes_on is None


def test_without_a_public_address_there_is_a_code_but_no_link(runtime: Runtime) -> None:
    code = open_survey(runtime)
    nowhere = replace(runtime, settings=replace(runtime.settings, public_base_url=None))
    shown, slug = collectors.show(nowhere, OPERATOR, code)
    assert (shown.url, shown.typed, slug) == (None, None, "conference")


def test_strangers_find_no_collector_and_get_the_answer_for_a_code_that_is_none(runtime: Runtime) -> None:
    code = open_survey(runtime)
    account(runtime, "charlie@example.gov.vn", "administrator", "Sở B")
    charlie = actor(runtime, "charlie@example.gov.vn")
    nobodys = codes.make(bytes)
    for act in (collectors.show, collectors.close, collectors.reopen):
        said = set()
        for wanted in (code, nobodys):
            with pytest.raises(NotFound) as refusal:
                act(runtime, charlie, wanted)
            said.add((refusal.value.code, refusal.value.message))
        assert len(said) == 1
    with pytest.raises(NotFound):
        collectors.add(runtime, charlie, "conference", "poster", "Sảnh")
    with pytest.raises(NotFound):
        collectors.list_collectors(runtime, charlie, "conference")
