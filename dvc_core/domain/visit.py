"""訪問: one day's work at one need — date, band, people, settled with the resident or not, team, result."""

import uuid
from datetime import date
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal, Row, Stamp
from dvc_core.domain.need import ENDED, Need


class Band(StrEnum):
    """Part of the day."""

    AM = "am"
    PM = "pm"
    DAY = "day"


class Agreed(StrEnum):
    """依頼者確認: without it teams stand at locked doors (practice 5.4)."""

    NOT_YET = "not-yet"
    NO_ANSWER = "no-answer"
    YES = "yes"


class VisitState(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    MATCHED = "matched"
    OUT = "out"
    REPORTED = "reported"
    CANCELLED = "cancelled"


class Result(StrEnum):
    """What became of it (practice 3.5)."""

    DONE = "done"
    GOES_ON = "goes-on"
    ABSENT = "absent"
    STOPPED = "stopped"


class Visit(Row, frozen=True, kw_only=True):
    """One visit. Its place in one team is this row's own, so two desks cannot send two teams."""

    table: ClassVar[str] = "visit"
    operation_id: uuid.UUID
    need_id: uuid.UUID
    day: date
    band: Band
    people_min: int
    people_max: int
    agreed: Agreed = Agreed.NOT_YET
    calls: int = 0
    state: VisitState = VisitState.PLANNED
    team_id: uuid.UUID | None = None
    result: Result | None = None


class Planned(Event, frozen=True, kw_only=True):
    """A visit was planned, or its plan changed."""

    kind: ClassVar[str] = "visit.planned"
    subject: ClassVar[type[Row]] = Visit
    need_id: uuid.UUID
    day: date
    band: Band
    people_min: int
    people_max: int

    def evolve(self, row: Visit | None, stamp: Stamp) -> Visit:
        """The plan; a changed day must be agreed anew."""
        plan = Visit(
            id=self.id,
            operation_id=stamp.operation_id,
            need_id=self.need_id,
            day=self.day,
            band=self.band,
            people_min=self.people_min,
            people_max=self.people_max,
        )
        if row is None:
            return plan
        same_time = (row.day, row.band) == (self.day, self.band)
        return msgspec.structs.replace(
            plan,
            version=row.version,
            calls=row.calls,
            state=row.state,
            team_id=row.team_id,
            agreed=row.agreed if same_time else Agreed.NOT_YET,
        )


class Called(Event, frozen=True, kw_only=True):
    """The resident was called: agreed, or no answer."""

    kind: ClassVar[str] = "visit.called"
    subject: ClassVar[type[Row]] = Visit
    agreed: Agreed

    def evolve(self, row: Visit, stamp: Stamp) -> Visit:
        """One call more, and what it gave."""
        return msgspec.structs.replace(row, agreed=self.agreed, calls=row.calls + 1)


class Matched(Event, frozen=True, kw_only=True):
    """A team was confirmed for it."""

    kind: ClassVar[str] = "visit.matched"
    subject: ClassVar[type[Row]] = Visit
    team_id: uuid.UUID

    def evolve(self, row: Visit, stamp: Stamp) -> Visit:
        """That team goes."""
        return msgspec.structs.replace(row, team_id=self.team_id, state=VisitState.MATCHED)


class Unmatched(Event, frozen=True, kw_only=True):
    """Its team was dissolved before it went."""

    kind: ClassVar[str] = "visit.unmatched"
    subject: ClassVar[type[Row]] = Visit

    def evolve(self, row: Visit, stamp: Stamp) -> Visit:
        """Planned again."""
        return msgspec.structs.replace(row, team_id=None, state=VisitState.PLANNED)


class SentOut(Event, frozen=True, kw_only=True):
    """Its team departed."""

    kind: ClassVar[str] = "visit.sent_out"
    subject: ClassVar[type[Row]] = Visit

    def evolve(self, row: Visit, stamp: Stamp) -> Visit:
        """Under way."""
        return msgspec.structs.replace(row, state=VisitState.OUT)


class Reported(Event, frozen=True, kw_only=True):
    """The leader reported."""

    kind: ClassVar[str] = "visit.reported"
    subject: ClassVar[type[Row]] = Visit
    result: Result

    def evolve(self, row: Visit, stamp: Stamp) -> Visit:
        """The result."""
        return msgspec.structs.replace(row, state=VisitState.REPORTED, result=self.result)


class Cancelled(Event, frozen=True, kw_only=True):
    """The visit does not take place; `reason` is a code of reference data."""

    kind: ClassVar[str] = "visit.cancelled"
    subject: ClassVar[type[Row]] = Visit
    reason: Code

    def evolve(self, row: Visit, stamp: Stamp) -> Visit:
        """Cancelled."""
        return msgspec.structs.replace(row, state=VisitState.CANCELLED, team_id=None)


def plan(
    visit_id: uuid.UUID,
    need: Need | None,
    row: Visit | None,
    *,
    day: date,
    today: date,
    band: Band,
    people_min: int,
    people_max: int,
) -> Decision:
    """Plan a visit, or change a plan whose team has not gone."""
    if need is None:
        return Refusal("need-unknown")
    if need.state in ENDED:
        return Refusal("need-ended", {"number": need.number})
    if row is not None and row.state not in (VisitState.PLANNED, VisitState.MATCHED):
        return Refusal("visit-under-way")
    if day < today:
        return Refusal("day-past")
    if not 1 <= people_min <= people_max:
        return Refusal("people-impossible", {"least": people_min, "most": people_max})
    planned = Planned(
        id=visit_id,
        need_id=need.id,
        day=day,
        band=band,
        people_min=people_min,
        people_max=people_max,
    )
    return Outcome(events=(planned,))
