"""Writing together what need not be written at once: an answer never waits for it, and a kill loses a few seconds."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable


class Soon:
    """Calls ``act`` on a thread of its own ``seconds`` after it was first asked to, and when the process ends."""

    def __init__(self, seconds: float, act: Callable[[], None]) -> None:
        self._seconds = seconds
        self._act = act
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        atexit.register(self.now)

    def ask(self) -> None:
        """There is something to do now."""
        if self._timer is not None:
            return
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(self._seconds, self.now)
                self._timer.daemon = True
                self._timer.start()

    def now(self) -> None:
        """Does it on this thread."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        self._act()
