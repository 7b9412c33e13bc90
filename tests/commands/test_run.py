"""The one way to act: repeats, roles, refusals, foreign databases."""

import uuid
from datetime import timedelta

import msgspec

from dvc_core.commands.base import Command, Envelope, commands
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.domain.operation import Disaster, OpeningDecision, Operation
from dvc_core.domain.refused import Refused
from dvc_core.domain.review import Review, ReviewContent
from tests.support.center import START, Center


def start() -> Start:
    return Start(disaster=Disaster.FLOOD, started_at=START - timedelta(hours=1), title="訓練の大雨")


def test_the_same_command_twice_is_stored_once_and_answered_alike(center_on_both: Center) -> None:
    center = center_on_both
    command_id, command = uuid.uuid4(), start()
    first = center.do(command, command_id=command_id)
    again = center.do(command, command_id=command_id)
    assert (first.result, again.result) == ("accepted", "repeat")
    assert first.entries == again.entries
    assert first.events == again.events
    with center.services.reader() as reader:
        assert len(reader.find(Operation)) == 1


def test_one_id_with_another_content_is_kept_for_a_person(center_on_both: Center) -> None:
    center = center_on_both
    command_id = uuid.uuid4()
    center.do(start(), command_id=command_id)
    other = msgspec.structs.replace(start(), title="写しの用紙")
    answers = [center.do(other, command_id=command_id) for _ in range(2)]
    assert [answer.result for answer in answers] == ["review", "review"]
    with center.services.reader() as reader:
        reviews, contents = reader.find(Review), reader.find(ReviewContent)
    assert [review.reason for review in reviews] == ["same-id-other-content"]
    assert "写しの用紙" in contents[0].content


def test_a_refusal_is_an_entry_and_its_repeat_says_the_same(center_on_both: Center) -> None:
    center = center_on_both
    command_id = uuid.uuid4()
    first = center.do(Open(), command_id=command_id)
    again = center.do(Open(), command_id=command_id)
    assert first.refusal is not None
    assert again.refusal is not None
    assert (first.result, first.refusal.code) == ("refused", "no-operation")
    assert (again.result, again.refusal.code) == ("repeat", "no-operation")
    with center.services.reader() as reader:
        assert [(row.command, row.code) for row in reader.find(Refused)] == [
            ("operation.open", "no-operation")
        ]


def test_a_role_that_may_not_act_changes_nothing(center: Center) -> None:
    answer = center.do(start(), center.viewer)
    assert answer.refusal is not None
    assert answer.refusal.code == "not-allowed"
    with center.services.reader() as reader:
        assert reader.find(Operation) == []


def test_a_command_for_another_database_is_kept_and_not_run(center: Center) -> None:
    envelope = Envelope(
        command_id=uuid.uuid4(), command=start(), actor=center.chief, database_id=uuid.uuid4()
    )
    assert center.services.run(envelope).result == "review"
    with center.services.reader() as reader:
        assert reader.find(Operation) == []
        assert [review.reason for review in reader.find(Review)] == ["other-database"]


def test_a_batch_is_one_transaction_and_sees_its_own_changes(center_on_both: Center) -> None:
    center = center_on_both
    batch = [start(), DecideOpening(decision=OpeningDecision.OPEN), Open()]
    envelopes = [Envelope(command_id=uuid.uuid4(), command=c, actor=center.chief) for c in batch]
    answers = center.services.run_all(envelopes)
    assert [answer.result for answer in answers] == ["accepted"] * 3
    assert [entry.seq for answer in answers for entry in answer.entries] == [1, 2, 3, 4]


def test_a_check_stores_nothing(center: Center) -> None:
    refusal = center.services.check(Open(), center.chief)
    assert refusal is not None
    assert refusal.code == "no-operation"
    assert center.services.check(start(), center.chief) is None
    assert center.services.database.head()[0] == 0


def test_every_command_says_what_it_reads_and_what_it_decides() -> None:
    for kind, cls in commands().items():
        assert cls.context is not Command.context, kind
        assert cls.decide is not Command.decide, kind
        assert cls.role, kind
        assert cls.sort in ("act", "fact"), kind
