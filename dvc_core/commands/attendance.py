"""Scans and taps of the day, places and 締切 (受付, 送り出し, 帰着)."""

import uuid
from datetime import date, datetime, timedelta
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command, Sort
from dvc_core.commands.same_person import counting
from dvc_core.commands.volunteer import card_id
from dvc_core.domain import attendance
from dvc_core.domain.attendance import Act, Attendance, Flag, Intake, attendance_id, intake_id
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Code, Decision, Outcome, Refusal
from dvc_core.domain.note import write
from dvc_core.domain.operation import Disaster, Operation
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.review import raise_review
from dvc_core.domain.volunteer import Card, Volunteer
from dvc_core.ports import Reader

COVERED = frozenset({Insurance.DISASTER, Insurance.INFECTION})
COVERED_WITHOUT_QUAKE = COVERED | {Insurance.BASIC}
"""Plans that cover the work: 基本 does not cover earthquake, eruption and tsunami (practice 4.1)."""


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """Who a scan is about, and the rows of the day. `shown`: a merged registration that led there."""

    volunteer: Volunteer | None = None
    reason: Code | None = None
    today: Attendance | None = None
    yesterday: Attendance | None = None
    shown: uuid.UUID | None = None


def _rows(reader: Reader, call: Call, shown: Volunteer) -> _Found:
    day = activity_day(call.now)
    volunteer = counting(reader, (shown.id,))[shown.id]
    ids = [attendance_id(call.operation_id, volunteer.id, d) for d in (day, day - timedelta(days=1))]
    rows = reader.many(Attendance, ids)
    return _Found(
        volunteer=volunteer, today=rows.get(ids[0]), yesterday=rows.get(ids[1]), shown=_by(shown, volunteer)
    )


def _by(shown: Volunteer, counts: Volunteer) -> uuid.UUID | None:
    return None if shown.id == counts.id else shown.id


class Scan(Command, frozen=True, kw_only=True):
    """A kiosk read a code or a number. `fault` says why the code is not ours; then its payload is kept.

    `token` comes from a code whose signature was good; `number` was typed by hand.
    """

    kind: ClassVar[str] = "attendance.scan"
    role: ClassVar[str] = "scan"
    sort: ClassVar[Sort] = "fact"
    act: Act
    token: Code | None = None
    number: int | None = None
    fault: Code | None = None
    said: str = ""
    clock_off: bool = False

    def context(self, reader: Reader, call: Call) -> _Found:
        """The card's holder, or why nobody is found."""
        if self.fault is not None:
            return _Found(reason=self.fault)
        if self.token is not None:
            card = reader.get(Card, card_id(self.token))
            if card is None:
                return _Found(reason="unknown-token")
            if card.revoked:
                return _Found(reason="revoked-card")
            volunteer = reader.get(Volunteer, card.volunteer_id)
        else:
            found = reader.find(Volunteer, operation_id=call.operation_id, number=self.number or 0)
            volunteer = found[0] if len(found) == 1 else None
        if volunteer is None or volunteer.operation_id != call.operation_id:
            return _Found(reason="unknown-number" if self.token is None else "unknown-token")
        return _rows(reader, call, volunteer)

    def decide(self, context: _Found, call: Call) -> Decision:
        """Recorded always; what cannot be attributed waits for a person, with its content."""
        if context.volunteer is None:
            kept = msgspec.json.encode(
                {"act": self.act, "number": self.number, "payload": self.said}
            ).decode()
            return raise_review(
                call.new_id("review"),
                context.reason or "unknown-token",
                kept,
                station=call.station,
                source=call.source,
            )
        return _record(context, self.act, call, clock_off=self.clock_off)


class Record(Command, frozen=True, kw_only=True):
    """A desk taps for a person who stands before it, or enters what a paper says."""

    kind: ClassVar[str] = "attendance.record"
    role: ClassVar[str] = "scan"
    sort: ClassVar[Sort] = "fact"
    act: Act
    volunteer_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> _Found:
        """The person and the day."""
        volunteer = reader.get(Volunteer, self.volunteer_id)
        return _rows(reader, call, volunteer) if volunteer else _Found(reason="unknown-volunteer")

    def decide(self, context: _Found, call: Call) -> Decision:
        """As a scan."""
        if context.volunteer is None:
            kept = msgspec.json.encode({"act": self.act, "volunteer": self.volunteer_id}).decode()
            return raise_review(
                call.new_id("review"), "unknown-volunteer", kept, station=call.station, source=call.source
            )
        return _record(context, self.act, call)


def _record(found: _Found, act: Act, call: Call, *, clock_off: bool = False) -> Outcome:
    assert found.volunteer is not None
    day = activity_day(call.now)
    doubts: tuple[Flag, ...] = (Flag.CLOCK_OFF,) if clock_off else ()
    if call.recorded_at - call.now > attendance.LATE:
        doubts += (Flag.LATE_ENTRY,)
    return attendance.record(
        found.today,
        found.yesterday,
        act,
        row_id=attendance_id(call.operation_id, found.volunteer.id, day),
        volunteer_id=found.volunteer.id,
        day=day,
        doubts=doubts,
        shown=found.shown,
    )


class _Place(msgspec.Struct, frozen=True, kw_only=True):
    row: Attendance | None
    volunteer: Volunteer | None
    intake: Intake | None
    operation: Operation | None


class Admit(Command, frozen=True, kw_only=True):
    """Give a place in the day. A kiosk asks for it with every arrival; a desk may override with a reason."""

    kind: ClassVar[str] = "attendance.admit"
    role: ClassVar[str] = "scan"
    volunteer_id: uuid.UUID
    day: date

    def context(self, reader: Reader, call: Call) -> _Place:
        """The person, their day, the day's places, and what kind of disaster it is."""
        person = counting(reader, (self.volunteer_id,)).get(self.volunteer_id)
        who = person.id if person else self.volunteer_id
        return _Place(
            row=reader.get(Attendance, attendance_id(call.operation_id, who, self.day)),
            volunteer=person,
            intake=reader.get(Intake, intake_id(call.operation_id, self.day)),
            operation=reader.get(Operation, call.operation_id),
        )

    def decide(self, context: _Place, call: Call) -> Decision:
        """締切, places, insurance, guardian."""
        return self._admit(context, call, by_name=False)

    def _admit(self, context: _Place, call: Call, *, by_name: bool) -> Decision:
        operation, who = context.operation, context.volunteer
        quake = operation is None or operation.disaster is Disaster.EARTHQUAKE
        return attendance.admit(
            context.row,
            who,
            context.intake,
            day=self.day,
            intake_row_id=intake_id(call.operation_id, self.day),
            insurance_needed=COVERED if quake else COVERED_WITHOUT_QUAKE,
            by_name=by_name,
            shown=self.volunteer_id if who is not None and who.id != self.volunteer_id else None,
        )


class AdmitAnyway(Admit, frozen=True, kw_only=True):
    """A named person gives a place after 締切 or over the limit, with a reason. Insurance stays needed."""

    kind: ClassVar[str] = "attendance.admit_anyway"
    role: ClassVar[str] = "reception"
    reason: str

    def decide(self, context: _Place, call: Call) -> Decision:
        """Without a reason nothing is overridden."""
        if not self.reason.strip():
            return Refusal("reason-missing")
        decision = self._admit(context, call, by_name=True)
        if isinstance(decision, Refusal):
            return decision
        about = decision.events[0].id
        events, rows = write(call.new_id("reason"), about, "admit-reason", self.reason, about_person=True)
        return Outcome(events=(*decision.events, *events), rows=rows)


class _IntakeCommand(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "reception"
    day: date

    def context(self, reader: Reader, call: Call) -> Intake | None:
        """The day's places."""
        return reader.get(Intake, intake_id(call.operation_id, self.day))


class SetPlaces(_IntakeCommand, frozen=True, kw_only=True):
    """Decide how many the day takes (None: not limited)."""

    kind: ClassVar[str] = "intake.set_places"
    places: int | None

    def decide(self, context: Intake | None, call: Call) -> Decision:
        """A number from 0 up."""
        if self.places is not None and not 0 <= self.places <= attendance.MOST_PLACES:
            return Refusal("places-impossible", {"places": self.places, "most": attendance.MOST_PLACES})
        row_id = intake_id(call.operation_id, self.day)
        return Outcome(events=(attendance.PlacesSet(id=row_id, day=self.day, places=self.places),))


class CloseIntake(_IntakeCommand, frozen=True, kw_only=True):
    """受付締切, in one tap."""

    kind: ClassVar[str] = "intake.close"

    def decide(self, context: Intake | None, call: Call) -> Decision:
        """Once."""
        if context is not None and context.closed_at is not None:
            return Refusal("intake-closed-already")
        row_id = intake_id(call.operation_id, self.day)
        return Outcome(events=(attendance.IntakeClosed(id=row_id, day=self.day),))


class ReopenIntake(_IntakeCommand, frozen=True, kw_only=True):
    """Open reception again."""

    kind: ClassVar[str] = "intake.reopen"

    def decide(self, context: Intake | None, call: Call) -> Decision:
        """Only what is closed."""
        if context is None or context.closed_at is None:
            return Refusal("intake-open-already")
        return Outcome(events=(attendance.IntakeReopened(id=context.id, day=self.day),))


class CorrectTime(Command, frozen=True, kw_only=True):
    """Put a wrong time right, or say that it never happened (None); the old entry stays readable."""

    kind: ClassVar[str] = "attendance.correct_time"
    role: ClassVar[str] = "reception"
    volunteer_id: uuid.UUID
    day: date
    act: Act
    corrected: datetime | None

    def context(self, reader: Reader, call: Call) -> Attendance | None:
        """The person's day."""
        person = counting(reader, (self.volunteer_id,)).get(self.volunteer_id)
        who = person.id if person else self.volunteer_id
        return reader.get(Attendance, attendance_id(call.operation_id, who, self.day))

    def decide(self, context: Attendance | None, call: Call) -> Decision:
        """The corrected time lies in the day and not in the future."""
        if context is None:
            return Refusal("not-arrived")
        if self.corrected is not None and (
            activity_day(self.corrected) != self.day or self.corrected > call.recorded_at
        ):
            return Refusal("time-impossible")
        return attendance.correct(context, self.act, self.corrected)
