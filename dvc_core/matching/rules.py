"""The domain's rules over a whole plan: each team beside all the others and what a person has fixed."""

from collections.abc import Sequence

from dvc_core.domain.kernel import Refusal
from dvc_core.domain.teaming import Team, check_team
from dvc_core.matching.model import Day


def check_plan(day: Day, teams: Sequence[Team]) -> list[tuple[str, Refusal]]:
    """Every rule that a plan breaks, with the visit's id; none for a plan that may be proposed.

    A group's members in other proposed teams do not excuse a split, so each team is looked at twice: beside
    the fixed teams only, as it is when it is confirmed first, and beside all others.
    """
    visits = {visit.id: visit for visit in day.visits}
    fixed = {team.visit_id for team in day.locks}
    found: list[tuple[str, Refusal]] = []
    for team in teams:
        visit = visits[team.visit_id]
        others = tuple(other for other in teams if other.visit_id != team.visit_id)
        locked = tuple(other for other in others if other.visit_id in fixed)
        seen = check_team(team, visit, day.surroundings(visit, locked))
        seen += [
            refusal
            for refusal in check_team(team, visit, day.surroundings(visit, others))
            if refusal not in seen
        ]
        found += [(team.visit_id, refusal) for refusal in seen]
    return found


def broken_locks(day: Day) -> dict[str, list[str]]:
    """Codes of the rules that fixed teams break, by visit: a person decided so, and it is shown."""
    found: dict[str, list[str]] = {}
    for visit_id, refusal in check_plan(day, day.locks):
        found.setdefault(visit_id, []).append(refusal.code)
    return found
