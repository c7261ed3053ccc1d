"""Ratios of the numbers in an office's own books, by the index of QĐ 766/QĐ-TTg (2022). Pure.

They are never mixed with what people answered: in the third, whoever says nothing counts as satisfied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.definition.text import Text
from survey.statistics import reasons
from survey.statistics.results import Ratio


def _(message: str) -> str:
    """Marks a message for translation."""
    return message


@dataclass(frozen=True)
class Definition:
    """``whole`` is the key of the denominator, ``part`` that of the numerator, or with ``complement`` of what is taken
    away from the whole to get it."""

    key: str
    name: str
    formula: str
    whole: str
    part: str
    complement: bool = False
    note: str = ""


COUNTS: dict[str, str] = {
    "petitions_due": _("Comments and petitions due for an answer in the period"),
    "petitions_on_time": _("… of these answered on time"),
    "petitions": _("Comments and petitions settled in the period"),
    "petitions_bad": _("… of these with an outcome that did not satisfy or came late"),
    "dossiers": _("Dossiers settled in the period"),
    "dossiers_bad": _("… of these with a dissatisfied applicant, a complaint, or late"),
}
"""The numbers an office states, in the order they are asked for."""

DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "petitions_on_time",
        _("Comments and petitions answered on time"),
        _("answered on time ÷ due"),
        "petitions_due",
        "petitions_on_time",
    ),
    Definition(
        "petitions_satisfied",
        _("Comments and petitions without a dissatisfied or late outcome"),
        _("(petitions − dissatisfied or late) ÷ petitions"),
        "petitions",
        "petitions_bad",
        complement=True,
    ),
    Definition(
        "dossiers_satisfied",
        _("Dossiers without dissatisfaction, complaint or delay"),
        _("(dossiers − dissatisfied, complained of or late) ÷ dossiers"),
        "dossiers",
        "dossiers_bad",
        complement=True,
        note=_(
            "In this ratio silence counts as satisfied: a dossier about which nobody said anything is in the "
            "numerator. It is no index of satisfaction by survey and is never mixed with one."
        ),
    ),
)


def ratios(counts: Mapping[str, int]) -> tuple[Ratio, ...]:
    """The three ratios as far as their numbers are stated, in percent. None for a whole of zero."""
    return tuple(
        Ratio(
            key=one.key,
            name=reasons.label(one.name),
            formula=reasons.label(one.formula),
            counts={one.whole: counts[one.whole], one.part: counts[one.part]},
            value=_value(counts[one.whole], counts[one.part], one.complement),
            note=reasons.label(one.note) if one.note else Text(),
        )
        for one in DEFINITIONS
        if one.whole in counts and one.part in counts
    )


def _value(whole: int, part: int, complement: bool) -> float | None:
    return 100.0 * ((whole - part) if complement else part) / whole if whole else None


def contradictions(counts: Mapping[str, int]) -> tuple[str, ...]:
    """Keys of parts that are larger than their whole."""
    return tuple(
        one.part
        for one in DEFINITIONS
        if one.whole in counts and one.part in counts and counts[one.part] > counts[one.whole]
    )
