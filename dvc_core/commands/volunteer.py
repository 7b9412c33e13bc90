"""Registering volunteers and groups, and giving out cards (受付, practice 3.2–3.3)."""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.same_person import Others, counting, newly_alike, others, with_proposals
from dvc_core.domain import volunteer
from dvc_core.domain.day import Series, series_id, take_number
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal, derive
from dvc_core.domain.text import kana, kana_key, phone, phone_key
from dvc_core.domain.volunteer import (
    Card,
    CardIssued,
    Group,
    GroupAnnounced,
    Grouped,
    GroupName,
    Person,
    Traits,
    Volunteer,
)
from dvc_core.ports import Reader

VOLUNTEERS = "volunteer"
GROUPS = "volunteer-group"


class NewCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card that was signed for this person: its random token and the key that signed it."""

    token: Code
    key_id: Code


def card_id(token: str) -> uuid.UUID:
    """A card's id follows from its token, so that a scan finds it in one look."""
    return derive("card", token)


def tidy(person: Person) -> Person:
    """Names and numbers as they are kept, with their keys for search and order."""
    return msgspec.structs.replace(
        person,
        name=person.name.strip(),
        kana=kana(person.kana),
        kana_key=kana_key(person.kana or person.name),
        phone=phone(person.phone),
        phone_key=phone_key(person.phone),
        emergency_phone=phone(person.emergency_phone),
        guardian_phone=phone(person.guardian_phone),
    )


class Registering(msgspec.Struct, frozen=True, kw_only=True):
    """What registering someone is decided by."""

    series: Series | None
    near: Others


class _Register(Command, frozen=True, kw_only=True):
    person: Person
    traits: Traits = Traits()
    group_id: uuid.UUID | None = None
    card: NewCard | None = None

    def context(self, reader: Reader, call: Call) -> Registering:
        """The run of numbers, and who may be the same person."""
        return Registering(
            series=reader.get(Series, series_id(call.operation_id, VOLUNTEERS)),
            near=others(reader, call.operation_id, tidy(self.person)),
        )

    def _decide(self, context: Registering, call: Call, *, at_desk: bool) -> Decision:
        if not self.person.name.strip():
            return Refusal("person-name-missing")
        volunteer_id = call.new_id("volunteer")
        number = take_number(context.series, series_id(call.operation_id, VOLUNTEERS))
        card = None
        if self.card is not None:
            card = CardIssued(
                id=card_id(self.card.token),
                token=self.card.token,
                key_id=self.card.key_id,
                volunteer_id=volunteer_id,
            )
        person = msgspec.structs.replace(tidy(self.person), id=volunteer_id)
        made = volunteer.register(
            volunteer_id,
            number,
            person,
            self.traits,
            group_id=self.group_id,
            card=card,
            confirmed_at_desk=at_desk,
        )
        return with_proposals(made, person, context.near, minor=self.traits.minor, call=call)


class Register(_Register, frozen=True, kw_only=True):
    """Register a volunteer at the desk, with the card in hand."""

    kind: ClassVar[str] = "volunteer.register"
    role: ClassVar[str] = "reception"

    def decide(self, context: Registering, call: Call) -> Decision:
        """What the desk saw is confirmed."""
        return self._decide(context, call, at_desk=True)


class RegisterSelf(_Register, frozen=True, kw_only=True):
    """A volunteer filled in the form on a council tablet: write-only, the desk confirms it."""

    kind: ClassVar[str] = "volunteer.register_self"
    role: ClassVar[str] = "public"

    def decide(self, context: Registering, call: Call) -> Decision:
        """What a form says waits for the desk's look; nobody can claim to have been seen."""
        seen = msgspec.structs.replace(self.traits, insurance_seen=False)
        plain = msgspec.structs.replace(self, traits=seen, group_id=None)
        return plain._decide(context, call, at_desk=False)


class Change(Command, frozen=True, kw_only=True):
    """Correct or confirm a registration, as it was read at `seen_version`."""

    kind: ClassVar[str] = "volunteer.change"
    role: ClassVar[str] = "reception"
    volunteer_id: uuid.UUID
    seen_version: int
    person: Person
    traits: Traits

    def context(self, reader: Reader, call: Call) -> tuple[Volunteer | None, Person | None, Others]:
        """The volunteer, the person behind it, and who may be the same by what was corrected."""
        row, kept = reader.get(Volunteer, self.volunteer_id), reader.get(Person, self.volunteer_id)
        return row, kept, newly_alike(reader, call.operation_id, kept, tidy(self.person))

    def decide(self, context: tuple[Volunteer | None, Person | None, Others], call: Call) -> Decision:
        """The second of two people is told."""
        if not self.person.name.strip():
            return Refusal("person-name-missing")
        row, kept, near = context
        person = msgspec.structs.replace(tidy(self.person), id=self.volunteer_id)
        changed = volunteer.change(row, kept, person, self.traits, seen_version=self.seen_version)
        if isinstance(changed, Refusal):
            return changed
        return with_proposals(changed, person, near, minor=self.traits.minor, call=call)


class IssueCard(Command, frozen=True, kw_only=True):
    """Give a (new) card; `replaces` revokes the lost one in the same act."""

    kind: ClassVar[str] = "card.issue"
    role: ClassVar[str] = "reception"
    volunteer_id: uuid.UUID
    card: NewCard
    replaces: bool = False

    def context(self, reader: Reader, call: Call) -> tuple[Volunteer | None, list[Card]]:
        """The volunteer and the cards given out before, under any number of the same human being."""
        row = counting(reader, (self.volunteer_id,)).get(self.volunteer_id)
        if row is None or not self.replaces:
            return row, []
        numbers = {row.id, *(part.volunteer_id for part in row.parts)}
        cards = [card for i in sorted(numbers) for card in reader.find(Card, volunteer_id=i)]
        return row, cards

    def decide(self, context: tuple[Volunteer | None, list[Card]], call: Call) -> Decision:
        """Known volunteers only."""
        row, cards = context
        if row is None:
            return Refusal("volunteer-unknown")
        events: list[Event] = [volunteer.CardRevoked(id=card.id) for card in cards if not card.revoked]
        events.append(
            CardIssued(
                id=card_id(self.card.token),
                token=self.card.token,
                key_id=self.card.key_id,
                volunteer_id=row.id,
            )
        )
        return Outcome(events=tuple(events))


class RevokeCard(Command, frozen=True, kw_only=True):
    """Declare a card lost: its scans wait in 要確認."""

    kind: ClassVar[str] = "card.revoke"
    role: ClassVar[str] = "reception"
    card_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Card | None:
        """The card."""
        return reader.get(Card, self.card_id)

    def decide(self, context: Card | None, call: Call) -> Decision:
        """Once."""
        return volunteer.revoke(context)


class AnnounceGroup(Command, frozen=True, kw_only=True):
    """A leader announces a group at the desk: name, head count, who speaks for it."""

    kind: ClassVar[str] = "volunteer_group.announce"
    role: ClassVar[str] = "reception"
    name: str
    size: int
    leader_id: uuid.UUID | None = None
    contact_name: str = ""
    contact_phone: str = ""

    def context(self, reader: Reader, call: Call) -> tuple[Series | None, Volunteer | None]:
        """The run of numbers, and the leader."""
        leader = reader.get(Volunteer, self.leader_id) if self.leader_id else None
        return reader.get(Series, series_id(call.operation_id, GROUPS)), leader

    def decide(self, context: tuple[Series | None, Volunteer | None], call: Call) -> Decision:
        """A group has a name and people."""
        series, leader = context
        if not self.name.strip():
            return Refusal("group-name-missing")
        if not 1 <= self.size <= volunteer.LARGEST_GROUP:
            return Refusal("group-size", {"size": self.size, "most": volunteer.LARGEST_GROUP})
        if self.leader_id is not None and leader is None:
            return Refusal("volunteer-unknown")
        group_id = call.new_id("group")
        number = take_number(series, series_id(call.operation_id, GROUPS))
        announced = GroupAnnounced(
            id=group_id, number=number.number, size=self.size, leader_id=self.leader_id
        )
        joined = (Grouped(id=leader.id, group_id=group_id),) if leader else ()
        name = GroupName(
            id=group_id,
            name=self.name.strip(),
            contact_name=self.contact_name.strip(),
            contact_phone=phone(self.contact_phone),
        )
        return Outcome(events=(number, announced, *joined), rows=(name,))


class JoinGroup(Command, frozen=True, kw_only=True):
    """Put a volunteer into a group, or take them out of it (None)."""

    kind: ClassVar[str] = "volunteer_group.join"
    role: ClassVar[str] = "reception"
    volunteer_id: uuid.UUID
    group_id: uuid.UUID | None

    def context(self, reader: Reader, call: Call) -> tuple[Volunteer | None, Group | None]:
        """Both sides."""
        group = reader.get(Group, self.group_id) if self.group_id else None
        return counting(reader, (self.volunteer_id,)).get(self.volunteer_id), group

    def decide(self, context: tuple[Volunteer | None, Group | None], call: Call) -> Decision:
        """Known people, known groups."""
        row, group = context
        if row is None:
            return Refusal("volunteer-unknown")
        if self.group_id is not None and group is None:
            return Refusal("group-unknown")
        return Outcome(events=(Grouped(id=row.id, group_id=self.group_id),))
