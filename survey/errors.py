"""Every error the product raises on purpose: a code, what is wrong, what to do. Lowest layer; imports nothing.

Errors are raised low and turned into a page (web), an exit status (cli) or JSON in one place each.
"""

from __future__ import annotations


class PhieuError(Exception):
    """An expected failure. ``code`` names it for programs, ``remedy`` says what to do about it.

    ``status`` is the HTTP status a page would carry; ``details`` are further lines (one per row, field or file).
    """

    status = 400

    def __init__(self, code: str, message: str, remedy: str = "", details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class NotFound(PhieuError):
    """The thing named does not exist, or is outside what the actor may know of."""

    status = 404


class NotAllowed(PhieuError):
    """The actor's role does not hold the permission."""

    status = 403


class Conflict(PhieuError):
    """The request fits an older state: something was closed, published or imported meanwhile."""

    status = 409


class Unavailable(PhieuError):
    """The service cannot do it now and nothing was kept; trying again later is right."""

    status = 503


class Misconfigured(PhieuError):
    """A setting is missing or unsafe; start-up refuses."""

    status = 500
