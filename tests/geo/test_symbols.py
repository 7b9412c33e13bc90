"""Symbols: told apart by shape and by colour, and seen against the ground."""

import re
from itertools import product
from xml.etree import ElementTree as ET

import pytest

from dvc_core.geo import symbols
from dvc_core.geo.feature import STATES, Feature
from dvc_core.i18n import has_text

LOOKS = [(kind, state) for kind, states in STATES.items() for state in states]


def feature(kind="need", state="ready", **facts) -> Feature:
    return Feature(id="a", kind=kind, lat=35.7, lng=139.5, state=state, label="N-001", **facts)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


def test_every_state_has_a_look_and_no_look_is_left_over():
    assert {kind: tuple(looks) for kind, looks in symbols.LOOKS.items()} == STATES


@pytest.mark.parametrize("kind", STATES)
def test_no_two_states_share_shape_or_colour(kind):
    looks = symbols.LOOKS[kind].values()
    assert len({(look.path, look.mark) for look in looks}) == len(looks)
    if kind != "center":
        assert len({look.colour for look in looks}) == len(looks)


@pytest.mark.parametrize(("kind", "state"), LOOKS)
def test_every_colour_stands_out_from_the_ground(kind, state):
    assert contrast(symbols.LOOKS[kind][state].colour, symbols.GROUND) >= 3
    assert contrast(symbols.LOOKS[kind][state].colour, "#ffffff") >= 3  # its mark is white


def test_badges_differ_in_shape_or_line_and_stand_out():
    paths = [(path, fill) for path, fill, _line in symbols.BADGES.values()]
    assert len(set(paths)) == len(paths)
    for _path, fill, line in symbols.BADGES.values():
        assert contrast(fill, line) >= 3
    assert len({path for path, _fill, _line in symbols.BADGES.values()}) == 3
    assert all(has_text(f"map.hazard.{grade}") for grade in symbols.BADGES)


@pytest.mark.parametrize(("kind", "state"), LOOKS)
def test_every_symbol_is_well_formed_and_asks_for_nothing(kind, state):
    for priority, hazard, rough, old in product(
        ("urgent", "high", "normal", "low"), ("red", "yellow", "green", "ungraded", "none"), (0, 1), (0, 1)
    ):
        drawn = symbols.symbol(
            feature(kind, state, priority=priority, hazard=hazard, rough=bool(rough), old=bool(old))
        )
        ET.fromstring(drawn)
        assert not re.search(r"http|href|url\(|<script|<image", drawn)


def test_urgency_hazard_and_exactness_change_the_picture():
    plain = symbols.symbol(feature())
    others = [
        symbols.symbol(feature(priority="urgent")),
        symbols.symbol(feature(priority="high")),
        symbols.symbol(feature(hazard="red")),
        symbols.symbol(feature(hazard="yellow")),
        symbols.symbol(feature(rough=True)),
    ]
    assert len({plain, *others}) == 6
    assert symbols.symbol(feature(priority="low")) == plain
    assert symbols.size(feature(priority="urgent")) > symbols.size(feature())


def test_old_news_is_grey():
    fresh, old = (symbols.symbol(feature("council", "open", old=old)) for old in (False, True))
    assert symbols.LOOKS["council"]["open"].colour in fresh
    assert symbols.LOOKS["council"]["open"].colour not in old


def test_a_state_that_the_map_does_not_know_is_a_mistake():
    with pytest.raises(ValueError, match="lost"):
        symbols.key(feature(state="lost"))


def test_a_swatch_is_well_formed():
    ET.fromstring(symbols.swatch(symbols.key(feature())))
    ET.fromstring(symbols.badge("red"))
