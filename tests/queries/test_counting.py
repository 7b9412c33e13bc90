"""Where a person is shown: either number finds them, and it is told that two registrations were merged."""

import uuid
from datetime import timedelta

import pytest

from dvc_core.commands.attendance import Admit
from dvc_core.domain.attendance import Act
from dvc_core.queries.chronology import lines
from dvc_core.queries.people import revoked_tokens
from dvc_core.queries.reception import day_count, number_of_token, search
from dvc_core.queries.same_person import alike, beside, merged_into
from dvc_core.queries.teams import ready, teams
from dvc_core.web.scans import Batch, Gate, SentScan, take
from tests.support.center import Center
from tests.support.day import TODAY
from tests.support.two import KIOSK, Two


@pytest.fixture
def two(center_on_both: Center) -> Two:
    two = Two(center_on_both)
    two.scan("b", Act.ARRIVE)
    two.center.must(Admit(volunteer_id=two.new, day=TODAY))
    two.merged(two.new, two.old)
    return two


def operation(two: Two) -> uuid.UUID:
    return two.volunteer(two.old).operation_id


@pytest.mark.parametrize("wanted", ["4", "5", "みほん たろう", "0000-1111"])
def test_either_number_kana_or_telephone_finds_the_person_once(two: Two, wanted: str) -> None:
    with two.center.services.reader() as reader:
        [found] = [f for f in search(reader, operation(two), TODAY, wanted) if f.person.name == "見本 太郎"]
    assert (found.volunteer.id, found.merged) == (two.old, (5,))
    assert found.attendance is not None
    assert found.attendance.present


def test_the_day_counts_one_human_being_and_one_place(two: Two) -> None:
    with two.center.services.reader() as reader:
        counted = day_count(reader, operation(two), TODAY)
        free = ready(reader, operation(two), TODAY)
        assert number_of_token(reader, "b" * 32) == 4
        assert revoked_tokens(reader, operation(two)) == []
    assert (counted.arrived, counted.admitted, counted.present) == (4, 4, 4)
    assert two.old in free.days
    assert two.new not in free.days


def test_a_kiosk_answers_with_the_number_that_counts(two: Two) -> None:
    now = two.center.clock.forward(minutes=1)
    sent = SentScan(command_id=uuid.uuid4(), act=Act.ARRIVE, at=now, number=5)
    batch = Batch(device_now=now, scans=[sent])
    [result] = take(two.center.services, batch, Gate(actor=KIOSK, station="kiosk-1"))
    assert (result.number, result.flags) == (4, ("again",))
    assert result.refusal is None


def test_a_leader_takes_the_team_along_by_either_card(two: Two) -> None:
    members = (two.old, *two.people[:2])
    team_id = two.center.must(two.confirm(member_ids=members, leader_id=two.old)).entries[2].subject_id
    now = two.center.clock.forward(minutes=1)
    batch = Batch(device_now=now, scans=[SentScan(command_id=uuid.uuid4(), act=Act.DEPART, at=now, number=5)])
    take(two.center.services, batch, Gate(actor=KIOSK, station="kiosk-1"))
    with two.center.services.reader() as reader:
        [line] = teams(reader, operation(two), TODAY)
    assert line.team.id == team_id
    assert line.team.departed_at is not None
    assert line.people_out == 3


def test_a_member_who_was_merged_is_shown_by_the_number_that_counts(two: Two) -> None:
    third = two.person("c", kana="べつ", phone="")
    two.scan("c", Act.ARRIVE)
    two.center.must(Admit(volunteer_id=third, day=TODAY))
    members = (third, *two.people[:2])
    team_id = two.center.must(two.confirm(member_ids=members, leader_id=third)).entries[2].subject_id
    two.center.must(two.depart(team_id))
    two.merged(third, two.old)
    with two.center.services.reader() as reader:
        [line] = teams(reader, operation(two), TODAY)
    told = {(member.number, member.joined_as, member.out) for member in line.members}
    assert told == {(4, 6, True), (1, None, True), (2, None, True)}


def test_the_chronology_tells_both_numbers_and_no_name(two: Two) -> None:
    two.scan("b", Act.LEAVE)
    two.parted(two.new)
    two.merged(two.new, two.old)
    with two.center.services.reader() as reader:
        told = [line.words for line in lines(reader)]
    assert "受付 004：帰宅（受付 005（統合済み → 004） のカードか番号で）" in told
    assert "受付 005（統合済み → 004）：受付 004 と同じ人として統合" in told
    assert "受付 005（統合済み → 004）：統合をとりけして、もとの登録に戻した" in told
    assert "要確認：受付 005（統合済み → 004） と 受付 004 は同じ人かもしれない" in told
    assert not any("太郎" in words for words in told)


def test_two_are_compared_and_the_merged_one_can_be_told_apart(two: Two) -> None:
    third = two.person("c", kana="みほん たろう", phone="000-0000-9999", age=40)
    with two.center.services.reader() as reader:
        near = alike(reader, third)
        inside = merged_into(reader, two.old)
        found = beside(reader, third, two.old, TODAY)
        assert beside(reader, third, uuid.UUID(int=0), TODAY) is None
        assert alike(reader, uuid.UUID(int=0)) == []
    assert [each.volunteer.id for each in near] == [two.old]
    assert [line.volunteer.id for line in inside] == [two.new]
    assert found is not None
    assert (found.one.volunteer.number, found.one.merged, found.one.days) == (4, (5,), 1)
    assert found.one.counts_for == 4


def test_a_scan_of_yesterday_that_comes_late_counts_for_the_person_too(two: Two) -> None:
    now = two.center.clock.now()
    late = now - timedelta(days=1)
    batch = Batch(
        device_now=now, scans=[SentScan(command_id=uuid.uuid4(), act=Act.ARRIVE, at=late, number=5)]
    )
    take(two.center.services, batch, Gate(actor=KIOSK, station="kiosk-1"))
    yesterday = TODAY - timedelta(days=1)
    assert two.day_of(two.old, yesterday).arrived_at == late
    two.parted(two.new)
    assert two.day_of(two.old, yesterday).arrived_at is None
    assert two.day_of(two.new, yesterday).arrived_at == late
