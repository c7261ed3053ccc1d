"""Tokens that open something once or for a while: given out once, kept only as a hash. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta

INVITATION = timedelta(hours=48)
"""How long an invitation waits to be used."""

IDLE = timedelta(minutes=60)
"""A session that is not used for this long ends."""

ABSOLUTE = timedelta(hours=12)
"""No session lasts longer, used or not: a working day."""

SEEN = timedelta(minutes=1)
"""How finely the last use of a session is noted, so that reading pages hardly ever writes."""


def make(randomness: Callable[[int], bytes]) -> str:
    """256 bits, in 43 characters that may stand in an address."""
    return base64.urlsafe_b64encode(randomness(32)).decode().rstrip("=")


def token_hash(token: str) -> bytes:
    """What is stored (SHA-256): the token cannot be found from it, being random."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
