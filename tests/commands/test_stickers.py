"""貼り紙 as a story: seen, put right, taken down; the visit that stops, the team that is called back."""

import uuid
from datetime import date, timedelta

import msgspec
import pytest

from dvc_core.commands.attendance import Record
from dvc_core.commands.base import Actor
from dvc_core.commands.dispatch import ComeHome
from dvc_core.commands.gate import EndRelease, ReleaseGate, SetLivedIn
from dvc_core.commands.household import JoinTo
from dvc_core.commands.need import Change, End, Receive
from dvc_core.commands.recall import CallBack
from dvc_core.commands.review import Settle
from dvc_core.commands.sticker import Apply, Correct, Post, PutApart, TakeDown
from dvc_core.domain.attendance import Act
from dvc_core.domain.gate_check import CheckAnswer, CheckSaid, GateCheck
from dvc_core.domain.need import Details, Gate, NeedState, Site, details_of, place_of
from dvc_core.domain.operation import Disaster
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.recall import Reached, Recall, recall_id
from dvc_core.domain.review import Review, ReviewState
from dvc_core.domain.sticker import Sticker, StickerAt, StickerSite
from dvc_core.domain.visit import Visit, VisitState
from tests.commands.test_needs import begin, get, receive, site
from tests.support.center import Center
from tests.support.day import TODAY, Day
from tests.support.papers import checked, paper

STRANGER = uuid.UUID(int=5)
NEEDS = Actor(id="needs", roles=frozenset({"needs"}))


def posted(center: Center, command: Post) -> uuid.UUID:
    return center.must(command, NEEDS).entries[0].subject_id


def row(center: Center, cls: type, row_id: uuid.UUID) -> object:
    with center.services.reader() as reader:
        return reader.get(cls, row_id)


def test_a_paper_is_written_down_put_right_and_taken_down(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    need = receive(center, works=("clear-house",), hazard=HazardGrade.GREEN)
    assert need.gate is Gate.OPEN
    seen = paper(need.id, "yellow", posted_on=TODAY, reason=" 柱がかたむいている ", photo="タブレット2 0012")
    sticker_id = posted(center, seen)
    site = row(center, StickerSite, sticker_id)
    assert isinstance(site, StickerSite)
    assert (site.address, site.reason, site.photo) == (
        "本町一丁目0番",
        "柱がかたむいている",
        "タブレット2 0012",
    )
    after = get(center, need.id)
    assert (after.gate, after.colour, after.hazard) == (Gate.HELD, HazardGrade.YELLOW, HazardGrade.GREEN)
    mend = Correct(sticker_id=sticker_id, paper="building", colour="red", source="seen-by-surveyor")
    center.must(mend, NEEDS)
    assert get(center, need.id).gate is Gate.CLOSED
    down = TakeDown(sticker_id=sticker_id, gone="mistake", reason="となりの家の紙だった")
    assert center.refused(msgspec.structs.replace(down, reason=" "), NEEDS) == "reason-missing"
    center.must(down, NEEDS)
    after = get(center, need.id)
    assert (after.gate, after.colour) == (Gate.OPEN, HazardGrade.GREEN)
    assert center.refused(down, NEEDS) == "sticker-gone"
    assert center.refused(mend, NEEDS) == "sticker-gone"


def test_a_red_a4_for_a_wall_holds_the_garden_until_the_wall_is_gone(center: Center) -> None:
    begin(center)
    need = receive(center, works=("yard",), hazard=HazardGrade.GREEN)
    wall = posted(center, paper(need.id, "red", "toppling", reason="ブロック塀"))
    posted(center, paper(need.id, "yellow", "falling", reason="瓦"))
    after = get(center, need.id)
    assert (after.gate, after.colour) == (Gate.HELD, HazardGrade.GREEN)
    center.must(TakeDown(sticker_id=wall, gone="thing-gone", removed_on=TODAY, reason="塀を片付けた"))
    assert get(center, need.id).gate is Gate.CONDITIONAL


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"colour": "purple"}, "sticker-colour-unknown"),
        ({"paper": "roof"}, "sticker-kind-unknown"),
        ({"source": "rumour"}, "sticker-source-unknown"),
        ({"posted_on": TODAY + timedelta(days=1)}, "sticker-date-future"),
        ({"need_id": STRANGER}, "need-unknown"),
    ],
)
def test_a_paper_that_cannot_be_is_refused_in_words(
    center: Center, changes: dict[str, object], code: str
) -> None:
    begin(center)
    need = receive(center)
    good = paper(need.id, "red", posted_on=TODAY)
    assert center.refused(msgspec.structs.replace(good, **changes)) == code
    assert get(center, need.id).version == need.version
    sticker_id = posted(center, good)
    mend = Correct(sticker_id=sticker_id, paper="building", colour="red", source="list", posted_on=TODAY)
    if "need_id" not in changes:
        assert center.refused(msgspec.structs.replace(mend, **changes)) == code


def test_the_same_paper_is_not_written_down_twice_but_two_things_are_two(center: Center) -> None:
    begin(center)
    need = receive(center)
    posted(center, paper(need.id, "red", reason="柱"))
    assert center.refused(paper(need.id, "red", reason="ほかのことば")) == "sticker-twice"
    posted(center, paper(need.id, "yellow"))
    posted(center, paper(need.id, "red", "falling", reason="瓦"))
    assert center.refused(paper(need.id, "red", "falling", reason=" 瓦 ")) == "sticker-twice"
    posted(center, paper(need.id, "red", "falling", reason="エアコンの室外機"))
    with center.services.reader() as reader:
        assert len(reader.find(Sticker)) == 4


def test_of_papers_that_nobody_knows_nothing_is_done(center: Center) -> None:
    begin(center)
    need = receive(center)
    mend = Correct(sticker_id=STRANGER, paper="building", colour="red", source="list")
    down = TakeDown(sticker_id=STRANGER, gone="mistake", reason="まちがい")
    for command in (
        mend,
        down,
        Apply(sticker_id=STRANGER, need_id=need.id),
        PutApart(sticker_id=STRANGER, need_id=need.id),
    ):
        assert center.refused(command) == "sticker-unknown"
    known = posted(center, paper(need.id, "red"))
    assert center.refused(TakeDown(sticker_id=known, gone="wind", reason="風")) == "sticker-gone-why"
    tomorrow = TODAY + timedelta(days=1)
    late = TakeDown(sticker_id=known, gone="mistake", removed_on=tomorrow, reason="あした")
    assert center.refused(late) == "sticker-date-future"
    for command in (Apply, PutApart):
        assert center.refused(command(sticker_id=known, need_id=STRANGER)) == "need-unknown"
    assert center.refused(Apply(sticker_id=known, need_id=need.id)) == "sticker-there"


def test_a_paper_at_the_house_of_an_ended_need_is_kept_all_the_same(center: Center) -> None:
    begin(center)
    need = receive(center)
    center.must(End(need_id=need.id, state=NeedState.DONE))
    posted(center, paper(need.id, "red"))
    after = get(center, need.id)
    assert (after.state, after.gate) == (NeedState.DONE, Gate.CLOSED)


def test_a_home_that_is_lived_in_opens_by_check_name_and_reason(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    need = receive(center, works=("clear-house",))
    sticker_id = posted(center, paper(need.id, "red", posted_on=TODAY))
    free = ReleaseGate(need_id=need.id, reason="建築士と見た")
    assert center.refused(free) == "gate-closed"
    center.must(SetLivedIn(need_id=need.id, lived_in=True), NEEDS)
    assert get(center, need.id).gate is Gate.HELD
    assert center.refused(free) == "check-missing"
    center.must(checked(center, need.id, on=TODAY - timedelta(days=1)), NEEDS)
    assert center.refused(free) == "check-older"
    center.must(checked(center, need.id, gas=CheckAnswer.UNSEEN), NEEDS)
    assert center.refused(free) == "check-unfinished"
    center.must(checked(center, need.id), NEEDS)
    assert center.refused(msgspec.structs.replace(free, reason="")) == "reason-missing"
    assert center.refused(free, NEEDS) == "not-allowed"
    center.must(free)
    after = get(center, need.id)
    assert (after.gate, after.released_by, after.released_stickers) == (
        Gate.CONDITIONAL,
        "chief",
        (sticker_id,),
    )
    posted(center, paper(need.id, "red", "falling", reason="瓦"))
    assert get(center, need.id).gate is Gate.HELD, "a new paper was not what the chief released"
    assert center.refused(EndRelease(need_id=need.id, reason=" ")) == "reason-missing"
    center.must(EndRelease(need_id=need.id, reason="余震でかたむいた"), NEEDS)
    assert center.refused(EndRelease(need_id=need.id, reason="もう一度"), NEEDS) == "gate-not-released"
    center.must(SetLivedIn(need_id=need.id, lived_in=False), NEEDS)
    assert get(center, need.id).gate is Gate.CLOSED


def test_a_danger_found_later_closes_what_was_released(center: Center) -> None:
    begin(center)
    need = receive(center, works=("clear-house",))
    center.must(checked(center, need.id))
    center.must(ReleaseGate(need_id=need.id, reason="見た"))
    assert get(center, need.id).gate is Gate.CONDITIONAL
    center.must(checked(center, need.id, tilt=CheckAnswer.DANGER))
    assert get(center, need.id).gate is Gate.CLOSED
    with center.services.reader() as reader:
        checks = reader.find(GateCheck, need_id=need.id)
        said = [reader.get(CheckSaid, check.id) for check in checks]
    assert len(checks) == 2, "the first one stays on record"
    assert {each.surveyor for each in said if each} == {"見本 建築士"}
    center.must(checked(center, need.id))
    assert get(center, need.id).gate is Gate.CONDITIONAL


def test_a_check_that_says_too_little_is_refused(center: Center) -> None:
    begin(center)
    need = receive(center)
    good = checked(center, need.id)
    assert center.refused(msgspec.structs.replace(good, surveyor=" ")) == "surveyor-missing"
    assert center.refused(msgspec.structs.replace(good, answers={})) == "check-empty"
    tomorrow = TODAY + timedelta(days=1)
    assert center.refused(msgspec.structs.replace(good, checked_on=tomorrow)) == "check-date-future"
    strange = msgspec.structs.replace(good, answers={"check.floor": CheckAnswer.SAFE})
    assert center.refused(strange) == "check-item-unknown"
    for command in (
        good,
        SetLivedIn(need_id=need.id, lived_in=True),
        EndRelease(need_id=need.id, reason="x"),
    ):
        assert center.refused(msgspec.structs.replace(command, need_id=STRANGER)) == "need-unknown"


def test_a_flood_is_opened_by_its_own_check(center: Center) -> None:
    begin(center, Disaster.FLOOD)
    need = receive(center, works=("mud",))
    assert need.gate is Gate.CONDITIONAL
    center.must(checked(center, need.id, Disaster.FLOOD))
    assert get(center, need.id).gate is Gate.OPEN
    center.must(checked(center, need.id, Disaster.FLOOD, slope=CheckAnswer.DANGER))
    assert get(center, need.id).gate is Gate.CLOSED


def test_other_work_than_the_release_was_given_for_ends_it(center: Center) -> None:
    begin(center)
    need = receive(center, works=("cleaning",))
    center.must(checked(center, need.id))
    center.must(ReleaseGate(need_id=need.id, reason="見た"))
    with center.services.reader() as reader:
        site = reader.get(Site, need.id)
    assert site is not None
    now = get(center, need.id)
    change = Change(
        need_id=need.id,
        seen_version=now.version,
        site=site,
        details=msgspec.structs.replace(details_of(now), works=("mud-under-floor",)),
        place=place_of(now),
    )
    center.must(change)
    after = get(center, need.id)
    assert (after.gate, after.released_by, after.released_rules) == (Gate.HELD, None, ())


def test_two_needs_of_one_household_have_the_same_papers(center: Center) -> None:
    begin(center)
    first = receive(center, works=("yard",), hazard=HazardGrade.GREEN)
    sticker_id = posted(center, paper(first.id, "red"))
    second = receive(center, works=("clear-house",), hazard=HazardGrade.GREEN)
    assert second.gate is Gate.CLOSED, "the paper hangs at the same address"
    center.must(TakeDown(sticker_id=sticker_id, gone="regraded", reason="緑になった"))
    assert get(center, second.id).gate is Gate.OPEN
    call = Receive(
        site=site(address="本町一丁目0番 離れ"),
        details=Details(works=("clear-house",), hazard=HazardGrade.GREEN),
    )
    third = get(center, center.must(call).entries[1].subject_id)
    elsewhere = posted(center, paper(third.id, "red", "toppling", reason="門"))
    center.must(JoinTo(need_id=third.id, same_as=second.id))
    with center.services.reader() as reader:
        assert {at.need_id for at in reader.find(StickerAt, sticker_id=elsewhere)} == {third.id, second.id}
    assert get(center, second.id).gate is Gate.HELD
    both = posted(center, paper(first.id, "red"))
    with center.services.reader() as reader:
        assert {at.need_id for at in reader.find(StickerAt, sticker_id=both)} == {first.id, second.id}


def test_a_paper_of_another_house_is_put_apart_with_its_reason_and_can_come_back(center: Center) -> None:
    begin(center)
    need = receive(center, works=("clear-house",), hazard=HazardGrade.GREEN)
    sticker_id = posted(center, paper(need.id, "red"))
    apart = PutApart(sticker_id=sticker_id, need_id=need.id)
    assert center.refused(apart) == "reason-missing"
    center.must(msgspec.structs.replace(apart, reason="裏の家の紙"))
    assert get(center, need.id).gate is Gate.OPEN
    assert center.refused(apart) == "sticker-apart"
    center.must(Apply(sticker_id=sticker_id, need_id=need.id))
    assert get(center, need.id).gate is Gate.CLOSED
    center.must(TakeDown(sticker_id=sticker_id, gone="mistake", reason="ちがう"))
    assert center.refused(Apply(sticker_id=sticker_id, need_id=need.id)) == "sticker-gone"


def test_a_place_that_turns_red_stops_its_visits_and_the_departure(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    tomorrow = day.plan(day.need, TODAY + timedelta(days=1))
    team_id = day.team()
    answer = center.must(paper(day.need, "red"), NEEDS)
    kinds = [entry.kind for entry in answer.entries]
    assert kinds.count("visit.stopped_by_gate") == 2
    assert "recall.raised" not in kinds
    assert center.refused(day.depart(team_id)) == "gate-stops-team"
    other = day.confirm(visit_id=tomorrow)
    assert center.refused(msgspec.structs.replace(other, member_ids=(day.people[0],))) in (
        "person-in-team",
        "visit-gate-closed",
    )
    visit = day.row(Visit, day.visit)
    assert isinstance(visit, Visit)
    assert visit.state is VisitState.MATCHED, "people decide what becomes of the team"


def test_nobody_is_matched_to_a_closed_place_whatever_reason_they_give(center: Center) -> None:
    day = Day(center)
    center.must(paper(day.need, "yellow"))
    assert center.refused(day.confirm(reason="急ぐ")) == "visit-gate-closed"
    center.must(SetLivedIn(need_id=day.need, lived_in=True))
    center.must(checked(center, day.need))
    center.must(ReleaseGate(need_id=day.need, reason="建築士と見た"))
    center.must(day.confirm())


def test_a_team_that_is_there_is_called_back_until_somebody_reached_it(center_on_both: Center) -> None:
    center = center_on_both
    day = Day(center)
    team_id = day.team()
    center.must(day.depart(team_id))
    answer = center.must(paper(day.need, "red"), NEEDS)
    assert [entry.kind for entry in answer.entries].count("recall.raised") == 1
    center.must(CallBack(team_id=team_id, reached=Reached.NO_ANSWER))
    waits = row(center, Recall, recall_id(team_id))
    assert isinstance(waits, Recall)
    assert (waits.calls, waits.reached_at) == (1, None)
    center.must(CallBack(team_id=team_id, reached=Reached.REACHED, words="すぐ出る"))
    waits = row(center, Recall, recall_id(team_id))
    assert isinstance(waits, Recall)
    assert (waits.calls, waits.reached_at) == (2, center.clock.now())
    again = center.must(paper(day.need, "yellow"), NEEDS)
    assert "recall.raised" not in [entry.kind for entry in again.entries], "they were called back already"
    center.must(ComeHome(team_id=team_id, all_here=True, back={"shovel": 2}))


def test_people_who_left_by_the_kiosk_before_their_order_are_called_back_too(center: Center) -> None:
    day = Day(center)
    team_id = day.team()
    center.must(Record(act=Act.DEPART, volunteer_id=day.people[0]))
    answer = center.must(paper(day.need, "red"), NEEDS)
    kinds = [entry.kind for entry in answer.entries]
    assert "recall.raised" in kinds
    assert "visit.stopped_by_gate" in kinds
    assert center.refused(day.depart(team_id)) == "gate-stops-team"


def test_a_call_back_that_nobody_asked_for_is_still_a_fact(center: Center) -> None:
    day = Day(center)
    team_id = day.team()
    center.must(day.depart(team_id))
    center.must(CallBack(team_id=team_id, reached=Reached.REACHED, words="余震が心配"))
    waits = row(center, Recall, recall_id(team_id))
    assert isinstance(waits, Recall)
    assert waits.reached_at == center.clock.now()
    answer = center.do(CallBack(team_id=STRANGER, reached=Reached.NO_ANSWER, words="聞こえない"))
    assert answer.result == "review"
    with center.services.reader() as reader:
        (review,) = reader.find(Review)
    center.must(Settle(review_id=review.id, state=ReviewState.KEPT_APART, words="番号のまちがい"))


def test_a_paper_s_date_is_a_day_of_japan(center: Center) -> None:
    begin(center)
    need = receive(center)
    center.clock.at = center.clock.at.replace(hour=16)  # 01:00 of the next day in Tokyo
    posted(center, paper(need.id, "red", posted_on=date(2026, 7, 29)))
