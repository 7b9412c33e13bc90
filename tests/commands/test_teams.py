"""マッチングから帰着まで as a story: taken once, out on an order, everyone home, the need moved."""

from datetime import timedelta

import msgspec

from dvc_core.commands.attendance import Record
from dvc_core.commands.base import Actor
from dvc_core.commands.dispatch import (
    Close,
    CloseDay,
    ComeHome,
    DecideClosing,
    Depart,
    Report,
    Say,
    StraightHome,
)
from dvc_core.commands.team import Dissolve
from dvc_core.domain.attendance import Act
from dvc_core.domain.need import Need, NeedState, Place, Site
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.team import Team, Tool, Word
from dvc_core.domain.visit import Result, Visit, VisitState
from tests.support.center import START, Center
from tests.support.day import NOBODY, TODAY, Day


def test_from_the_confirmed_team_to_the_finished_house(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    later = day.plan(day.need, TODAY + timedelta(days=1))
    team_id = day.team()
    team = day.row(Team, team_id)
    assert isinstance(team, Team)
    assert (team.number, team.order_number, team.size) == (1, 1, 4)
    center.must(day.depart(team_id))
    assert day.out() == 4
    center.must(Say(team_id=team_id, word=Word.DELAYED, words="片付けが長引く"))
    center.must(StraightHome(team_id=team_id, volunteer_id=day.people[3], words="電車の都合"))
    assert center.refused(ComeHome(team_id=team_id)) == "team-people-out"
    for person in day.people[:2]:
        center.must(Record(act=Act.RETURN, volunteer_id=person))
    assert center.refused(CloseDay(day=TODAY)) == "people-out"
    center.must(ComeHome(team_id=team_id, all_here=True, back={"shovel": 1}, lost={"shovel": 1}))
    assert day.out() == 0
    with center.services.reader() as reader:
        tool = reader.find(Tool)[0]
    assert (tool.total, tool.free, tool.lent) == (2, 2, 0)
    center.must(Report(team_id=team_id, result=Result.DONE, resident_agrees=True, words="終わった"))
    need, visit, next_visit = day.row(Need, day.need), day.row(Visit, day.visit), day.row(Visit, later)
    assert isinstance(need, Need)
    assert isinstance(visit, Visit)
    assert isinstance(next_visit, Visit)
    assert (need.state, visit.result, next_visit.state) == (NeedState.DONE, Result.DONE, VisitState.CANCELLED)
    center.must(CloseDay(day=TODAY))
    center.must(DecideClosing(reason="応急の支援が終わった"))
    center.must(Close())
    assert center.refused(Close()) == "no-operation"


def test_a_person_is_in_one_team_and_a_tool_is_promised_once(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center, people=9)
    day.team()
    other = day.plan(day.receive())
    leader = day.arrive(leader=True)
    mixed = day.confirm(visit_id=other, leader_id=leader, member_ids=(leader, *day.people[3:6]))
    assert center.refused(mixed) == "person-in-team"
    fresh = (leader, *day.people[4:7])
    greedy = day.confirm(visit_id=other, leader_id=leader, member_ids=fresh, tools={"shovel": 2})
    assert center.refused(greedy) == "tool-short"
    center.must(day.confirm(visit_id=other, leader_id=leader, member_ids=fresh, tools={"shovel": 1}))
    assert center.refused(day.confirm()) == "visit-has-team"


def test_rules_are_checked_again_when_a_person_confirms(center: Center) -> None:
    day = Day(center)
    assert center.refused(day.confirm(leader_id=day.people[1])) == "leader-not-able"
    assert center.refused(day.confirm(visit_id=NOBODY)) == "visit-unknown"
    twice = (day.people[0], day.people[0], day.people[1])
    assert center.refused(day.confirm(member_ids=twice)) == "team-member-twice"


def test_too_few_people_only_with_a_reason(center: Center) -> None:
    day = Day(center)
    assert center.refused(day.confirm(2)) == "team-too-few"
    center.must(day.confirm(2, reason="物が少ない"))


def test_a_closed_gate_lets_no_team_in_whatever_the_reason(center: Center) -> None:
    day = Day(center)
    red = day.plan(day.receive(hazard=HazardGrade.RED))
    refused = center.refused(day.confirm(visit_id=red, reason="急ぐ"))
    assert refused.startswith(("gate", "visit-gate"))


def test_a_dissolved_team_gives_everything_back_and_its_number_stays_void(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    first = day.team()
    center.must(Dissolve(team_id=first, reason="雨"))
    assert center.refused(day.depart(first)) == "team-gone"
    center.must(day.confirm())
    with center.services.reader() as reader:
        orders = sorted(team.order_number for team in reader.find(Team))
        assert reader.find(Tool)[0].reserved == 2
    assert orders == [1, 2]


def test_what_goes_on_says_how_much_is_left_and_reports_come_once(center: Center) -> None:
    day = Day(center)
    team_id = day.team()
    assert center.refused(Report(team_id=team_id, result=Result.DONE)) == "team-not-out"
    center.must(day.depart(team_id))
    assert center.refused(Report(team_id=team_id, result=Result.GOES_ON)) == "remaining-missing"
    center.must(Report(team_id=team_id, result=Result.GOES_ON, remaining_people=4, remaining_days=1))
    need = day.row(Need, day.need)
    assert isinstance(need, Need)
    assert (need.state, need.remaining_people) == (NeedState.READY, 4)
    assert center.refused(Report(team_id=team_id, result=Result.DONE)) == "team-reported"


def test_a_need_heard_on_site_comes_in_with_the_report_or_nothing_does(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    team_id = day.team()
    center.must(day.depart(team_id))
    desk = Actor(id="return", roles=frozenset({"return"}))
    heard = Site(id=NOBODY, name="架空 新美", phone="000-0000-0099", address="", trouble="雨もり")
    half = center.do(Report(team_id=team_id, result=Result.DONE, heard=heard), desk)
    assert half.refusal is not None
    assert (half.refusal.code, half.refusal.facts) == ("need-incomplete", {"field": "address"})
    assert day.row(Team, team_id).reported_at is None  # type: ignore[attr-defined]
    whole = msgspec.structs.replace(heard, address="東町一丁目")
    place = Place(lat=35.7, lng=139.5, city_code="13210", match_level="town")
    center.must(Report(team_id=team_id, result=Result.DONE, heard=whole, heard_place=place), desk)
    with center.services.reader() as reader:
        needs = {need.number: need for need in reader.find(Need)}
        site = reader.get(Site, needs[2].id)
    assert (needs[1].state, needs[2].state) == (NeedState.NEARLY_DONE, NeedState.RECEIVED)
    assert site is not None
    assert (site.name, needs[2].match_level) == ("架空 新美", "town")


def test_the_center_does_not_close_over_people_or_needs(center: Center) -> None:
    day = Day(center)
    assert center.refused(Close()) == "closing-undecided"
    center.must(DecideClosing(reason="終わり"))
    team_id = day.team()
    center.must(day.depart(team_id))
    assert center.refused(Close()) == "people-out"
    center.must(ComeHome(team_id=team_id, all_here=True))
    assert center.refused(Close()) == "needs-left"
    center.must(Close(reason="残りは市に引き継いだ"))


def test_nobody_returns_tomorrow_or_before_leaving(center: Center) -> None:
    day = Day(center)
    team_id = day.team()
    late = Depart(team_id=team_id, expected_return_at=START + timedelta(days=1))
    assert center.refused(late) == "return-time-impossible"
    assert center.refused(ComeHome(team_id=team_id)) == "team-not-out"
    assert center.do(Say(team_id=NOBODY, word=Word.ACCIDENT, words="どの班か不明")).result == "review"
