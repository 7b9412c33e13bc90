"""The day as plain data, and the plan that answers it. Person, visit and team stand in the domain."""

from typing import Annotated, Literal

import msgspec

from dvc_core.domain.distance import way_m
from dvc_core.domain.kernel import Code
from dvc_core.domain.problem import Fact
from dvc_core.domain.teaming import (
    HALVES,
    Band,
    Count,
    Half,
    Heads,
    Identifier,
    Limits,
    Person,
    Stock,
    Surroundings,
    Team,
    Visit,
)

Status = Literal["greedy", "feasible", "optimal"]


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """People who came together. Members are named here or by their own `group_id`; the leader can lead."""

    id: Identifier
    leader_id: Identifier | None = None
    member_ids: tuple[Identifier, ...] = ()
    size: Count | None = None


class Travel(msgspec.Struct, frozen=True, kw_only=True):
    """How teams get there: the center's place, whether it drives teams itself, ways measured on roads.

    `meters` (visit id → metres of way) wins over the straight line × detour where it is known.
    """

    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lng: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    shuttle: bool = False
    meters: dict[Identifier, Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]] = {}


Points = Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """Points of the objective; the formula stands in README.md."""

    priority_1: Points
    priority_2: Points
    priority_3: Points
    priority_4: Points
    priority_5: Points
    per_person: Points
    unconfirmed: Annotated[float, msgspec.Meta(ge=0, le=1)]
    continuing: Points
    idle: Points
    person_km: Points
    extra: Points


class People(msgspec.Struct, frozen=True, kw_only=True):
    """Heads to assume where a visit says 未定."""

    default_min: Heads
    default_max: Heads


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The council's limits and weights, from `data/reference/matching.toml`."""

    limits: Limits
    weights: Weights
    people: People
    detour: Annotated[float, msgspec.Meta(ge=1, le=10)]


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a proposal depends on: who and what is here, and where to go.

    `locks` are teams that a person has fixed: they stay as they are, their people and tools are taken.
    """

    rules: Rules
    travel: Travel
    people: tuple[Person, ...] = ()
    groups: tuple[Group, ...] = ()
    visits: tuple[Visit, ...] = ()
    stock: tuple[Stock, ...] = ()
    locks: tuple[Team, ...] = ()

    def distance_m(self, visit: Visit) -> float | None:
        """Metres of way from the center to the visit; None when its place is not known."""
        known = self.travel.meters.get(visit.id)
        if known is not None or visit.lat is None or visit.lng is None:
            return known
        here = (self.travel.lat, self.travel.lng)
        return way_m(here, (visit.lat, visit.lng), self.rules.detour)

    def surroundings(self, visit: Visit, others: tuple[Team, ...]) -> Surroundings:
        """What a team for the visit meets when these other teams are out already."""
        bands = {one.id: one.band for one in self.visits}
        engaged: dict[Half, set[str]] = {"am": set(), "pm": set()}
        left: dict[Half, dict[Code, int]] = {
            "am": {item.code: item.count for item in self.stock},
            "pm": {item.code: item.count for item in self.stock},
        }
        for team in others:
            for half in HALVES[bands[team.visit_id]]:
                engaged[half].update(team.member_ids)
                for code, count in team.tools.items():
                    left[half][code] = left[half].get(code, 0) - count
        return Surroundings(
            limits=self.rules.limits,
            people={person.id: person for person in self.people},
            stock={item.code: item for item in self.stock},
            left=left,
            engaged={half: frozenset(ids) for half, ids in engaged.items()},
            distance_m=self.distance_m(visit),
            shuttle=self.travel.shuttle,
        )


class Reason(msgspec.Struct, frozen=True):
    """A code and its facts; the words are `reason.<code>` in the catalogue."""

    code: Code
    facts: dict[str, Fact] = {}


class PlannedTeam(Team, frozen=True, kw_only=True):
    """A proposed team with its half-day and why it is made so."""

    band: Band = "day"
    locked: bool = False
    reasons: tuple[Reason, ...] = ()


class Unserved(msgspec.Struct, frozen=True, kw_only=True):
    """A visit without a team, and what is missing."""

    visit_id: str
    missing: tuple[Reason, ...]


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    """A person without a team, and why."""

    person_id: str
    reason: Reason


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal. `bound` is what no plan can exceed; `gap` is (bound - objective) / |objective|."""

    status: Status
    objective: float
    bound: float
    gap: float
    seconds: float
    teams: tuple[PlannedTeam, ...]
    unserved: tuple[Unserved, ...]
    idle: tuple[Idle, ...]
