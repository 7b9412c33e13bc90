"""統合: two registrations of one human being count as one, until the undo tells them apart again.

Rules (dvc_core/README.md says them in the desk's words): the person who stays keeps the number; cards,
numbers and teams of both lead to that person. Every fact belongs to the registration whose card or number
was used, so the undo gives each its own back, with what came in between. Of what the registrations say, the
safe side counts: a minor stays one, an illness stays one, an insurance counts when it was seen or said of
either. Names, telephones and notes of both stay as they are.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import ClassVar

import msgspec

from dvc_core.domain.attendance import Attendance, PlaceGivenBack, PlaceTaken, attendance_id, intake_id
from dvc_core.domain.day_merging import DayGivenBack, DayGivenOver, DayRestored, DayTakenOver
from dvc_core.domain.day_part import DayPart, part_of
from dvc_core.domain.kernel import Event, Refusal, Row, Stamp
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.sameness import Likeness
from dvc_core.domain.team import Team
from dvc_core.domain.volunteer import Own, Traits, Volunteer

COVER = (Insurance.DISASTER, Insurance.INFECTION, Insurance.BASIC, Insurance.NONE, Insurance.UNKNOWN)
"""The wider cover first (practice 4.1)."""

Many = Callable[[Iterable[uuid.UUID]], dict[uuid.UUID, Volunteer]]


def survivors(many: Many, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Volunteer]:
    """Each known id with the registration that counts for it now: its own, or the one it was merged into."""
    known = many(ids)
    found = dict(known)
    while missing := {row.merged_into for row in found.values() if row.merged_into is not None}:
        known |= many(missing - known.keys())
        found = {i: known.get(row.merged_into, row) if row.merged_into else row for i, row in found.items()}
        if missing - known.keys():
            break
    return found


def own_of(row: Volunteer) -> Own:
    """What a registration says by itself, as a part."""
    return Own(
        volunteer_id=row.id,
        traits=row.traits,
        group_id=row.group_id,
        confirmed_at_desk=row.confirmed_at_desk,
    )


def together(traits: Iterable[Traits]) -> Traits:
    """What several registrations of one human being say: the safe side counts, proofs count for both."""
    said = list(traits)
    # A certificate that someone has seen goes before what was only said.
    seen = [each for each in said if each.insurance_seen] or said
    skills = dict.fromkeys(code for each in said for code in each.skills)
    return Traits(
        minor=any(each.minor for each in said),
        guardian_consents=any(each.guardian_consents for each in said),
        insurance=min((each.insurance for each in seen), key=COVER.index),
        insurance_seen=any(each.insurance_seen for each in said),
        health_ok=all(each.health_ok for each in said),
        leader_able=any(each.leader_able for each in said),
        driver=any(each.driver for each in said),
        truck=any(each.truck for each in said),
        seats=max(each.seats for each in said),
        skills=tuple(skills),
    )


def _read_as_one(row: Volunteer, said: Iterable[Own], parts: tuple[Own, ...]) -> Volunteer:
    all_said = list(said)
    group = next((each.group_id for each in all_said if each.group_id is not None), None)
    alone = [part.volunteer_id for part in parts] == [row.id]
    return msgspec.structs.replace(
        row,
        **msgspec.structs.asdict(together(each.traits for each in all_said)),
        group_id=group,
        confirmed_at_desk=any(each.confirmed_at_desk for each in all_said),
        parts=() if alone else parts,
    )


class Merged(Event, frozen=True, kw_only=True):
    """This registration is the same human being as another one, which counts from now on."""

    kind: ClassVar[str] = "person.merged"
    subject: ClassVar[type[Row]] = Volunteer
    into: uuid.UUID

    def evolve(self, row: Volunteer, stamp: Stamp) -> Volunteer:
        """Its number and cards lead to the other one."""
        return msgspec.structs.replace(
            row, merged_into=self.into, merged_at=stamp.occurred_at, merged_by=stamp.actor_id
        )


class TakenOver(Event, frozen=True, kw_only=True):
    """Another registration of this human being was merged into this one."""

    kind: ClassVar[str] = "person.taken_over"
    subject: ClassVar[type[Row]] = Volunteer
    parts: tuple[Own, ...]

    def evolve(self, row: Volunteer, stamp: Stamp) -> Volunteer:
        """What both say, read as one; each part kept."""
        parts = (*(row.parts or (own_of(row),)), *self.parts)
        return _read_as_one(row, (own_of(row), *self.parts), parts)


class GivenBack(Event, frozen=True, kw_only=True):
    """The merging was undone: these registrations are no longer this human being."""

    kind: ClassVar[str] = "person.given_back"
    subject: ClassVar[type[Row]] = Volunteer
    whose: tuple[uuid.UUID, ...]

    def evolve(self, row: Volunteer, stamp: Stamp) -> Volunteer:
        """What is left."""
        rest = tuple(part for part in row.parts if part.volunteer_id not in self.whose)
        return _read_as_one(row, rest, rest)


class Unmerged(Event, frozen=True, kw_only=True):
    """The merging was undone: this registration is a person of its own again."""

    kind: ClassVar[str] = "person.unmerged"
    subject: ClassVar[type[Row]] = Volunteer
    parts: tuple[Own, ...]

    def evolve(self, row: Volunteer, stamp: Stamp) -> Volunteer:
        """As it was, with what was said under its own number meanwhile."""
        free = msgspec.structs.replace(row, merged_into=None, merged_at=None, merged_by=None)
        return _read_as_one(free, self.parts, self.parts)


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a merging: the registration, those merged into it, its days, and its teams of these."""

    volunteer: Volunteer
    below: tuple[uuid.UUID, ...] = ()
    days: Mapping[date, Attendance] = {}
    teams: Mapping[uuid.UUID, Team] = {}

    @property
    def ids(self) -> tuple[uuid.UUID, ...]:
        """Its own id, and those of what was merged into it."""
        return (self.volunteer.id, *self.below)


class SeenVersions(msgspec.Struct, frozen=True, kw_only=True):
    """The versions at which someone saw both sides."""

    gone: int
    stays: int


def _apart(gone: Registration, stays: Registration, seen: SeenVersions) -> Refusal | None:
    """Whether both are registrations that count, as they were seen."""
    if gone.volunteer.id == stays.volunteer.id:
        return Refusal("merge-one")
    if gone.volunteer.operation_id != stays.volunteer.operation_id:
        return Refusal("volunteer-unknown")
    for side in (gone.volunteer, stays.volunteer):
        if side.merged_into is not None:
            return Refusal("person-merged", {"number": side.number})
    if (gone.volunteer.version, stays.volunteer.version) != (seen.gone, seen.stays):
        return Refusal("changed-meanwhile", {"version": stays.volunteer.version})
    return None


def _teams(gone: Registration, stays: Registration) -> Refusal | None:
    """One human being in two teams, or twice in one that is about to go: settled at the desk first."""
    for day, row in gone.days.items():
        other = stays.days.get(day)
        if row.team_id is None or other is None or other.team_id is None:
            continue
        teams = {**gone.teams, **stays.teams}
        numbers = {"team": teams[row.team_id].number, "other": teams[other.team_id].number}
        if row.team_id != other.team_id:
            return Refusal("merge-two-teams", dict(numbers))
        if teams[row.team_id].departed_at is None:
            return Refusal("merge-team-waits", {"team": numbers["team"]})
    return None


def merge(
    gone: Registration,
    stays: Registration,
    *,
    today: date,
    seen: SeenVersions,
    likeness: Likeness,
    words: str,
) -> tuple[Event, ...] | Refusal:
    """Make two registrations one person. What speaks against it (another birthday) asks for a reason."""
    refused = _apart(gone, stays, seen) or _teams(gone, stays)
    if refused is not None:
        return refused
    if likeness.against and not words.strip():
        return Refusal("merge-reason")
    row, into = gone.volunteer, stays.volunteer
    events: list[Event] = [
        Merged(id=row.id, into=into.id),
        TakenOver(id=into.id, parts=row.parts or (own_of(row),)),
    ]
    # Today's row is touched even where there is none: a scan that comes at this very moment is run anew.
    for day in sorted({*gone.days, today}):
        old, new = gone.days.get(day), stays.days.get(day)
        row_id = attendance_id(row.operation_id, row.id, day)
        events.append(DayGivenOver(id=row_id, volunteer_id=row.id, day=day))
        if old is None:
            continue
        parts = old.parts or (part_of(old, row.id),)
        into_id = attendance_id(into.operation_id, into.id, day)
        events.append(DayTakenOver(id=into_id, volunteer_id=into.id, day=day, parts=parts))
        if old.admitted and new is not None and new.admitted:
            events.append(PlaceGivenBack(id=intake_id(row.operation_id, day), day=day))
    return tuple(events)


def unmerge(
    gone: Registration, stays: Registration | None, *, today: date, words: str
) -> tuple[Event, ...] | Refusal:
    """Tell them apart again: each has what its own cards and numbers did; `stays` counts for it now."""
    row = gone.volunteer
    if row.merged_into is None or stays is None:
        return Refusal("not-merged", {"number": row.number})
    if not words.strip():
        return Refusal("reason-missing")
    whose, into = gone.ids, stays.volunteer
    parts = tuple(part for part in into.parts if part.volunteer_id in whose)
    events: list[Event] = [GivenBack(id=into.id, whose=whose), Unmerged(id=row.id, parts=parts)]
    # Today's row is touched in any case, as it is when merging.
    for day in sorted({*stays.days, today}):
        all_parts = stays.days[day].parts if day in stays.days else ()
        mine = tuple(part for part in all_parts if part.volunteer_id in whose)
        rest = tuple(part for part in all_parts if part.volunteer_id not in whose)
        if mine or day == today:
            row_id = attendance_id(into.operation_id, into.id, day)
            events.append(DayGivenBack(id=row_id, volunteer_id=into.id, day=day, whose=whose))
            events += _restored(row, day, mine, rest)
    return tuple(events)


def _restored(row: Volunteer, day: date, mine: tuple[DayPart, ...], rest: tuple[DayPart, ...]) -> list[Event]:
    events: list[Event] = []
    if not all(part.empty for part in mine):
        row_id = attendance_id(row.operation_id, row.id, day)
        events.append(DayRestored(id=row_id, volunteer_id=row.id, day=day, parts=mine))
    if any(part.admitted for part in mine) and any(part.admitted for part in rest):
        events.append(PlaceTaken(id=intake_id(row.operation_id, day), day=day))
    return events
