"""docs/charts.md shows every kind of chart, as the code draws it now. If this fails: make gallery."""

from __future__ import annotations

import pytest

from survey.charts import plan
from survey.config import ROOT
from tests.pictures.gallery import EXHIBITS, PAGE, PICTURES, Exhibit, drawn, page, picture

OF_NO_SINGLE_RESULT = {"heat-units", "ranking", "monitoring", "funnel"}
"""Kinds that draw units, weeks or counts rather than one survey's result."""

AIDS = {
    "__init__",
    "drawing",
    "figures_text",
    "frame",
    "grid",
    "lettering",
    "plan",
    "plot",
    "raster",
    "render",
    "sheet",
    "theme",
}
AIDS |= {"dots", "scale_columns", "shares_table"}
"""Modules of the stage that are no kind of chart."""


def test_the_gallery_lists_every_kind() -> None:
    assert {one.name for one in EXHIBITS} == {*plan.KINDS, *OF_NO_SINGLE_RESULT}
    kinds = {path.stem for path in (ROOT / "survey" / "charts").glob("*.py")} - AIDS
    assert len(kinds) == len(EXHIBITS) - 1, "a module for each kind, and the heat table is shown twice"


def test_the_page_says_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("one", EXHIBITS, ids=lambda one: one.name)
def test_a_picture_is_what_the_code_draws(one: Exhibit) -> None:
    kept = (PICTURES / f"{one.name}.svg").read_bytes()
    assert drawn(kept) == drawn(picture(one))
    assert len(kept) < 80_000


def test_no_picture_is_left_of_a_kind_that_is_gone() -> None:
    assert {path.stem for path in PICTURES.iterdir()} == {one.name for one in EXHIBITS}


def test_another_figure_in_a_picture_would_be_found() -> None:
    kept = (PICTURES / "funnel.svg").read_bytes()
    assert drawn(kept.replace(b">240<", b">241<")) != drawn(
        picture(next(one for one in EXHIBITS if one.name == "funnel"))
    )
