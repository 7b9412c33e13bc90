"""訪問: planned for a day and band, agreed with the resident by telephone, cancelled with a reason."""

import uuid
from datetime import date
from typing import ClassVar

from dvc_core.commands.base import Call, Command
from dvc_core.domain import visit
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Decision, Outcome, Refusal
from dvc_core.domain.need import Need
from dvc_core.domain.note import write
from dvc_core.domain.visit import Agreed, Band, Visit, VisitState
from dvc_core.ports import Reader


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


class CallResident(_OneVisit, frozen=True, kw_only=True):
    """The resident was called about the visit: agreed, or no answer (counted)."""

    kind: ClassVar[str] = "visit.call"
    agreed: Agreed
    words: str = ""

    def decide(self, context: Visit | None, call: Call) -> Decision:
        """Before it goes."""
        if context is None:
            return Refusal("visit-unknown")
        if context.state not in (VisitState.PLANNED, VisitState.MATCHED):
            return Refusal("visit-under-way")
        noted, rows = write(call.new_id("words"), context.id, "visit-call", self.words, about_person=True)
        return Outcome(events=(visit.Called(id=context.id, agreed=self.agreed), *noted), rows=rows)


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
