"""訪問: one day's work at one need — date, band, people, settled with the resident or not, team, result."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal, Row, Stamp
from dvc_core.domain.need import ENDED, Need, NeedState


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
    NO = "no"


class Attends(StrEnum):
    """立会者: who is there when the team comes."""

    RESIDENT = "resident"
    FAMILY = "family"
    OTHER = "other"
    NOBODY = "nobody"


class VisitState(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    MATCHED = "matched"
    OUT = "out"
    REPORTED = "reported"
    CANCELLED = "cancelled"


LIVE = (VisitState.PLANNED, VisitState.MATCHED, VisitState.OUT)
"""States in which a visit is still to be made or under way."""


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
    attends: Attends | None = None
    agreed_at: datetime | None = None
    eve_at: datetime | None = None
    declined_at: datetime | None = None
    released_by: str | None = None

    @property
    def may_go(self) -> bool:
        """Whether the resident agreed, or the chief sends the team all the same."""
        return self.declined_at is None and (self.agreed is Agreed.YES or self.released_by is not None)

    @property
    def eve_open(self) -> bool:
        """Whether 前日確認 is still to be made: the word was given on an earlier day than the eve."""
        if self.agreed is not Agreed.YES or self.eve_at is not None or self.agreed_at is None:
            return False
        return (self.day - activity_day(self.agreed_at)).days > 1


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
        plan = msgspec.structs.replace(
            plan, version=row.version, calls=row.calls, state=row.state, team_id=row.team_id
        )
        if (row.day, row.band) != (self.day, self.band):
            return plan
        return msgspec.structs.replace(
            plan,
            agreed=row.agreed,
            attends=row.attends,
            agreed_at=row.agreed_at,
            eve_at=row.eve_at,
            declined_at=row.declined_at,
            released_by=row.released_by,
        )


class Called(Event, frozen=True, kw_only=True):
    """The resident was called: agreed, or no answer. `eve`: it was 前日確認."""

    kind: ClassVar[str] = "visit.called"
    subject: ClassVar[type[Row]] = Visit
    agreed: Agreed
    attends: Attends | None = None
    eve: bool = False

    def evolve(self, row: Visit, stamp: Stamp) -> Visit:
        """One call more, and what it gave. The day before, a word once given stands when nobody answers."""
        called = msgspec.structs.replace(row, calls=row.calls + 1, attends=self.attends or row.attends)
        if self.agreed is Agreed.YES:
            return msgspec.structs.replace(
                called,
                agreed=Agreed.YES,
                agreed_at=row.agreed_at if self.eve and row.agreed_at else stamp.occurred_at,
                eve_at=stamp.occurred_at if self.eve else row.eve_at,
                declined_at=None,
            )
        if self.eve and self.agreed is not Agreed.NO:
            return called
        return msgspec.structs.replace(called, agreed=self.agreed)


class Declined(Event, frozen=True, kw_only=True):
    """The resident calls it off while a team is ready or under way: the team is stopped, not forgotten."""

    kind: ClassVar[str] = "visit.declined"
    subject: ClassVar[type[Row]] = Visit

    def evolve(self, row: Visit, stamp: Stamp) -> Visit:
        """Nobody goes there any more; who is out is called home."""
        return msgspec.structs.replace(row, agreed=Agreed.NO, declined_at=stamp.occurred_at)


class Released(Event, frozen=True, kw_only=True):
    """The chief sends the team though the resident has not agreed, by name and reason."""

    kind: ClassVar[str] = "visit.released"
    subject: ClassVar[type[Row]] = Visit

    def evolve(self, row: Visit, stamp: Stamp) -> Visit:
        """By whom."""
        return msgspec.structs.replace(row, released_by=stamp.actor_id)


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
        """Planned again; one that the resident called off is over."""
        over = row.declined_at is not None
        return msgspec.structs.replace(
            row, team_id=None, state=VisitState.CANCELLED if over else VisitState.PLANNED
        )


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
    if need.state is NeedState.ON_HOLD:
        return Refusal("need-on-hold", {"number": need.number})
    if row is not None and row.state not in (VisitState.PLANNED, VisitState.MATCHED):
        return Refusal("visit-under-way")
    if row is not None and row.state is VisitState.MATCHED and (row.day, row.band) != (day, band):
        return Refusal("visit-has-team")
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
