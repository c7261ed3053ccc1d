"""A clerk with a pile of filled-in forms, the keys they press for each of them, and what is stored in the end."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from sqlalchemy import select

from survey.definition import library
from survey.definition.questionnaire import Questionnaire
from survey.definition.routing import holds
from survey.definition.variables import Form, Variable
from survey.services import authoring, batches, collectors
from survey.services.runtime import OPERATOR
from survey.storage.models import KeyedSheet, Response
from tests.browser.conftest import LiveServer
from tests.browser.seeing import violations
from tests.factories.staff import account, session_of

LAN, HOA = "lan@example.gov.vn", "hoa@example.gov.vn"
ASKED = library.load("one-stop")

Answers = dict[str, "str | list[str]"]

COMMENTS = ("Cán bộ rất nhiệt tình.", "Chờ lâu quá, 2 giờ", "Được 9/10", "?! 0 1 2")


@dataclass(frozen=True)
class Sheet:
    """What somebody ticked and wrote, as it is to be stored, and the keys that say so, by question in order."""

    serial: str
    answers: dict[str, str | list[str]]
    typed: dict[str, list[str]]

    @property
    def keys(self) -> list[str]:
        """All keys in order; the last stores the sheet."""
        return [*(one for keys in self.typed.values() for one in keys), "Enter"]

    def slipped(self) -> Sheet:
        """The same sheet with one wrong key: 5 for the first 4 on a scale."""
        slip = next(
            key for key, said in self.answers.items() if said == "4" and self.typed[key] == ["4"] and "." in key
        )
        return Sheet(self.serial, self.answers, {**self.typed, slip: ["5"]})


def pile(asked: Questionnaire, number: int, seed: int) -> list[Sheet]:
    """Forms filled in at random, with blanks, under the questionnaire's own rules."""
    chance = random.Random(seed)
    return [sheet(asked, f"{1000 + place}", chance) for place in range(number)]


def sheet(asked: Questionnaire, serial: str, chance: random.Random) -> Sheet:
    """One form."""
    answers: dict[str, str | list[str]] = {}
    typed = {"": [*serial, "Enter"]}
    for variable in asked.variables:
        if all(holds(rule, answers) for rule in variable.rules):
            answers[variable.key], typed[variable.key] = filled(variable, chance)
    return Sheet(serial, answers, typed)


def blank(asked: Questionnaire, serial: str) -> Sheet:
    """A form on which nothing is ticked."""
    open_ones = [one for one in asked.variables if all(holds(rule, {}) for rule in one.rules)]
    return Sheet(
        serial, {}, {"": [*serial, "Enter"], **{one.key: ["0" if one.closed else "Enter"] for one in open_ones}}
    )


def filled(variable: Variable, chance: random.Random) -> tuple[str | list[str], list[str]]:
    """An answer and its keys; one in eight is blank."""
    blank = chance.random() < 0.125
    if variable.form is Form.TEXT:
        if blank or chance.random() < 0.7:
            return "", ["Enter"]
        words = chance.choice(COMMENTS)
        return words, [*words, "Control+Enter"]
    codes = variable.listed.codes
    if variable.form is Form.MULTIPLE:
        if blank:
            return [], [chance.choice(("0", "Enter", " "))]
        together = [one.code for one in variable.listed.choices if not one.exclusive]
        ticked = sorted(chance.sample(together, chance.randint(1, variable.most or len(together))), key=codes.index)
        return ticked, [*(key for code in ticked for key in code), "Enter"]
    if blank:
        return "", [chance.choice("0 ")]
    code = chance.choice(codes)
    longer = any(other.startswith(code) and other != code for other in codes)
    return code, [*code, *(["Enter"] if longer else [])]


def presses(sheets: list[Sheet]) -> Iterator[str]:
    """All keys of a pile, one after the other."""
    for one in sheets:
        yield from one.keys


def open_office(live_server: LiveServer) -> LiveServer:
    """Two clerks, and a survey at the one-stop desk."""
    runtime = live_server.runtime
    authoring.create_survey(
        runtime, OPERATOR, slug="box", template="one-stop", unit="Sở Văn hóa, Thể thao và Du lịch", phone="1022"
    )
    authoring.publish(runtime, OPERATOR, "box")
    for clerk in (LAN, HOA):
        account(runtime, clerk, "staff", "Sở Văn hóa, Thể thao và Du lịch")
    return live_server


def batch(office: LiveServer, kind: str = "paper", percent: int = 0, expected: int | None = None) -> int:
    """A new batch behind a collector of its own."""
    code = collectors.add(office.runtime, OPERATOR, "box", kind, "Hòm phiếu tầng 1")
    return batches.open_batch(office.runtime, OPERATOR, code, "Hòm phiếu tuần 42", expected, percent)


def sit_down(page: Page, office: LiveServer, number: int, clerk: str = LAN, work: str = "key") -> None:
    """A clerk logged in at the key-in page."""
    cookie = {"name": "phieu_staff", "value": session_of(office.runtime, clerk), "url": f"{office.url}/staff"}
    page.context.add_cookies([cookie | {"httpOnly": True}])
    page.goto(f"{office.url}/staff/entry/{number}/{work}")
    expect(page.locator("#sheet.keyed")).to_be_visible()


def press(page: Page, one: str) -> None:
    """One key; letters that no keyboard has a key for come in as from an input method."""
    if len(one) == 1 and not one.isascii():
        page.keyboard.insert_text(one)
    else:
        page.keyboard.press(one)


def key(page: Page, sheets: list[Sheet]) -> float:
    """Presses all keys without waiting for anything; gives how many a second."""
    keys = list(presses(sheets))
    started = time.monotonic()
    for one in keys:
        press(page, one)
    return len(keys) / (time.monotonic() - started)


def all_sent(page: Page) -> None:
    """Nothing waits on this computer any more."""
    expect(page.locator("[data-state]")).to_have_text("đã lưu hết", timeout=60_000)
    expect(page.locator("[data-waiting]")).to_have_text("0")


def stored(office: LiveServer, number: int) -> list[tuple[str, Answers]]:
    """Serial and answers of every sheet of a batch."""
    with office.runtime.database.reading() as session:
        rows = session.execute(
            select(KeyedSheet.serial, Response.answers)
            .join(Response, Response.id == KeyedSheet.response_id)
            .where(KeyedSheet.batch_id == number)
            .order_by(KeyedSheet.serial, KeyedSheet.id)
        )
        return [(serial or "", json.loads(said)) for serial, said in rows]


def wrong(sheets: list[Sheet], found: list[tuple[str, Answers]]) -> list[str]:
    """Where what is stored is not what was on the paper."""
    kept = dict(found)
    faults = [f"{len(found)} stored of {len(sheets)}"] if len(found) != len(sheets) else []
    for one in sheets:
        said = kept.get(one.serial, {})
        faults += [
            f"{one.serial} {name}: {said.get(name)!r} for {one.answers.get(name)!r}"
            for name in sorted({*said, *one.answers})
            if said.get(name) != one.answers.get(name)
        ]
    return faults


def sound(page: Page, width: int) -> list[str]:
    """What axe finds on a page, and whether it has to be moved sideways."""
    found = [f"{one['id']}: {one['help']}" for one in violations(page)]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{wide} px wide"] if wide > width else [])]
