"""The response matrix: released responses as coded columns in files beside the database, grown from the release table.

It is a cache: whatever is deleted, cut off, damaged or out of date comes back from the database. It holds no text, no
identifiers and no time finer than the month, and within a release the rows stand in random order.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import orjson
from sqlalchemy.orm import Session

from survey.aggregation.coding import codings, joined
from survey.aggregation.columns import Coding, Matrix
from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from survey.errors import Unavailable
from survey.storage import blocks
from survey.storage.blocks import BlockFile, Damaged, Piece
from survey.storage.filelock import locked
from survey.storage.queries import releases
from survey.storage.sources import Randomness, Source

MOST_FILES = 16
"""More files than this are merged, the small ones first, so that opening stays fast however many releases there are."""

SURVEYS_KEPT = 16
"""Surveys whose files a process keeps mapped; each map holds a file descriptor."""

Opened = dict[Path, tuple[tuple[int, ...], BlockFile]]

_opened: dict[Path, Opened] = {}
"""Folder → file → its identity and what was read: a process checks and maps a file once. Last used last."""

_guard = threading.Lock()


class MatrixStore:
    """The matrices of one data folder; cheap to make, as everything read is shared by the process."""

    def __init__(self, data_dir: Path, randomness: Randomness = secrets.token_bytes) -> None:
        self._folder = data_dir / "matrix"
        self._randomness = randomness

    def open(self, session: Session, survey_id: int) -> Matrix:
        """What the releases that ``session`` sees hold. What the files lack is read from the database first.

        Raises Unavailable ``matrix_unusable`` when files cannot be read or written, PhieuError ``answers_unreadable``
        for a damaged response.
        """
        wanted = releases.revisions(session, survey_id)
        versions = releases.versions(session, survey_id)
        questionnaires = [_questionnaire(text) for _, text in versions]
        published = codings(questionnaires)
        if not wanted:
            return Matrix((), published)
        source = Source(session, survey_id, questionnaires, [version_id for version_id, _ in versions])
        try:
            standing = self._standing(source, wanted, published)
        except OSError as error:
            raise _unusable(self._folder, str(error)) from error
        known = {key: standing.known[key] if key.startswith("@") else coding for key, coding in published.items()}
        pieces = [piece for one in standing.files for piece in one.pieces]
        return Matrix(tuple(replace(piece.block, runs=piece.runs) for piece in pieces), known)

    def _standing(self, source: Source, wanted: Mapping[int, int], published: Mapping[str, Coding]) -> _Standing:
        folder = self._folder / str(source.survey_id)
        standing = _look(folder, wanted, published)
        if not standing.right:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            with locked(folder / "lock"):
                # Whoever held the lock before may have done the work.
                standing = _look(folder, wanted, published)
                if not standing.right:
                    _mend(folder, standing, wanted, source, self._randomness)
                    standing = _look(folder, wanted, published)
            if not standing.right:
                raise _unusable(folder, "what was written is not there")
        return standing


@lru_cache(64)
def _questionnaire(text: str) -> Questionnaire:
    return document.read(orjson.loads(text))


def _unusable(folder: Path, reason: str) -> Unavailable:
    return Unavailable(
        "matrix_unusable",
        "Results cannot be prepared: their files cannot be read or written.",
        "Check that the disk has room and that the server may read and write in its data folder.",
        (f"{folder}: {reason}",),
    )


@dataclass(frozen=True)
class _Held:
    """What is right in a file: all rows of these releases. ``stale``: it also holds one as it no longer is."""

    file: BlockFile
    numbers: frozenset[int]
    pieces: tuple[Piece, ...]
    stale: bool


@dataclass(frozen=True)
class _Standing:
    """What the files hold of the releases wanted; each release is in one of ``files`` or ``missing``. ``useless`` files
    are damaged, or hold only what others hold; ``known`` are the codings of all files and the published ones."""

    files: tuple[_Held, ...]
    missing: tuple[int, ...]
    useless: tuple[Path, ...]
    known: Mapping[str, Coding]

    @property
    def right(self) -> bool:
        return not (self.missing or self.useless or any(one.stale for one in self.files))


def _look(folder: Path, wanted: Mapping[int, int], published: Mapping[str, Coding]) -> _Standing:
    """Reads the folder. Without the lock, a file may be gone between being listed and read; its releases are then
    missing here and found when looking again under the lock."""
    files, useless = _files(folder)
    newest, taken = max(wanted), set[int]()
    known = published
    held = []
    for file in sorted(files, key=lambda one: (-one.rows, one.path)):
        right = {number for number, revision in file.revisions.items() if wanted.get(number) == revision}
        # A release beyond those wanted is none of this session's business: another session saw it already.
        stale = any(number <= newest and number not in right for number in file.revisions)
        numbers = frozenset(right - taken)
        try:
            known = joined(known, file.codings) if numbers else known
        except ValueError:  # what was one choice may be several now
            useless.append(file.path)
            continue
        if numbers or stale:
            pieces = tuple(part for piece in file.pieces for part in piece.only(numbers))
            held.append(_Held(file, numbers, pieces, stale))
            taken |= numbers
        elif all(number <= newest for number in file.revisions):
            useless.append(file.path)
    return _Standing(tuple(held), tuple(number for number in wanted if number not in taken), tuple(useless), known)


def _files(folder: Path) -> tuple[list[BlockFile], list[Path]]:
    """The sound files of a folder, and the paths of damaged ones."""
    seen, found, damaged = _opened.get(folder, {}), Opened(), []
    for path in folder.glob(f"*{blocks.SUFFIX}"):
        try:
            status = path.stat()
            identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
            known = seen.get(path)
            found[path] = known if known and known[0] == identity else (identity, blocks.read(path))
        except Damaged:
            damaged.append(path)
        except FileNotFoundError:
            continue
    with _guard:
        _opened.pop(folder, None)
        _opened[folder] = found
        while len(_opened) > SURVEYS_KEPT:
            del _opened[next(iter(_opened))]
    return [file for _, file in found.values()], damaged


def _mend(folder: Path, standing: _Standing, wanted: Mapping[int, int], source: Source, randomness: Randomness) -> None:
    """Writes one file with what is missing and what is right in stale files, and in small ones when there are too many;
    then deletes these. Wherever it is cut off, what is there is right."""
    for left in folder.glob(f"*{blocks.UNFINISHED}"):
        left.unlink()
    retired = [one for one in standing.files if one.stale]
    newest = max(wanted)
    fresh = [one for one in standing.files if not one.stale and all(number <= newest for number in one.file.revisions)]
    if len(standing.files) - len(retired) >= MOST_FILES:
        retired += sorted(fresh, key=lambda one: one.file.rows)[: MOST_FILES // 2 + 1]
    numbers = frozenset(standing.missing).union(*(one.numbers for one in retired))
    if numbers:
        pieces = _chain(retired, source.pieces(standing.missing, standing.known, randomness))
        revisions = {number: wanted[number] for number in sorted(numbers)}
        blocks.write(folder / f"{randomness(8).hex()}{blocks.SUFFIX}", revisions, blocks.packed(pieces))
    for path in (*standing.useless, *(one.file.path for one in retired)):
        path.unlink(missing_ok=True)


def _chain(retired: Sequence[_Held], fresh: Iterator[Piece]) -> Iterator[Piece]:
    for one in retired:
        yield from one.pieces
    yield from fresh
