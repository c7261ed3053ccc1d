"""The live wall: a secret address, the code of an open collector, and a share that moves on by release only."""

from __future__ import annotations

from itertools import pairwise

import pytest

from survey.errors import Conflict, NotAllowed, NotFound
from survey.services import authoring, collectors, walls
from survey.services.collectors import Traits
from survey.services.runtime import OPERATOR, Actor, Runtime
from tests.factories.answers import answer
from tests.factories.surveys import open_survey

REFORM = Actor("binh", "reform_team", 1, 1, frozenset({1}))
ELSEWHERE = Actor("cam", "reform_team", 2, 99, frozenset({99}))
STAFF = Actor("bob", "staff", 3, 1, frozenset({1}))


def test_the_share_appears_with_the_tenth_released_answer_and_moves_in_groups(any_runtime: Runtime) -> None:
    code = open_survey(any_runtime)
    key = walls.make(any_runtime, REFORM, "conference")
    seen = []
    for happy in range(26):
        answer(any_runtime, code, [{"B7": "5" if happy % 4 else "1"}])
        wall = walls.look(any_runtime, key)
        assert wall.answers == happy + 1
        if wall.base != (seen[-1][0] if seen else None):
            seen.append((wall.base, wall.share))
    bases = [base or 0 for base, _ in seen]
    assert bases and bases[0] >= 10
    assert all(later - earlier >= 5 for earlier, later in pairwise(bases))
    assert bases[-1] <= 21, "five wait"


def test_the_address_ends_when_it_is_withdrawn_or_made_anew(runtime: Runtime) -> None:
    open_survey(runtime)
    assert walls.key(runtime, REFORM, "conference") is None
    first = walls.make(runtime, REFORM, "conference")
    assert walls.KEY.fullmatch(first) and walls.key(runtime, REFORM, "conference") == first
    second = walls.make(runtime, REFORM, "conference")
    walls.look(runtime, second)
    walls.withdraw(runtime, REFORM, "conference")
    for key in (first, second, "", "a" * 26, "x" * 5000, "' OR 1=1"):
        with pytest.raises(NotFound):
            walls.look(runtime, key)
    walls.withdraw(runtime, REFORM, "conference")


def test_the_wall_shows_the_code_of_an_open_collector(runtime: Runtime) -> None:
    hall = open_survey(runtime)
    counter = collectors.add(runtime, OPERATOR, "conference", "counter", "Quầy")
    collectors.add(runtime, OPERATOR, "conference", "paper", "Hòm phiếu")
    single = collectors.add(runtime, OPERATOR, "conference", "link", "Thư mời", traits=Traits(single_use=True))
    key = walls.make(runtime, REFORM, "conference")
    assert hall in walls.look(runtime, key).url.replace("-", "")
    assert counter in walls.look(runtime, key, counter).url
    assert hall in walls.look(runtime, key, single).url, "a single-use code is for one person"
    collectors.close(runtime, OPERATOR, hall)
    assert counter in walls.look(runtime, key).url
    authoring.close(runtime, OPERATOR, "conference")
    wall = walls.look(runtime, key)
    assert (wall.url, wall.code, wall.status) == ("", "", "closed")


def test_only_those_who_may_publish_make_one(runtime: Runtime) -> None:
    open_survey(runtime)
    for actor, error in ((STAFF, NotAllowed), (ELSEWHERE, NotFound)):
        for call in (walls.make, walls.withdraw, walls.key):
            with pytest.raises(error):
                call(runtime, actor, "conference")
    authoring.create_survey(runtime, OPERATOR, slug="draft", template="conference")
    with pytest.raises(Conflict):
        walls.make(runtime, OPERATOR, "draft")
