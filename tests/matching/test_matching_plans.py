"""Plans of random days hold every rule, are worth what they say, and never exceed their bound."""

from itertools import product

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dvc_core.domain.teaming import Team
from dvc_core.matching.atoms import lay_out
from dvc_core.matching.explain import explained
from dvc_core.matching.greedy import greedy, teams_of
from dvc_core.matching.mip import DayModel
from dvc_core.matching.model import Day, Plan, PlannedTeam, Reason
from dvc_core.matching.process import greedy_plan
from dvc_core.matching.rules import check_plan
from dvc_core.matching.score import objective, simple_bound
from dvc_core.matching.solve import solve
from tests.matching.checker import faults, points
from tests.matching.days import KNOWN, SEEDS, SIZES, make_day


def plans(day: Day, seconds: float = 20.0) -> list[Plan]:
    told: list[Plan] = []
    solve(day, seconds, told.append)
    return told


days = st.builds(make_day, st.integers(0, 34), st.integers(0, 12), st.integers(0, 10_000))


@given(days)
@settings(max_examples=25)
def test_every_plan_of_a_random_day_stands(day: Day):
    told = plans(day)
    for plan in told:
        assert faults(day, plan) == []
        assert check_plan(day, plan.teams) == []
    assert told[0].status == "greedy"
    assert told[-1].status == "optimal"
    assert told[-1].gap <= 1e-4
    values = [plan.objective for plan in told]
    assert values == sorted(values)
    assert all(plan.bound >= told[-1].objective - 1e-6 for plan in told)


@given(days)
@settings(max_examples=25)
def test_the_model_counts_the_points_that_the_plan_has(day: Day):
    field = lay_out(day)
    draft = greedy(field)
    model = DayModel(field)
    values = model.encode(draft)
    counted = sum(one * points for one, points in zip(values, model.model.points, strict=True))
    assert model.model.constant + counted == pytest.approx(objective(day, teams_of(draft)), abs=1e-6)
    again = model.decode(values)
    assert objective(day, teams_of(again)) == pytest.approx(objective(day, teams_of(draft)), abs=1e-6)


@given(days, st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_fixed_teams_stay_and_nothing_of_theirs_is_used_twice(day: Day, dice):
    before = greedy_plan(day)
    fixed = [
        Team(visit_id=team.visit_id, leader_id=team.leader_id, member_ids=team.member_ids, tools=team.tools)
        for team in dice.sample(before.teams, len(before.teams) // 2)
    ]
    # A person may also fix what the rules would not allow: half of a team, its group parted.
    if fixed:
        halved = fixed[0].member_ids[: len(fixed[0].member_ids) // 2 + 1]
        fixed[0] = msgspec.structs.replace(fixed[0], leader_id=halved[0], member_ids=halved)
    locked = msgspec.structs.replace(day, locks=tuple(fixed))
    told = plans(locked)
    for plan in told:
        assert faults(locked, plan) == []
        kept = {team.visit_id: team for team in plan.teams if team.locked}
        assert set(kept) == {team.visit_id for team in fixed}
        assert all(team.reasons[0] == Reason("locked") for team in kept.values())
    assert all(plan.bound >= told[-1].objective - 1e-6 for plan in told)


def every_plan(day: Day) -> float:
    """The best points of all plans of a tiny day, by trying them all; its visits need no vehicle."""
    slots = {"am": ("am",), "pm": ("pm",), "day": ("am", "pm")}
    bands = {visit.id: visit.band for visit in day.visits}
    choices = [()] + [
        pick
        for size in (1, 2)
        for pick in product([visit.id for visit in day.visits], repeat=size)
        if len({slot for one in pick for slot in slots[bands[one]]})
        == sum(len(slots[bands[one]]) for one in pick)
        and list(pick) == sorted(pick)
    ]
    best = float("-inf")
    for picks in product(choices, repeat=len(day.people)):
        teams = []
        for visit in day.visits:
            members = tuple(p.id for p, pick in zip(day.people, picks, strict=True) if visit.id in pick)
            leader = next((p.id for p in day.people if p.id in members and p.leader_able and not p.minor), "")
            if members:
                teams.append(
                    PlannedTeam(
                        visit_id=visit.id,
                        leader_id=leader,
                        member_ids=members,
                        tools=visit.tools,
                        reasons=(Reason("locked"),),
                    )
                )
        if any(not team.leader_id for team in teams):
            continue
        plan = Plan(
            status="greedy",
            objective=0,
            bound=0,
            gap=0,
            seconds=0,
            teams=tuple(teams),
            unserved=(),
            idle=(),
        )
        value = points(day, plan)
        if value > best and not check_plan(day, plan.teams):
            best = value
    return best


@given(st.integers(0, 10_000))
@settings(max_examples=12)
def test_optimal_is_the_best_of_all_plans_of_a_tiny_day(seed: int):
    day = make_day(5, 3, seed)
    near = [
        msgspec.structs.replace(visit, lat=35.7001, lng=139.5061, trucks=0, people_min=2, skills={})
        for visit in day.visits
    ]
    people = [
        msgspec.structs.replace(
            person,
            leader_able=not person.minor and at % 2 == 0,
            continuing_need_ids=(day.visits[(seed + at) % 3].need_id,) if at < 3 else (),
        )
        for at, person in enumerate(day.people)
    ]
    tiny = msgspec.structs.replace(day, visits=tuple(near), people=tuple(people))
    assert plans(tiny)[-1].objective == pytest.approx(every_plan(tiny), abs=0.01)


@pytest.mark.parametrize("seed", SEEDS)
def test_fifty_people_and_twenty_visits_are_proven_within_one_percent(seed: int):
    day = make_day(*SIZES["small"], seed)
    last = plans(day)[-1]
    assert faults(day, last) == []
    assert last.status == "optimal"
    assert last.gap <= 0.01
    assert last.objective == pytest.approx(KNOWN["small", seed], rel=1e-4)
    assert last.objective > greedy_plan(day).objective


def test_two_hundred_people_and_sixty_visits_get_better_than_greedy_with_a_safe_bound():
    day = make_day(*SIZES["middle"], SEEDS[0])
    told = plans(day, seconds=30.0)
    assert faults(day, told[-1]) == []
    assert told[-1].objective > told[0].objective
    assert told[-1].gap < told[0].gap
    assert all(plan.bound >= KNOWN["middle", SEEDS[0]] for plan in told)


def test_a_large_day_is_rehearsed_and_still_stands():
    day = make_day(*SIZES["large"], SEEDS[0])
    told = plans(day, seconds=8.0)
    assert faults(day, told[-1]) == []
    assert told[-1].objective >= told[0].objective
    assert all(plan.bound >= KNOWN["large", SEEDS[0]] for plan in told)


def test_the_same_day_has_the_same_greedy_plan():
    day = make_day(*SIZES["small"], SEEDS[0])
    first, second = greedy_plan(day), greedy_plan(day)
    assert msgspec.structs.replace(first, seconds=0) == msgspec.structs.replace(second, seconds=0)


def test_a_plan_without_time_is_the_greedy_one():
    day = make_day(*SIZES["small"], SEEDS[0])
    assert [plan.status for plan in plans(day, seconds=0.0)] == ["greedy"]


def test_the_bound_by_arithmetic_is_safe():
    for seed in range(20):
        day = make_day(24, 8, seed)
        assert simple_bound(day) >= plans(day)[-1].objective - 1e-6


def test_a_bound_is_mended_where_arithmetic_rounds_and_nowhere_else():
    draft = greedy(lay_out(make_day(12, 5, 3)))
    value = explained(draft, "greedy", 1e9, 0.0).objective
    assert explained(draft, "greedy", value - value * 1e-7, 0.0).gap == 0
    assert explained(draft, "greedy", value - 5, 0.0).gap < 0
