"""Forms that stood open for a month, through new keys, new versions and wrong clocks: none is refused (R9)."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from survey.collection.tokens import unseal
from survey.services import authoring
from survey.services.runtime import OPERATOR, Runtime
from survey.storage.models import QuestionnaireVersion, Response
from survey.web.app import create_app
from tests.conftest import SECRET, Clock
from tests.factories.surveys import open_survey

AGES = {"just now": timedelta(0), "30 days ago": timedelta(days=30)}
KEYS = {"same key": (SECRET,), "key added": (SECRET[::-1], SECRET), "key replaced": (SECRET[::-1],)}
CLOCKS = {"right": timedelta(0), "a year ahead": timedelta(days=365), "a year behind": timedelta(days=-365)}
TOKEN = re.compile(r'name="_token" value="([^"]+)"')


@dataclass(frozen=True)
class Form:
    """A page that is open on somebody's phone, and how the server has changed by the time it is sent."""

    token: str
    words: str
    age: timedelta
    keys: tuple[str, ...]
    off: timedelta


def opened(client: FlaskClient, code: str, version: str) -> Iterator[Form]:
    """Every combination of age, key and clock, each on a page of its own."""
    for (age, days), (key, keys), (clock, off) in itertools.product(AGES.items(), KEYS.items(), CLOCKS.items()):
        found = TOKEN.search(client.get(f"/s/{code}").text)
        assert found
        yield Form(found[1], f"{version}, {age}, {key}, {clock}", days, keys, off)


def publish_again(runtime: Runtime) -> None:
    document = json.loads(authoring.export_document(runtime, OPERATOR, "conference"))
    document["minutes"] += 1
    authoring.import_document(runtime, OPERATOR, json.dumps(document), slug="conference")
    authoring.publish(runtime, OPERATOR, "conference")


def send(runtime: Runtime, clock: Clock, code: str, forms: list[Form]) -> Counter[str]:
    """Sends each form twice at its own time, under its own keys; counts the replies."""
    start = clock.at
    apps = {keys: replace(runtime, settings=replace(runtime.settings, secret_keys=keys)) for keys in KEYS.values()}
    clients = {keys: create_app(one).test_client() for keys, one in apps.items()}
    replies: Counter[str] = Counter()
    for form in forms:
        clock.at = start + form.age + form.off
        data = {"_token": form.token, "B7": "4", "E2": form.words}
        first, second = (clients[form.keys].post(f"/s/{code}", data=data) for _ in range(2))
        shown = clients[form.keys].get(first.location).status_code if first.status_code == 303 else 0
        same = first.headers.get("Location", "?").split("?")[0] == second.headers.get("Location", "!").split("?")[0]
        replies["accepted" if (first.status_code, shown, same) == (303, 200, True) else "refused"] += 1
    clock.at = start
    return replies


def rows(runtime: Runtime) -> list[tuple[str, int]]:
    """The words of each answer and the number of the version it was given to."""
    question = select(Response.answers, QuestionnaireVersion.number).join(
        QuestionnaireVersion, QuestionnaireVersion.id == Response.version_id
    )
    with runtime.database.reading() as session:
        return [(json.loads(answers)["E2"], number) for answers, number in session.execute(question)]


def test_no_old_form_is_refused_and_each_counts_once(any_runtime: Runtime, clock: Clock) -> None:
    code = open_survey(any_runtime)
    client = create_app(any_runtime).test_client()
    before, after = list(opened(client, code, "same version")), list(opened(client, code, "new version"))
    replies = send(any_runtime, clock, code, before)
    publish_again(any_runtime)
    clock.advance(seconds=2)
    replies += send(any_runtime, clock, code, after)
    print(f"\nR9, {any_runtime.settings.database_url.partition(':')[0]}: {dict(replies)}")
    assert replies == {"accepted": 36}
    assert sorted(rows(any_runtime)) == sorted((form.words, 1) for form in (*before, *after))
    with any_runtime.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(QuestionnaireVersion)) == 2


def test_a_strict_reading_of_the_token_would_refuse_most(runtime: Runtime, clock: Clock) -> None:
    """The control: were a valid signature of the last hour asked for, as common form protection does, answers would be
    lost."""
    forms = list(opened(create_app(runtime).test_client(), open_survey(runtime), "same version"))

    def strict(form: Form) -> bool:
        made = unseal(form.token, form.keys).rendered_at
        age = (clock.at + form.age + form.off).timestamp() - (made or 0)
        return made is not None and 0 <= age <= 3600

    refused = sum(not strict(form) for form in forms)
    print(f"\nR9, control: {refused} of {len(forms)} refused")
    assert refused == 16


def test_a_refusal_is_noticed(runtime: Runtime, clock: Clock) -> None:
    code = open_survey(runtime)
    forms = list(opened(create_app(runtime).test_client(), code, "same version"))
    authoring.close(runtime, OPERATOR, "conference")
    assert send(runtime, clock, code, forms) == {"refused": 18}
    assert rows(runtime) == []


@pytest.mark.parametrize("token", ["", "x", "A" * 71])
def test_a_token_that_is_none_brings_the_page_back_with_a_new_one(runtime: Runtime, token: str) -> None:
    client, code = create_app(runtime).test_client(), open_survey(runtime)
    again = client.post(f"/s/{code}", data={"_token": token, "E2": "còn đây"})
    assert again.status_code == 400 and "còn đây" in again.text
    found = TOKEN.search(again.text)
    assert found
    assert client.post(f"/s/{code}", data={"_token": found[1], "E2": "còn đây"}).status_code == 303
