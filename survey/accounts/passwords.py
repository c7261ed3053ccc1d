"""Passwords: what is accepted, how one is kept, how one is checked. Pure: salts are handed in."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from survey.errors import PhieuError
from survey.texts.folding import folded

SHORTEST = 12
"""Characters; length makes a password hard to guess (NIST SP 800-63B), so kinds of characters are not asked for."""

LONGEST = 200

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""Argon2id with OWASP's parameters: 19 MiB each, so that a crowd at the log-in does not exhaust a small server."""

_SALT = 16


def check(password: str, email: str) -> None:
    """Raises PhieuError when the password is too short, too long or too easy to guess."""
    plain = folded(password)
    name = folded(email).partition("@")[0]
    if len(password) < SHORTEST:
        raise PhieuError(
            "password_short", "The password is too short.", "Use at least 12 characters, such as four words."
        )
    if len(password) > LONGEST:
        raise PhieuError("password_long", "The password is too long.", "Use at most 200 characters.")
    if len(set(plain)) < 5 or _runs(plain) or (len(name) > 3 and name in plain):
        raise PhieuError(
            "password_easy", "This password is easy to guess.", "Use several words that do not belong together."
        )


def digest(password: str, randomness: Callable[[int], bytes]) -> str:
    """The Argon2id hash with its salt and parameters, as it is stored."""
    return _HASHER.hash(_same(password), salt=randomness(_SALT))


def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password. Where there is none, or no account (None), the same time is spent to say no."""
    try:
        right = _HASHER.verify(stored or _decoy(), _same(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return right and bool(stored)


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _HASHER.hash("nobody's password", salt=bytes(_SALT))


def _same(password: str) -> bytes:
    """The same bytes however a keyboard composed the letters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace")


def _runs(plain: str) -> bool:
    """Whether it only counts up or down, or repeats a short piece."""
    steps = {ord(after) - ord(before) for before, after in pairwise(plain)}
    return steps <= {1, -9} or steps <= {-1, 9} or any(plain in (plain[:n] * len(plain)) for n in (1, 2, 3, 4))
