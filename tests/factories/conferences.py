"""A conference survey that people have answered, as an office has it after a hall full of them."""

from __future__ import annotations

import json
import random
from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from survey.definition import library
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form
from survey.services import collectors
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.models import Measure, Survey
from tests.factories.answers import answer, release
from tests.factories.surveys import open_survey


def said(questionnaire: Questionnaire, chance: random.Random) -> dict[str, str | list[str]]:
    """One person's answers: rather satisfied, a few blanks, some outside the scale, now and then a comment."""
    mood = chance.gauss(0.0, 0.7)
    out: dict[str, str | list[str]] = {}
    for variable in questionnaire.variables:
        if not variable.closed:
            out[variable.key] = "Cần thêm chỗ để xe" if chance.random() < 0.15 else ""
        elif chance.random() < 0.04:
            out[variable.key] = [] if variable.form is Form.MULTIPLE else ""
        elif variable.form is Form.SCALE:
            codes = [one.code for one in variable.listed.levels]
            outside = [one.code for one in variable.listed.missing]
            place = min(len(codes) - 1, max(0, round(3.1 + mood + chance.gauss(0.0, 0.9))))
            out[variable.key] = outside[0] if outside and chance.random() < 0.05 else codes[place]
        elif variable.form is Form.SINGLE:
            codes = [one.code for one in variable.listed.levels]
            out[variable.key] = chance.choices(codes, [2.0**-place for place in range(len(codes))])[0]
        else:
            codes = [one.code for one in variable.listed.levels]
            out[variable.key] = [one for one in codes if chance.random() < 0.3][: variable.most or None] or codes[:1]
    return out


def answered(
    runtime: Runtime, people: int, *, slug: str = "conference", seed: int = 1, population: int | None = None
) -> None:
    """A survey of this many people behind two collectors, all released, with one measure noted."""
    first = open_survey(runtime, slug=slug)
    second = collectors.add(runtime, OPERATOR, slug, "leaflet", "Tờ rơi")
    chance, questionnaire = random.Random(seed), library.load("conference")
    by_code: dict[str, list[dict[str, str]]] = {first: [], second: []}
    for _ in range(people):
        person = said(questionnaire, chance)
        code = chance.choices([first, second], [3, 1])[0]
        by_code[code].append(json.loads(json.dumps(person)))
    for code, some in by_code.items():
        if some:
            answer(runtime, code, some)
    release(runtime, slug)

    def note(session: Session) -> None:
        session.execute(
            update(Survey)
            .where(Survey.slug == slug)
            .values(population=population, opens_on=date(2026, 10, 1), closes_on=date(2026, 10, 16))
        )
        survey_id = session.scalars(select(Survey.id).where(Survey.slug == slug)).one()
        row = {
            "survey_id": survey_id,
            "heard": "Thiếu chỗ để xe",
            "action": "Mở thêm bãi xe phía sau",
            "lead": "Văn phòng Sở",
            "due_on": date(2026, 12, 31),
            "done_on": None,
        }
        session.execute(insert(Measure), [row])

    runtime.database.write(note)
