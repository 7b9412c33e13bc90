"""Refusals of the day's desks: places and times, the manual's run, the BCP, opening, closing, the board."""

from datetime import timedelta

import msgspec
import pytest

from dvc_core.commands.attendance import (
    Admit,
    AdmitAnyway,
    CloseIntake,
    CorrectTime,
    Record,
    ReopenIntake,
    SetPlaces,
)
from dvc_core.commands.bcp import HoldTalk, SetFunction
from dvc_core.commands.dispatch import Close, CloseDay, DecideClosing
from dvc_core.commands.manual import Approve, Mark, StartRun
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.commands.volunteer import Register
from dvc_core.domain.attendance import MOST_PLACES, Act
from dvc_core.domain.bcp import FunctionState
from dvc_core.domain.manual_run import MarkState, RunKind
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.volunteer import Person, Traits
from tests.support.center import START, Center
from tests.support.day import NOBODY, TODAY, Day

QUAKE = Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(days=4), title="訓練")
APPROVE = Approve(name="koganei", edition="2026-1", digest="a" * 64)
RUN = StartRun(manual=RunKind.CENTER, name="koganei", edition="2026-1", digest="a" * 64, steps=("sanshu",))


@pytest.mark.parametrize("places", [-1, MOST_PLACES + 1])
def test_a_day_has_a_possible_number_of_places(center: Center, places: int) -> None:
    center.must(QUAKE)
    assert center.refused(SetPlaces(day=TODAY, places=places)) == "places-impossible"
    center.must(SetPlaces(day=TODAY, places=0))
    center.must(SetPlaces(day=TODAY, places=MOST_PLACES))
    center.must(SetPlaces(day=TODAY, places=None))


def test_reception_is_closed_and_opened_in_turn(center: Center) -> None:
    center.must(QUAKE)
    assert center.refused(ReopenIntake(day=TODAY)) == "intake-open-already"
    center.must(SetPlaces(day=TODAY, places=3))
    assert center.refused(ReopenIntake(day=TODAY)) == "intake-open-already"
    center.must(CloseIntake(day=TODAY))
    assert center.refused(CloseIntake(day=TODAY)) == "intake-closed-already"
    center.must(ReopenIntake(day=TODAY))
    assert center.refused(ReopenIntake(day=TODAY)) == "intake-open-already"
    tomorrow = TODAY + timedelta(days=1)
    center.must(CloseIntake(day=tomorrow))
    assert center.refused(CloseIntake(day=tomorrow)) == "intake-closed-already"


def test_a_place_is_given_to_who_is_here_once(center: Center) -> None:
    day = Day(center)
    assert center.refused(Admit(volunteer_id=NOBODY, day=TODAY)) == "not-arrived"
    assert center.refused(Admit(volunteer_id=day.people[0], day=TODAY)) == "already-admitted"
    gone = (
        center.must(Register(person=Person(id=NOBODY, name="見本 花子"), traits=Traits()))
        .entries[1]
        .subject_id
    )
    for act in (Act.ARRIVE, Act.LEAVE):
        center.must(Record(act=act, volunteer_id=gone))
        center.clock.forward(minutes=1)
    assert center.refused(Admit(volunteer_id=gone, day=TODAY)) == "not-arrived"


def test_a_minor_with_a_guardians_word_is_admitted_and_closing_is_overridden_by_name(center: Center) -> None:
    day = Day(center)
    day.arrive(minor=True)
    center.must(CloseIntake(day=TODAY))
    registered = center.must(
        Register(
            person=Person(id=NOBODY, name="見本 花子"),
            traits=Traits(insurance=Insurance.DISASTER, insurance_seen=True),
        )
    )
    late = registered.entries[1].subject_id
    center.must(Record(act=Act.ARRIVE, volunteer_id=late))
    assert center.refused(Admit(volunteer_id=late, day=TODAY)) == "intake-closed"
    center.must(AdmitAnyway(volunteer_id=late, day=TODAY, reason="リーダーが足りない"))


def test_a_day_is_closed_over_people_out_only_by_name_and_reason(center: Center) -> None:
    day = Day(center)
    center.must(day.depart(day.team()))
    assert center.refused(CloseDay(day=TODAY, reason=" ")) == "people-out"
    center.must(CloseDay(day=TODAY, reason="直帰を電話で確かめた"))
    center.must(DecideClosing(reason="終わり"))
    assert center.refused(Close(reason=" ")) == "people-out"
    with center.services.reader() as reader:
        running = reader.rows("SELECT id FROM operation WHERE council_id = $council")[0][0]
    center.must(Close(reason="全員と電話がつながった"))
    again = center.services.run(center.envelope(DecideClosing(reason="終わり"), operation_id=running))
    assert again.refusal is not None
    assert again.refusal.code == "not-open", "a closed center is not closed again"


def test_nothing_is_overridden_without_a_reason(center: Center) -> None:
    day = Day(center)
    assert center.refused(AdmitAnyway(volunteer_id=day.people[0], day=TODAY, reason=" ")) == "reason-missing"


def test_a_time_is_corrected_of_a_day_that_is_known_and_never_into_the_future(center: Center) -> None:
    day = Day(center)
    wrong = CorrectTime(volunteer_id=NOBODY, day=TODAY, act=Act.ARRIVE, corrected=center.clock.now())
    assert center.refused(wrong) == "not-arrived"
    mine = msgspec.structs.replace(wrong, volunteer_id=day.people[0])
    for minutes in (1, -60 * 24):
        moved = center.clock.now() + timedelta(minutes=minutes)
        assert center.refused(msgspec.structs.replace(mine, corrected=moved)) == "time-impossible"
    center.must(mine)
    center.must(msgspec.structs.replace(mine, corrected=None))


def test_a_disaster_is_recorded_once_when_it_was_and_with_a_name(center: Center) -> None:
    assert center.refused(msgspec.structs.replace(QUAKE, title=" ")) == "title-missing"
    later = center.clock.now() + timedelta(minutes=3)
    assert center.refused(msgspec.structs.replace(QUAKE, started_at=later)) == "started-in-future"
    center.must(QUAKE)
    assert center.refused(QUAKE) == "operation-running"


def test_the_center_opens_once_after_the_decision(center: Center) -> None:
    assert center.refused(Open()) == "no-operation"
    assert center.refused(DecideOpening(decision=OpeningDecision.OPEN)) == "no-operation"
    center.must(QUAKE)
    assert center.refused(Open()) == "opening-undecided"
    center.must(DecideOpening(decision=OpeningDecision.CONSIDERING))
    assert center.refused(Open()) == "opening-undecided"
    assert center.refused(DecideOpening(decision=OpeningDecision.NOT_OPEN, reason=" ")) == "reason-missing"
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    center.must(Open())
    assert center.refused(Open()) == "already-open"
    for other in (OpeningDecision.CONSIDERING, OpeningDecision.NOT_OPEN):
        assert center.refused(DecideOpening(decision=other, reason="やめる")) == "already-open"
    center.must(DecideOpening(decision=OpeningDecision.OPEN))


def test_closing_is_decided_of_an_open_center_once_with_a_reason(center: Center) -> None:
    center.must(QUAKE)
    assert center.refused(DecideClosing(reason="終わり")) == "not-open"
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    center.must(Open())
    assert center.refused(DecideClosing(reason=" ")) == "reason-missing"
    center.must(DecideClosing(reason="終わり"))
    assert center.refused(DecideClosing(reason="終わり")) == "closing-decided"


def test_without_an_operation_nothing_is_closed(center: Center) -> None:
    assert center.refused(CloseDay(day=TODAY)) == "no-operation"
    assert center.refused(Close()) == "no-operation"
    assert center.refused(DecideClosing(reason="終わり")) == "not-open"


def test_a_center_that_never_opened_closes_without_a_decision(center: Center) -> None:
    center.must(QUAKE)
    center.must(Close())


def test_a_closed_operation_is_neither_opened_decided_nor_run(center: Center) -> None:
    center.must(QUAKE)
    center.must(APPROVE)
    with center.services.reader() as reader:
        running = reader.rows("SELECT id FROM operation WHERE council_id = $council")[0][0]
    center.must(Close())
    late = (Open(), DecideOpening(decision=OpeningDecision.OPEN), RUN, CloseDay(day=TODAY), Close())
    for command in late:
        envelope = center.envelope(command, operation_id=running)
        answer = center.services.run(envelope)
        assert answer.refusal is not None, command
        assert answer.refusal.code == "no-operation", command
    answer = center.services.run(center.envelope(DecideClosing(reason="終わり"), operation_id=running))
    assert answer.refusal is not None
    assert answer.refusal.code == "not-open"


def test_a_run_needs_an_operation(center: Center) -> None:
    center.must(APPROVE)
    assert center.refused(RUN) == "no-operation"


def test_a_mark_needs_its_reason_only_where_something_is_left_out(center: Center) -> None:
    center.must(QUAKE)
    center.must(APPROVE)
    center.must(RUN)
    for state in (MarkState.DONE, MarkState.OPEN):
        center.must(Mark(manual=RunKind.CENTER, step="sanshu", state=state))


def test_a_talk_names_the_consignor_and_a_function_of_ones_own_needs_none(center: Center) -> None:
    center.must(QUAKE)
    center.must(msgspec.structs.replace(APPROVE, name="koganei-bcp"))
    bcp = msgspec.structs.replace(RUN, name="koganei-bcp", manual=RunKind.BCP, commissioned=("jiritsu",))
    center.must(bcp)
    talk = HoldTalk(function="jiritsu", held_at=center.clock.now(), consignor=" ", agreed="三日間休む")
    assert center.refused(talk) == "talk-incomplete"
    center.must(SetFunction(code="jiritsu", state=FunctionState.RUNNING))
    assert center.refused(SetFunction(code="jiritsu", state=FunctionState.RUNNING)) == "function-same"
    assert center.refused(SetFunction(code="salon", state=FunctionState.REDUCED)) == "reason-missing"
    stop = SetFunction(code="jiritsu", state=FunctionState.STOPPED, reason="人手")
    assert center.refused(stop) == "talk-missing"
    center.must(msgspec.structs.replace(talk, function="salon", consignor="市の担当課（訓練）"))
    assert center.refused(stop) == "talk-missing", "a talk about another function allows nothing"
