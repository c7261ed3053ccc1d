"""Receipt codes: what a respondent keeps to ask later what became of the answer. They never lead to the answer itself.

A code is derived from the submission key, so that the same submission sent twice gets the same code, and the database
keeps only its hash.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from survey.collection import codes

LENGTH = 12
"""Eleven characters of 5 random bits each and a check letter."""


def receipt(secret_key: str, submission_key: bytes) -> str:
    """The receipt code of a submission under one secret key."""
    mixed = int.from_bytes(hmac.digest(secret_key.encode(), b"receipt" + submission_key, hashlib.sha256)[:8], "big")
    letters = "".join(codes.ALPHABET[(mixed >> (5 * place)) & 31] for place in range(LENGTH - 1))
    return letters + codes.check_letter(letters)


def receipt_hash(code: str) -> bytes:
    """What the database keeps of a code: SHA-256, 32 bytes. 55 random bits make it useless to guess."""
    return hashlib.sha256(b"receipt" + code.encode("ascii")).digest()


def recover(secret_keys: Sequence[str], submission_key: bytes, stored: bytes) -> str | None:
    """The code that was given out for a stored submission, whichever key made it; None when that key is gone."""
    for secret_key in secret_keys:
        code = receipt(secret_key, submission_key)
        if receipt_hash(code) == stored:
            return code
    return None


def canonical(typed: str) -> str:
    """The code as stored from what somebody typed; raises PhieuError ``code_mistyped``."""
    return codes.canonical(typed, length=LENGTH)


def display(code: str) -> str:
    """``XXXX-XXXX-XXXX``."""
    return codes.display(code)
