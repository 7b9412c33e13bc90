"""訪問: planned for a day and band, agreed with the resident by telephone, cancelled with a reason."""

import uuid
from datetime import date, datetime
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.calling import tried
from dvc_core.domain import visit
from dvc_core.domain.calling import CallPurpose, Heard, Whom
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Decision, Event, Outcome, Refusal
from dvc_core.domain.need import Need
from dvc_core.domain.note import write
from dvc_core.domain.recall import RecallRaised, RecallReason, recall_id
from dvc_core.domain.visit import LIVE, Agreed, Attends, Band, Visit, VisitState
from dvc_core.ports import Reader

WAITING = (VisitState.PLANNED, VisitState.MATCHED)
HEARD = {
    Agreed.YES: Heard.YES,
    Agreed.NO: Heard.YES,
    Agreed.NOT_YET: Heard.LATER,
    Agreed.NO_ANSWER: Heard.NO_ANSWER,
}


class Plan(Command, frozen=True, kw_only=True):
    """Plan a visit of a need, or change one that has not gone (`visit_id`)."""

    kind: ClassVar[str] = "visit.plan"
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID
    day: date
    band: Band
    people_min: int
    people_max: int
    visit_id: uuid.UUID | None = None

    def context(self, reader: Reader, call: Call) -> tuple[Need | None, Visit | None]:
        """The need, and the visit that is changed."""
        row = reader.get(Visit, self.visit_id) if self.visit_id else None
        return reader.get(Need, self.need_id), row

    def decide(self, context: tuple[Need | None, Visit | None], call: Call) -> Decision:
        """Not in the past, not for an ended need."""
        need, row = context
        if self.visit_id is not None and row is None:
            return Refusal("visit-unknown")
        return visit.plan(
            self.visit_id or call.new_id("visit"),
            need,
            row,
            day=self.day,
            today=activity_day(call.now),
            band=self.band,
            people_min=self.people_min,
            people_max=self.people_max,
        )


class _OneVisit(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "needs"
    visit_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Visit | None:
        """The visit."""
        return reader.get(Visit, self.visit_id)


class CallResident(Command, frozen=True, kw_only=True):
    """The resident was called about the visit, or called back (`eve`: 前日確認); what came of it.

    `day` and `band`: they want another time, which they agree to by that. `agreed` NO: they call it off, with
    the reason in `words`; a team that is ready or out is stopped, and nothing it does is lost.
    """

    kind: ClassVar[str] = "visit.call"
    role: ClassVar[str] = "needs"
    visit_id: uuid.UUID
    agreed: Agreed
    whom: Whom = Whom.RESIDENT
    attends: Attends | None = None
    eve: bool = False
    day: date | None = None
    band: Band | None = None
    again_at: datetime | None = None
    words: str = ""

    def context(self, reader: Reader, call: Call) -> tuple[Visit | None, Need | None]:
        """The visit and its need."""
        row = reader.get(Visit, self.visit_id)
        return row, reader.get(Need, row.need_id) if row else None

    def decide(self, context: tuple[Visit | None, Need | None], call: Call) -> Decision:
        """Before it goes; called off also while the team is out, since then it must be called home."""
        row, need = context
        if row is None or need is None:
            return Refusal("visit-unknown")
        off = self.agreed is Agreed.NO
        if row.state not in (LIVE if off else WAITING):
            return Refusal("visit-under-way")
        if off and not self.words.strip():
            return Refusal("reason-missing")
        purpose = CallPurpose.EVE if self.eve else CallPurpose.VISIT
        moved = self._called_off(row) if off else self._answered(row, need, call)
        if isinstance(moved, Refusal):
            return moved
        reached = HEARD[self.agreed]
        told = tried(need.id, purpose, reached, self.whom, self.again_at)
        noted, rows = write(call.new_id("words"), row.id, "visit-call", self.words, about_person=True)
        return Outcome(events=(*moved, told, *noted), rows=rows)

    def _called_off(self, row: Visit) -> tuple[Event, ...]:
        called = visit.Called(id=row.id, agreed=Agreed.NO, eve=self.eve)
        if row.state is VisitState.PLANNED:
            return called, visit.Cancelled(id=row.id, reason="resident")
        declined = visit.Declined(id=row.id)
        if row.state is not VisitState.OUT or row.team_id is None:
            return called, declined
        back = RecallRaised(
            id=recall_id(row.team_id),
            team_id=row.team_id,
            need_id=row.need_id,
            why=RecallReason.RESIDENT,
        )
        return called, declined, back

    def _answered(self, row: Visit, need: Need, call: Call) -> tuple[Event, ...] | Refusal:
        called = visit.Called(id=row.id, agreed=self.agreed, attends=self.attends, eve=self.eve)
        day, band = self.day or row.day, self.band or row.band
        if self.agreed is not Agreed.YES or (day, band) == (row.day, row.band):
            return (called,)
        new = row.state is VisitState.MATCHED
        moved = visit.plan(
            call.new_id("visit") if new else row.id,
            need,
            None if new else row,
            day=day,
            today=activity_day(call.now),
            band=band,
            people_min=row.people_min,
            people_max=row.people_max,
        )
        if isinstance(moved, Refusal):
            return moved
        if not new:
            return *moved.events, msgspec.structs.replace(called, eve=False)
        again = visit.Called(id=moved.events[0].id, agreed=Agreed.YES, attends=self.attends)
        return visit.Declined(id=row.id), *moved.events, again


class SendUnagreed(_OneVisit, frozen=True, kw_only=True):
    """The chief sends a team though the resident has not agreed, by name and reason (practice 5.4)."""

    kind: ClassVar[str] = "visit.release"
    role: ClassVar[str] = "chief"
    reason: str

    def decide(self, context: Visit | None, call: Call) -> Decision:
        """Not against a resident's no."""
        if context is None:
            return Refusal("visit-unknown")
        if context.state not in WAITING:
            return Refusal("visit-under-way")
        if context.declined_at is not None or context.agreed is Agreed.NO:
            return Refusal("visit-declined")
        if not self.reason.strip():
            return Refusal("reason-missing")
        noted, rows = write(call.new_id("why"), context.id, "visit-release", self.reason, about_person=True)
        return Outcome(events=(visit.Released(id=context.id), *noted), rows=rows)


class Cancel(_OneVisit, frozen=True, kw_only=True):
    """The visit does not take place. One that has a team is dissolved first, so that nobody stands ready."""

    kind: ClassVar[str] = "visit.cancel"
    reason: str

    def decide(self, context: Visit | None, call: Call) -> Decision:
        """With a reason."""
        if context is None:
            return Refusal("visit-unknown")
        if context.state is VisitState.MATCHED:
            return Refusal("visit-has-team")
        if context.state is not VisitState.PLANNED:
            return Refusal("visit-under-way")
        if not self.reason.strip():
            return Refusal("reason-missing")
        noted, rows = write(call.new_id("why"), context.id, "visit-cancel", self.reason, about_person=True)
        return Outcome(events=(visit.Cancelled(id=context.id, reason="stated"), *noted), rows=rows)
