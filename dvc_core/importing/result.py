"""What reading a list gives: good rows, rows set aside with their content, and what a person must know."""

import hashlib
from datetime import date
from typing import Any

import msgspec

from dvc_core.domain.kernel import Digest
from dvc_core.domain.person_facts import HazardGrade, Insurance
from dvc_core.domain.problem import Problem
from dvc_core.domain.sticker import StickerColour, StickerKind
from dvc_core.domain.text import address_key, digits, house_key, name_key
from dvc_core.importing.reference import Kind

_ABOUT_THE_ROW = {"number", "received_at", "received_by"}


class VolunteerValues(msgspec.Struct, frozen=True, kw_only=True, tag="volunteer"):
    """One volunteer as a list tells it; nothing of it has been seen at the desk.

    `age` is that of today where the birth date is known. `insurance` is what the list says.
    """

    name: str
    kana: str = ""
    phone: str | None = None
    birth_date: date | None = None
    age: int | None = None
    insurance: Insurance = Insurance.UNKNOWN
    emergency_name: str | None = None
    emergency_phone: str | None = None
    skills: tuple[str, ...] = ()
    note: str | None = None

    def key(self) -> Digest:
        """Says which person it is, so that the same list adds nothing.

        Name and telephone; without a telephone name and birth date, else age, else kana. A corrected birth
        date is thus a change of the same person.
        """
        known = digits(self.phone or "") or self.birth_date or self.age
        return _digest("volunteers", name_key(self.name), known or self.kana)

    def content(self) -> dict[str, Any]:
        """What counts as a change: an age that a birth date gives moves by itself and does not."""
        content = msgspec.structs.asdict(self)
        return content | {"age": None} if self.birth_date else content


class NeedValues(msgspec.Struct, frozen=True, kw_only=True, tag="need"):
    """One need as a list tells it. `people_min` and `people_max` are None where they are not known (未定)."""

    name: str
    phone: str | None = None
    address: str
    town: str | None = None
    trouble: str
    wanted_date: date | None = None
    people_min: int | None = None
    people_max: int | None = None
    hazard_grade: HazardGrade = HazardGrade.NONE
    note: str | None = None

    def key(self) -> Digest:
        """Says which need it is: telephone (without one the name), address, and what the trouble is."""
        who = digits(self.phone or "") or name_key(self.name)
        return _digest("needs", who, address_key(self.address), name_key(self.trouble))

    def content(self) -> dict[str, Any]:
        """What counts as a change; the town follows from the address."""
        return msgspec.structs.asdict(self) | {"town": None}


class StickerValues(msgspec.Struct, frozen=True, kw_only=True, tag="sticker"):
    """One paper as a list tells it. `reason` is what stands on it, `posted_on` None where nobody says."""

    address: str
    town: str | None = None
    kind: StickerKind = StickerKind.BUILDING
    colour: StickerColour
    reason: str = ""
    posted_on: date | None = None
    note: str | None = None

    def key(self) -> Digest:
        """Says which paper it is: the house, kind and colour, and for a single thing its reason."""
        thing = "" if self.kind is StickerKind.BUILDING else name_key(self.reason)
        return _digest("stickers", self._house(), self.kind, self.colour, thing)

    def content(self) -> dict[str, Any]:
        """What counts as a change; an address may be written in many ways, and the town follows from it."""
        return msgspec.structs.asdict(self) | {"town": None, "address": self._house()}

    def _house(self) -> str:
        return house_key(self.address) or address_key(self.address)


Values = VolunteerValues | NeedValues | StickerValues


class GoodRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that can be taken.

    `also` holds recognised columns that are no values (`address`, `gender`, `group`), by field; `extra` the
    columns that nobody knows, by heading. `digest` changes when any of it does.
    """

    row: int
    values: Values
    key: Digest
    digest: Digest
    also: dict[str, str] = {}
    extra: dict[str, str] = {}


class AsideRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that a person must mend, with its cells as they were, by column letter and heading."""

    row: int
    cells: tuple[tuple[str, str], ...]


class ColumnRead(msgspec.Struct, frozen=True):
    """A heading as written and the field it was taken for; None: kept in `extra`."""

    heading: str
    field: str | None


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """A list that was read; nothing is stored yet.

    `header_row` and `rows_read` are 0 when no table was found. `repeated` are rows that say word for word
    what a row above them says, `skipped` totals, examples and unfilled lines of a form; both stand in
    `problems` too. `titles` are the rows above the header.
    """

    kind: Kind
    file: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header_row: int = 0
    columns: tuple[ColumnRead, ...] = ()
    titles: tuple[tuple[str, ...], ...] = ()
    rows_read: int = 0
    good: tuple[GoodRow, ...] = ()
    set_aside: tuple[AsideRow, ...] = ()
    repeated: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()


def as_answer(result: ImportResult) -> dict[str, Any]:
    """The fields of `tasuki import` that reading decides; who stores adds new, unchanged and changed."""
    answer = {
        "kind": result.kind,
        "encoding": result.encoding,
        "sheet": result.sheet,
        "header_row": result.header_row,
        "columns": [{"heading": column.heading, "field": column.field} for column in result.columns],
        "rows_read": result.rows_read,
        "good": len(result.good),
        "set_aside": len(result.set_aside),
        "rows": [{"row": row.row, "values": msgspec.structs.asdict(row.values)} for row in result.good],
        "aside": [
            {"row": row.row, "cells": [{"heading": name, "text": text} for name, text in row.cells]}
            for row in result.set_aside
        ],
    }
    built: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer))
    return built


def content_digest(values: Values, *others: dict[str, str]) -> Digest:
    """A digest of all that a row says; its number in the list and when it was sent are not what it says."""
    kept = [{name: text for name, text in other.items() if name not in _ABOUT_THE_ROW} for other in others]
    return _digest(values.content(), *kept)


def _digest(*parts: object) -> Digest:
    return hashlib.sha256(msgspec.json.encode(parts, order="deterministic")).hexdigest()
