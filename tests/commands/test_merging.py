"""統合 as a story: two registrations of one human being count as one, and are told apart again."""

import uuid
from datetime import date, timedelta

import msgspec
import pytest

from dvc_core.commands import run as running
from dvc_core.commands.attendance import Admit, CorrectTime, Record, Scan
from dvc_core.commands.base import Command, Envelope
from dvc_core.commands.dispatch import CloseDay, ComeHome, StraightHome
from dvc_core.commands.merging import Merge, Unmerge
from dvc_core.commands.team import Confirm, Dissolve
from dvc_core.commands.volunteer import (
    AnnounceGroup,
    Change,
    IssueCard,
    JoinGroup,
    NewCard,
    card_id,
)
from dvc_core.domain.attendance import Act, Attendance
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Outcome
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.review import Review, ReviewContent, ReviewState, pair_id
from dvc_core.domain.sameness import Sign
from dvc_core.domain.volunteer import Card, Person, Traits, Volunteer
from dvc_core.ports import ConflictError
from tests.support.center import Center
from tests.support.day import NOBODY, TODAY
from tests.support.two import INSURED, KIOSK, Two


def plain(row: Attendance | Volunteer) -> object:
    """A row without its id and version, and without what only says that it was merged once."""
    return msgspec.structs.replace(row, id=NOBODY, version=0)


@pytest.fixture
def two(center_on_both: Center) -> Two:
    return Two(center_on_both)


def test_both_cards_count_for_the_one_who_stays(two: Two) -> None:
    two.scan("b", Act.ARRIVE)
    came = two.center.clock.now()
    two.merged(two.new, two.old)
    row = two.day_of(two.old)
    assert (row.arrived_at, row.present) == (came, True)
    assert not two.day_of(two.new).present
    two.scan("b", Act.DEPART)
    assert two.day_of(two.old).out
    two.scan("a", Act.RETURN)
    row = two.day_of(two.old)
    assert (row.out, row.returned_at) == (False, two.center.clock.now())
    assert two.out() == 0
    gone = two.volunteer(two.new)
    assert (gone.merged_into, gone.merged_by) == (two.old, "chief")
    assert (gone.number, two.volunteer(two.old).number) == (5, 4)


def test_a_number_that_was_merged_still_leads_to_the_person(two: Two) -> None:
    two.merged(two.new, two.old)
    number = two.volunteer(two.new).number
    two.center.must(Scan(act=Act.ARRIVE, number=number), KIOSK)
    two.center.must(Admit(volunteer_id=two.new, day=TODAY), KIOSK)
    assert two.day_of(two.old).admitted
    assert two.center.refused(Admit(volunteer_id=two.old, day=TODAY)) == "already-admitted"


def test_undone_each_has_what_its_own_card_did(two: Two) -> None:
    two.scan("a", Act.ARRIVE)
    first = two.center.clock.now()
    two.merged(two.new, two.old)
    two.scan("b", Act.ARRIVE)
    second = two.center.clock.now()
    two.scan("a", Act.LEAVE)
    left = two.center.clock.now()
    assert two.day_of(two.old).arrived_at == first
    two.parted(two.new)
    old, new = two.day_of(two.old), two.day_of(two.new)
    assert (old.arrived_at, old.came_at, old.left_at, old.parts) == (first, first, left, ())
    assert (new.arrived_at, new.left_at, new.present, new.parts) == (second, None, True, ())
    assert two.volunteer(two.new).merged_into is None
    two.scan("b", Act.LEAVE)
    assert two.day_of(two.new).left_at == two.center.clock.now()


def test_undone_at_once_both_are_as_they_were(two: Two) -> None:
    two.scan("a", Act.ARRIVE)
    two.scan("b", Act.ARRIVE)
    two.center.must(Admit(volunteer_id=two.old, day=TODAY))
    two.center.must(Admit(volunteer_id=two.new, day=TODAY))
    before = [plain(r) for w in (two.old, two.new) for r in (two.volunteer(w), two.day_of(w))]
    taken = two.taken()
    two.merged(two.new, two.old)
    assert two.taken() == taken - 1
    two.parted(two.new)
    assert [plain(r) for w in (two.old, two.new) for r in (two.volunteer(w), two.day_of(w))] == before
    assert two.taken() == taken


def test_three_registrations_of_one_and_the_middle_one_told_apart(two: Two) -> None:
    third = two.person("c", kana="みほん たろー")
    two.merged(two.new, two.old)
    two.merged(two.old, third)
    two.scan("b", Act.ARRIVE)
    assert two.day_of(third).present
    two.scan("a", Act.DEPART)
    assert two.day_of(third).out
    assert two.center.refused(two.merge_of(two.new, third)) == "person-merged"
    two.parted(two.old)
    assert not two.day_of(third).present
    assert (two.day_of(two.old).present, two.day_of(two.old).out) == (True, True)
    assert len(two.day_of(two.old).parts) == 2
    two.parted(two.new)
    assert (two.day_of(two.new).present, two.day_of(two.new).out) == (True, False)
    assert (two.day_of(two.old).present, two.day_of(two.old).out) == (False, True)


def test_the_inner_one_told_apart_first(two: Two) -> None:
    third = two.person("c", kana="みほん たろー")
    two.merged(two.new, two.old)
    two.merged(two.old, third)
    two.scan("b", Act.ARRIVE)
    two.parted(two.new)
    assert two.day_of(two.new).present
    assert not two.day_of(third).present
    assert two.volunteer(two.old).merged_into == third
    two.parted(two.old)
    assert two.volunteer(two.old).parts == ()


def test_what_the_registrations_say_counts_on_the_safe_side(two: Two) -> None:
    young = two.person(
        "d",
        Traits(minor=True, guardian_consents=True, health_ok=False, skills=("first-aid",), seats=4),
        name="見本 次郎",
        kana="みほん じろう",
        phone="",
    )
    older = two.person("e", INSURED, name="見本 次郎", kana="みほん じろう", phone="")
    assert two.center.refused(two.merge_of(young, older)) == "merge-reason"
    two.merged(young, older, "保護者に電話で確かめた")
    row = two.volunteer(older)
    assert (row.minor, row.guardian_consents, row.health_ok) == (True, True, False)
    assert (row.insurance, row.insurance_seen, row.skills, row.seats) == (
        Insurance.DISASTER,
        True,
        ("first-aid",),
        4,
    )
    two.parted(young)
    assert two.volunteer(older).traits == INSURED
    assert two.volunteer(young).skills == ("first-aid",)


def test_a_certificate_that_was_seen_goes_before_what_was_said(two: Two) -> None:
    said = two.person("d", Traits(insurance=Insurance.DISASTER), name="架空 一郎", kana="かくう")
    seen = two.person("e", Traits(insurance=Insurance.BASIC, insurance_seen=True), name="架空 一郎")
    two.merged(said, seen)
    assert two.volunteer(seen).insurance is Insurance.BASIC


def test_what_is_corrected_meanwhile_stays_with_the_number_that_was_corrected(two: Two) -> None:
    two.merged(two.new, two.old)
    row = two.volunteer(two.old)
    person = Person(id=NOBODY, name="見本 太郎", kana="みほん たろう", phone="000-0000-2222")
    with_car = msgspec.structs.replace(row.traits, driver=True)
    two.center.must(Change(volunteer_id=row.id, seen_version=row.version, person=person, traits=with_car))
    gone = two.volunteer(two.new)
    change = Change(volunteer_id=gone.id, seen_version=gone.version, person=person, traits=INSURED)
    assert two.center.refused(change) == "person-merged"
    two.parted(two.new)
    assert (two.volunteer(two.old).driver, two.volunteer(two.new).driver) == (True, False)
    kept = two.row(Person, two.new)
    assert isinstance(kept, Person)
    assert kept.phone == "000-0000-1111"


def test_a_corrected_time_belongs_to_the_entry_that_it_corrects(two: Two) -> None:
    two.scan("b", Act.ARRIVE)
    two.scan("a", Act.ARRIVE)
    two.merged(two.new, two.old)
    right = two.center.clock.now() - timedelta(minutes=30)
    two.center.must(CorrectTime(volunteer_id=two.old, day=TODAY, act=Act.ARRIVE, corrected=right))
    assert two.day_of(two.old).arrived_at == right
    second = two.center.clock.now()
    two.parted(two.new)
    assert (two.day_of(two.new).arrived_at, two.day_of(two.old).arrived_at) == (right, second)


def test_who_is_out_in_a_team_comes_home_by_either_card(two: Two) -> None:
    two.scan("b", Act.ARRIVE)
    two.center.must(Admit(volunteer_id=two.new, day=TODAY))
    members = (two.new, *two.people[:2])
    team_id = two.center.must(two.confirm(member_ids=members, leader_id=two.new)).entries[2].subject_id
    two.center.must(two.depart(team_id))
    two.merged(two.new, two.old)
    assert (two.out(), two.day_of(two.old).team_id) == (3, team_id)
    assert two.center.refused(ComeHome(team_id=team_id)) == "team-people-out"
    two.scan("a", Act.RETURN)
    assert two.out() == 2
    two.center.must(ComeHome(team_id=team_id, all_here=True))
    assert (two.out(), two.day_of(two.old).team_id) == (0, None)
    two.center.must(CloseDay(day=TODAY))
    two.parted(two.new)
    assert two.day_of(two.new).out  # the other card came back: who went out by this one is asked about
    assert two.day_of(two.old).returned_at is not None


def test_a_team_that_returns_whole_brings_home_whoever_went_out_with_it(two: Two) -> None:
    two.scan("b", Act.ARRIVE)
    two.center.must(Admit(volunteer_id=two.new, day=TODAY))
    members = (two.new, *two.people[:2])
    team_id = two.center.must(two.confirm(member_ids=members, leader_id=two.new)).entries[2].subject_id
    two.merged(two.new, two.old)
    two.center.must(two.depart(team_id))
    assert two.day_of(two.old).out
    two.center.must(StraightHome(team_id=team_id, volunteer_id=two.new))
    two.center.must(ComeHome(team_id=team_id, all_here=True))
    two.parted(two.new)
    assert (two.day_of(two.new).out, two.day_of(two.new).present) == (False, False)
    assert two.day_of(two.new).returned_at is not None
    assert two.day_of(two.old).departed_at is None


def _both_in(two: Two) -> uuid.UUID:
    for token, who in (("a", two.old), ("b", two.new)):
        two.scan(token, Act.ARRIVE)
        two.center.must(Admit(volunteer_id=who, day=TODAY))
    members = (two.old, two.new, two.people[0])
    return two.center.must(two.confirm(member_ids=members, leader_id=two.old)).entries[2].subject_id


def test_both_in_one_team_that_waits_the_team_is_made_anew_first(two: Two) -> None:
    team_id = _both_in(two)
    assert two.center.refused(two.merge_of(two.new, two.old)) == "merge-team-waits"
    two.center.must(Dissolve(team_id=team_id, reason="同じ人だった"))
    two.merged(two.new, two.old)
    again = two.confirm(member_ids=(two.new, *two.people[:2]), leader_id=two.people[0])
    assert two.center.refused(again) == "team-member-merged"
    two.center.must(two.confirm(member_ids=(two.old, *two.people[:2]), leader_id=two.old))


def test_both_in_one_team_that_is_out_are_one_who_is_out(two: Two) -> None:
    team_id = _both_in(two)
    two.center.must(two.depart(team_id))
    assert two.out() == 3
    two.merged(two.new, two.old)
    assert two.out() == 2
    two.scan("b", Act.RETURN)
    two.center.must(Record(act=Act.RETURN, volunteer_id=two.people[0]))
    two.center.must(ComeHome(team_id=team_id))
    assert two.out() == 0


def test_in_two_teams_at_once_nobody_is(two: Two) -> None:
    _both_in(two)
    other = two.plan(two.receive())
    third = two.person("c")
    two.scan("c", Act.ARRIVE)
    two.center.must(Admit(volunteer_id=third, day=TODAY))
    confirm = Confirm(visit_id=other, leader_id=third, member_ids=(third, *two.people[1:3]))
    two.center.must(confirm)
    assert two.center.refused(two.merge_of(third, two.old)) == "merge-two-teams"


def test_the_group_of_either_is_the_persons(two: Two) -> None:

    group = two.center.must(AnnounceGroup(name="見本団体", size=4)).entries[1].subject_id
    two.center.must(JoinGroup(volunteer_id=two.new, group_id=group))
    two.merged(two.new, two.old)
    assert two.volunteer(two.old).group_id == group
    two.parted(two.new)
    assert (two.volunteer(two.old).group_id, two.volunteer(two.new).group_id) == (None, group)


def test_a_new_card_stops_the_cards_of_both(two: Two) -> None:
    two.merged(two.new, two.old)
    fresh = NewCard(token="f" * 32, key_id="13210-test")
    two.center.must(IssueCard(volunteer_id=two.new, card=fresh, replaces=True))
    with two.center.services.reader() as reader:
        cards = reader.many(Card, [card_id(token * 32) for token in "abf"])
    assert [cards[card_id(t * 32)].revoked for t in "abf"] == [True, True, False]
    assert cards[card_id("f" * 32)].volunteer_id == two.old


def test_refused_in_words(two: Two) -> None:
    center = two.center
    stale = msgspec.structs.replace(two.merge_of(two.new, two.old), gone_version=9)
    assert center.refused(stale) == "changed-meanwhile"
    assert center.refused(two.merge_of(two.old, two.old)) == "merge-one"
    unknown = Merge(gone=NOBODY, stays=two.old, gone_version=1, stays_version=1)
    assert center.refused(unknown) == "volunteer-unknown"
    assert center.refused(Unmerge(volunteer_id=two.old, words="なぜ")) == "not-merged"
    assert center.refused(Unmerge(volunteer_id=NOBODY, words="なぜ")) == "volunteer-unknown"
    two.merged(two.new, two.old)
    assert center.refused(two.merge_of(two.new, two.old)) == "person-merged"
    assert center.refused(two.merge_of(two.people[0], two.new)) == "person-merged"
    assert center.refused(Unmerge(volunteer_id=two.new, words=" ")) == "reason-missing"


def test_the_question_is_asked_once_and_every_answer_is_remembered(two: Two) -> None:
    asked = two.row(Review, pair_id(two.old, two.new))
    assert isinstance(asked, Review)
    assert (asked.state, asked.desk, asked.about, asked.other) == (
        ReviewState.OPEN,
        "reception",
        two.new,
        two.old,
    )
    assert asked.signs == (Sign.PHONE, Sign.KANA, Sign.NAME)
    two.merged(two.new, two.old)
    asked = two.row(Review, asked.id)
    assert isinstance(asked, Review)
    assert (asked.state, asked.settled_by) == (ReviewState.SAME, "chief")
    two.parted(two.new)
    asked, said = two.row(Review, asked.id), two.row(ReviewContent, asked.id)
    assert isinstance(asked, Review)
    assert isinstance(said, ReviewContent)
    assert (asked.state, said.said) == (ReviewState.KEPT_APART, "本人に聞いたら、別の人だった")
    row = two.volunteer(two.new)
    person = Person(id=NOBODY, name="見本 太郎", kana="みほん たろう", phone="000-0000-1111", age=40)
    change = Change(volunteer_id=row.id, seen_version=row.version, person=person, traits=row.traits)
    answer = two.center.must(change)
    assert [entry.kind for entry in answer.entries] == ["volunteer.changed"]


def test_a_merge_answers_every_open_question_between_the_two(two: Two) -> None:
    third = two.person("c")
    two.merged(two.new, two.old)
    two.merged(third, two.old)
    for one in (two.new, two.old):
        asked = two.row(Review, pair_id(third, one))
        assert isinstance(asked, Review)
        assert asked.state is ReviewState.SAME


def test_undone_without_a_question_the_two_are_not_asked_about_later(two: Two) -> None:
    other = two.person("d", name="架空 花子", kana="かくう はなこ", phone="000-0000-3333")
    assert two.row(Review, pair_id(other, two.old)) is None
    two.merged(other, two.old)
    two.parted(other)
    asked = two.row(Review, pair_id(other, two.old))
    assert isinstance(asked, Review)
    assert asked.state is ReviewState.KEPT_APART


def test_a_correction_that_makes_two_alike_asks(two: Two) -> None:
    other = two.person("d", name="見本 太郎", kana="かくう", phone="000-0000-3333")
    row = two.volunteer(other)
    person = Person(id=NOBODY, name="見本 太郎", kana="みほん たろう", phone="000-0000-1111")
    two.center.must(Change(volunteer_id=other, seen_version=row.version, person=person, traits=row.traits))
    assert two.row(Review, pair_id(other, two.old)) is not None


def test_another_birthday_asks_for_a_reason(two: Two) -> None:
    one = two.person("d", birth_date=date(1990, 4, 1), phone="000-0000-4444", kana="かくう")
    other = two.person("e", birth_date=date(1991, 4, 1), phone="000-0000-4444", kana="かくう")
    assert two.row(Review, pair_id(one, other)) is None
    assert two.center.refused(two.merge_of(one, other)) == "merge-reason"
    two.merged(one, other, "免許証で確かめた。受付で聞きまちがえた")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("undo", [False, True])
def test_a_scan_that_was_read_before_another_process_merged_is_run_anew(
    center_on_both: Center, *, undo: bool
) -> None:
    """Else its fact would stand on a day that nobody counts any more, or that is someone else's."""
    two = Two(center_on_both)
    act: Command = two.merge_of(two.new, two.old)
    if undo:
        two.center.must(act)
        two.center.clock.forward(days=1)
        act = Unmerge(volunteer_id=two.new, words="別の人だった")
    services = two.center.services
    found = Scan(act=Act.ARRIVE, token="b" * 32)
    scan = Envelope(command_id=uuid.uuid4(), command=found, actor=KIOSK)
    with two.center.second_process() as other:
        with pytest.raises(ConflictError), services.database.unit() as unit:
            call = running._call(unit, scan, services._terms())
            fact = found.decide(found.context(unit, call), call)
            assert other.do(act, two.center.chief).result == "accepted"
            assert isinstance(fact, Outcome)
            unit.apply(running._origin(scan, call, ""), fact.events, fact.rows)
            unit.commit()
        assert services.run(scan).result == "accepted"
    today = activity_day(two.center.clock.now())
    whose, nobody = (two.new, two.old) if undo else (two.old, two.new)
    assert two.day_of(whose, today).present
    assert not two.day_of(nobody, today).present
