"""What マッチング, 送り出し and 帰着 look at: people and visits that wait for each other, and the teams."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

import msgspec

from dvc_core.domain.attendance import Attendance, attendance_id
from dvc_core.domain.need import Need, NeedState, Site
from dvc_core.domain.team import Loan, Member, Team, Tool
from dvc_core.domain.visit import Visit, VisitState
from dvc_core.domain.volunteer import Group, Person, Volunteer
from dvc_core.ports import Reader
from dvc_core.queries.base import query
from dvc_core.queries.counting import counting

T = TypeVar("T", Member, Loan)


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """People who may be matched and visits that may be served on one day, with what the center has."""

    people: tuple[Volunteer, ...]
    days: dict[uuid.UUID, Attendance]
    names: dict[uuid.UUID, str]
    groups: tuple[Group, ...]
    visits: tuple[Visit, ...]
    needs: dict[uuid.UUID, Need]
    tools: tuple[Tool, ...]


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """How many wait for each other: people without a team, visits that the gate lets happen, their heads."""

    people: int
    visits: int
    people_wanted: int


@query("matching.waiting", role="view")
def waiting(reader: Reader, operation_id: uuid.UUID, day: date) -> Waiting:
    """The day's numbers of `ready`, without reading anyone."""
    people = reader.rows(
        "SELECT count(id) FROM attendance WHERE council_id = $council AND operation_id = $operation "
        "AND day = $day AND admitted AND team_id IS NULL "
        "AND came_at IS NOT NULL AND (left_at IS NULL OR left_at < came_at)",
        operation=operation_id,
        day=day,
    )[0]
    visits = reader.rows(
        "SELECT count(v.id), COALESCE(SUM(v.people_min), 0) FROM visit v "
        "JOIN need n ON n.council_id = v.council_id AND n.id = v.need_id "
        "WHERE v.council_id = $council AND v.operation_id = $operation AND v.day = $day "
        "AND v.state = 'planned' AND n.state = 'ready' AND n.gate IN ('open', 'conditional')",
        operation=operation_id,
        day=day,
    )[0]
    return Waiting(people=int(people[0]), visits=int(visits[0]), people_wanted=int(visits[1]))


@query("matching.ready", role="matching")
def ready(reader: Reader, operation_id: uuid.UUID, day: date) -> Ready:
    """Everyone present and free, every planned visit of a need that may go to matching."""
    rows = reader.find(Attendance, operation_id=operation_id, day=day)
    free = {row.volunteer_id: row for row in rows if row.present and row.team_id is None}
    people = reader.many(Volunteer, free)
    names = {i: person.name for i, person in reader.many(Person, free).items()}
    planned = reader.find(Visit, operation_id=operation_id, day=day, state=VisitState.PLANNED)
    needs = reader.many(Need, [visit.need_id for visit in planned])
    visits = [visit for visit in planned if needs[visit.need_id].state is NeedState.READY]
    return Ready(
        people=tuple(sorted(people.values(), key=lambda row: row.number)),
        days=free,
        names=names,
        groups=tuple(reader.find(Group, operation_id=operation_id)),
        visits=tuple(sorted(visits, key=lambda visit: needs[visit.need_id].number)),
        needs=needs,
        tools=tuple(tools(reader, operation_id)),
    )


@query("tools.list", role="view")
def tools(reader: Reader, operation_id: uuid.UUID) -> list[Tool]:
    """The operation's tools that were counted, by code."""
    rows = reader.rows(
        "SELECT DISTINCT subject_id FROM journal WHERE council_id = $council AND subject = 'tool' "
        "AND operation_id = $operation",
        operation=operation_id,
    )
    return sorted(reader.many(Tool, [row[0] for row in rows]).values(), key=lambda tool: tool.code)


class MemberLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person of a team with number, name, telephone and where they are.

    `joined_as`: the merged number under which the person joined, when it is not the one that counts.
    """

    member: Member
    number: int
    name: str
    phone: str
    out: bool
    home: bool
    joined_as: int | None = None


class TeamLine(msgspec.Struct, frozen=True, kw_only=True):
    """One team with its visit, need, people and loans."""

    team: Team
    visit: Visit | None
    need: Need | None
    site: Site | None
    members: tuple[MemberLine, ...]
    loans: tuple[Loan, ...]

    @property
    def people_out(self) -> int:
        """Members who are not home, each human being once."""
        return len({line.number for line in self.members if line.out})


@query("teams.day", role="dispatch")
def teams(reader: Reader, operation_id: uuid.UUID, day: date) -> list[TeamLine]:
    """Every team of the day by its number, the dissolved ones too."""
    rows = reader.find(Team, operation_id=operation_id, day=day)
    members = of_teams(reader, Member, rows)
    loans = of_teams(reader, Loan, rows)
    ids = [member.volunteer_id for member in members]
    counts = counting(reader, ids)
    volunteers = {**reader.many(Volunteer, ids), **{row.id: row for row in counts.values()}}
    people = reader.many(Person, volunteers)
    days = reader.many(Attendance, [attendance_id(operation_id, row.id, day) for row in counts.values()])
    by_person = {row.volunteer_id: row for row in days.values()}
    present = {i: by_person[row.id] for i, row in counts.items() if row.id in by_person}
    visits = reader.many(Visit, [team.visit_id for team in rows])
    needs = reader.many(Need, [visit.need_id for visit in visits.values()])
    sites = reader.many(Site, needs)
    lines = []
    for team in sorted(rows, key=lambda row: row.number):
        visit = visits.get(team.visit_id)
        need = needs.get(visit.need_id) if visit else None
        mine = [m for m in members if m.team_id == team.id]
        lines.append(
            TeamLine(
                team=team,
                visit=visit,
                need=need,
                site=sites.get(need.id) if need else None,
                members=tuple(_member(m, (volunteers, counts), people, present, team) for m in mine),
                loans=tuple(loan for loan in loans if loan.team_id == team.id),
            )
        )
    return lines


def of_teams(reader: Reader, cls: type[T], teams: Iterable[Team]) -> list[T]:
    """The rows that belong to the teams, by id: two statements however many teams there are."""
    ids = [team.id for team in teams]
    if not ids:
        return []
    names = [f"team{n}" for n in range(len(ids))]
    found = reader.rows(
        f"SELECT id FROM {cls.table} WHERE council_id = $council "
        f"AND team_id IN ({', '.join('$' + name for name in names)}) ORDER BY id NULLS LAST",
        **dict(zip(names, ids, strict=True)),
    )
    rows = reader.many(cls, [row[0] for row in found])
    return [rows[row[0]] for row in found]


def _member(
    member: Member,
    known: tuple[dict[uuid.UUID, Volunteer], dict[uuid.UUID, Volunteer]],
    people: dict[uuid.UUID, Person],
    present: dict[uuid.UUID, Attendance],
    team: Team,
) -> MemberLine:
    joined, row = (rows.get(member.volunteer_id) for rows in known)
    person = people.get(row.id) if row else None
    day = present.get(member.volunteer_id)
    return MemberLine(
        member=member,
        number=row.number if row else 0,
        name=person.name if person else "",
        phone=person.phone if person else "",
        out=day is not None and day.out and team.departed_at is not None and team.returned_at is None,
        home=day is not None and day.returned_at is not None and not day.out,
        joined_as=joined.number if joined and row and joined.id != row.id else None,
    )


class OutNow(msgspec.Struct, frozen=True, kw_only=True):
    """Who is out, without names: for the status page, the map and the block."""

    teams_out: int
    people_out: int
    overdue: int
    unreported: int


@query("teams.out", role="view")
def out_now(reader: Reader, operation_id: uuid.UUID, now: datetime) -> OutNow:
    """Counts of teams and people out; `overdue`: past their time to be back."""
    # Without the time in the question the same answer serves until something happens.
    teams = reader.rows(
        "SELECT expected_return_at, returned_at IS NULL, reported_at IS NULL FROM team "
        "WHERE council_id = $council AND operation_id = $operation AND departed_at IS NOT NULL "
        "AND (returned_at IS NULL OR reported_at IS NULL)",
        operation=operation_id,
    )
    people = reader.rows(
        "SELECT count(*) FROM attendance WHERE council_id = $council AND operation_id = $operation "
        "AND departed_at IS NOT NULL AND (returned_at IS NULL OR returned_at < departed_at)",
        operation=operation_id,
    )[0]
    out = [expected for expected, still_out, *_ in teams if still_out]
    return OutNow(
        teams_out=len(out),
        overdue=sum(expected is not None and expected < now for expected in out),
        unreported=sum(row[2] for row in teams),
        people_out=int(people[0]),
    )
