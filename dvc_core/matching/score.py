"""The objective: what a plan is worth, and what no plan of the day can exceed. The formula: README.md."""

from collections import Counter
from collections.abc import Iterable, Mapping

from dvc_core.domain.teaming import HALVES, Limits, Person, Team, Visit
from dvc_core.matching.atoms import plannable
from dvc_core.matching.model import Day, Rules, Weights


def visit_value(visit: Visit, weights: Weights) -> float:
    """Points for serving the visit: its priority and its heads, less if the resident was not asked."""
    base = {
        1: weights.priority_1,
        2: weights.priority_2,
        3: weights.priority_3,
        4: weights.priority_4,
        5: weights.priority_5,
    }[visit.priority]
    points = base + weights.per_person * visit.people_min
    return points if visit.confirmed else points * weights.unconfirmed


def heads_min(visit: Visit, limits: Limits) -> int:
    """The fewest heads that may go."""
    return max(visit.people_min, limits.team_min)


def head_cost(distance_m: float, weights: Weights) -> float:
    """Points lost for every head who goes, before the heads that the visit needs are given back."""
    return weights.extra + weights.person_km * distance_m / 1000


def team_value(
    team: Team, visit: Visit, distance_m: float, people: Mapping[str, Person], rules: Rules
) -> float:
    """Points of one team, idle hands aside."""
    weights = rules.weights
    heads = len(team.member_ids)
    known = sum(visit.need_id in people[one].continuing_need_ids for one in team.member_ids if one in people)
    return (
        visit_value(visit, weights)
        + weights.continuing * known
        + weights.extra * heads_min(visit, rules.limits)
        - head_cost(distance_m, weights) * heads
    )


def objective(day: Day, teams: Iterable[Team]) -> float:
    """Points of a plan; who has no team in it costs `idle`, whatever the reason."""
    visits = {visit.id: visit for visit in day.visits}
    people = {person.id: person for person in day.people}
    total = 0.0
    busy: set[str] = set()
    for team in teams:
        visit = visits[team.visit_id]
        total += team_value(team, visit, day.distance_m(visit) or 0.0, people, day.rules)
        busy.update(team.member_ids)
    return total - day.rules.weights.idle * len(people.keys() - busy)


def simple_bound(day: Day) -> float:
    """A bound by arithmetic: the best visits that the heads of the day could fill, all other rules aside.

    A visit takes `people_min` heads in each of its half-days; the last one that fits is counted in part. Safe
    because every plan serves such a set, each further head only costs, and nobody is counted idle.
    """
    weights, limits = day.rules.weights, day.rules.limits
    fixed = {team.visit_id for team in day.locks}
    known = Counter(need for person in day.people for need in person.continuing_need_ids)
    sent = {one for team in day.locks for one in team.member_ids}
    may_work = [person for person in day.people if person.admitted and person.insured]
    total = objective(day, day.locks) + weights.idle * len({person.id for person in may_work} - sent)
    heads = sum(len(HALVES[person.band]) for person in may_work)
    offers: list[tuple[float, int]] = []
    for visit in day.visits:
        distance = day.distance_m(visit)
        if visit.id in fixed or distance is None or not plannable(visit, distance):
            continue
        least = heads_min(visit, limits)
        # Heads beyond the least cost points, unless they knew the house.
        gain = visit_value(visit, weights) - weights.person_km * distance / 1000 * least
        gain += weights.continuing * known[visit.need_id]
        if gain > 0:
            offers.append((gain, least * len(HALVES[visit.band])))
    for gain, cost in sorted(offers, key=lambda offer: offer[0] / offer[1], reverse=True):
        part = min(1.0, max(0, heads) / cost)
        total += gain * part
        heads -= cost
        if heads <= 0:
            break
    return total
