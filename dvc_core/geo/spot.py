"""A point becomes a town: what a click on the map means.

Where the outlines of the 町丁目 are at hand the answer is exact (`polygon`); elsewhere it is the city's
outline and the nearest town point, to be shown as 概算 (`nearest`).
"""

from typing import Literal

import msgspec

from dvc_core.domain.distance import straight_m
from dvc_core.geo.reference import Polygon, ReferenceMap, Ring, Town, reference_map

Basis = Literal["polygon", "nearest", "none"]


class Spot(msgspec.Struct, frozen=True):
    """The city and town of a point; both None (`basis` none) outside the cities of the map.

    `basis` nearest is a rough answer: the town is the one whose point lies nearest within the city.
    """

    lat: float
    lng: float
    city_code: str | None
    city: str | None
    town: str | None
    basis: Basis


def town_of(lat: float, lng: float, *, reference: ReferenceMap | None = None) -> Spot:
    """The city and town of a point, rounded to five decimals (about one metre).

    The official outline decides the city; the census outlines of its towns, which leave it by tens of metres
    in places, only decide the town within it.
    """
    lat, lng = round(lat, 5), round(lng, 5)
    known = reference or reference_map()
    city = next((city for city in known.cities if _inside_any(city.polygons, lat, lng)), None)
    if city is None:
        return Spot(lat, lng, None, None, None, "none")
    towns = [town for town in known.towns if town.city_code == city.code]
    exact = next((town for town in towns if _inside_any(town.polygons, lat, lng)), None)
    if exact:
        return Spot(lat, lng, city.code, city.name, exact.name, "polygon")
    nearest = min(towns, key=lambda town: _gap(town, lat, lng), default=None)
    return Spot(lat, lng, city.code, city.name, nearest.name if nearest else None, "nearest")


def _gap(town: Town, lat: float, lng: float) -> float:
    return straight_m((town.lat, town.lng), (lat, lng))


def _inside_any(polygons: tuple[Polygon, ...], lat: float, lng: float) -> bool:
    return any(_inside(polygon, lat, lng) for polygon in polygons)


def _inside(polygon: Polygon, lat: float, lng: float) -> bool:
    west, south, east, north = polygon.box
    if not (west <= lng <= east and south <= lat <= north):
        return False
    return _within(polygon.outer, lat, lng) and not any(_within(hole, lat, lng) for hole in polygon.holes)


def _within(ring: Ring, lat: float, lng: float) -> bool:
    """Even-odd rule: a ray to the east crosses the ring an odd number of times."""
    odd = False
    before_lng, before_lat = ring[-1]
    for point_lng, point_lat in ring:
        if (point_lat > lat) != (before_lat > lat):
            crossing = before_lng + (lat - before_lat) / (point_lat - before_lat) * (point_lng - before_lng)
            odd ^= lng < crossing
        before_lng, before_lat = point_lng, point_lat
    return odd
