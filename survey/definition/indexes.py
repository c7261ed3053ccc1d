"""Indexes as data: index > factor > item, with the way items are scored and the rule that joins them.

Adding a ministry's method is adding an ``Index`` to a questionnaire document; no code knows SIPAS by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from survey.definition.text import Text


class Rule(StrEnum):
    """How items become one figure (docs/methodology.md works each on the same data)."""

    MEAN_OF_FACTORS = "mean_of_factors"
    MEAN_OF_ITEMS = "mean_of_items"
    POOLED_ANSWERS = "pooled_answers"
    OVERALL_QUESTION = "overall_question"


class Scoring(StrEnum):
    """How one item becomes a number."""

    SATISFIED_SHARE = "satisfied_share"
    """100 × satisfied / answered, in percent."""
    RESCALED_MEAN = "rescaled_mean"
    """``low + (high − low) × (mean − 1) / (levels − 1)``: fixed anchors, as in a self-assessed DDCI from 1 to 10."""


@dataclass(frozen=True)
class Factor:
    """A named group of items; ``weight`` counts under the rule mean_of_factors."""

    key: str
    name: Text
    items: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True)
class Index:
    """``rule`` is the one printed unless another is asked for; ``overall`` names the one general question. A high level
    of a ``negative`` item is bad: it counts from the other end, which only a rescaled mean can."""

    key: str
    name: Text
    factors: tuple[Factor, ...]
    rule: Rule = Rule.MEAN_OF_FACTORS
    scoring: Scoring = Scoring.SATISFIED_SHARE
    overall: str | None = None
    anchors: tuple[float, float] = (1.0, 10.0)
    note: Text = field(default_factory=Text)
    source: str = ""
    negative: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[str, ...]:
        """Every item, in order of factors."""
        return tuple(item for factor in self.factors for item in factor.items)

    @classmethod
    def read(cls, value: Mapping[str, Any], original: str) -> Index:
        """From its JSON form; one written before items could be negative has none."""
        return cls(
            key=str(value["key"]),
            name=Text.read(value["name"], original),
            factors=tuple(
                Factor(
                    str(one["key"]),
                    Text.read(one["name"], original),
                    tuple(str(item) for item in one["items"]),
                    float(one.get("weight", 1.0)),
                )
                for one in value["factors"]
            ),
            rule=Rule(value.get("rule", Rule.MEAN_OF_FACTORS)),
            scoring=Scoring(value.get("scoring", Scoring.SATISFIED_SHARE)),
            overall=None if value.get("overall") is None else str(value["overall"]),
            anchors=(float(value.get("anchors", (1, 10))[0]), float(value.get("anchors", (1, 10))[1])),
            note=Text.read(value.get("note"), original),
            source=str(value.get("source", "")),
            negative=tuple(str(item) for item in value.get("negative") or ()),
        )

    def write(self) -> dict[str, Any]:
        """Its JSON form."""
        out: dict[str, Any] = {
            "key": self.key,
            "name": self.name.write(),
            "rule": str(self.rule),
            "scoring": str(self.scoring),
            "factors": [
                {"key": one.key, "name": one.name.write(), "items": list(one.items), "weight": one.weight}
                for one in self.factors
            ],
        }
        if self.overall:
            out["overall"] = self.overall
        if self.scoring is Scoring.RESCALED_MEAN:
            out["anchors"] = list(self.anchors)
        if self.note:
            out["note"] = self.note.write()
        if self.source:
            out["source"] = self.source
        if self.negative:
            out["negative"] = list(self.negative)
        return out
