"""``SurveyResult``: every number shown, drawn, written or served comes out of one of these, after suppression.

Plain frozen data; ``assemble`` (statistics/assemble.py) makes it, charts and reports read it. Percentages run from 0 to
100 and are not rounded here; rounding happens where a number becomes text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from survey.comments.report import CommentsReport
from survey.definition.choices import ChoiceList
from survey.definition.indexes import Rule
from survey.definition.text import Text
from survey.definition.variables import Form
from survey.statistics.actions import Action

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
    """One factor of an index; ``value`` is None when no item has a base. ``items`` maps each item to its own value;
    ``weight`` counts under the rule mean_of_factors."""

    key: str
    name: Text
    value: float | None
    items: Mapping[str, float | None] = field(default_factory=dict)
    weight: float = 1.0


@dataclass(frozen=True)
class IndexResult:
    """An index under one named rule, never without the name. ``values`` holds the same data under every rule that
    applies. ``base`` is the number of people with at least one scored item. ``unit`` is ``percent`` or ``points``;
    ``overall`` is the key of the index's one general question, ``negative`` are items counted from the other end."""

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
    negative: tuple[str, ...] = ()

    @property
    def left_out(self) -> tuple[str, ...]:
        """Items that had too few answers to enter; a reader of the index must be told."""
        return tuple(item for factor in self.factors for item, value in factor.items.items() if value is None)


@dataclass(frozen=True)
class Score:
    """A figure with a name of its own, of one scale: ``measure`` is ``nps`` (share of 9–10 minus share of 0–6, −100 to
    100), ``csat`` (share of the two top levels of five, percent) or ``ces`` (share of 5 and more of seven, percent)."""

    key: str
    measure: str
    value: float | None
    interval: Interval | None
    base: int | None
    suppressed: str = ""


@dataclass(frozen=True)
class Difference:
    """Two groups of one breakdown compared: ``points`` is first minus second in percentage points of satisfied, with
    its 95 % interval; ``p_adjusted`` is corrected for all comparisons of the survey that stand together; ``shown``
    says whether the two are shown to differ at the 5 % level after that. The codes are those of ``GroupFigures``."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    points: float
    interval: Interval
    p: float
    p_adjusted: float
    shown: bool


@dataclass(frozen=True)
class Comparison:
    """All pairs of groups of one breakdown that have a base to compare."""

    key: str
    by: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of the items of one factor (``factor`` empty: of the whole index), over the ``people`` who
    answered all of them."""

    index: str
    factor: str
    items: tuple[str, ...]
    people: int | None
    alpha: float | None
    suppressed: str = ""


@dataclass(frozen=True)
class Priority:
    """One item of a priority matrix: how satisfied people are with it (percent), and how much that goes with how
    satisfied they are overall (a correlation, −1 to 1, with its ``interval``; both have two decimals). ``base`` people
    answered both."""

    key: str
    performance: float
    importance: float
    interval: Interval | None
    base: int


@dataclass(frozen=True)
class Priorities:
    """Derived importance against performance for the items of one index; refused (``suppressed``) under 30 people."""

    index: str
    overall: str
    points: tuple[Priority, ...]
    people: int | None
    suppressed: str = ""


@dataclass(frozen=True)
class Weighted:
    """An index weighted to a stated frame, beside the unweighted one. ``effective`` is the effective number of
    answers, ``design_effect`` Kish's; ``margins`` the variables raked to, in order."""

    index: str
    value: float | None
    interval: Interval | None
    design_effect: float
    effective: float
    margins: tuple[str, ...]
    source: str
    suppressed: str = ""


@dataclass(frozen=True)
class Ratio:
    """A ratio of numbers from the office's own books (QĐ 766/QĐ-TTg), never mixed with what people answered. ``value``
    in percent, None without a denominator."""

    key: str
    name: Text
    formula: Text
    counts: Mapping[str, int]
    value: float | None
    note: Text = field(default_factory=Text)


@dataclass(frozen=True)
class WavePoint:
    """One wave of a series. ``breaks``: why it cannot be compared with the wave before, empty where it can;
    ``change`` is the difference from the wave before where there is one, told only if both are shown."""

    survey: str
    wave: str
    on: date
    value: float | None
    interval: Interval | None
    base: int | None
    breaks: str = ""
    change: Difference | None = None
    suppressed: str = ""


@dataclass(frozen=True)
class SeriesResult:
    """One measure over the waves of a series, in order of time. ``unit`` is ``percent`` or ``points``."""

    measure: str
    name: Text
    unit: str
    points: tuple[WavePoint, ...]
    target: float | None = None


@dataclass(frozen=True)
class RankedUnit:
    """One unit in a comparison. Its place is between ``best`` and ``worst`` (1 is highest), the same where intervals
    do not tell it from others; None for a unit that is shown for reference only (base under 30)."""

    unit: str
    value: float | None
    interval: Interval | None
    base: int | None
    best: int | None
    worst: int | None
    reference: bool = False
    suppressed: str = ""


@dataclass(frozen=True)
class Ranking:
    """Units compared by one measure, highest first, with ties shown as ties."""

    measure: str
    name: Text
    unit: str
    units: tuple[RankedUnit, ...]
    target: float | None = None


@dataclass(frozen=True)
class MonitoringPoint:
    """One week. ``low`` and ``high`` are the control limits for its base, percent; ``outside`` whether its share lies
    beyond them. All None in a week with too few answers."""

    label: str
    share: float | None
    base: int | None
    low: float | None
    high: float | None
    outside: bool = False


@dataclass(frozen=True)
class Monitoring:
    """A p-chart: the share satisfied week by week around ``centre``, the share of all weeks together; percent."""

    key: str
    name: Text
    points: tuple[MonitoringPoint, ...]
    centre: float | None
    suppressed: str = ""


@dataclass(frozen=True)
class Channel:
    """How far one collector reached: copies ``handed_out`` (None: not known), forms ``opened`` and ``started`` (events:
    who opens one twice counts twice) and answers that count (``completed``, ``flagged`` of them with a flag);
    ``excluded`` and ``withdrawn`` stand beside. Live counts on the day of the cut."""

    code: str
    name: str
    kind: str
    handed_out: int | None
    opened: int
    started: int
    completed: int
    flagged: int
    excluded: int
    withdrawn: int


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
    ``exclusions`` gives reason and number of answers that staff left out; ``targets`` what is
    aimed at, by key of index or question. ``further`` are breakdowns by other variables than ``by``; a cut has them,
    with ``channels`` and ``series``, for reports, and ``comments`` (of the whole survey) and ``measures``, both None in
    a cut that was made before cuts held them."""

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
    scores: tuple[Score, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    reliability: tuple[Reliability, ...] = ()
    priorities: tuple[Priorities, ...] = ()
    weighted: tuple[Weighted, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    targets: Mapping[str, float] = field(default_factory=dict)
    further: tuple[Breakdown, ...] = ()
    channels: tuple[Channel, ...] = ()
    series: tuple[SeriesResult, ...] = ()
    comments: CommentsReport | None = None
    measures: tuple[Action, ...] | None = None

    def question(self, key: str) -> QuestionResult:
        """The result of one variable; KeyError if there is none."""
        for one in self.questions:
            if one.key == key:
                return one
        raise KeyError(key)
