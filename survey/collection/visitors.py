"""Whether a request for the form comes from somebody who looks at it, or from a program that previews or scans links.

Chat programs fetch a link to draw its preview, mail filters to examine it: neither opened the form. What is looked at
here is decided on and forgotten. Collection stage, pure.
"""

from __future__ import annotations

import re
from typing import Protocol

_PROGRAM = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|fetch|scan|monitor|facebookexternalhit|facebookcatalog|facebot|whatsapp/|"
    r"viber/|skypeuri|slack-img|embedly|curl/|wget/|python-|java/|okhttp|go-http|axios|node-|libwww|httpclient|"
    r"headlesschrome|phantomjs|safelinks|proofpoint|barracuda|mimecast|virustotal",
    re.IGNORECASE,
)
"""In what a program calls itself. Browsers inside chat programs (Zalo, Messenger, Telegram) match none of these."""

_AHEAD = ("prefetch", "prerender", "preview")


class Headers(Protocol):
    """What a request says of itself, by name in any case."""

    def get(self, name: str, default: str, /) -> str: ...


def is_person(method: str, headers: Headers) -> bool:
    """Whether somebody is likely to look at the page that these headers ask for."""
    agent = headers.get("User-Agent", "")
    purpose = f"{headers.get('Sec-Purpose', '')} {headers.get('Purpose', '')} {headers.get('X-Moz', '')}".lower()
    return (
        method == "GET"
        and bool(agent)
        and not _PROGRAM.search(agent)
        and not any(word in purpose for word in _AHEAD)
        and "text/html" in headers.get("Accept", "")
        and headers.get("Sec-Fetch-Dest", "document") in ("document", "iframe", "frame", "empty")
    )
