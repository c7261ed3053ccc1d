"""Surveys ready to answer, made through the services as an office would."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import update

from survey.definition import document, library
from survey.services import authoring, collectors
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.models import Survey

INSTRUMENTS = Path(__file__).parent.parent / "instruments"


def open_survey(
    runtime: Runtime, *, slug: str = "conference", instrument: str | None = None, template: str = "conference"
) -> str:
    """A published survey with one collector; gives its code. Without an ``instrument`` (a file of tests/instruments,
    by stem) it is the ``template``."""
    value = (
        json.loads((INSTRUMENTS / f"{instrument}.json").read_text(encoding="utf-8"))
        if instrument
        else document.write(library.load(template))
    )
    value["office"] = {
        "name": {"vi": "Sở Văn hóa, Thể thao và Du lịch"},
        "phone": "1022",
        "email": "gopy@example.gov.vn",
    }
    authoring.import_document(runtime, OPERATOR, json.dumps(value), slug=slug)
    authoring.publish(runtime, OPERATOR, slug)
    return collectors.add(runtime, OPERATOR, slug, "event", "Hội trường")


def one_tap_survey(runtime: Runtime, *, slug: str = "one-tap", traits: Traits | None = None) -> str:
    """The published one-tap questionnaire with one kiosk; gives its code."""
    value = document.write(library.load("one-tap"))
    value["office"] = {
        "name": {"vi": "Sở Văn hóa, Thể thao và Du lịch", "en": "Department of Culture, Sports and Tourism"},
        "phone": "1022",
    }
    authoring.import_document(runtime, OPERATOR, json.dumps(value), slug=slug)
    authoring.publish(runtime, OPERATOR, slug)
    return collectors.add(runtime, OPERATOR, slug, "kiosk", "Quầy 3", traits=traits)


def one_a_screen(runtime: Runtime, slug: str) -> None:
    """Lets the survey ask one question a screen."""
    change = update(Survey).where(Survey.slug == slug).values(layout="steps")
    runtime.database.write(lambda session: session.execute(change) and None)
