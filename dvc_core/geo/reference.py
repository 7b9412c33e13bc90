"""The reference map as plain values: towns, outlines, stations, and where each file comes from.

Read once per process from `data/reference/geo/`. A council elsewhere replaces the files; no city's name
stands in code. Files are described in `data/reference/geo/sources.toml` (origin, date, licence, processing).
"""

import csv
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parents[2] / "data" / "reference" / "geo"

Ring = tuple[tuple[float, float], ...]
"""A closed line of (lng, lat), as GeoJSON orders them."""

_CHOME = re.compile(r"^(?P<machi>.+?)(?P<chome>[一二三四五六七八九十]+)丁目$")
_DIGITS = {mark: value for value, mark in enumerate("〇一二三四五六七八九")}


class Polygon(msgspec.Struct, frozen=True):
    """One outer ring with its holes, and the box around it as (west, south, east, north)."""

    outer: Ring
    holes: tuple[Ring, ...]
    box: tuple[float, float, float, float]


class City(msgspec.Struct, frozen=True):
    """A municipality with its outline; `code` is the five-digit code of local governments."""

    code: str
    name: str
    polygons: tuple[Polygon, ...]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all its parts."""
        west, south, east, north = zip(*(part.box for part in self.polygons), strict=True)
        return min(west), min(south), max(east), max(north)


class Town(msgspec.Struct, frozen=True):
    """A 町丁目 with its point: `name` 「本町一丁目」 = `machi` 「本町」 + `chome` 1 (None: no 丁目).

    `population` and `households` are of the 2015 census, None where the census had no row.
    `polygons` is empty except in cities whose 町丁目 outlines are at hand.
    """

    city_code: str
    city: str
    name: str
    machi: str
    chome: int | None
    lat: float
    lng: float
    population: int | None = None
    households: int | None = None
    polygons: tuple[Polygon, ...] = ()


class Station(msgspec.Struct, frozen=True):
    """A railway station and the lines that stop there."""

    name: str
    lines: tuple[str, ...]
    lat: float
    lng: float


class Source(msgspec.Struct, frozen=True):
    """Where a file comes from and what must be shown with it; `status` 確認済 or 未確認."""

    file: str
    title: str
    origin: str
    origin_url: str
    date: str
    licence: str
    licence_url: str
    status: str
    attribution: str
    short: str
    processing: str
    checks: str


class Railway(msgspec.Struct, frozen=True):
    """A railway line, drawn to find one's way; each part is a list of (lng, lat)."""

    line: str
    operator: str
    parts: tuple[Ring, ...]


class ReferenceMap(msgspec.Struct, frozen=True):
    """All that ships of the map."""

    cities: tuple[City, ...]
    towns: tuple[Town, ...]
    railways: tuple[Railway, ...]
    stations: tuple[Station, ...]
    sources: tuple[Source, ...]

    def city(self, code_or_name: str) -> City | None:
        """The city of a code (13210) or a name (小金井市), None if it is not on this map."""
        return next((city for city in self.cities if code_or_name in (city.code, city.name)), None)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north of all cities."""
        west, south, east, north = zip(*(city.box for city in self.cities), strict=True)
        return min(west), min(south), max(east), max(north)

    @property
    def attribution(self) -> str:
        """The full text that stands with every map, each source once."""
        return " / ".join(dict.fromkeys(source.attribution for source in self.sources if source.attribution))

    @property
    def short_attribution(self) -> str:
        """The line in the map's corner."""
        return "・".join(dict.fromkeys(source.short for source in self.sources if source.short))


class _Geometry(msgspec.Struct):
    type: str
    coordinates: list[Any]


class _Feature(msgspec.Struct):
    properties: dict[str, str]
    geometry: _Geometry


class _Collection(msgspec.Struct):
    features: list[_Feature]


@cache
def reference_map(folder: Path = FOLDER) -> ReferenceMap:
    """The reference map of a folder.

    Raises:
        OSError, msgspec.ValidationError, KeyError, ValueError: when a file is missing or not in its format.
            These files belong to the program, so that is a defect of the installation.
    """
    cities = tuple(
        City(feature.properties["city_code"], feature.properties["city"], _polygons(feature.geometry))
        for feature in _features(folder / "cities.geojson")
    )
    railways = tuple(
        Railway(feature.properties["line"], feature.properties["operator"], _lines(feature.geometry))
        for feature in _features(folder / "railways.geojson")
    )
    stations = tuple(
        Station(row["station"], tuple(row["lines"].split("/")), float(row["lat"]), float(row["lng"]))
        for row in _rows(folder / "stations.csv")
    )
    towns = tuple(_towns(folder, {city.code: city.name for city in cities}))
    described = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))
    sources = tuple(msgspec.convert(list(described.values()), list[Source]))
    return ReferenceMap(cities, towns, railways, stations, sources)


def split_chome(name: str) -> tuple[str, int | None]:
    """「本町一丁目」 → (「本町」, 1); 「日鋼町」 → (「日鋼町」, None)."""
    found = _CHOME.match(name)
    return (found["machi"], read_kanji(found["chome"])) if found else (name, None)


def read_kanji(text: str) -> int:
    """A number in kanji below a hundred, by places or by digits: 十二, 二十, 一二 → 12, 20, 12."""
    if "十" not in text:
        return int("".join(str(_DIGITS[mark]) for mark in text))
    tens, _, ones = text.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def write_kanji(number: int) -> str:
    """A number from 1 to 99 in kanji by places: 12 → 十二."""
    tens, ones = divmod(number, 10)
    marks = "〇一二三四五六七八九"
    return ("" if not tens else ("" if tens == 1 else marks[tens]) + "十") + (marks[ones] if ones else "")


def _towns(folder: Path, names: dict[str, str]) -> Iterator[Town]:
    outlines = {
        (path.stem.removeprefix("towns_"), feature.properties["town"]): _polygons(feature.geometry)
        for path in sorted(folder.glob("towns_*.geojson"))
        for feature in _features(path)
    }
    for row in _rows(folder / "towns.csv"):
        machi, chome = split_chome(row["town"])
        yield Town(
            city_code=row["city_code"],
            city=names[row["city_code"]],
            name=row["town"],
            machi=machi,
            chome=chome,
            lat=float(row["lat"]),
            lng=float(row["lng"]),
            population=int(row["population_2015"]) if row["population_2015"] else None,
            households=int(row["households_2015"]) if row["households_2015"] else None,
            polygons=outlines.get((row["city_code"], row["town"]), ()),
        )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _features(path: Path) -> list[_Feature]:
    return msgspec.json.decode(path.read_bytes(), type=_Collection).features


def _ring(points: list[list[float]]) -> Ring:
    return tuple((point[0], point[1]) for point in points)


def _polygons(geometry: _Geometry) -> tuple[Polygon, ...]:
    parts = [geometry.coordinates] if geometry.type == "Polygon" else geometry.coordinates
    polygons = []
    for part in parts:
        outer, *holes = (_ring(ring) for ring in part)
        lngs, lats = zip(*outer, strict=True)
        polygons.append(Polygon(outer, tuple(holes), (min(lngs), min(lats), max(lngs), max(lats))))
    return tuple(polygons)


def _lines(geometry: _Geometry) -> tuple[Ring, ...]:
    parts = [geometry.coordinates] if geometry.type == "LineString" else geometry.coordinates
    return tuple(_ring(part) for part in parts)
