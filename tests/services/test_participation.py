"""From handed out to completed: counted without noting anything about anybody, and added up over processes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.collection.visitors import is_person
from survey.errors import NotFound, PhieuError
from survey.services import collecting, collectors, participation, single_use
from survey.services.doors import Doors
from survey.services.runtime import OPERATOR, Actor, Runtime
from survey.services.visiting import MOST_PLACES, Counter
from tests.conftest import Clock
from tests.factories.surveys import open_survey

BROWSERS = [
    "Mozilla/5.0 (Linux; Android 8.0.0; SM-G950F) AppleWebKit/537.36 Chrome/96.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 13_7 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Version/4.0 Chrome/110.0 Mobile Safari/537.36 Zalo android/12",
    "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/400.0;FBBV/1;FBDV/iPhone12,1]",
]
PROGRAMS = [
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "curl/8.5.0",
    "python-requests/2.32",
    "Mozilla/5.0 (compatible; SafeLinks scanner)",
    "",
]
PAGE = {"Accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize("agent", BROWSERS)
def test_phones_and_the_browsers_inside_chat_programs_are_people(agent: str) -> None:
    assert is_person("GET", {**PAGE, "User-Agent": agent})
    assert is_person("GET", {**PAGE, "User-Agent": agent, "Sec-Fetch-Dest": "document"})


@pytest.mark.parametrize("agent", PROGRAMS)
def test_previews_and_scanners_are_not(agent: str) -> None:
    assert not is_person("GET", {**PAGE, "User-Agent": agent})


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("HEAD", {}),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"Purpose": "prefetch"}),
        ("GET", {"Sec-Fetch-Dest": "image"}),
        ("GET", {"Accept": "*/*"}),
    ],
)
def test_a_page_that_nobody_looks_at_yet_is_not_opened(method: str, more: dict[str, str]) -> None:
    assert not is_person(method, {**PAGE, "User-Agent": BROWSERS[0], **more})


def test_counts_of_several_processes_and_days_add_up(any_runtime: Runtime, clock: Clock) -> None:
    code = open_survey(any_runtime)
    door = Doors(any_runtime).find(code)
    counters = [Counter(any_runtime), Counter(any_runtime)]
    for day in range(2):
        for counter in counters:
            for run in (0, 0, 3):
                counter.count(door.collector_id, run, "opened")
            counter.count(door.collector_id, 3, "started", "completed")
            counter.write()
            counter.write()
        clock.advance(days=1 + day)
    (found,) = participation.funnels(any_runtime, OPERATOR, "conference")
    assert (found.opened, found.started, found.completed) == (12, 4, 0)  # answers are counted from the answers


def test_counts_wait_while_the_database_cannot_be_written(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    code = open_survey(runtime)
    door = Doors(runtime).find(code)
    path = runtime.database.path
    assert path is not None
    counter = Counter(runtime)
    counter.count(door.collector_id, 0, "opened")
    runtime.database.close()
    away = path.with_suffix(".away")
    path.rename(away)
    path.mkdir()
    counter.write()
    path.rmdir()
    away.rename(path)
    runtime.database.close()
    counter.count(door.collector_id, 0, "opened")
    counter.write()
    (found,) = participation.funnels(runtime, OPERATOR, "conference")
    assert found.opened == 2


def test_what_is_kept_in_memory_has_a_bound(runtime: Runtime) -> None:
    counter = Counter(replace(runtime))
    for collector in range(MOST_PLACES + 50):
        counter.count(collector, 0, "opened")
    assert len(counter._counted) == MOST_PLACES
    counter._counted.clear()
    counter.write()


def test_each_print_run_has_its_own_funnel(any_runtime: Runtime) -> None:
    open_survey(any_runtime)
    code = collectors.add(
        any_runtime, OPERATOR, "conference", "slip", "Giấy hẹn", traits=collectors.Traits(single_use=True)
    )
    _, codes = single_use.issue(any_runtime, OPERATOR, code, 5, "Đợt sáng")
    single_use.issue(any_runtime, OPERATOR, code, 7)
    participation.hand_out(any_runtime, OPERATOR, code, 1, 4, "Đợt sáng")
    assert participation.add_run(any_runtime, OPERATOR, code, 100, "In ở bưu điện") == 3
    doors = Doors(any_runtime)
    door = doors.find(codes[0])
    collecting.submit(any_runtime, door, doors.version(door.version_id or 0), bytes(16), {"B7": ["4"]}, "vi")
    found = {one.code: one for one in participation.funnels(any_runtime, OPERATOR, "conference")}[code]
    assert (found.handed_out, found.completed) == (104, 1)
    assert [(run.number, run.copies, run.handed_out, run.completed) for run in found.runs] == [
        (1, 5, 4, 1),
        (2, 7, None, 0),
        (3, 100, 100, 0),
    ]
    assert found.frame == 4 + 7, "noted as given out, else all codes of the run; leaflets without codes are no frame"
    assert found.response_rate == pytest.approx(100 / 11)


def test_a_code_open_to_everybody_has_no_response_rate(runtime: Runtime) -> None:
    code = open_survey(runtime)
    participation.add_run(runtime, OPERATOR, code, 100)
    (found,) = participation.funnels(runtime, OPERATOR, "conference")
    assert found.frame is None and found.response_rate is None
    empty = collectors.add(
        runtime, OPERATOR, "conference", "slip", "Giấy hẹn", traits=collectors.Traits(single_use=True)
    )
    found = {one.code: one for one in participation.funnels(runtime, OPERATOR, "conference")}[empty]
    assert found.frame == 0 and found.response_rate is None


def test_numbers_that_cannot_be_are_refused(runtime: Runtime) -> None:
    code = open_survey(runtime)
    for number in (-1, 10**9):
        with pytest.raises(PhieuError):
            participation.add_run(runtime, OPERATOR, code, number)
    with pytest.raises(NotFound):
        participation.hand_out(runtime, OPERATOR, code, 1, 5)
    with pytest.raises(NotFound):
        participation.funnels(runtime, Actor("x@example.gov.vn", "staff", 3, units=frozenset({99})), "conference")
