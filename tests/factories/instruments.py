"""The tiny questionnaires of tests/instruments, one per feature, as they are and with a part of them changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from survey.definition import document
from survey.definition.questionnaire import Questionnaire

FOLDER = Path(__file__).parent.parent / "instruments"


def names() -> list[str]:
    """Every instrument by name."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def raw(name: str) -> Any:
    """The document of an instrument, free to be changed."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def instrument(name: str) -> Questionnaire:
    """An instrument as a questionnaire."""
    return document.read(raw(name))
