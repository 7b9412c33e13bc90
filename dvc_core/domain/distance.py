"""How far a way is, roughly (概算): the straight line times a detour, until roads are known.

One text of it for the map, the work order, a proposal and the act that confirms a team.
"""

from math import asin, cos, radians, sin, sqrt

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

EARTH_M = 6_371_008.8
"""Mean radius of the earth, IUGG."""


def straight_m(one: Point, other: Point) -> float:
    """Metres between two points along the great circle."""
    lat1, lng1, lat2, lng2 = (radians(value) for value in (*one, *other))
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lng2 - lng1) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(chord))


def way_m(one: Point, other: Point, detour: float) -> float:
    """Metres of way (概算), to the decimetre."""
    return round(straight_m(one, other) * detour, 1)
