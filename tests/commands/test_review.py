"""要確認 as a story: of which desk, by when, settled once and by name; a scan is recorded with its answer."""

import uuid
from datetime import timedelta

import pytest

from dvc_core.commands.attendance import Scan
from dvc_core.commands.base import Actor, Envelope
from dvc_core.commands.dispatch import Say
from dvc_core.commands.listed import SetAside, TakeVolunteer
from dvc_core.commands.merging import Merge
from dvc_core.commands.review import Attribute, Settle, Take, TellTeam
from dvc_core.commands.volunteer import Register, RegisterSelf
from dvc_core.domain.attendance import Act, Attendance, Flag
from dvc_core.domain.review import DESKS, KINDS, Review, ReviewContent, ReviewState
from dvc_core.domain.team import Team, Word
from dvc_core.domain.volunteer import Person, Traits, Volunteer
from dvc_core.i18n import has_text
from dvc_core.queries.review import Key, ReviewPage, kinds, page
from tests.support.center import Center
from tests.support.day import NOBODY, Day

KIOSK = Actor(id="kiosk-1", roles=frozenset({"kiosk"}))
DESK = Actor(id="desk", roles=frozenset({"reception"}))
NEEDS = Actor(id="needs", roles=frozenset({"needs"}))


@pytest.fixture
def day(center_on_both: Center) -> Day:
    return Day(center_on_both, people=3)


def waiting(day: Day) -> list[Review]:
    with day.center.services.reader() as reader:
        return reader.find(Review, state=ReviewState.OPEN)


def unknown(day: Day, act: Act = Act.ARRIVE, number: int = 99) -> Review:
    before = {row.id for row in waiting(day)}
    envelope = Envelope(
        command_id=uuid.uuid4(),
        command=Scan(act=act, number=number),
        actor=KIOSK,
        station="kiosk-2",
        source="kiosk",
    )
    assert day.center.services.run(envelope).result == "review"
    return next(row for row in waiting(day) if row.id not in before)


def settled(day: Day, row: Review) -> Review:
    found = day.row(Review, row.id)
    assert isinstance(found, Review)
    return found


def test_an_item_says_from_where_by_whom_for_which_desk_and_by_when(day: Day) -> None:
    row = unknown(day)
    assert (row.station, row.source, row.raised_by, row.desk) == ("kiosk-2", "kiosk", "kiosk-1", "reception")
    assert row.due_at == row.raised_at + timedelta(hours=2)


def test_a_scan_is_recorded_for_its_person_at_its_own_time_and_settled_in_one_act(day: Day) -> None:
    center, who = day.center, day.people[1]
    row = unknown(day, Act.LEAVE)
    scanned = center.clock.now()
    center.clock.forward(hours=1)
    answer = center.services.do(
        Attribute(review_id=row.id, volunteer_id=who), DESK, occurred_at=row.raised_at
    )
    assert [entry.kind for entry in answer.entries] == ["attendance.left", "review.settled"]
    assert Flag.LATE_ENTRY in answer.events[0].flags  # type: ignore[attr-defined]
    with center.services.reader() as reader:
        left = reader.find(Attendance, volunteer_id=who)[0].left_at
    assert left == scanned
    done = settled(day, row)
    assert (done.state, done.about, done.settled_by) == (ReviewState.ATTRIBUTED, who, "desk")
    assert done.settled_at == center.clock.now()


def test_the_second_of_two_is_told_and_nothing_is_recorded_twice(day: Day) -> None:
    center, row = day.center, unknown(day)
    center.must(Attribute(review_id=row.id, volunteer_id=day.people[0]), DESK)
    head = center.services.database.head()[0]
    second = center.do(Attribute(review_id=row.id, volunteer_id=day.people[1]), DESK)
    assert second.refusal is not None
    assert (second.refusal.code, second.refusal.facts) == ("review-settled", {"state": "attributed"})
    assert (
        center.refused(Settle(review_id=row.id, state=ReviewState.KEPT_APART, words="x")) == "review-settled"
    )
    assert center.services.database.head()[0] == head + 2  # the two refusals, and no fact
    assert settled(day, row).about == day.people[0]


def test_an_answer_is_the_desks_own_or_the_chiefs(day: Day) -> None:
    center, row = day.center, unknown(day)
    apart = Settle(review_id=row.id, state=ReviewState.KEPT_APART, words="見学の人")
    assert center.refused(apart, NEEDS) == "review-other-desk"
    assert (
        center.refused(Attribute(review_id=row.id, volunteer_id=day.people[0]), NEEDS) == "review-other-desk"
    )
    assert center.refused(Take(review_id=row.id), NEEDS) == "review-other-desk"
    center.must(Take(review_id=row.id), DESK)
    assert center.refused(Take(review_id=row.id), DESK) == "review-taken"
    assert settled(day, row).taken_by == "desk"
    center.must(apart, center.chief)
    said = day.row(ReviewContent, row.id)
    assert isinstance(said, ReviewContent)
    assert (said.said, "99" in said.content) == ("見学の人", True)


def test_answers_that_do_not_fit_are_refused(day: Day) -> None:
    center, row = day.center, unknown(day)
    assert (
        center.refused(Settle(review_id=row.id, state=ReviewState.KEPT_APART, words=" ")) == "reason-missing"
    )
    for state in (ReviewState.OPEN, ReviewState.SAME, ReviewState.ATTRIBUTED):
        assert center.refused(Settle(review_id=row.id, state=state)) == "review-answer"
    assert center.refused(Attribute(review_id=row.id, volunteer_id=NOBODY)) == "volunteer-unknown"
    assert center.refused(Settle(review_id=NOBODY, state=ReviewState.SAME)) == "review-unknown"
    center.services.do(SetAside(content="{}"), center.chief)
    listed = next(each for each in waiting(day) if each.reason == "list-row")
    assert center.refused(Attribute(review_id=listed.id, volunteer_id=day.people[0])) == "review-answer"
    assert center.refused(TellTeam(review_id=listed.id, team_id=NOBODY)) == "review-answer"


def test_what_a_team_said_is_noted_at_the_team_that_it_was(day: Day) -> None:
    center, team_id = day.center, day.team() if len(day.people) > 3 else None
    if team_id is None:
        center.must(day.confirm(3))
        with center.services.reader() as reader:
            team_id = reader.find(Team)[0].id
    center.do(Say(team_id=NOBODY, word=Word.ACCIDENT, words="転んだ"))
    row = next(each for each in waiting(day) if each.reason == "unknown-team")
    assert row.desk == "dispatch"
    assert center.refused(TellTeam(review_id=row.id, team_id=NOBODY)) == "team-unknown"
    center.must(TellTeam(review_id=row.id, team_id=team_id))
    team = day.row(Team, team_id)
    assert isinstance(team, Team)
    assert team.last_word is Word.ACCIDENT
    assert settled(day, row).about == team_id


def test_the_same_form_again_is_the_same_or_another_persons(day: Day) -> None:
    center = day.center
    command_id = uuid.uuid4()
    for name in ("見本 一", "見本 二"):
        center.do(Register(person=Person(id=NOBODY, name=name)), command_id=command_id)
    row = next(each for each in waiting(day) if each.reason == "same-id-other-content")
    assert row.desk == "reception"
    center.must(Settle(review_id=row.id, state=ReviewState.SAME), DESK)
    assert settled(day, row).state is ReviewState.SAME


def _self(day: Day, **who: object) -> Volunteer:
    facts = {"name": "見本 太郎", "kana": "みほん たろう", "phone": "000-0000-1111", **who}
    answer = day.center.do(RegisterSelf(person=Person(id=NOBODY, **facts)), Actor(id="public"))  # type: ignore[arg-type]
    assert answer.result == "accepted"
    row = day.row(Volunteer, answer.entries[1].subject_id)
    assert isinstance(row, Volunteer)
    return row


def test_form_desk_and_list_ask_whether_it_is_the_same_person(day: Day) -> None:
    center = day.center
    first = _self(day)
    second = _self(day, note="午後も来ます")
    [asked] = waiting(day)
    assert (asked.reason, {asked.about, asked.other}) == ("same-person", {first.id, second.id})
    merge = Merge(gone=second.id, stays=first.id, gone_version=second.version, stays_version=first.version)
    center.must(merge, DESK)
    assert waiting(day) == []
    person = Person(id=NOBODY, name="見本 太郎", kana="みほん たろう", phone="000-0000-1111")
    taken = TakeVolunteer(row_id=uuid.uuid4(), content="a" * 64, person=person, traits=Traits())
    center.must(taken)
    [asked] = waiting(day)
    assert asked.other == first.id  # the merged one is not asked about besides


def test_a_list_that_changes_a_merged_registration_waits_with_its_content(day: Day) -> None:
    center, row_id = day.center, uuid.uuid4()
    person = Person(id=NOBODY, name="見本 太郎", kana="みほん たろう", phone="000-0000-1111")
    center.must(TakeVolunteer(row_id=row_id, content="a" * 64, person=person, traits=Traits()))
    stays = _self(day)
    with center.services.reader() as reader:
        gone = next(row for row in reader.find(Volunteer) if row.number == stays.number - 1)
    center.must(Merge(gone=gone.id, stays=stays.id, gone_version=gone.version, stays_version=stays.version))
    changed = Person(id=NOBODY, name="見本 太郎", kana="みほん たろう", phone="000-0000-9999")
    again = TakeVolunteer(row_id=row_id, content="b" * 64, person=changed, traits=Traits())
    assert center.do(again).result == "review"
    [row] = waiting(day)
    content = day.row(ReviewContent, row.id)
    assert isinstance(content, ReviewContent)
    assert (row.reason, "000-0000-9999" in content.content) == ("list-merged", True)


def test_a_telephone_that_everyone_has_says_nothing(day: Day) -> None:
    """A family is asked about, an office is not: from the sixth on its number is no sign."""
    kana = [f"みほん {sound}" for sound in "あいうえおかきくけこ"]
    for each in kana[:6]:
        _self(day, name=each, kana=each, phone="000-0000-7777", age=40)
    asked = len(waiting(day))
    assert asked > 0
    for each in kana[6:]:
        _self(day, name=each, kana=each, phone="000-0000-7777", age=40)
    assert len(waiting(day)) == asked


def test_a_long_list_is_paged_by_key_each_item_once_the_oldest_first(day: Day) -> None:
    for n in range(23):
        unknown(day, number=500 + n)
        if n % 4 == 0:
            day.center.clock.forward(minutes=1)
    day.center.do(SetAside(content="{}"))
    seen: list[Review] = []
    key: Key | None = None
    with day.center.services.reader() as reader:
        while True:
            found: ReviewPage = page(reader, ("reception",), None, key, 5)
            seen += [line.review for line in found.lines]
            assert len(found.lines) <= 5
            if (key := found.next) is None:
                break
        assert page(reader, ()).lines == ()
        assert len(page(reader, ("reception", "import"), "list-row").lines) == 1
        counted = {(each.desk, each.reason): each.waiting for each in kinds(reader)}
    assert len({row.id for row in seen}) == 23
    assert seen == sorted(seen, key=lambda row: (row.raised_at, row.id))
    assert counted == {("reception", "unknown-number"): 23, ("import", "list-row"): 1}


def test_every_kind_has_its_words_its_desk_and_its_time() -> None:
    for reason, kind in KINDS.items():
        assert has_text(f"review.left.{reason}"), reason
        assert has_text(f"review.{reason}") or has_text(f"scan.review.{reason}"), reason
        assert has_text(f"review.desk.{kind.desk}"), reason
        assert kind.within > timedelta(0)
    for desk in DESKS.values():
        assert has_text(f"review.desk.{desk}")
