"""How far and how long, roughly: straight line times a detour, until a road network is imported.

Serves matching and the work order. Whoever shows a figure from here says 概算. The detour and the speeds
stand in `data/reference/geo/travel.toml`, each with its source or the mark 未確認.
"""

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from dvc_core.geo.reference import FOLDER

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

_EARTH_METRES = 6_371_008.8  # mean radius (IUGG)


class Mode(msgspec.Struct, frozen=True):
    """A way to travel: its speed along the road, and where that figure is from (確認済 or 未確認)."""

    name: str
    metres_per_minute: float
    status: str
    source: str


class Travel(msgspec.Struct, frozen=True):
    """What the estimates are made with."""

    detour: float
    detour_status: str
    detour_source: str
    modes: dict[str, Mode]


@cache
def travel(folder: Path = FOLDER) -> Travel:
    """The detour and the speeds of a folder."""
    return msgspec.convert(tomllib.loads((folder / "travel.toml").read_text(encoding="utf-8")), Travel)


def straight_metres(start: Point, end: Point) -> float:
    """Great-circle distance in metres."""
    lat_1, lat_2 = math.radians(start[0]), math.radians(end[0])
    half_lat = (lat_2 - lat_1) / 2
    half_lng = math.radians(end[1] - start[1]) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin(half_lng) ** 2
    return 2 * _EARTH_METRES * math.asin(math.sqrt(chord))


def route_metres(start: Point, end: Point) -> int:
    """Estimated length of the way (概算), to the metre."""
    return round(straight_metres(start, end) * travel().detour)


def minutes(metres: float, mode: str = "walk") -> int:
    """Estimated minutes for a length of way, rounded up; `mode` is a key of travel.toml (KeyError if not)."""
    return math.ceil(metres / travel().modes[mode].metres_per_minute)


def route_matrix(starts: Sequence[Point], ends: Sequence[Point]) -> list[list[int]]:
    """Estimated metres from every start (row) to every end (column)."""
    return [[route_metres(start, end) for end in ends] for start in starts]
