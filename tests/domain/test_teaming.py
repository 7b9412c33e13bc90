"""Who may go together: one team that may go, and for each rule the change that breaks it."""

import msgspec
import pytest

from dvc_core.domain.teaming import (
    OVERRIDABLE,
    Limits,
    Person,
    Stock,
    Surroundings,
    Team,
    Visit,
    check_team,
    reach_of,
)

LIMITS = Limits(
    minors_per_adult=2,
    team_min=2,
    whole_group_max=10,
    piece_min=4,
    piece_max=10,
    near_m=2000,
    middle_m=5000,
)
VISIT = Visit(
    id="v", need_id="n", band="am", people_min=3, people_max=5, tools={"broom": 2}, skills={"nurse": 1}
)
TEAM = Team(visit_id="v", leader_id="lead", member_ids=("lead", "nurse", "child"), tools={"broom": 2})


def person(name: str, **facts: object) -> Person:
    return Person(**{"id": name, "admitted": True, "insured": True, "hazard_ok": True} | facts)


CAST = (
    person("lead", leader_able=True, woman=True),
    person("nurse", skills=("nurse",)),
    person("child", minor=True, hazard_ok=False),
    person("driver", driver=True),
    person("owner", driver=True, seats=4),
    person("trucker", driver=True, seats=2, truck=True),
    *(person(f"g{n}", group_id="club", leader_able=n == 0) for n in range(3)),
    *(person(f"b{n:02}", group_id="bus", leader_able=n < 2) for n in range(14)),
)


def around(**facts: object) -> Surroundings:
    standard: dict[str, object] = {
        "limits": LIMITS,
        "people": {one.id: one for one in CAST},
        "stock": {
            "broom": Stock(code="broom", count=4),
            "van": Stock(code="van", count=1, kind="car", seats=8),
            "kei": Stock(code="kei", count=2, kind="truck", seats=2),
            "bicycle": Stock(code="bicycle", count=5, kind="bicycle", seats=1),
        },
        "left": {half: {"broom": 4, "van": 1, "kei": 2, "bicycle": 5} for half in ("am", "pm")},
        "engaged": {},
        "distance_m": 800.0,
    }
    return Surroundings(**standard | facts)


def codes(team: Team = TEAM, visit: Visit = VISIT, **facts: object) -> set[str]:
    return {refusal.code for refusal in check_team(team, visit, around(**facts))}


def team(*members: str, leader: str = "lead", tools: dict[str, int] | None = None) -> Team:
    return Team(
        visit_id="v", leader_id=leader, member_ids=members, tools={"broom": 2} if tools is None else tools
    )


def visit(**facts: object) -> Visit:
    return msgspec.structs.replace(VISIT, **facts)


def cast(name: str, **facts: object) -> dict[str, Person]:
    """Everyone, one of them changed."""
    people = {one.id: one for one in CAST}
    return people | {name: msgspec.structs.replace(people[name], **facts)}


def test_a_team_that_meets_every_rule_may_go():
    assert codes() == set()


@pytest.mark.parametrize(
    ("broken", "change"),
    [
        ("visit-gate-closed", {"gate": "closed"}),
        ("person-minor-hazard", {"hazard": True}),
        ("person-minor-adults-only", {"adults_only": True}),
        ("person-minor-adults-only", {"gate": "conditional"}),
        ("team-too-few", {"people_min": 4}),
        ("team-too-many", {"people_max": 2}),
        ("team-skill-short", {"skills": {"nurse": 2}}),
        ("team-truck-short", {"trucks": 1}),
        ("team-tool-missing", {"tools": {"broom": 3}}),
    ],
)
def test_what_the_visit_asks_for(broken: str, change: dict[str, object]):
    assert codes(visit=visit(**change)) == {broken}


@pytest.mark.parametrize(
    ("broken", "name", "change"),
    [
        ("person-not-admitted", "nurse", {"admitted": False}),
        ("person-not-insured", "nurse", {"insured": False}),
        ("person-not-there", "nurse", {"band": "pm"}),
        ("person-too-far", "nurse", {"reach": "near"}),
        ("person-no-heavy", "nurse", {"heavy_ok": False}),
    ],
)
def test_who_may_go_at_all(broken: str, name: str, change: dict[str, object]):
    heavy = visit(heavy=True)
    here = {"distance_m": 2500.0, "shuttle": True}
    assert codes(visit=heavy, **here) == set()
    assert codes(visit=heavy, people=cast(name, **change), **here) == {broken}


def test_hazard_needs_people_who_said_yes():
    adults = team("lead", "nurse", "driver")
    assert codes(adults, visit(hazard=True)) == set()
    assert codes(adults, visit(hazard=True), people=cast("driver", hazard_ok=False)) == {"person-no-hazard"}


def test_a_woman_is_there_where_one_is_wanted():
    assert codes(visit=visit(women_wanted=True)) == set()
    assert codes(visit=visit(women_wanted=True), people=cast("lead", woman=False)) == {"team-no-woman"}


def test_the_leader_is_a_member_able_and_adult():
    assert codes(team("lead", "nurse", "child", leader="driver")) == {"leader-not-member"}
    assert codes(team("lead", "nurse", "child", leader="nurse")) == {"leader-not-able"}
    assert codes(team("nurse", "child", "driver", leader="nurse")) == {"leader-not-able", "team-no-leader"}
    young = cast("lead", minor=True)
    assert {"leader-not-able", "team-no-leader"} <= codes(people=young)


def test_minors_are_at_most_twice_the_adults_and_the_missing_adults_are_counted():
    people = cast("driver", minor=True) | {f"kid{n}": person(f"kid{n}", minor=True) for n in range(5)}
    alone = team("lead", "kid0", "kid1")
    plain = visit(skills={})
    assert codes(alone, plain, people=people) == set()
    refusals = check_team(team("lead", "kid0", "kid1", "kid2"), plain, around(people=people))
    assert [(one.code, one.facts) for one in refusals] == [("team-minors-unaccompanied", {"short": 1})]
    five = check_team(
        team("lead", *(f"kid{n}" for n in range(5))), visit(skills={}, people_max=9), around(people=people)
    )
    assert [(one.code, one.facts) for one in five] == [("team-minors-unaccompanied", {"short": 2})]


def test_a_council_that_takes_no_minors_counts_every_one_of_them():
    none = msgspec.structs.replace(LIMITS, minors_per_adult=0)
    assert codes(limits=none) == {"team-minors-unaccompanied"}


def test_nobody_goes_alone_even_where_one_is_enough():
    one = visit(people_min=1, people_max=1, skills={})
    assert codes(team("lead"), one) == {"team-too-few"}
    assert codes(team("lead", "nurse"), one) == set()


def test_unknown_people_and_people_twice():
    assert "person-unknown" in codes(team("lead", "nurse", "ghost"))
    assert codes(team("lead", "nurse", "child", "nurse")) == {"person-twice"}


def test_one_team_per_half_day():
    busy = {"am": frozenset({"nurse"}), "pm": frozenset({"lead"})}
    assert codes(engaged=busy) == {"person-engaged"}
    assert codes(visit=visit(band="pm"), engaged={"am": frozenset({"nurse"})}) == set()
    whole = check_team(TEAM, visit(band="day"), around(engaged=busy))
    assert {(one.code, one.facts["person"]) for one in whole} == {
        ("person-engaged", "nurse"),
        ("person-engaged", "lead"),
    }


def test_tools_are_counted_per_half_day():
    short = {"am": {"broom": 4}, "pm": {"broom": 1}}
    assert codes(left=short) == set()
    assert codes(visit=visit(band="day"), left=short) == {"tool-short"}


def test_a_truck_comes_with_its_owner_or_from_the_center_with_another_driver():
    asked = visit(trucks=1)
    assert codes(team("lead", "nurse", "trucker"), asked) == set()
    with_kei = {"broom": 2, "kei": 1}
    assert codes(team("lead", "nurse", "driver", tools=with_kei), asked) == set()
    assert codes(team("lead", "nurse", "child", tools=with_kei), asked) == {"team-driver-short"}
    assert codes(team("lead", "nurse", "trucker", tools=with_kei), visit(trucks=2)) == {"team-driver-short"}


def test_beyond_walking_distance_every_head_needs_a_seat():
    far = {"distance_m": 2500.0}
    assert codes(team("lead", "nurse", "driver"), **far) == {"team-seat-short"}
    assert codes(team("lead", "nurse", "driver"), shuttle=True, **far) == set()
    assert codes(team("lead", "nurse", "owner"), **far) == set()
    assert codes(team("lead", "nurse", "driver", tools={"broom": 2, "van": 1}), **far) == set()
    assert codes(team("lead", "nurse", "child", tools={"broom": 2, "bicycle": 3}), **far) == set()
    assert codes(team("lead", "nurse", "child", tools={"broom": 2, "bicycle": 3}), distance_m=5001.0) == {
        "team-seat-short"
    }
    no_licence = cast("owner", driver=False)
    assert codes(team("lead", "nurse", "owner"), people=no_licence, **far) == {"team-seat-short"}


def test_a_group_stays_whole_unless_the_rest_is_in_a_fixed_team():
    plain = visit(skills={}, people_min=2)
    assert codes(team("g0", "g1", "g2", leader="g0"), plain) == set()
    assert codes(team("g0", "g1", leader="g0"), plain) == {"team-group-split"}
    assert codes(team("g0", "g1", leader="g0"), plain, engaged={"am": frozenset({"g2"})}) == set()
    away = cast("g2", insured=False)
    assert codes(team("g0", "g1", leader="g0"), plain, people=away) == set()


def test_a_large_group_goes_in_pieces_with_a_leader_each():
    large = visit(skills={}, people_min=2, people_max=12)
    first = [f"b{n:02}" for n in range(6)]
    assert codes(team(*first, leader="b00"), large) == set()
    assert codes(team("lead", "b00", "b01", "b05"), large) == {"team-piece-small"}
    assert codes(team("lead", *(f"b{n:02}" for n in range(2, 8))), large) == {"team-piece-leaderless"}
    eleven = [f"b{n:02}" for n in range(1, 12)]
    assert codes(team(*eleven, leader="b01"), large) == {"team-piece-leaderless"}
    everyone = [f"b{n:02}" for n in range(14)]
    assert codes(team(*everyone, leader="b00"), visit(skills={}, people_max=20)) == set()


def test_near_is_walked_and_far_is_ridden():
    assert [reach_of(metres, LIMITS) for metres in (0, 2000, 2001, 5000, 5001)] == [
        "near",
        "near",
        "middle",
        "middle",
        "far",
    ]


def test_what_protects_somebody_is_never_set_aside():
    protects = {"visit-gate-closed", "person-minor-hazard", "team-minors-unaccompanied", "person-not-insured"}
    assert not protects & OVERRIDABLE
