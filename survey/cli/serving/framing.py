"""How many bytes a request takes that is still arriving. Reads no socket and judges nothing; gunicorn parses.

Where this module and gunicorn's parser disagree the request ends early and its connection is closed; no thread waits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

LARGEST_HEAD = 16 * 1024
"""Bytes of request line and headers, as in the shipped nginx configuration."""

LARGEST = 64 * 1024
"""Bytes of a request that is waited for; the longest honest form stays below. Larger ones are read by their thread."""

_END = b"\r\n\r\n"
_FIELDS = re.compile(rb"\r\n(content-length|transfer-encoding|expect)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)


class State(Enum):
    """What is to be done with what arrived."""

    PART = "more of it must arrive"
    WHOLE = "it can be answered without waiting for the client"
    LARGE = "its end cannot be waited for"
    ENDLESS = "its head is too long"


@dataclass
class Arrival:
    """The bytes of one connection that no thread has been given yet."""

    arrived: bytearray
    searched: int = 0
    size: int | None = None

    def state(self) -> State:
        """Looks only at what is new since last asked."""
        if self.size is None:
            end = self.arrived.find(_END, max(0, self.searched - 3))
            self.searched = len(self.arrived)
            if end > LARGEST_HEAD or (end < 0 and self.searched > LARGEST_HEAD):
                return State.ENDLESS
            if end < 0:
                return State.PART
            self.size = _size(bytes(self.arrived[: end + 2]), end + 4)
        if self.size > LARGEST:
            return State.LARGE
        return State.WHOLE if len(self.arrived) >= self.size else State.PART

    def take(self) -> bytearray:
        """The request that is whole, or all there is of a large one; what follows stays."""
        size = min(self.size or 0, len(self.arrived))
        taken, self.arrived = self.arrived[:size], self.arrived[size:]
        self.searched, self.size = 0, None
        return taken


def _size(head: bytes, body: int) -> int:
    """Bytes of the request whose body begins at ``body``; more than ``LARGEST`` where nobody can say, or where the
    client waits for a word before it sends on. A head that gunicorn is going to refuse is whole as it is."""
    lengths = set()
    for name, value in _FIELDS.findall(head):
        if name.lower() != b"content-length":
            return LARGEST + 1
        lengths.add(value.strip())
    if not lengths:
        return body
    length = lengths.pop()
    if lengths or not length.isdigit():
        return body
    return body + int(length[:20])
