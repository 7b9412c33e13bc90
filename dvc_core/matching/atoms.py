"""What goes as one: single people, groups, and the pieces that a large group may be cut into.

Also what an atom means for a visit. Visits with the same requirements (numbers aside) share a *profile*; for
a profile an atom is only a vector of sums. Atoms with the same vectors everywhere cannot be told apart, which
is what keeps the model of a large day small.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import ceil

import msgspec

from dvc_core.domain.teaming import (
    HALVES,
    Half,
    Limits,
    Person,
    Requirement,
    Team,
    Visit,
    brings,
    may_lead,
    reach_of,
    requirements,
    unfit,
)
from dvc_core.matching.model import Day


class Atom(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """People who go together or not at all, and the half-days in which they are free."""

    index: int
    members: tuple[Person, ...]
    halves: tuple[Half, ...]
    group_id: str | None = None
    unengaged: int

    @property
    def size(self) -> int:
        """Heads."""
        return len(self.members)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What an atom is asked by all visits of one sort; `visit` stands for them all."""

    index: int
    visit: Visit
    distance_m: float | None
    measures: tuple[str, ...]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A visit that can be planned, its profile, its requirements in the order of the profile's measures."""

    index: int
    visit: Visit
    distance_m: float
    profile: int
    requirements: tuple[Requirement, ...]

    @property
    def km(self) -> float:
        """Kilometres of way, one way."""
        return self.distance_m / 1000

    @property
    def halves(self) -> tuple[Half, ...]:
        """The half-days it takes up."""
        return HALVES[self.visit.band]


class Share(msgspec.Struct, frozen=True):
    """What an atom brings to a profile: heads, sums per measure, heads who were at this house before."""

    heads: int
    sums: tuple[int, ...]
    continuing: int


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """The day cut into atoms, jobs and profiles; `shares[profile][atom]` is None where the atom cannot go."""

    day: Day
    atoms: tuple[Atom, ...]
    jobs: tuple[Job, ...]
    profiles: tuple[Profile, ...]
    shares: tuple[tuple[Share | None, ...], ...]


def lay_out(day: Day) -> Field:
    """Cut the day into what a plan is made of; fixed teams and their visits are no longer in it."""
    atoms = tuple(_atoms(day))
    jobs, profiles = _jobs(day, _known_needs(atoms))
    limits = day.rules.limits
    shares = tuple(tuple(_share(atom, profile, limits) for atom in atoms) for profile in profiles)
    return Field(day=day, atoms=atoms, jobs=jobs, profiles=profiles, shares=shares)


def plannable(visit: Visit, distance_m: float | None) -> bool:
    """Whether a team may be proposed at all: the gate lets people through and the place is known."""
    return visit.gate != "closed" and distance_m is not None


def _engaged(day: Day) -> dict[str, set[Half]]:
    bands = {visit.id: visit.band for visit in day.visits}
    busy: dict[str, set[Half]] = defaultdict(set)
    for team in day.locks:
        for one in team.member_ids:
            busy[one].update(HALVES[bands[team.visit_id]])
    return busy


def _atoms(day: Day) -> Iterable[Atom]:
    busy = _engaged(day)
    parties: dict[str, list[Person]] = defaultdict(list)
    present = [person for person in day.people if person.admitted and person.insured]
    for person in present:
        free = set(HALVES[person.band]) - busy.get(person.id, set())
        if free:
            parties[f"group/{person.group_id}" if person.group_id else f"person/{person.id}"].append(person)
    sizes: dict[str | None, int] = defaultdict(int)
    for person in present:
        sizes[person.group_id] += 1
    index = 0
    for party in parties.values():
        group_id = party[0].group_id
        large = group_id is not None and sizes[group_id] > day.rules.limits.whole_group_max
        for members in _pieces(party, day) if large else [tuple(party)]:
            shared = set(HALVES["day"])
            for person in members:
                shared &= set(HALVES[person.band]) - busy.get(person.id, set())
            if shared:
                yield Atom(
                    index=index,
                    members=members,
                    halves=tuple(half for half in HALVES["day"] if half in shared),
                    group_id=group_id,
                    unengaged=sum(person.id not in busy for person in members),
                )
                index += 1


def _pieces(party: list[Person], day: Day) -> list[tuple[Person, ...]]:
    """A large group in pieces with a leader each, near the size that the day's visits ask for.

    Members whom no leader can take stay out, unless a visit takes the whole group.
    """
    limits = day.rules.limits
    if len(party) <= limits.whole_group_max:
        return [tuple(party)]
    leaders = sum(may_lead(person) for person in party)
    fewest = ceil(len(party) / limits.piece_max)
    if leaders < fewest and any(visit.people_max >= len(party) for visit in day.visits):
        return [tuple(party)]
    wanted = [
        min(max(visit.people_min, limits.piece_min), limits.piece_max)
        for visit in day.visits
        if plannable(visit, day.distance_m(visit))
    ]
    usual = sum(wanted) / len(wanted) if wanted else limits.piece_max
    count = min(leaders, len(party) // limits.piece_min, max(fewest, round(len(party) / usual)))
    if count < 1:
        return []
    order = sorted(party, key=lambda p: (not may_lead(p), p.minor, not p.driver, len(p.skills), p.id))
    led = order[: count * limits.piece_max]
    return [tuple(led[start::count]) for start in range(count)]


def _known_needs(atoms: tuple[Atom, ...]) -> set[str]:
    return {need for atom in atoms for person in atom.members for need in person.continuing_need_ids}


def _jobs(day: Day, known_needs: set[str]) -> tuple[tuple[Job, ...], tuple[Profile, ...]]:
    fixed = {team.visit_id for team in day.locks}
    limits = day.rules.limits
    profiles: dict[tuple[object, ...], Profile] = {}
    jobs: list[Job] = []
    for visit in day.visits:
        distance = day.distance_m(visit)
        if visit.id in fixed or distance is None or not plannable(visit, distance):
            continue
        rules = tuple(requirements(visit, distance, limits, shuttle=day.travel.shuttle))
        measures = tuple(rule.measure for rule in rules)
        adults_only = visit.adults_only or visit.gate == "conditional"
        need = visit.need_id if visit.need_id in known_needs else None
        reach = reach_of(distance, limits)
        key = (visit.band, reach, measures, visit.hazard, visit.heavy, adults_only, need)
        profile = profiles.setdefault(
            key, Profile(index=len(profiles), visit=visit, distance_m=distance, measures=measures)
        )
        jobs.append(
            Job(
                index=len(jobs),
                visit=visit,
                distance_m=distance,
                profile=profile.index,
                requirements=rules,
            )
        )
    return tuple(jobs), tuple(profiles.values())


def _share(atom: Atom, profile: Profile, limits: Limits) -> Share | None:
    visit = profile.visit
    if not set(HALVES[visit.band]) <= set(atom.halves):
        return None
    if any(True for person in atom.members for _ in unfit(person, visit, profile.distance_m, limits)):
        return None
    sums = tuple(
        sum(brings(person, measure, limits) for person in atom.members) for measure in profile.measures
    )
    continuing = sum(visit.need_id in person.continuing_need_ids for person in atom.members)
    return Share(atom.size, sums, continuing)


def team_of(job: Job, atoms: Iterable[Atom], vehicles: dict[str, int]) -> Team:
    """The team of these atoms, with the visit's tools and the vehicles taken, under its best leader."""
    members = sorted((person for atom in atoms for person in atom.members), key=lambda person: person.id)
    leader = min(
        (person for person in members if may_lead(person)),
        key=lambda p: (job.visit.need_id not in p.continuing_need_ids, p.group_id is None, p.driver, p.id),
    )
    tools = dict(sorted(job.visit.tools.items()))
    for code, count in sorted(vehicles.items()):
        if count:
            tools[code] = tools.get(code, 0) + count
    return Team(
        visit_id=job.visit.id,
        leader_id=leader.id,
        member_ids=tuple(person.id for person in members),
        tools=tools,
    )
