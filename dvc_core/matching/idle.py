"""Why a person has no team: nobody is left without work without a reason."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from dvc_core.domain.problem import Fact
from dvc_core.domain.teaming import HALVES, Person, Team, unfit
from dvc_core.matching.atoms import Atom, Job, Share
from dvc_core.matching.compose import Draft, Need, size_of, sums_of, tally
from dvc_core.matching.model import Idle, Reason

UNFIT = {
    "person-minor-hazard": "idle-minor",
    "person-minor-adults-only": "idle-minor",
    "person-no-hazard": "idle-unsuited",
    "person-no-heavy": "idle-unsuited",
    "person-too-far": "idle-too-far",
    "person-not-there": "idle-not-there",
}
JOINING = {"care": "idle-minor-care", "seat": "idle-no-seat", "driver": "idle-no-seat"}

Missing = Mapping[str, Sequence[Reason]]


def idle_people(draft: Draft, teams: Sequence[Team], missing: Missing) -> Iterator[Idle]:
    """Everyone without a team, in the order of the day, each with the reason that stands in the way first."""
    busy = {one for team in teams for one in team.member_ids}
    atom_of = {person.id: atom for atom in draft.field.atoms for person in atom.members}
    told: dict[int, Reason] = {}
    for person in draft.field.day.people:
        if person.id in busy:
            continue
        atom = atom_of.get(person.id)
        if atom is None or not draft.field.jobs:
            reason = _outside(person, draft)
        else:
            reason = told.get(atom.index) or _why(atom, draft, missing)
            told[atom.index] = reason
        yield Idle(person_id=person.id, reason=reason)


def _outside(person: Person, draft: Draft) -> Reason:
    """The reason of someone whom no plan of the day could use."""
    if not person.admitted:
        return Reason("idle-not-admitted")
    if not person.insured:
        return Reason("idle-not-insured")
    if not draft.field.jobs:
        return Reason("idle-no-visit")
    members = [one for one in draft.field.day.people if one.group_id == person.group_id]
    if len(members) > draft.field.day.rules.limits.whole_group_max:
        return Reason("idle-group-leaderless", {"group": person.group_id, "people": len(members)})
    return Reason("idle-group-apart", {"group": person.group_id, "people": len(members)})


def _why(atom: Atom, draft: Draft, missing: Missing) -> Reason:
    field = draft.field
    fits: list[tuple[Job, Share]] = []
    for job in field.jobs:
        share = field.shares[job.profile][atom.index]
        if share is not None:
            fits.append((job, share))
    if not fits:
        return _unsuited(atom, draft)
    roomy = [(job, share) for job, share in fits if share.heads <= Need.of(job).most]
    if not roomy:
        return Reason("idle-group-too-large", {"group": atom.group_id, "people": atom.size})
    for job, _ in roomy:
        if (found := _joining(atom, job, draft)) is not None:
            return found
    waiting = [job for job, _ in roomy if job.index not in draft.teams]
    if waiting:
        lacks = Counter(missing[job.visit.id][0].code for job in waiting)
        facts: dict[str, Fact] = {"visits": len(waiting), "missing": lacks.most_common(1)[0][0]}
        return Reason("idle-waiting", facts)
    return Reason("idle-all-full", {"visits": len(roomy)})


def _unsuited(atom: Atom, draft: Draft) -> Reason:
    """What keeps the atom from every visit: the cause that stands in the way of most of them."""
    causes: Counter[str] = Counter()
    for job in draft.field.jobs:
        if not set(HALVES[job.visit.band]) <= set(atom.halves):
            causes["idle-not-there"] += 1
            continue
        refused = {
            UNFIT[refusal.code]
            for person in atom.members
            for refusal in unfit(person, job.visit, job.distance_m, draft.field.day.rules.limits)
        }
        causes.update(refused)
    cause, visits = causes.most_common(1)[0]
    if atom.size > 1:
        facts: dict[str, Fact] = {"group": atom.group_id, "people": atom.size, "cause": cause}
        return Reason("idle-group-unsuited", facts)
    return Reason(cause, {"visits": visits})


def _joining(atom: Atom, job: Job, draft: Draft) -> Reason | None:
    """Why the atom does not join a team that has room; None when there is no team or no room."""
    if job.index not in draft.teams or atom.index not in draft.free_for(job):
        return None
    field = draft.field
    chosen, vehicles = draft.teams[job.index]
    together = (*chosen, atom.index)
    heads = size_of(field.atoms, together)
    if heads > Need.of(job).most:
        return None
    fleet = draft.fleet(job, besides=vehicles)
    lacks = tally(Need.of(job), heads, sums_of(field, job, together), fleet).lacks
    for measure, code in JOINING.items():
        if measure in lacks:
            return Reason(code)
    return Reason("idle-not-worth", {"km": round(job.km, 1)})
