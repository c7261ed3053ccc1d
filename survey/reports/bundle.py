"""The evidence bundle: one archive with everything that shows where the figures of a cut come from, and its own check.

Reports stage, pure. The same files give the same bytes. Beside the files stand ``manifest.json`` (what each is, its
size and SHA-256, the cut) and ``SHA256SUMS``, which ``sha256sum -c SHA256SUMS`` goes through.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from survey.errors import PhieuError
from survey.texts import Texts

MANIFEST, SUMS, README = "manifest.json", "SHA256SUMS", "README.txt"

FORMAT = 1
"""Version of the manifest."""


@dataclass(frozen=True)
class Part:
    """One file: its path in the archive (ASCII), what it is, in words, and its bytes."""

    path: str
    told: str
    data: bytes


@dataclass(frozen=True)
class Subject:
    """What the bundle is about: the survey, and its cut by number, printed hash and digest of its frozen figures."""

    survey: str
    title: str
    office: str
    cut: int
    hash: str
    digest: str
    as_of: date
    version: int


def bundle(subject: Subject, parts: Sequence[Part], left_out: Mapping[str, str], t: Texts) -> bytes:
    """The archive. ``left_out``: what could not be made, and why, in words; a reader must be told. Raises PhieuError
    ``path_unusable`` for two files of one name."""
    if len({one.path for one in parts} | {MANIFEST, SUMS, README}) != len(parts) + 3:
        raise PhieuError("path_unusable", "Two files of the bundle have the same name.", "Rename one.")
    listed = [*parts, Part(README, t("What is in here, and how to check it"), _readme(subject, parts, left_out, t))]
    manifest = {
        "format": FORMAT,
        "survey": subject.survey,
        "title": subject.title,
        "office": subject.office,
        "questionnaire_version": subject.version,
        "cut": {
            "number": subject.cut,
            "as_of": subject.as_of.isoformat(),
            "hash": subject.hash,
            "sha256": subject.digest,
        },
        "files": [
            {"path": one.path, "what": one.told, "bytes": len(one.data), "sha256": _digest(one.data)} for one in listed
        ],
        "left_out": dict(left_out),
    }
    listed.append(Part(MANIFEST, "", (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()))
    sums = "".join(f"{_digest(one.data)}  {one.path}\n" for one in listed)
    listed.append(Part(SUMS, "", sums.encode()))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for one in listed:
            kept = zipfile.ZipInfo(
                one.path, (max(subject.as_of.year, 1980), subject.as_of.month, subject.as_of.day, 0, 0, 0)
            )
            kept.compress_type = zipfile.ZIP_DEFLATED
            kept.external_attr = 0o644 << 16
            archive.writestr(kept, one.data)
    return target.getvalue()


def faults(data: bytes) -> tuple[str, ...]:
    """What is wrong with a bundle: files that are missing, changed or unlisted. Empty when all is as it was made."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    listed = dict(line.split("  ", 1)[::-1] for line in held.get(SUMS, b"").decode().splitlines())
    wrong = [name for name, digest in listed.items() if name not in held or _digest(held[name]) != digest]
    return (*wrong, *(name for name in held if name not in listed and name != SUMS))


def _readme(subject: Subject, parts: Sequence[Part], left_out: Mapping[str, str], t: Texts) -> bytes:
    lines = [
        subject.title,
        subject.office,
        t("Evidence for the figures as of {day}, data cut {number}.", day=t.day(subject.as_of), number=subject.cut),
        t("Data cut in full: {hash}", hash=subject.hash),
        "",
        *(f"{one.path}: {one.told}" for one in parts),
        "",
        *(t("Not in here: {what} ({why})", what=what, why=why) for what, why in left_out.items()),
        t("To check that nothing was changed, unpack everything and run: {command}", command=f"sha256sum -c {SUMS}"),
        t(
            "On Windows, compare each file's line in {sums} with: {command}",
            sums=SUMS,
            command="certutil -hashfile FILE SHA256",
        ),
        t("The frozen figures in full are the file with the number {sha256}.", sha256=subject.digest),
    ]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
