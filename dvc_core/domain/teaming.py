"""Who may go together to a visit: the rules of マッチング and 送り出し.

One text of the rules for everyone: a proposal is built from them, an act that confirms a team is refused by
them. What adds up over a team (heads, leaders, seats, adults for minors) is a `Requirement`: a sum that must
reach a number, so that a solver can take the same line as a row of its model. The rest are plain conditions
on a person, a group or the stock. Field practice: reference to rules and their sources stands beside the
numbers in `data/reference/matching.toml`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import ceil
from typing import Annotated, Literal

import msgspec

from dvc_core.domain.kernel import Code, Refusal
from dvc_core.domain.problem import Fact

Half = Literal["am", "pm"]
Band = Literal["am", "pm", "day"]
Reach = Literal["near", "middle", "far"]
Gate = Literal["open", "conditional", "closed"]
Kind = Literal["tool", "car", "truck", "bicycle"]

Identifier = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]*$"
    ),
]
"""Names one thing of the day; no control or direction characters, which would reorder a printed line."""

Count = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
Heads = Annotated[int, msgspec.Meta(ge=1, le=1_000)]
Metres = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]

REACHES: tuple[Reach, ...] = ("near", "middle", "far")
"""From what is walked to what needs a seat."""

HALVES: dict[str, tuple[Half, ...]] = {"am": ("am",), "pm": ("pm",), "day": ("am", "pm")}
"""The half-days that a band of the day takes up."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The council's numbers, from `data/reference/matching.toml`; metres are metres of way, not straight."""

    minors_per_adult: Count
    team_min: Heads
    whole_group_max: Heads
    piece_min: Heads
    piece_max: Heads
    near_m: Metres
    middle_m: Metres


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A volunteer of the day as far as a team depends on it.

    `seats` counts the places of the vehicle that the person came with and drives, the own one included;
    without `driver` it is not counted. Who is not known to be admitted and insured is not.
    """

    id: Identifier
    admitted: bool = False
    insured: bool = False
    minor: bool = False
    woman: bool = False
    leader_able: bool = False
    driver: bool = False
    seats: Annotated[int, msgspec.Meta(ge=0, le=60)] = 0
    truck: bool = False
    heavy_ok: bool = True
    hazard_ok: bool = False
    reach: Reach = "far"
    band: Band = "day"
    skills: tuple[Code, ...] = ()
    group_id: Identifier | None = None
    continuing_need_ids: tuple[Identifier, ...] = ()


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """One visit of the day and what it asks for. `priority` runs from 1 (life and living) to 5.

    `gate` is the safety gate on place and work: `closed` until it is released, `conditional` for adults only
    under the condition in `gate_reason`. A place that is not known has no `lat` and `lng`.
    """

    id: Identifier
    need_id: Identifier
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    lng: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    band: Band = "day"
    people_min: Heads
    people_max: Heads
    people_assumed: bool = False
    skills: dict[Code, Count] = {}
    tools: dict[Code, Count] = {}
    trucks: Count = 0
    adults_only: bool = False
    women_wanted: bool = False
    hazard: bool = False
    heavy: bool = False
    gate: Gate = "open"
    gate_reason: Code | None = None
    priority: Annotated[int, msgspec.Meta(ge=1, le=5)] = 3
    confirmed: bool = False


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of tool or vehicle of the center and how many there are today; `seats` is a vehicle's."""

    code: Code
    count: Count
    kind: Kind = "tool"
    seats: Count = 0


class Team(msgspec.Struct, frozen=True, kw_only=True):
    """Some people for one visit; the leader is one of the members. `tools` holds the vehicles taken, too."""

    visit_id: Identifier
    leader_id: Identifier
    member_ids: tuple[Identifier, ...]
    tools: dict[Code, Count] = {}


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What else holds when a team is checked: the people here, and what other teams have taken already.

    `left` is the stock that is still there per half-day, `engaged` who already has a team in that half-day.
    """

    limits: Limits
    people: Mapping[str, Person]
    stock: Mapping[Code, Stock]
    left: Mapping[Half, Mapping[Code, int]]
    engaged: Mapping[Half, frozenset[str]]
    distance_m: float | None
    shuttle: bool = False


class Requirement(msgspec.Struct, frozen=True):
    """A sum over members and vehicles that must reach `least`; else a refusal of this code."""

    code: Code
    measure: str
    least: int
    skill: Code | None = None


OVERRIDABLE = frozenset(
    {
        "team-too-few",
        "team-too-many",
        "team-skill-short",
        "team-no-woman",
        "team-seat-short",
        "team-tool-missing",
        "team-group-split",
        "team-piece-small",
        "team-piece-leaderless",
        "person-too-far",
    }
)
"""What a named person may set aside with a reason. The rest protects somebody or is plainly impossible."""


def reach_of(distance_m: float, limits: Limits) -> Reach:
    """Near is walked, middle can be cycled, far needs a seat."""
    if distance_m <= limits.near_m:
        return "near"
    return "middle" if distance_m <= limits.middle_m else "far"


def has_vehicle(person: Person) -> bool:
    """Whether the person drives the vehicle that they came with."""
    return person.driver and (person.seats > 0 or person.truck)


def may_lead(person: Person) -> bool:
    """A leader is able to lead and an adult."""
    return person.leader_able and not person.minor


def requirements(
    visit: Visit, distance_m: float | None, limits: Limits, *, shuttle: bool
) -> Iterator[Requirement]:
    """Every sum that a team for the visit must reach."""
    yield Requirement("team-too-few", "head", max(visit.people_min, limits.team_min))
    yield Requirement("team-too-many", "room", -max(visit.people_max, limits.team_min))
    yield Requirement("team-no-leader", "leader", 1)
    yield Requirement("team-minors-unaccompanied", "care", 0)
    for skill, least in sorted(visit.skills.items()):
        yield Requirement("team-skill-short", f"skill:{skill}", least, skill)
    if visit.women_wanted:
        yield Requirement("team-no-woman", "woman", 1)
    ride = distance_m is not None and distance_m > limits.near_m and not shuttle
    if visit.trucks:
        yield Requirement("team-truck-short", "truck", visit.trucks)
    if visit.trucks or ride:
        yield Requirement("team-driver-short", "driver", 0)
    if ride:
        yield Requirement("team-seat-short", "seat", 0)


def brings(person: Person, measure: str, limits: Limits) -> int:
    """What one member adds to a sum.

    Who came with a vehicle drives it; a vehicle of the center is driven by somebody else with a licence.
    `care` is what adults can look after minus the minors there are; `seat` is seats minus heads.
    """
    match measure:
        case "head":
            return 1
        case "room":
            return -1
        case "leader":
            return int(may_lead(person))
        case "care":
            return -1 if person.minor else limits.minors_per_adult
        case "woman":
            return int(person.woman)
        case "truck":
            return int(person.truck and person.driver)
        case "driver":
            return int(person.driver and not has_vehicle(person))
        case "seat":
            return (max(person.seats, 1) if has_vehicle(person) else 0) - 1
        case _:
            return int(measure.removeprefix("skill:") in person.skills)


def vehicle_brings(item: Stock, measure: str, distance_m: float | None, limits: Limits) -> int:
    """What one vehicle of the center adds to a sum; a bicycle goes as far as `middle_m`."""
    match item.kind, measure:
        case ("truck", "truck"):
            return 1
        case ("truck" | "car", "driver"):
            return -1
        case ("truck" | "car", "seat"):
            return item.seats
        case ("bicycle", "seat"):
            return int(distance_m is None or distance_m <= limits.middle_m)
        case _:
            return 0


def unfit(person: Person, visit: Visit, distance_m: float | None, limits: Limits) -> Iterator[Refusal]:
    """Why this person may not go to this visit, whoever else goes."""
    if not person.admitted:
        yield _refuse("person-not-admitted", person=person.id)
    if not person.insured:
        yield _refuse("person-not-insured", person=person.id)
    if person.minor and visit.hazard:
        yield _refuse("person-minor-hazard", person=person.id)
    elif person.minor and (visit.adults_only or visit.gate == "conditional"):
        yield _refuse("person-minor-adults-only", person=person.id)
    elif visit.hazard and not person.hazard_ok:
        yield _refuse("person-no-hazard", person=person.id)
    if visit.heavy and not person.heavy_ok:
        yield _refuse("person-no-heavy", person=person.id)
    if not set(HALVES[visit.band]) <= set(HALVES[person.band]):
        yield _refuse("person-not-there", person=person.id, band=visit.band)
    if distance_m is not None and REACHES.index(reach_of(distance_m, limits)) > REACHES.index(person.reach):
        yield _refuse("person-too-far", person=person.id)


def _refuse(code: str, **facts: Fact) -> Refusal:
    return Refusal(code, facts)


def gate_holds(visit: Visit) -> Iterator[Refusal]:
    """A closed safety gate lets nobody through, whatever the team."""
    if visit.gate == "closed":
        yield _refuse("visit-gate-closed", reason=visit.gate_reason)


def check_team(team: Team, visit: Visit, around: Surroundings) -> list[Refusal]:
    """Every rule that the team breaks; none when it may go."""
    members = [around.people[one] for one in dict.fromkeys(team.member_ids) if one in around.people]
    found = [*gate_holds(visit), *_people_known(team, around), *_leader(team, around)]
    for person in members:
        found += unfit(person, visit, around.distance_m, around.limits)
    found += _one_team_each(members, visit, around)
    found += _sums(team, members, visit, around)
    found += _groups_together(members, visit, around)
    found += _tools(team, visit, around)
    return found


def _people_known(team: Team, around: Surroundings) -> Iterator[Refusal]:
    for one, times in Counter(team.member_ids).items():
        if one not in around.people:
            yield _refuse("person-unknown", person=one)
        elif times > 1:
            yield _refuse("person-twice", person=one)


def _leader(team: Team, around: Surroundings) -> Iterator[Refusal]:
    leader = around.people.get(team.leader_id)
    if team.leader_id not in team.member_ids:
        yield _refuse("leader-not-member", person=team.leader_id)
    elif leader is not None and not may_lead(leader):
        yield _refuse("leader-not-able", person=team.leader_id)


def _one_team_each(members: list[Person], visit: Visit, around: Surroundings) -> Iterator[Refusal]:
    for person in members:
        for half in HALVES[visit.band]:
            if person.id in around.engaged.get(half, ()):
                yield _refuse("person-engaged", person=person.id, half=half)
                break


def _sums(team: Team, members: list[Person], visit: Visit, around: Surroundings) -> Iterator[Refusal]:
    limits, distance = around.limits, around.distance_m
    taken = [(around.stock[code], count) for code, count in team.tools.items() if code in around.stock]
    for rule in requirements(visit, distance, limits, shuttle=around.shuttle):
        total = sum(brings(person, rule.measure, limits) for person in members)
        total += sum(vehicle_brings(item, rule.measure, distance, limits) * n for item, n in taken)
        if total < rule.least:
            short = rule.least - total
            if rule.measure == "care":
                short = ceil(short / max(1, limits.minors_per_adult))
            if rule.skill is None:
                yield _refuse(rule.code, short=short)
            else:
                yield _refuse(rule.code, short=short, skill=rule.skill)


def _groups_together(members: list[Person], visit: Visit, around: Surroundings) -> Iterator[Refusal]:
    """A group stays whole; a large one may go in pieces, each big enough and with a leader of its own."""
    limits = around.limits
    busy = {one for half in HALVES[visit.band] for one in around.engaged.get(half, ())}
    for group in sorted({person.group_id for person in members if person.group_id}):
        here = [person for person in members if person.group_id == group]
        present = [p for p in around.people.values() if p.group_id == group and p.admitted and p.insured]
        left_behind = {person.id for person in present} - busy - {person.id for person in here}
        if not left_behind:
            continue
        if len(present) <= limits.whole_group_max:
            yield _refuse("team-group-split", group=group, left=len(left_behind))
            continue
        if len(here) < limits.piece_min:
            yield _refuse("team-piece-small", group=group, short=limits.piece_min - len(here))
        leaders = sum(may_lead(person) for person in here)
        if leaders < ceil(len(here) / limits.piece_max):
            yield _refuse("team-piece-leaderless", group=group)


def _tools(team: Team, visit: Visit, around: Surroundings) -> Iterator[Refusal]:
    for code, count in sorted(visit.tools.items()):
        if team.tools.get(code, 0) < count:
            yield _refuse("team-tool-missing", tool=code, short=count - team.tools.get(code, 0))
    for code, count in sorted(team.tools.items()):
        for half in HALVES[visit.band]:
            short = count - around.left.get(half, {}).get(code, 0)
            if short > 0:
                yield _refuse("tool-short", tool=code, short=short, half=half)
                break
