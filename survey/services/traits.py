"""What a collector has beyond name, kind and days: checked against its survey, and turned into columns."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from survey.definition import document
from survey.definition.variables import Form
from survey.errors import PhieuError
from survey.services.particulars import check_people, line
from survey.storage.models import Collector, Survey
from survey.storage.queries import surveys


class Slip(StrEnum):
    """What a slip tells the person who gets it with the form."""

    RECEIPT = "receipt"
    SUPPLEMENT = "supplement"
    REFUSAL = "refusal"


@dataclass(frozen=True)
class Traits:
    """What a collector has beyond name, kind and days; see ``storage.models.Collector``. ``fixed`` maps question keys
    to choice codes, ``follow_up`` is the code of another collector, ``unit`` the name of the office that the place
    belongs to, ``exit_code`` what staff type to leave a kiosk (it is kept as a hash; None leaves the present one)."""

    slip: str | None = None
    place: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    hours: tuple[time, time] | None = None
    expected_per_day: int | None = None
    most_answers: int | None = None
    single_use: bool = False
    follow_up: str | None = None
    unit: str | None = None
    exit_code: str | None = None


def columns(session: Session, survey: Survey, traits: Traits) -> dict[str, Any]:
    """The traits as columns, each checked against the survey."""
    if traits.slip is not None and traits.slip not in list(Slip):
        raise PhieuError("slip_unknown", "There is no such kind of slip.", "Choose one of those listed.", (*Slip,))
    if traits.hours is not None and traits.hours[0] >= traits.hours[1]:
        raise PhieuError("hours_reversed", "The hours end before they begin.", "Correct one of the two times.")
    for number in (traits.expected_per_day, traits.most_answers):
        check_people(number)
    found: dict[str, Any] = {
        "slip": traits.slip,
        "place": line("place", traits.place, 200),
        "fixed": json.dumps(_fixed(session, survey, traits.fixed), ensure_ascii=False),
        "language": traits.language,
        "hours_from": traits.hours[0] if traits.hours else None,
        "hours_to": traits.hours[1] if traits.hours else None,
        "expected_per_day": traits.expected_per_day,
        "most_answers": traits.most_answers,
        "single_use": traits.single_use,
    }
    return found | ({"exit_code": _hashed_exit(traits.exit_code)} if traits.exit_code is not None else {})


def _fixed(session: Session, survey: Survey, fixed: Mapping[str, str]) -> dict[str, str]:
    """The answers a code carries: closed questions with one answer, in the questionnaire as it is now."""
    if not fixed:
        return {}
    version = surveys.version(session, survey.id, survey.version_number)
    known = document.read(json.loads(survey.draft or (version.document if version else "{}"))).by_key
    for key, code in fixed.items():
        variable = known.get(key)
        if variable is None or variable.form not in (Form.SINGLE, Form.SCALE) or code not in variable.listed.codes:
            raise PhieuError(
                "fixed_unusable",
                "The code cannot carry this answer.",
                "Choose a question with one answer, and one of its choices.",
                (f"{key}={code}",),
            )
    return dict(fixed)


def _hashed_exit(code: str) -> str | None:
    """What a kiosk compares a typed exit code with, also when it is offline: salt and SHA-256, both in hex. It keeps
    visitors from leaving the page by chance and protects nothing else. Empty takes the code away."""
    if not code:
        return None
    if not (code.isdigit() and code.isascii() and 4 <= len(code) <= 12):
        raise PhieuError("exit_code_unusable", "The code has 4 to 12 digits.", "Choose such a code.")
    salt = secrets.token_hex(8)
    return f"{salt}:{hashlib.sha256(f'{salt}{code}'.encode()).hexdigest()}"


def of(row: Collector, follow_up: str | None, unit: str | None) -> Traits:
    """The traits a stored collector has; ``follow_up`` is the code of the collector it shows, ``unit`` a name."""
    return Traits(
        slip=row.slip,
        place=row.place,
        fixed=json.loads(row.fixed),
        language=row.language,
        hours=(row.hours_from, row.hours_to) if row.hours_from and row.hours_to else None,
        expected_per_day=row.expected_per_day,
        most_answers=row.most_answers,
        single_use=row.single_use,
        follow_up=follow_up,
        unit=unit,
    )
