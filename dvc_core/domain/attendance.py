"""当日の参加: arriving, leaving, going out and coming back are facts; a place in the day is an act."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final

import msgspec

from dvc_core.domain.day_part import DayPart, noted, part_of
from dvc_core.domain.kernel import Decision, Event, Outcome, Refusal, Row, Stamp, derive
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.volunteer import Volunteer


class Act(StrEnum):
    """What a scan says."""

    ARRIVE = "arrive"
    LEAVE = "leave"
    DEPART = "depart"
    RETURN = "return"


class Flag(StrEnum):
    """Doubts of a fact. It is recorded all the same; a person looks."""

    AGAIN = "again"
    NOT_ARRIVED = "not-arrived"
    STILL_OUT = "still-out"
    NOT_OUT = "not-out"
    LEFT_BEFORE = "left-before"
    YESTERDAY_OPEN = "yesterday-open"
    CLOCK_OFF = "clock-off"
    LATE_ENTRY = "late-entry"
    NO_TEAM = "no-team"


class Attendance(Row, frozen=True, kw_only=True):
    """One person on one day. Facts are kept as first and last times, so that their order does not matter.

    `parts`: what each registration of the person did, once another one was merged into it.
    """

    table: ClassVar[str] = "attendance"
    operation_id: uuid.UUID
    volunteer_id: uuid.UUID
    day: date
    arrived_at: datetime | None = None
    arrived_entry: uuid.UUID | None = None
    came_at: datetime | None = None
    came_entry: uuid.UUID | None = None
    left_at: datetime | None = None
    left_entry: uuid.UUID | None = None
    departed_at: datetime | None = None
    departed_entry: uuid.UUID | None = None
    returned_at: datetime | None = None
    returned_entry: uuid.UUID | None = None
    admitted: bool = False
    team_id: uuid.UUID | None = None
    parts: tuple[DayPart, ...] = ()

    @property
    def out(self) -> bool:
        """Whether the person is out with a team right now."""
        return self.departed_at is not None and (
            self.returned_at is None or self.returned_at < self.departed_at
        )

    @property
    def present(self) -> bool:
        """Whether the person came and has not gone home."""
        return self.came_at is not None and (self.left_at is None or self.left_at < self.came_at)


def attendance_id(operation_id: uuid.UUID, volunteer_id: uuid.UUID, day: date) -> uuid.UUID:
    """One row a person and day, whatever desk writes it first."""
    return derive(operation_id, volunteer_id, day)


class OfDay(Event, frozen=True, kw_only=True):
    """Something of one person on one day; it may be the first of that day."""

    volunteer_id: uuid.UUID
    day: date

    def _row(self, row: Attendance | None, stamp: Stamp) -> Attendance:
        return row or Attendance(
            id=self.id, operation_id=stamp.operation_id, volunteer_id=self.volunteer_id, day=self.day
        )


class _Fact(OfDay, frozen=True, kw_only=True):
    """`shown`: the merged registration whose card or number was used; the fact stays its own."""

    flags: tuple[Flag, ...] = ()
    shown: uuid.UUID | None = None

    def _noted(self, row: Attendance | None, stamp: Stamp, *what: str) -> Attendance:
        new = self._row(row, stamp)
        parts = _parts_with(new, self.shown)
        for each in what:
            new = noted(new, each, stamp.occurred_at, stamp.entry_id)
            parts = tuple(
                noted(part, each, stamp.occurred_at, stamp.entry_id)
                if part.volunteer_id == (self.shown or self.volunteer_id)
                else part
                for part in parts
            )
        return msgspec.structs.replace(new, parts=parts)


def _parts_with(row: Attendance, shown: uuid.UUID | None) -> tuple[DayPart, ...]:
    """The row's parts, with one for the registration that was shown."""
    if shown is None or any(part.volunteer_id == shown for part in row.parts):
        return row.parts
    return (*(row.parts or (part_of(row, row.volunteer_id),)), DayPart(volunteer_id=shown))


def _each_part(row: Attendance, changed: dict[str, Any], whose: Callable[[DayPart], bool]) -> Attendance:
    """The row with the change, and with it the part that it belongs to."""
    parts = tuple(msgspec.structs.replace(p, **changed) if whose(p) else p for p in row.parts)
    return msgspec.structs.replace(row, **changed, parts=parts)


class Arrived(_Fact, frozen=True, kw_only=True):
    """Someone came to the center."""

    kind: ClassVar[str] = "attendance.arrived"
    subject: ClassVar[type[Row]] = Attendance

    def evolve(self, row: Attendance | None, stamp: Stamp) -> Attendance:
        """The first arrival of the day counts; the last one tells whether someone is here again."""
        return self._noted(row, stamp, "arrived", "came")


class Left(_Fact, frozen=True, kw_only=True):
    """Someone went home."""

    kind: ClassVar[str] = "attendance.left"
    subject: ClassVar[type[Row]] = Attendance

    def evolve(self, row: Attendance | None, stamp: Stamp) -> Attendance:
        """The last leaving of the day counts."""
        return self._noted(row, stamp, "left")


class Departed(_Fact, frozen=True, kw_only=True):
    """Someone went out with a team."""

    kind: ClassVar[str] = "attendance.departed"
    subject: ClassVar[type[Row]] = Attendance

    def evolve(self, row: Attendance | None, stamp: Stamp) -> Attendance:
        """The last going out counts: there may be a second visit in the afternoon."""
        return self._noted(row, stamp, "departed")


class Returned(_Fact, frozen=True, kw_only=True):
    """Someone came back to the center, or the leader said that they went straight home."""

    kind: ClassVar[str] = "attendance.returned"
    subject: ClassVar[type[Row]] = Attendance

    def evolve(self, row: Attendance | None, stamp: Stamp) -> Attendance:
        """The last coming back counts."""
        return self._noted(row, stamp, "returned")


class Admitted(Event, frozen=True, kw_only=True):
    """A place in the day was given: the person may be matched."""

    kind: ClassVar[str] = "attendance.admitted"
    subject: ClassVar[type[Row]] = Attendance
    shown: uuid.UUID | None = None

    def evolve(self, row: Attendance, stamp: Stamp) -> Attendance:
        """Counted among the day's people."""
        whose = self.shown or row.volunteer_id
        new = msgspec.structs.replace(row, parts=_parts_with(row, self.shown))
        return _each_part(new, {"admitted": True}, lambda part: part.volunteer_id == whose)


class Engaged(Event, frozen=True, kw_only=True):
    """Taken into a team. The place of a person in one team is this row's, so no second team can take it."""

    kind: ClassVar[str] = "volunteer.engaged"
    subject: ClassVar[type[Row]] = Attendance
    team_id: uuid.UUID

    def evolve(self, row: Attendance, stamp: Stamp) -> Attendance:
        """In that team."""
        return _each_part(row, {"team_id": self.team_id}, lambda part: part.volunteer_id == row.volunteer_id)


class Freed(Event, frozen=True, kw_only=True):
    """No longer in a team: it came home, was dissolved, or the person was taken out of it."""

    kind: ClassVar[str] = "volunteer.freed"
    subject: ClassVar[type[Row]] = Attendance
    team_id: uuid.UUID

    def evolve(self, row: Attendance, stamp: Stamp) -> Attendance:
        """Free for another team, if this was the team."""
        if row.team_id != self.team_id:
            return row
        return _each_part(row, {"team_id": None}, lambda part: part.team_id == self.team_id)


NAMES: Final = {Act.ARRIVE: "arrived", Act.LEAVE: "left", Act.DEPART: "departed", Act.RETURN: "returned"}
"""What a row calls the moment of each act."""


class TimeCorrected(Event, frozen=True, kw_only=True):
    """A wrong time was put right: the corrected value moves the row forward, the old entry stays."""

    kind: ClassVar[str] = "attendance.time_corrected"
    subject: ClassVar[type[Row]] = Attendance
    act: Act
    at: datetime | None

    def evolve(self, row: Attendance, stamp: Stamp) -> Attendance:
        """The corrected time stands, or none when it never happened."""
        what = NAMES[self.act]
        entry = None if self.at is None else stamp.entry_id
        new = {f"{what}_at": self.at, f"{what}_entry": entry}
        if self.act is Act.ARRIVE:
            new |= {"came_at": self.at, "came_entry": entry}
        wrong = getattr(row, f"{what}_entry")
        whose = next((p for p in row.parts if wrong and getattr(p, f"{what}_entry") == wrong), None)
        owner = whose.volunteer_id if whose else row.volunteer_id
        return _each_part(row, new, lambda part: part.volunteer_id == owner)


class Intake(Row, frozen=True, kw_only=True):
    """受入枠 of one day: places (None: not limited), how many are taken, and whether reception is closed."""

    table: ClassVar[str] = "intake"
    operation_id: uuid.UUID
    day: date
    places: int | None = None
    taken: int = 0
    closed_at: datetime | None = None

    @property
    def left(self) -> int | None:
        """Places left; None when they are not limited."""
        return None if self.places is None else max(self.places - self.taken, 0)


def intake_id(operation_id: uuid.UUID, day: date) -> uuid.UUID:
    """One row an operation and day."""
    return derive(operation_id, "intake", day)


class _IntakeEvent(Event, frozen=True, kw_only=True):
    day: date

    def _row(self, row: Intake | None, stamp: Stamp) -> Intake:
        return row or Intake(id=self.id, operation_id=stamp.operation_id, day=self.day)


class PlacesSet(_IntakeEvent, frozen=True, kw_only=True):
    """The day's number of places was decided (None: not limited)."""

    kind: ClassVar[str] = "intake.places_set"
    subject: ClassVar[type[Row]] = Intake
    places: int | None

    def evolve(self, row: Intake | None, stamp: Stamp) -> Intake:
        """The new limit; who is already admitted stays."""
        return msgspec.structs.replace(self._row(row, stamp), places=self.places)


class PlaceTaken(_IntakeEvent, frozen=True, kw_only=True):
    """One place of the day was taken."""

    kind: ClassVar[str] = "intake.place_taken"
    subject: ClassVar[type[Row]] = Intake

    def evolve(self, row: Intake | None, stamp: Stamp) -> Intake:
        """One more."""
        base = self._row(row, stamp)
        return msgspec.structs.replace(base, taken=base.taken + 1)


class PlaceGivenBack(_IntakeEvent, frozen=True, kw_only=True):
    """Two places had been given to one human being: one is free again."""

    kind: ClassVar[str] = "intake.place_given_back"
    subject: ClassVar[type[Row]] = Intake

    def evolve(self, row: Intake | None, stamp: Stamp) -> Intake:
        """One less."""
        base = self._row(row, stamp)
        return msgspec.structs.replace(base, taken=base.taken - 1)


class IntakeClosed(_IntakeEvent, frozen=True, kw_only=True):
    """受付締切."""

    kind: ClassVar[str] = "intake.closed"
    subject: ClassVar[type[Row]] = Intake

    def evolve(self, row: Intake | None, stamp: Stamp) -> Intake:
        """Closed since then."""
        return msgspec.structs.replace(self._row(row, stamp), closed_at=stamp.occurred_at)


class IntakeReopened(_IntakeEvent, frozen=True, kw_only=True):
    """Reception was opened again."""

    kind: ClassVar[str] = "intake.reopened"
    subject: ClassVar[type[Row]] = Intake

    def evolve(self, row: Intake | None, stamp: Stamp) -> Intake:
        """Open."""
        return msgspec.structs.replace(self._row(row, stamp), closed_at=None)


def correct(row: Attendance, act: Act, at: datetime | None) -> Outcome:
    """Put a time right, or say that it never happened; linked to the entry that said the wrong one."""
    corrected = TimeCorrected(id=row.id, act=act, at=at)
    return Outcome(events=(corrected,), supersedes=getattr(row, f"{NAMES[act]}_entry"))


LATE = timedelta(minutes=10)
"""What is entered this much later than it happened is flagged: it came from paper or from an outbox."""

MOST_PLACES = 5000

FACTS = {Act.ARRIVE: Arrived, Act.LEAVE: Left, Act.DEPART: Departed, Act.RETURN: Returned}


def record(
    row: Attendance | None,
    yesterday: Attendance | None,
    act: Act,
    *,
    row_id: uuid.UUID,
    volunteer_id: uuid.UUID,
    day: date,
    doubts: tuple[Flag, ...] = (),
    shown: uuid.UUID | None = None,
) -> Outcome:
    """A scan or a tap: always recorded, with the doubts that a person should look at."""
    flags = list(doubts)
    if act is Act.ARRIVE:
        flags += [Flag.AGAIN] if row and row.arrived_at else []
        flags += (
            [Flag.YESTERDAY_OPEN] if yesterday and yesterday.present and not (row and row.arrived_at) else []
        )
    elif row is None or row.arrived_at is None:
        flags.append(Flag.NOT_ARRIVED)
    elif act is Act.LEAVE:
        flags += [Flag.STILL_OUT] if row.out else [Flag.AGAIN] if row.left_at else []
    elif act is Act.DEPART:
        flags += [Flag.AGAIN] if row.out else []
        flags += [Flag.NO_TEAM] if row.team_id is None else []
        flags += [Flag.LEFT_BEFORE] if not row.present else []
    elif act is Act.RETURN:
        flags += [] if row.out else [Flag.AGAIN if row.returned_at else Flag.NOT_OUT]
    fact = FACTS[act](id=row_id, volunteer_id=volunteer_id, day=day, flags=tuple(flags), shown=shown)
    return Outcome(events=(fact,))


def admit(
    row: Attendance | None,
    volunteer: Volunteer | None,
    intake: Intake | None,
    *,
    day: date,
    intake_row_id: uuid.UUID,
    insurance_needed: frozenset[Insurance],
    by_name: bool = False,
    shown: uuid.UUID | None = None,
) -> Decision:
    """Give a place in the day. `by_name`: a named person overrides 締切 or 満員 with a reason.

    Refused without insurance that covers the disaster (practice 4.1), for a minor without a guardian's
    consent (4.2), after 締切 and when no place is left (4.6).
    """
    if row is None or volunteer is None or not row.present:
        return Refusal("not-arrived")
    if row.admitted:
        return Refusal("already-admitted", {"number": volunteer.number})
    if volunteer.insurance not in insurance_needed:
        return Refusal("insurance-missing", {"insurance": volunteer.insurance.value})
    if volunteer.minor and not volunteer.guardian_consents:
        return Refusal("guardian-missing")
    if not by_name and intake is not None and intake.closed_at is not None:
        return Refusal("intake-closed")
    if not by_name and intake is not None and intake.left == 0:
        return Refusal("intake-full", {"places": intake.places or 0})
    return Outcome(events=(Admitted(id=row.id, shown=shown), PlaceTaken(id=intake_row_id, day=day)))
