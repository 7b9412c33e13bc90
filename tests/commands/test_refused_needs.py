"""Every act on a need or a visit that is refused: unknown, ended, under way, without its reason or number."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from dvc_core.commands.base import Command
from dvc_core.commands.gate import ReleaseGate
from dvc_core.commands.household import JoinTo
from dvc_core.commands.need import Change, End, Receive
from dvc_core.commands.operation import Start
from dvc_core.commands.referral import SettleReferral
from dvc_core.commands.survey import MakeReady, Survey
from dvc_core.commands.visit import CallResident, Cancel, Plan
from dvc_core.domain.need import MOST_PEOPLE, Details, Gate, Need, NeedState, Place, Site
from dvc_core.domain.operation import Disaster
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.referral import Referral
from dvc_core.domain.visit import Agreed, Band, Visit, VisitState
from tests.support.center import START, Center
from tests.support.day import NOBODY, TODAY, Day

SITE = Site(id=NOBODY, name="架空 一郎", phone="000-0000-0001", address="本町一丁目0番", trouble="片付け")
OF_A_NEED: dict[str, Callable[[uuid.UUID], Command]] = {
    "survey": lambda n: Survey(need_id=n, result="workable", people=2),
    "ready": lambda n: MakeReady(need_id=n, reason="外の作業"),
    "release": lambda n: ReleaseGate(need_id=n, reason="見た"),
    "end": lambda n: End(need_id=n, state=NeedState.DONE),
    "join": lambda n: JoinTo(need_id=n, same_as=n),
    "plan": lambda n: Plan(need_id=n, day=TODAY, band=Band.AM, people_min=1, people_max=2),
    "change": lambda n: Change(need_id=n, seen_version=1, site=SITE, details=Details(), place=Place()),
}


def begun(center: Center) -> Center:
    """A quake."""
    center.must(Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(days=4), title="訓練"))
    return center


def needed(center: Center, **details: object) -> Need:
    """A need just taken in."""
    answer = center.must(Receive(site=SITE, details=Details(**details)))  # type: ignore[arg-type]
    return need(center, answer.entries[1].subject_id)


def need(center: Center, need_id: uuid.UUID) -> Need:
    """A need as it stands."""
    with center.services.reader() as reader:
        row = reader.get(Need, need_id)
    assert row is not None
    return row


def test_before_the_disaster_is_recorded_there_are_no_needs(center: Center) -> None:
    assert center.refused(Receive(site=SITE)) == "no-operation"


@pytest.mark.parametrize("act", OF_A_NEED)
def test_a_need_that_nobody_knows_is_not_acted_on(center: Center, act: str) -> None:
    assert center.refused(OF_A_NEED[act](uuid.UUID(int=5))) == "need-unknown"


@pytest.mark.parametrize("state", [NeedState.DONE, NeedState.CANCELLED, NeedState.HANDED_OVER])
def test_an_ended_need_stays_ended(center: Center, state: NeedState) -> None:
    one = needed(begun(center))
    center.must(End(need_id=one.id, state=state, reason="市へ"))
    for act in ("survey", "ready", "plan"):
        assert center.refused(OF_A_NEED[act](one.id)) == "need-ended", act
    other = needed(center)
    assert center.refused(JoinTo(need_id=one.id, same_as=other.id)) == "need-ended"
    assert need(center, one.id).state is state


def test_a_need_joins_another_one_that_is_there(center: Center) -> None:
    one = needed(begun(center))
    assert center.refused(JoinTo(need_id=one.id, same_as=one.id)) == "need-unknown"
    assert center.refused(JoinTo(need_id=one.id, same_as=uuid.UUID(int=5))) == "need-unknown"
    assert center.refused(JoinTo(need_id=uuid.UUID(int=5), same_as=one.id)) == "need-unknown"


@pytest.mark.parametrize("people", [0, -1, MOST_PEOPLE + 1])
def test_a_survey_says_how_many_people_or_leaves_it_open(center: Center, people: int) -> None:
    one = needed(begun(center))
    assert center.refused(Survey(need_id=one.id, result="workable", people=people)) == "people-impossible"
    center.must(Survey(need_id=one.id, result="workable", people=None))


def test_a_survey_ends_in_one_of_two_words(center: Center) -> None:
    one = needed(begun(center))
    assert center.refused(Survey(need_id=one.id, result="perhaps")) == "survey-result-unknown"
    center.must(Survey(need_id=one.id, result="not-workable", reason="床が抜けている"))
    assert need(center, one.id).state is NeedState.SURVEYED


def test_an_open_place_needs_no_release(center: Center) -> None:
    one = needed(begun(center), works=("clear-house",), hazard=HazardGrade.GREEN)
    assert one.gate is Gate.OPEN
    center.must(Survey(need_id=one.id, result="workable", people=2))
    assert center.refused(ReleaseGate(need_id=one.id, reason="念のため")) == "gate-not-held"


@pytest.mark.parametrize("state", [NeedState.RECEIVED, NeedState.READY, NeedState.SURVEYED])
def test_a_need_ends_in_an_end(center: Center, state: NeedState) -> None:
    one = needed(begun(center))
    assert center.refused(End(need_id=one.id, state=state, reason="間違い")) == "end-unknown"


@pytest.mark.parametrize("state", [NeedState.CANCELLED, NeedState.HANDED_OVER, NeedState.PUBLIC_WORK])
def test_every_end_but_done_says_why(center: Center, state: NeedState) -> None:
    one = needed(begun(center))
    assert center.refused(End(need_id=one.id, state=state, reason=" ")) == "reason-missing"
    center.must(End(need_id=one.id, state=state, reason="依頼者の都合"))


@pytest.mark.parametrize("state", [NeedState.DONE, NeedState.NEARLY_DONE])
def test_done_needs_no_reason(center: Center, state: NeedState) -> None:
    one = needed(begun(center))
    center.must(End(need_id=one.id, state=state))


def test_a_referral_that_nobody_knows_is_not_settled(center: Center) -> None:
    needed(begun(center), crisis=True)
    with center.services.reader() as reader:
        assert len(reader.find(Referral)) == 1
    assert center.refused(SettleReferral(referral_id=uuid.UUID(int=5), taken=True)) == "referral-unknown"


def test_a_visit_that_nobody_knows_is_not_acted_on(center: Center) -> None:
    one = needed(begun(center))
    stranger = uuid.UUID(int=5)
    plan = Plan(need_id=one.id, day=TODAY, band=Band.AM, people_min=1, people_max=2, visit_id=stranger)
    assert center.refused(plan) == "visit-unknown"
    assert center.refused(CallResident(visit_id=stranger, agreed=Agreed.YES)) == "visit-unknown"
    assert center.refused(Cancel(visit_id=stranger, reason="雨")) == "visit-unknown"


def test_a_visit_that_is_under_way_or_over_is_neither_called_changed_nor_cancelled(center: Center) -> None:
    day = Day(center)
    team = day.team()
    cancel = Cancel(visit_id=day.visit, reason="雨")
    assert center.refused(cancel) == "visit-has-team"
    center.must(CallResident(visit_id=day.visit, agreed=Agreed.YES))
    center.must(day.depart(team))
    change = Plan(need_id=day.need, day=TODAY, band=Band.PM, people_min=1, people_max=2, visit_id=day.visit)
    for act in (cancel, change, CallResident(visit_id=day.visit, agreed=Agreed.YES)):
        assert center.refused(act) == "visit-under-way", act
    assert center.refused(day.confirm()) == "visit-under-way"
    row = day.row(Visit, day.visit)
    assert isinstance(row, Visit)
    assert row.state is VisitState.OUT


def test_a_cancelled_visit_has_its_reason_and_stays_cancelled(center: Center) -> None:
    day = Day(center)
    assert center.refused(Cancel(visit_id=day.visit, reason=" ")) == "reason-missing"
    center.must(Cancel(visit_id=day.visit, reason="雨"))
    assert center.refused(Cancel(visit_id=day.visit, reason="雨")) == "visit-under-way"
    assert center.refused(CallResident(visit_id=day.visit, agreed=Agreed.YES)) == "visit-under-way"


def test_a_visit_wants_at_least_one_person(center: Center) -> None:
    one = needed(begun(center))
    plan = Plan(need_id=one.id, day=TODAY, band=Band.AM, people_min=0, people_max=2)
    assert center.refused(plan) == "people-impossible"
