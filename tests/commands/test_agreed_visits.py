"""了承: nobody is sent to a closed door; who calls it off while a team is out stops it."""

from datetime import timedelta

from dvc_core.commands.dispatch import ComeHome, Report
from dvc_core.commands.team import Dissolve
from dvc_core.commands.visit import CallResident, Cancel, Plan, SendUnagreed
from dvc_core.domain.need import Need, NeedState
from dvc_core.domain.recall import Recall, RecallReason, recall_id
from dvc_core.domain.visit import Agreed, Band, Result, Visit, VisitState
from dvc_core.queries.visits import calendar
from tests.support.center import Center
from tests.support.day import TODAY, Day


def unagreed(day: Day) -> None:
    """The day's visit, as nobody was reached about it."""
    plan = Plan(need_id=day.need, day=TODAY, band=Band.PM, people_min=3, people_max=6)
    day.visit = day.center.must(plan).entries[0].subject_id


def row(day: Day) -> Visit:
    found = day.row(Visit, day.visit)
    assert isinstance(found, Visit)
    return found


def test_a_team_leaves_only_for_an_agreed_visit_or_by_the_chiefs_word(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    unagreed(day)
    team = day.team()
    assert center.refused(day.depart(team)) == "visit-not-agreed"
    assert center.refused(SendUnagreed(visit_id=day.visit, reason=" ")) == "reason-missing"
    center.must(SendUnagreed(visit_id=day.visit, reason="玄関がふさがっている"))
    assert row(day).released_by == center.chief.id
    center.must(day.depart(team))
    assert center.refused(SendUnagreed(visit_id=day.visit, reason="もう")) == "visit-under-way"


def test_a_resident_who_calls_it_off_stops_a_team_that_waits(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    team = day.team()
    center.must(CallResident(visit_id=day.visit, agreed=Agreed.NO, words="体調がわるい"))
    assert center.refused(day.depart(team)) == "visit-declined"
    assert center.refused(SendUnagreed(visit_id=day.visit, reason="行く")) == "visit-declined"
    center.must(Dissolve(team_id=team, reason="依頼者が取りやめ"))
    assert row(day).state is VisitState.CANCELLED


def test_another_day_is_a_new_visit_when_a_team_stands_ready(center: Center) -> None:
    day = Day(center)
    day.team()
    later = TODAY + timedelta(days=2)
    center.must(CallResident(visit_id=day.visit, agreed=Agreed.YES, day=later, band=Band.PM))
    with center.services.reader() as reader:
        found = sorted(reader.find(Visit, need_id=day.need), key=lambda visit: visit.day)
    assert [(v.day, v.state, v.may_go) for v in found] == [
        (TODAY, VisitState.MATCHED, False),
        (later, VisitState.PLANNED, True),
    ]
    move = Plan(need_id=day.need, day=later, band=Band.AM, people_min=3, people_max=6, visit_id=day.visit)
    assert center.refused(move) == "visit-has-team"


def test_called_off_while_the_team_is_out_it_comes_home_and_reports(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    team = day.team()
    center.must(day.depart(team))
    assert center.refused(CallResident(visit_id=day.visit, agreed=Agreed.YES)) == "visit-under-way"
    center.must(CallResident(visit_id=day.visit, agreed=Agreed.NO, words="もう要らない"))
    assert (row(day).state, row(day).declined_at) == (VisitState.OUT, center.clock.now())
    back = day.row(Recall, recall_id(team))
    assert isinstance(back, Recall)
    assert (back.why, back.reached_at) == (RecallReason.RESIDENT, None)
    center.must(ComeHome(team_id=team, all_here=True))
    center.must(Report(team_id=team, result=Result.STOPPED, words="着く前に呼びもどした"))
    need = day.row(Need, day.need)
    assert isinstance(need, Need)
    assert need.state is NeedState.RECEIVED


def test_the_calendar_shows_fourteen_days(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    unagreed(day)
    center.must(Cancel(visit_id=day.visit, reason="計画ちがい"))
    day.plan(day.need, TODAY + timedelta(days=13))
    with center.services.reader() as reader:
        ahead = calendar(reader, center.services.ask("operations.current", center.chief).id, TODAY)
    assert [each.visits for each in ahead] == [1, *([0] * 12), 1]
    assert (ahead[0].agreed, ahead[0].people_min, ahead[0].people_max) == (1, 3, 6)
