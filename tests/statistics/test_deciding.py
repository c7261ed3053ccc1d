"""What may be shown of one selection after others, as everybody who looks writes it down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import orjson

from survey.aggregation.coding import COLLECTOR, LANGUAGE, MONTH, STATUS, VERSION, codings, encode
from survey.aggregation.columns import Matrix
from survey.statistics.assemble import assemble
from survey.statistics.deciding import NOTHING, Asked, Record, decide
from survey.statistics.disclosure import INSIDE, PUBLISHED
from survey.statistics.filters import Filters
from survey.statistics.results import SurveyResult
from tests.statistics.surveys import question, questionnaire

ASKED = questionnaire([question("g", "single", "AB"), question("q")])


def matrix_of(crowd: Mapping[tuple[str, str, str], int]) -> Matrix:
    """So many people for each status, ``g`` and ``q``; the empty code was left blank."""
    people = [one for one, size in crowd.items() for _ in range(size)]
    known = codings([ASKED], ("C",), ("vi",), ("2026-10",))
    same = {COLLECTOR: "C", LANGUAGE: "vi", VERSION: "1", MONTH: "2026-10"}
    particulars = {key: [value] * len(people) for key, value in same.items()}
    particulars[STATUS] = [status for status, _, _ in people]
    return Matrix((encode([orjson.dumps({"g": g, "q": q}) for _, g, q in people], particulars, known),), known)


def look(matrix: Matrix, filters: Filters, threshold: int, rows: list[Record]) -> SurveyResult:
    """What one more reader sees, who writes it down whether others did or not."""

    def make(
        part: Matrix, *, release: int | None = None, withheld: Mapping[str, frozenset[str]] = NOTHING
    ) -> SurveyResult:
        return assemble(
            part,
            ASKED,
            slug="s",
            version=1,
            responses={},
            as_of=date(2026, 10, 1),
            release=release or 1,
            revisions={1: 1},
            filters=filters,
            threshold=threshold,
            withheld=withheld,
        )

    found, entries = decide(matrix, Asked(1, filters, (), {}, ASKED.variables), make, rows)
    rows += entries
    return found


def test_what_was_shown_is_not_forgotten_when_less_of_it_is_shown_again() -> None:
    """Without the flagged answers 44 answered ``q``, of whom 40 gave A; whoever filters by the flag sees no ``q``."""
    matrix = matrix_of(
        {
            ("complete", "A", "5"): 40,
            ("complete", "B", "5"): 4,
            ("complete", "B", ""): 6,
            ("flagged", "B", "5"): 7,
            ("flagged", "B", ""): 9,
        }
    )
    rows: list[Record] = []
    unflagged = ((STATUS, ("complete",)),)
    bases = [look(matrix, unflagged, least, rows).question("q").figures.base for least in (INSIDE, PUBLISHED)]
    assert (bases, len(rows)) == ([44, None], 2)
    found = look(matrix, (("g", ("A",)),), PUBLISHED, rows)
    assert (found.released, found.question("q").figures.base) == (40, None)
    assert look(matrix, (("g", ("A",)),), PUBLISHED, []).question("q").figures.base == 40
