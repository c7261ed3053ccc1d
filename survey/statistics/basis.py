"""What an office adds to its questionnaire for computing: indexes of its own, a frame, numbers from its books, targets;
and the figures that are computed only where they are asked for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey.aggregation.columns import Matrix
from survey.definition.indexes import Index, Rule
from survey.definition.variables import Variable
from survey.statistics.disclosure import UNLIMITED, Limits
from survey.statistics.importance import LEAST as LEAST_IMPORTANCE
from survey.statistics.importance import priorities
from survey.statistics.reliability import LEAST as LEAST_RELIABILITY
from survey.statistics.reliability import reliability, scored
from survey.statistics.results import Figures, Priorities, Reliability, Weighted
from survey.statistics.weighting import Frame, weighted


@dataclass(frozen=True)
class Basis:
    """``counts`` are keys of ``ratios.COUNTS``; ``targets`` maps keys of indexes and questions to what is aimed at."""

    indexes: tuple[Index, ...] = ()
    frame: Frame | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    targets: Mapping[str, float] = field(default_factory=dict)

    def all_indexes(self, own: Sequence[Index]) -> tuple[Index, ...]:
        """The questionnaire's indexes and then these; a key of the questionnaire goes before one stated later."""
        taken = {one.key for one in own}
        return (*own, *(one for one in self.indexes if one.key not in taken))


NOTHING = Basis()


@dataclass(frozen=True)
class Deep:
    """What takes a second look at every answer."""

    reliability: tuple[Reliability, ...] = ()
    priorities: tuple[Priorities, ...] = ()
    weighted: tuple[Weighted, ...] = ()


def deep(
    indexes: Sequence[Index],
    matrix: Matrix,
    variables: Mapping[str, Variable],
    figures: Mapping[str, Figures],
    frame: Frame | None,
    limits: Limits,
    rule: Rule | None,
) -> Deep:
    """Over everybody in the matrix, from the ``figures`` that are shown of everybody."""
    levels = scored(matrix, variables, figures)
    free = limits == UNLIMITED
    found = [priorities(one, matrix, levels, figures, least=2 if free else LEAST_IMPORTANCE) for one in indexes]
    return Deep(
        reliability=tuple(
            each for one in indexes for each in reliability(one, matrix, levels, least=2 if free else LEAST_RELIABILITY)
        ),
        priorities=tuple(one for one in found if one is not None),
        weighted=tuple(weighted(one, matrix, variables, figures, frame, limits, rule) for one in indexes)
        if frame
        else (),
    )
