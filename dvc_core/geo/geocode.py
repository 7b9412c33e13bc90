"""An address becomes a point, offline, by the table of towns; how sure it is stands beside it.

The needs desk, the importer and the command line use the same entry. What is not sure is left empty and
listed as candidates, so that a person chooses; a town's name that stands in several cities is never given to
one of them without being told which.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Literal

import msgspec

from dvc_core.domain.problem import Problem
from dvc_core.geo import address
from dvc_core.geo.reference import ReferenceMap, Town, reference_map

Level = Literal["town", "machi", "city", "none"]


class Candidate(msgspec.Struct, frozen=True):
    """A town that may be meant."""

    town: str
    city: str
    city_code: str
    lat: float
    lng: float


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What an address says of a place; every field is None unless it is sure.

    `level` tells how deep the match goes. The point is the town's (level `town`) or the middle of the towns
    of the 町 (level `machi`), never the house: show it as 概算. A place outside the map has its `city` by
    name alone.
    `city_assumed` marks a city that the text does not name and the caller's own was taken for.
    """

    input: str
    normalized: str
    level: Level = "none"
    city_code: str | None = None
    city: str | None = None
    machi: str | None = None
    town: str | None = None
    lat: float | None = None
    lng: float | None = None
    candidates: tuple[Candidate, ...] = ()
    city_assumed: bool = False
    problems: tuple[Problem, ...] = ()

    def result(self) -> dict[str, object]:
        """The place as the command line and the importer give it on: all fields but the problems."""
        fields: dict[str, object] = msgspec.to_builtins(self)
        del fields["problems"]
        return fields


def geocode(text: str, *, city: str | None = None, gazetteer: "Gazetteer | None" = None) -> Place:
    """Where an address is, as far as the text says.

    `city` (code or name) is the caller's own: it is taken for texts that name none, and said so. Without it a
    name that several cities have stays open, with candidates.

    Raises:
        ValueError: if `city` is not on the map.
    """
    if problem := address.check(text):
        return Place(input=text, normalized=address.printable(text)[: address.LIMIT], problems=(problem,))
    gazetteer = gazetteer or shipped_gazetteer()
    own = None if city is None else gazetteer.code(city)
    return _Reading(gazetteer, text, own).place()


class Gazetteer:
    """The towns by folded name of their 町, in all cities and in each."""

    def __init__(self, reference: ReferenceMap) -> None:
        self.names = {city.code: city.name for city in reference.cities}
        self.prefectures = {address.PREFECTURES[int(code[:2]) - 1] for code in self.names}
        self.towns: dict[str, dict[str, list[Town]]] = defaultdict(dict)
        for town in reference.towns:
            self.towns[address.fold(town.machi)].setdefault(town.city_code, []).append(town)
        self._longest = max(map(len, self.towns), default=0)

    def code(self, city: str) -> str:
        """The code of a city given by code or name; ValueError if the map does not have it."""
        for code, name in self.names.items():
            if city in (code, name):
                return code
        raise ValueError(f"{city!r} is not on the map")

    def match(self, text: str, code: str | None = None) -> "_Match | None":
        """The longest 町 that the text begins with, if what follows can belong to it."""
        folded = address.fold(text)
        for length in range(min(self._longest, len(folded)), 0, -1):
            by_city = self.towns.get(folded[:length], {})
            if by_city and (code is None or code in by_city):
                numbers = address.read_numbers(text[length:])
                if numbers:
                    return _Match({code: by_city[code]} if code else by_city, numbers)
        return None

    def near(self, text: str) -> "_Match | None":
        """A 町 that is meant if 「町」 was left out or added: 「貫井南4」."""
        folded = address.fold(text)
        for length in range(min(self._longest, len(folded)), 0, -1):
            stem = folded[:length]
            by_city = self.towns.get(stem + "町") or (self.towns.get(stem[:-1]) if stem[-1] == "町" else None)
            if by_city and (numbers := address.read_numbers(text[length:])):
                return _Match(by_city, numbers)
        return None


@cache
def shipped_gazetteer() -> Gazetteer:
    """The towns that come with the program."""
    return Gazetteer(reference_map())


class _Match(msgspec.Struct, frozen=True):
    """A 町 found in one or several cities, with the numbers behind it."""

    by_city: dict[str, list[Town]]
    numbers: address.Numbers

    def with_chome(self) -> "_Match":
        """Only the cities that have the 丁目, where one is written and at least one city has it."""
        if not self.numbers.chome:
            return self
        having = {
            code: towns
            for code, towns in self.by_city.items()
            if any(town.chome == self.numbers.first for town in towns)
        }
        return _Match(having or self.by_city, self.numbers)

    def towns(self) -> list[Town]:
        """Every town that may be meant, over all cities."""
        return [town for towns in self.by_city.values() for town in _narrow(towns, self.numbers)]


class _Reading:
    """One address being read: city first, then the 町, then the 丁目."""

    def __init__(self, gazetteer: Gazetteer, text: str, own: str | None) -> None:
        self._gazetteer = gazetteer
        self._input = text
        self._own = own
        self._cleaned = address.clean(text)
        self._prefecture, self._rest = address.split_head(self._cleaned)
        self._notes: list[Problem] = []

    def place(self) -> Place:
        if self._prefecture and self._prefecture not in self._gazetteer.prefectures:
            return self._outside(address.municipality(self._rest) or self._prefecture)
        named = self._named_city()
        if named:
            return self._in_city(*named)
        if found := self._gazetteer.match(self._rest):
            return self._without_city(found)
        if shortened := self._shortened_city():
            return self._in_city(*shortened)
        if outside := address.municipality(self._rest):
            return self._outside(outside)
        return self._unknown()

    def _named_city(self) -> tuple[str, str] | None:
        folded = address.fold(self._rest)
        for code, name in self._gazetteer.names.items():
            if folded.startswith(address.fold(name)):
                return code, _after(self._rest[len(name) :])
        return None

    def _shortened_city(self) -> tuple[str, str] | None:
        """「小金井本町1」 names its city when the 町 that follows stands there."""
        for code, name in self._gazetteer.names.items():
            short = name[:-1]
            rest = _after(self._rest[len(short) :])
            if self._rest.startswith(short) and self._gazetteer.match(rest, code):
                return code, rest
        return None

    def _in_city(self, code: str, rest: str) -> Place:
        found = self._gazetteer.match(rest, code)
        if found:
            return self._settle(code, found)
        near = self._gazetteer.match(rest) or self._gazetteer.near(rest)
        self._note("address-no-town", city=self._gazetteer.names[code])
        return self._answer(
            level="city",
            city_code=code,
            city=self._gazetteer.names[code],
            candidates=self._candidates(near.towns() if near else ()),
        )

    def _without_city(self, found: _Match) -> Place:
        found = found.with_chome()
        cities = found.by_city
        if self._own in cities:
            place = self._settle(self._own, found)
            others = [town for town in found.towns() if town.city_code != self._own]
            self._note("address-city-assumed", city=place.city)
            candidates = place.candidates
            if others:
                candidates = (*(candidates or self._own_candidate(place)), *self._candidates(others))
            return msgspec.structs.replace(
                place, city_assumed=True, candidates=candidates, problems=tuple(self._notes)
            )
        if len(cities) == 1:
            code = next(iter(cities))
            if self._own:
                names = self._gazetteer.names
                self._note("address-other-city", city=names[code], own=names[self._own])
            return self._settle(code, found)
        listed = "、".join(self._gazetteer.names[code] for code in cities)
        self._note("address-ambiguous", machi=next(iter(cities.values()))[0].machi, cities=listed)
        return self._answer(candidates=self._candidates(found.towns()))

    def _settle(self, code: str, found: _Match) -> Place:
        """A 町 in one city: its 丁目 where the numbers say it, else the 町 alone."""
        towns = found.by_city[code]
        narrowed = _narrow(towns, found.numbers)
        numbers = found.numbers
        if len(narrowed) == 1:
            return self._town(narrowed[0], numbers, siblings=())
        plain = next((town for town in towns if town.chome is None), None)
        if plain and numbers.first is None:
            # 「上石原」 is a town of its own beside 上石原一丁目…: right as written, or a 丁目 was left out.
            self._note("address-chome-siblings", town=plain.name)
            return self._town(plain, numbers, siblings=[town for town in towns if town is not plain])
        if numbers.chome:
            self._note("address-chome-unknown", machi=towns[0].machi, chome=numbers.first)
        else:
            self._note("address-chome-missing", machi=towns[0].machi)
        machi = towns[0].machi
        return self._answer(
            normalized=_written(towns[0].city + machi, _lots(numbers, chome=numbers.chome), numbers.tail),
            level="machi",
            city_code=code,
            city=towns[0].city,
            machi=machi,
            lat=round(sum(town.lat for town in towns) / len(towns), 5),
            lng=round(sum(town.lng for town in towns) / len(towns), 5),
            candidates=self._candidates(towns),
        )

    def _town(self, town: Town, numbers: address.Numbers, siblings: Iterable[Town]) -> Place:
        lots = "-".join(map(str, numbers.more)) if town.chome else _lots(numbers, chome=False)
        return self._answer(
            normalized=_written(town.city + town.name, lots, numbers.tail),
            level="town",
            city_code=town.city_code,
            city=town.city,
            machi=town.machi,
            town=town.name,
            lat=round(town.lat, 5),
            lng=round(town.lng, 5),
            candidates=self._candidates(siblings),
        )

    def _outside(self, name: str) -> Place:
        self._note("address-outside", city=name)
        return self._answer(city=name)

    def _unknown(self) -> Place:
        near = self._gazetteer.near(self._rest)
        self._note("address-unknown")
        return self._answer(candidates=self._candidates(near.towns() if near else ()))

    def _own_candidate(self, place: Place) -> tuple[Candidate, ...]:
        towns = self._gazetteer.towns[address.fold(place.machi or "")][place.city_code or ""]
        return self._candidates(town for town in towns if town.name == place.town)

    def _candidates(self, towns: Iterable[Town]) -> tuple[Candidate, ...]:
        """Own city first, else in the map's order."""
        ordered = sorted(towns, key=lambda town: town.city_code != self._own)
        return tuple(Candidate(town.name, town.city, town.city_code, town.lat, town.lng) for town in ordered)

    def _note(self, code: str, **facts: str | int | None) -> None:
        self._notes.append(Problem(code=code, level="note", facts=dict(facts)))

    def _answer(self, **fields: object) -> Place:
        known = {"input": self._input, "normalized": self._cleaned, "problems": tuple(self._notes)}
        return Place(**(known | fields))  # type: ignore[arg-type]  # the callers above name the fields


def _after(text: str) -> str:
    """What follows a city's name, without 大字 and spaces."""
    return text.strip().removeprefix("大字").removeprefix("字").strip()


def _narrow(towns: list[Town], numbers: address.Numbers) -> list[Town]:
    """The towns of one 町 that agree with the numbers: one if they say the 丁目, else all of them."""
    by_chome = {town.chome: town for town in towns}
    if numbers.first is not None and not numbers.lot and numbers.first in by_chome:
        return [by_chome[numbers.first]]
    plain = by_chome.get(None)
    if plain and (len(towns) == 1 or numbers.first is not None) and not numbers.chome:
        return [plain]
    return towns


def _lots(numbers: address.Numbers, *, chome: bool) -> str:
    if numbers.first is None:
        return ""
    first = f"{numbers.first}丁目" if chome else str(numbers.first)
    more = "-".join(map(str, numbers.more))
    return first + ("" if chome or not more else "-") + more


def _written(place: str, lots: str, tail: str) -> str:
    return " ".join(part for part in (place + lots, tail) if part)
