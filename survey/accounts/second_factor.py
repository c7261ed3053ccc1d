"""The second factor: time-based codes of an authenticator app (RFC 6238) and recovery codes. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from datetime import datetime

import pyotp

RECOVERY_CODES = 10
"""How many recovery codes are given out at a time."""

STEP = 30
"""Seconds a code holds; the one before and the one after are taken too, for clocks that are off."""

_ISSUER = "Phieu"
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def pending_secret(key: str, session: bytes) -> str:
    """The secret offered to one session until it is confirmed, in base 32: nothing has to be stored for it."""
    return base64.b32encode(hmac.digest(key.encode(), b"second factor\n" + session, "sha256")[:20]).decode()


def address(secret: str, email: str) -> str:
    """The ``otpauth:`` address that the app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)


def used_step(secret: str, typed: str, at: datetime, last: int | None) -> int | None:
    """The time step whose code this is, None when it is none of the three around ``at`` or not after ``last``: a code
    works once (RFC 6238, 5.2)."""
    now = int(at.timestamp()) // STEP
    code = "".join(c for c in unicodedata.normalize("NFKC", typed[:40]) if not c.isspace())
    if not code.isascii():
        return None
    generator = pyotp.TOTP(secret)
    for step in (now, now - 1, now + 1):
        if hmac.compare_digest(generator.generate_otp(step), code) and (last is None or step > last):
            return step
    return None


def recovery_codes(randomness: Callable[[int], bytes]) -> tuple[str, ...]:
    """Fresh recovery codes, ``XXXXX-XXXXX``; letters that look alike are left out. About 49 bits each."""
    codes: list[str] = []
    while len(codes) < RECOVERY_CODES:
        letters = [_LETTERS[byte % 30] for byte in randomness(40) if byte < 240][:10]
        codes.append("".join(letters[:5]) + "-" + "".join(letters[5:]))
    return tuple(codes)


def recovery_hash(user_id: int, typed: str) -> bytes:
    """What is stored of a recovery code, however it is typed (case, spaces, hyphens)."""
    letters = "".join(c for c in unicodedata.normalize("NFKC", typed[:100]).upper() if c.isalnum())
    return hashlib.sha256(f"{user_id}\n{letters}".encode("utf-8", "replace")).digest()
