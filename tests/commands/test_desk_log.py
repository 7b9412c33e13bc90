"""総務ログ: one line first, the rest in any order; owners, call backs, needs, 要確認, what two people do."""

import uuid
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvc_core.commands import desk_log as desk
from dvc_core.commands.answers import Say
from dvc_core.commands.base import Actor, AsRead, Command
from dvc_core.commands.operation import Start
from dvc_core.domain.answers import AnswersNow, Said, answers_id
from dvc_core.domain.desk_log import (
    CallResult,
    DeskCaller,
    DeskEntry,
    Details,
    Direction,
    Gift,
    LogKind,
    LogOutcome,
    LogState,
    Texts,
    details_of,
)
from dvc_core.domain.need import Need, NeedState, Site
from dvc_core.domain.note import Note
from dvc_core.domain.operation import Disaster
from dvc_core.domain.review import Review
from dvc_core.queries import changes
from dvc_core.queries import desk_log as asked
from tests.support.center import START, Center

NOBODY = uuid.UUID(int=0)
GENERAL = Actor(id="general", roles=frozenset({"general"}))
NEEDS = Actor(id="needs", roles=frozenset({"needs"}))
SITE = Site(id=NOBODY, name="架空 一郎", phone="000-0000-0001", address="本町一丁目0番", trouble="片付け")


@pytest.fixture
def office(center: Center) -> Center:
    """A quake, and 総務 at its desk."""
    center.must(Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(days=4), title="訓練"))
    return center


def write(center: Center, line: str = "水が出ないという電話", kind: LogKind = LogKind.CALL) -> uuid.UUID:
    answer = center.must(desk.Write(line=line, sort_of=kind), GENERAL)
    return next(entry.subject_id for entry in answer.entries if entry.kind == "desk_log.written")


def whole(center: Center, entry_id: uuid.UUID) -> asked.WholeEntry:
    found = center.services.ask("desk_log.one", GENERAL, entry_id=entry_id)
    assert found is not None
    return found


def change(
    center: Center, entry_id: uuid.UUID, *, caller: dict[str, str] | None = None, **facts: object
) -> desk.Change:
    """The change of some facts, the rest as it stands."""
    now = whole(center, entry_id)
    texts = {name: facts.pop(name) for name in ("line", "answer") if name in facts}
    return desk.Change(
        entry_id=entry_id,
        details=msgspec.structs.replace(details_of(now.line.row), **facts),
        texts=msgspec.structs.replace(now.texts, **texts),
        caller=msgspec.structs.replace(now.line.caller, **(caller or {})),
    )


def test_one_line_is_enough_and_the_rest_comes_in_any_order(office: Center) -> None:
    entry_id = write(office, "  市の防災課から、あすの人数の問い合わせ ")
    row = whole(office, entry_id).line.row
    assert (row.number, row.heard_at, row.state) == (1, office.clock.now(), LogState.OPEN)
    assert whole(office, entry_id).texts.line == "市の防災課から、あすの人数の問い合わせ"
    office.must(change(office, entry_id, caller={"phone": "０００ー０００００００１"}), GENERAL)
    office.must(change(office, entry_id, caller={"who": "訓練 花子"}, section="reception"), GENERAL)
    office.must(change(office, entry_id, answer="150人です", due_at=office.clock.now()), GENERAL)
    found = whole(office, entry_id)
    assert found.line.caller.who == "訓練 花子"
    assert found.line.caller.phone_key == "00000000001"
    assert (found.texts.answer, found.line.row.section) == ("150人です", "reception")
    office.must(change(office, entry_id, answer=""), GENERAL)
    assert whole(office, entry_id).texts == Texts(line="市の防災課から、あすの人数の問い合わせ")


def test_before_the_disaster_is_recorded_and_without_a_word_nothing_is_kept(center: Center) -> None:
    assert center.refused(desk.Write(line="電話")) == "no-operation"
    center.must(Start(disaster=Disaster.FLOOD, started_at=START, title="訓練"))
    assert center.refused(desk.Write(line="  ")) == "log-empty"
    assert center.refused(desk.Write(line="もしもし\u202e")) == "text-forbidden"
    with center.services.reader() as reader:
        assert reader.find(DeskEntry) == []
        assert [note.text for note in reader.find(Note)] == ["訓練"], "only the disaster has its name"


WRONG: dict[str, tuple[dict[str, object], dict[str, str]]] = {
    "log-in-future": ({"heard_at": START + timedelta(hours=1)}, {}),
    "log-amount": ({"amount": 0, "gift": Gift.RELIEF}, {}),
    "log-gift-missing": ({"amount": 3000}, {}),
    "log-quantity": ({"quantity": 0, "direction": Direction.RECEIVED}, {"item": "タオル"}),
    "log-item-missing": ({"quantity": 3, "direction": Direction.RECEIVED}, {}),
    "log-direction-missing": ({"quantity": 3}, {"item": "タオル"}),
    "log-owner-unknown": ({"section": "no-such-section"}, {}),
    "log-empty": ({"line": " "}, {}),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_cannot_be_is_refused_and_what_stands_stays(office: Center, code: str) -> None:
    entry_id = write(office)
    facts, caller = WRONG[code]
    before = whole(office, entry_id)
    assert office.refused(change(office, entry_id, caller=caller, **facts), GENERAL) == code
    assert whole(office, entry_id) == before


def test_an_owner_who_has_no_account_is_not_known(office: Center) -> None:
    entry_id = write(office)
    stranger = uuid.UUID(int=7)
    assert office.refused(change(office, entry_id, operator_id=stranger), GENERAL) == "log-owner-unknown"
    hand = desk.HandOver(entry_id=entry_id, operator_id=stranger)
    assert office.refused(hand, GENERAL) == "log-owner-unknown"
    assert office.refused(desk.HandOver(entry_id=entry_id), GENERAL) == "log-owner-missing"


OF_AN_ENTRY: dict[str, Command] = {
    "change": desk.Change(
        entry_id=NOBODY,
        details=Details(kind=LogKind.CALL, heard_at=START),
        texts=Texts(line="電話"),
        caller=DeskCaller(id=NOBODY),
    ),
    "hand": desk.HandOver(entry_id=NOBODY, section="needs"),
    "back": desk.GiveBack(entry_id=NOBODY, words="ちがう"),
    "call": desk.CallBack(entry_id=NOBODY, result=CallResult.REACHED),
    "call-own": desk.CallBackOwn(entry_id=NOBODY, result=CallResult.REACHED),
    "settle": desk.Settle(entry_id=NOBODY, answer="答えた"),
    "settle-own": desk.SettleOwn(entry_id=NOBODY, answer="答えた"),
    "reopen": desk.Reopen(entry_id=NOBODY, words="また電話"),
    "need": desk.ToNeed(entry_id=NOBODY, site=SITE),
    "review": desk.ToReview(entry_id=NOBODY),
}


@pytest.mark.parametrize("act", OF_AN_ENTRY)
def test_an_entry_that_nobody_knows_is_not_acted_on(office: Center, act: str) -> None:
    assert office.refused(OF_AN_ENTRY[act]) == "log-unknown"
    with office.services.reader() as reader:
        assert reader.find(Need) == [], "no need without its entry"


def test_a_complaint_is_over_when_they_were_called_back_and_answered(office: Center) -> None:
    entry_id = write(office, "車の止め方への苦情", LogKind.COMPLAINT)
    assert whole(office, entry_id).line.row.call_back
    settle = desk.Settle(entry_id=entry_id, answer="おわびした")
    assert office.refused(settle, GENERAL) == "log-call-back"
    office.must(desk.CallBack(entry_id=entry_id, result=CallResult.NO_ANSWER), GENERAL)
    assert office.refused(settle, GENERAL) == "log-call-back"
    office.clock.forward(minutes=20)
    reached = desk.CallBack(entry_id=entry_id, result=CallResult.REACHED, words="係を立てると伝えた")
    office.must(reached, GENERAL)
    office.must(settle, GENERAL)
    found = whole(office, entry_id)
    row = found.line.row
    assert (row.calls, row.reached_at, row.outcome) == (2, office.clock.now(), LogOutcome.ANSWERED)
    assert [(r.purpose, r.text) for r in found.remarks] == [("desk-call", "係を立てると伝えた")]
    assert found.texts.answer == "おわびした"


def test_nothing_is_over_without_an_answer_and_only_once(office: Center) -> None:
    entry_id = write(office)
    assert office.refused(desk.Settle(entry_id=entry_id, answer=" "), GENERAL) == "log-answer-missing"
    office.must(desk.Settle(entry_id=entry_id, answer="給水所を案内"), GENERAL)
    assert office.refused(desk.Settle(entry_id=entry_id, answer="別の答え"), GENERAL) == "log-settled"
    assert whole(office, entry_id).texts.answer == "給水所を案内"
    assert office.refused(desk.HandOver(entry_id=entry_id, section="needs"), GENERAL) == "log-settled"
    assert office.refused(desk.Reopen(entry_id=entry_id, words=" "), GENERAL) == "reason-missing"
    office.must(desk.Reopen(entry_id=entry_id, words="また電話が来た"), GENERAL)
    assert whole(office, entry_id).line.row.state is LogState.OPEN
    assert office.refused(desk.Reopen(entry_id=entry_id, words="また"), GENERAL) == "log-open"
    office.must(desk.Settle(entry_id=entry_id), GENERAL)
    assert whole(office, entry_id).texts.answer == "給水所を案内", "the answer that stands is enough"


def test_a_section_sees_and_settles_its_own_and_nothing_else(office: Center) -> None:
    mine, other = write(office, "家の片付けを頼みたい"), write(office, "駐車場の問い合わせ")
    office.must(desk.HandOver(entry_id=mine, section="needs", words="急ぎです"), GENERAL)
    office.must(desk.HandOver(entry_id=other, section="reception"), GENERAL)
    with office.services.reader() as reader:
        operation = reader.get(DeskEntry, mine).operation_id
        lines = asked.own(reader, operation, ("needs",), NEEDS.id)
        assert [line.row.id for line in lines] == [mine]
        assert asked.own(reader, operation) == ()
    for command in (
        desk.SettleOwn(entry_id=other, answer="答えた"),
        desk.CallBackOwn(entry_id=other, result=CallResult.REACHED),
        desk.GiveBack(entry_id=other, words="ちがう"),
    ):
        assert office.refused(command, NEEDS) == "log-not-yours"
    assert office.refused(desk.Settle(entry_id=mine, answer="答えた"), NEEDS) == "not-allowed"
    assert office.refused(desk.GiveBack(entry_id=mine, words=" "), NEEDS) == "reason-missing"
    office.must(desk.GiveBack(entry_id=mine, words="受付の話です"), NEEDS)
    assert office.refused(desk.SettleOwn(entry_id=mine, answer="答えた"), NEEDS) == "log-not-yours"
    office.must(desk.HandOver(entry_id=mine, section="needs"), GENERAL)
    office.must(desk.CallBackOwn(entry_id=mine, result=CallResult.REACHED), NEEDS)
    office.must(desk.SettleOwn(entry_id=mine, answer="受け付けた"), NEEDS)
    assert office.refused(desk.GiveBack(entry_id=mine, words="やはり"), NEEDS) == "log-settled"


def test_a_call_becomes_a_need_with_what_was_heard_or_not_at_all(office: Center) -> None:
    entry_id = write(office, "家具を出してほしい")
    empty = msgspec.structs.replace(SITE, phone=" ")
    assert office.refused(desk.ToNeed(entry_id=entry_id, site=empty), GENERAL) == "need-incomplete"
    assert whole(office, entry_id).line.row.state is LogState.OPEN
    office.must(desk.ToNeed(entry_id=entry_id, site=SITE), GENERAL)
    with office.services.reader() as reader:
        (need,) = reader.find(Need)
        site = reader.get(Site, need.id)
    row = whole(office, entry_id).line.row
    assert (row.outcome, row.need_id, need.state) == (LogOutcome.NEED, need.id, NeedState.RECEIVED)
    assert (site.name, site.trouble) == (SITE.name, SITE.trouble)
    assert office.refused(desk.ToNeed(entry_id=entry_id, site=SITE), GENERAL) == "log-settled"
    with office.services.reader() as reader:
        assert len(reader.find(Need)) == 1


def test_what_nobody_can_place_waits_in_review_with_its_words(office: Center) -> None:
    entry_id = write(office, "名札を拾ったという電話")
    assert office.do(desk.ToReview(entry_id=entry_id), GENERAL).result == "review"
    with office.services.reader() as reader:
        (review,) = reader.find(Review)
    row = whole(office, entry_id).line.row
    assert (review.reason, review.about, row.review_id) == ("desk-log", entry_id, review.id)
    (line,) = office.services.ask("reviews.open", office.chief)
    assert "名札を拾った" in line.content


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(office: Center) -> None:
    entry_id = write(office)
    seen = (AsRead(row=DeskEntry, id=entry_id, version=whole(office, entry_id).line.row.version),)
    mine = change(office, entry_id, answer="わたしの答え")
    office.must(change(office, entry_id, answer="先の答え", section="needs"), NEEDS_TOO)
    answer = office.services.do(mine, GENERAL, seen=seen)
    assert answer.refusal is not None
    assert answer.refusal.code == "changed-meanwhile"
    assert whole(office, entry_id).texts.answer == "先の答え"
    with office.services.reader() as reader:
        (line,) = changes.since(reader, entry_id, seen[0].version)
    assert (line.by, line.words) == (NEEDS_TOO.id, "内容を書き足した・直した")


NEEDS_TOO = Actor(id="hanako", roles=frozenset({"general"}))


def test_goods_and_money_of_the_day_are_summed_each_purse_apart(office: Center) -> None:
    def money(yen: int, gift: Gift, *, receipt: bool | None) -> None:
        entry_id = write(office, "寄付", LogKind.MONEY)
        office.must(change(office, entry_id, amount=yen, gift=gift, receipt=receipt), GENERAL)

    def goods(count: int, way: Direction, item: str = "タオル") -> None:
        entry_id = write(office, "物資", LogKind.GOODS)
        caller = {"item": item, "unit": "箱"}
        office.must(change(office, entry_id, caller=caller, quantity=count, direction=way), GENERAL)

    money(10_000, Gift.RELIEF, receipt=True)
    money(5_000, Gift.SUPPORT, receipt=False)
    money(3_000, Gift.SUPPORT, receipt=None)
    goods(3, Direction.RECEIVED)
    goods(4, Direction.RECEIVED)
    goods(2, Direction.HANDED_OUT)
    mistaken = write(office, "お金の話の電話", LogKind.MONEY)
    office.must(change(office, mistaken, amount=9_999, gift=Gift.RELIEF), GENERAL)
    office.must(change(office, mistaken, kind=LogKind.CALL), GENERAL)
    row = whole(office, mistaken).line.row
    found = office.services.ask("desk_log.sums", GENERAL, operation_id=row.operation_id, day=row.day)
    assert {(m.gift, m.amount, m.entries, m.without_receipt) for m in found.money} == {
        (Gift.RELIEF, 10_000, 1, 0),
        (Gift.SUPPORT, 8_000, 2, 2),
    }
    assert [(g.item, g.direction, g.quantity) for g in found.goods] == [
        ("タオル", Direction.RECEIVED, 7),
        ("タオル", Direction.HANDED_OUT, 2),
    ]
    other_day = row.day - timedelta(days=1)
    empty = office.services.ask("desk_log.sums", GENERAL, operation_id=row.operation_id, day=other_day)
    assert (empty.goods, empty.money) == ((), ())


def test_the_answers_of_today_are_set_and_impossible_ones_refused(office: Center) -> None:
    tomorrow = START.date() + timedelta(days=1)
    office.must(Say(said=Said(next_day=tomorrow, places=80)), GENERAL)
    assert office.refused(Say(said=Said(next_day=START.date() - timedelta(days=1))), GENERAL) == "day-past"
    assert office.refused(Say(said=Said(places=-1)), GENERAL) == "answers-places"
    nine, eight = datetime(2026, 1, 1, 9, tzinfo=UTC).time(), datetime(2026, 1, 1, 8, tzinfo=UTC).time()
    assert office.refused(Say(said=Said(from_time=nine, to_time=eight)), GENERAL) == "answers-hours"
    office.must(Say(said=Said(places=70)), GENERAL)
    with office.services.reader() as reader:
        (row,) = reader.find(AnswersNow)
    assert (row.places, row.next_day, row.version) == (70, None, 2)
    assert row.id == answers_id(office.services.ask("operations.current", office.chief).id)


def test_without_an_operation_nothing_is_said(center: Center) -> None:
    assert center.refused(Say(said=Said(places=1))) == "no-operation"


DUE = st.one_of(st.none(), st.integers(-3, 3))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dues=st.lists(DUE, min_size=20, max_size=34))
def test_every_open_entry_is_on_exactly_one_page_in_the_order_of_what_is_due(
    office: Center, dues: list[int | None]
) -> None:
    for due in dues:
        entry_id = write(office)
        if due is not None:
            at = office.clock.now() + timedelta(hours=due)
            office.must(change(office, entry_id, due_at=at), GENERAL)
    operation = office.services.ask("operations.current", office.chief).id
    for wanted in (asked.Wanted(), asked.Wanted(open_only=False)):
        seen: list[DeskEntry] = []
        after = None
        while True:
            page = office.services.ask(
                "desk_log.list", GENERAL, operation_id=operation, wanted=wanted, after=after
            )
            seen += [line.row for line in page.lines]
            after = page.more
            if after is None:
                break
        assert len({row.id for row in seen}) == len(seen) == page.found
        by_due = [(row.due_at or asked.NEVER, row.number) for row in seen]
        assert by_due == sorted(by_due) if wanted.open_only else True
        numbers = [row.number for row in seen]
        assert wanted.open_only or numbers == sorted(numbers, reverse=True)
    count = office.services.ask(
        "desk_log.counts", office.viewer, operation_id=operation, now=office.clock.now(), day=START.date()
    )
    late = [row for row in seen if row.due_at and row.due_at < office.clock.now()]
    assert (count.open, count.overdue, count.unowned) == (len(seen), len(late), len(seen))


SEARCHES = {"12": 0, "1": 1, "花子": 1, "0001": 1, "断水": 1, "給水車": 1, "だれも": 0, "%": 2, "NHK": 1}


@pytest.mark.parametrize("text", SEARCHES)
def test_an_entry_is_found_by_number_name_telephone_or_any_word(office: Center, text: str) -> None:
    first, _ = write(office, "断水の問い合わせ"), write(office, "nhk から取材の申し込み", LogKind.PRESS)
    who = {"who": "見本 花子", "phone": "000-0000-0001"}
    office.must(change(office, first, caller=who, answer="給水車は14時"), GENERAL)
    with office.services.reader() as reader:
        operation = reader.get(DeskEntry, first).operation_id
        found = asked.listed(reader, operation, asked.Wanted(open_only=False, text=text))
    assert found.found == SEARCHES[text]


def test_the_lists_filters_fit_together_on_both_engines(center_on_both: Center) -> None:
    center = center_on_both
    center.must(Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(days=4), title="訓練"))
    press = write(center, "取材の申し込み", LogKind.PRESS)
    write(center, "断水の問い合わせ")
    center.must(change(center, press, section="general", due_at=START - timedelta(hours=1)), GENERAL)
    with center.services.reader() as reader:
        operation = reader.get(DeskEntry, press).operation_id
        wanted = asked.Wanted(kinds=(LogKind.PRESS,), section="general", day=START.date(), text="取材")
        page = asked.listed(reader, operation, wanted)
        assert [line.row.id for line in page.lines] == [press]
        assert asked.listed(reader, operation, asked.Wanted(text="取材"), (asked.NEVER, 9)).lines == ()
        assert asked.counts(reader, operation, START, START.date()).overdue == 1
        assert asked.sums(reader, operation, START.date()).money == ()
        assert [line.row.id for line in asked.own(reader, operation, ("general",), str(NOBODY))] == [press]
        assert changes.since(reader, press)[-1].words == "内容を書き足した・直した"
        assert asked.people(reader) == []
