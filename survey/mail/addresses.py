"""Addresses that letters go to, out of what staff paste or a CSV file: one a line, wherever in it the address stands.

Only addresses that every mail server takes: a local part of ASCII letters, a domain that is one (a Vietnamese one in
its ASCII form). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST = 20_000
"""Addresses of one mailing."""

LARGEST = 4 * 1024 * 1024
"""Bytes of a list; 20,000 lines with names and offices beside the addresses."""

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_SEPARATORS = re.compile(r"[,;\t\"<>\s]+")
_LONGEST_LINE = 2_000


@dataclass(frozen=True)
class Listed:
    """``addresses`` in lower case, each once, in the order of the list; ``wrong``: number and text of lines without
    one; ``repeated``: how many lines named an address that stands before."""

    addresses: tuple[str, ...]
    wrong: tuple[tuple[int, str], ...]
    repeated: int


def read(text: str) -> Listed:
    """The addresses in a list. Empty lines are passed over, and so is a first line without ``@``: names of columns."""
    found: dict[str, int] = {}
    wrong: list[tuple[int, str]] = []
    repeated = 0
    for number, line in _lines(text):
        if "@" not in line and number == 1:
            continue
        address = _in_line(line)
        if address is None:
            wrong.append((number, line.strip()[:60]))
        elif address in found:
            repeated += 1
        else:
            found[address] = number
    return Listed(tuple(found), tuple(wrong), repeated)


def canonical(typed: str) -> str | None:
    """An address in lower case, None for what is none."""
    local, _, domain = typed.strip().rpartition("@")
    try:
        ascii_domain = domain.rstrip(".").encode("idna").decode("ascii").lower() if domain else ""
    except UnicodeError:
        return None
    address = f"{local.lower()}@{ascii_domain}"
    sound = len(local) <= 64 and len(address) <= 254 and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)
    return address if sound else None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line.strip(' \t,;"'):
            yield number, line


def _in_line(line: str) -> str | None:
    """The first thing in a line that holds ``@``, if it is an address."""
    words = (word for word in _SEPARATORS.split(line[:_LONGEST_LINE]) if "@" in word)
    return canonical(next(words, "").removeprefix("mailto:"))
