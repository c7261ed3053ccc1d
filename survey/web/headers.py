"""Headers of every page: what a browser may load, tell others and keep."""

from __future__ import annotations

from flask import Response

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"
)
"""Content-Security-Policy of every page that does not set a stricter one itself."""

COMMON = (
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def page(policy: str) -> list[tuple[str, str]]:
    """All headers of an HTML page under one policy, so that they can be set in one go."""
    return [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy),
        ("Cache-Control", "private, no-cache"),
        *COMMON,
    ]


def complete(response: Response) -> Response:
    """Adds what a response does not say itself."""
    if "Referrer-Policy" in response.headers:
        return response
    for name, value in (("Content-Security-Policy", POLICY), *COMMON):
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response
