"""A real LibreOffice opens files and says what it found in them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.conftest import missing

_FORMULA = re.compile(rb'table:formula="([^"]*)"')
_LINK = re.compile(rb'<text:a [^>]*xlink:href="([^"]*)"')


def live(files: Iterable[Path], folder: Path, filter_: str = "") -> dict[str, list[str]]:
    """File name → formulas and links in it, after opening all in one start. A file that does not open is not there.
    ``filter_`` says how CSV is to be read; without it, as it is read by default."""
    program = shutil.which("soffice") or missing("LibreOffice", "install the package libreoffice-calc-nogui.")
    out = folder / "opened"
    command = [program, f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", "fods"]
    command += [f"--infilter={filter_}"] if filter_ else []
    named = {path.stem: path.name for path in files}
    subprocess.run([*command, "--outdir", str(out), *map(str, files)], check=True, capture_output=True, timeout=600)
    return {
        named[path.stem]: [
            found.decode() for pattern in (_FORMULA, _LINK) for found in pattern.findall(path.read_bytes())
        ]
        for path in out.glob("*.fods")
    }
