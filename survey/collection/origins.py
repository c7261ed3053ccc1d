"""Web sites that may show the form inside their own pages: read from what staff type, as origins and nothing else.

They are written into a Content-Security-Policy, so only letters that cannot mean anything there come through. Pure.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from survey.errors import PhieuError

MOST = 20
"""Sites of one survey; a policy is sent with every page."""

_HERE = frozenset({"localhost", "127.0.0.1"})
_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_USUAL = {"https": 443, "http": 80}
_LONGEST = 20_000


def read(typed: str) -> tuple[str, ...]:
    """The origins in ``typed``, between spaces, commas or line ends: lower case, a Vietnamese domain in its ASCII form,
    without the usual port, each once. Raises PhieuError ``origins_unusable`` that lists what is none, or
    ``origins_too_many``."""
    words = re.split(r"[\s,;]+", typed[: _LONGEST + 1].strip())
    given = [word for word in words if word]
    if len(typed) > _LONGEST or len(given) > 10 * MOST:
        raise _too_many()
    read_as = {word: _origin(word) for word in given}
    wrong = tuple(word[:100] for word, origin in read_as.items() if origin is None)
    if wrong:
        raise PhieuError(
            "origins_unusable",
            "Some of these lines name no website that could show the form.",
            "Write each as https://www.example.gov.vn: no path, no asterisk; http only for this machine itself.",
            wrong[:MOST],
        )
    found = tuple(dict.fromkeys(origin for origin in read_as.values() if origin))
    if len(found) > MOST:
        raise _too_many()
    return found


def _origin(word: str) -> str | None:
    """One origin, None for what is none."""
    try:
        parts = urlsplit(word)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    bare = parts.path in ("", "/") and not parts.query and not parts.fragment and "@" not in parts.netloc
    allowed = parts.scheme == "https" or (parts.scheme == "http" and host in _HERE)
    if not (bare and allowed and _HOST.fullmatch(host)) or port == 0 or "?" in word or "#" in word:
        return None
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != _USUAL[parts.scheme] else "")


def _too_many() -> PhieuError:
    return PhieuError("origins_too_many", "At most 20 websites can show the form.", "Leave some out.")
