"""Volunteers, their groups and their cards (受付: practice 3.2, 3.3, 4.1, 4.2)."""

import uuid
from datetime import date, datetime
from typing import ClassVar

import msgspec

from dvc_core.domain.day import NumberTaken
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Personal, Refusal, Row, Stamp
from dvc_core.domain.person_facts import Insurance

ADULT = 18
"""成年 (民法4条, since 2022-04-01)."""

LARGEST_GROUP = 500


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What a form or a list says of a volunteer besides who they are."""

    minor: bool = False
    guardian_consents: bool = False
    insurance: Insurance = Insurance.UNKNOWN
    insurance_seen: bool = False
    health_ok: bool = True
    leader_able: bool = False
    driver: bool = False
    truck: bool = False
    seats: int = 0
    skills: tuple[Code, ...] = ()


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """What one registration says, kept apart inside the person it was merged into."""

    volunteer_id: uuid.UUID
    traits: Traits
    group_id: uuid.UUID | None = None
    confirmed_at_desk: bool = True


class Volunteer(Row, frozen=True, kw_only=True):
    """One volunteer of an operation, as rules see them: nothing here names the person.

    `merged_into`: another registration of the same human being, which counts from then on. `parts`: what each
    registration says, once another one was merged into this one; the fields hold what all say together.
    """

    table: ClassVar[str] = "volunteer"
    operation_id: uuid.UUID
    number: int
    minor: bool = False
    guardian_consents: bool = False
    insurance: Insurance = Insurance.UNKNOWN
    insurance_seen: bool = False
    health_ok: bool = True
    leader_able: bool = False
    driver: bool = False
    truck: bool = False
    seats: int = 0
    skills: tuple[Code, ...] = ()
    group_id: uuid.UUID | None = None
    confirmed_at_desk: bool = True
    merged_into: uuid.UUID | None = None
    merged_at: datetime | None = None
    merged_by: str | None = None
    parts: tuple[Own, ...] = ()

    @property
    def traits(self) -> Traits:
        """What a form says of the volunteer besides who they are."""
        return Traits(**{name: getattr(self, name) for name in Traits.__struct_fields__})


class Person(Personal, frozen=True, kw_only=True):
    """Who the volunteer is. Keys are for search and for proposing duplicates, in the order of 五十音."""

    table: ClassVar[str] = "person"
    follows: ClassVar[type[Row]] = Volunteer
    name: str
    kana: str = ""
    kana_key: str = ""
    phone: str = ""
    phone_key: str = ""
    birth_date: date | None = None
    age: int | None = None
    address: str = ""
    guardian_name: str = ""
    guardian_phone: str = ""
    emergency_name: str = ""
    emergency_phone: str = ""
    health: str = ""
    licence: str = ""
    note: str = ""


class Registered(Event, frozen=True, kw_only=True):
    """A volunteer was registered; `confirmed_at_desk` is False for what a form or an import said."""

    kind: ClassVar[str] = "volunteer.registered"
    subject: ClassVar[type[Row]] = Volunteer
    number: int
    traits: Traits
    group_id: uuid.UUID | None = None
    confirmed_at_desk: bool = True

    def evolve(self, row: Volunteer | None, stamp: Stamp) -> Volunteer:
        """A new volunteer of the operation."""
        return Volunteer(
            id=self.id,
            operation_id=stamp.operation_id,
            number=self.number,
            group_id=self.group_id,
            confirmed_at_desk=self.confirmed_at_desk,
            **msgspec.structs.asdict(self.traits),
        )


class Changed(Event, frozen=True, kw_only=True):
    """The desk corrected or confirmed what is known; `fields` names what changed, without its content."""

    kind: ClassVar[str] = "volunteer.changed"
    subject: ClassVar[type[Row]] = Volunteer
    traits: Traits
    fields: tuple[Code, ...] = ()

    def evolve(self, row: Volunteer, stamp: Stamp) -> Volunteer:
        """The new traits; the desk has seen them."""
        said, before = msgspec.structs.asdict(self.traits), msgspec.structs.asdict(row.traits)
        changed = {name: value for name, value in said.items() if value != before[name]}
        parts = tuple(
            msgspec.structs.replace(
                part, traits=msgspec.structs.replace(part.traits, **changed), confirmed_at_desk=True
            )
            if part.volunteer_id == row.id
            else part
            for part in row.parts
        )
        return msgspec.structs.replace(row, confirmed_at_desk=True, parts=parts, **said)


class Grouped(Event, frozen=True, kw_only=True):
    """The volunteer joined a group, or left it (None)."""

    kind: ClassVar[str] = "volunteer.grouped"
    subject: ClassVar[type[Row]] = Volunteer
    group_id: uuid.UUID | None

    def evolve(self, row: Volunteer, stamp: Stamp) -> Volunteer:
        """In that group from now on."""
        parts = tuple(
            msgspec.structs.replace(part, group_id=self.group_id) if part.volunteer_id == row.id else part
            for part in row.parts
        )
        return msgspec.structs.replace(row, group_id=self.group_id, parts=parts)


class Group(Row, frozen=True, kw_only=True):
    """A 団体: comes together, is announced by its leader, stays together in matching."""

    table: ClassVar[str] = "volunteer_group"
    operation_id: uuid.UUID
    number: int
    leader_id: uuid.UUID | None = None
    size: int


class GroupName(Personal, frozen=True, kw_only=True):
    """The group's name and who speaks for it."""

    table: ClassVar[str] = "group_name"
    follows: ClassVar[type[Row]] = Group
    name: str
    contact_name: str = ""
    contact_phone: str = ""


class GroupAnnounced(Event, frozen=True, kw_only=True):
    """A group was announced by its leader: how many come."""

    kind: ClassVar[str] = "volunteer_group.announced"
    subject: ClassVar[type[Row]] = Group
    number: int
    size: int
    leader_id: uuid.UUID | None = None

    def evolve(self, row: Group | None, stamp: Stamp) -> Group:
        """A new group, or its new size and leader."""
        new = Group(
            id=self.id,
            operation_id=stamp.operation_id,
            number=self.number,
            size=self.size,
            leader_id=self.leader_id,
        )
        return new if row is None else msgspec.structs.replace(new, version=row.version)


class Card(Row, frozen=True, kw_only=True):
    """A QR that was given out; its id follows from the token, so a scan finds it at once."""

    table: ClassVar[str] = "card"
    token: Code
    key_id: Code
    volunteer_id: uuid.UUID
    revoked: bool = False


class CardIssued(Event, frozen=True, kw_only=True):
    """A QR was given to a volunteer."""

    kind: ClassVar[str] = "card.issued"
    subject: ClassVar[type[Row]] = Card
    token: Code
    key_id: Code
    volunteer_id: uuid.UUID

    def evolve(self, row: Card | None, stamp: Stamp) -> Card:
        """Valid from now on."""
        return Card(id=self.id, token=self.token, key_id=self.key_id, volunteer_id=self.volunteer_id)


class CardRevoked(Event, frozen=True, kw_only=True):
    """A QR was declared lost or wrong: its scans wait in 要確認."""

    kind: ClassVar[str] = "card.revoked"
    subject: ClassVar[type[Row]] = Card

    def evolve(self, row: Card, stamp: Stamp) -> Card:
        """No longer attributed to the person."""
        return msgspec.structs.replace(row, revoked=True)


def age_on(birth: date, day: date) -> int:
    """Age in full years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def register(
    volunteer_id: uuid.UUID,
    number: NumberTaken,
    person: Person,
    traits: Traits,
    *,
    group_id: uuid.UUID | None = None,
    card: CardIssued | None = None,
    confirmed_at_desk: bool = True,
) -> Outcome:
    """Register someone, with a card when one is given out at once."""
    registered = Registered(
        id=volunteer_id,
        number=number.number,
        traits=traits,
        group_id=group_id,
        confirmed_at_desk=confirmed_at_desk,
    )
    events: tuple[Event, ...] = (number, registered) if card is None else (number, registered, card)
    return Outcome(events=events, rows=(person,))


def change(
    row: Volunteer | None, kept: Person | None, person: Person, traits: Traits, *, seen_version: int
) -> Decision:
    """Correct or confirm a registration; the second of two people is told what changed before theirs."""
    if row is None or kept is None:
        return Refusal("volunteer-unknown")
    if row.merged_into is not None:
        return Refusal("person-merged", {"number": row.number})
    if row.version != seen_version:
        return Refusal("changed-meanwhile", {"version": row.version})
    skip = {"id", "version"}
    fields = tuple(
        name.replace("_", "-")
        for name in person.__struct_fields__
        if name not in skip and getattr(person, name) != getattr(kept, name)
    )
    return Outcome(events=(Changed(id=row.id, traits=traits, fields=fields),), rows=(person,))


def revoke(card: Card | None) -> Decision:
    """Revoke a card once."""
    if card is None:
        return Refusal("card-unknown")
    if card.revoked:
        return Refusal("card-revoked")
    return Outcome(events=(CardRevoked(id=card.id),))
