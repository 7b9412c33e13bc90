"""A full answer at once: visit by visit in a few orders, the best kept and mended. Needs no solver."""

from collections.abc import Callable, Iterable, Sequence
from random import Random

from dvc_core.matching.atoms import Field, Job, team_of
from dvc_core.matching.compose import Draft, Need, Tally, compose, pools_for, prices, size_of, sums_of, tally
from dvc_core.matching.model import PlannedTeam
from dvc_core.matching.score import head_cost, heads_min, visit_value

MOST_ROUNDS = 60
ROUNDS = 6000
"""Rounds of mending, and visits tried in all of them: the greedy answer stays below half a second."""


def greedy(field: Field) -> Draft:
    """The best of a few orders, mended by taking teams apart and serving again; the same for the same day."""
    price = prices(field)
    drafts = []
    for order in _orders(field):
        draft = Draft(field)
        _serve(draft, price, order)
        drafts.append(draft)
    best = max(drafts, key=lambda draft: draft.points())
    _mend(best, price, Random(0))  # noqa: S311 - dice that fall the same way each time, no secret
    _employ(best)
    return best


def polish(draft: Draft) -> Draft:
    """Serve what idle people still could, then let them join teams with room; never worse than before."""
    price = prices(draft.field)
    rest = sorted(
        (job for job in draft.field.jobs if job.index not in draft.teams),
        key=lambda job: -visit_value(job.visit, draft.field.day.rules.weights),
    )
    _serve(draft, price, rest)
    _employ(draft)
    return draft


def teams_of(draft: Draft) -> tuple[PlannedTeam, ...]:
    """The draft's teams after those that a person fixed, in the order of the visits."""
    field = draft.field
    bands = {visit.id: visit.band for visit in field.day.visits}
    fixed = [
        PlannedTeam(
            visit_id=team.visit_id,
            leader_id=team.leader_id,
            member_ids=team.member_ids,
            tools=team.tools,
            band=bands[team.visit_id],
            locked=True,
        )
        for team in field.day.locks
    ]
    planned = []
    for index, (chosen, vehicles) in sorted(draft.teams.items()):
        job = field.jobs[index]
        team = team_of(job, [field.atoms[one] for one in chosen], vehicles)
        planned.append(
            PlannedTeam(
                visit_id=team.visit_id,
                leader_id=team.leader_id,
                member_ids=team.member_ids,
                tools=team.tools,
                band=job.visit.band,
            )
        )
    return (*fixed, *planned)


def _orders(field: Field) -> Iterable[list[Job]]:
    weights, limits = field.day.rules.weights, field.day.rules.limits

    def per_head(job: Job) -> float:
        return visit_value(job.visit, weights) / (heads_min(job.visit, limits) * len(job.halves))

    def hard_first(job: Job) -> tuple[float, ...]:
        special = sum(rule.least for rule in job.requirements if rule.measure not in ("head", "room"))
        return (job.visit.priority, -special, -per_head(job))

    rules: list[Callable[[Job], object]] = [
        lambda job: -per_head(job),
        lambda job: -visit_value(job.visit, weights),
        hard_first,
    ]
    for rule in rules:
        yield sorted(field.jobs, key=rule)  # type: ignore[arg-type]


def _mend(draft: Draft, price: Sequence[float], dice: Random) -> None:
    """Take a few teams apart, try the unserved visits first, keep what is better; so many rounds as fit."""
    field = draft.field
    weights = field.day.rules.weights
    rounds = min(MOST_ROUNDS, ROUNDS // (len(field.jobs) + 1))
    value = draft.points()
    for _ in range(rounds):
        waiting = [job for job in field.jobs if job.index not in draft.teams]
        if not waiting or not draft.teams:
            return
        before = draft.copy()
        apart = dice.sample(sorted(draft.teams), min(len(draft.teams), dice.randint(2, 5)))
        for index in apart:
            draft.take_back(field.jobs[index])
        again = [field.jobs[index] for index in apart]
        dice.shuffle(waiting)
        waiting.sort(key=lambda job: -visit_value(job.visit, weights) * dice.uniform(0.5, 1.5))
        _serve(draft, price, waiting[: len(apart)] + again + waiting[len(apart) :])
        after = draft.points()
        if after < value:
            draft.restore(before)
        else:
            value = after


def _serve(draft: Draft, price: Sequence[float], order: Iterable[Job]) -> None:
    field = draft.field
    for job in order:
        if not draft.has_tools(job):
            continue
        pools = pools_for(job, field.shares[job.profile], draft.free_for(job), price)
        found = compose(job, pools, price, draft.fleet(job))
        if found is None:
            continue
        chosen = _without_spare(job, field, found[0], draft)
        draft.put(job, chosen, _tally(job, field, chosen, draft).vehicles)


def _without_spare(job: Job, field: Field, chosen: list[int], draft: Draft) -> list[int]:
    """Leave out atoms without which the team still may go; strangers before those who know the house."""
    shares = field.shares[job.profile]
    kept = list(chosen)
    for index in sorted(chosen, key=lambda one: (shares[one].continuing, -field.atoms[one].size)):  # type: ignore[union-attr]
        rest = [one for one in kept if one != index]
        if rest and not _tally(job, field, rest, draft).lacks:
            kept = rest
    return kept


def _tally(job: Job, field: Field, chosen: Sequence[int], draft: Draft) -> Tally:
    heads = size_of(field.atoms, chosen)
    return tally(Need.of(job), heads, sums_of(field, job, chosen), draft.fleet(job))


def _employ(draft: Draft) -> None:
    """Idle atoms join the team with room where they cost least, if that is better than staying idle."""
    field, weights = draft.field, draft.field.day.rules.weights
    busy = {one for chosen, _ in draft.teams.values() for one in chosen}
    served = sorted((field.jobs[index] for index in draft.teams), key=lambda job: job.distance_m)
    for atom in sorted(field.atoms, key=lambda atom: -atom.size):
        if atom.index in busy or not atom.unengaged:
            continue
        for job in served:
            share = field.shares[job.profile][atom.index]
            gain = weights.idle * atom.unengaged - head_cost(job.distance_m, weights) * atom.size
            if share is None or atom.index not in draft.free_for(job):
                continue
            if gain + weights.continuing * share.continuing <= 0:
                continue
            before = draft.teams[job.index]
            together = (*before[0], atom.index)
            if size_of(field.atoms, together) > Need.of(job).most:
                continue
            draft.take_back(job)
            found = _tally(job, field, together, draft)
            draft.put(job, *((together, found.vehicles) if not found.lacks else before))
            if not found.lacks:
                break
