"""Verifies a plan from the text of the rules alone: no function of the program is called, only its data read.

It is written against `dvc_core/matching/README.md`, person by person and team by team, with none of the sums,
atoms or profiles that the program uses, so that one mistake in thought does not hide in both.
"""

import math
from collections import Counter, defaultdict

from dvc_core.domain.teaming import Person, Team, Visit
from dvc_core.matching.model import Day, Plan

PARTS = {"am": {"am"}, "pm": {"pm"}, "day": {"am", "pm"}}


def faults(day: Day, plan: Plan) -> list[str]:
    """Everything that is wrong with the plan, in plain English; empty when it stands."""
    found = [fault for team in plan.teams for fault in _team(day, team)]
    return found + _whole(day, plan) + _told(day, plan)


def way_m(day: Day, visit: Visit) -> float:
    """Metres of way by the haversine formula, detour included."""
    if visit.id in day.travel.meters:
        return day.travel.meters[visit.id]
    radius = 6_371_008.8
    phi1, phi2 = math.radians(day.travel.lat), math.radians(visit.lat)
    half_phi, half_lambda = (phi2 - phi1) / 2, math.radians(visit.lng - day.travel.lng) / 2
    a = math.sin(half_phi) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(half_lambda) ** 2
    return round(2 * radius * math.atan2(math.sqrt(a), math.sqrt(1 - a)) * day.rules.detour, 1)


def points(day: Day, plan: Plan) -> float:
    """The objective by the formula of the README."""
    weights, visits = day.rules.weights, {visit.id: visit for visit in day.visits}
    people = {person.id: person for person in day.people}
    total = 0.0
    for team in plan.teams:
        visit = visits[team.visit_id]
        value = getattr(weights, f"priority_{visit.priority}") + weights.per_person * visit.people_min
        total += value if visit.confirmed else value * weights.unconfirmed
        for member in team.member_ids:
            total += weights.continuing * (visit.need_id in people[member].continuing_need_ids)
            total -= weights.person_km * way_m(day, visit) / 1000
        fewest = max(visit.people_min, day.rules.limits.team_min)
        total -= weights.extra * (len(team.member_ids) - fewest)
    working = {member for team in plan.teams for member in team.member_ids}
    return total - weights.idle * sum(person.id not in working for person in day.people)


def _team(day: Day, team: Team) -> list[str]:
    visit = next(visit for visit in day.visits if visit.id == team.visit_id)
    for lock in day.locks:
        if lock.visit_id == team.visit_id:
            kept = (lock.leader_id, lock.tools) == (team.leader_id, team.tools)
            kept = kept and set(lock.member_ids) == set(team.member_ids)
            return [] if kept else [f"{visit.id}: a fixed team was changed"]
    everyone = {person.id: person for person in day.people}
    members = [everyone[one] for one in team.member_ids]
    leader = everyone[team.leader_id]
    minors = [person for person in members if person.minor]
    limits = day.rules.limits
    wrong = {
        "gate closed": visit.gate == "closed",
        "somebody twice": len(set(team.member_ids)) != len(team.member_ids),
        "no adult leader who can lead": leader not in members or leader.minor or not leader.leader_able,
        "too few": len(members) < max(visit.people_min, limits.team_min),
        "too many": len(members) > max(visit.people_max, limits.team_min),
        "no woman": visit.women_wanted and not any(person.woman for person in members),
        "minors": len(minors) > limits.minors_per_adult * (len(members) - len(minors)),
    }
    found = [fault for fault, is_so in wrong.items() if is_so]
    for skill, count in visit.skills.items():
        if sum(skill in person.skills for person in members) < count:
            found.append(f"skill {skill}")
    for tool, count in visit.tools.items():
        if team.tools.get(tool, 0) < count:
            found.append(f"tool {tool}")
    for person in members:
        found += [f"{person.id} {fault}" for fault in _person(day, person, visit)]
    found += _vehicles(day, visit, members, team)
    found += _groups(day, visit, members)
    return [f"{visit.id}: {fault}" for fault in found]


def _person(day: Day, person: Person, visit: Visit) -> list[str]:
    limits, way = day.rules.limits, way_m(day, visit)
    found = []
    if not (person.admitted and person.insured):
        found.append("not admitted or not insured")
    if person.minor and (visit.hazard or visit.adults_only or visit.gate == "conditional"):
        found.append("minor where only adults go")
    if visit.hazard and not person.hazard_ok:
        found.append("not for hazardous work")
    if visit.heavy and not person.heavy_ok:
        found.append("not for heavy work")
    if not PARTS[visit.band] <= PARTS[person.band]:
        found.append("not there at that time")
    if person.reach == "near" and way > limits.near_m:
        found.append("too far")
    if person.reach == "middle" and way > limits.middle_m:
        found.append("too far")
    return found


def _vehicles(day: Day, visit: Visit, members: list[Person], team: Team) -> list[str]:
    way, limits = way_m(day, visit), day.rules.limits
    taken = {item: team.tools.get(item.code, 0) for item in day.stock if item.kind != "tool"}
    owners = [person for person in members if person.driver and (person.truck or person.seats)]
    others = [person for person in members if person.driver and person not in owners]
    trucks = sum(person.truck for person in owners)
    trucks += sum(count for item, count in taken.items() if item.kind == "truck")
    motor = sum(count for item, count in taken.items() if item.kind in ("truck", "car"))
    seats = sum(max(1, person.seats) for person in owners)
    seats += sum(item.seats * count for item, count in taken.items() if item.kind in ("truck", "car"))
    if way <= limits.middle_m:
        seats += sum(count for item, count in taken.items() if item.kind == "bicycle")
    found = []
    if trucks < visit.trucks:
        found.append("trucks")
    if motor > len(others):
        found.append("a vehicle without a driver")
    if way > limits.near_m and not day.travel.shuttle and seats < len(members):
        found.append("seats")
    return found


def _groups(day: Day, visit: Visit, members: list[Person]) -> list[str]:
    limits = day.rules.limits
    bands = {one.id: one.band for one in day.visits}
    fixed = {
        one
        for lock in day.locks
        if PARTS[bands[lock.visit_id]] & PARTS[visit.band]
        for one in lock.member_ids
    }
    found = []
    for group in {person.group_id for person in members} - {None}:
        whole = [p for p in day.people if p.group_id == group and p.admitted and p.insured]
        here = [person for person in members if person.group_id == group]
        if {p.id for p in whole} - fixed <= {p.id for p in here}:
            continue
        if len(whole) <= limits.whole_group_max:
            found.append(f"group {group} parted")
            continue
        leaders = sum(person.leader_able and not person.minor for person in here)
        if len(here) < limits.piece_min or len(here) > limits.piece_max * leaders:
            found.append(f"piece of {group} too small, or too large for its leaders")
    return found


def _whole(day: Day, plan: Plan) -> list[str]:
    found = []
    bands = {visit.id: visit.band for visit in day.visits}
    if twice := [one for one, n in Counter(team.visit_id for team in plan.teams).items() if n > 1]:
        found.append(f"two teams for {twice}")
    for part in ("am", "pm"):
        teams = [team for team in plan.teams if part in PARTS[bands[team.visit_id]]]
        busy = Counter(one for team in teams for one in team.member_ids)
        found += [f"{one} in {n} teams in {part}" for one, n in busy.items() if n > 1]
        used: dict[str, int] = defaultdict(int)
        for team in teams:
            for code, count in team.tools.items():
                used[code] += count
        held = {item.code: item.count for item in day.stock}
        locked = {code for lock in day.locks for code in lock.tools}
        found += [
            f"{code} over stock in {part}"
            for code, count in used.items()
            if count > held.get(code, 0) and code not in locked
        ]
    missing = {lock.visit_id for lock in day.locks} - {team.visit_id for team in plan.teams}
    return found + [f"fixed team of {one} is gone" for one in missing]


def _told(day: Day, plan: Plan) -> list[str]:
    """Every visit is served or says why not, every person works or has a reason, every team says why."""
    found = []
    served = {team.visit_id for team in plan.teams}
    if served & {entry.visit_id for entry in plan.unserved}:
        found.append("served and unserved at once")
    if served | {entry.visit_id for entry in plan.unserved} != {visit.id for visit in day.visits}:
        found.append("a visit is not accounted for")
    working = {one for team in plan.teams for one in team.member_ids}
    if working & {entry.person_id for entry in plan.idle}:
        found.append("working and idle at once")
    if working | {entry.person_id for entry in plan.idle} != {person.id for person in day.people}:
        found.append("a person is not accounted for")
    if not all(team.reasons for team in plan.teams) or not all(entry.missing for entry in plan.unserved):
        found.append("no reason given")
    if abs(points(day, plan) - plan.objective) > 0.01:
        found.append(f"objective {plan.objective} is {points(day, plan)}")
    if plan.bound < plan.objective - 1e-6:
        found.append("above its own bound")
    return found
