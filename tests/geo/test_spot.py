"""What a click on the map means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.geo.reference import reference_map
from dvc_core.geo.spot import town_of
from dvc_core.i18n import has_text


def test_every_town_s_point_is_in_its_town():
    for town in reference_map().towns:
        spot = town_of(town.lat, town.lng)
        assert (spot.city_code, spot.town) == (town.city_code, town.name)
        assert spot.basis == ("polygon" if town.polygons else "nearest")


@pytest.mark.parametrize(("lat", "lng"), [(35.0, 139.5), (35.72, 139.548), (0.0, 0.0), (90.0, 180.0)])
def test_outside_the_cities_there_is_no_town(lat, lng):
    spot = town_of(lat, lng)
    assert (spot.city, spot.town, spot.basis) == (None, None, "none")


@given(st.floats(35.63, 35.75), st.floats(139.42, 139.61))
def test_an_answer_names_a_town_of_its_city_or_nothing(lat, lng):
    spot = town_of(lat, lng)
    assert (spot.lat, spot.lng) == (round(lat, 5), round(lng, 5))
    if spot.city is None:
        assert spot.basis == "none"
    else:
        assert (spot.city, spot.town) in {(town.city, town.name) for town in reference_map().towns}


def test_a_part_of_a_city_that_lies_apart_belongs_to_it():
    fuchu = reference_map().city("府中市")
    assert fuchu is not None
    assert len(fuchu.polygons) > 1
    for polygon in fuchu.polygons:
        west, south, east, north = polygon.box
        inside = [
            (south + (north - south) * row / 40, west + (east - west) * column / 40)
            for row in range(41)
            for column in range(41)
        ]
        assert any(town_of(*point).city == "府中市" for point in inside)


def test_every_basis_has_words():
    assert all(has_text(f"geo.basis.{basis}") for basis in ("polygon", "nearest", "none"))
