"""The councils that share a board: which they are and where their centers would stand.

Facts from `data/reference/councils.toml`, each with its source or the mark 未確認. The list is free: it
crosses the line of the block, and another council edits the file.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from dvc_core.geo.reference import FOLDER, ReferenceMap, reference_map

COUNCILS = FOLDER.parent / "councils.toml"


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """Where a council's center is planned; `status` 確認済 (seen on a public page) or 未確認.

    `point` is (lat, lng) of the building with its source, `town` a 町丁目 with its city; both may be missing.
    """

    name: str
    status: str
    source: str
    note: str
    point: tuple[float, float] | None = None
    point_source: str | None = None
    town: str | None = None


class Council(msgspec.Struct, frozen=True, kw_only=True):
    """A council of social welfare; `code` is the five-digit code of its city."""

    code: str
    city: str
    name: str
    relation: Literal["own", "block", "neighbour"]
    site: Site

    def place(self, reference: ReferenceMap | None = None) -> tuple[float, float, bool] | None:
        """Latitude, longitude and whether that is rough (a town's point); None where nothing is known."""
        if self.site.point:
            return (*self.site.point, False)
        known = reference or reference_map()
        town = next((town for town in known.towns if town.city + town.name == self.site.town), None)
        return (town.lat, town.lng, True) if town else None

    def center(self) -> tuple[float, float] | None:
        """Where teams set out: the site, or the middle of its city (概算) while that is not decided."""
        if place := self.place():
            return place[:2]
        here = any(town.city_code == self.code for town in reference_map().towns)
        return self.mark() if here else None

    def mark(self, reference: ReferenceMap | None = None) -> tuple[float, float]:
        """Where the council stands on the board's map: the middle of its city's towns, never its site."""
        towns = [town for town in (reference or reference_map()).towns if town.city_code == self.code]
        return (
            round(sum(town.lat for town in towns) / len(towns), 5),
            round(sum(town.lng for town in towns) / len(towns), 5),
        )


class Councils(msgspec.Struct, frozen=True, kw_only=True):
    """All councils of the board, in the order of the file, and the code of the own one."""

    own: str
    councils: tuple[Council, ...]

    def council(self, code: str) -> Council | None:
        """The council of a code."""
        return next((council for council in self.councils if council.code == code), None)


@cache
def councils(path: Path = COUNCILS) -> Councils:
    """The councils of a file.

    Raises:
        OSError, msgspec.ValidationError: when the file is missing or not in its format.
    """
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Councils)
