"""Stuffed or not, every answer that comes to an open door is thanked for and kept: suspicion never refuses anybody."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from survey.services.runtime import Runtime
from survey.web.app import create_app
from tests.collection.stuffing_styles import STYLES, stuffing
from tests.conftest import Clock
from tests.factories.surveys import open_survey

MOST = 10_000 if os.environ.get("PHIEU_PROVE") else 40
TOKEN = re.compile(r'name="_token" value="([^"]+)"')


@pytest.mark.parametrize("name", STYLES)
def test_what_is_stuffed_and_what_is_honest_are_both_thanked_for_and_kept(
    runtime: Runtime, clock: Clock, name: str
) -> None:
    stream = stuffing(name, 0)
    first = next(place for place, event in enumerate(stream.events) if event.stuffed)
    events = stream.events[first : first + MOST]
    code = open_survey(runtime, template=stream.instrument)
    client = create_app(runtime).test_client()
    for event in events:
        clock.at = event.at - timedelta(seconds=event.seconds or 0)
        token = TOKEN.search(client.get(f"/s/{code}").text)
        assert token
        clock.at = event.at
        answered = client.post(f"/s/{code}", data={"_token": token[1], **event.answers})
        assert answered.status_code == 303 and answered.location.startswith("/r/")
    with runtime.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM response")).scalar_one() == len(events)
    print(f"\n{name}: {len(events)} sent, {len(events)} kept, 0 refused")
