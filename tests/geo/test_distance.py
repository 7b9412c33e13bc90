"""Rough distances: the figures, and that they say they are rough."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.domain.distance import straight_m
from dvc_core.geo.distance import minutes, route_matrix, route_metres, travel

POINTS = st.tuples(st.floats(35.6, 35.8), st.floats(139.4, 139.7))
MUSASHI_KOGANEI = (35.70107, 139.50654)
HIGASHI_KOGANEI = (35.70156, 139.52420)


def test_a_degree_of_latitude_is_a_sixtieth_of_sixty_sea_miles():
    assert straight_m((35.0, 139.0), (36.0, 139.0)) == pytest.approx(60 * 1853, rel=0.002)


def test_a_degree_of_longitude_shrinks_with_the_latitude():
    here = straight_m((35.7, 139.0), (35.7, 140.0))
    assert here == pytest.approx(111_195 * math.cos(math.radians(35.7)), rel=0.001)


def test_two_stations_are_as_far_apart_as_on_the_map():
    assert straight_m(MUSASHI_KOGANEI, HIGASHI_KOGANEI) == pytest.approx(1595, abs=15)
    assert route_metres(MUSASHI_KOGANEI, HIGASHI_KOGANEI) == pytest.approx(1595 * 1.3, abs=20)


@given(POINTS, POINTS)
def test_there_and_back_are_equally_far(start, end):
    assert straight_m(start, end) == pytest.approx(straight_m(end, start), abs=1e-6)
    assert straight_m(start, start) == 0


@given(POINTS, POINTS, POINTS)
def test_no_detour_is_shorter_than_the_straight_line(start, between, end):
    assert straight_m(start, end) <= straight_m(start, between) + straight_m(between, end) + 1e-6


def test_minutes_are_rounded_up():
    assert minutes(0) == 0
    assert minutes(80) == 1
    assert minutes(81) == 2
    assert minutes(800, "walk") > minutes(800, "bicycle")


def test_a_way_to_travel_that_is_not_in_the_data_is_named():
    with pytest.raises(KeyError, match="helicopter"):
        minutes(1, "helicopter")


def test_the_matrix_has_a_row_for_every_start():
    matrix = route_matrix([MUSASHI_KOGANEI, HIGASHI_KOGANEI], [HIGASHI_KOGANEI])
    assert matrix == [[route_metres(MUSASHI_KOGANEI, HIGASHI_KOGANEI)], [0]]


def test_every_figure_says_how_sure_it_is():
    known = travel()
    assert known.detour_status == "未確認"
    for mode in known.modes.values():
        assert mode.status in {"確認済", "未確認"}
        assert bool(mode.source) == (mode.status == "確認済")
