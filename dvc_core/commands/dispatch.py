"""送り出しと帰着: out on an order, heard by voice, home one by one, reported; day and center closed."""

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

import msgspec

from dvc_core.commands.base import Call, Command, Sort
from dvc_core.commands.gate_facts import Around, around, at_this_moment
from dvc_core.commands.need import Receive
from dvc_core.commands.need_form import Receiving
from dvc_core.commands.team import TeamNow, dissolved, freed, team_now
from dvc_core.domain import attendance, closing, need, team, visit
from dvc_core.domain.attendance import Attendance
from dvc_core.domain.gate import SHUT
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal
from dvc_core.domain.need import Need, NeedState, Place, Site
from dvc_core.domain.note import write
from dvc_core.domain.operation import Operation
from dvc_core.domain.review import raise_review
from dvc_core.domain.team import MemberState, Word, tool_id
from dvc_core.domain.visit import Result, Visit, VisitState
from dvc_core.ports import Reader


class _OneTeam(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "dispatch"
    team_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> TeamNow | None:
        """The team, its people, its loans, its visit."""
        return team_now(reader, self.team_id)


class _Leaving(msgspec.Struct, frozen=True, kw_only=True):
    now: TeamNow
    need: Need | None
    around: Around


class Depart(_OneTeam, frozen=True, kw_only=True):
    """The team goes out: all of its people, with the tools that were promised."""

    kind: ClassVar[str] = "team.depart"
    expected_return_at: datetime

    def context(self, reader: Reader, call: Call) -> _Leaving | None:  # type: ignore[override]
        """The team, its people, its loans, and where it goes as the safety gate stands now."""
        now = team_now(reader, self.team_id)
        if now is None:
            return None
        need = reader.get(Need, now.visit.need_id) if now.visit else None
        return _Leaving(now=now, need=need, around=around(reader, need) if need else Around())

    def decide(self, context: _Leaving | None, call: Call) -> Decision:
        """Once, with a time to be back, and not to a place that the safety gate has closed meanwhile."""
        if context is None:
            return Refusal("team-unknown")
        row = context.now.team
        if row.dissolved_at is not None or row.departed_at is not None:
            return Refusal("team-gone", {"number": row.number})
        if (stopped := _not_awaited(context.now.visit, row.number)) is not None:
            return stopped
        if not call.now < self.expected_return_at <= call.now + team.LONGEST_OUT:
            return Refusal("return-time-impossible")
        if context.need is not None and (
            at_this_moment(call.reference, context.need, context.around).gate in SHUT
        ):
            return Refusal("gate-stops-team", {"number": row.number, "need": context.need.number})
        events: list[Event] = [
            team.Departed(id=row.id, expected_return_at=self.expected_return_at),
            visit.SentOut(id=row.visit_id),
        ]
        for who, day in context.now.days.items():
            if not day.out:
                events.append(attendance.Departed(**_of(who, day)))
        for loan in context.now.loans:
            if loan.promised:
                lent = team.ToolLent(
                    id=tool_id(row.operation_id, loan.code),
                    team_id=row.id,
                    count=loan.promised,
                    promised=loan.promised,
                )
                events += [lent, team.loan_change(loan, promised=0, lent=loan.lent + loan.promised)]
        return Outcome(events=tuple(events))


def _not_awaited(row: Visit | None, number: int) -> Refusal | None:
    """Nobody is sent to a door that stays shut (practice 5.4)."""
    if row is None or row.may_go:
        return None
    return Refusal("visit-declined" if row.declined_at else "visit-not-agreed", {"number": number})


class Say(_OneTeam, frozen=True, kw_only=True):
    """The team was heard (到着・遅れ・終了・事故), or nobody answered (連絡なし): a fact."""

    kind: ClassVar[str] = "team.say"
    sort: ClassVar[Sort] = "fact"
    word: Word
    expected_return_at: datetime | None = None
    words: str = ""

    def decide(self, context: TeamNow | None, call: Call) -> Decision:
        """Noted always."""
        if context is None:
            kept = msgspec.json.encode({"word": self.word, "words": self.words}).decode()
            return raise_review(
                call.new_id("review"), "unknown-team", kept, station=call.station, source=call.source
            )
        said = team.Said(id=self.team_id, word=self.word, expected_return_at=self.expected_return_at)
        noted, rows = write(call.new_id("words"), self.team_id, "team-word", self.words, about_person=True)
        return Outcome(events=(said, *noted), rows=rows)


class StraightHome(_OneTeam, frozen=True, kw_only=True):
    """By the leader's word one member went home on their own (早退・直帰)."""

    kind: ClassVar[str] = "team.straight_home"
    volunteer_id: uuid.UUID
    words: str = ""

    def decide(self, context: TeamNow | None, call: Call) -> Decision:
        """A member of a team that is out, who is still with it."""
        if context is None:
            return Refusal("team-unknown")
        if not context.team.out:
            return Refusal("team-not-out", {"number": context.team.number})
        member = next((m for m in context.members if m.volunteer_id == self.volunteer_id), None)
        day = context.days.get(self.volunteer_id)
        if member is None or day is None or member.state is not MemberState.WITH_TEAM:
            return Refusal("not-in-team")
        events: list[Event] = [
            team.MemberMoved(id=member.id, state=MemberState.STRAIGHT_HOME),
            attendance.Returned(**_of(self.volunteer_id, day)),
            attendance.Left(**_of(self.volunteer_id, day)),
            *freed(context, [member]),
        ]
        noted, rows = write(call.new_id("words"), day.id, "straight-home", self.words, about_person=True)
        return Outcome(events=(*events, *noted), rows=rows)


class ComeHome(_OneTeam, frozen=True, kw_only=True):
    """The team is home: everyone is accounted for; tools come back as counted (`back`, `lost`).

    `all_here`: the desk sees the whole team before it, so those not yet scanned are recorded as returned.
    """

    kind: ClassVar[str] = "team.come_home"
    back: dict[Code, int] = {}
    lost: dict[Code, int] = {}
    all_here: bool = False

    def decide(self, context: TeamNow | None, call: Call) -> Decision:
        """Held by people who are still out."""
        if context is None:
            return Refusal("team-unknown")
        row = context.team
        if not row.out:
            return Refusal("team-not-out", {"number": row.number})
        still = {who: d for who, d in context.days.items() if d.out and d.team_id == row.id}
        if still and not self.all_here:
            people = {d.id for d in still.values()}
            return Refusal("team-people-out", {"count": len(people), "number": row.number})
        events: list[Event] = [attendance.Returned(**_of(who, day)) for who, day in still.items()]
        events += [
            team.MemberMoved(id=member.id, state=MemberState.HOME)
            for member in context.members
            if member.state is MemberState.WITH_TEAM
        ]
        loans = self._loans(context)
        if isinstance(loans, Refusal):
            return loans
        return Outcome(events=(*events, team.Returned(id=row.id), *freed(context), *loans))

    def _loans(self, context: TeamNow) -> list[Event] | Refusal:
        events: list[Event] = []
        lent = {loan.code for loan in context.loans}
        for code, count in (*self.back.items(), *self.lost.items()):
            if count and code not in lent:
                return Refusal("tool-back-count", {"tool": code, "out": 0})
        for loan in context.loans:
            open_count = loan.lent - loan.back - loan.lost
            back, lost = self.back.get(loan.code, 0), self.lost.get(loan.code, 0)
            if back < 0 or lost < 0 or back + lost > open_count:
                return Refusal("tool-back-count", {"tool": loan.code, "out": open_count})
            if back or lost:
                tool = tool_id(context.team.operation_id, loan.code)
                events.append(team.ToolBack(id=tool, team_id=context.team.id, count=back, lost=lost))
                events.append(team.loan_change(loan, back=loan.back + back, lost=loan.lost + lost))
        return events


class _Report(msgspec.Struct, frozen=True, kw_only=True):
    now: TeamNow
    need: Need | None
    planned: tuple[Visit, ...]
    teams: tuple[TeamNow, ...]
    receiving: Receiving | None


class Report(Command, frozen=True, kw_only=True):
    """The leader's report and what it means for the need, in one act: no finished house is visited again.

    `resident_agrees` makes a done need 完了, else it is 完了見込み until the resident says so. `heard` is a
    new need that was told on site: taken in with the report, by whoever may report, or neither is stored.
    """

    kind: ClassVar[str] = "team.report"
    role: ClassVar[str] = "return"
    team_id: uuid.UUID
    result: Result
    resident_agrees: bool = False
    remaining_people: int | None = None
    remaining_days: int | None = None
    words: str = ""
    accident: str = ""
    heard: Site | None = None
    heard_place: Place = Place()

    def context(self, reader: Reader, call: Call) -> _Report | None:
        """The team, its need, and the visits that are still planned there, with their teams."""
        now = team_now(reader, self.team_id)
        if now is None or now.visit is None:
            return None
        others = [v for v in reader.find(Visit, need_id=now.visit.need_id) if v.id != now.visit.id]
        teams = [team_now(reader, v.team_id) for v in others if v.state is VisitState.MATCHED and v.team_id]
        return _Report(
            now=now,
            need=reader.get(Need, now.visit.need_id),
            planned=tuple(v for v in others if v.state in (VisitState.PLANNED, VisitState.MATCHED)),
            teams=tuple(t for t in teams if t is not None),
            receiving=None if self.heard is None else Receive(site=self.heard).context(reader, call),
        )

    def decide(self, context: _Report | None, call: Call) -> Decision:
        """After the team has gone, once; 継続 says how much is left."""
        if context is None or context.need is None:
            return Refusal("team-unknown")
        row = context.now.team
        if row.departed_at is None:
            return Refusal("team-not-out", {"number": row.number})
        if row.reported_at is not None:
            return Refusal("team-reported", {"number": row.number})
        if self.result is Result.GOES_ON and not (self.remaining_people and self.remaining_days):
            return Refusal("remaining-missing")
        new = self._heard(context.receiving, call)
        if isinstance(new, Refusal):
            return new
        events: list[Event] = [
            team.Reported(id=row.id),
            visit.Reported(id=row.visit_id, result=self.result),
            self._moved(context.need),
        ]
        if self.result is Result.DONE:
            for each in context.teams:
                events += dissolved(each)
            events += [visit.Cancelled(id=each.id, reason="need-done") for each in context.planned]
        noted, rows = write(call.new_id("words"), row.id, "report", self.words, about_person=True)
        hurt, more = write(call.new_id("accident"), row.id, "accident", self.accident, about_person=True)
        return Outcome(
            events=(*events, *noted, *hurt, *new.events),
            rows=(*rows, *more, *new.rows),
        )

    def _heard(self, receiving: Receiving | None, call: Call) -> Decision:
        if self.heard is None or receiving is None:
            return Outcome(events=())
        return Receive(site=self.heard, place=self.heard_place).decide(receiving, call)

    def _moved(self, row: Need) -> Event:
        state = {
            Result.DONE: NeedState.DONE if self.resident_agrees else NeedState.NEARLY_DONE,
            Result.GOES_ON: NeedState.READY,
            Result.ABSENT: NeedState.READY,
            Result.STOPPED: NeedState.RECEIVED,
        }[self.result]
        done = self.result is Result.DONE
        people = 0 if done else self.remaining_people or row.remaining_people
        days = 0 if done else self.remaining_days or row.remaining_days
        return need.StateSet(id=row.id, state=state, remaining_people=people, remaining_days=days)


class CloseDay(Command, frozen=True, kw_only=True):
    """Close the day: refused while someone is out, unless a named person says why."""

    kind: ClassVar[str] = "day.close"
    role: ClassVar[str] = "return"
    day: date
    reason: str = ""

    def context(self, reader: Reader, call: Call) -> tuple[Operation | None, list[Attendance]]:
        """The operation and everyone of the day."""
        rows = reader.find(Attendance, operation_id=call.operation_id, day=self.day)
        return reader.get(Operation, call.operation_id), rows

    def decide(self, context: tuple[Operation | None, list[Attendance]], call: Call) -> Decision:
        """Nobody is forgotten."""
        operation, rows = context
        decision = closing.close_day(operation, self.day, rows, released=bool(self.reason.strip()))
        return _with_reason(decision, call, self.reason, "day-close")


class DecideClosing(Command, frozen=True, kw_only=True):
    """閉所判断, with its reason."""

    kind: ClassVar[str] = "operation.decide_closing"
    role: ClassVar[str] = "chief"
    reason: str

    def context(self, reader: Reader, call: Call) -> Operation | None:
        """The operation."""
        return reader.get(Operation, call.operation_id)

    def decide(self, context: Operation | None, call: Call) -> Decision:
        """Of an open center."""
        if not self.reason.strip():
            return Refusal("reason-missing")
        return _with_reason(closing.decide_closing(context), call, self.reason, "closing-reason")


class Close(Command, frozen=True, kw_only=True):
    """閉所: held by people not home and by needs nobody took over, released only by name and reason."""

    kind: ClassVar[str] = "operation.close"
    role: ClassVar[str] = "chief"
    reason: str = ""

    def context(self, reader: Reader, call: Call) -> tuple[Operation | None, list[Attendance], list[Need]]:
        """The operation, everyone, every need."""
        return (
            reader.get(Operation, call.operation_id),
            reader.find(Attendance, operation_id=call.operation_id),
            reader.find(Need, operation_id=call.operation_id),
        )

    def decide(self, context: tuple[Operation | None, list[Attendance], list[Need]], call: Call) -> Decision:
        """Everybody home first."""
        operation, rows, needs = context
        decision = closing.close_center(operation, rows, needs, released=bool(self.reason.strip()))
        return _with_reason(decision, call, self.reason, "close-reason")


def _of(member: uuid.UUID, day: Attendance) -> dict[str, Any]:
    """Whose fact it is: a member who was merged into someone keeps it as a part of that person's day."""
    shown = None if member == day.volunteer_id else member
    return {"id": day.id, "volunteer_id": day.volunteer_id, "day": day.day, "shown": shown}


def _with_reason(decision: Decision, call: Call, reason: str, purpose: Code) -> Decision:
    if isinstance(decision, Refusal):
        return decision
    noted, rows = write(call.new_id(purpose), decision.events[0].id, purpose, reason, about_person=False)
    return msgspec.structs.replace(decision, events=(*decision.events, *noted), rows=rows)
