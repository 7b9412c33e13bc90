"""The file of `match FILE`: three samples, and what goes wrong in real ones. Bad rows are told, good work."""

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dvc_core.i18n import describe
from dvc_core.matching.answer import answer
from dvc_core.matching.process import greedy_plan
from dvc_core.matching.reading import REFERENCE, load_rules, read_day
from dvc_core.matching.solve import solve
from tests.matching.checker import faults
from tests.matching.days import RULES

SAMPLES = Path(__file__).parent / "samples"
CENTER = {"lat": 35.70, "lng": 139.506}


def read(**parts: Any):
    return read_day(json.dumps({"travel": CENTER} | parts).encode())


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def person(name: str, **facts: object) -> dict[str, object]:
    return {"id": name, "admitted": True, "insured": True} | facts


def visit(name: str = "v", **facts: object) -> dict[str, object]:
    return {"id": name, "need_id": f"n-{name}", "people_min": 2, "people_max": 3, **CENTER} | facts


def solved(name: str):
    day, problems = read_day((SAMPLES / name).read_bytes())
    assert day is not None
    told: list[Any] = []
    solve(day, 10.0, told.append)
    assert faults(day, told[-1]) == []
    return answer(told[-1]), problems


def test_the_small_sample_is_planned_as_its_story_says():
    told, problems = solved("small-day.json")
    assert problems == []
    assert told["status"] == "optimal"
    teams = {team["visit_id"]: team for team in told["teams"]}
    assert set(teams) == {"V-1", "V-2", "V-3", "V-5"}
    assert {"002", "003"} <= set(teams["V-1"]["member_ids"])
    assert teams["V-1"]["leader_id"] == "002"
    assert "001" in teams["V-2"]["member_ids"]
    assert set(teams["V-3"]["member_ids"]) == {"006", "007", "008"}
    assert told["unserved"] == [
        {"visit_id": "V-4", "missing": [{"code": "gate-closed", "facts": {"reason": "ungraded"}}]}
    ]
    assert told["idle"] == [{"person_id": "011", "reason": {"code": "idle-not-insured", "facts": {}}}]


def test_the_answer_has_the_fields_that_others_rely_on():
    told, _ = solved("small-day.json")
    assert {"status", "objective", "bound", "gap", "seconds", "teams", "unserved", "idle"} <= told.keys()
    for team in told["teams"]:
        assert {"visit_id", "leader_id", "member_ids", "tools", "reasons"} <= team.keys()
        assert all(set(reason) == {"code", "facts"} for reason in team["reasons"])
    assert json.loads(json.dumps(told)) == msgspec.json.decode(msgspec.json.encode(told))


def test_the_locked_sample_keeps_its_teams_and_says_what_they_break():
    told, problems = solved("locked-day.json")
    assert codes(problems) == ["match-people-undecided"]
    teams = {team["visit_id"]: team for team in told["teams"]}
    assert teams["V-11"]["member_ids"] == ["001", "002", "003", "004"]
    assert [reason["code"] for reason in teams["V-12"]["reasons"]] == ["locked", "rule-broken"]
    assert teams["V-12"]["reasons"][1]["facts"] == {"rule": "team-too-few"}
    missing = {entry["visit_id"]: entry["missing"] for entry in told["unserved"]}
    assert missing["V-13"][0] == {"code": "missing-tool", "facts": {"tool": "washer", "short": 1, "stock": 1}}
    assert [reason["code"] for reason in missing["V-15"]] == [
        "missing-leader",
        "would-suffice",
        "would-suffice-leader",
    ]


def test_the_messy_sample_names_each_fault_and_plans_the_rest():
    told, problems = solved("messy-day.json")
    found = {(problem.code, problem.row, problem.column) for problem in problems}
    assert found == {
        ("match-unknown-field", None, None),
        ("match-unknown-field", 11, "people"),
        ("match-id-twice", 4, "people.id"),
        ("match-row-invalid", 5, "people.seats"),
        ("match-row-invalid", 6, "people.band"),
        ("match-row-invalid", 9, "people.id"),
        ("match-row-invalid", 10, "people"),
        ("match-unknown-group", 7, "people.group_id"),
        ("match-seats-without-driver", 8, "people.seats"),
        ("match-unknown-person", 1, "groups"),
        ("match-group-size", 1, "groups.size"),
        ("match-row-invalid", 4, "visits.lat"),
        ("match-row-invalid", 5, "visits.people_min"),
        ("match-people-swapped", 3, "visits.people_min"),
        ("match-no-place", 2, "visits.lat"),
        ("match-unknown-tool", 6, "visits.tools"),
        ("match-row-invalid", 1, "stock.count"),
        ("match-unknown-visit", 1, "locks.visit_id"),
        ("match-unknown-person", 2, "locks.member_ids"),
    }
    assert [team["visit_id"] for team in told["teams"]] == ["V-21"]
    assert {entry["visit_id"]: entry["missing"][0]["code"] for entry in told["unserved"]} == {
        "V-22": "missing-place",
        "V-26": "missing-tool",
    }


@pytest.mark.parametrize("name", ["small-day.json", "locked-day.json", "messy-day.json"])
def test_every_problem_is_told_in_words_without_a_hole(name: str):
    _, problems = read_day((SAMPLES / name).read_bytes())
    for problem in problems:
        shown = describe(problem)
        assert "{" not in str(shown["message"]) + str(shown["hint"]).replace('{"lat"', "")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "match-not-json"),
        (b"{", "match-not-json"),
        (b"\xff\xfe", "match-not-json"),
        (b"NaN", "match-not-json"),
        (b"[]", "match-not-object"),
        (b"{}", "match-no-center"),
        (b'{"travel": {"lat": 99, "lng": 0}}', "match-no-center"),
        (b'{"travel": {"lat": 1, "lng": 2}, "people": {}}', "match-not-list"),
        (b'{"travel": {"lat": 1, "lng": 2}, "rules": []}', "match-rules-invalid"),
        (b'{"travel": {"lat": 1, "lng": 2}, "rules": {"weights": {"idle": "much"}}}', "match-rules-invalid"),
        (b'{"travel": {"lat": 1, "lng": 2}, "rules": {"limits": {"team_min": 0}}}', "match-rules-invalid"),
        (b'{"travel": {"lat": 1, "lng": 2}, "rules": {"detour": -1}}', "match-rules-invalid"),
    ],
)
def test_a_file_from_which_nothing_can_be_planned(data: bytes, code: str):
    day, problems = read_day(data)
    assert day is None
    assert codes(problems) == [code]
    assert describe(problems[0])["hint"]


def test_too_many_rows_are_no_day():
    day, problems = read(people=[{"id": str(n)} for n in range(10_001)])
    assert day is None
    assert codes(problems) == ["match-too-many"]


def test_an_empty_day_has_an_empty_plan():
    day, problems = read()
    assert day is not None
    assert problems == []
    plan = greedy_plan(day)
    assert (plan.teams, plan.unserved, plan.idle, plan.objective) == ((), (), (), 0)


def test_control_and_direction_characters_do_not_get_in():
    day, problems = read(people=[person("a\u202eb"), person("a\nb"), person("ok"), person("x" * 65)])
    assert day is not None
    assert [one.id for one in day.people] == ["ok"]
    assert codes(problems) == ["match-row-invalid"] * 3


def test_a_group_is_known_from_either_side_and_its_leader_leads():
    day, problems = read(
        people=[person("a"), person("b", group_id="g"), person("c")],
        groups=[{"id": "g", "leader_id": "a", "member_ids": ["b", "c"]}],
    )
    assert day is not None
    assert problems == []
    assert {one.id: one.group_id for one in day.people} == {"a": "g", "b": "g", "c": "g"}
    assert [one.id for one in day.people if one.leader_able] == ["a"]


def test_a_person_of_two_groups_stays_in_the_first():
    day, problems = read(
        people=[person("a")], groups=[{"id": "g", "member_ids": ["a"]}, {"id": "h", "member_ids": ["a"]}]
    )
    assert day is not None
    assert codes(problems) == ["match-two-groups"]
    assert day.people[0].group_id == "g"


def test_an_unknown_group_still_keeps_its_people_together():
    day, problems = read(people=[person("a", group_id="typo"), person("b", group_id="typo")])
    assert day is not None
    assert codes(problems) == ["match-unknown-group"] * 2
    assert {one.group_id for one in day.people} == {"typo"}


def test_undecided_heads_take_the_councils_numbers():
    day, problems = read(visits=[visit(people_min=None, people_max=None), visit("w", people_max=None)])
    assert day is not None
    assert codes(problems) == ["match-people-undecided"]
    assert [(v.people_min, v.people_max, v.people_assumed) for v in day.visits] == [
        (4, 6, True),
        (2, 2, False),
    ]


def test_nobody_is_in_two_fixed_teams_of_one_half_day():
    lock = {"leader_id": "a", "member_ids": ["a", "b"]}
    people = [person("a"), person("b")]
    day, problems = read(
        people=people,
        visits=[visit("v", band="am"), visit("w", band="day"), visit("x", band="pm")],
        locks=[{"visit_id": "v"} | lock, {"visit_id": "w"} | lock, {"visit_id": "x"} | lock],
    )
    assert day is not None
    assert codes(problems) == ["match-person-in-two-locks"]
    assert [team.visit_id for team in day.locks] == ["v", "x"]


def test_roads_win_over_the_straight_line():
    day, _ = read(visits=[visit("v", lat=35.71), visit("w", lat=None, lng=None)], travel=CENTER)
    assert day is not None
    assert day.distance_m(day.visits[0]) == pytest.approx(1445.5, abs=1)
    assert day.distance_m(day.visits[1]) is None
    known = msgspec.structs.replace(
        day, travel=msgspec.structs.replace(day.travel, meters={"v": 900.0, "w": 300.0})
    )
    assert [known.distance_m(one) for one in known.visits] == [900.0, 300.0]


def test_the_councils_numbers_are_those_of_the_tests_and_each_has_its_source():
    assert load_rules() == RULES

    def entries(table: dict[str, Any]):
        for entry in table.values():
            if "value" in entry:
                yield entry
            else:
                yield from entries(entry)

    for entry in entries(tomllib.loads(REFERENCE.read_text(encoding="utf-8"))):
        assert entry["source"]
        assert entry["state"] in ("確認済", "未確認")


def test_a_file_may_change_a_number_and_leaves_the_others():
    day, problems = read(rules={"weights": {"idle": 10}})
    assert day is not None
    assert problems == []
    assert day.rules.weights.idle == 10
    assert day.rules.weights.extra == RULES.weights.extra
