"""The checker itself: it sees each fault that is put into a good plan."""

import msgspec
import pytest

from dvc_core.matching.model import Plan
from dvc_core.matching.process import greedy_plan
from tests.matching.checker import faults
from tests.matching.days import SEEDS, SIZES, make_day

DAY = make_day(*SIZES["small"], SEEDS[0])
PLAN = greedy_plan(DAY)
FIRST = PLAN.teams[0]


def with_first(**facts: object) -> Plan:
    return msgspec.structs.replace(PLAN, teams=(msgspec.structs.replace(FIRST, **facts), *PLAN.teams[1:]))


def day_with(name: str, **facts: object):
    people = tuple(
        msgspec.structs.replace(person, **facts) if person.id == name else person for person in DAY.people
    )
    return msgspec.structs.replace(DAY, people=people)


def on_foot() -> str:
    """A visit whose team walks and has no car among its people."""
    owners = {person.id for person in DAY.people if person.seats}
    return next(
        team.visit_id for team in PLAN.teams if not owners & set(team.member_ids) and "van" not in team.tools
    )


def visit_with(visit_id: str = FIRST.visit_id, **facts: object):
    visits = tuple(
        msgspec.structs.replace(visit, **facts) if visit.id == visit_id else visit for visit in DAY.visits
    )
    return msgspec.structs.replace(DAY, visits=visits)


def test_the_plan_stands():
    assert faults(DAY, PLAN) == []


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("gate closed", visit_with(gate="closed")),
        ("too few", visit_with(people_min=99, people_max=99)),
        ("too many", visit_with(people_min=1, people_max=1)),
        ("skill welder", visit_with(skills={"welder": 1})),
        ("tool crane", visit_with(tools={"crane": 1})),
        ("trucks", visit_with(trucks=9)),
        ("seats", visit_with(on_foot(), lat=36.2)),
        ("not admitted", day_with(FIRST.member_ids[0], admitted=False)),
        ("not admitted", day_with(FIRST.member_ids[0], insured=False)),
        ("no adult leader", day_with(FIRST.leader_id, leader_able=False)),
        ("no adult leader", day_with(FIRST.leader_id, minor=True)),
        ("not there", day_with(FIRST.member_ids[0], band="pm" if FIRST.band == "am" else "am")),
        ("objective", msgspec.structs.replace(DAY, rules=msgspec.structs.replace(DAY.rules, detour=2.0))),
        ("over stock", msgspec.structs.replace(DAY, stock=())),
    ],
)
def test_a_day_that_does_not_allow_the_plan(words: str, day):
    assert any(words in fault for fault in faults(day, PLAN))


@pytest.mark.parametrize(
    ("words", "plan"),
    [
        ("somebody twice", with_first(member_ids=(*FIRST.member_ids, FIRST.member_ids[0]))),
        ("two teams for", msgspec.structs.replace(PLAN, teams=(*PLAN.teams, FIRST))),
        ("a visit is not accounted for", msgspec.structs.replace(PLAN, unserved=PLAN.unserved[1:])),
        ("a person is not accounted for", msgspec.structs.replace(PLAN, idle=PLAN.idle[1:])),
        ("no reason given", with_first(reasons=())),
        ("above its own bound", msgspec.structs.replace(PLAN, bound=PLAN.objective - 1)),
    ],
)
def test_a_plan_that_was_spoiled(words: str, plan: Plan):
    assert any(words in fault for fault in faults(DAY, plan))


def test_a_group_that_was_parted():
    group = next(
        team
        for team in PLAN.teams
        for reason in team.reasons
        if reason.code == "group-together" and reason.facts["people"] != len(team.member_ids)
    )
    parted = next(
        p for p in DAY.people if p.id in group.member_ids and p.group_id and p.id != group.leader_id
    )
    rest = tuple(one for one in group.member_ids if one != parted.id)
    teams = tuple(
        msgspec.structs.replace(team, member_ids=rest) if team == group else team for team in PLAN.teams
    )
    assert any("parted" in fault for fault in faults(DAY, msgspec.structs.replace(PLAN, teams=teams)))
