"""What is missing for a visit that no team goes to, and the change that would suffice.

Arithmetic looks at the people and things that the plan leaves free in the visit's half-days. The change is
found by adding people who do not exist: the fewest that let a team be composed, then without each ability
that it works without. It is local (the other teams stay as they are), so a wiser whole plan may need less.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from dvc_core.domain.teaming import Visit, gate_holds
from dvc_core.matching.atoms import Job, Share
from dvc_core.matching.compose import Draft, Fleet, Need, Tally, compose, pools_for, tally
from dvc_core.matching.model import Reason

CODES = {
    "head": "missing-people",
    "leader": "missing-leader",
    "woman": "missing-woman",
    "truck": "missing-truck",
    "driver": "missing-driver",
    "seat": "missing-seat",
    "care": "missing-adult",
}
ABILITIES = ("leader", "truck", "seat", "woman")
"""What the first of the added people may have to be or bring; asked-for skills come besides."""


class Change(msgspec.Struct, frozen=True):
    """People to add, and what one of them must be able to do or bring."""

    people: int
    abilities: tuple[str, ...]


def missing_for(draft: Draft, visit: Visit) -> tuple[Reason, ...]:
    """What is missing for a visit without a team, never empty."""
    field = draft.field
    closed = [Reason("gate-closed", refusal.facts) for refusal in gate_holds(visit)]
    if field.day.distance_m(visit) is None:
        closed.append(Reason("missing-place"))
    if closed:
        return tuple(closed)
    job = next(job for job in field.jobs if job.visit.id == visit.id)
    reasons = [*_tools(draft, job), *_people(draft, job)]
    return tuple(reasons or [Reason("no-combination")])


def _tools(draft: Draft, job: Job) -> Iterator[Reason]:
    left = draft.left_for(job)
    held = {item.code: item.count for item in draft.field.day.stock}
    for code, count in sorted(job.visit.tools.items()):
        if left.get(code, 0) < count:
            short = count - left.get(code, 0)
            yield Reason("missing-tool", {"tool": code, "short": short, "stock": held.get(code, 0)})


def _people(draft: Draft, job: Job) -> Iterator[Reason]:
    free = [0.0] * len(draft.field.atoms)
    pools = pools_for(job, draft.field.shares[job.profile], draft.free_for(job), free)
    fleet = draft.fleet(job)
    lacks = _lacking(job, pools, fleet, draft)
    if not lacks and compose(job, pools, free, fleet) is not None:
        return
    suited = sum(share.heads * len(pool) for share, pool in pools.items())
    for rule in job.requirements:
        if rule.measure in lacks:
            short = lacks[rule.measure]
            if rule.skill is not None:
                yield Reason("missing-skill", {"skill": rule.skill, "short": short})
            elif rule.measure == "head":
                yield Reason("missing-people", {"short": short, "need": rule.least, "free": suited})
            else:
                yield Reason(CODES[rule.measure], {"short": short})
    if not lacks:
        yield Reason("no-combination", {"free": suited})
    elsewhere = _elsewhere(draft, job)
    if elsewhere:
        yield Reason("people-elsewhere", {"people": elsewhere})
    change = smallest_change(job, pools, fleet)
    if change is not None:
        yield Reason("would-suffice", {"people": change.people})
        for ability in change.abilities:
            if ability.startswith("skill:"):
                yield Reason("would-suffice-skill", {"skill": ability.removeprefix("skill:")})
            else:
                yield Reason(f"would-suffice-{ability}")


def _lacking(job: Job, pools: Mapping[Share, Sequence[int]], fleet: Fleet, draft: Draft) -> dict[str, int]:
    """What even all free people together would lack, counted for the fewest heads that may go."""
    need = Need.of(job)
    sums = [0] * len(job.requirements)
    for share, pool in pools.items():
        sums = [total + one * len(pool) for total, one in zip(sums, share.sums, strict=True)]
    heads, care = sums[need.column["head"]], sums[need.column["care"]]
    per_adult = draft.field.day.rules.limits.minors_per_adult
    adults = (care + heads) // (per_adult + 1)
    minors = heads - adults
    # Minors beyond what the adults can look after cannot go, so they are no hands for this visit.
    usable = adults + min(minors, per_adult * adults)
    least = need.least["head"]
    sums[need.column["head"]], sums[need.column["care"]] = usable, 0
    if "seat" in need.column:
        sums[need.column["seat"]] += heads - least
    lacks = tally(need, least, sums, fleet).lacks
    if usable < least <= heads:
        del lacks["head"]
        lacks["care"] = -(-(least - usable) // (1 + per_adult))
    return lacks


def _elsewhere(draft: Draft, job: Job) -> int:
    """People who could go to this visit and are in a team of the plan at that time."""
    shares, field = draft.field.shares[job.profile], draft.field
    busy = {
        one
        for index, (chosen, _) in draft.teams.items()
        if set(field.jobs[index].halves) & set(job.halves)
        for one in chosen
    }
    return sum(field.atoms[one].size for one in busy if shares[one] is not None)


def smallest_change(job: Job, pools: Mapping[Share, Sequence[int]], fleet: Fleet) -> Change | None:
    """The fewest people to add so that a team can be composed, tools aside; None if even that fails."""
    wanted = (*ABILITIES, *(rule.measure for rule in job.requirements if rule.skill is not None))
    for people in range(1, Need.of(job).least["head"] + 1):
        if _composes(job, pools, fleet, people, wanted):
            kept = list(wanted)
            for ability in wanted:
                fewer = tuple(one for one in kept if one != ability)
                if _composes(job, pools, fleet, people, fewer):
                    kept = list(fewer)
            return Change(people, tuple(kept))
    return None


def _composes(
    job: Job, pools: Mapping[Share, Sequence[int]], fleet: Fleet, people: int, abilities: tuple[str, ...]
) -> bool:
    """Whether a team can be composed with this many added adults, the first of them with the abilities."""
    added = dict(pools)
    highest = max((index for pool in pools.values() for index in pool), default=-1)
    first, other = _added(job, abilities), _added(job, ())
    added[first] = [*added.get(first, ()), highest + 1]
    if people > 1:
        added[other] = [*added.get(other, ()), *range(highest + 2, highest + 1 + people)]
    found: tuple[list[int], Tally] | None = compose(job, added, [0.0] * (highest + 1 + people), fleet)
    return found is not None


def _added(job: Job, abilities: tuple[str, ...]) -> Share:
    """What an added adult brings; with `seat` a car for the whole team, with `truck` an own truck besides.

    An added adult looks after no minors, so that the change is enough whatever the council allows.
    """
    heads = -job.requirements[1].least
    brought = {"head": 1, "room": -1, "care": 0, "seat": -1}
    if "seat" in abilities:
        brought["seat"] = heads - 1
    if "truck" in abilities:
        brought["truck"] = max(1, job.visit.trucks)
    for ability in abilities:
        if ability not in ("seat", "truck"):
            brought[ability] = max(1, job.visit.skills.get(ability.removeprefix("skill:"), 1))
    return Share(1, tuple(brought.get(rule.measure, 0) for rule in job.requirements), 0)
