"""What a map shows: needs, teams, centers and councils as plain points.

A query makes these, the map component draws them. No field holds a name or free text of a person: `label`
is a number or a council's city (「N-034」, 「3班」, 「三鷹市」).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Literal

import msgspec

Kind = Literal["need", "team", "center", "council"]
Priority = Literal["urgent", "high", "normal", "low"]
Hazard = Literal["red", "yellow", "green", "ungraded", "none"]

STATES: dict[Kind, tuple[str, ...]] = {
    "need": ("received", "survey", "ready", "planned", "active", "done", "handed"),
    "team": ("waiting", "out", "overdue", "back"),
    "center": ("main", "satellite"),
    "council": ("none", "considering", "preparing", "open", "paused", "closing", "closed", "unknown"),
}
"""The states a map tells apart, by kind, in the order of the legend; words: `map.state.<kind>.<state>`."""


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One point on the map.

    `state` is one of `STATES[kind]` (ValueError when drawn otherwise), `hazard` the sticker of quick
    inspection (応急危険度判定; none: not asked for). `rough` says that the point is a town's, not the house's
    (概算); `old` that what is told is out of date (a council's news after 60 minutes).
    """

    id: str
    kind: Kind
    lat: float
    lng: float
    state: str
    label: str
    priority: Priority = "normal"
    hazard: Hazard = "none"
    rough: bool = False
    old: bool = False


_STEP_METRES = 22.0  # between neighbours: two symbols of 28 px apart at zoom 17 and closer
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_METRES_PER_DEGREE = 111_195.0


def spread(features: Iterable[Feature]) -> list[Feature]:
    """The features with those that share a point laid out around it, so that each can be seen and tapped.

    Needs that are known by their town only share that town's point. The exact ones come first and stay on it
    or near it; the order of ids decides, so that a rerun draws the same picture.
    """
    shared: dict[tuple[float, float], list[Feature]] = defaultdict(list)
    for feature in features:
        shared[round(feature.lat, 5), round(feature.lng, 5)].append(feature)
    placed: list[Feature] = []
    for group in shared.values():
        group.sort(key=lambda feature: (feature.rough, feature.kind, feature.id))
        placed.extend(_around(feature, place) for place, feature in enumerate(group))
    return placed


def _around(feature: Feature, place: int) -> Feature:
    if not place:
        return feature
    distance = _STEP_METRES * math.sqrt(place)
    angle = place * _GOLDEN_ANGLE
    north = distance * math.cos(angle) / _METRES_PER_DEGREE
    east = distance * math.sin(angle) / (_METRES_PER_DEGREE * math.cos(math.radians(feature.lat)))
    return msgspec.structs.replace(
        feature, lat=round(feature.lat + north, 6), lng=round(feature.lng + east, 6)
    )


def tally(features: Iterable[Feature]) -> dict[tuple[Kind, str], int]:
    """How many of each kind and state there are, in the order of the legend."""
    counted = Counter((feature.kind, feature.state) for feature in features)
    return {
        (kind, state): counted[kind, state]
        for kind, states in STATES.items()
        for state in states
        if counted[kind, state]
    }
