"""Every built-in template as the page a respondent gets: small, whole, in both languages, and answered to the end."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from sqlalchemy import select

from survey.definition import library
from survey.definition.types import Matrix
from survey.services import authoring, collectors
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.models import Response
from survey.web.app import create_app

OFFICE = "Sở Văn hóa, Thể thao và Du lịch tỉnh Đồng Tháp"


def door(runtime: Runtime, name: str) -> str:
    """The code of a published survey made from a template as an office would."""
    authoring.create_survey(
        runtime, OPERATOR, slug=name, template=name, office_name=OFFICE, phone="1022", email="gopy@example.gov.vn"
    )
    authoring.publish(runtime, OPERATOR, name)
    return collectors.add(runtime, OPERATOR, name, "counter", "Quầy số 3")


@pytest.mark.parametrize("name", library.names())
def test_the_page_of_a_template_is_small_and_whole(runtime: Runtime, name: str) -> None:
    client, code, asked = create_app(runtime).test_client(), door(runtime, name), library.load(name)
    for language in asked.languages:
        response = client.get(f"/s/{code}?lang={language}", headers={"Accept-Encoding": "gzip"})
        page = gzip.decompress(response.data).decode()
        print(f"{name} [{language}]: {len(response.data):,} bytes compressed, {len(page):,} plain")
        assert len(response.data) <= 14 * 1024
        assert f"<title>{asked.title.to(language)}</title>" in page
        assert "{unit}" not in page and OFFICE in page and "{minutes}" not in page
        for question in asked.questions:
            keys = [item.key for item in question.items] if isinstance(question, Matrix) else [question.key]
            assert [key for key in keys if f'name="{key}"' not in page] == []


def test_only_shuffled_choices_say_how_many_are_drawn(runtime: Runtime) -> None:
    client = create_app(runtime).test_client()
    tap = client.get(f"/s/{door(runtime, 'one-tap')}").text
    assert re.findall(r'data-shuffle="(\d+)" id="(\w+)"', tap) == [("8", "W_good"), ("8", "W_mid"), ("8", "W_bad")]
    assert 'data-shuffle="' not in client.get(f"/s/{door(runtime, 'one-stop')}").text


ANSWERS = [
    ("one-stop", {"G3": "2", "1.1": "4", "5.0": "9", "Q0": "5", "M1": ["3", "9"], "M1_other": "Ghế"}, {"4.1": "5"}),
    ("one-stop-short", {"G3": "4", "4.0": "2", "Q0": "3"}, {}),
    ("online", {"O1": "1", "O4": "3", "O5": ["1", "7"], "O5_other": "Mất mạng", "R1": "1"}, {"R3": "1"}),
    ("one-tap", {"T0": "2", "W_bad": ["w3", "w9"], "W_other": "Ồn"}, {"W_good": "w1", "W_mid": ["w2"]}),
]
"""What is asked, and beside it what the rules do not ask of this person."""


@pytest.mark.parametrize(("name", "asked", "beside"), ANSWERS)
def test_a_person_answers_a_template_and_what_the_rules_do_not_ask_is_left_out(
    runtime: Runtime, name: str, asked: dict[str, object], beside: dict[str, object]
) -> None:
    client, code = create_app(runtime).test_client(), door(runtime, name)
    token = re.search(r'name="_token" value="([^"]+)"', client.get(f"/s/{code}").text)
    assert token
    sent = client.post(f"/s/{code}", data={**asked, **beside, "_token": token[1]}, follow_redirects=True)
    assert sent.status_code == 200
    assert library.load(name).closing.to("vi") in sent.text
    with runtime.database.reading() as session:
        stored = json.loads(session.scalars(select(Response.answers)).one())
    assert {key: value for key, value in stored.items() if value} == asked
