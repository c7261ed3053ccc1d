"""Colours: told apart in colour, in grey and by readers with any common colour blindness."""

from __future__ import annotations

from itertools import pairwise
from math import dist

import pytest

from survey.charts.plot import BAND
from survey.charts.theme import (
    FAVOURABLE,
    HEAT,
    HEAT_BOUNDS,
    INK,
    NEUTRAL,
    PAPER,
    QUIET,
    SMALL,
    TARGET,
    UNFAVOURABLE,
    contrast,
    heat,
    luminance,
    shades,
)


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


def linear(colour: str) -> list[float]:
    """Red, green, blue as amounts of light."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


# Machado, Oliveira and Fernandes 2009, severity 1, on linear light.
SEEN_BY = {
    "everybody": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "a grey print": ((0.2126, 0.7152, 0.0722),) * 3,
}


def lab(colour: str, eye: str) -> tuple[float, float, float]:
    """CIELAB (D65) of what this eye sees."""
    light = linear(colour)
    red, green, blue = (min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in SEEN_BY[eye])
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    f, g, h = (one ** (1 / 3) if one > 216 / 24389 else (24389 / 27 * one + 16) / 116 for one in (x, y, z))
    return 116 * g - 16, 500 * (f - g), 200 * (g - h)


def apart(one: str, other: str, eye: str) -> float:
    """ΔE (CIE 1976): some 2.3 can just be told apart side by side."""
    return dist(lab(one, eye), lab(other, eye))


NEIGHBOURS = 10.0
"""ΔE that colours beside each other keep to every eye and on a grey print."""


@pytest.mark.parametrize("eye", SEEN_BY)
def test_neighbouring_levels_are_told_apart_by_every_eye_and_on_a_grey_print(eye: str) -> None:
    for levels in range(2, 6):
        palette = [shade.fill for shade in shades(levels)]
        close = {
            pair: round(apart(*pair, eye), 1)
            for pair in pairwise(palette)
            if apart(*pair, eye) < NEIGHBOURS and not (levels in (2, 4) and pair == middle_pair(palette))
        }
        assert close == {}


def middle_pair(palette: list[str]) -> tuple[str, str]:
    """The two sides of zero where there is no neutral level: alike in lightness, told apart by hatching."""
    half = len(palette) // 2
    return palette[half - 1], palette[half]


@pytest.mark.parametrize("eye", SEEN_BY)
def test_the_steps_of_a_heat_table_are_told_apart_and_fall_in_lightness(eye: str) -> None:
    light = [lab(colour, eye)[0] for colour in HEAT]
    assert all(before - after >= 10.0 for before, after in pairwise(light))
    assert all(apart(*pair, eye) >= NEIGHBOURS for pair in pairwise(HEAT))
    assert all(contrast(heat(share).fill, heat(share).ink) >= 4.5 for share in (0.0, *HEAT_BOUNDS))


@pytest.mark.parametrize("eye", SEEN_BY)
def test_marks_stand_out_from_paper_and_band(eye: str) -> None:
    for mark in (FAVOURABLE[1], UNFAVOURABLE[1], TARGET, INK, QUIET):
        assert lab(PAPER, eye)[0] - lab(mark, eye)[0] >= 35.0
        assert lab(BAND, eye)[0] - lab(mark, eye)[0] >= 30.0


def test_red_beside_green_would_be_noticed() -> None:
    assert apart("#c0504d", "#6f8f3a", "everybody") > 60
    assert apart("#c0504d", "#6f8f3a", "deuteranopia") < 30
    assert apart("#d62728", "#2ca02c", "a grey print") < 12
