"""Questionnaires and people who answer them, drawn by hypothesis: versions in which codes and questions come and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from hypothesis import strategies as st

from survey.aggregation.coding import COLLECTOR, LANGUAGE, MONTH, STATUS, VERSION, codings, encode, texts
from survey.aggregation.columns import FIRST, NO_ANSWER, NOT_ASKED, Block, Matrix
from survey.definition.choices import Choice, ChoiceList
from survey.definition.questionnaire import Questionnaire, Section
from survey.definition.text import Text
from survey.definition.types import LongText, Multiple, Question, Scale, Single

LABEL = Text.of(vi="Câu hỏi")
KEYS = ("Q1", "Q2", "Q3", "Q4", "Q5")

Person = Mapping[str, "str | list[str]"]
"""Answers, and under the particulars' own keys collector, language, version and month."""


def choices(key: str, codes: Sequence[str]) -> ChoiceList:
    """The list of one question; codes that start with ``x`` are missing ones."""
    return ChoiceList(key, tuple(Choice(code, LABEL, missing=code.startswith("x")) for code in codes))


def questionnaire(*questions: Question) -> Questionnaire:
    """One section of these questions."""
    lists = tuple(one.choices for one in questions if isinstance(one, Scale | Single | Multiple))
    sections = (Section("S", LABEL, questions),)
    return Questionnaire(title=LABEL, languages=("vi",), sections=sections, choice_lists=lists)


def scale(key: str, *codes: str) -> Scale:
    """A scale question."""
    return Scale(key=key, text=LABEL, choices=choices(key, codes))


def multiple(key: str, *codes: str) -> Multiple:
    """A multiple choice."""
    return Multiple(key=key, text=LABEL, choices=choices(key, codes))


@dataclass(frozen=True)
class Population:
    """Published versions, and people in groups, each of which becomes one block."""

    versions: tuple[Questionnaire, ...]
    groups: tuple[tuple[Person, ...], ...]

    @property
    def people(self) -> list[Person]:
        return [person for group in self.groups for person in group]


def block_of(people: Sequence[Person], known: Mapping, versions: Sequence[Questionnaire]) -> Block:
    """These people encoded by ``known`` codings."""
    return encode(
        [orjson.dumps({key: value for key, value in one.items() if not key.startswith("@")}) for one in people],
        {key: [str(one[key]) for one in people] for key in (COLLECTOR, LANGUAGE, VERSION, MONTH, STATUS)},
        known,
        texts(versions),
    )


def decoded(block: Block) -> list[dict[str, object]]:
    """The people of a block, told from its numbers alone."""
    people: list[dict[str, object]] = [{} for _ in range(block.rows)]
    for key, column in block.columns.items():
        coding = block.codings[key]
        for person, value in zip(people, column.tolist(), strict=True):
            if value == NOT_ASKED:
                continue
            if value == NO_ANSWER:
                person[key] = [] if coding.multiple else ""
            elif coding.multiple:
                person[key] = [code for place, code in enumerate(coding.codes) if value & FIRST << place]
            else:
                person[key] = coding.codes[value - FIRST]
    return people


def matrix_of(population: Population) -> Matrix:
    """A matrix grown block by block: each block knows only the versions published until then."""
    particulars: dict[str, tuple[str, ...]] = {COLLECTOR: (), LANGUAGE: (), MONTH: ()}
    blocks = []
    for group in population.groups:
        newest = max((int(str(one[VERSION])) for one in group), default=1)
        versions = population.versions[:newest]
        block = block_of(group, codings(versions, *particulars.values()), versions)
        particulars = {key: block.codings[key].codes for key in particulars}
        blocks.append(block)
    union = codings(population.versions, *particulars.values())
    # A block whose coding the newest versions contradict (one code became several) is one that the store builds anew.
    for place, block in enumerate(blocks):
        if any(block.codings[key].multiple != union[key].multiple for key in block.codings):
            blocks[place] = block_of(population.groups[place], union, population.versions)
    return Matrix(tuple(blocks), union)


@st.composite
def questions(draw: st.DrawFn, key: str) -> Question:
    """Any closed question, now and then a text; up to twenty codes."""
    codes = tuple(draw(st.permutations([*map(str, range(1, draw(st.integers(2, 19)))), "x9"])))
    kind = draw(st.sampled_from(["scale", "scale", "single", "multiple", "text"]))
    if kind == "text":
        return LongText(key=key, text=LABEL)
    made = {"scale": Scale, "single": Single, "multiple": Multiple}[kind]
    return made(key=key, text=LABEL, choices=choices(key, codes))


@st.composite
def populations(draw: st.DrawFn, most_versions: int = 3) -> Population:
    """Up to three versions and four blocks."""
    versions = []
    for _ in range(draw(st.integers(1, most_versions))):
        keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=4, unique=True))
        versions.append(questionnaire(*(draw(questions(key)) for key in keys)))
    groups = []
    newest = 1
    for _ in range(draw(st.integers(0, 4))):
        newest = draw(st.integers(newest, len(versions)))
        people = draw(st.lists(_person(versions, newest), max_size=20))
        groups.append(tuple(people))
    return Population(tuple(versions), tuple(groups))


@st.composite
def _person(draw: st.DrawFn, versions: Sequence[Questionnaire], newest: int) -> Person:
    number = draw(st.integers(1, newest))
    person: dict[str, str | list[str]] = {
        COLLECTOR: draw(st.sampled_from(["AAAAAAAAAA", "BBBBBBBBBB", "CCCCCCCCCC"])),
        LANGUAGE: draw(st.sampled_from(["vi", "en"])),
        VERSION: str(number),
        MONTH: draw(st.sampled_from(["2026-11", "2026-12", "2026-02"])),
        STATUS: draw(st.sampled_from(["complete", "flagged"])),
    }
    for variable in versions[number - 1].variables:
        if draw(st.booleans()) and draw(st.booleans()):
            continue  # not asked
        if not variable.closed:
            person[variable.key] = draw(st.sampled_from(["", "1", "một lời góp ý"]))
        elif variable.form == "multiple":
            person[variable.key] = draw(st.lists(st.sampled_from(variable.listed.codes), unique=True))
        else:
            person[variable.key] = draw(st.sampled_from(["", *variable.listed.codes]))
    return person
