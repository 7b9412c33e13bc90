"""One team for one visit from whoever is free: the step that the greedy answer repeats.

The step adds the atom that takes away most of what is still lacking, and prefers those who are not scarce
elsewhere: a driver is not spent as a mere pair of hands while others are free.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dvc_core.domain.teaming import HALVES, Half, Limits, Person, Stock, may_lead, vehicle_brings
from dvc_core.matching.atoms import Atom, Field, Job, Share
from dvc_core.matching.score import head_cost, heads_min, visit_value

WEIGHT = {"head": 1.0, "care": 2.0}
"""How much a lacking unit counts beside another; whatever is not named is a special need and counts 3."""


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What a job asks for, with the columns of its profile by name."""

    least: dict[str, int]
    column: dict[str, int]
    most: int
    distance_m: float

    @classmethod
    def of(cls, job: Job) -> "Need":
        """The need of a job."""
        least = {rule.measure: rule.least for rule in job.requirements}
        column = {rule.measure: at for at, rule in enumerate(job.requirements)}
        return cls(least=least, column=column, most=-least["room"], distance_m=job.distance_m)


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What a selection amounts to: the vehicles it would take, and what it still lacks by measure."""

    vehicles: dict[str, int]
    lacks: dict[str, int]

    @property
    def weight(self) -> float:
        """All that is lacking as one number; zero when the team may go."""
        return sum(WEIGHT.get(measure, 3.0) * short for measure, short in self.lacks.items())


class Fleet:
    """Vehicles of the center that one visit could use, by how useful they are."""

    def __init__(
        self, stock: Iterable[Stock], free: Mapping[str, int], distance_m: float, limits: Limits
    ) -> None:
        held = [(item, free.get(item.code, 0)) for item in stock if item.kind != "tool"]
        seats = {item.code: vehicle_brings(item, "seat", distance_m, limits) for item, _ in held}
        self.seats = seats
        ranked = sorted(held, key=lambda entry: (-seats[entry[0].code], entry[0].code))
        self.trucks = [(item.code, count) for item, count in ranked if item.kind == "truck"]
        self.cars = [(item.code, count) for item, count in ranked if item.kind in ("car", "truck")]
        self.bicycles = [
            (item.code, count) for item, count in ranked if item.kind == "bicycle" and seats[item.code]
        ]


def tally(need: Need, heads: int, sums: Sequence[int], fleet: Fleet) -> Tally:
    """Vehicles that the selection can take at best, and what is lacking then."""
    lacks: dict[str, int] = {}
    taken: dict[str, int] = defaultdict(int)
    column = need.column
    for measure, least in need.least.items():
        if measure not in ("room", "truck", "driver", "seat") and sums[column[measure]] < least:
            lacks[measure] = least - sums[column[measure]]
    drivers = sums[column["driver"]] if "driver" in column else 0
    if "truck" in column:
        short = need.least["truck"] - sums[column["truck"]]
        for code, count in fleet.trucks:
            use = max(0, min(short, drivers, count))
            taken[code] += use
            short -= use
            drivers -= use
        if short > 0:
            lacks["truck"] = short
    if "seat" in column:
        seats = sums[column["seat"]] + heads + sum(fleet.seats[code] * n for code, n in taken.items())
        short = max(heads, need.least["head"]) - seats
        for code, count in fleet.cars:
            use = max(0, min(-(-short // max(1, fleet.seats[code])), drivers, count - taken[code]))
            taken[code] += use
            drivers -= use
            short -= use * fleet.seats[code]
        for code, count in fleet.bicycles:
            use = max(0, min(short, count))
            taken[code] += use
            short -= use
        if short > 0:
            lacks["seat"] = short
    return Tally(vehicles={code: n for code, n in taken.items() if n}, lacks=lacks)


class Draft:
    """A plan in the making: who is free in which half-day, what is left of the stock, the teams so far."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.free: dict[Half, set[int]] = {
            half: {atom.index for atom in field.atoms if half in atom.halves} for half in HALVES["day"]
        }
        self.left: dict[Half, dict[str, int]] = {
            half: {item.code: item.count for item in field.day.stock} for half in HALVES["day"]
        }
        bands = {visit.id: visit.band for visit in field.day.visits}
        for team in field.day.locks:
            for half in HALVES[bands[team.visit_id]]:
                for code, count in team.tools.items():
                    self.left[half][code] = self.left[half].get(code, 0) - count
        self.teams: dict[int, tuple[tuple[int, ...], dict[str, int]]] = {}

    def copy(self) -> "Draft":
        """A draft that does not change with this one."""
        other = Draft.__new__(Draft)
        other.field = self.field
        other.restore(self)
        return other

    def restore(self, other: "Draft") -> None:
        """Become what the other draft is now."""
        self.free = {half: set(atoms) for half, atoms in other.free.items()}
        self.left = {half: dict(stock) for half, stock in other.left.items()}
        self.teams = dict(other.teams)

    def points(self) -> float:
        """The objective up to what is the same for every draft of the day."""
        field, weights, limits = self.field, self.field.day.rules.weights, self.field.day.rules.limits
        total = 0.0
        working: set[int] = set()
        for index, (chosen, _) in self.teams.items():
            job, shares = field.jobs[index], field.shares[field.jobs[index].profile]
            total += visit_value(job.visit, weights) + weights.extra * heads_min(job.visit, limits)
            cost = head_cost(job.distance_m, weights)
            for one in chosen:
                share = shares[one]
                assert share is not None
                total += weights.continuing * share.continuing - cost * share.heads
            working.update(chosen)
        return total + weights.idle * sum(field.atoms[one].unengaged for one in working)

    def free_for(self, job: Job) -> set[int]:
        """Atoms that are free in all half-days of the job."""
        halves = job.halves
        return self.free[halves[0]] if len(halves) == 1 else self.free["am"] & self.free["pm"]

    def left_for(self, job: Job) -> dict[str, int]:
        """Stock that is there in all half-days of the job."""
        first, *rest = (self.left[half] for half in job.halves)
        return {code: min([count, *(other.get(code, 0) for other in rest)]) for code, count in first.items()}

    def fleet(self, job: Job, besides: Mapping[str, int] | None = None) -> Fleet:
        """The vehicles that the job could use beside its tools; `besides` are some that it holds already."""
        left = self.left_for(job)
        for code, count in (besides or {}).items():
            left[code] = left.get(code, 0) + count
        if job.index not in self.teams:
            for code, count in job.visit.tools.items():
                left[code] = left.get(code, 0) - count
        return Fleet(self.field.day.stock, left, job.distance_m, self.field.day.rules.limits)

    def has_tools(self, job: Job) -> bool:
        """Whether the tools that the visit asks for are there."""
        left = self.left_for(job)
        return all(left.get(code, 0) >= count for code, count in job.visit.tools.items())

    def put(self, job: Job, atoms: Iterable[int], vehicles: dict[str, int]) -> None:
        """Send these atoms and vehicles; a team that the job has already is taken back first."""
        self.take_back(job)
        chosen = tuple(sorted(atoms))
        for half in job.halves:
            self.free[half] -= set(chosen)
            for code, count in (*job.visit.tools.items(), *vehicles.items()):
                self.left[half][code] = self.left[half].get(code, 0) - count
        self.teams[job.index] = (chosen, vehicles)

    def take_back(self, job: Job) -> None:
        """Free what the job's team holds, if it has one."""
        if job.index not in self.teams:
            return
        atoms, vehicles = self.teams.pop(job.index)
        for half in job.halves:
            self.free[half] |= set(atoms)
            for code, count in (*job.visit.tools.items(), *vehicles.items()):
                self.left[half][code] += count


def prices(field: Field) -> list[float]:
    """What it costs the rest of the day to use an atom: its scarce abilities, as demand over supply."""
    demand: dict[str, float] = defaultdict(float)
    for job in field.jobs:
        for rule in job.requirements:
            if rule.measure == "leader" or rule.measure.startswith("skill:"):
                demand[rule.measure] += rule.least
        demand["drive"] += job.visit.trucks + any(rule.measure == "seat" for rule in job.requirements)
        demand["woman"] += job.visit.women_wanted
        demand["hazard"] += job.visit.people_min * job.visit.hazard
    supply: dict[str, int] = defaultdict(int)
    for atom in field.atoms:
        for ability in _abilities(atom.members):
            supply[ability] += 1
    rate = {ability: min(3.0, wanted / (supply[ability] or 1)) for ability, wanted in demand.items()}
    needs = {job.visit.need_id for job in field.jobs}
    return [
        sum(rate.get(ability, 0.0) for ability in _abilities(atom.members))
        + 0.3 * sum(not person.minor for person in atom.members)
        + 2.0 * sum(not needs.isdisjoint(person.continuing_need_ids) for person in atom.members)
        + 0.5 * (len(atom.halves) - 1) * atom.size
        for atom in field.atoms
    ]


def _abilities(members: Iterable[Person]) -> Iterable[str]:
    for person in members:
        if may_lead(person):
            yield "leader"
        if person.driver:
            yield "drive"
        if person.woman:
            yield "woman"
        if person.hazard_ok:
            yield "hazard"
        for skill in person.skills:
            yield f"skill:{skill}"


def compose(
    job: Job, pools: Mapping[Share, Sequence[int]], price: Sequence[float], fleet: Fleet
) -> tuple[list[int], Tally] | None:
    """A team for the job out of the pools (atoms by what they bring, cheapest first), or None.

    People who were at this house before come first; then, step by step, whoever takes away most of what is
    lacking.
    """
    need = Need.of(job)
    used: dict[Share, int] = defaultdict(int)
    chosen: list[int] = []
    heads, sums = 0, [0] * len(job.requirements)
    state = tally(need, heads, sums, fleet)

    def best() -> tuple[float, Share] | None:
        options: list[tuple[float, Share]] = []
        for share, pool in pools.items():
            if used[share] >= len(pool) or heads + share.heads > need.most:
                continue
            after = tally(
                need, heads + share.heads, [a + b for a, b in zip(sums, share.sums, strict=True)], fleet
            )
            gain = state.weight - after.weight
            if gain > 0:
                over = max(0, heads + share.heads - need.least["head"])
                worth = gain + 2.0 * share.continuing - 0.4 * price[pool[used[share]]] - 0.5 * over
                options.append((worth / share.heads**0.5, share))
        return max(options, key=lambda option: option[0], default=None)

    while state.lacks:
        step = best()
        if step is None:
            return None
        share = step[1]
        chosen.append(pools[share][used[share]])
        used[share] += 1
        heads += share.heads
        sums = [a + b for a, b in zip(sums, share.sums, strict=True)]
        state = tally(need, heads, sums, fleet)
    return chosen, state


def pools_for(
    job: Job, shares: Sequence[Share | None], free: Iterable[int], price: Sequence[float]
) -> dict[Share, list[int]]:
    """The free atoms that may go to the job, by what they bring, cheapest first."""
    pools: dict[Share, list[int]] = defaultdict(list)
    for index in sorted(free, key=lambda one: (price[one], one)):
        share = shares[index]
        if share is not None and share.heads <= -job.requirements[1].least:
            pools[share].append(index)
    return dict(pools)


def sums_of(field: Field, job: Job, chosen: Iterable[int]) -> list[int]:
    """What these atoms bring to the job together, in the order of its requirements."""
    shares = field.shares[job.profile]
    brought = [share.sums for one in chosen if (share := shares[one]) is not None]
    return [sum(column) for column in zip(*brought, strict=True)]


def size_of(atoms: Sequence[Atom], chosen: Iterable[int]) -> int:
    """Heads of these atoms."""
    return sum(atoms[index].size for index in chosen)
