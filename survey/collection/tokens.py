"""The form token: what a page carries so that its answers are stored exactly once. Stateless and signed, no cookie.

The signature vouches only for the time the page was made. A token whose key was rotated away, or whose clock was wrong,
still names its submission key, version and collector: it loses its ``rendered_at``, never the answer.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey.errors import PhieuError

KEY_BYTES = 16
_LAYOUT = struct.Struct(f">BQQI{KEY_BYTES}s")
_FORMAT = 2
_MINUTES = 1
"""The format before, which counted minutes: too coarse to tell haste, so its time is passed over."""

_HEX = frozenset("0123456789abcdefABCDEF")
_SIGNATURE_BYTES = 16
LENGTH = -(-(_LAYOUT.size + _SIGNATURE_BYTES) * 4 // 3)
"""Characters of a sealed token; always the same, so that it can be put into a page that was compressed before."""


@dataclass(frozen=True)
class FormToken:
    """``submission_key`` is 16 random bytes made for one view of the page; ``rendered_at`` counts seconds since 1970
    (UTC)."""

    version_id: int
    collector_id: int
    submission_key: bytes
    rendered_at: int | None


def seal(token: FormToken, secret_keys: Sequence[str]) -> str:
    """The token as ``LENGTH`` URL-safe characters, signed with the first key."""
    body = _LAYOUT.pack(_FORMAT, token.version_id, token.collector_id, token.rendered_at or 0, token.submission_key)
    return base64.urlsafe_b64encode(body + _signature(body, secret_keys[0])).rstrip(b"=").decode("ascii")


def unseal(sealed: str, secret_keys: Sequence[str]) -> FormToken:
    """The token again; ``rendered_at`` is None unless one of the keys signed it. Raises PhieuError ``token_unreadable``
    when it is not a token at all."""
    try:
        raw = base64.b64decode(sealed.encode("ascii") + b"=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        form, version_id, collector_id, rendered_at, key = _LAYOUT.unpack(raw[: _LAYOUT.size])
        if form not in (_FORMAT, _MINUTES) or len(raw) != _LAYOUT.size + _SIGNATURE_BYTES:
            raise ValueError("another format")
    except (binascii.Error, struct.error, ValueError) as error:
        raise PhieuError(
            "token_unreadable",
            "The page was damaged on its way, so it cannot be told whether these answers were sent before.",
            "Press send again.",
        ) from error
    body, signature = raw[: _LAYOUT.size], raw[_LAYOUT.size :]
    vouched = form == _FORMAT and any(hmac.compare_digest(signature, _signature(body, one)) for one in secret_keys)
    return FormToken(version_id, collector_id, key, rendered_at if vouched else None)


def keyed(token: FormToken, key: str) -> FormToken:
    """The token under a submission key of the page's own making (32 hex digits): a page that takes the answers of many
    people makes one for each. The token still names version and collector; when its page was made tells nothing of this
    answer. Raises PhieuError ``key_unreadable``."""
    if len(key) != 2 * KEY_BYTES or not set(key) <= _HEX:
        raise PhieuError(
            "key_unreadable",
            "The page was damaged on its way, so it cannot be told whether these answers were sent before.",
            "Press send again.",
        )
    return replace(token, submission_key=bytes.fromhex(key), rendered_at=None)


def _signature(body: bytes, secret_key: str) -> bytes:
    return hmac.digest(secret_key.encode(), b"form token" + body, hashlib.sha256)[:_SIGNATURE_BYTES]
