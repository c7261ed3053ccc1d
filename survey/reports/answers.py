"""What every file of single answers shares: the columns beside the questions, and people one by one.

Reports stage, pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson

COLUMNS = ("status", "collector", "language", "version", "month")
"""What stands before the questions."""

VERSION = COLUMNS.index("version")

Batches = Iterable[tuple[Sequence[str], bytes]]
"""The values of ``COLUMNS`` that several people share, and what each of them answered, as stored: one JSON object a
line."""


def each(batches: Batches) -> Iterator[tuple[Sequence[str], dict[str, Any]]]:
    """Everybody: the values of ``COLUMNS``, and the answers by key. An answer that is not there was not asked; one that
    is empty was left blank."""
    for shared, stored in batches:
        for line in stored.split(b"\n"):
            yield shared, orjson.loads(line)
