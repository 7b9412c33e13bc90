"""マッチングの確定: a person confirms a team; every rule is checked again, people and tools are taken."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.gate_facts import Around, around, at_this_moment
from dvc_core.commands.same_person import counting
from dvc_core.domain import team, teaming, visit
from dvc_core.domain.attendance import Attendance, Engaged, Freed, attendance_id
from dvc_core.domain.day import Series, series_id, take_number
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal
from dvc_core.domain.need import Gate, Need, Priority
from dvc_core.domain.note import write
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.reference import Reference
from dvc_core.domain.team import Loan, Member, Team, Tool, member_id, tool_id
from dvc_core.domain.visit import Visit, VisitState
from dvc_core.domain.volunteer import Volunteer
from dvc_core.ports import Reader

GATES: dict[Gate, teaming.Gate] = {
    Gate.OPEN: "open",
    Gate.CONDITIONAL: "conditional",
    Gate.HELD: "closed",
    Gate.CLOSED: "closed",
}
PRIORITIES = {Priority.URGENT: 1, Priority.HIGH: 2, Priority.NORMAL: 3, Priority.LOW: 4}
MOST_MEMBERS = 60


def person_of(row: Volunteer, day: Attendance | None) -> teaming.Person:
    """A volunteer and their day as the rules of teaming see them."""
    return teaming.Person(
        id=str(row.id),
        admitted=day is not None and day.admitted and day.present,
        insured=row.insurance not in (Insurance.NONE, Insurance.UNKNOWN),
        minor=row.minor,
        leader_able=row.leader_able,
        driver=row.driver,
        seats=row.seats,
        truck=row.truck,
        skills=row.skills,
        group_id=str(row.group_id) if row.group_id else None,
    )


def visit_of(row: Visit, need: Need, reason: Code | None = None) -> teaming.Visit:
    """A visit and its need as the rules of teaming see them; `reason`: the line of the gate that decides.

    A red or yellow place is closed by its gate; one that the chief released is for adults only, as every
    conditional place is. `hazard` stays for work that asks for trained people, whom no list tells of yet.
    """
    return teaming.Visit(
        id=str(row.id),
        need_id=str(need.id),
        lat=need.lat,
        lng=need.lng,
        band=row.band.value,
        people_min=row.people_min,
        people_max=row.people_max,
        skills=dict.fromkeys(need.skills, 1),
        tools=dict.fromkeys(need.tools, 1),
        trucks=need.trucks,
        gate=GATES[need.gate],
        gate_reason=reason,
        priority=PRIORITIES[need.priority],
        confirmed=row.agreed is visit.Agreed.YES,
    )


def stock_of(code: str, count: int, reference: Reference) -> teaming.Stock:
    """A kind of tool or vehicle and how many are free."""
    kind = reference.tool(code)
    if kind is None:
        return teaming.Stock(code=code, count=max(count, 0))
    return teaming.Stock(code=code, count=max(count, 0), kind=kind.kind, seats=kind.seats)


class _Confirm(msgspec.Struct, frozen=True, kw_only=True):
    visit: Visit | None
    need: Need | None
    around: Around
    people: dict[uuid.UUID, Volunteer]
    days: dict[uuid.UUID, Attendance]
    others: tuple[tuple[Volunteer, Attendance | None], ...]
    tools: dict[uuid.UUID, Tool]
    teams: Series | None
    orders: Series | None


def _came_with(
    reader: Reader, people: dict[uuid.UUID, Volunteer], operation: uuid.UUID, day: date
) -> tuple[tuple[Volunteer, Attendance | None], ...]:
    """Who else belongs to the members' groups, with their day: a group stays together."""
    groups = sorted({row.group_id for row in people.values() if row.group_id})
    others = [row for group in groups for row in reader.find(Volunteer, group_id=group)]
    ids = {row.id: attendance_id(operation, row.id, day) for row in others if row.id not in people}
    days = reader.many(Attendance, ids.values()) if ids else {}
    return tuple((row, days.get(ids[row.id])) for row in others if row.id in ids)


class Confirm(Command, frozen=True, kw_only=True):
    """A person confirms a team for a visit, from a proposal or by hand.

    `reason` lets a named person set aside what protects nobody (`teaming.OVERRIDABLE`).
    """

    kind: ClassVar[str] = "team.confirm"
    role: ClassVar[str] = "matching"
    visit_id: uuid.UUID
    leader_id: uuid.UUID
    member_ids: tuple[uuid.UUID, ...]
    tools: dict[Code, int] = {}
    reason: str = ""

    def context(self, reader: Reader, call: Call) -> _Confirm:
        """The visit, need and gate, the people and their day, the tools asked for, the runs of numbers."""
        row = reader.get(Visit, self.visit_id)
        need = reader.get(Need, row.need_id) if row else None
        members = self.member_ids[:MOST_MEMBERS]
        operation = call.operation_id
        day = row.day if row else date.min
        people = reader.many(Volunteer, members)
        return _Confirm(
            visit=row,
            need=need,
            around=around(reader, need) if need else Around(),
            people=people,
            others=_came_with(reader, people, operation, day),
            days=reader.many(Attendance, [attendance_id(operation, m, day) for m in members]),
            tools=reader.many(Tool, [tool_id(operation, code) for code in self.tools]),
            teams=reader.get(Series, series_id(operation, "team", day)),
            orders=reader.get(Series, series_id(operation, "order")),
        )

    def decide(self, context: _Confirm, call: Call) -> Decision:
        """Every rule of teaming, then people, tools, visit and order number are taken together."""
        row, need = context.visit, context.need
        if row is None or need is None:
            return Refusal("visit-unknown")
        if row.state is not VisitState.PLANNED:
            return Refusal("visit-has-team" if row.state is VisitState.MATCHED else "visit-under-way")
        if any(person.merged_into is not None for person in context.people.values()):
            return Refusal("team-member-merged")
        if len(set(self.member_ids)) != len(self.member_ids) or len(self.member_ids) > MOST_MEMBERS:
            return Refusal("team-member-twice")
        refused = self._check(context, row, need, call)
        if refused is not None:
            return refused
        return self._confirmed(context, row, call)

    def _check(self, context: _Confirm, row: Visit, need: Need, call: Call) -> Refusal | None:
        days = {each.volunteer_id: each for each in context.days.values()}
        for member in self.member_ids:
            if (day := days.get(member)) is not None and day.team_id is not None:
                return Refusal("person-in-team", {"number": context.people[member].number})
        people = {str(i): person_of(v, days.get(i)) for i, v in context.people.items()}
        people |= {str(other.id): person_of(other, came) for other, came in context.others}
        taken = frozenset(str(other.id) for other, came in context.others if came and came.team_id)
        limits, ways = call.reference.limits, call.reference.ways
        if limits is None or ways is None:
            raise LookupError("the council's numbers were not loaded")
        halves = teaming.HALVES[row.band.value]
        free = {tool.code: tool.free for tool in context.tools.values()}
        surroundings = teaming.Surroundings(
            limits=limits,
            people=people,
            stock={code: stock_of(code, n, call.reference) for code, n in free.items()},
            left=dict.fromkeys(halves, free),
            engaged=dict.fromkeys(halves, taken),
            distance_m=ways.metres(need.lat, need.lng),
            shuttle=ways.shuttle,
        )
        proposed = teaming.Team(
            visit_id=str(row.id),
            leader_id=str(self.leader_id),
            member_ids=tuple(str(member) for member in self.member_ids),
            tools=dict(self.tools),
        )
        gate = at_this_moment(call.reference, need, context.around)
        asked = visit_of(row, msgspec.structs.replace(need, gate=gate.gate), gate.first.rule)
        for refusal in teaming.check_team(proposed, asked, surroundings):
            if refusal.code not in teaming.OVERRIDABLE or not self.reason.strip():
                return refusal
        return None

    def _confirmed(self, context: _Confirm, row: Visit, call: Call) -> Outcome:
        team_id = call.new_id("team")
        operation = call.operation_id
        number = take_number(context.teams, series_id(operation, "team", row.day))
        order = take_number(context.orders, series_id(operation, "order"))
        confirmed = team.Confirmed(
            id=team_id,
            number=number.number,
            order_number=order.number,
            day=row.day,
            visit_id=row.id,
            leader_id=self.leader_id,
            size=len(self.member_ids),
            tools=tuple(sorted(self.tools)),
        )
        events: list[Event] = [number, order, confirmed, visit.Matched(id=row.id, team_id=team_id)]
        for member in self.member_ids:
            events.append(Engaged(id=attendance_id(operation, member, row.day), team_id=team_id))
            events.append(
                team.MemberJoined(
                    id=member_id(team_id, member),
                    team_id=team_id,
                    volunteer_id=member,
                    leader=member == self.leader_id,
                )
            )
        for code, count in sorted(self.tools.items()):
            if count > 0:
                events.append(team.ToolReserved(id=tool_id(operation, code), team_id=team_id, count=count))
                loan = team.LoanChanged(
                    id=team.loan_id(team_id, code),
                    team_id=team_id,
                    code=code,
                    promised=count,
                    lent=0,
                    back=0,
                    lost=0,
                )
                events.append(loan)
        noted, rows = write(call.new_id("reason"), team_id, "team-override", self.reason, about_person=False)
        return Outcome(events=(*events, *noted), rows=rows)


class TeamNow(msgspec.Struct, frozen=True, kw_only=True):
    """A team with its people, their day by who joined the team, its loans and its visit.

    Two members may be registrations of one human being: then both have the same day.
    """

    team: Team
    members: tuple[Member, ...]
    days: dict[uuid.UUID, Attendance]
    loans: tuple[Loan, ...]
    visit: Visit | None


def team_now(reader: Reader, team_id: uuid.UUID) -> TeamNow | None:
    """Everything about a team that its commands decide by."""
    row = reader.get(Team, team_id)
    if row is None:
        return None
    members = reader.find(Member, team_id=team_id)
    people = counting(reader, [member.volunteer_id for member in members])
    ids = {i: attendance_id(row.operation_id, who.id, row.day) for i, who in people.items()}
    found = reader.many(Attendance, ids.values())
    days = {i: found[day_id] for i, day_id in ids.items() if day_id in found}
    return TeamNow(
        team=row,
        members=tuple(members),
        days=days,
        loans=tuple(reader.find(Loan, team_id=team_id)),
        visit=reader.get(Visit, row.visit_id),
    )


def freed(now: TeamNow, members: Iterable[Member] | None = None) -> list[Event]:
    """The events that free people of a team for another one."""
    chosen = now.members if members is None else members
    days = [now.days[member.volunteer_id] for member in chosen if member.volunteer_id in now.days]
    mine = dict.fromkeys(day.id for day in days if day.team_id == now.team.id)
    return [Freed(id=day_id, team_id=now.team.id) for day_id in mine]


def dissolved(now: TeamNow) -> list[Event]:
    """The events that dissolve a team which has not gone: people and tools are free, the order is void."""
    tools: list[Event] = []
    for loan in now.loans:
        if loan.promised:
            tools.append(
                team.ToolReleased(
                    id=tool_id(now.team.operation_id, loan.code), team_id=now.team.id, count=loan.promised
                )
            )
            tools.append(team.loan_change(loan, promised=0))
    return [team.Dissolved(id=now.team.id), *freed(now), *tools]


class Dissolve(Command, frozen=True, kw_only=True):
    """Take a team apart before it goes; its order number becomes void."""

    kind: ClassVar[str] = "team.dissolve"
    role: ClassVar[str] = "matching"
    team_id: uuid.UUID
    reason: str = ""

    def context(self, reader: Reader, call: Call) -> TeamNow | None:
        """The team."""
        return team_now(reader, self.team_id)

    def decide(self, context: TeamNow | None, call: Call) -> Decision:
        """Only a team that is here."""
        if context is None:
            return Refusal("team-unknown")
        if context.team.dissolved_at is not None or context.team.departed_at is not None:
            return Refusal("team-gone", {"number": context.team.number})
        again = [visit.Unmatched(id=context.team.visit_id)] if context.visit else []
        noted, rows = write(
            call.new_id("why"), context.team.id, "team-dissolved", self.reason, about_person=False
        )
        return Outcome(events=(*dissolved(context), *again, *noted), rows=rows)


class CountTools(Command, frozen=True, kw_only=True):
    """Say how many of a kind of tool the center has."""

    kind: ClassVar[str] = "tool.count"
    role: ClassVar[str] = "dispatch"
    code: Code
    total: int

    def context(self, reader: Reader, call: Call) -> Tool | None:
        """What is known of it."""
        return reader.get(Tool, tool_id(call.operation_id, self.code))

    def decide(self, context: Tool | None, call: Call) -> Decision:
        """A known kind, and no fewer than are promised or out."""
        if all(kind.code != self.code for kind in call.reference.tools):
            return Refusal("tool-unknown", {"tool": self.code})
        used = context.reserved + context.lent if context else 0
        if not used <= self.total <= team.MOST_TOOLS:
            return Refusal("tool-count", {"least": used, "most": team.MOST_TOOLS})
        row_id = tool_id(call.operation_id, self.code)
        return Outcome(events=(team.ToolCounted(id=row_id, code=self.code, total=self.total),))
