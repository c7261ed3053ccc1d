"""What the staff pages share: their words, short messages after a change, downloads, and lists in pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import Response, flash, g, redirect, request, url_for

from survey.texts import LANGUAGES, Texts, texts

T = TypeVar("T")

PER_PAGE = 50


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list; numbers count from 1."""

    rows: Sequence[T]
    number: int
    last: int
    total: int


def words() -> Texts:
    """Wordings in the language of whoever reads this page."""
    return texts(g.get("language") or request.args.get("lang") or LANGUAGES[0])


def say(message: str) -> None:
    """Shows a translated message on the next page."""
    flash(message)


def go(endpoint: str, **values: Any) -> Response:
    """To another page, which is then fetched by GET."""
    response = redirect(url_for(endpoint, **values), 303)
    return Response(response.get_data(), 303, list(response.headers))


def asked_page() -> int:
    """The number in ``?page=``; 1 for anything that is none."""
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def paged(rows: Sequence[T]) -> Page[T]:
    """The page of a list that is asked for; past the end the last one."""
    last = pages(len(rows))
    number = min(asked_page(), last)
    return Page(rows[(number - 1) * PER_PAGE : number * PER_PAGE], number, last, len(rows))


def pages(total: int) -> int:
    """How many pages so many rows fill; never none."""
    return max(1, -(-total // PER_PAGE))


def download(body: bytes | Iterable[bytes], mimetype: str, filename: str) -> Response:
    """A file to keep; ``filename`` is ASCII."""
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
