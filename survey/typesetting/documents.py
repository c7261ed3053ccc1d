"""A PDF from a template and data: everything the document may see is put into a folder of its own, and a worker
process with bounds on time and memory makes the file. Data stays data: it is read as JSON, never as markup."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any, Literal

from survey.config import ROOT
from survey.errors import PhieuError, Unavailable
from survey.typesetting import fonts

TEMPLATES = ROOT / "templates" / "documents"
SECONDS = 60
"""Longest a document may take, in wall-clock time; processor time is bounded at twice that."""

MEMORY = 2 * 1024**3
"""Address space of the worker in bytes; 500 pages of labels need about a quarter."""

Standard = Literal["a-2a", "ua-1"]

_WORKER = Path(__file__).with_name("worker.py")
_WORKERS = BoundedSemaphore(2)
_IMAGE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.(svg|png|pdf)")
_REFERENCE = re.compile(r"&#(x[0-9a-fA-F]{1,6}|[0-9]{1,7});")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Typeset:
    """A document, and the values of its elements ``metadata(…) <told>`` in their order: what it says of its layout."""

    pdf: bytes
    told: tuple[Any, ...]


def pdf(
    template: str,
    data: Mapping[str, Any],
    images: Mapping[str, bytes] | None = None,
    *,
    standards: Sequence[Standard] = (),
    created: date | None = None,
    missing: Literal["box", "refuse"] = "box",
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> bytes:
    """What ``typeset`` makes, for documents of whose layout nothing needs to be known."""
    return typeset(
        template,
        data,
        images,
        standards=standards,
        created=created,
        missing=missing,
        seconds=seconds,
        memory=memory,
    ).pdf


def typeset(
    template: str,
    data: Mapping[str, Any],
    images: Mapping[str, bytes] | None = None,
    *,
    standards: Sequence[Standard] = (),
    created: date | None = None,
    missing: Literal["box", "refuse"] = "box",
    seconds: int = SECONDS,
    memory: int = MEMORY,
) -> Typeset:
    """The document ``templates/documents/<template>.typ`` makes of ``data`` (its ``json("data.json")``) and ``images``
    (its ``image("images/<name>")``; pages of a PDF may be pictures too). The same arguments give the same bytes;
    ``created`` is the file's stated date.

    A character that no font shows becomes a visible box, or with ``missing="refuse"`` raises PhieuError
    ``characters_missing`` that names it. Raises PhieuError ``typesetting_failed`` when Typst refuses the document,
    Unavailable ``typesetting_stopped`` when a bound was reached, ``typesetting_busy`` when others wait already.
    """
    if missing == "refuse" and (lacking := fonts.missing(_strings(data))):
        raise PhieuError(
            "characters_missing",
            "The text holds characters that cannot be printed.",
            "Remove or replace them.",
            tuple(fonts.name(character) for character in lacking),
        )
    request = {
        "template": f"{template}.typ",
        "standards": list(standards),
        "timestamp": int(datetime.combine(created or date(1970, 1, 1), datetime.min.time(), UTC).timestamp()),
        "seconds": 2 * seconds,
        "memory": memory,
    }
    with TemporaryDirectory(prefix="phieu-document-") as name:
        folder = Path(name)
        _furnish(folder, request, data, images or {})
        if not _WORKERS.acquire(timeout=seconds):
            raise Unavailable("typesetting_busy", "Other documents are being made.", "Try again in a minute.")
        try:
            return _run(folder, seconds)
        finally:
            _WORKERS.release()


def _furnish(folder: Path, request: Mapping[str, Any], data: Mapping[str, Any], images: Mapping[str, bytes]) -> None:
    """Lays out ``root`` (templates, data, images: all that a document can read) and, beside it, ``fonts``."""
    root = folder / "root"
    (root / "images").mkdir(parents=True)
    (folder / "fonts").mkdir()
    for source in TEMPLATES.glob("*.typ"):
        (root / source.name).write_bytes(source.read_bytes())
    for file in fonts.font_files():
        (folder / "fonts" / file.name).symlink_to(file)
    for name, image in images.items():
        if not _IMAGE_NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot name an image")
        (root / "images" / name).write_bytes(_presentable_svg(image) if name.endswith(".svg") else image)
    (root / "data.json").write_text(json.dumps(_presentable(data), ensure_ascii=False), encoding="utf-8")
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")


def _run(folder: Path, seconds: int) -> Typeset:
    """One worker, alone in its session, with nothing of the environment but where shared libraries are."""
    with subprocess.Popen(  # noqa: S603  # our own interpreter, script and folder; nothing from outside
        [sys.executable, "-I", "-X", "utf8", str(_WORKER), str(folder)],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            _, complaint = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            complaint = b"out of time"
    if process.returncode == 0:
        for warning in json.loads((folder / "warnings.json").read_bytes()):
            _log.warning("typesetting: %s", warning)
        return Typeset((folder / "document.pdf").read_bytes(), tuple(json.loads((folder / "told.json").read_bytes())))
    if (failure := folder / "failure.json").exists():
        told = json.loads(failure.read_bytes())
        _log.error("typesetting: %s", told["diagnostic"])
        raise PhieuError("typesetting_failed", "The document could not be set.", "The server's log says why.")
    _log.error("typesetting: worker ended with %s: %s", process.returncode, complaint.decode(errors="replace")[-2000:])
    raise Unavailable(
        "typesetting_stopped", "The document takes too much time or memory.", "Shorten its texts, or try again later."
    )


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, Sequence):
        for one in value:
            yield from _strings(one)


def _presentable(value: Any) -> Any:
    if isinstance(value, str):
        return fonts.presentable(value)
    if isinstance(value, Mapping):
        return {key: _presentable(one) for key, one in value.items()}
    if isinstance(value, Sequence):
        return [_presentable(one) for one in value]
    return value


def _presentable_svg(image: bytes) -> bytes:
    """The same picture with a box for each character no font shows; markup is ASCII, so only text can change."""
    text = image.decode("utf-8", errors="replace")

    def shown(reference: re.Match[str]) -> str:
        number = reference[1]
        point = int(number[1:], 16) if number[0] == "x" else int(number)
        return reference[0] if point < 128 else fonts.presentable(chr(point) if point < 0x110000 else fonts.BOX)

    return fonts.presentable(_REFERENCE.sub(shown, text)).encode()
