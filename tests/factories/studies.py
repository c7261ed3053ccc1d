"""Surveys with released responses, put straight into the database as services would, for tests of what reads them."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Executable, insert, select, update
from sqlalchemy.orm import Session

from survey.aggregation.coding import COLLECTOR, LANGUAGE, MONTH, STATUS, VERSION
from survey.definition import document
from survey.definition.questionnaire import Questionnaire
from survey.storage.engine import Database
from survey.storage.models import Collector, QuestionnaireVersion, Release, Response, Survey, Unit
from survey.storage.queries import releases

NOON = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)

_slugs = count(1)


@dataclass
class Study:
    """A survey in a database; ``released`` is the newest release's number. The same study answers the same."""

    database: Database
    survey_id: int
    collectors: list[int]
    versions: list[tuple[int, Questionnaire]] = field(default_factory=list)
    released: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.survey_id)

    def publish(self, questionnaire: Questionnaire) -> None:
        """The next version."""
        value = json.dumps(document.write(questionnaire))
        number = len(self.versions) + 1
        row = {
            "survey_id": self.survey_id,
            "number": number,
            "document": value,
            "digest": str(number),
            "published_at": NOON,
        }
        version_id = self.database.write(
            lambda session: session.scalars(
                insert(QuestionnaireVersion).returning(QuestionnaireVersion.id), [row]
            ).one()
        )
        self.versions.append((version_id, questionnaire))

    def add_collector(self, code: str) -> None:
        """A further channel."""
        row = {"survey_id": self.survey_id, "code": code, "kind": "web", "name": code, "created_at": NOON}
        self.collectors.append(
            self.database.write(lambda session: session.scalars(insert(Collector).returning(Collector.id), [row]).one())
        )

    def rows(self, people: int, status: str = "complete") -> list[dict[str, Any]]:
        """New responses to the newest version, not stored yet."""
        version_id, questionnaire = self.versions[-1]
        return [
            {
                "id": self.chance.getrandbits(62),
                "survey_id": self.survey_id,
                "version_id": version_id,
                "collector_id": self.chance.choice(self.collectors),
                "submission_key": self.chance.randbytes(16),
                "digest": bytes(32),
                "receipt_hash": None,
                "language": self.chance.choice(["vi", "en"]),
                "status": status,
                "received_on": date(2026, self.chance.randint(1, 12), self.chance.randint(1, 28)),
                "release_number": None,
                "import_id": None,
                "answers": json.dumps(self.answers(questionnaire), ensure_ascii=False),
                "flags": "",
            }
            for _ in range(people)
        ]

    def answers(self, questionnaire: Questionnaire) -> dict[str, Any]:
        """What one person says; some questions were not asked, some left blank."""
        given: dict[str, Any] = {}
        for variable in questionnaire.variables:
            fate = self.chance.random()
            if fate < 0.1:
                continue
            if not variable.closed:
                given[variable.key] = self.chance.choice(["", "1", "Cán bộ tận tình \\ “Ễ Ự”"])
            elif variable.form == "multiple":
                given[variable.key] = [code for code in variable.listed.codes if self.chance.random() < 0.4]
            else:
                given[variable.key] = "" if fate < 0.2 else self.chance.choice(variable.listed.codes)
        return given

    def respond(self, people: int, status: str = "complete") -> None:
        """Responses that wait for a release."""
        self.store(self.rows(people, status))

    def store(self, rows: Sequence[dict[str, Any]]) -> None:
        """Responses as ``rows`` made them."""
        self.execute(insert(Response), rows)

    def execute(self, statement: Executable, rows: Sequence[dict[str, Any]] = ()) -> None:
        """One transaction of one statement."""

        def work(session: Session) -> None:
            session.execute(statement, rows or None)

        self.database.write(work)

    def release(self, people: int, status: str = "complete") -> None:
        """A release of so many new responses."""
        self.release_many([people], status)

    def release_many(self, sizes: Sequence[int], status: str = "complete") -> None:
        """Several releases at once."""
        self.release_rows(*(self.rows(people, status) for people in sizes))

    def release_rows(self, *groups: Sequence[dict[str, Any]]) -> None:
        """A release of each of these groups of rows."""
        rows, made = [], []
        for group in groups:
            self.released += 1
            rows += [{**row, "release_number": self.released} for row in group]
            made.append(
                {
                    "survey_id": self.survey_id,
                    "number": self.released,
                    "revision": self.chance.getrandbits(31),
                    "responses": len(group),
                    "released_on": date(2026, 11, 3),
                }
            )

        def work(session: Session) -> None:
            session.execute(insert(Release), made)
            if rows:
                session.execute(insert(Response), rows)

        self.database.write(work)

    def revise(self, number: int) -> None:
        """Excludes one response of a release, which thereby gets a new revision."""

        def work(session: Session) -> None:
            one = select(Response.id).where(
                Response.survey_id == self.survey_id, Response.release_number == number, Response.status == "complete"
            )
            session.execute(
                update(Response).where(Response.id == session.scalar(one.limit(1))).values(status="excluded")
            )
            session.execute(
                update(Release)
                .where(Release.survey_id == self.survey_id, Release.number == number)
                .values(revision=self.chance.getrandbits(31))
            )

        self.database.write(work)

    def tamper(self, number: int) -> None:
        """Changes what a release holds behind the back of the release table, so that a test sees who reads it again."""
        held = (Response.survey_id == self.survey_id, Response.release_number == number)
        self.execute(update(Response).where(*held).values(status="excluded"))

    def people(self) -> Counter[str]:
        """Everybody released, straight from the rows: closed answers and particulars of each, as one line."""
        numbers = {version_id: number for number, (version_id, _) in enumerate(self.versions, 1)}
        closed = {key: one for _, version in self.versions for key, one in version.by_key.items() if one.closed}
        several = {key for _, version in self.versions for key, one in version.by_key.items() if one.form == "multiple"}
        found: Counter[str] = Counter()
        with self.database.reading() as session:
            codes = releases.collector_codes(session, self.survey_id)
            made = select(Release.number).where(Release.survey_id == self.survey_id)
            query = select(Response).where(
                Response.survey_id == self.survey_id,
                Response.release_number.in_(made),
                Response.status.in_(["complete", "flagged"]),
            )
            for row in session.scalars(query):
                version = self.versions[numbers[row.version_id] - 1][1]
                person = {
                    COLLECTOR: codes[row.collector_id],
                    LANGUAGE: row.language,
                    VERSION: str(numbers[row.version_id]),
                    MONTH: f"{row.received_on:%Y-%m}",
                    STATUS: row.status,
                }
                for key, value in json.loads(row.answers).items():
                    if key in closed and version.by_key[key].closed:
                        person[key] = (
                            (value if isinstance(value, list) else [value] * bool(value)) if key in several else value
                        )
                found[line(person)] += 1
        return found


def line(person: Mapping[str, object]) -> str:
    """One person as text, whatever the order of answers and ticks."""
    return json.dumps({k: sorted(v) if isinstance(v, list) else v for k, v in sorted(person.items())})


def study(database: Database, *versions: Questionnaire, collectors: Sequence[str] = ("A", "B")) -> Study:
    """An open survey with these versions and collectors."""
    number = next(_slugs)

    def work(session: Session) -> int:
        unit = Unit(name="Sở")
        session.add(unit)
        session.flush()
        survey = Survey(slug=f"study-{number}", unit_id=unit.id, title="Khảo sát", status="open", created_at=NOON)
        session.add(survey)
        session.flush()
        return survey.id

    made = Study(database, database.write(work), [])
    for version in versions:
        made.publish(version)
    for code in collectors:
        made.add_collector(f"{code}{number}")
    return made
