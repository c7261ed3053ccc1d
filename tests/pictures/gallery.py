"""The gallery of charts, docs/charts.md with its pictures: every kind drawn by the product from invented figures.

``make gallery`` writes it; a test compares page and pictures with what the code makes now.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from survey.charts import drawing, plan
from survey.charts.drawing import Drawing
from survey.charts.funnel_bars import funnel
from survey.charts.heat_table import heat_table
from survey.charts.p_chart import p_chart
from survey.charts.ranking_dots import ranking
from survey.config import ROOT
from survey.statistics.results import Comparison, SurveyResult
from survey.texts import Texts, texts
from tests.factories import charted

PAGE = ROOT / "docs" / "charts.md"
PICTURES = ROOT / "docs" / "pictures" / "charts"

INTRODUCTION = """# Charts

Every kind of chart that Phiếu draws, made by the product itself from invented figures (`make gallery`). The values of
the trend are the published national index; its intervals and numbers of answers are invented as well. A test compares
this page and its pictures with what the code makes.

- A chart draws a `SurveyResult` after disclosure control and computes nothing. What may not be shown is hatched or
  said in words.
- Lightness orders every palette and hatching or shape repeats it, so that colour-blind readers and grey prints lose
  nothing: neighbouring colours keep a ΔE of at least 10 to every common eye and on a grey print
  (`tests/charts/test_theme.py`).
- Each chart has a table behind it and a sentence that states its finding: the alternative text. Which share is the
  highest is told as it was counted; that two differ is said only where an interval or a test shows it.
- Labels wrap, marks stacked on Vietnamese letters are never cut, and text in an SVG is text.
- A page on a phone (up to 40 rem wide) shows each chart drawn narrow, `?width=narrow` in its address: labels above
  their bars, the smallest type 11 pixels high on a screen of 320. Nothing moves sideways
  (`tests/browser/test_charts_on_a_phone.py`).
- On a results page every chart can be taken away as SVG or as PNG of 300 dots to the inch, 170 mm wide; on the
  command line `phieu chart SURVEY -o FILE.svg --kind heat --by A1` does the same, and `.pdf` makes a book with the
  tables.

Below each picture stands its alternative text in English.
"""


@dataclass(frozen=True)
class Exhibit:
    """One kind: its name in addresses and on the command line, a heading, what it is for, and its picture."""

    name: str
    heading: str
    about: str
    made: Callable[[Texts, str], bytes]
    told: Callable[[Texts, str], str]


def _of_result(name: str, heading: str, about: str, chart: str, result: Callable[[], SurveyResult]) -> Exhibit:
    def made(t: Texts, language: str) -> bytes:
        found = result()
        return plan.draw(found, [plan.chart(found, chart)], t, language)

    def told(t: Texts, language: str) -> str:
        found = result()
        return plan.finding(found, plan.chart(found, chart), t, language)

    return Exhibit(name, heading, about, made, told)


def _of_drawing(name: str, heading: str, about: str, made: Callable[[Texts, str], Drawing]) -> Exhibit:
    return Exhibit(
        name,
        heading,
        about,
        lambda t, language: drawing.alone([made(t, language)]),
        lambda t, language: made(t, language).told,
    )


def _compared() -> SurveyResult:
    result = charted.conference()
    pairs = (
        replace(charted.difference(22.5, shown=True), first=("2",), second=("1",), interval=(10.1, 34.0)),
        replace(charted.difference(39.8, shown=True), first=("2",), second=("3", "4"), interval=(19.9, 58.4)),
        replace(charted.difference(17.3, shown=False), first=("1",), second=("3", "4"), interval=(-4.6, 38.8)),
    )
    return replace(result, comparisons=(Comparison("C1", "A1", pairs),))


def _followed() -> SurveyResult:
    return replace(charted.conference(), series=(charted.series(),))


EXHIBITS = (
    _of_result(
        "scale",
        "Diverging bars",
        "All questions on one scale: unfavourable levels to the left of zero, hatched; favourable ones to the"
        " right; half of the neutral level on each side. Under 30 answers a bar is thin and its n has a star.",
        "scale-B",
        charted.conference,
    ),
    _of_result(
        "choice",
        "Choice bars",
        "Single and multiple choices with share and count; below them the base and who is not in it.",
        "choice-A3",
        charted.conference,
    ),
    _of_result(
        "index",
        "Index",
        "An index with its factors on the whole range of the scale. The rule is always named.",
        "index-service",
        charted.conference,
    ),
    _of_result(
        "by",
        "Groups compared",
        "The share satisfied of each group with its interval, everybody below. Sentences tell which groups "
        "differ, after correction for all comparisons, and which are not shown to. A ring has fewer than 30 "
        "answers.",
        "by-C1",
        _compared,
    ),
    _of_result(
        "heat",
        "Heat table",
        "Questions by groups or units, the share printed in each cell. The colours begin at the same shares "
        "in every table, so that two tables can stand side by side. Many units are numbered and named below.",
        "heat-C",
        charted.conference,
    ),
    _of_drawing(
        "heat-units",
        "Heat table of units",
        "The same with more columns than names fit above.",
        lambda t, _: heat_table(charted.unit_table(), t),
    ),
    _of_result(
        "groups",
        "Small multiples",
        "A panel for each group on the same lines and axis; the grey tick is everybody's share.",
        "groups-C",
        charted.conference,
    ),
    _of_result(
        "priority",
        "Priority matrix",
        "How much an item goes with overall satisfaction, against how satisfied people are with it (Martilla "
        "and James 1977). Refused under 30 people. An item one of whose intervals reaches across the parting "
        "is a ring, and its quadrant is not certain.",
        "priority-conference",
        charted.conference,
    ),
    _of_result(
        "trend",
        "Trend",
        "A measure over the waves of a series with the band of its intervals and the target. The line stops "
        "where a wave cannot be compared with the one before, and where one has no figure. Waves stand by "
        "their days where these leave room.",
        "trend-sipas",
        _followed,
    ),
    _of_drawing(
        "ranking",
        "Ranking",
        "Units by one measure, highest first. Ties are ranges of ranks; units with fewer than 30 answers "
        "stand apart without one.",
        lambda t, language: ranking(charted.ranking(), t, language)[0],
    ),
    _of_drawing(
        "monitoring",
        "Weekly monitoring",
        "A p-chart: the share of each week, the share of all weeks, and limits that step with the number of "
        "answers. A week beyond them is a diamond with its share.",
        lambda t, language: p_chart(charted.monitoring(), t, language),
    ),
    _of_drawing(
        "funnel",
        "Participation",
        "From copies handed out to completed answers, where there is no frame that would allow a response rate.",
        lambda t, _: funnel("Tham gia khảo sát", charted.steps(), t),
    ),
)


def page() -> str:
    """The page in Markdown."""
    t = texts("en")
    parts = [INTRODUCTION]
    for one in EXHIBITS:
        told = one.told(t, "en").replace("[", "(").replace("]", ")")
        parts.append(
            f"## {one.heading}\n\n`{one.name}` · {one.about}\n\n![{told}](pictures/charts/{one.name}.svg)\n\n*{told}*\n"
        )
    return "\n".join(parts)


def picture(one: Exhibit) -> bytes:
    """Its picture in Vietnamese."""
    return one.made(texts("vi"), "vi")


def drawn(svg: bytes) -> str:
    """What a picture shows, without the letters it carries, whose bytes depend on the library that cuts them."""
    return re.sub(r"<style>[^<]*</style>", "", svg.decode())


def main() -> None:
    """Writes page and pictures, and takes away pictures of kinds that are gone."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.svg"):
        old.unlink()
    for one in EXHIBITS:
        (PICTURES / f"{one.name}.svg").write_bytes(picture(one))
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
