"""The day as a mixed-integer model, column by column and row by row; no solver is imported here.

Columns: `y[job]` served or not; `x[job, share]` how many atoms that bring this share go to the job;
`v[job, vehicle]` vehicles of the center that it takes; `f[class, profile]` how many atoms of a class work for
a profile; `u[class]` how many of its atoms work at all. A class holds atoms that no profile can tell apart,
so that nothing in the model says the same thing twice.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from dvc_core.domain.teaming import HALVES, Half, Stock, vehicle_brings
from dvc_core.matching.atoms import Field, Job, Share
from dvc_core.matching.compose import Draft
from dvc_core.matching.score import head_cost, heads_min, objective, visit_value

INFINITY = float("inf")


class Kin(msgspec.Struct, frozen=True, kw_only=True):
    """A class: atoms that bring the same to every profile and are free in the same half-days."""

    atoms: tuple[int, ...]
    halves: tuple[Half, ...]
    unengaged: int
    shares: tuple[Share | None, ...]


class Model(msgspec.Struct, kw_only=True):
    """A maximisation: columns with bounds and points, rows `lower <= sum <= upper`; every column is whole."""

    points: list[float] = []
    most: list[float] = []
    starts: list[int] = msgspec.field(default_factory=lambda: [0])
    columns: list[int] = []
    factors: list[float] = []
    lower: list[float] = []
    upper: list[float] = []
    constant: float = 0.0

    def column(self, points: float, most: float) -> int:
        """A whole-numbered column from 0 to `most`."""
        self.points.append(points)
        self.most.append(most)
        return len(self.points) - 1

    def row(self, terms: Mapping[int, float], lower: float, upper: float = INFINITY) -> None:
        """A row over the columns in `terms`; terms of factor 0 are left out."""
        for at, factor in terms.items():
            if factor:
                self.columns.append(at)
                self.factors.append(factor)
        self.starts.append(len(self.columns))
        self.lower.append(lower)
        self.upper.append(upper)


class DayModel:
    """The model of one day, and the way from drafts to its columns and back."""

    def __init__(self, field: Field) -> None:
        self.field = field
        self.kin = _kinship(field)
        self.kin_of = {index: at for at, kin in enumerate(self.kin) for index in kin.atoms}
        self.vehicles = [item for item in field.day.stock if item.kind != "tool" and item.count > 0]
        self.model = Model()
        self.y: dict[int, int] = {}
        self.x: dict[int, dict[Share, int]] = {}
        self.v: dict[int, dict[str, int]] = {}
        self.f: dict[tuple[int, int], int] = {}
        self.u: dict[int, int] = {}
        self._columns()
        self._job_rows()
        self._class_rows()
        self._stock_rows()
        # Whoever is in no atom stays idle in every plan; the others are idle until `u` or `f` says otherwise.
        self.model.constant = objective(field.day, field.day.locks)

    def _columns(self) -> None:
        field, weights, limits = self.field, self.field.day.rules.weights, self.field.day.rules.limits
        for job in field.jobs:
            supply: dict[Share, int] = defaultdict(int)
            for kin in self.kin:
                share = kin.shares[job.profile]
                if share is not None:
                    supply[share] += len(kin.atoms)
            most = -job.requirements[1].least
            gain = visit_value(job.visit, weights) + weights.extra * heads_min(job.visit, limits)
            self.y[job.index] = self.model.column(gain, 1)
            cost = head_cost(job.distance_m, weights)
            self.x[job.index] = {
                share: self.model.column(
                    weights.continuing * share.continuing - cost * share.heads,
                    min(count, most // share.heads),
                )
                for share, count in sorted(supply.items(), key=repr)
                if share.heads <= most
            }
            self.v[job.index] = {item.code: self.model.column(0.0, item.count) for item in self._useful(job)}
        for at, kin in enumerate(self.kin):
            for profile, share in enumerate(kin.shares):
                if share is not None:
                    # An atom with one half-day works in one team or none, so f itself says who works.
                    points = weights.idle * kin.unengaged if len(kin.halves) == 1 else 0.0
                    self.f[at, profile] = self.model.column(points, len(kin.atoms))
            if len(kin.halves) > 1 and kin.unengaged:
                self.u[at] = self.model.column(weights.idle * kin.unengaged, len(kin.atoms))

    def _useful(self, job: Job) -> list[Stock]:
        limits = self.field.day.rules.limits
        measures = {rule.measure for rule in job.requirements}
        return [
            item
            for item in self.vehicles
            if any(vehicle_brings(item, measure, job.distance_m, limits) > 0 for measure in measures)
        ]

    def _job_rows(self) -> None:
        limits = self.field.day.rules.limits
        for job in self.field.jobs:
            y, x, v = self.y[job.index], self.x[job.index], self.v[job.index]
            for at, rule in enumerate(job.requirements):
                terms: dict[int, float] = {column: share.sums[at] for share, column in x.items()}
                for item in self._useful(job):
                    terms[v[item.code]] = vehicle_brings(item, rule.measure, job.distance_m, limits)
                terms[y] = -rule.least
                self.model.row(terms, 0.0)
            for column in v.values():
                self.model.row({column: 1.0, y: -self.model.most[column]}, -INFINITY, 0.0)

    def _class_rows(self) -> None:
        by_share: dict[tuple[int, Share], dict[int, float]] = defaultdict(dict)
        for (at, profile), column in self.f.items():
            share = self.kin[at].shares[profile]
            assert share is not None
            by_share[profile, share][column] = 1.0
        for job in self.field.jobs:
            for share, column in self.x[job.index].items():
                by_share[job.profile, share][column] = -1.0
        for terms in by_share.values():
            self.model.row(terms, 0.0, 0.0)
        for at, kin in enumerate(self.kin):
            own = {p: column for (k, p), column in self.f.items() if k == at}
            for half in kin.halves:
                terms = {
                    column: 1.0
                    for p, column in own.items()
                    if half in HALVES[self.field.profiles[p].visit.band]
                }
                self.model.row(terms, -INFINITY, len(kin.atoms))
            if at in self.u:
                self.model.row({self.u[at]: -1.0} | dict.fromkeys(own.values(), 1.0), 0.0)

    def _stock_rows(self) -> None:
        left = Draft(self.field).left
        for half in HALVES["day"]:
            for item in self.field.day.stock:
                terms: dict[int, float] = {}
                for job in self.field.jobs:
                    if half in job.halves:
                        if count := job.visit.tools.get(item.code, 0):
                            terms[self.y[job.index]] = count
                        if item.code in self.v[job.index]:
                            terms[self.v[job.index][item.code]] = 1.0
                if terms:
                    self.model.row(terms, -INFINITY, max(0, left[half].get(item.code, 0)))
        held = {item.code for item in self.field.day.stock}
        for job in self.field.jobs:
            if not held.issuperset(job.visit.tools):
                self.model.row({self.y[job.index]: 1.0}, 0.0, 0.0)

    def encode(self, draft: Draft) -> list[float]:
        """The columns' values of a draft."""
        values = [0.0] * len(self.model.points)
        working: dict[int, set[int]] = defaultdict(set)
        flows: dict[int, int] = defaultdict(int)
        for index, (chosen, vehicles) in draft.teams.items():
            job = self.field.jobs[index]
            values[self.y[index]] = 1.0
            for one in chosen:
                share = self.field.shares[job.profile][one]
                assert share is not None
                values[self.x[index][share]] += 1
                at = self.kin_of[one]
                values[self.f[at, job.profile]] += 1
                working[at].add(one)
                flows[at] += 1
            for code, count in vehicles.items():
                values[self.v[index][code]] = count
        for at, column in self.u.items():
            values[column] = min(len(self.kin[at].atoms), flows[at])
        return values

    def decode(self, values: Sequence[float]) -> Draft:
        """The draft that the columns' values mean."""
        draft = Draft(self.field)
        pools = self._pools(values)
        for job in self.field.jobs:
            if values[self.y[job.index]] < 0.5:  # noqa: PLR2004 - the middle of no and yes
                continue
            chosen: list[int] = []
            for share, column in self.x[job.index].items():
                pool = pools[job.profile, share]
                chosen += [pool.pop() for _ in range(round(values[column]))]
            vehicles = {code: round(values[column]) for code, column in self.v[job.index].items()}
            draft.put(job, chosen, {code: count for code, count in vehicles.items() if count})
        return draft

    def _pools(self, values: Sequence[float]) -> dict[tuple[int, Share], list[int]]:
        pools: dict[tuple[int, Share], list[int]] = defaultdict(list)
        for at, kin in enumerate(self.kin):
            counts = {
                profile: round(values[column])
                for profile in range(len(self.field.profiles))
                if (column := self.f.get((at, profile))) is not None
            }
            # Whole days and mornings from the left, afternoons from the right: nobody works twice in vain.
            left, right = 0, len(kin.atoms)
            for band in ("day", "am", "pm"):
                for profile, count in counts.items():
                    share = kin.shares[profile]
                    if self.field.profiles[profile].visit.band != band or share is None or not count:
                        continue
                    if band == "pm":
                        pools[profile, share] += kin.atoms[right - count : right]
                        right -= count
                    else:
                        pools[profile, share] += kin.atoms[left : left + count]
                        left += count
        return pools


def _kinship(field: Field) -> list[Kin]:
    classes: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for atom in field.atoms:
        brought = tuple(shares[atom.index] for shares in field.shares)
        if any(share is not None for share in brought):
            classes[atom.halves, atom.unengaged, brought].append(atom.index)
    return [
        Kin(
            atoms=tuple(indices),
            halves=field.atoms[indices[0]].halves,
            unengaged=field.atoms[indices[0]].unengaged,
            shares=tuple(shares[indices[0]] for shares in field.shares),
        )
        for indices in classes.values()
    ]
