"""受付 as a story: people register, come, are admitted, go out, come back, go home; scans are never lost."""

import itertools
import random
import uuid
from datetime import date, timedelta

import msgspec
import pytest

from dvc_core.commands.attendance import (
    Admit,
    AdmitAnyway,
    CloseIntake,
    CorrectTime,
    Record,
    ReopenIntake,
    Scan,
    SetPlaces,
)
from dvc_core.commands.base import Actor, Envelope
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.commands.volunteer import (
    AnnounceGroup,
    Change,
    IssueCard,
    NewCard,
    Register,
    RegisterSelf,
    RevokeCard,
    card_id,
)
from dvc_core.domain.attendance import Act, Attendance, Flag, Intake
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.review import Review, ReviewContent
from dvc_core.domain.volunteer import Person, Traits, Volunteer
from tests.support.center import START, Center

KIOSK = Actor(id="kiosk-1", roles=frozenset({"kiosk"}))
ANYONE = Actor(id="public")
TODAY = date(2026, 7, 28)
NOBODY = uuid.UUID(int=0)
INSURED = Traits(insurance=Insurance.DISASTER, insurance_seen=True)


def open_center(center: Center) -> None:
    center.must(Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(days=4), title="訓練の地震"))
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    center.must(Open())


def person(name: str = "見本 花子") -> Person:
    return Person(id=NOBODY, name=name, kana="みほん はなこ", phone="０９０-0000-0000")


def register(center: Center, traits: Traits = INSURED, token: str = "a" * 32) -> Volunteer:
    card = NewCard(token=token, key_id="13210-test")
    answer = center.must(Register(person=person(), traits=traits, card=card))
    with center.services.reader() as reader:
        row = reader.get(Volunteer, answer.entries[1].subject_id)
    assert row is not None
    return row


def attendance(center: Center) -> Attendance:
    with center.services.reader() as reader:
        return reader.find(Attendance)[0]


def test_a_day_by_scans(center_on_both: Center) -> None:
    center = center_on_both
    open_center(center)
    volunteer = register(center)
    center.must(SetPlaces(day=TODAY, places=1))
    for act in (Act.ARRIVE, Act.DEPART, Act.RETURN, Act.LEAVE):
        center.must(Scan(act=act, token="a" * 32), KIOSK)
        if act is Act.ARRIVE:
            center.must(Admit(volunteer_id=volunteer.id, day=TODAY), KIOSK)
        center.clock.forward(hours=1)
    row = attendance(center)
    assert (row.admitted, row.out, row.present) == (True, False, False)
    assert row.left_at == START + timedelta(hours=3)
    with center.services.reader() as reader:
        assert reader.find(Intake)[0].left == 0
        kept = reader.find(Person)[0]
    assert (kept.kana, kept.phone_key) == ("ミホン ハナコ", "09000000000")


def test_arriving_twice_is_recorded_and_flagged_and_leaving_while_out_too(center: Center) -> None:
    open_center(center)
    register(center)
    center.must(Scan(act=Act.ARRIVE, token="a" * 32), KIOSK)
    again = center.must(Scan(act=Act.ARRIVE, number=1), KIOSK)
    assert again.events[0].flags == (Flag.AGAIN,)  # type: ignore[attr-defined]
    center.must(Scan(act=Act.DEPART, number=1), KIOSK)
    leaving = center.must(Scan(act=Act.LEAVE, number=1), KIOSK)
    assert leaving.events[0].flags == (Flag.STILL_OUT,)  # type: ignore[attr-defined]


def test_who_forgot_to_leave_arrives_anew_next_day_with_a_flag(center: Center) -> None:
    open_center(center)
    register(center)
    center.must(Scan(act=Act.ARRIVE, number=1), KIOSK)
    center.clock.forward(days=1)
    answer = center.must(Scan(act=Act.ARRIVE, number=1), KIOSK)
    assert answer.events[0].flags == (Flag.YESTERDAY_OPEN,)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("scan", "reason"),
    [
        (Scan(act=Act.ARRIVE, token="b" * 32), "unknown-token"),
        (Scan(act=Act.ARRIVE, number=77), "unknown-number"),
        (Scan(act=Act.ARRIVE, fault="forged", said="T1.xyz"), "forged"),
        (Scan(act=Act.LEAVE, fault="cut-off-kiosk", said="T1.xyz"), "cut-off-kiosk"),
    ],
)
def test_what_cannot_be_attributed_waits_with_its_content(center: Center, scan: Scan, reason: str) -> None:
    open_center(center)
    answer = center.do(scan, KIOSK)
    assert answer.result == "review"
    with center.services.reader() as reader:
        assert [row.reason for row in reader.find(Review)] == [reason]
        assert reader.find(ReviewContent)[0].content
        assert reader.find(Attendance) == []


def test_a_revoked_card_is_not_attributed_and_the_new_one_is(center: Center) -> None:
    open_center(center)
    volunteer = register(center)
    new = NewCard(token="c" * 32, key_id="13210-test")
    center.must(IssueCard(volunteer_id=volunteer.id, card=new, replaces=True))
    assert center.do(Scan(act=Act.ARRIVE, token="a" * 32), KIOSK).result == "review"
    center.must(Scan(act=Act.ARRIVE, token="c" * 32), KIOSK)
    assert center.refused(RevokeCard(card_id=card_id("a" * 32))) == "card-revoked"


@pytest.mark.parametrize(
    ("traits", "code"),
    [
        (Traits(insurance=Insurance.NONE), "insurance-missing"),
        (Traits(insurance=Insurance.BASIC), "insurance-missing"),
        (Traits(insurance=Insurance.DISASTER, minor=True), "guardian-missing"),
    ],
)
def test_who_may_not_be_admitted_is_told_why_but_the_arrival_stands(
    center: Center, traits: Traits, code: str
) -> None:
    open_center(center)
    volunteer = register(center, traits)
    center.must(Scan(act=Act.ARRIVE, number=1), KIOSK)
    assert center.refused(Admit(volunteer_id=volunteer.id, day=TODAY), KIOSK) == code
    assert attendance(center).present


def test_the_last_place_is_given_once_and_a_named_person_may_go_over_it(center_on_both: Center) -> None:
    center = center_on_both
    open_center(center)
    people = [register(center, token=letter * 32) for letter in "abc"]
    center.must(SetPlaces(day=TODAY, places=1))
    for volunteer in people:
        center.must(Record(act=Act.ARRIVE, volunteer_id=volunteer.id))
    center.must(Admit(volunteer_id=people[0].id, day=TODAY))
    assert center.refused(Admit(volunteer_id=people[1].id, day=TODAY)) == "intake-full"
    anyway = AdmitAnyway(volunteer_id=people[1].id, day=TODAY, reason="遠くから来た")
    center.must(anyway)
    center.must(CloseIntake(day=TODAY))
    assert center.refused(CloseIntake(day=TODAY)) == "intake-closed-already"
    center.must(SetPlaces(day=TODAY, places=None))
    assert center.refused(Admit(volunteer_id=people[2].id, day=TODAY)) == "intake-closed"
    center.must(ReopenIntake(day=TODAY))
    center.must(Admit(volunteer_id=people[2].id, day=TODAY))


def test_the_second_of_two_people_sees_that_something_changed(center: Center) -> None:
    open_center(center)
    row = register(center)
    first = Change(volunteer_id=row.id, seen_version=row.version, person=person("見本 一"), traits=INSURED)
    second = Change(volunteer_id=row.id, seen_version=row.version, person=person("見本 二"), traits=INSURED)
    center.must(first)
    assert center.refused(second) == "changed-meanwhile"
    with center.services.reader() as reader:
        assert reader.find(Person)[0].name == "見本 一"


def test_a_form_is_write_only_and_claims_nothing_the_desk_has_not_seen(center: Center) -> None:
    open_center(center)
    center.must(RegisterSelf(person=person(), traits=INSURED), ANYONE)
    with center.services.reader() as reader:
        row = reader.find(Volunteer)[0]
    assert (row.insurance_seen, row.confirmed_at_desk) == (False, False)
    assert center.refused(Register(person=person()), ANYONE) == "not-allowed"
    assert center.refused(RegisterSelf(person=person("あ\u202eい")), ANYONE) == "text-forbidden"
    assert center.refused(RegisterSelf(person=person(" ")), ANYONE) == "person-name-missing"


def test_a_group_is_announced_by_its_leader(center: Center) -> None:
    open_center(center)
    leader = register(center)
    center.must(AnnounceGroup(name="見本の会", size=12, leader_id=leader.id))
    assert center.refused(AnnounceGroup(name="", size=12)) == "group-name-missing"
    assert center.refused(AnnounceGroup(name="大きな会", size=0)) == "group-size"


def test_a_time_is_corrected_within_the_day(center: Center) -> None:
    open_center(center)
    volunteer = register(center)
    center.must(Scan(act=Act.ARRIVE, number=1), KIOSK)
    right = START - timedelta(minutes=30)
    fix = CorrectTime(volunteer_id=volunteer.id, day=TODAY, act=Act.ARRIVE, corrected=right)
    center.must(fix)
    assert attendance(center).arrived_at == right
    late = CorrectTime(
        volunteer_id=volunteer.id, day=TODAY, act=Act.LEAVE, corrected=START + timedelta(days=1)
    )
    assert center.refused(late) == "time-impossible"


def test_any_order_of_a_days_facts_gives_the_same_row(center: Center) -> None:
    open_center(center)
    facts = [
        (Act.ARRIVE, 0),
        (Act.ARRIVE, 5),
        (Act.DEPART, 10),
        (Act.RETURN, 60),
        (Act.DEPART, 70),
        (Act.LEAVE, 90),
    ]
    orders = random.Random(7).sample(list(itertools.permutations(facts)), 25)
    ids = {fact: uuid.uuid5(NOBODY, str(fact)) for fact in facts}
    seen = set()
    for round_number, order in enumerate(orders):
        volunteer = register(center, token=f"{round_number:032x}")
        for act, minute in order:
            center.services.run(
                Envelope(
                    command_id=uuid.uuid5(ids[(act, minute)], str(round_number)),
                    command=Scan(act=act, number=volunteer.number),
                    actor=KIOSK,
                    occurred_at=START + timedelta(minutes=minute),
                )
            )
        with center.services.reader() as reader:
            row = reader.find(Attendance, volunteer_id=volunteer.id)[0]
        seen.add((row.arrived_at, row.came_at, row.departed_at, row.returned_at, row.left_at, row.out))
    assert len(seen) == 1


def test_a_registration_is_put_right_as_it_was_read(center_on_both: Center) -> None:
    """The form sends back what it read, with the keys of the search: the command makes these anew."""
    center = center_on_both
    open_center(center)
    row = register(center)
    with center.services.reader() as reader:
        read = reader.get(Person, row.id)
    assert read is not None
    changed = msgspec.structs.replace(read, kana="みほん はな", phone="000-0000-2220")
    center.must(Change(volunteer_id=row.id, seen_version=row.version, person=changed, traits=INSURED))
    with center.services.reader() as reader:
        now = reader.get(Person, row.id)
    assert now is not None
    assert (now.kana, now.phone_key) == ("ミホン ハナ", "00000002220")
    assert now.kana_key != read.kana_key
