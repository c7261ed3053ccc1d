"""Letters while ``phieu serve`` is killed again and again: nobody gets two, and whoever may have got none is listed."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from survey.config import read_settings
from survey.services import mailing, sending
from survey.services.runtime import OPERATOR, Runtime
from survey.services.start import open_runtime
from tests.factories.mailings import counts, invited, many, received
from tests.flows.phones import serving
from tests.mailserver import MailServer, mail_server

LETTERS, KILLS = (1_500, 40) if os.environ.get("PHIEU_PROVE") else (80, 4)


class Tray(list[tuple[str, bytes]]):
    """The letters a server took; others can wait for the next ones."""

    def __init__(self) -> None:
        super().__init__()
        self._more = threading.Condition()

    def append(self, one: tuple[str, bytes]) -> None:
        with self._more:
            super().append(one)
            self._more.notify_all()

    def wait_for(self, number: int) -> None:
        """Until so many have come."""
        with self._more:
            assert self._more.wait_for(lambda: len(self) >= number, 120), f"{len(self)} of {number} letters came"

    def rest(self) -> None:
        """A moment, or until the next one comes."""
        with self._more:
            self._more.wait(0.1)


def environment(request: pytest.FixtureRequest, folder: Path, engine: str, port: int) -> dict[str, str]:
    settings = {
        "PHIEU_DATA_DIR": str(folder),
        "PHIEU_PUBLIC_BASE_URL": "http://127.0.0.1",
        "PHIEU_SMTP_URL": f"smtp://127.0.0.1:{port}?security=none",
        "PHIEU_MAIL_FROM": "khaosat@example.gov.vn",
        "PHIEU_MAIL_PER_MINUTE": "6000",
    }
    if engine == "postgresql":
        settings["PHIEU_DATABASE_URL"] = request.getfixturevalue("postgresql")()
    return settings


def queued(settings: dict[str, str], people: int) -> tuple[Runtime, int]:
    runtime = open_runtime(read_settings(settings, make_key=True), migrate=True)
    number = invited(runtime, *many(people))
    sending.start(runtime, OPERATOR, number)
    return runtime, number


def workers(master: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_killing_all_workers_sends_no_letter_twice_and_loses_sight_of_none(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str
) -> None:
    tray = Tray()
    with mail_server(MailServer(letters=tray)) as mail:
        settings = environment(request, tmp_path, engine, mail.port)
        runtime, number = queued(settings, LETTERS)
        with serving(settings) as (_, master):
            for kill in range(1, KILLS + 1):
                tray.wait_for(kill * LETTERS // (KILLS + 1))
                for worker in workers(master):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(worker, signal.SIGKILL)
            while (now := counts(runtime, number)).waiting or now.sending > now.doubtful:
                tray.rest()
        in_doubt = {one.address for one in mailing.people(runtime, OPERATOR, number, "sending")}
        got = received(mail)
        print(f"{engine}: {KILLS} kills, {len(got)} letters came, {len(in_doubt)} in doubt", end=", ")
        print(f"{sum(got.values()) - len(got)} double, {len(set(many(LETTERS)) - set(got) - in_doubt)} out of sight")
        assert max(got.values()) == 1
        assert set(got) | in_doubt == set(many(LETTERS))
        assert len(in_doubt) <= KILLS
        runtime.database.close()


def test_a_server_that_is_stopped_as_usual_ends_its_letter_and_goes_on_at_its_next_start(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    tray = Tray()
    with mail_server(MailServer(letters=tray)) as mail:
        settings = environment(request, tmp_path, "sqlite", mail.port)
        runtime, number = queued(settings, 60)
        for stretch in (20, 40, 60):
            with serving(settings):
                tray.wait_for(stretch)
                if stretch == 60:
                    while counts(runtime, number).sent < 60:
                        tray.rest()
            assert counts(runtime, number).sending == 0
        assert received(mail) == Counter(many(60))
        runtime.database.close()
