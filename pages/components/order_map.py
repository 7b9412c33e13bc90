"""活動指示書の地図と道順: 駅・線路・まわりの町丁目・センターから、家までの行き方が分かるように."""

import math
from collections.abc import Iterable, Sequence

import msgspec

from dvc_core.bootstrap import Services
from dvc_core.domain.distance import Point
from dvc_core.domain.need import Need
from dvc_core.forms.work_order import MapLine, MapMark, MapSketch, MapSpot
from dvc_core.geo.councils import councils
from dvc_core.geo.distance import minutes, route_metres
from dvc_core.geo.reference import Station, reference_map
from dvc_core.i18n import text

SHOWN_DEGREES = 0.04
"""About four kilometres: more than the map can show, so that lines and areas reach its edges."""

CENTER_WITHIN = 2_600
"""Metres of way, two kilometres straight: farther, the map would no longer show the streets of the house."""

KILO = 1000
COMPASS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def sketch(services: Services, need: Need | None) -> MapSketch | None:
    """The way to a need's place as a small map; None when nobody knows where it is."""
    if need is None or need.lat is None or need.lng is None:
        return None
    center = _center(services)
    near = center is not None and route_metres(center, (need.lat, need.lng)) <= CENTER_WITHIN
    return msgspec.structs.replace(
        _ground((need.lng, need.lat)),
        place=(need.lng, need.lat),
        center=(center[1], center[0]) if center and near else None,
        note=text(f"geo.level.{need.match_level}"),
    )


def of_round(marks: Sequence[MapMark]) -> MapSketch | None:
    """The houses of a round by their numbers; None when none of them has a point."""
    if not marks:
        return None
    middle = (
        sum(mark.at[0] for mark in marks) / len(marks),
        sum(mark.at[1] for mark in marks) / len(marks),
    )
    return msgspec.structs.replace(_ground(middle), marks=tuple(marks))


def _ground(here: tuple[float, float]) -> MapSketch:
    """What one finds one's way by around a point: towns, railways, stations."""
    known = reference_map()
    towns = [town for town in known.towns if _around(here, ((town.lng, town.lat),))]
    return MapSketch(
        outlines=tuple(
            MapLine(points=_points(polygon.outer), name=town.name)
            for town in towns
            for polygon in town.polygons
        ),
        rails=tuple(
            MapLine(points=_points(part), name=railway.line)
            for railway in known.railways
            for part in railway.parts
            if _around(here, _points(part))
        ),
        spots=(
            *(
                MapSpot(at=(station.lng, station.lat), name=f"{station.name}駅", kind="station")
                for station in known.stations
                if _around(here, ((station.lng, station.lat),))
            ),
            *(
                MapSpot(at=(town.lng, town.lat), name=town.name, kind="town")
                for town in towns
                if not town.polygons
            ),
        ),
        attribution=text("order.attribution"),
    )


def route(services: Services, need: Need | None) -> str | None:
    """How far, on foot, from where and to which side (概算); from the nearest station without a center."""
    if need is None or need.lat is None or need.lng is None:
        return None
    here = (need.lat, need.lng)
    start, name = _center(services), text("order.center")
    if start is None:
        station = _nearest(here)
        if station is None:
            return None
        start, name = (station.lat, station.lng), f"{station.name}駅"
    metres = route_metres(start, here)
    far = f"{metres / KILO:.1f} km" if metres >= KILO else f"{round(metres, -1)} m"
    side = text(f"order.side.{_side(start, here)}")
    return text("order.route", start=name, side=side, far=far, minutes=minutes(metres))


def _center(services: Services) -> Point | None:
    """Where the council's center is, when that is known; the middle of the city is no place to set out."""
    own = councils(services.config.reference / "councils.toml").council(services.council_id)
    place = own.place() if own else None
    return place[:2] if place else None


def _nearest(here: Point) -> Station | None:
    found = [
        (route_metres((station.lat, station.lng), here), station.name, station)
        for station in reference_map().stations
        if _around((here[1], here[0]), ((station.lng, station.lat),))
    ]
    return min(found, default=(0, "", None))[2]


def _side(start: Point, end: Point) -> str:
    east = (end[1] - start[1]) * math.cos(math.radians(start[0]))
    turn = math.atan2(east, end[0] - start[0]) / (2 * math.pi) * len(COMPASS)
    return COMPASS[round(turn) % len(COMPASS)]


def _around(here: tuple[float, float], points: Iterable[tuple[float, float]]) -> bool:
    return any(abs(x - here[0]) < SHOWN_DEGREES and abs(y - here[1]) < SHOWN_DEGREES for x, y in points)


def _points(line: Iterable[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((x, y) for x, y in line)
