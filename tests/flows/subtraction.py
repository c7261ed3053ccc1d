"""Random surveys, everything that is shown of them while they collect and after, and an attack by linear algebra on it.

Whoever reads results holds sets of people with a figure for each. The attack knows who is in which set and everything
that follows by adding and subtracting: it looks for people, one to four, whose own figure follows. It is written
apart from the product's own defence: projections onto the space of all that was shown, in floating point.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from survey.aggregation.coding import COLLECTOR, LANGUAGE, MONTH, STATUS, VERSION, codings, encode
from survey.aggregation.columns import Matrix
from survey.aggregation.derived import Derived, with_derived
from survey.definition.questionnaire import Questionnaire
from survey.errors import PhieuError
from survey.services.releasing import LEAST, draw
from survey.statistics.assemble import assemble
from survey.statistics.deciding import NOTHING, Asked, Record, decide
from survey.statistics.disclosure import INSIDE, PUBLISHED
from survey.statistics.filters import Filters
from survey.statistics.results import NO_ANSWER, NOT_ASKED, SurveyResult
from tests.statistics.surveys import question, questionnaire

FEW = 5
PLACE = "@place"

ASKED = questionnaire(
    [
        question("g", "single", "ABCDE"),
        question("h", "single", "AB"),
        question("m", "multiple", "ABC"),
        question("q"),
        question("s", sensitive=True),
    ]
)
QUESTIONS = ("q", "s", "g", "h", "m")


@dataclass
class Person:
    """Somebody who answered: ``given`` also has what comes with the answer; ``release`` brought them, 0 none yet."""

    number: int
    given: dict[str, Any]
    release: int = 0

    def codes(self, key: str) -> tuple[str, ...]:
        """What they said, or why nothing."""
        if key not in self.given:
            return (NOT_ASKED,)
        value = self.given[key]
        return (tuple(value) if isinstance(value, list) else (value,) if value else ()) or (NO_ANSWER,)

    def answered(self, key: str) -> bool:
        return not {"9", NOT_ASKED, NO_ANSWER} & set(self.codes(key))


@dataclass
class Study:
    """A survey as it stands: who answered, which releases there were, and everything that was shown."""

    people: list[Person]
    groups: Mapping[str, tuple[str, ...]]
    newest: int = 0
    rows: list[Record] = field(default_factory=list)
    known: dict[str, set[frozenset[int]]] = field(default_factory=dict)
    at: dict[tuple[str, int], set[frozenset[int]]] = field(default_factory=dict)
    shown: int = 0
    refused: int = 0

    def released(self, upto: int) -> list[Person]:
        return [one for one in self.people if 0 < one.release <= upto]

    def tell(self, key: str, people: Iterable[Person], state: int) -> None:
        """Somebody was told the figures of these people for a question."""
        told = frozenset(one.number for one in people)
        self.known.setdefault(key, set()).add(told)
        self.at.setdefault((key, state), set()).add(told)


def study(seed: int) -> Study:
    """People who come in waves; a few questions left blank or not asked, some answers flagged."""
    chance = random.Random(seed)
    collectors = [f"C{number}" for number in range(chance.randint(1, 4))]
    weights = [chance.random() + 0.1 for _ in collectors]
    leaning = {key: [chance.random() ** 2 + 0.02 for _ in codes] for key, codes in (("g", "ABCDE"), ("h", "AB"))}
    blank, routed = chance.choice([0.0, 0.05, 0.2]), chance.random() < 0.3
    people = []
    for number in range(chance.randint(15, 100)):
        given: dict[str, Any] = {
            COLLECTOR: chance.choices(collectors, weights)[0],
            STATUS: "flagged" if chance.random() < 0.12 else "complete",
            MONTH: f"2026-{9 + number // 60:02}",
        }
        for key, codes in (("g", "ABCDE"), ("h", "AB")):
            given[key] = "" if chance.random() < blank else chance.choices(codes, leaning[key])[0]
        given["m"] = [code for code in "ABC" if chance.random() < 0.4]
        for key in "qs":
            given[key] = "" if chance.random() < blank else chance.choice("1234559")
        if routed and given["g"] != "A":
            del given["s"]
        people.append(Person(number, given))
    halves = {"P0": tuple(collectors[::2]), "P1": tuple(collectors[1::2])}
    return Study(people, {name: codes for name, codes in halves.items() if codes})


def matrix_of(asked: Questionnaire, one: Study) -> Matrix:
    """What the response matrix would hold: a block for each release."""
    came = sorted({str(person.given[COLLECTOR]) for person in one.people})
    months = sorted({str(person.given[MONTH]) for person in one.people})
    known = codings([asked], came, ("vi",), months)
    blocks = []
    for release in range(1, one.newest + 1):
        people = [person for person in one.people if person.release == release]
        particulars = {key: [str(person.given[key]) for person in people] for key in (COLLECTOR, STATUS, MONTH)} | {
            LANGUAGE: ["vi"] * len(people),
            VERSION: ["1"] * len(people),
        }
        answers = [
            orjson.dumps({key: value for key, value in person.given.items() if not key.startswith("@")})
            for person in people
        ]
        block = encode(answers, particulars, known)
        blocks.append(type(block)(block.rows, block.columns, block.codings, ((release, block.rows),)))
    matrix = Matrix(tuple(blocks), known)
    return with_derived(matrix, [Derived(PLACE, COLLECTOR, one.groups)])


def look(
    matrix: Matrix, one: Study, filters: Filters, by: tuple[str, ...] = (), threshold: int = PUBLISHED
) -> SurveyResult | None:
    """Asks for a selection as the product does; None where it is refused. What is shown is remembered on both sides."""

    def make(
        part: Matrix, *, release: int | None = None, withheld: Mapping[str, frozenset[str]] = NOTHING
    ) -> SurveyResult:
        upto = one.newest if release is None else release
        return assemble(
            part,
            ASKED,
            slug="s",
            version=1,
            responses={},
            as_of=date(2026, 10, 1),
            release=upto,
            revisions=dict.fromkeys(range(1, upto + 1), 1),
            filters=filters,
            by=by[0] if by else None,
            further=by[1:],
            threshold=threshold,
            withheld=withheld,
        )

    derived = {PLACE: Derived(PLACE, COLLECTOR, one.groups)}
    asked = Asked(1, filters, by, derived, ASKED.variables)
    try:
        found, entries = decide(matrix, asked, make, one.rows)
    except PhieuError:
        one.refused += 1
        return None
    stands = {(row.digest, row.cut_hash) for row in one.rows}
    one.rows += [entry for entry in entries if (entry.digest, entry.cut_hash) not in stands]
    read(one, found, filters)
    return found


def meets(one: Study, person: Person, key: str, codes: Sequence[str]) -> bool:
    if key == PLACE:
        return any(person.given[COLLECTOR] in one.groups.get(code, ()) for code in codes)
    return bool(set(person.codes(key)) & set(codes))


def read(one: Study, result: SurveyResult, filters: Filters) -> None:
    """What a reader of this result learns: of whom each figure is. Fails where a figure is not that of its people."""
    state = result.cut.release
    inside = [person for person in one.released(state) if all(meets(one, person, key, codes) for key, codes in filters)]
    for asked in result.questions:
        if asked.choices is not None and not asked.figures.suppressed:
            assert asked.figures.base == sum(person.answered(asked.key) for person in inside), asked.key
            one.tell(asked.key, inside, state)
            one.shown += 1
    for found in (*result.breakdowns, *result.further):
        parts, then = _groups(one, found.by, found.key, found.groups, filters, state)
        for people in parts:
            one.tell(found.key, people, then)
            one.shown += 1


def _groups(
    one: Study, by: str, key: str, groups: Sequence[Any], filters: Filters, state: int
) -> tuple[list[list[Person]], int]:
    """The people of each group, as of the newest release at which the bases are these."""
    for then in range(state, 0, -1):
        inside = [
            person for person in one.released(then) if all(meets(one, person, name, codes) for name, codes in filters)
        ]
        parts = [[person for person in inside if meets(one, person, by, group.codes)] for group in groups]
        bases = [sum(person.answered(key) for person in part) for part in parts]
        if bases == [group.figures.base for group in groups]:
            return parts, then
    raise AssertionError("a breakdown shows what never was")


def release(one: Study, waiting: Sequence[Person], chance: random.Random, *, closing: bool) -> list[Person]:
    """Releases what is due; gives who still waits."""
    if closing:
        chosen = {person.number for person in waiting} if len(waiting) >= LEAST or not one.newest else set()
    else:
        places: dict[tuple[str, str], list[int]] = {}
        for person in waiting:
            places.setdefault((person.given[COLLECTOR], person.given[STATUS]), []).append(person.number)
        chosen = set(draw(places, chance.randbytes))
    if chosen:
        one.newest += 1
        for person in waiting:
            if person.number in chosen:
                person.release = one.newest
    return [person for person in waiting if person.number not in chosen]


def views(chance: random.Random, one: Study) -> Iterator[tuple[Filters, tuple[str, ...], int]]:
    """What people ask for at one state: without flagged, collectors, breakdowns, free selections."""
    yield ((STATUS, ("complete",)),), (), INSIDE
    for _ in range(chance.randint(3, 6)):
        keys = chance.sample(["g", "h", "m", "q", COLLECTOR, PLACE, MONTH, STATUS], chance.choice([0, 1, 1, 1, 2]))
        filters: list[tuple[str, tuple[str, ...]]] = []
        for key in keys:
            codes = {
                "g": "ABCDE",
                "h": "AB",
                "m": "ABC",
                "q": "12345",
                COLLECTOR: sorted({str(person.given[COLLECTOR]) for person in one.people}),
                PLACE: sorted(one.groups),
                MONTH: sorted({str(person.given[MONTH]) for person in one.people}),
                STATUS: ["complete"],
            }[key]
            most = 1 if key == "m" else len(codes)
            filters.append((key, tuple(sorted(chance.sample(list(codes), chance.randint(1, most))))))
        others = [key for key in ("g", "h", "m", COLLECTOR, PLACE, MONTH) if key not in keys]
        by = tuple(chance.sample(others, 1 if not keys else chance.choice([0, 0, 1])))
        yield tuple(filters), by, PUBLISHED


def defended(seed: int) -> Study:
    """A survey whose every view goes through the product's own decision."""
    chance, one = random.Random(seed), study(seed)
    waiting: list[Person] = []
    left = list(one.people)
    while left or waiting:
        number = chance.randint(10, 60)
        arriving, left = left[:number], left[number:]
        waiting = release(one, [*waiting, *arriving], chance, closing=not left)
        if one.newest:
            matrix = matrix_of(ASKED, one)
            if matrix.rows >= INSIDE:
                look(matrix, one, ())
                for filters, by, threshold in views(chance, one):
                    look(matrix, one, filters, by, threshold)
        if not left:
            break
    return one


def undefended(seed: int) -> Study:
    """The control: every group and every selection of ten people or more is shown, whatever else was."""
    chance, one = random.Random(seed), study(seed)
    waiting: list[Person] = []
    left = list(one.people)
    while left:
        number = chance.randint(10, 60)
        arriving, left = left[:number], left[number:]
        waiting = release(one, [*waiting, *arriving], chance, closing=not left)
        for filters, by, _ in views(chance, one) if one.newest else ():
            inside = [
                person
                for person in one.released(one.newest)
                if all(meets(one, person, key, codes) for key, codes in filters)
            ]
            sets = [inside]
            for key in by:
                sets += [
                    [person for person in inside if code in person.codes(key)]
                    for code in sorted({code for person in inside for code in person.codes(key)})
                ]
            for people in sets:
                for asked in QUESTIONS:
                    if sum(person.answered(asked) for person in people) >= PUBLISHED:
                        one.tell(asked, people, one.newest)
                        one.shown += 1
    return one


def attack(one: Study) -> tuple[int, int]:
    """People whose own answer follows from what was told, and groups of up to four whose figures do."""
    people, groups = set[int](), set[frozenset[int]]()
    for key in QUESTIONS:
        everybody = [person.number for person in one.people]
        found = singled_out(one.known.get(key, set()), everybody)
        for (asked, state), sets in one.at.items():
            if asked == key:
                answered = [person.number for person in one.released(state) if person.answered(key)]
                found |= singled_out(sets, answered)
        people |= {next(iter(some)) for some in found if len(some) == 1}
        groups |= found
    return len(people), len(groups)


def singled_out(sets: Iterable[frozenset[int]], universe: Sequence[int]) -> set[frozenset[int]]:
    """Fewer than ``FEW`` people of the universe on whom some sum of multiples of the sets stands alone."""
    place = {number: column for column, number in enumerate(universe)}
    table = np.zeros((len(list(sets := list(sets))), len(universe)))
    for row, some in zip(table, sets, strict=True):
        row[[place[number] for number in some if number in place]] = 1.0
    if not table.size:
        return set()
    atoms, where, sizes = np.unique(table, axis=1, return_inverse=True, return_counts=True)
    inside = atoms.any(axis=0)
    _, strength, basis = np.linalg.svd(atoms, full_matrices=False)
    basis = basis[strength > 1e-9 * max(strength.max(), 1.0)]
    away = np.eye(atoms.shape[1]) - basis.T @ basis
    small = np.flatnonzero((sizes < FEW) & inside)
    found = set[frozenset[int]]()
    for number in range(1, FEW):
        if number > 2 and len(small) > 60 - 10 * number:
            break
        for some in _few(small, sizes, number):
            if _stands(away[np.ix_(some, some)]):
                members = frozenset(universe[column] for column in np.flatnonzero(np.isin(where, some)))
                if not any(before < members for before in found):
                    found.add(members)
    return found


def _few(small: NDArray[np.intp], sizes: NDArray[np.intp], number: int) -> Iterator[list[int]]:
    for some in combinations(small.tolist(), number):
        if sizes[list(some)].sum() < FEW:
            yield list(some)


def _stands(part: NDArray[np.float64]) -> bool:
    """Whether some combination lies wholly on these columns: then the projection leaves nothing of it."""
    return bool(np.linalg.eigvalsh(part)[0] < 1e-8)
