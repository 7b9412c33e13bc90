"""The base map as the browser reads it: one constant JSON, fetched once and kept by its digest.

What changes (needs, teams) never travels with it; the page sends that as its own layer.
"""

from collections import defaultdict
from functools import cache
from typing import Any

import msgspec

from dvc_core.geo.reference import City, Polygon, ReferenceMap, Ring, Town, reference_map
from dvc_core.geo.symbols import GROUND


@cache
def shipped_base_map() -> bytes:
    """The base map of the reference files that come with the program, as JSON."""
    return base_map(reference_map())


def base_map(reference: ReferenceMap) -> bytes:
    """The base map as JSON.

    `cities`, `towns`, `railways` are GeoJSON features; the lists of names hold [name, lat, lng], those of
    cities and towns also the city's code.
    """
    by_machi: dict[tuple[str, str], list[Town]] = defaultdict(list)
    for town in reference.towns:
        by_machi[town.city_code, town.machi].append(town)
    drawn = {
        "ground": GROUND,
        "cities": [_feature(city.polygons, city_code=city.code) for city in reference.cities],
        "towns": [_feature(town.polygons) for town in reference.towns if town.polygons],
        "railways": [_lines(line.parts) for line in reference.railways],
        "city_names": [[city.name, *_middle_of(city), city.code] for city in reference.cities],
        "machi_names": [
            [machi, *_middle([(town.lat, town.lng) for town in towns]), code]
            for (code, machi), towns in by_machi.items()
        ],
        "town_names": [[town.name, town.lat, town.lng, town.city_code] for town in reference.towns],
        "stations": [[station.name, station.lat, station.lng] for station in reference.stations],
    }
    return msgspec.json.encode(drawn)


def _feature(polygons: tuple[Polygon, ...], **properties: str) -> dict[str, Any]:
    coordinates = [[part.outer, *part.holes] for part in polygons]
    geometry = {"type": "MultiPolygon", "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _lines(parts: tuple[Ring, ...]) -> dict[str, Any]:
    geometry = {"type": "MultiLineString", "coordinates": parts}
    return {"type": "Feature", "properties": {}, "geometry": geometry}


def _middle_of(city: City) -> tuple[float, float]:
    west, south, east, north = city.box
    return round((south + north) / 2, 5), round((west + east) / 2, 5)


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    lats, lngs = zip(*points, strict=True)
    return round(sum(lats) / len(lats), 5), round(sum(lngs) / len(lngs), 5)
