"""Every act on a team, its tools and people that is refused: unknown, gone, not out, more than there is."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from dvc_core.commands.attendance import Record
from dvc_core.commands.base import Command
from dvc_core.commands.dispatch import ComeHome, Depart, Report, StraightHome
from dvc_core.commands.team import MOST_MEMBERS, CountTools, Dissolve
from dvc_core.domain.attendance import Act
from dvc_core.domain.need import Need, Site
from dvc_core.domain.team import MOST_TOOLS, Team, Tool
from dvc_core.domain.visit import Result
from tests.support.center import START, Center
from tests.support.day import NOBODY, Day

SOON = START + timedelta(hours=3)
OF_A_TEAM: dict[str, Callable[[uuid.UUID], Command]] = {
    "depart": lambda t: Depart(team_id=t, expected_return_at=SOON),
    "straight-home": lambda t: StraightHome(team_id=t, volunteer_id=NOBODY),
    "come-home": lambda t: ComeHome(team_id=t),
    "report": lambda t: Report(team_id=t, result=Result.DONE),
    "dissolve": lambda t: Dissolve(team_id=t),
}


@pytest.mark.parametrize("act", OF_A_TEAM)
def test_a_team_that_nobody_knows_is_not_acted_on(center: Center, act: str) -> None:
    Day(center)
    assert center.refused(OF_A_TEAM[act](uuid.UUID(int=5))) == "team-unknown"


def test_a_team_goes_once_and_is_not_dissolved_outside(center: Center) -> None:
    day = Day(center)
    team = day.team()
    center.must(day.depart(team))
    assert center.refused(day.depart(team)) == "team-gone"
    assert center.refused(Dissolve(team_id=team)) == "team-gone"


def test_a_dissolved_team_is_dissolved_once(center: Center) -> None:
    day = Day(center)
    team = day.team()
    center.must(Dissolve(team_id=team))
    assert center.refused(Dissolve(team_id=team)) == "team-gone"


@pytest.mark.parametrize("hours", [0, -1, 12.1])
def test_a_team_says_when_it_is_back(center: Center, hours: float) -> None:
    day = Day(center)
    back = center.clock.now() + timedelta(hours=hours)
    depart = Depart(team_id=day.team(), expected_return_at=back)
    assert center.refused(depart) == "return-time-impossible"


def test_who_goes_straight_home_is_out_with_that_team(center: Center) -> None:
    day = Day(center)
    team = day.team()
    home = StraightHome(team_id=team, volunteer_id=day.people[3])
    assert center.refused(home) == "team-not-out"
    center.must(day.depart(team))
    assert center.refused(StraightHome(team_id=team, volunteer_id=day.people[4])) == "not-in-team"
    center.must(home)
    assert center.refused(home) == "not-in-team"


def test_a_team_comes_home_once(center: Center) -> None:
    day = Day(center)
    team = day.team()
    home = ComeHome(team_id=team, all_here=True)
    assert center.refused(home) == "team-not-out"
    center.must(day.depart(team))
    center.must(home)
    assert center.refused(home) == "team-not-out"


@pytest.mark.parametrize(
    ("back", "lost"),
    [
        ({"shovel": 3}, {}),
        ({"shovel": 2}, {"shovel": 1}),
        ({}, {"shovel": 3}),
        ({"shovel": -1}, {}),
        ({}, {"shovel": -1}),
        ({"bucket": 1}, {}),
        ({}, {"bucket": 1}),
    ],
)
def test_no_more_tools_come_back_than_were_lent(
    center: Center, back: dict[str, int], lost: dict[str, int]
) -> None:
    day = Day(center)
    team = day.team()
    center.must(day.depart(team))
    home = ComeHome(team_id=team, all_here=True, back=back, lost=lost)
    assert center.refused(home) == "tool-back-count"
    assert day.out() == 4, "a refused count brings nobody home"
    center.must(ComeHome(team_id=team, all_here=True, back={"shovel": 2}))


def test_who_is_still_out_holds_the_team(center: Center) -> None:
    day = Day(center)
    team = day.team()
    center.must(day.depart(team))
    for person in day.people[:3]:
        center.must(Record(act=Act.RETURN, volunteer_id=person))
    assert center.refused(ComeHome(team_id=team)) == "team-people-out"
    center.must(Record(act=Act.RETURN, volunteer_id=day.people[3]))
    center.must(ComeHome(team_id=team))


@pytest.mark.parametrize("left", [{}, {"remaining_people": 4}, {"remaining_days": 1}])
def test_what_goes_on_says_people_and_days(center: Center, left: dict[str, int]) -> None:
    day = Day(center)
    team = day.team()
    center.must(day.depart(team))
    assert center.refused(Report(team_id=team, result=Result.GOES_ON, **left)) == "remaining-missing"


def test_a_report_with_a_new_need_that_tells_nothing_stores_neither(center: Center) -> None:
    day = Day(center)
    team = day.team()
    center.must(day.depart(team))
    site = Site(id=NOBODY, name="架空 二郎", phone="000-0000-0002", address="", trouble="泥")
    assert center.refused(Report(team_id=team, result=Result.DONE, heard=site)) == "need-incomplete"
    row = day.row(Team, team)
    assert isinstance(row, Team)
    assert row.reported_at is None
    with center.services.reader() as reader:
        assert len(reader.find(Need)) == 1


@pytest.mark.parametrize("total", [-1, 1, MOST_TOOLS + 1])
def test_a_count_covers_what_is_promised_and_no_more_than_can_be(center: Center, total: int) -> None:
    day = Day(center)
    day.team()
    assert center.refused(CountTools(code="shovel", total=total)) == "tool-count"
    center.must(CountTools(code="shovel", total=2))
    with center.services.reader() as reader:
        assert [(tool.total, tool.free) for tool in reader.find(Tool)] == [(2, 0)]


def test_a_kind_of_tool_is_one_of_the_table(center: Center) -> None:
    Day(center)
    assert center.refused(CountTools(code="rocket", total=1)) == "tool-unknown"


def test_a_team_has_no_more_members_than_anyone_can_lead(center: Center) -> None:
    day = Day(center)
    many = (*day.people, *(uuid.UUID(int=n) for n in range(1, MOST_MEMBERS)))
    assert center.refused(day.confirm(member_ids=many)) == "team-member-twice"


def test_a_team_is_made_of_people_who_are_known(center: Center) -> None:
    day = Day(center)
    strange = (*day.people[:3], uuid.UUID(int=5))
    assert center.refused(day.confirm(member_ids=strange)) == "person-unknown"


def test_a_visit_is_confirmed_once(center: Center) -> None:
    day = Day(center)
    center.must(day.confirm())
    assert center.refused(day.confirm()) == "visit-has-team"
