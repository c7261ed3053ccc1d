"""Single-use codes: what opens the form for one person, once. The database keeps only their HMAC.

Eleven random letters make them useless to guess, and without the secret key nobody who reads the database can tell
which code a row belongs to. Collection stage, pure.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence

from survey.collection import codes

LENGTH = 12
"""Eleven characters of 5 random bits each and a check letter."""


def make(random_bytes: Callable[[int], bytes]) -> str:
    """A new code of ``LENGTH`` characters."""
    return codes.make(random_bytes, LENGTH)


def canonical(typed: str) -> str:
    """The code from what somebody typed; raises NotFound ``code_mistyped``."""
    return codes.canonical(typed, length=LENGTH)


def code_hash(secret_key: str, code: str) -> bytes:
    """What the database keeps of a code under one secret key: HMAC-SHA-256, 32 bytes."""
    return hmac.digest(secret_key.encode(), b"single-use code" + code.encode("ascii"), hashlib.sha256)


def code_hashes(secret_keys: Sequence[str], code: str) -> list[bytes]:
    """What the database may keep of a code: one hash for each key that is still accepted."""
    return [code_hash(key, code) for key in secret_keys]


def key_id(secret_key: str) -> bytes:
    """Four bytes that name a secret key without telling it, so that nobody retires one that codes still need."""
    return hashlib.sha256(b"key id" + secret_key.encode()).digest()[:4]
