"""Random surveys answered by random people, and what must agree about them: acknowledged, stored, counted, in files."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from survey.collection import answers
from survey.definition.codebook import codebook
from survey.definition.variables import Form
from survey.services import authoring, collecting, collectors, receipts
from survey.services.doors import Doors
from survey.services.exporting import ENDINGS, export_responses
from survey.services.results import open_raw
from survey.services.runtime import OPERATOR, Runtime
from survey.services.surveys import in_scope
from survey.storage.models import Response
from survey.texts import texts
from tests.reports import reading

SAYINGS = (
    "",
    "Chậm",
    "=1+1",
    "- Rút ngắn\n- Giảm",
    '"Được", ông nói; rồi thôi',
    "Ễ Ự 😀",
    "1",
    "a,b;c\td",
    "+84",
    "'@x",
)

MOST_PEOPLE = 24


@dataclass(frozen=True)
class Agreement:
    """How often each set of answers stands where, and how many answers were acknowledged and not withdrawn."""

    acknowledged: int
    stored: int
    counted: int
    said: Counter[tuple[str, ...]]
    files: Mapping[str, Counter[tuple[str, ...]]]

    @property
    def faults(self) -> list[str]:
        """Whatever does not agree."""
        found = [f"stored {self.stored}"] if self.stored != self.acknowledged else []
        found += [f"counted {self.counted}"] if self.counted != self.acknowledged else []
        return found + [name for name, rows in self.files.items() if rows != self.said]


def survey(chance: random.Random) -> dict[str, Any]:
    """The document of a questionnaire of one to three sections, with every type of question and some routing."""
    lists = {f"L{n}": _choices(chance) for n in range(3)} | {"S": _choices(chance, scale=True)}
    number, asked, sections = 0, [], []
    for place in range(chance.randint(1, 3)):
        questions = []
        for _ in range(chance.randint(1, 4)):
            number += 1
            kind = chance.choice(["single", "multiple", "scale", "matrix", "short_text", "long_text"])
            one: dict[str, Any] = {"key": f"Q{number}", "type": kind, "text": {"vi": f"Câu {number}?"}}
            if not kind.endswith("text"):
                one["choices"] = "S" if kind in ("scale", "matrix") else f"L{chance.randrange(3)}"
            if kind == "matrix":
                one["items"] = [
                    {"key": f"Q{number}_{n}", "text": {"vi": f"Mục {n}"}} for n in range(chance.randint(1, 3))
                ]
            if asked and chance.random() < 0.3:
                earlier = chance.choice(asked)
                code = chance.choice(lists[earlier["choices"]]["choices"])["code"]
                rule: dict[str, Any] = {"question": earlier["key"], "is": [code]}
                one["show_if"] = rule if chance.random() < 0.5 else {"not": rule}
            questions.append(one)
        asked += [one for one in questions if one["type"] in ("single", "multiple", "scale")]
        sections.append({"key": f"P{place}", "title": {"vi": f"Phần {place}"}, "questions": questions})
    return {
        "format": 1,
        "title": {"vi": "Khảo sát ngẫu nhiên"},
        "languages": ["vi"],
        "minutes": 1,
        "office": {"name": {"vi": "Sở Nội vụ"}, "phone": "1022", "email": "ks@example.gov.vn"},
        "choice_lists": {name: one for name, one in lists.items() if name in json.dumps(sections)},
        "sections": sections,
    }


def _choices(chance: random.Random, *, scale: bool = False) -> dict[str, Any]:
    if scale or chance.random() < 0.5:
        codes = [str(n) for n in range(1, 6 if scale else chance.randint(3, 12))]
    else:
        codes = chance.sample(["nam", "nu", "khac", "01", "1", "a_b", "A-1", "x"], chance.randint(2, 6))
    choices = [{"code": code, "label": {"vi": f"Lựa chọn {code}"}} for code in codes]
    if scale or chance.random() < 0.4:
        choices.append({"code": "99", "label": {"vi": "Không biết"}, "missing": True})
    return {"choices": choices}


def agreement(
    runtime: Runtime, slug: str, chance: random.Random, export: Callable[..., int] = export_responses
) -> Agreement:
    """A new survey, answered; some send twice, some withdraw. ``export`` writes the files."""
    authoring.import_document(runtime, OPERATOR, json.dumps(survey(chance)), slug=slug)
    authoring.publish(runtime, OPERATOR, slug)
    code = collectors.add(runtime, OPERATOR, slug, "event", "Hội trường")
    doors = Doors(runtime)
    door = doors.find(code)
    version = doors.version(door.version_id or 0)
    variables = version.questionnaire.variables
    said: Counter[tuple[str, ...]] = Counter()
    for _ in range(chance.randint(0, MOST_PEOPLE)):
        given = {}
        for one in variables:
            some = list(SAYINGS) if one.form is Form.TEXT else ["", *one.listed.codes]
            given[one.key] = (
                chance.sample(some[1:], chance.randint(0, 2)) if one.form is Form.MULTIPLE else [chance.choice(some)]
            )
        key = chance.randbytes(16)
        for _ in range(chance.choice([1, 1, 1, 2])):
            done = collecting.submit(runtime, door, version, key, given, "vi")
        if isinstance(done, collecting.Stored):
            if chance.random() < 0.1:
                receipts.withdraw(runtime, done.receipt)
            else:
                told = answers.check(version.questionnaire, given).answers
                said[tuple(_cell(told.get(one.key, "")) for one in variables)] += 1
    return Agreement(
        acknowledged=said.total(),
        stored=_stored(runtime, slug),
        counted=_counted(runtime, slug),
        said=said,
        files={ending: Counter(_rows(runtime, slug, ending, version.questionnaire, export)) for ending in ENDINGS},
    )


def _cell(said: str | list[str]) -> str:
    return " ".join(said) if isinstance(said, list) else said


def _stored(runtime: Runtime, slug: str) -> int:
    with runtime.database.reading() as session:
        wanted = Response.survey_id == in_scope(session, OPERATOR, slug).id
        return sum(
            status in ("complete", "flagged") for status in session.scalars(select(Response.status).where(wanted))
        )


def _counted(runtime: Runtime, slug: str) -> int:
    """Answers that ``--raw`` counts; each closed question must account for every one of them."""
    raw = open_raw(runtime, OPERATOR, slug)
    for one in raw.questions:
        if one.form in (Form.SCALE, Form.SINGLE):
            figures = one.figures
            assert sum((figures.counts or {}).values()) + sum((figures.missing or {}).values()) == raw.released, one.key
    return raw.released


def _rows(runtime: Runtime, slug: str, ending: str, asked: Any, export: Callable[..., int]) -> reading.Rows:
    path = runtime.settings.data_dir / f"{slug}.{ending}"
    export(runtime, OPERATOR, slug, path, ending=ending)
    readers: dict[str, Callable[[], reading.Rows]] = {
        "csv": lambda: reading.of_csv(path.read_bytes()),
        "xlsx": lambda: reading.of_xlsx(path),
        "sav": lambda: reading.of_sav(path, codebook([asked], texts("vi"), "vi")),
        "parquet": lambda: reading.of_parquet(path),
    }
    found = readers[ending]()
    path.unlink()
    return found
