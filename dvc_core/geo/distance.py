"""How far and how long, roughly: straight line times a detour, until a road network is imported.

Serves matching and the work order. Whoever shows a figure from here says 概算. The speeds stand in
`data/reference/geo/travel.toml`; the detour, which matching shares, in `data/reference/matching.toml`. Each
has its source or the mark 未確認.
"""

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from dvc_core.domain.distance import Point, way_m
from dvc_core.geo.reference import FOLDER


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
    """The speeds of a folder, and the detour of the numbers beside it."""
    speeds = tomllib.loads((folder / "travel.toml").read_text(encoding="utf-8"))
    detour = tomllib.loads((folder.parent / "matching.toml").read_text(encoding="utf-8"))["detour"]
    said = {"detour": detour["value"], "detour_status": detour["state"], "detour_source": detour["source"]}
    return msgspec.convert(speeds | said, Travel)


def route_metres(start: Point, end: Point) -> int:
    """Estimated length of the way (概算), to the metre."""
    return round(way_m(start, end, travel().detour))


def minutes(metres: float, mode: str = "walk") -> int:
    """Estimated minutes for a length of way, rounded up; `mode` is a key of travel.toml (KeyError if not)."""
    return math.ceil(metres / travel().modes[mode].metres_per_minute)


def route_matrix(starts: Sequence[Point], ends: Sequence[Point]) -> list[list[int]]:
    """Estimated metres from every start (row) to every end (column)."""
    return [[route_metres(start, end) for end in ends] for start in starts]
