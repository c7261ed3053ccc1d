"""Released responses on their way from rows to coded, shuffled pieces; memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from survey.aggregation.coding import COLLECTOR, LANGUAGE, MONTH, STATUS, VERSION, encode, rearranged, stacked, texts
from survey.aggregation.columns import Block, Coding
from survey.aggregation.selections import runs
from survey.definition.questionnaire import Questionnaire
from survey.storage.blocks import PIECE, Piece
from survey.storage.queries import releases

Randomness = Callable[[int], bytes]

Encoded = tuple[Block, NDArray[np.int64]]
"""Rows, and the release number of each."""


@dataclass(frozen=True)
class Source:
    """One survey in the database, as ``session`` sees it; ``version_ids`` go with ``questionnaires``."""

    session: Session
    survey_id: int
    questionnaires: Sequence[Questionnaire]
    version_ids: Sequence[int]

    def pieces(self, numbers: Sequence[int], known: Mapping[str, Coding], randomness: Randomness) -> Iterator[Piece]:
        """All rows of these releases (ascending numbers), a piece at a time. ``known``: the codings so far."""
        chance = np.random.default_rng(int.from_bytes(randomness(16), "big"))
        waiting: list[Encoded] = []
        rows = 0
        for encoded in self._encoded(numbers, known):
            waiting.append(encoded)
            rows += encoded[0].rows
            if rows >= PIECE:
                yield _shuffled(waiting, chance)
                waiting, rows = [], 0
        if waiting:
            yield _shuffled(waiting, chance)

    def _encoded(self, numbers: Sequence[int], known: Mapping[str, Coding]) -> Iterator[Encoded]:
        collector_codes = releases.collector_codes(self.session, self.survey_id)
        version_numbers = {version_id: str(number) for number, version_id in enumerate(self.version_ids, 1)}
        asked_as_text = texts(self.questionnaires)
        for first, last in runs(numbers):
            for rows in releases.responses(self.session, self.survey_id, first, last):
                answers, collectors, languages, versions, days, statuses, release_numbers = zip(*rows, strict=True)
                particulars = {
                    COLLECTOR: [collector_codes[one] for one in collectors],
                    LANGUAGE: languages,
                    VERSION: [version_numbers[one] for one in versions],
                    MONTH: [day.isoformat()[:7] for day in days],
                    STATUS: statuses,
                }
                block = encode(answers, particulars, known, asked_as_text)
                known = block.codings
                yield block, np.array(release_numbers, np.int64)


def _shuffled(encoded: Sequence[Encoded], chance: np.random.Generator) -> Piece:
    """The rows by release, in random order within each."""
    numbers = np.concatenate([given for _, given in encoded])
    order = chance.permutation(len(numbers))
    order = order[np.argsort(numbers[order], kind="stable")]
    found, rows = np.unique(numbers, return_counts=True)
    block = rearranged(stacked([block for block, _ in encoded]), lambda column: column[order], len(numbers))
    return Piece(block, tuple(zip(found.tolist(), rows.tolist(), strict=True)))
