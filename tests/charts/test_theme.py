"""Colours: told apart in colour, in grey and by readers with any common colour blindness."""

from __future__ import annotations

from itertools import pairwise

import pytest

from survey.charts.theme import NEUTRAL, SMALL, contrast, luminance, shades


def darkens_outwards(fills: list[str]) -> bool:
    """Whether lightness falls from each fill to the next."""
    light = [luminance(fill) for fill in fills]
    return all(inner > outer for inner, outer in pairwise(light))


@pytest.mark.parametrize("levels", range(2, 12))
def test_each_side_darkens_from_the_middle_to_its_end(levels: int) -> None:
    palette = [shade.fill for shade in shades(levels)]
    side = levels // 2
    assert len(set(palette)) == levels
    middle = [NEUTRAL] if levels % 2 else []
    assert darkens_outwards([*middle, *reversed(palette[:side])])
    assert darkens_outwards([*middle, *palette[levels - side :]])


def test_a_side_that_does_not_darken_is_noticed() -> None:
    assert not darkens_outwards([NEUTRAL, "#1b5a96", "#a5c8e8"])


@pytest.mark.parametrize("levels", range(2, 12))
def test_on_a_grey_print_only_the_unfavourable_side_is_hatched_and_its_lines_can_be_seen(levels: int) -> None:
    palette = shades(levels)
    side = levels // 2
    assert all(contrast(shade.fill, shade.hatch) > 1.5 for shade in palette[:side])
    assert not any(shade.hatch for shade in palette[side:])


@pytest.mark.parametrize("levels", range(1, 12))
def test_numbers_inside_bars_can_be_read(levels: int) -> None:
    assert all(contrast(shade.fill, shade.ink) >= 4.5 for shade in shades(levels))
    assert SMALL >= 7.0


def test_luminance_and_contrast_are_those_of_the_standard() -> None:
    assert luminance("#ffffff") == pytest.approx(1.0)
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
