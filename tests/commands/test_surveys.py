"""現地調査: the queue, a round, nobody met, the three answers; and what goes without one."""

from datetime import timedelta

import msgspec

from dvc_core.commands.need import PutOnHold, Receive, Resume
from dvc_core.commands.survey import (
    AllowWithout,
    EndWithout,
    MakeReady,
    NobodyMet,
    PlanRound,
    Survey,
    Withdraw,
)
from dvc_core.commands.visit import Plan
from dvc_core.domain.grading import town_code
from dvc_core.domain.need import Details, HoldReason, NeedState, Place, Priority, Site
from dvc_core.domain.survey import SiteSurvey, SurveyAnswer, Waiver, survey_id
from dvc_core.domain.visit import Band
from dvc_core.queries.surveys import queue, round_of
from tests.commands.test_needs import TODAY, begin, get, receive, referrals, site
from tests.support.center import Center

TOMORROW = TODAY + timedelta(days=1)
HONCHO, MAEHARA = town_code("13210", "本町一丁目"), town_code("13210", "前原町四丁目")


def operation(center: Center):
    return center.services.ask("operations.current", center.chief).id


def waiting(center: Center) -> list[int]:
    with center.services.reader() as reader:
        return [each.line.need.number for each in queue(reader, operation(center), TODAY)]


def survey(center: Center, need_id) -> SiteSurvey:
    with center.services.reader() as reader:
        row = reader.get(SiteSurvey, survey_id(need_id))
    assert row is not None
    return row


def test_the_queue_puts_danger_first_and_a_day_last(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    plain, urgent, crisis = (
        receive(center),
        receive(center, priority=Priority.URGENT),
        receive(center, crisis=True),
    )
    receive(center, survey="not-needed")
    assert waiting(center) == [crisis.number, urgent.number, plain.number]
    assert center.refused(PlanRound(need_ids=(), day=TOMORROW)) == "nothing-chosen"
    assert center.refused(PlanRound(need_ids=(plain.id,), day=TODAY - timedelta(days=1))) == "day-past"
    center.must(PlanRound(need_ids=(crisis.id, urgent.id), day=TOMORROW, band=Band.AM))
    assert waiting(center) == [plain.number, crisis.number, urgent.number]
    center.must(NobodyMet(need_id=urgent.id, words="留守。名刺を入れた"))
    assert survey(center, urgent.id).not_met == 1
    assert center.refused(NobodyMet(need_id=urgent.id)) == "survey-not-planned"
    center.must(Withdraw(need_id=crisis.id))
    assert waiting(center) == [crisis.number, urgent.number, plain.number]


def test_a_round_is_walked_from_house_to_nearest_house(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    ids = []
    for lat, lng in ((35.70, 139.50), (35.72, 139.50), (35.71, 139.50), (None, None)):
        place = Place() if lat is None else Place(lat=lat, lng=lng, city_code="13210", match_level="hand")
        answer = center.must(Receive(site=site(), place=place))
        ids.append(answer.entries[1].subject_id)
    center.must(PlanRound(need_ids=tuple(ids), day=TOMORROW))
    with center.services.reader() as reader:
        tour = round_of(reader, operation(center), TOMORROW)
    assert [each.line.need.number for each in tour] == [2, 3, 1, 4]


def test_the_three_answers_go_into_the_need(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    need = receive(center, works=("clear-house",))
    seen = Site(
        id=need.id,
        name="架空 一郎",
        phone="000-0000-0001",
        address="本町一丁目0番",
        trouble="タンス",
        kept="位牌",
    )
    asked = Survey(
        need_id=need.id,
        result="conditional",
        people=None,
        days=None,
        reason="ブロック塀がかたむく",
        details=Details(works=("clear-house", "roof-sheet")),
        site=seen,
    )
    assert center.refused(asked) == "conditions-missing"
    center.must(msgspec.structs.replace(asked, conditions="塀の側を通らない"))
    row = get(center, need.id)
    assert (row.state, row.remaining_people, row.works) == (
        NeedState.READY,
        None,
        ("clear-house", "roof-sheet"),
    )
    assert survey(center, need.id).answer is SurveyAnswer.CONDITIONAL
    with center.services.reader() as reader:
        kept = reader.get(Site, need.id)
    assert kept is not None
    assert kept.kept == "位牌"
    # What volunteers do not do was found on the spot: it goes on to somebody who does.
    assert any(reason == "roof-sheet" for _, reason in referrals(center))
    assert center.refused(msgspec.structs.replace(asked, result="none")) == "survey-result-unknown"
    assert center.refused(msgspec.structs.replace(asked, result="workable", days=0)) == "days-impossible"


def test_a_need_that_comes_back_is_surveyed_anew(center: Center) -> None:
    begin(center)
    need = receive(center)
    center.must(PlanRound(need_ids=(need.id,), day=TODAY))
    center.must(Survey(need_id=need.id, result="workable", people=3, days=1))
    center.must(PlanRound(need_ids=(need.id,), day=TOMORROW))
    again = survey(center, need.id)
    assert (again.answer, again.done_at, again.day) == (None, None, TOMORROW)


def test_works_go_without_a_survey_where_the_chief_says_so(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)

    def need(town: str | None, *works: str):
        place = Place(lat=35.7, lng=139.5, city_code="13210", town_code=town, match_level="town")
        answer = center.must(Receive(site=site(), details=Details(works=works), place=place))
        return get(center, answer.entries[1].subject_id)

    here, there, mixed, empty = (
        need(HONCHO, "yard"),
        need(MAEHARA, "yard"),
        need(HONCHO, "yard", "mud"),
        need(HONCHO),
    )
    assert center.refused(AllowWithout(work="yard", town_code=HONCHO, reason=" ")) == "reason-missing"
    assert center.refused(AllowWithout(work="roof-sheet", reason="軽い")) == "work-not-ours"
    center.must(AllowWithout(work="yard", town_code=HONCHO, reason="被害が軽い町"))
    assert center.refused(AllowWithout(work="yard", town_code=HONCHO, reason="もう一度")) == "waiver-stands"
    with center.services.reader() as reader:
        free = {each.line.need.number for each in queue(reader, operation(center), TODAY) if each.waived}
    assert free == {here.number}
    center.must(MakeReady(need_id=here.id))
    for other in (there, mixed, empty):
        assert center.refused(MakeReady(need_id=other.id)) == "reason-missing"
    with center.services.reader() as reader:
        (waiver,) = reader.find(Waiver)
    center.must(EndWithout(waiver_id=waiver.id))
    assert center.refused(EndWithout(waiver_id=waiver.id)) == "waiver-over"
    assert get(center, here.id).state is NeedState.READY


def test_on_hold_it_waits_and_goes_on_where_it_stood(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    need = receive(center)
    center.must(MakeReady(need_id=need.id, reason="外だけ"))
    assert center.refused(PutOnHold(need_id=need.id, why=HoldReason.OTHER)) == "reason-missing"
    past = PutOnHold(need_id=need.id, why=HoldReason.DUMP, until=TODAY - timedelta(days=1))
    assert center.refused(past) == "day-past"
    center.must(PutOnHold(need_id=need.id, why=HoldReason.CERTIFICATE, until=TOMORROW))
    center.must(PutOnHold(need_id=need.id, why=HoldReason.WATER))
    plan = Plan(need_id=need.id, day=TOMORROW, band=Band.AM, people_min=2, people_max=3)
    assert center.refused(plan) == "need-on-hold"
    center.must(Resume(need_id=need.id))
    row = get(center, need.id)
    assert (row.state, row.hold_reason, row.hold_until) == (NeedState.READY, None, None)
    assert center.refused(Resume(need_id=need.id)) == "need-not-on-hold"
    center.must(plan)
