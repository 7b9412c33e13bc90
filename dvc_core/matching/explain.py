"""Why the plan is as it is: teams say why, visits not served what is missing, people without a team why."""

from collections.abc import Iterable, Iterator

from dvc_core.domain.teaming import Person, Team, Visit, has_vehicle, reach_of
from dvc_core.matching.compose import Draft
from dvc_core.matching.greedy import teams_of
from dvc_core.matching.idle import idle_people
from dvc_core.matching.missing import missing_for
from dvc_core.matching.model import Day, Plan, PlannedTeam, Reason, Status, Unserved
from dvc_core.matching.rules import broken_locks
from dvc_core.matching.score import heads_min, objective

URGENT = 2
"""Priorities up to this one are named as the reason for a team."""

TOLERANCE = 1e-6
"""How far a solver's arithmetic may put a bound below the plan that reaches it."""


def explained(draft: Draft, status: Status, bound: float, seconds: float) -> Plan:
    """The plan of a draft, with every reason. `bound` must hold for every plan of the day."""
    day = draft.field.day
    people = {person.id: person for person in day.people}
    visits = {visit.id: visit for visit in day.visits}
    broken = broken_locks(day)
    teams = []
    for team in teams_of(draft):
        fixed = [Reason("locked")] if team.locked else []
        fixed += [Reason("rule-broken", {"rule": code}) for code in broken.get(team.visit_id, ())]
        why = reasons_for(day, team, visits[team.visit_id], people) if not team.locked else ()
        teams.append(_with_reasons(team, (*fixed, *why)))
    served = {team.visit_id for team in teams}
    missing = {visit.id: missing_for(draft, visit) for visit in day.visits if visit.id not in served}
    points = round(objective(day, teams), 4)
    bound = round(bound, 4)
    if 0 < points - bound <= TOLERANCE * max(1.0, abs(points)):
        bound = points
    return Plan(
        status=status,
        objective=points,
        bound=bound,
        gap=round((bound - points) / max(1.0, abs(points)), 6),
        seconds=round(seconds, 3),
        teams=tuple(teams),
        unserved=tuple(Unserved(visit_id=one, missing=reasons) for one, reasons in missing.items()),
        idle=tuple(idle_people(draft, teams, missing)),
    )


def reasons_for(day: Day, team: Team, visit: Visit, people: dict[str, Person]) -> tuple[Reason, ...]:
    """Why these people, under this leader, with these vehicles, go to this visit."""
    members = [people[one] for one in team.member_ids]
    return (
        _leader(people[team.leader_id], visit),
        *_visit(visit),
        *_people(members, visit, day),
        *_way(members, team, visit, day),
    )


def _with_reasons(team: PlannedTeam, reasons: tuple[Reason, ...]) -> PlannedTeam:
    return PlannedTeam(
        visit_id=team.visit_id,
        leader_id=team.leader_id,
        member_ids=team.member_ids,
        tools=team.tools,
        band=team.band,
        locked=team.locked,
        reasons=reasons,
    )


def _leader(leader: Person, visit: Visit) -> Reason:
    facts: dict[str, str | int | float | bool | None] = {"person": leader.id}
    if visit.need_id in leader.continuing_need_ids:
        return Reason("leader-same-house", facts)
    if leader.group_id is not None:
        return Reason("leader-of-group", facts | {"group": leader.group_id})
    return Reason("leader-experienced", facts)


def _visit(visit: Visit) -> Iterator[Reason]:
    if visit.priority <= URGENT:
        yield Reason("urgent", {"priority": visit.priority})
    if visit.gate == "conditional":
        yield Reason("gate-conditional", {"reason": visit.gate_reason})
    if not visit.confirmed:
        yield Reason("not-confirmed")
    if visit.people_assumed:
        yield Reason("people-assumed", {"people": visit.people_min})


def _people(members: list[Person], visit: Visit, day: Day) -> Iterator[Reason]:
    known = sum(visit.need_id in person.continuing_need_ids for person in members)
    if known:
        yield Reason("same-house", {"people": known})
    for group in sorted({person.group_id for person in members if person.group_id}):
        here = sum(person.group_id == group for person in members)
        whole = sum(p.group_id == group and p.admitted and p.insured for p in day.people)
        if here < whole:
            yield Reason("group-piece", {"group": group, "people": here, "whole": whole})
        elif here > 1:
            yield Reason("group-together", {"group": group, "people": here})
    for skill in sorted(visit.skills):
        for person in members:
            if skill in person.skills:
                yield Reason("skill", {"skill": skill, "person": person.id})
    if visit.women_wanted and any(person.woman for person in members):
        yield Reason("woman")
    minors = sum(person.minor for person in members)
    if minors:
        yield Reason("minors-accompanied", {"minors": minors, "adults": len(members) - minors})
    extra = len(members) - heads_min(visit, day.rules.limits)
    if extra > 0:
        yield Reason("extra-hands", {"people": extra})


def _way(members: list[Person], team: Team, visit: Visit, day: Day) -> Iterator[Reason]:
    distance = day.distance_m(visit)
    if visit.trucks:
        for person in members:
            if person.truck and has_vehicle(person):
                yield Reason("own-truck", {"person": person.id})
    vehicles = [item for item in day.stock if item.kind != "tool" and team.tools.get(item.code)]
    for item in vehicles:
        yield Reason("center-vehicle", {"tool": item.code, "count": team.tools[item.code]})
    if distance is None:
        return
    km = round(distance / 1000, 1)
    if reach_of(distance, day.rules.limits) == "near":
        yield Reason("walking", {"km": km})
    elif day.travel.shuttle:
        yield Reason("shuttle", {"km": km})
    else:
        yield from _own_cars(members)
        yield Reason("riding", {"km": km})


def _own_cars(members: Iterable[Person]) -> Iterator[Reason]:
    for person in members:
        if has_vehicle(person) and not person.truck:
            yield Reason("own-car", {"person": person.id, "seats": person.seats})
