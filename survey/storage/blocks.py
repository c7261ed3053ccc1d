"""Block files: coded columns of released responses, written once and mapped into memory.

A file is the columns of its pieces one after another, a JSON header that says where each stands and what it means, and
a trailer with a checksum over all of it. It appears under its name complete or not at all, and is never changed.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson

from survey.aggregation.coding import joined, rearranged, stacked
from survey.aggregation.columns import Block, Coding, Column

SUFFIX = ".block"
UNFINISHED = ".tmp"

FORMAT = 2
MAGIC = b"PHIEUMX\n"
TRAILER = struct.Struct("<QI8s")
"""Length of the header, CRC-32 of everything before the trailer, ``MAGIC``."""

ALIGNMENT = 64

PIECE = 1 << 18
"""About how many rows a piece holds: enough to count fast, few enough to be built in little memory."""


class Damaged(Exception):
    """A file that is not, or no longer, what was written."""


@dataclass(frozen=True)
class Piece:
    """Rows and the releases they are of: ``runs`` are (release number, rows) in the order of the rows."""

    block: Block
    runs: tuple[tuple[int, int], ...]

    def only(self, numbers: frozenset[int]) -> list[Piece]:
        """What is of these releases, as unbroken stretches of rows."""
        if all(number in numbers for number, _ in self.runs):
            return [self]
        found: list[Piece] = []
        kept: list[tuple[int, int]] = []
        start = end = 0
        for number, rows in (*self.runs, (-1, 0)):
            if number in numbers:
                kept.append((number, rows))
            else:
                if end > start:
                    found.append(Piece(_stretch(self.block, slice(start, end)), tuple(kept)))
                kept, start = [], end + rows
            end += rows
        return found


@dataclass(frozen=True)
class BlockFile:
    """A file as it stands on disk; ``revisions`` tells the releases it holds, also those without a row."""

    path: Path
    revisions: Mapping[int, int]
    codings: Mapping[str, Coding]
    pieces: tuple[Piece, ...]

    @property
    def rows(self) -> int:
        """How many responses."""
        return sum(piece.block.rows for piece in self.pieces)


def _stretch(block: Block, part: slice) -> Block:
    return rearranged(block, lambda column: column[part], part.stop - part.start)


def packed(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """The same rows in fewer pieces: small ones are put together up to ``PIECE`` rows."""
    waiting: list[Piece] = []
    rows = 0
    for piece in pieces:
        if waiting and rows + piece.block.rows > PIECE:
            yield _together(waiting)
            waiting, rows = [], 0
        waiting.append(piece)
        rows += piece.block.rows
    if waiting:
        yield _together(waiting)


def _together(pieces: list[Piece]) -> Piece:
    if len(pieces) == 1:
        return pieces[0]
    return Piece(stacked([piece.block for piece in pieces]), tuple(run for piece in pieces for run in piece.runs))


def write(path: Path, revisions: Mapping[int, int], pieces: Iterable[Piece]) -> None:
    """Makes the file, durably. Raises OSError and leaves nothing where it cannot."""
    unfinished = path.with_suffix(UNFINISHED)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
            _fill(file, revisions, pieces)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _fill(file: BinaryIO, revisions: Mapping[int, int], pieces: Iterable[Piece]) -> None:
    checksum = 0

    def put(content: bytes | memoryview) -> int:
        nonlocal checksum
        start = file.tell()
        file.write(content)
        checksum = zlib.crc32(content, checksum)
        return start

    put(MAGIC)
    codings: Mapping[str, Coding] = {}
    described = []
    for piece in pieces:
        codings = joined(codings, piece.block.codings)
        columns = {}
        for key, column in piece.block.columns.items():
            put(bytes(-file.tell() % ALIGNMENT))
            columns[key] = (put(np.ascontiguousarray(column).data), column.dtype.str)
        described.append({"rows": piece.block.rows, "runs": piece.runs, "columns": columns})
    header = orjson.dumps(
        {
            "format": FORMAT,
            "releases": list(revisions.items()),
            "codings": [(one.key, one.codes, one.multiple) for one in codings.values()],
            "pieces": described,
        }
    )
    put(header)
    file.write(TRAILER.pack(len(header), checksum, MAGIC))


def read(path: Path) -> BlockFile:
    """The file, its columns mapped into memory, once its checksum proved right. Raises Damaged, OSError."""
    with path.open("rb") as file:
        try:
            # The map outlives the file object, and also the name of the file.
            content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise Damaged(f"{path} is empty") from error
    try:
        return _understood(path, content)
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(f"{path} is damaged: {error}") from error


def _understood(path: Path, content: mmap.mmap) -> BlockFile:
    end = len(content) - TRAILER.size
    length, checksum, magic = TRAILER.unpack_from(content, end) if end > 0 else (0, 0, b"")
    if magic != MAGIC or length > end or zlib.crc32(memoryview(content)[:end]) != checksum:
        raise ValueError("its end or its checksum is wrong")
    header: dict[str, Any] = orjson.loads(content[end - length : end])
    if header["format"] != FORMAT:
        raise ValueError("it is of another format")
    codings = {key: Coding(key, tuple(codes), multiple) for key, codes, multiple in header["codings"]}

    def column(rows: int, start: int, dtype: str) -> Column:
        return np.frombuffer(content, np.dtype(dtype), rows, start)

    pieces = tuple(
        Piece(
            Block(
                one["rows"],
                {key: column(one["rows"], *place) for key, place in one["columns"].items()},
                {key: codings[key] for key in one["columns"]},
            ),
            tuple((number, rows) for number, rows in one["runs"]),
        )
        for one in header["pieces"]
    )
    return BlockFile(path, dict(header["releases"]), codings, pieces)
