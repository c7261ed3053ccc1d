"""What the tests of the response matrix share: two versions of a questionnaire, and who is in a matrix."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from survey.aggregation.columns import Matrix
from survey.definition.types import LongText
from survey.storage.matrix import MatrixStore
from tests.aggregation.populations import LABEL, decoded, multiple, questionnaire, scale
from tests.factories.studies import Study, line

FIRST = questionnaire(
    scale("Q1", "1", "2", "3", "x9"),
    multiple("Q2", "1", "2", "3"),
    scale("Q3", "1", "2"),
    LongText(key="T", text=LABEL),
)
SECOND = questionnaire(scale("Q4", "1", "2"), scale("Q1", "1", "15", "2", "3", "x9"), multiple("Q2", "0", "3", "2"))


def people_of(opened: Matrix) -> Counter[str]:
    """Everybody in a matrix, told from its numbers alone."""
    return Counter(line(person) for block in opened.blocks for person in decoded(block))


def opened(one: Study, folder: Path) -> Counter[str]:
    """Opens the matrix of a study in a data folder; who is in it."""
    with one.database.reading() as session:
        return people_of(MatrixStore(folder).open(session, one.survey_id))


def files(folder: Path) -> list[Path]:
    """The block files of a data folder."""
    return sorted(folder.rglob("*.block"))
