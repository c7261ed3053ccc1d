"""``SurveyResult``: every number shown, drawn, written or served comes out of one of these, after suppression.

Plain frozen data; ``assemble`` (statistics/assemble.py) makes it, charts and reports read it. Percentages run from 0 to
100 and are not rounded here; rounding happens where a number becomes text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from survey.definition.choices import ChoiceList
from survey.definition.indexes import Rule
from survey.definition.text import Text
from survey.definition.variables import Form

Interval = tuple[float, float]
"""Low and high bound of a 95 % interval, in the unit of the figure."""

NOT_ASKED = "not_asked"
NO_ANSWER = "no_answer"


@dataclass(frozen=True)
class Cut:
    """What the figures describe: as of which day, under which filters (variable key → codes, ``@collector`` among the
    keys), through which release. ``hash`` (SHA-256, hex) covers survey, version, releases with revisions, and
    filters."""

    as_of: date
    filters: Mapping[str, tuple[str, ...]]
    release: int
    hash: str


@dataclass(frozen=True)
class Figures:
    """The numbers of one variable in one group of people. ``base`` is the n under a percentage: people who gave a code
    that is not missing. ``counts`` has every non-missing code in list order (for a multiple choice they may add up to
    more than ``base``); it, ``missing`` and ``mean`` are None where only the satisfied share is shown. ``missing`` has
    ``not_asked``, ``no_answer`` and each missing code of the list. ``interval`` is Wilson's, of ``satisfied_percent``;
    ``mean_interval`` is Student's, of ``mean``. ``suppressed`` is empty, or the reason (a message id of
    ``statistics.reasons``) why every other field is None."""

    base: int | None
    counts: Mapping[str, int] | None
    missing: Mapping[str, int] | None = None
    satisfied: int | None = None
    satisfied_percent: float | None = None
    interval: Interval | None = None
    mean: float | None = None
    suppressed: str = ""
    mean_interval: Interval | None = None

    def percent(self, code: str) -> float | None:
        """Share of one code in the base, 0 to 100; None where there is nothing to divide or it is not shown."""
        if not self.base or self.counts is None:
            return None
        return 100.0 * self.counts[code] / self.base


@dataclass(frozen=True)
class QuestionResult:
    """One variable over everybody in the cut. ``section`` is the section's key; text variables have only a base and
    ``missing``."""

    key: str
    form: Form
    label: Text
    section: str
    choices: ChoiceList | None
    figures: Figures
    sensitive: bool = False


@dataclass(frozen=True)
class GroupFigures:
    """One group of a breakdown: a code of the grouping variable, or several pooled (``codes`` has more than one and
    ``label`` says "the remaining groups")."""

    codes: tuple[str, ...]
    label: Text
    figures: Figures


@dataclass(frozen=True)
class Breakdown:
    """One variable by the groups of another: shown whole, or left out whole (``groups`` empty, ``suppressed`` says
    why). ``hidden`` are the groups not shown on their own, each with its reason and no figure."""

    key: str
    by: str
    groups: tuple[GroupFigures, ...]
    suppressed: str = ""
    hidden: tuple[GroupFigures, ...] = ()


@dataclass(frozen=True)
class FactorResult:
    """One factor of an index; ``value`` is None when no item has a base. ``items`` maps each item to its own value."""

    key: str
    name: Text
    value: float | None
    items: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True)
class IndexResult:
    """An index under one named rule, never without the name. ``values`` holds the same data under every rule that
    applies. ``base`` is the number of people with at least one scored item. ``unit`` is ``percent`` or ``points``;
    ``overall`` is the key of the index's one general question."""

    key: str
    name: Text
    rule: Rule
    value: float | None
    interval: Interval | None
    values: Mapping[Rule, float | None]
    factors: tuple[FactorResult, ...]
    base: int
    unit: str
    anchors: tuple[float, float] | None = None
    note: Text = field(default_factory=Text)
    source: str = ""
    suppressed: str = ""
    overall: str | None = None

    @property
    def left_out(self) -> tuple[str, ...]:
        """Items that had too few answers to enter; a reader of the index must be told."""
        return tuple(item for factor in self.factors for item, value in factor.items.items() if value is None)


@dataclass(frozen=True)
class SectionHeading:
    """A section's key and title, for grouping questions in charts and pages."""

    key: str
    title: Text


@dataclass(frozen=True)
class SurveyResult:
    """Everything there is to show about one survey under one cut. ``responses`` counts responses by status, live (the
    number of answers is never secret); ``released`` is how many of them these figures describe after the filters.
    ``population`` is N when the office stated one that can hold the answers (and no filter is set). ``remarks`` are
    sentences (message ids) that go with the figures. ``raw``: the operator's view, unreleased answers and no
    threshold. ``selected`` is what ``cut.filters`` asks for, in words; ``collecting`` first and last day as planned.
    ``exclusions`` gives reason and number of answers that staff left out."""

    slug: str
    title: Text
    languages: tuple[str, ...]
    version: int
    cut: Cut
    responses: Mapping[str, int]
    released: int
    population: int | None
    headline: str | None
    sections: tuple[SectionHeading, ...]
    questions: tuple[QuestionResult, ...]
    indexes: tuple[IndexResult, ...]
    breakdowns: tuple[Breakdown, ...] = ()
    by: str | None = None
    office: Text = field(default_factory=Text)
    superior: Text = field(default_factory=Text)
    contact: str = ""
    collecting: tuple[date | None, date | None] = (None, None)
    selected: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    raw: bool = False
    exclusions: tuple[tuple[str, int], ...] = ()

    def question(self, key: str) -> QuestionResult:
        """The result of one variable; KeyError if there is none."""
        for one in self.questions:
            if one.key == key:
                return one
        raise KeyError(key)
