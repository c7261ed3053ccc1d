"""Answers become coded columns: which code is which number, and the encoding itself. Pure; reads no rows by itself.

Codings only grow at the end, whatever is published or arrives later, so what was encoded before stays readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import orjson

from survey.aggregation.columns import MOST_CODES, NO_ANSWER, NOT_ASKED, Block, Coding, Column
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Form
from survey.errors import PhieuError

COLLECTOR = "@collector"
LANGUAGE = "@language"
VERSION = "@version"
MONTH = "@month"
STATUS = "@status"

STATUSES = ("complete", "flagged")
"""Statuses of responses that enter results."""

Codings = Mapping[str, Coding]

MEMO = 1 << 12
"""How many different sets of ticks are remembered for a coding; they recur from batch to batch."""


def codings(
    versions: Sequence[Questionnaire],
    collector_codes: Sequence[str] = (),
    languages: Sequence[str] = (),
    months: Sequence[str] = (),
) -> dict[str, Coding]:
    """The coding of every closed variable in any of ``versions`` (all published ones in order: numbers 1, 2, 3 …), then
    of collector, language, version, month and status. Codes stand in the order of their first publication. A variable
    that was a multiple choice once is coded as one throughout.

    Raises PhieuError ``choices_too_many`` when a multiple choice comes to more than 63 codes over all versions.
    """
    codes: dict[str, dict[str, None]] = {}
    multiple: set[str] = set()
    for version in versions:
        for variable in version.variables:
            if variable.closed:
                codes.setdefault(variable.key, {}).update(dict.fromkeys(variable.listed.codes))
                if variable.form is Form.MULTIPLE:
                    multiple.add(variable.key)
    for key in multiple:
        if len(codes[key]) > MOST_CODES:
            raise PhieuError(
                "choices_too_many",
                "A multiple choice has more codes over all versions than can be counted.",
                "Ask it as a new question with a key of its own.",
                (f"{key}: {len(codes[key])} > {MOST_CODES}",),
            )
    newest_first = dict.fromkeys(variable.key for version in reversed(versions) for variable in version.variables)
    found = {key: Coding(key, tuple(codes[key]), key in multiple) for key in newest_first if key in codes}
    particulars = {
        COLLECTOR: collector_codes,
        LANGUAGE: languages,
        VERSION: [str(number) for number in range(1, len(versions) + 1)],
        MONTH: months,
        STATUS: STATUSES,
    }
    return found | {key: Coding(key, tuple(values)) for key, values in particulars.items()}


def texts(versions: Sequence[Questionnaire]) -> dict[str, frozenset[str]]:
    """Version number → keys it asks for text though some version offers choices; only versions that have such keys."""
    closed = {variable.key for version in versions for variable in version.variables if variable.closed}
    found = {
        str(number): closed.intersection(variable.key for variable in version.variables if not variable.closed)
        for number, version in enumerate(versions, 1)
    }
    return {number: frozenset(keys) for number, keys in found.items() if keys}


def encode(
    answers: Sequence[str | bytes],
    particulars: Mapping[str, Sequence[str]],
    codings: Codings,
    texts: Mapping[str, frozenset[str]] | None = None,
) -> Block:
    """A block in the order given: one JSON object of answers per row, and as many collector codes, languages, version
    numbers, months and statuses. What ``codings`` does not know yet of these is added at the end of the block's own
    coding.

    Raises PhieuError ``answers_unreadable`` for a row that is no such object or holds a code that was never published.
    """
    try:
        read: list[dict[str, Any]] = list(map(orjson.loads, answers))
        if texts:
            _drop(texts, read, particulars[VERSION])
        columns: dict[str, Column] = {}
        known = dict(codings)
        for key, coding in codings.items():
            if key in particulars:
                table = _Growing(coding)
                values = [table[value] for value in particulars[key]]
                known[key] = coding = Coding(key, tuple(code for code in table if code))
            elif coding.multiple:
                ticks = _ticks(coding)
                given = [row.get(key) for row in read]
                values = [ticks[tuple(one) if type(one) is list else one] for one in given]
            else:
                code = _single(coding).__getitem__
                values = [code(row.get(key)) for row in read]
            columns[key] = np.array(values, coding.dtype)
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError) as error:
        raise PhieuError(
            "answers_unreadable",
            "A stored response cannot be read.",
            "Run: phieu db check. Restore a backup if the database is damaged.",
            (f"{type(error).__name__}: {error}",),
        ) from error
    return Block(len(answers), columns, known)


def _drop(texts: Mapping[str, frozenset[str]], read: Iterable[dict[str, Any]], versions: Iterable[str]) -> None:
    """What a version took as text is no code, whatever it looks like."""
    for row, version in zip(read, versions, strict=True):
        for key in texts.get(version, ()):
            row.pop(key, None)


@lru_cache(1024)
def _single(coding: Coding) -> dict[str | None, int]:
    return {None: NOT_ASKED, "": NO_ANSWER} | {code: coding.value(code) for code in coding.codes}


class _Growing(dict[str | None, int]):
    """Code → value; an unknown code gets the next one."""

    def __init__(self, coding: Coding) -> None:
        super().__init__(_single(coding))

    def __missing__(self, code: str | None) -> int:
        value = self[code] = len(self)
        return value


class _Ticks(dict[Any, int]):
    """The codes ticked, as a tuple → value; also one code by itself, from a version that allowed only one."""

    def __init__(self, coding: Coding) -> None:
        super().__init__(_single(coding))
        self[()] = NO_ANSWER

    def __missing__(self, ticked: Any) -> int:
        if not isinstance(ticked, tuple) or not all(code and type(code) is str for code in ticked):
            raise KeyError(ticked)
        value = 0
        for code in ticked:
            value |= self[code]
        if len(self) < MEMO:
            self[ticked] = value
        return value


@lru_cache(64)
def _ticks(coding: Coding) -> _Ticks:
    return _Ticks(coding)


def joined(first: Codings, second: Codings) -> dict[str, Coding]:
    """What holds for both: the longer coding of each variable. Raises ValueError where neither continues the other."""
    found = dict(first)
    for key, coding in second.items():
        shorter, longer = sorted((found.get(key, coding), coding), key=lambda one: len(one.codes))
        if longer.codes[: len(shorter.codes)] != shorter.codes or longer.multiple != shorter.multiple:
            raise ValueError(f"two codings of {key}")
        found[key] = longer
    return found


def stacked(blocks: Sequence[Block]) -> Block:
    """The blocks after each other. Raises ValueError where their codings contradict each other."""
    known: dict[str, Coding] = {}
    for block in blocks:
        known = joined(known, block.codings)

    def column(coding: Coding) -> Column:
        parts = [block.columns.get(coding.key, np.zeros(block.rows, np.uint8)) for block in blocks]
        return np.concatenate(parts, dtype=coding.dtype) if parts else np.zeros(0, coding.dtype)

    return Block(sum(block.rows for block in blocks), {key: column(coding) for key, coding in known.items()}, known)


def rearranged(block: Block, take: Callable[[Column], Column], rows: int) -> Block:
    """The ``rows`` rows that ``take`` gives of every column."""
    return Block(rows, {key: take(column) for key, column in block.columns.items()}, block.codings)
