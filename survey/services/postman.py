"""The one thread of a process that carries letters, and the lock that keeps it the only one on its machine.

Letters that were queued when the server stopped are carried on at the next start. Two machines over one PostgreSQL may
both carry: no letter goes twice, but twice as many go in a minute.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from survey.errors import Conflict, PhieuError
from survey.services import mailing, sending
from survey.services.runtime import Runtime
from survey.services.sending import Pause, Report
from survey.storage.filelock import FileLock
from survey.storage.queries import mailings

WAITS = (60.0, 300.0, 600.0, 1200.0, 2400.0, 4800.0)
"""Seconds before letters are tried again that a server put off, or could not be reached for; many servers put off a
sender they do not know by five minutes."""

_SLICE = 5.0
"""Seconds after which a carrier that waits looks whether other letters were queued."""

_ATTEMPTS, _BETWEEN = 10, 0.05
"""Whoever only looks whether letters are carried holds the lock for a moment too."""

log = logging.getLogger("survey.mail")


def lock_path(runtime: Runtime) -> Path:
    """The file whoever carries letters holds a lock on."""
    runtime.settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    return runtime.settings.data_dir / "mail.lock"


def is_carrying(runtime: Runtime) -> bool:
    """Whether some process of this machine carries letters now."""
    lock = FileLock(lock_path(runtime))
    try:
        return not lock.try_now()
    finally:
        lock.close()


@contextmanager
def carrying(runtime: Runtime) -> Iterator[bool]:
    """Whether letters may be carried here, and only here, in this block. What was on its way when an earlier carrier
    ended is marked then."""
    lock = FileLock(lock_path(runtime))
    try:
        mine = _taken(lock)
        if mine:
            runtime.database.write(lambda session: mailings.doubt(session, sending.INTERRUPTED))
        yield mine
    finally:
        lock.close()


def _taken(lock: FileLock) -> bool:
    for _ in range(_ATTEMPTS):
        if lock.try_now():
            return True
        time.sleep(_BETWEEN)
    return False


def carry(runtime: Runtime, number: int, pause: Pause) -> Report:
    """Sends what a mailing has queued, once, from a command. Raises Conflict ``letters_on_their_way`` when the server
    is at it, and as ``sending.send`` does."""
    with carrying(runtime) as mine:
        if not mine:
            raise Conflict("letters_on_their_way", "Letters are being sent already.", "Wait until they have left.")
        return sending.send(runtime, number, pause)


class Postman:
    """Carries letters in the background while there are any. ``pause`` waits; it is given for tests."""

    def __init__(self, runtime: Runtime, pause: Pause | None = None) -> None:
        self._runtime = runtime
        self._ending = threading.Event()
        self._pause: Callable[[float], bool] = pause or self._ending.wait
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._called = False

    def begin(self) -> None:
        """Starts carrying, unless this process is at it; then it looks once more before it ends."""
        with self._guard:
            self._called = True
            if self._thread is None and not self._ending.is_set():
                self._thread = threading.Thread(target=self._run, name="postman", daemon=True)
                self._thread.start()

    def resume(self) -> None:
        """Marks what was on its way when an earlier carrier ended, starts carrying if letters were left over, and lets
        go of addresses whose time is up. A server starts whether or not this can be done."""
        try:
            mailing.forget_due(self._runtime)
            with carrying(self._runtime):
                waiting = self._queued()
            if waiting and self._runtime.settings.mail is not None:
                self.begin()
        except (PhieuError, OSError):
            log.exception("letters that were left over could not be looked at")

    def finish(self, seconds: float = 20) -> None:
        """Ends after the letter that is on its way."""
        self._ending.set()
        self.join(seconds)

    def join(self, seconds: float | None = None) -> None:
        """Waits until nothing is carried any more."""
        with self._guard:
            thread = self._thread
        if thread is not None:
            thread.join(seconds)

    def _run(self) -> None:
        while self._again():
            try:
                with carrying(self._runtime) as mine:
                    if mine:
                        self._carry()
            except PhieuError as error:
                log.error("letters could not be carried: %s", error)
            except Exception:
                log.exception("letters could not be carried")

    def _again(self) -> bool:
        """Whether somebody called since the last round; otherwise this thread is over."""
        with self._guard:
            called, self._called = self._called and not self._ending.is_set(), False
            if not called:
                self._thread = None
            return called

    def _carry(self) -> None:
        """Sends whatever is queued; what was put off is tried again after longer and longer waits, and then left to
        staff."""
        waits = iter(WAITS)
        while not self._ending.is_set():
            while not self._ending.is_set() and (queued := self._queued()):
                if sum(self._send(number) for number in queued):
                    waits = iter(WAITS)
            wait = next(waits, None)
            if not self._put_off() or wait is None:
                return
            self._rest(wait)
            self._runtime.database.write(mailings.queue_deferred)

    def _rest(self, seconds: float) -> None:
        """Waits, but no longer than until other letters are queued."""
        while seconds > 0 and not self._ending.is_set() and not self._queued():
            if self._pause(min(_SLICE, seconds)):
                return
            seconds -= _SLICE

    def _queued(self) -> tuple[int, ...]:
        with self._runtime.database.reading() as session:
            return tuple(mailings.queued_mailings(session))

    def _put_off(self) -> bool:
        with self._runtime.database.reading() as session:
            return mailings.any_deferred(session)

    def _send(self, number: int) -> int:
        try:
            return sending.send(self._runtime, number, self._pause).sent
        except PhieuError as error:
            log.warning("letters of mailing %d wait: %s", number, error.code)
            words = " ".join((error.message, *error.details))
            self._runtime.database.write(lambda session: mailings.hold(session, number, words))
            return 0
