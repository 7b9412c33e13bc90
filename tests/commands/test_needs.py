"""ニーズ as a story: the call, what is missing, the gate, the survey, the visit, what others take over."""

import uuid
from datetime import date, timedelta

import msgspec
import pytest

from dvc_core.commands.gate import ReleaseGate
from dvc_core.commands.household import JoinTo
from dvc_core.commands.need import Change, End, Receive
from dvc_core.commands.operation import Start
from dvc_core.commands.referral import SettleReferral
from dvc_core.commands.survey import MakeReady, Survey
from dvc_core.commands.visit import CallResident, Cancel, Plan
from dvc_core.domain.need import Details, Gate, Need, NeedState, Place, Site, SurveyNeeded
from dvc_core.domain.operation import Disaster
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.referral import Referral
from dvc_core.domain.visit import Agreed, Band, Visit
from tests.support.center import START, Center
from tests.support.papers import checked

NOBODY = uuid.UUID(int=0)
TODAY = date(2026, 7, 28)


def site(**changes: str) -> Site:
    said = Site(
        id=NOBODY,
        name="架空 一郎",
        phone="000-0000-0001",
        address="本町一丁目0番",
        trouble="タンスを出したい",
    )
    return msgspec.structs.replace(said, **changes)


def begin(center: Center, disaster: Disaster = Disaster.EARTHQUAKE) -> None:
    center.must(Start(disaster=disaster, started_at=START - timedelta(days=4), title="訓練"))


def receive(center: Center, **details: object) -> Need:
    answer = center.must(Receive(site=site(), details=Details(**details)))  # type: ignore[arg-type]
    return get(center, answer.entries[1].subject_id)


def get(center: Center, need_id: uuid.UUID) -> Need:
    with center.services.reader() as reader:
        row = reader.get(Need, need_id)
    assert row is not None
    return row


def referrals(center: Center) -> list[tuple[str, str]]:
    with center.services.reader() as reader:
        return sorted((r.to, r.reason) for r in reader.find(Referral))


@pytest.mark.parametrize("field", ["name", "phone", "address", "trouble"])
def test_four_things_are_needed_and_no_more(center: Center, field: str) -> None:
    begin(center)
    assert center.refused(Receive(site=site(**{field: " "}))) == "need-incomplete"
    center.must(Receive(site=site()))


def test_a_whole_need_from_call_to_done(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    need = receive(center, works=("clear-house",))
    assert (need.number, need.gate, need.state) == (1, Gate.HELD, NeedState.RECEIVED)
    assert center.refused(ReleaseGate(need_id=need.id, reason="見た")) == "check-missing"
    center.must(Survey(need_id=need.id, result="workable", people=6, days=2, reason="傾きなし"))
    center.must(checked(center, need.id))
    assert center.refused(ReleaseGate(need_id=need.id, reason=" ")) == "reason-missing"
    center.must(ReleaseGate(need_id=need.id, reason="建築士と確認"))
    need = get(center, need.id)
    assert (need.gate, need.state, need.remaining_people) == (Gate.CONDITIONAL, NeedState.READY, 6)
    plan = Plan(need_id=need.id, day=TODAY, band=Band.AM, people_min=4, people_max=6)
    visit_id = center.must(plan).entries[0].subject_id
    center.must(CallResident(visit_id=visit_id, agreed=Agreed.NO_ANSWER))
    center.must(CallResident(visit_id=visit_id, agreed=Agreed.YES))
    with center.services.reader() as reader:
        visit = reader.get(Visit, visit_id)
    assert visit is not None
    assert (visit.calls, visit.agreed) == (2, Agreed.YES)
    moved = msgspec.structs.replace(plan, visit_id=visit_id, day=TODAY + timedelta(days=1))
    center.must(moved)
    with center.services.reader() as reader:
        assert reader.find(Visit)[0].agreed is Agreed.NOT_YET
    center.must(Cancel(visit_id=visit_id, reason="依頼者の都合"))
    center.must(End(need_id=need.id, state=NeedState.DONE))
    assert center.refused(plan) == "need-ended"


@pytest.mark.parametrize(
    ("disaster", "details", "gate"),
    [
        (Disaster.EARTHQUAKE, Details(works=("clear-house",), hazard=HazardGrade.RED), Gate.CLOSED),
        (Disaster.EARTHQUAKE, Details(works=("yard",), hazard=HazardGrade.RED), Gate.OPEN),
        (Disaster.EARTHQUAKE, Details(works=("clear-house",), hazard=HazardGrade.YELLOW), Gate.HELD),
        (Disaster.EARTHQUAKE, Details(works=("clear-house",), hazard=HazardGrade.GREEN), Gate.OPEN),
        (Disaster.EARTHQUAKE, Details(works=("clear-house",)), Gate.HELD),
        (Disaster.FLOOD, Details(works=("mud",)), Gate.CONDITIONAL),
        (Disaster.EARTHQUAKE, Details(works=("something-new",), hazard=HazardGrade.RED), Gate.CLOSED),
    ],
)
def test_the_gate_is_on_the_place_and_the_work(
    center: Center, disaster: Disaster, details: Details, gate: Gate
) -> None:
    begin(center, disaster)
    answer = center.must(Receive(site=site(), details=details))
    assert get(center, answer.entries[1].subject_id).gate is gate


def test_red_is_never_released(center: Center) -> None:
    begin(center)
    need = receive(center, works=("clear-house",), hazard=HazardGrade.RED)
    center.must(Survey(need_id=need.id, result="workable", people=2, reason="外から見た"))
    assert center.refused(ReleaseGate(need_id=need.id, reason="どうしても")) == "gate-closed"


def test_a_released_gate_falls_when_the_danger_changes(center: Center) -> None:
    begin(center)
    need = receive(center, works=("clear-house",))
    center.must(checked(center, need.id))
    center.must(ReleaseGate(need_id=need.id, reason="見た"))
    same = get(center, need.id)
    center.must(
        Change(
            need_id=need.id,
            seen_version=same.version,
            site=site(note="犬がいる"),
            details=Details(works=("clear-house",)),
            place=Place(),
        )
    )
    assert get(center, need.id).gate is Gate.CONDITIONAL
    center.must(
        Change(
            need_id=need.id,
            seen_version=get(center, need.id).version,
            site=site(),
            details=Details(works=("clear-house",), hazard=HazardGrade.RED),
            place=Place(),
        )
    )
    assert get(center, need.id).gate is Gate.CLOSED


def test_what_volunteers_do_not_do_is_handed_on_and_a_crisis_is_told_at_once(center: Center) -> None:
    begin(center)
    receive(center, works=("roof-sheet", "yard"), crisis=True, watch_over=True)
    assert referrals(center) == [("care", "watch-over"), ("chief", "crisis"), ("technical", "roof-sheet")]
    with center.services.reader() as reader:
        first = reader.find(Referral)[0]
    center.must(SettleReferral(referral_id=first.id, taken=True, words="引き受けた"))
    assert center.refused(SettleReferral(referral_id=first.id, taken=True)) == "referral-settled"


def test_the_second_of_two_people_sees_that_something_changed(center: Center) -> None:
    begin(center)
    need = receive(center)
    change = Change(need_id=need.id, seen_version=need.version, site=site(), details=Details(), place=Place())
    center.must(change)
    assert center.refused(change) == "changed-meanwhile"


def test_the_same_household_twice_becomes_one(center: Center) -> None:
    begin(center)
    first, second = receive(center), receive(center)
    center.must(JoinTo(need_id=second.id, same_as=first.id))
    assert get(center, second.id).same_as == first.id
    assert center.refused(JoinTo(need_id=first.id, same_as=second.id)) == "need-ended"


def test_without_survey_only_with_a_reason_unless_it_was_judged_unneeded(center: Center) -> None:
    begin(center)
    need = receive(center, works=("yard",))
    assert center.refused(MakeReady(need_id=need.id)) == "reason-missing"
    center.must(MakeReady(need_id=need.id, reason="外の作業だけ"))
    easy = receive(center, works=("yard",), survey=SurveyNeeded.NOT_NEEDED)
    center.must(MakeReady(need_id=easy.id))


def test_impossible_plans(center: Center) -> None:
    begin(center)
    need = receive(center)
    plan = Plan(need_id=need.id, day=TODAY, band=Band.AM, people_min=4, people_max=6)
    assert center.refused(msgspec.structs.replace(plan, day=TODAY - timedelta(days=1))) == "day-past"
    assert center.refused(msgspec.structs.replace(plan, people_min=7)) == "people-impossible"
    assert center.refused(msgspec.structs.replace(plan, need_id=NOBODY)) == "need-unknown"
