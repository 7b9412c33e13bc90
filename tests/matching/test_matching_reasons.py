"""Small days made for one reason each: why this team, what is missing, why nobody sent this person."""

import json

import pytest

from dvc_core.matching.model import Plan, Reason
from dvc_core.matching.process import greedy_plan
from dvc_core.matching.reading import read_day
from tests.matching.checker import faults

CENTER = {"lat": 35.70, "lng": 139.506}
FAR = {"lat": 35.735}
"""About 5.1 km of way: too far for a bicycle."""
MIDDLE = {"lat": 35.72}
"""About 2.9 km of way."""


def person(name: str, **facts: object) -> dict[str, object]:
    return {"id": name, "admitted": True, "insured": True} | facts


LEAD = person("lead", leader_able=True)
HAND = person("hand")


def visit(name: str = "v", **facts: object) -> dict[str, object]:
    standard = {"id": name, "need_id": f"n-{name}", "people_min": 2, "people_max": 3, "confirmed": True}
    return {**standard, **CENTER, **facts}


def planned(people: list[dict[str, object]], visits: list[dict[str, object]], **parts: object) -> Plan:
    whole = {"travel": CENTER, "people": people, "visits": visits} | parts
    day, problems = read_day(json.dumps(whole).encode())
    assert day is not None
    assert [problem for problem in problems if problem.level == "error"] == []
    plan = greedy_plan(day)
    assert faults(day, plan) == []
    return plan


def why(plan: Plan, name: str = "v") -> dict[str, dict[str, object]]:
    (team,) = (team for team in plan.teams if team.visit_id == name)
    return {reason.code: reason.facts for reason in team.reasons}


def lacks(plan: Plan, name: str = "v") -> dict[str, dict[str, object]]:
    (entry,) = (entry for entry in plan.unserved if entry.visit_id == name)
    return {reason.code: reason.facts for reason in entry.missing}


def idle(plan: Plan, name: str) -> Reason:
    (entry,) = (entry for entry in plan.idle if entry.person_id == name)
    return entry.reason


def test_a_plain_team_says_who_leads_and_how_it_gets_there():
    assert why(planned([LEAD, HAND], [visit()])) == {
        "leader-experienced": {"person": "lead"},
        "walking": {"km": 0.0},
    }


def test_the_same_house_as_yesterday():
    back = person("back", leader_able=True, continuing_need_ids=["n-v"])
    told = why(planned([LEAD, HAND, back], [visit(people_max=2)]))
    assert told["leader-same-house"] == {"person": "back"}
    assert told["same-house"] == {"people": 1}


def test_what_the_visit_brings_with_it():
    asked = visit(
        priority=1,
        gate="conditional",
        gate_reason="yellow",
        confirmed=False,
        people_min=None,
        people_max=None,
    )
    told = why(planned([LEAD, *(person(f"p{n}") for n in range(3))], [asked]))
    assert told["urgent"] == {"priority": 1}
    assert told["gate-conditional"] == {"reason": "yellow"}
    assert told["not-confirmed"] == {}
    assert told["people-assumed"] == {"people": 4}


def test_a_family_stays_together_with_its_child():
    family = [person("mother", group_id="f", woman=True), person("child", group_id="f", minor=True)]
    plan = planned(family, [visit(women_wanted=True)], groups=[{"id": "f", "leader_id": "mother"}])
    told = why(plan)
    assert told["leader-of-group"] == {"person": "mother", "group": "f"}
    assert told["group-together"] == {"group": "f", "people": 2}
    assert told["minors-accompanied"] == {"minors": 1, "adults": 1}
    assert told["woman"] == {}


def test_a_large_group_is_cut_for_two_visits():
    bus = [person(f"b{n:02}", group_id="bus", leader_able=n < 2) for n in range(12)]
    sizes = {"people_min": 6, "people_max": 6}
    plan = planned(bus, [visit("v", **sizes), visit("w", **sizes)], groups=[{"id": "bus"}])
    assert why(plan)["group-piece"] == {"group": "bus", "people": 6, "whole": 12}
    assert plan.idle == ()


def test_trucks_cars_and_skills_are_named():
    crew = [
        LEAD,
        person("kei", driver=True, seats=2, truck=True),
        person("nurse", skills=["nurse"]),
        person("car", driver=True, seats=4),
    ]
    told = why(planned(crew, [visit(people_min=4, people_max=4, trucks=1, skills={"nurse": 1}, **FAR)]))
    assert told["own-truck"] == {"person": "kei"}
    assert told["own-car"] == {"person": "car", "seats": 4}
    assert told["skill"] == {"skill": "nurse", "person": "nurse"}
    assert told["riding"]["km"] > 5


def test_bicycles_of_the_center_go_to_the_middle_and_not_beyond():
    stock = [{"code": "bicycle", "count": 4, "kind": "bicycle", "seats": 1}]
    plan = planned([LEAD, HAND], [visit(**MIDDLE)], stock=stock)
    assert plan.teams[0].tools == {"bicycle": 2}
    assert why(plan)["center-vehicle"] == {"tool": "bicycle", "count": 2}
    assert lacks(planned([LEAD, HAND], [visit(**FAR)], stock=stock))["missing-seat"] == {"short": 2}


def test_the_center_drives():
    assert "shuttle" in why(planned([LEAD, HAND], [visit(**FAR)], travel=CENTER | {"shuttle": True}))


def test_idle_hands_join_up_to_the_most_heads():
    plan = planned([LEAD, HAND, person("third"), person("fourth")], [visit()])
    assert why(plan)["extra-hands"] == {"people": 1}
    assert len(plan.teams[0].member_ids) == 3
    assert [entry.reason for entry in plan.idle] == [Reason("idle-all-full", {"visits": 1})]


@pytest.mark.parametrize(
    ("code", "facts", "people", "asked", "suffices"),
    [
        ("missing-people", {"short": 2, "need": 4, "free": 2}, [LEAD, HAND], {"people_min": 4}, []),
        ("missing-leader", {"short": 1}, [HAND, person("b")], {}, ["leader"]),
        ("missing-skill", {"skill": "nurse", "short": 1}, [LEAD, HAND], {"skills": {"nurse": 1}}, ["skill"]),
        ("missing-woman", {"short": 1}, [LEAD, HAND], {"women_wanted": True}, ["woman"]),
        ("missing-truck", {"short": 1}, [LEAD, HAND], {"trucks": 1}, ["truck"]),
        ("missing-seat", {"short": 2}, [LEAD, HAND], FAR, ["seat"]),
        (
            "missing-adult",
            {"short": 1},
            [LEAD, *(person(f"kid{n}", minor=True) for n in range(4))],
            {"people_min": 5},
            [],
        ),
    ],
)
def test_what_is_missing_and_what_would_suffice(code, facts, people, asked, suffices):
    told = lacks(planned(people, [visit(**{"people_max": 6} | asked)]))
    assert told[code] == facts
    assert {name for name in told if name.startswith("missing-")} == {code}
    assert told["would-suffice"]["people"] >= 1
    assert {name for name in told if name.startswith("would-suffice-")} == {
        f"would-suffice-{ability}" for ability in suffices
    }


def test_a_tool_is_missing_with_how_many():
    plan = planned([LEAD, HAND], [visit(tools={"pump": 3})], stock=[{"code": "pump", "count": 1}])
    assert lacks(plan) == {"missing-tool": {"tool": "pump", "short": 2, "stock": 1}}
    assert idle(plan, "lead") == Reason("idle-waiting", {"visits": 1, "missing": "missing-tool"})


def test_the_rest_of_a_tool_goes_to_the_visit_that_counts_more():
    visits = [visit("v", priority=5, tools={"pump": 1}), visit("w", priority=1, tools={"pump": 1})]
    people = [LEAD, HAND, person("lead2", leader_able=True), person("hand2")]
    plan = planned(people, visits, stock=[{"code": "pump", "count": 1}])
    assert [team.visit_id for team in plan.teams] == ["w"]
    assert lacks(plan)["missing-tool"] == {"tool": "pump", "short": 1, "stock": 1}


def test_a_closed_gate_and_an_unknown_place_are_the_whole_answer():
    plan = planned(
        [LEAD, HAND], [visit("v", gate="closed", gate_reason="ungraded"), visit("w", lat=None, lng=None)]
    )
    assert lacks(plan) == {"gate-closed": {"reason": "ungraded"}}
    assert lacks(plan, "w") == {"missing-place": {}}
    assert idle(plan, "lead") == Reason("idle-no-visit")


def test_people_may_be_elsewhere_at_that_time():
    plan = planned([LEAD, HAND], [visit("v", priority=1), visit("w", priority=5)])
    assert lacks(plan, "w")["people-elsewhere"] == {"people": 2}


def test_groups_that_do_not_add_up():
    groups = [{"id": "f"}, {"id": "g"}]
    people = [person(f"f{n}", group_id="f", leader_able=True) for n in range(4)]
    people += [person(f"g{n}", group_id="g", leader_able=True) for n in range(4)]
    plan = planned(people, [visit(people_min=5, people_max=7)], groups=groups)
    assert "no-combination" in lacks(plan)
    assert lacks(plan)["would-suffice"] == {"people": 1}


def test_people_who_are_not_through_reception():
    people = [LEAD, HAND, person("new", admitted=False), person("bare", insured=False)]
    plan = planned(people, [visit()])
    assert idle(plan, "new") == Reason("idle-not-admitted")
    assert idle(plan, "bare") == Reason("idle-not-insured")


@pytest.mark.parametrize(
    ("code", "who", "asked"),
    [
        ("idle-minor", {"minor": True}, {"adults_only": True}),
        ("idle-minor", {"minor": True}, {"hazard": True}),
        ("idle-unsuited", {"heavy_ok": False}, {"heavy": True}),
        ("idle-unsuited", {"hazard_ok": False}, {"hazard": True}),
        ("idle-not-there", {"band": "pm"}, {"band": "am"}),
        ("idle-too-far", {"reach": "near"}, MIDDLE),
    ],
)
def test_who_fits_no_visit(code: str, who: dict[str, object], asked: dict[str, object]):
    crew = [person("a", leader_able=True, hazard_ok=True), person("b", hazard_ok=True)]
    plan = planned([*crew, person("odd", **who)], [visit(**asked)], travel=CENTER | {"shuttle": True})
    assert len(plan.teams) == 1
    assert idle(plan, "odd") == Reason(code, {"visits": 1})


def test_groups_without_work():
    trio = [person(f"t{n}", group_id="t", heavy_ok=n > 0) for n in range(3)]
    plan = planned([LEAD, HAND, *trio], [visit(heavy=True, people_max=9)], groups=[{"id": "t"}])
    facts = {"group": "t", "people": 3, "cause": "idle-unsuited"}
    assert idle(plan, "t1") == Reason("idle-group-unsuited", facts)
    wide = [person(f"t{n}", group_id="t") for n in range(4)]
    plan = planned([LEAD, HAND, *wide], [visit()], groups=[{"id": "t"}])
    assert idle(plan, "t1") == Reason("idle-group-too-large", {"group": "t", "people": 4})
    parted = [person("t0", group_id="t", band="am"), person("t1", group_id="t", band="pm")]
    plan = planned([LEAD, HAND, *parted], [visit()], groups=[{"id": "t"}])
    assert idle(plan, "t0") == Reason("idle-group-apart", {"group": "t", "people": 2})
    bus = [person(f"b{n:02}", group_id="bus") for n in range(12)]
    plan = planned([LEAD, HAND, *bus], [visit(people_max=8)], groups=[{"id": "bus"}])
    assert idle(plan, "b00") == Reason("idle-group-leaderless", {"group": "bus", "people": 12})


def test_room_alone_is_not_enough():
    kids = [person(f"kid{n}", minor=True) for n in range(3)]
    plan = planned([LEAD, *kids], [visit(people_max=6)])
    assert sum(entry.reason == Reason("idle-minor-care") for entry in plan.idle) == 1
    crew = [LEAD, person("car", driver=True, seats=2), HAND]
    plan = planned(crew, [visit(**FAR)])
    assert idle(plan, "hand") == Reason("idle-no-seat")
    cheap = {"weights": {"idle": 0}}
    plan = planned([LEAD, HAND, person("third")], [visit()], rules=cheap)
    assert {entry.reason.code for entry in plan.idle} == {"idle-not-worth"}
