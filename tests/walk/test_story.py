"""The walk as a story in commands, on both engines: from the quake to the chronology of a closed center."""

import re
import secrets
import uuid
from datetime import timedelta
from pathlib import Path

from dvc_core.commands.bcp import HoldTalk, SetFunction
from dvc_core.commands.board import Publish
from dvc_core.commands.dispatch import (
    Close,
    CloseDay,
    ComeHome,
    DecideClosing,
    Depart,
    Report,
    Say,
    StraightHome,
)
from dvc_core.commands.gate import ReleaseGate, SetLivedIn
from dvc_core.commands.manual import Approve, Mark, StartRun
from dvc_core.commands.need import Receive
from dvc_core.commands.operation import DecideOpening, Start
from dvc_core.commands.survey import MakeReady, Survey
from dvc_core.commands.team import Confirm, CountTools
from dvc_core.commands.visit import CallResident, Plan
from dvc_core.commands.volunteer import NewCard, Register, RevokeCard, card_id
from dvc_core.domain.bcp import FunctionState
from dvc_core.domain.board_facts import CouncilState
from dvc_core.domain.manual_run import MarkState, RunKind
from dvc_core.domain.need import ENDED, Details, NeedState, Place, Site
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.domain.person_facts import HazardGrade, Insurance
from dvc_core.domain.team import Word
from dvc_core.domain.visit import Agreed, Band, Result
from dvc_core.domain.volunteer import Person, Traits
from dvc_core.geo.geocode import geocode
from dvc_core.manual.edition import Edition, Ownership
from dvc_core.manual.library import library
from dvc_core.matching.words import words
from dvc_core.store import backup
from dvc_core.store.database import open_database
from dvc_core.store.doctor import examine
from dvc_core.store.restoring import restore
from dvc_core.tokens import qr
from dvc_core.web import lists
from pages.components import matching_day
from tests.support.center import Center
from tests.support.papers import checked
from tests.support.story import NOBODY, Kiosk, Story

TOWNS = (*(f"本町{n}丁目" for n in "一二三四五六"), "中町一丁目", "中町三丁目")
NAMES = [f"見本 {tens}{ones}郎" for tens in ("", "十") for ones in "一二三四五六七八九十"]
KANA = "あいうえおかきくけこさしすせそたちつてと"
LIST = "氏名,ふりがな,電話番号,年齢,ボランティア保険\n" + "".join(
    f"{name},みほん {KANA[n - 1]},000-0000-{n:04d},{20 + n},天災プラン\n" for n, name in enumerate(NAMES, 1)
)

TOLD = (
    "発災（地震）",
    "マニュアル koganei 2026-1 を承認",
    "手順を開始：koganei 2026-1",
    "設置判断：設置する",
    "手順 kaisetsu：済",
    "開設",
    "受付 021：カードを出した",
    "受付 001：来所",
    "受付 001：受け入れた",
    "受付 029：来所〔あとから入力〕",
    "受付 021：来所〔2回目〕",
    "受付 030：カードを止めた",
    "要確認：止められたカードです。",
    "要確認：ほかのデータ（訓練や本番）あて",
    "ニーズ N-001：ニーズを受け付けた",
    "ニーズ N-001：訪問を計画（07/30 一日 3〜5 人）",
    "ニーズ N-001：依頼者に電話（了承）",
    "ニーズ N-009：調査済",
    "ニーズ N-009：安全ゲートを解除（条件つき）",
    "班 1 を確定（指示書 1、",
    "班 4 を確定（指示書 4、",
    "班 1：出発（帰着予定 07/30 12:30）",
    "班 1：連絡（遅れ）",
    "班 1：全員帰着",
    "07/30 の活動日を閉じた（来た人 29、もどっていない人 1）",
    "班の人：直帰",
    "班 4：全員帰着",
    "班 1：報告を受けた",
    "班 4：報告を受けた",
    "委託者と協議（jiritsu-sodan）",
    "業務 jiritsu-sodan：休止",
    "自センターの状況を公開（1 回目）",
    "閉所の判断",
    "閉所",
)


def test_from_the_quake_to_the_closed_center(center_on_both: Center, tmp_path: Path) -> None:
    story = Story(center_on_both)
    operation = the_quake_and_the_decision(story)
    cards = people_register(story)
    people_come(story, operation, cards)
    red = residents_call(story)
    teams = teams_are_made(story, operation, red)
    they_go_out(story, operation, teams)
    they_come_home_and_report(story, operation, teams)
    the_bcp_runs_beside(story, operation)
    the_block_is_told(story)
    the_center_closes(story, operation)
    every_act_is_told(story)
    nothing_differs(story, tmp_path)


def the_quake_and_the_decision(story: Story) -> uuid.UUID:
    """発災, an approved edition, its run, the decision, and the step that opens."""
    quake = Start(disaster=Disaster.EARTHQUAKE, started_at=story.center.clock.now(), title="訓練の地震")
    operation = story.made("chief", quake, "operation.started")
    opening = Mark(manual=RunKind.CENTER, step="kaisetsu", state=MarkState.DONE)
    _run_begins(story, "koganei", RunKind.CENTER)
    assert story.refused("chief", opening) == "「設置する」と決める前に、開設はできません。"
    story.when("chief", DecideOpening(decision=OpeningDecision.OPEN, reason="市から要請"))
    story.at("9:00", days=2)
    story.when("chief", opening)
    assert story.sees("viewer", "operations.current").opened_at == story.center.clock.now()
    return operation


def _run_begins(story: Story, name: str, kind: RunKind) -> None:
    edition = _edition(story, name)
    begin = StartRun(
        manual=kind,
        name=name,
        edition=edition.edition,
        digest=edition.digest,
        steps=tuple(step.id for step in edition.steps),
        commissioned=tuple(f.code for f in edition.functions if f.ownership is Ownership.COMMISSIONED),
    )
    assert story.refused("chief", begin) == "この版は、まだ承認されていません。"
    story.when("chief", Approve(name=name, edition=edition.edition, digest=edition.digest))
    story.when("chief", begin)


def _edition(story: Story, name: str) -> Edition:
    return next(each for each in library(story.center.services.config.manuals) if each.name == name)


def people_register(story: Story) -> list[str]:
    """20 by a list, which adds nothing the second time; 10 at the desk, each with a card: their codes."""
    services = story.center.services
    found = lists.read(services, "volunteers", LIST.encode(), file="list.csv", today=story.today)
    assert lists.take(services, found, story.center.chief, dry_run=True).new == 20
    assert lists.take(services, found, story.center.chief, dry_run=False).new == 20
    again = lists.take(services, found, story.center.chief, dry_run=False)
    assert (again.new, again.unchanged) == (0, 20)
    return [_registers(story, n) for n in range(21, 31)]


def _registers(story: Story, number: int) -> str:
    token, key = secrets.token_bytes(qr.TOKEN_BYTES), story.center.services.keys.current
    traits = Traits(insurance=Insurance.DISASTER, insurance_seen=True, leader_able=number < 27)
    person = Person(id=NOBODY, name=f"訓練 {number}子", phone=f"000-0000-{number:04d}", age=40)
    card = NewCard(token=token.hex(), key_id=key.key_id)
    story.when("reception", Register(person=person, traits=traits, card=card))
    return qr.issue(key, token)


def people_come(story: Story, operation: uuid.UUID, cards: list[str]) -> None:
    """Arrivals at the kiosk: one twice, one late, one with a revoked card, one meant for another database."""
    kiosk = Kiosk(story, "受付1")
    story.at("9:30")
    came = kiosk.reads("arrive", *range(1, 21), *cards[:8])
    assert {result.verdict for result in came} == {"ok"}
    kept = kiosk.scan("arrive", cards[8], story.center.clock.now())
    story.at("9:45")
    (late,) = kiosk.sends([kept])
    assert (late.verdict, late.number, late.flags) == ("flagged", 29, ("late-entry",))
    assert kiosk.sends([kept])[0].verdict == "repeat"
    (twice,) = kiosk.reads("arrive", cards[0])
    assert (twice.verdict, twice.number, twice.flags) == ("flagged", 21, ("again",))

    token = qr.read(cards[9], story.center.services.keys.known).token or b""
    story.when("reception", RevokeCard(card_id=card_id(token.hex())))
    (lost,) = kiosk.reads("arrive", cards[9])
    assert lost.message == "止められたカードです。記録は残しました。係に声をかけてください。"
    (drill,) = kiosk.reads("arrive", cards[1], database=uuid.uuid4())
    assert drill.verdict == "review"
    waiting = [line.review.reason for line in story.sees("reception", "reviews.open")]
    assert sorted(waiting) == ["other-database", "revoked-card"]
    day = story.sees("viewer", "reception.day", operation_id=operation, day=story.today)
    assert (day.arrived, day.admitted) == (29, 29)


def residents_call(story: Story) -> uuid.UUID:
    """Ten needs: eight green, a yellow one surveyed and released, a red one that stays closed; its visit."""
    story.at("9:50")
    for n, town in enumerate(TOWNS):
        _visit(story, _calls(story, n, town, HazardGrade.GREEN))
    yellow = _calls(story, 8, TOWNS[0], HazardGrade.YELLOW)
    release = ReleaseGate(need_id=yellow, reason="調査した人と見て、入れる")
    unknown = "ニーズ 9 の家に人が住んでいるか、まだ分かりません。"
    assert story.refused("chief", release) == unknown
    story.when("needs", SetLivedIn(need_id=yellow, lived_in=True))
    assert story.refused("chief", release) == "ニーズ 9 は、調査した人の確認がまだです。"
    story.when("needs", Survey(need_id=yellow, result="workable", people=4, days=1, reason="屋根は無事"))
    story.when("needs", checked(story.center, yellow, on=story.today))
    story.when("chief", release)
    red = _calls(story, 9, TOWNS[1], HazardGrade.RED)
    release = ReleaseGate(need_id=red, reason="急ぐ")
    assert story.refused("chief", release) == "ニーズ 10 には入れません（危険）。"
    return _visit(story, red)


def _calls(story: Story, n: int, town: str, hazard: HazardGrade) -> uuid.UUID:
    found = geocode(f"小金井市{town}", city=story.center.services.council_id)
    site = Site(
        id=NOBODY,
        name=f"架空 {n}美",
        phone=f"000-0000-{n:04d}",
        address=f"{town}0番",
        trouble="家財を出したい",
    )
    details = Details(works=("clear-house",), hazard=hazard, tools=("shovel",))
    place = Place(lat=found.lat, lng=found.lng, city_code=found.city_code, match_level=found.level)
    return story.made("needs", Receive(site=site, details=details, place=place), "need.received")


def _visit(story: Story, need: uuid.UUID) -> uuid.UUID:
    """The need goes to matching, gets its visit today, and the resident agrees to it on the telephone."""
    story.when("needs", MakeReady(need_id=need, reason="写真で確かめた"))
    plan = Plan(need_id=need, day=story.today, band=Band.DAY, people_min=3, people_max=5)
    visit = story.made("needs", plan, "visit.planned")
    story.when("needs", CallResident(visit_id=visit, agreed=Agreed.YES))
    return visit


def teams_are_made(story: Story, operation: uuid.UUID, red: uuid.UUID) -> list[uuid.UUID]:
    """A proposal that leaves the red house out and says why; four teams confirmed; nobody is taken twice."""
    for code in ("shovel", "wheelbarrow"):
        story.when("matching", CountTools(code=code, total=20))
    ready = story.sees("matching", "matching.ready", operation_id=operation, day=story.today)
    plan = matching_day.best(matching_day.model(story.center.services, ready), 2)
    called = matching_day.names(story.center.services, ready)
    left = {each.visit_id: [words(reason, called) for reason in each.missing] for each in plan.unserved}
    assert any("安全確認が済んでいない" in said for said in left[str(red)])
    chosen = plan.teams[:4]
    for each in chosen:
        assert each.reasons
        story.when("matching", _confirm(each.visit_id, each.leader_id, each.member_ids, each.tools))
    others = [str(v.id) for v in ready.visits if str(v.id) not in {t.visit_id for t in chosen} | {str(red)}]
    first = chosen[0]
    taken = _confirm(others[0], first.leader_id, first.member_ids, {})
    number = next(row.number for row in ready.people if str(row.id) == first.member_ids[0])
    assert story.refused("matching", taken) == f"{number} 番の人は、もう別の班に入っています。"
    again = story.sees("matching", "matching.ready", operation_id=operation, day=story.today)
    fresh = [row for row in again.people if row.leader_able][:1] + [
        r for r in again.people if not r.leader_able
    ]
    into_red = _confirm(str(red), str(fresh[0].id), tuple(str(row.id) for row in fresh[:3]), {})
    assert story.refused("matching", into_red) == "安全確認が済むまで送り出せません"
    return [line.team.id for line in _lines(story, operation)]


def _confirm(visit: str, leader: str, members: tuple[str, ...], tools: dict[str, int]) -> Confirm:
    ids = tuple(uuid.UUID(member) for member in members)
    return Confirm(visit_id=uuid.UUID(visit), leader_id=uuid.UUID(leader), member_ids=ids, tools=dict(tools))


def _lines(story: Story, operation: uuid.UUID) -> list:  # type: ignore[type-arg]
    return story.sees("return", "teams.day", operation_id=operation, day=story.today)


def they_go_out(story: Story, operation: uuid.UUID, teams: list[uuid.UUID]) -> None:
    """Out on their orders with a time to be back, each an hour after the one before; the first is overdue."""
    now = story.at("10:30")
    assert [line.team.order_number for line in _lines(story, operation)] == [1, 2, 3, 4]
    for hours, team in enumerate(teams, 2):
        story.when("return", Depart(team_id=team, expected_return_at=now + timedelta(hours=hours)))
    now = story.at("12:45")
    out = story.sees("viewer", "teams.out", operation_id=operation, now=now)
    people = sum(line.team.size for line in _lines(story, operation))
    assert (out.teams_out, out.people_out, out.overdue) == (4, people, 1)
    delayed = Say(
        team_id=teams[0], word=Word.DELAYED, expected_return_at=now + timedelta(hours=1), words="荷が多い"
    )
    story.when("return", delayed)
    assert story.sees("viewer", "teams.out", operation_id=operation, now=now).overdue == 0


def they_come_home_and_report(story: Story, operation: uuid.UUID, teams: list[uuid.UUID]) -> None:
    """Everyone is home or released by name and reason; what is left of each house stands on its need."""
    story.at("14:00")
    lines = _lines(story, operation)
    for line in lines[:3]:
        tools = {loan.code: loan.lent for loan in line.loans}
        story.when("return", ComeHome(team_id=line.team.id, all_here=True, back=tools))
    last = lines[3]
    *back, missing = last.members
    kiosk = Kiosk(story, "帰着")
    assert {result.verdict for result in kiosk.reads("return", *(m.number for m in back))} == {"ok"}
    home = ComeHome(team_id=last.team.id, back={loan.code: loan.lent for loan in last.loans})
    assert story.refused("return", home) == f"班 {last.team.number} の 1 人が、まだもどっていません。"
    assert story.refused("return", CloseDay(day=story.today)) == "まだ 1 人がもどっていません。"
    story.when("return", CloseDay(day=story.today, reason="本人と電話がつながり、もう家にいる"))
    one = missing.member.volunteer_id
    story.when("return", StraightHome(team_id=last.team.id, volunteer_id=one, words="家が近い"))
    story.when("return", home)
    assert (
        story.sees("viewer", "teams.out", operation_id=operation, now=story.center.clock.now()).people_out
        == 0
    )
    reports = (
        Report(team_id=teams[0], result=Result.DONE, resident_agrees=True, words="全部出した"),
        Report(team_id=teams[1], result=Result.DONE, words="だれもいなくなっていた"),
        Report(team_id=teams[2], result=Result.GOES_ON, remaining_people=4, remaining_days=1),
        Report(team_id=teams[3], result=Result.ABSENT, words="留守だった"),
    )
    for report in reports:
        story.when("return", report)
    needs = {line.need.id: line.need for line in _lines(story, operation)}
    assert [need.state for need in needs.values()] == [
        NeedState.DONE,
        NeedState.NEARLY_DONE,
        NeedState.READY,
        NeedState.READY,
    ]
    assert list(needs.values())[2].remaining_people == 4


def the_bcp_runs_beside(story: Story, operation: uuid.UUID) -> None:
    """A commissioned function is stopped only after the talk with its consignor."""
    _run_begins(story, "koganei-bcp", RunKind.BCP)
    stop = SetFunction(code="jiritsu-sodan", state=FunctionState.STOPPED, reason="建物が使えない")
    assert story.refused("bcp", stop) == "受託の業務です。委託者との協議がまだ記録されていません。"
    now = story.center.clock.now()
    talk = HoldTalk(function=stop.code, held_at=now, consignor="市の担当課（訓練）", agreed="三日休む")
    story.when("bcp", talk)
    story.when("bcp", stop)
    (line,) = story.sees("viewer", "business_functions.states", operation_id=operation)
    assert (line.row.code, line.row.state, line.talks) == ("jiritsu-sodan", FunctionState.STOPPED, 1)


def the_block_is_told(story: Story) -> None:
    """The own state as it was counted, read by a person and published, stands on the board."""
    now = story.at("15:00")
    counted = story.sees("general", "board.draft", now=now)
    assert (counted.told.state, counted.told.needs_total) == (CouncilState.OPEN, 10)
    story.when("general", Publish(told=counted.told, seen_number=counted.seen_number))
    (mine,) = story.sees("viewer", "board.lines", now=now)
    assert (mine.council_code, mine.state, mine.number) == ("13210", CouncilState.OPEN, 1)


def the_center_closes(story: Story, operation: uuid.UUID) -> None:
    """閉所 is held by needs that nobody took over, and done by name and reason."""
    story.at("16:00", days=1)
    close = Close(reason="")
    story.when("chief", DecideClosing(reason="応急の支援が終わった"))
    left = sum(
        count
        for state, count in story.sees("viewer", "needs.counts", operation_id=operation).states.items()
        if state not in ENDED
    )
    assert story.refused("chief", close) == f"終わっていないニーズが {left} 件あります。"
    story.when("chief", Close(reason="残りのニーズは市に引き継いだ"))
    assert story.sees("viewer", "operations.current") is None


def every_act_is_told(story: Story) -> None:
    """Every entry stands in the chronology in words, in its order, and no name stands there."""
    told = story.told()
    assert [line.seq for line in told] == list(range(1, story.sees("viewer", "chronology.head").seq + 1))
    said = [line.words for line in told]
    assert not [begins for begins in TOLD if not any(line.startswith(begins) for line in said)]
    places = [next(n for n, line in enumerate(said) if line.startswith(begins)) for begins in TOLD]
    assert places == sorted(places)
    assert not [each for each in said if not each or re.search(r"[{]|見本|訓練[ の]|（訓練）", each)]


def nothing_differs(story: Story, tmp_path: Path) -> None:
    """The journal folded gives the tables; a backup restored, on the embedded engine, gives both again."""
    services = story.center.services
    before = examine(services.database)
    assert before.ok
    assert sum(table.differing for table in before.tables) == 0
    now, other = story.center.clock.now(), tmp_path / "other"
    backup.back_up(services.database, tmp_path / "day.zip", data=services.config.data, now=now)
    restore(tmp_path / "day.zip", other / "tasuki.duckdb", data=other, now=now)
    restored = open_database(other / "tasuki.duckdb", council_id=services.council_id, now=now)
    try:
        after = examine(restored)
    finally:
        restored.close()
    assert (after.chain, after.tables) == (before.chain, before.tables)
