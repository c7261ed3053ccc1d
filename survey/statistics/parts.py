"""One measure by parts of a survey that consist of several groups: units of their collectors, quarters of their months.

Whoever reads them also reads the breakdown by the groups themselves, so both are judged together: no sum or difference
of what the two show may describe fewer people than may be described at all. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from survey.aggregation.coding import MONTH
from survey.aggregation.columns import Block, Matrix, Selection
from survey.aggregation.selections import holds
from survey.aggregation.tallies import cross, tally
from survey.definition.questionnaire import Questionnaire
from survey.definition.variables import Variable
from survey.statistics import disclosure, reasons
from survey.statistics.disclosure import Limits
from survey.statistics.figures import figures, hidden, joined, missing_codes, reduced, rows
from survey.statistics.products import index_result
from survey.statistics.series import NOTHING, Measured, counted, index_keys, index_of, of_figures

Parts = Mapping[str, Sequence[str]]
"""Name of a part → codes of the groups it consists of; no group is in two."""

Bases = Mapping[str, Mapping[str, int]]
"""Variable → group → people who answered it."""


@dataclass(frozen=True)
class Part:
    """A part as it may be shown. ``matrix`` holds the people it is shown over, with the columns of ``variables`` alone;
    it is None, and there are no variables, where an index is not shown and for a single question."""

    measured: Measured
    matrix: Matrix | None = None
    variables: Mapping[str, Variable] = field(default_factory=dict)


def by_part(
    matrix: Matrix, asked: Questionnaire, key: str, by: str, parts: Parts, *, final: bool = False
) -> dict[str, Measured]:
    """The measure in each of ``parts`` of ``by`` (``@collector``, ``@month``). A part that may not be shown as a whole
    is shown over its larger groups alone, or not at all. ``final``: the survey is closed, so that no later state of the
    groups can be held against it. An index is shown only over the same questions as that of the whole survey."""
    return {name: one.measured for name, one in judged(matrix, asked, key, by, parts, final=final).items()}


def judged(
    matrix: Matrix, asked: Questionnaire, key: str, by: str, parts: Parts, *, final: bool = False
) -> dict[str, Part]:
    """As ``by_part``, and for an index that is shown the people and questions it is shown over."""
    limits, index = Limits(), index_of(asked, key)
    wanted = index_keys(index) if index else [key]
    variables = {one: counted(asked.by_key[one], matrix) for one in wanted if one in asked.by_key}
    if not variables:
        return dict.fromkeys(parts, Part(NOTHING))
    if matrix.rows < limits.whole:
        return dict.fromkeys(parts, _away(reasons.SURVEY_TOO_SMALL))
    missing = missing_codes(variables.values())
    wholes = tally(matrix, list(variables), missing=missing)
    least = {one: limits.least(part=True, sensitive=variable.sensitive) for one, variable in variables.items()}
    entering = [one for one in variables if wholes[one].people >= least[one]]
    groups = cross(matrix, entering, by, missing=missing)
    bases = {one: {code: found.people for code, found in groups[one].items()} for one in entering}
    sizes = (
        {code: rows(variables[entering[0]], found) for code, found in groups[entering[0]].items()} if entering else {}
    )
    chosen = divided(bases, parts, least, None if by == MONTH else sizes, final=final)
    if not entering:
        return dict.fromkeys(parts, _away(reasons.TOO_FEW))
    if chosen is None:
        return dict.fromkeys(parts, _away(reasons.LEFT_OUT))
    out = {}
    for name in parts:
        codes = chosen.get(name, ())
        if not codes:
            out[name] = _away(reasons.TOO_FEW)
            continue
        shown = {
            one: figures(variable, joined(groups[one][code] for code in codes if code in groups[one]))
            if one in entering
            else hidden(reasons.TOO_FEW)
            for one, variable in variables.items()
        }
        if index is None:
            out[name] = Part(of_figures(shown[key]))
            continue
        small = {
            one: figure if (figure.base or 0) >= limits.detailed else reduced(figure) for one, figure in shown.items()
        }
        own = _only(matrix, entering, by, codes)
        found = index_result(index, own, variables, small, Selection())
        incomplete = set(found.left_out) & set(entering)
        if found.value is None or incomplete:
            out[name] = _away(reasons.TOO_FEW)
        else:
            items = {one: variables[one] for one in entering}
            out[name] = Part(Measured(found.value, found.interval, found.base), own, items)
    return out


def _away(reason: str) -> Part:
    return Part(Measured(None, None, None, reason))


def _only(matrix: Matrix, keys: Sequence[str], by: str, codes: Sequence[str]) -> Matrix:
    """The rows of these groups with these columns: pairs of items are then counted once over everybody, not once over
    everybody for each part."""
    blocks = []
    for block in matrix.blocks:
        rows = np.flatnonzero(holds(block.columns[by], block.codings[by], codes))
        kept = {key: block.columns[key][rows] for key in keys if key in block.columns}
        blocks.append(Block(len(rows), kept, block.codings))
    return Matrix(tuple(blocks), matrix.codings)


def divided(
    bases: Bases, parts: Parts, least: Mapping[str, int], sizes: Mapping[str, int] | None = None, *, final: bool
) -> dict[str, tuple[str, ...]] | None:
    """The groups that each part is shown over; None where none may be shown. Tried in turn: all parts whole; without
    those too small; each over those of its groups that the breakdown shows on their own. ``sizes`` are those by which
    the breakdown pools groups."""
    shown = {one: disclosure.partition(bases[one], least[one], sizes=sizes) for one in bases}
    known = all(one is not None for one in shown.values())

    def enough(codes: Collection[str]) -> bool:
        return all(sum(bases[one].get(code, 0) for code in codes) >= least[one] for one in bases)

    def safe(choice: Parts) -> bool:
        taken = {code for codes in choice.values() for code in codes}
        for one, found in shown.items():
            rest = [code for code in bases[one] if code not in taken]
            apart = set(found.alone) if found is not None else set()
            for codes in (*choice.values(), rest):
                cell = sum(bases[one].get(code, 0) for code in codes if code not in apart)
                if not disclosure.safe(cell, least[one]):
                    return False
        return True

    for choice in _choices(bases, parts, least, enough):
        if (known or final) and any(choice.values()) and safe(choice):
            return {name: tuple(codes) for name, codes in choice.items()}
    return None


def _choices(
    bases: Bases, parts: Parts, least: Mapping[str, int], enough: Callable[[Collection[str]], bool]
) -> Iterator[Parts]:
    large = {name: codes for name, codes in parts.items() if enough(codes)}
    if len(large) == len(parts):
        yield parts
    yield large
    yield {
        name: [code for code in codes if all(bases[one].get(code, 0) >= least[one] for one in bases)]
        for name, codes in parts.items()
    }
