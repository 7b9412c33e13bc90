"""予定電話: one household, one caller; what was heard is noted before the next one."""

from datetime import timedelta

import msgspec

from dvc_core.commands.base import Actor
from dvc_core.commands.calling import Release, Take
from dvc_core.commands.need import AskFinished, End
from dvc_core.commands.survey import CallAboutSurvey
from dvc_core.commands.visit import CallResident, Plan
from dvc_core.domain.calling import HOLD, Calling, CallPurpose, Heard, Whom, calling_id
from dvc_core.domain.need import Need, NeedState
from dvc_core.domain.survey import SiteSurvey, survey_id
from dvc_core.domain.visit import Agreed, Attends, Band, Visit
from dvc_core.queries.calls import counts, mine, to_call
from tests.commands.test_needs import TODAY, begin, receive
from tests.support.center import Center

TOMORROW = TODAY + timedelta(days=1)


def other(center: Center) -> Actor:
    return msgspec.structs.replace(center.chief, id="00000000-0000-0000-0000-0000000000f2")


def test_two_people_get_two_households_from_one_list(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    ids = tuple(receive(center).id for _ in range(2))
    center.must(Take(need_ids=ids))
    assert center.refused(Take(need_ids=ids)) == "call-not-noted"
    center.must(Take(need_ids=ids), actor=other(center))
    with center.services.reader() as reader:
        held = {row.need_id: row.held_by for row in reader.find(Calling)}
        first = mine(reader, operation(center), center.chief.id, center.clock.now())
    assert held == {ids[0]: center.chief.id, ids[1]: other(center).id}
    assert first is not None
    assert first.need.id == ids[0]
    third = msgspec.structs.replace(center.chief, id="00000000-0000-0000-0000-0000000000f3")
    assert center.refused(Take(need_ids=ids), actor=third) == "all-held"
    assert center.refused(Take(need_ids=())) == "call-not-noted"
    center.must(Release(need_id=ids[0]))
    assert center.refused(Take(need_ids=())) == "nobody-to-call"
    assert center.refused(Release(need_id=ids[0])) == "household-free"


def operation(center: Center):
    return center.services.ask("operations.current", center.chief).id


def test_a_hold_ends_by_itself(center: Center) -> None:
    begin(center)
    need = receive(center)
    center.must(Take(need_ids=(need.id,)), actor=other(center))
    center.clock.forward(seconds=HOLD.total_seconds() - 1)
    assert center.refused(Take(need_ids=(need.id,))) == "all-held"
    center.clock.forward(seconds=1)
    center.must(Take(need_ids=(need.id,)))


def test_a_survey_gets_its_day_by_telephone(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    need, again = receive(center), receive(center)
    for whom in (Whom.RESIDENT, Whom.SECOND):
        center.must(CallAboutSurvey(need_id=need.id, reached=Heard.NO_ANSWER, whom=whom))
    late = center.clock.now() + timedelta(hours=2)
    center.must(CallAboutSurvey(need_id=again.id, reached=Heard.LATER, again_at=late, words="夕方に"))
    now = center.clock.now()
    with center.services.reader() as reader:
        listed = to_call(reader, operation(center), CallPurpose.SURVEY, now)
    assert [(each.line.need.id, each.later) for each in listed] == [(need.id, False), (again.id, True)]
    assert listed[0].calling is not None
    assert listed[0].calling.tries == 2
    assert center.refused(
        CallAboutSurvey(need_id=need.id, reached=Heard.YES, day=TODAY - timedelta(days=1))
    ) == ("day-past")
    center.must(CallAboutSurvey(need_id=need.id, reached=Heard.YES, day=TOMORROW, band=Band.PM))
    with center.services.reader() as reader:
        survey = reader.get(SiteSurvey, survey_id(need.id))
        left = counts(reader, operation(center), now)
        call = reader.get(Calling, calling_id(need.id))
    assert survey is not None
    assert (survey.day, survey.band, survey.agreed) == (TOMORROW, Band.PM, True)
    assert left["survey"] == 1
    assert call is not None
    assert call.tries == 0


def test_a_visit_is_agreed_confirmed_the_day_before_and_moved(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    need = receive(center)
    day = TODAY + timedelta(days=3)
    planned = Plan(need_id=need.id, day=day, band=Band.AM, people_min=3, people_max=5)
    visit_id = center.must(planned).entries[0].subject_id

    def row() -> Visit:
        with center.services.reader() as reader:
            found = reader.get(Visit, visit_id)
        assert found is not None
        return found

    center.must(CallResident(visit_id=visit_id, agreed=Agreed.YES, attends=Attends.FAMILY))
    assert (row().attends, row().eve_open, row().may_go) == (Attends.FAMILY, True, True)
    now = center.clock.now()
    with center.services.reader() as reader:
        eve = to_call(reader, operation(center), CallPurpose.EVE, now, day)
    assert [each.line.need.id for each in eve] == [need.id]
    center.must(CallResident(visit_id=visit_id, agreed=Agreed.NO_ANSWER, eve=True))
    assert row().agreed is Agreed.YES
    center.must(CallResident(visit_id=visit_id, agreed=Agreed.YES, eve=True))
    assert (row().eve_open, row().attends) == (False, Attends.FAMILY)
    later = day + timedelta(days=1)
    center.must(CallResident(visit_id=visit_id, agreed=Agreed.YES, day=later, band=Band.PM))
    assert (row().day, row().band, row().agreed, row().eve_at) == (later, Band.PM, Agreed.YES, None)
    assert center.refused(CallResident(visit_id=visit_id, agreed=Agreed.NO)) == "reason-missing"
    center.must(CallResident(visit_id=visit_id, agreed=Agreed.NO, words="親類が片付けた"))
    assert row().state == "cancelled"


def test_the_resident_says_when_it_is_done(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    one, two = receive(center), receive(center)
    for need in (one, two):
        center.must(End(need_id=need.id, state=NeedState.NEARLY_DONE))
    center.must(AskFinished(need_id=one.id, reached=Heard.NO_ANSWER))
    with center.services.reader() as reader:
        listed = to_call(reader, operation(center), CallPurpose.FINISHED, center.clock.now())
    assert [each.line.need.number for each in listed] == [2, 1]
    center.must(AskFinished(need_id=one.id, reached=Heard.YES, done=True))
    center.must(AskFinished(need_id=two.id, reached=Heard.YES, people=4, days=2))
    with center.services.reader() as reader:
        found = [reader.get(Need, need.id) for need in (one, two)]
    assert [(row.state, row.remaining_people, row.remaining_days) for row in found if row] == [
        (NeedState.DONE, None, None),
        (NeedState.READY, 4, 2),
    ]
    assert center.refused(AskFinished(need_id=one.id, reached=Heard.YES)) == "need-not-nearly-done"
