"""What the needs desk and the map look up, on both engines."""

import uuid
from datetime import date, timedelta

import msgspec
import pytest

from dvc_core.bootstrap import NotAllowedError
from dvc_core.commands.base import Actor
from dvc_core.commands.household import JoinTo
from dvc_core.commands.need import Change, End, Receive
from dvc_core.commands.operation import Start
from dvc_core.commands.referral import SettleReferral
from dvc_core.commands.survey import MakeReady, Survey
from dvc_core.commands.visit import CallResident, Cancel, Plan
from dvc_core.domain.need import Details, Need, NeedState, Place, Priority, Received, Site
from dvc_core.domain.operation import Disaster, Operation, current
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.visit import Agreed, Band
from dvc_core.queries.needs import PAGE, Wanted
from tests.support.center import START, Center

NOBODY = uuid.UUID(int=0)
TODAY = date(2026, 7, 28)
SITE = Site(id=NOBODY, name="架空 一郎", phone="000-0000-0001", address="本町一丁目0番", trouble="家具")
HONCHO = Place(lat=35.7, lng=139.5, city_code="13210", match_level="town")


def ask(center: Center, name: str, **params: object):
    with center.services.reader() as reader:
        operation = current(reader.find(Operation, closed_at=None))
    return center.services.ask(
        name, Actor(id="desk", roles=frozenset({"needs"})), operation_id=operation.id, **params
    )


def one(center: Center, need_id: uuid.UUID):
    return center.services.ask("needs.one", center.chief, need_id=need_id)


def receive(center: Center, site: Site = SITE, place: Place = HONCHO, **details: object) -> uuid.UUID:
    answer = center.must(Receive(site=site, details=Details(**details), place=place))
    return next(event.id for event in answer.events if isinstance(event, Received))


def person(number: int, **changes: str) -> Site:
    facts = {"name": f"見本 {number}", "phone": f"000-0000-{number:04}", "address": f"本町二丁目{number}番"}
    return msgspec.structs.replace(SITE, **(facts | changes))


@pytest.fixture
def desk(center_on_both: Center) -> Center:
    started = START - timedelta(days=4)
    center_on_both.must(Start(disaster=Disaster.EARTHQUAKE, started_at=started, title="訓練"))
    return center_on_both


def numbers(page) -> list[int]:
    return [line.need.number for line in page.lines]


def test_the_list_is_found_by_every_sign_and_by_nothing_else(desk: Center) -> None:
    receive(desk, person(1, kana="みほん いち", town="本町二丁目"), priority=Priority.URGENT)
    receive(
        desk, person(2, name="訓練 花子", kana="くんれん はなこ", town="中町一丁目"), hazard=HazardGrade.RED
    )
    third = receive(desk, person(3))
    desk.must(End(need_id=third, state=NeedState.CANCELLED, reason="取り下げ"))
    for wanted, found in [
        (Wanted(), [3, 2, 1]),
        (Wanted(states=(NeedState.RECEIVED,)), [2, 1]),
        (Wanted(states=(NeedState.RECEIVED, NeedState.CANCELLED)), [3, 2, 1]),
        (Wanted(priority=Priority.URGENT), [1]),
        (Wanted(hazard=HazardGrade.RED), [2]),
        (Wanted(town="中町一丁目"), [2]),
        (Wanted(text="2"), [2]),
        (Wanted(text="N-002"), [2]),
        (Wanted(text="Ｎ－００２"), [2]),
        (Wanted(text="訓練"), [2]),
        (Wanted(text="くんれんは"), [2]),
        (Wanted(text="0002"), [2]),
        (Wanted(text="本町2丁目3"), [3]),
        (Wanted(text="000-0000-0001"), [1]),
        (Wanted(text="%"), [3, 2, 1]),
        (Wanted(text="居ない"), []),
        (Wanted(text="999"), []),
    ]:
        page = ask(desk, "needs.list", wanted=wanted)
        assert (numbers(page), page.found) == (found, len(found)), wanted
    assert ask(desk, "needs.towns") == ["中町一丁目", "本町二丁目"]


def test_pages_follow_one_another_though_a_need_comes_in_between(desk: Center) -> None:
    for number in range(PAGE + 2):
        receive(desk, person(number))
    first = ask(desk, "needs.list")
    receive(desk, person(90))
    second = ask(desk, "needs.list", before=first.more)
    assert numbers(first) == list(range(PAGE + 2, 2, -1))
    assert (numbers(second), second.more, second.found) == ([2, 1], None, PAGE + 3)


def test_the_same_household_is_proposed_by_each_sign_and_never_joined_by_itself(desk: Center) -> None:
    first = receive(desk, person(1, kana="みほん いち", address="本町一丁目２番３号"))
    hand = Place(lat=35.70001, lng=139.50001, match_level="hand")
    second = receive(desk, person(2), hand)
    receive(desk, person(3))

    def found(**keys: object):
        same = ask(desk, "needs.duplicates", **({"phone_key": ""} | keys))
        return [(each.line.need.number, each.by) for each in same]

    assert found() == []
    assert found(phone_key="00000000001") == [(1, ("phone",))]
    assert found(kana_key="ミホンイチ") == [(1, ("kana",))]
    assert found(address_key="本町1-2-3") == [(1, ("address",))]
    assert found(lat=35.7, lng=139.5) == [(2, ("near",))]
    assert found(lat=35.71, lng=139.5) == []
    assert found(phone_key="00000000002", address_key="本町1-2-3", kana_key="ミホン イチ") == [
        (1, ("kana", "address")),
        (2, ("phone",)),
    ]
    desk.must(JoinTo(need_id=second, same_as=first))
    assert found(phone_key="00000000002") == []
    assert one(desk, first).joined == (2,)
    assert one(desk, second).goes_on_in == 1


def test_counts_tell_every_state_the_open_crisis_and_what_is_held(desk: Center) -> None:
    calm = receive(desk, works=("clear-house",))
    receive(desk, works=("yard",), crisis=True, place=Place())
    counted = ask(desk, "needs.counts")
    assert (counted.states[NeedState.RECEIVED], counted.total) == (2, 2)
    assert (counted.crisis_open, counted.referrals_open, counted.held, counted.without_place) == (1, 1, 1, 1)
    waiting = ask(desk, "needs.referrals")
    desk.must(SettleReferral(referral_id=waiting[0].referral.id, taken=True))
    desk.must(End(need_id=calm, state=NeedState.DONE))
    counted = ask(desk, "needs.counts")
    assert (counted.crisis_open, counted.held, counted.states[NeedState.DONE]) == (0, 0, 1)


def test_open_referrals_begin_with_the_crisis(desk: Center) -> None:
    receive(desk, works=("roof-sheet",))
    desk.clock.forward(minutes=1)
    receive(desk, watch_over=True)
    desk.clock.forward(minutes=1)
    receive(desk, crisis=True)
    waiting = ask(desk, "needs.referrals")
    assert [(h.referral.reason, h.line.need.number) for h in waiting] == [
        ("crisis", 3),
        ("roof-sheet", 1),
        ("watch-over", 2),
    ]


def test_one_need_has_its_texts_visits_referrals_and_who_changed_it(desk: Center) -> None:
    need_id = receive(desk, works=("roof-sheet", "yard"))
    desk.must(Survey(need_id=need_id, result="workable", people=4, reason="庭は作業できる"))
    seen = one(desk, need_id)
    planned = desk.must(Plan(need_id=need_id, day=TODAY, band=Band.AM, people_min=2, people_max=4)).entries[0]
    desk.must(CallResident(visit_id=planned.subject_id, agreed=Agreed.NO_ANSWER, words="夕方にもう一度"))
    desk.must(
        Change(
            need_id=need_id,
            seen_version=seen.need.version,
            site=msgspec.structs.replace(seen.site, household="二人"),
            details=Details(works=("yard",)),
            place=HONCHO,
        )
    )
    whole = one(desk, need_id)
    assert [(w.purpose, w.text) for w in whole.words] == [
        ("survey", "庭は作業できる"),
        ("visit-call", "夕方にもう一度"),
    ]
    assert [(v.calls, v.agreed) for v in whole.visits] == [(1, Agreed.NO_ANSWER)]
    assert [r.reason for r in whole.referrals] == ["roof-sheet"]
    meanwhile = desk.services.ask("needs.changes", desk.chief, need_id=need_id, since=seen.need.version)
    assert [(change.kind, change.by) for change in meanwhile] == [("need.changed", "chief")]
    assert one(desk, uuid.uuid4()) is None


def test_a_days_visits_begin_with_those_nobody_has_agreed_to(desk: Center) -> None:
    visits = []
    for number in range(3):
        need_id = receive(desk, person(number))
        plan = Plan(need_id=need_id, day=TODAY, band=Band.AM, people_min=2, people_max=4)
        visits.append(desk.must(plan).entries[0].subject_id)
    desk.must(CallResident(visit_id=visits[0], agreed=Agreed.YES))
    desk.must(Cancel(visit_id=visits[1], reason="雨"))
    day = ask(desk, "visits.day", day=TODAY)
    assert [line.line.need.number for line in day] == [3, 1, 2]
    assert ask(desk, "visits.day", day=TODAY + timedelta(days=1)) == []


def test_the_map_has_points_with_what_the_day_brings_and_no_word_about_people(desk: Center) -> None:
    ready = receive(desk, works=("yard",), hazard=HazardGrade.RED, priority=Priority.HIGH)
    receive(desk, person(2), Place())
    gone = receive(desk, person(3))
    desk.must(End(need_id=gone, state=NeedState.CANCELLED, reason="取り下げ"))
    desk.must(MakeReady(need_id=ready, reason="外だけ"))
    plan = Plan(need_id=ready, day=TODAY, band=Band.AM, people_min=2, people_max=4)
    visit = desk.must(plan).entries[0].subject_id
    desk.must(CallResident(visit_id=visit, agreed=Agreed.YES))
    desk.must(Plan(need_id=ready, day=TODAY + timedelta(days=1), band=Band.AM, people_min=2, people_max=4))
    (point,) = ask(desk, "needs.points", day=TODAY)
    assert (point.number, point.state, point.priority, point.hazard) == (1, "ready", "high", "red")
    assert (point.visits_today, point.visit, point.agreed_today) == (1, "planned", True)
    assert (point.lat, point.lng, point.match_level) == (35.7, 139.5, "town")
    card = desk.services.ask("needs.on_map", desk.viewer, need_id=ready, now=desk.clock.now())
    assert isinstance(card.need, Need)
    assert [v.day for v in card.visits] == [TODAY, TODAY + timedelta(days=1)]
    for shown in (point, card):
        told = msgspec.json.encode(shown).decode()
        assert not any(word in told for word in ("架空", "000-0000", "00000000001", "本町"))
    assert ask(desk, "needs.teams_out", now=desk.clock.now()) == []


def test_names_are_for_the_needs_desk_alone(desk: Center) -> None:
    need_id = receive(desk)
    with pytest.raises(NotAllowedError):
        desk.services.ask("needs.one", desk.viewer, need_id=need_id)
    with pytest.raises(NotAllowedError):
        desk.services.ask("needs.list", desk.viewer, operation_id=NOBODY)
    assert desk.services.ask("needs.points", desk.viewer, operation_id=NOBODY, day=TODAY) == []
