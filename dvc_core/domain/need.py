"""ニーズ: from the telephone to 完了, 引継 or 取消; the house it stands at; what may be done there.

A need belongs to a household, a shelter, a 町会, an area or the center itself, and has many visits
(`domain.visit`). Places are personal and lie in `site`; rules see only codes and rounded coordinates.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

import msgspec

from dvc_core.domain.day import NumberTaken
from dvc_core.domain.kernel import (
    Code,
    Coordinate,
    Decision,
    Event,
    Outcome,
    Personal,
    Refusal,
    Row,
    Stamp,
)
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.text import house_key


class NeedState(StrEnum):
    """Where a need stands (practice 5.4, second reading)."""

    RECEIVED = "received"
    SURVEYED = "surveyed"
    READY = "ready"
    ON_HOLD = "on-hold"
    NEARLY_DONE = "nearly-done"
    DONE = "done"
    HANDED_OVER = "handed-over"
    PUBLIC_WORK = "public-work"
    CANCELLED = "cancelled"


MOST_PEOPLE = 200
BASICS = ("name", "phone", "address", "trouble")

ENDED = frozenset({NeedState.DONE, NeedState.PUBLIC_WORK, NeedState.CANCELLED, NeedState.HANDED_OVER})


class Whose(StrEnum):
    """Whom a need belongs to; the center's own is work for 運営ボランティア (practice 4.9)."""

    HOUSEHOLD = "household"
    SHELTER = "shelter"
    ASSOCIATION = "association"
    AREA = "area"
    CENTER = "center"


class HoldReason(StrEnum):
    """What a need on hold waits for (practice 4.9, field2026 2.3, 2.7)."""

    CERTIFICATE = "certificate"
    OWNER = "owner"
    RESIDENT = "resident"
    WATER = "water"
    DUMP = "dump"
    SAFETY = "safety"
    OTHER = "other"


class Priority(StrEnum):
    """How soon (practice 5.3: visible, with a person's override)."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class SurveyNeeded(StrEnum):
    """現地調査 必要・不要・要相談 (field2026 7)."""

    NEEDED = "needed"
    NOT_NEEDED = "not-needed"
    ASK = "ask"


class Gate(StrEnum):
    """安全ゲート for entering the place (practice 4.8): data decides, see `domain.gate`."""

    OPEN = "open"
    CONDITIONAL = "conditional"
    HELD = "held"
    CLOSED = "closed"


class Need(Row, frozen=True, kw_only=True):
    """One need as rules and the map see it.

    `hazard` is the colour that was told at intake, `graded` the strictest of the building's papers once there
    are any. `released_rules` and `released_stickers` are the lines and papers that a release was given for.
    """

    table: ClassVar[str] = "need"
    operation_id: uuid.UUID
    number: int
    state: NeedState = NeedState.RECEIVED
    received_at: datetime
    priority: Priority = Priority.NORMAL
    works: tuple[Code, ...] = ()
    inside: bool = True
    hazard: HazardGrade = HazardGrade.NONE
    gate: Gate = Gate.HELD
    survey: SurveyNeeded = SurveyNeeded.NEEDED
    surveyed_at: datetime | None = None
    graded: HazardGrade | None = None
    lived_in: bool | None = None
    released_by: str | None = None
    released_rules: tuple[Code, ...] = ()
    released_stickers: tuple[uuid.UUID, ...] = ()
    crisis: bool = False
    watch_over: bool = False
    people_min: int | None = None
    people_max: int | None = None
    remaining_people: int | None = None
    remaining_days: int | None = None
    tools: tuple[Code, ...] = ()
    skills: tuple[Code, ...] = ()
    trucks: int = 0
    lat: Coordinate | None = None
    lng: Coordinate | None = None
    city_code: Code | None = None
    town_code: Code | None = None
    match_level: Code = "none"
    same_as: uuid.UUID | None = None
    joined_from: NeedState | None = None
    held_from: NeedState | None = None
    hold_reason: HoldReason | None = None
    hold_until: date | None = None
    whose: Whose = Whose.HOUSEHOLD

    @property
    def colour(self) -> HazardGrade:
        """The building's colour, whoever named it."""
        return self.hazard if self.graded is None else self.graded


class Site(Personal, frozen=True, kw_only=True):
    """Whose need it is and where: the part of ニーズ受付票 that names people and places.

    From `photos` to `language` stands what is asked before anything is thrown away (practice 4.9): photos of
    the damage, 罹災証明, whose house it is, what the resident gives up and what is kept, pets, the press.
    `second_*` is who is called when the resident cannot be reached.
    """

    table: ClassVar[str] = "site"
    follows: ClassVar[type[Row]] = Need
    name: str
    kana: str = ""
    phone: str = ""
    phone_key: str = ""
    address: str = ""
    address_key: str = ""
    house_key: str = ""
    town: str = ""
    relation: str = ""
    contact_time: str = ""
    household: str = ""
    trouble: str = ""
    detail: str = ""
    owner_consent: str = ""
    photos: str = ""
    certificate: str = ""
    given_up: str = ""
    kept: str = ""
    pets: str = ""
    press: str = ""
    language: str = ""
    parking: str = ""
    second_name: str = ""
    second_phone: str = ""
    second_key: str = ""
    second_relation: str = ""
    note: str = ""

    @classmethod
    def lift(cls, body: dict[str, Any]) -> dict[str, Any]:
        """`house_key` follows from the address."""
        return {**body, "house_key": body.get("house_key") or house_key(str(body.get("address", "")))}


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What the form says of a need besides whose it is; all of it may be filled in later."""

    priority: Priority = Priority.NORMAL
    works: tuple[Code, ...] = ()
    inside: bool = True
    hazard: HazardGrade = HazardGrade.NONE
    survey: SurveyNeeded = SurveyNeeded.NEEDED
    crisis: bool = False
    watch_over: bool = False
    people_min: int | None = None
    people_max: int | None = None
    tools: tuple[Code, ...] = ()
    skills: tuple[Code, ...] = ()
    trucks: int = 0
    whose: Whose = Whose.HOUSEHOLD


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A point with how surely it is one: the level of the town table's match, or `hand` for a click."""

    lat: Coordinate | None = None
    lng: Coordinate | None = None
    city_code: Code | None = None
    town_code: Code | None = None
    match_level: Code = "none"


class Received(Event, frozen=True, kw_only=True):
    """A need came in."""

    kind: ClassVar[str] = "need.received"
    subject: ClassVar[type[Row]] = Need
    number: int
    details: Details
    place: Place
    gate: Gate

    def evolve(self, row: Need | None, stamp: Stamp) -> Need:
        """A new need of the operation."""
        return Need(
            id=self.id,
            operation_id=stamp.operation_id,
            number=self.number,
            received_at=stamp.occurred_at,
            gate=self.gate,
            **msgspec.structs.asdict(self.details),
            **msgspec.structs.asdict(self.place),
        )


class Changed(Event, frozen=True, kw_only=True):
    """Something of the form was filled in or put right; `fields` names what, without its content."""

    kind: ClassVar[str] = "need.changed"
    subject: ClassVar[type[Row]] = Need
    details: Details
    place: Place
    gate: Gate
    fields: tuple[Code, ...] = ()

    def evolve(self, row: Need, stamp: Stamp) -> Need:
        """The new state of the form."""
        return msgspec.structs.replace(
            row, gate=self.gate, **msgspec.structs.asdict(self.details), **msgspec.structs.asdict(self.place)
        )


class StateSet(Event, frozen=True, kw_only=True):
    """The need moved: surveyed, ready, nearly done, done, handed over, cancelled."""

    kind: ClassVar[str] = "need.state_set"
    subject: ClassVar[type[Row]] = Need
    state: NeedState
    remaining_people: int | None = None
    remaining_days: int | None = None

    def evolve(self, row: Need, stamp: Stamp) -> Need:
        """The new state; a survey keeps its time."""
        surveyed = stamp.occurred_at if self.state is NeedState.SURVEYED else row.surveyed_at
        return msgspec.structs.replace(
            row,
            state=self.state,
            surveyed_at=surveyed,
            remaining_people=self.remaining_people,
            remaining_days=self.remaining_days,
        )


class GateReleased(Event, frozen=True, kw_only=True):
    """A named person released a held place after a surveyor's own check (practice 4.8).

    `rules` and `stickers` are the lines of the gate and the papers that stood against it then; entries of the
    first schema did not say them.
    """

    kind: ClassVar[str] = "need.gate_released"
    subject: ClassVar[type[Row]] = Need
    schema: ClassVar[int] = 2
    gate: Gate
    rules: tuple[Code, ...] = ()
    stickers: tuple[uuid.UUID, ...] = ()

    def evolve(self, row: Need, stamp: Stamp) -> Need:
        """Released, by whom and for what."""
        return msgspec.structs.replace(
            row,
            gate=self.gate,
            released_by=stamp.actor_id,
            released_rules=self.rules,
            released_stickers=self.stickers,
        )

    @classmethod
    def lift(cls, body: dict[str, Any], schema: int) -> dict[str, Any]:
        """1 → 2: what it was given for is not known."""
        return body if schema == 1 else super().lift(body, schema)


def receive(
    need_id: uuid.UUID, number: NumberTaken, site: Site, details: Details, place: Place, gate: Gate
) -> Decision:
    """Take a need in: name, telephone, place and 困りごと are enough, the rest comes in any order.

    The center's own work needs no telephone.
    """
    asked = ("name", "address", "trouble") if details.whose is Whose.CENTER else BASICS
    for field in asked:
        if not getattr(site, field).strip():
            return Refusal("need-incomplete", {"field": field})
    received = Received(id=need_id, number=number.number, details=details, place=place, gate=gate)
    return Outcome(events=(number, received), rows=(site,))


def change(
    row: Need | None,
    kept: Site | None,
    site: Site,
    details: Details,
    place: Place,
    gate: Gate,
    *,
    seen_version: int,
) -> Decision:
    """Fill in or correct; the second of two people is told what changed before theirs."""
    if row is None or kept is None:
        return Refusal("need-unknown")
    if row.version != seen_version:
        return Refusal("changed-meanwhile", {"version": row.version})
    fields = tuple(
        name.replace("_", "-")
        for name in site.__struct_fields__
        if name not in {"id", "version"} and getattr(site, name) != getattr(kept, name)
    )
    changed = Changed(id=row.id, details=details, place=place, gate=gate, fields=fields)
    return Outcome(events=(changed,), rows=(site,))


def details_of(row: Need) -> Details:
    """What the form of a need says now."""
    return Details(**{name: getattr(row, name) for name in Details.__struct_fields__})


def place_of(row: Need) -> Place:
    """Where a need stands now."""
    return Place(**{name: getattr(row, name) for name in Place.__struct_fields__})


def same_danger(row: Need, details: Details) -> bool:
    """Whether nothing that the safety gate asks has changed: a release stands as long."""
    return (row.hazard, row.works, row.inside) == (details.hazard, details.works, details.inside)
