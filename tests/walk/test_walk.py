"""The whole center in one walk, on the real program in a real browser: from the manual to the last one home.

Bulk (20 people of a list, needs by telephone from nine more houses) goes through the command line of the
running program, which sends the very commands of the screens; what a person decides is done on the screens.
"""

import json
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from dvc_core.cli import parser
from dvc_core.cli.remote import ask_running
from dvc_core.cli.reply import COMMANDS
from tests.support.browser import shot
from tests.support.people import first_administrator, go, log_in
from tests.support.server import ROOT, NewProgram, Program
from tests.support.waiting import until

HOUSES = (
    "東町二丁目",
    "梶野町三丁目",
    "緑町一丁目",
    "中町三丁目",
    "前原町二丁目",
    "本町四丁目",
    "桜町二丁目",
    "貫井北町三丁目",
    "貫井南町四丁目",
)
LONG = 30_000


class Walk:
    """The program, its command line, and what the walk remembers."""

    def __init__(self, program: Program, page: Page) -> None:
        self.program = program
        self.page = page
        expect.set_options(timeout=LONG)

    def cli(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Ask the running program as `tasuki` does, without a new process for each word; else a process."""
        asked = parser().parse_args([*words, "--json", "--data", str(self.program.data)])
        reply = ask_running(asked) if COMMANDS[asked.name].through_running else None
        if reply is None:
            return self.process(*words, code=code)
        assert reply.exit_code == code, (words, reply)
        return reply.answer()

    def process(self, *words: str, code: int = 0) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "dvc_core.cli", *words, "--json", "--data", str(self.program.data)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=180,
            check=False,
            env=self.program.environment,
        )
        assert done.returncode == code, (words, done.stdout[-2000:], done.stderr[-2000:])
        return dict(json.loads(done.stdout))

    def do(self, kind: str, **fields: Any) -> dict[str, Any]:
        return self.cli("do", kind, json.dumps(fields))

    def rows(self, name: str, **fields: Any) -> list[dict[str, Any]]:
        return list(self.cli("ask", name, json.dumps(fields))["rows"])

    def press(self, button: str, said: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).first.click()
        expect(self.page.get_by_text(said).first).to_be_visible()


def begin(walk: Walk) -> None:
    """Administrator, 発災, an approved edition, a run, the decision, and the step that opens."""
    page = walk.page
    first_administrator(page, walk.program)
    go(page, walk.program, "operation", "設置・運営の手順")
    page.get_by_label("災害の名前").fill("訓練の地震")
    walk.press("発災を記録する", "発災を記録しました")
    walk.press("この版を承認する", "を承認しました")
    walk.press("この版で手順を始める", "手順を始めました")
    page.get_by_role("tab", name="設置判断").click()
    page.get_by_text("設置する", exact=True).click()
    walk.press("判断を記録する", "設置判断を記録しました")
    page.get_by_role("tab", name="設置判断").click()
    walk.press("センターを開設する", "センターを開設しました")
    mark = next(row for row in walk.rows("chronology.lines", topic="setup") if row["kind"] == "step.marked")
    assert "kaisetsu" in mark["words"]
    shot(page, "walk-opened")


def people_come(walk: Walk, context: BrowserContext, tmp_path: Path) -> None:
    """20 by a list, 10 registered; all come through the kiosk; the server is killed in the middle."""
    lines = ["氏名,ふりがな,電話番号,年齢,ボランティア保険,資格・特技"]
    names = [f"見本 {tens}{ones}郎" for tens in ("", "十") for ones in "一二三四五六七八九十"]
    lines += [
        f"{name},みほん,090-0000-{n:04d},{20 + n},天災プラン,普通免許" for n, name in enumerate(names, 1)
    ]
    list_file = tmp_path / "list.csv"
    list_file.write_text("\n".join(lines), encoding="utf-8-sig")
    assert walk.cli("import", "volunteers", str(list_file))["new"] == 20
    for n in range(10):
        traits = {"insurance": "disaster", "insurance_seen": True, "leader_able": n < 5}
        person = {"id": str(uuid.UUID(int=0)), "name": f"架空 {n}子"}
        walk.do("volunteer.register", person=person, traits=traits)
    kiosk = walk.cli("kiosk", "add", "受付1")
    code = kiosk["enrol_url"].partition("#")[2]
    tablet = context.new_page()
    tablet.goto(f"{walk.program.ready['url']}/kiosk/#{code}")
    expect(tablet.locator("#now-act")).to_be_visible()
    for number in range(1, 31):
        if number == 12:
            walk.program.kill()
        if number == 20:
            walk.program.start()
        _type(tablet, number)
    expect(tablet.locator("#verdict")).to_be_hidden(timeout=LONG)
    shot(tablet, "walk-kiosk")
    until(lambda: _arrived(walk) == 30, seconds=90, what="every scan to be stored")
    tablet.close()
    log_in(walk.page, walk.program)


def _type(tablet: Page, number: int) -> None:
    """A number by the keyboard; the verdict is waved away, as the next person does."""
    tablet.keyboard.type(str(number))
    tablet.keyboard.press("Enter")
    expect(tablet.locator("#verdict")).to_be_visible()
    tablet.locator("#verdict").click()


def _day(walk: Walk) -> dict[str, Any]:
    operation = walk.rows("operations.current")[0]["id"]
    today = (datetime.now(UTC) + timedelta(hours=9)).date().isoformat()
    return {"operation_id": operation, "day": today}


def _arrived(walk: Walk) -> int:
    return int(walk.rows("reception.day", **_day(walk))[0]["arrived"])


def needs_come(walk: Walk) -> None:
    """Nine needs by the command line, one of them red; one on the screen; all on the map."""
    places = walk.cli("geocode", *(f"小金井市{town}" for town in HOUSES))["results"]
    for n, (town, place) in enumerate(zip(HOUSES, places, strict=True)):
        site = {
            "id": str(uuid.UUID(int=0)),
            "name": f"架空 {n}美",
            "phone": f"000-0000-{n:04d}",
            "address": f"{town}0番",
            "trouble": "家財を運び出したい",
        }
        details = {"works": ["clear-house"], "hazard": "red" if n == 0 else "green", "tools": ["shovel"]}
        spot = {key: place[key] for key in ("lat", "lng", "city_code")} | {"match_level": place["level"]}
        need = walk.do("need.receive", site=site, details=details, place=spot)["entries"][1]["subject_id"]
        if n:
            walk.do("need.make_ready", need_id=need, reason="緑で軽い被害")
            visit = walk.do(
                "visit.plan", need_id=need, day=_day(walk)["day"], band="day", people_min=3, people_max=5
            )
            walk.do("visit.call", visit_id=visit["entries"][0]["subject_id"], agreed="yes")
    for code, total in (("shovel", 20), ("wheelbarrow", 5)):
        walk.do("tool.count", code=code, total=total)
    go(walk.page, walk.program, "map", "地図")
    shot(walk.page, "walk-map")


def teams_go(walk: Walk) -> None:
    """A proposal, four teams confirmed one by one, orders, out; one is late; all come home and report."""
    page = walk.page
    go(page, walk.program, "matching", "マッチング")
    page.get_by_role("button", name="提案を出す").click()
    for n in range(4):
        expect(page.get_by_role("button", name="この班を確定する").first).to_be_visible()
        page.get_by_role("button", name="この班を確定する").first.click()
        until(lambda n=n: len(_teams(walk)) == n + 1, seconds=60, what="the team to be stored")
    shot(page, "walk-proposal")
    go(page, walk.program, "dispatch", "送り出し・帰着")
    page.get_by_role("button", name="指示書を作る（PDF）").first.click()
    with page.expect_download() as order:
        page.get_by_role("button", name="指示書を開く").click()
    assert Path(order.value.path()).read_bytes().startswith(b"%PDF")
    teams = _teams(walk)
    soon = datetime.now(UTC) + timedelta(seconds=1)
    for n, line in enumerate(teams):
        back = soon if n == 0 else soon + timedelta(hours=3)
        walk.do("team.depart", team_id=line["team"]["id"], expected_return_at=back.isoformat())
    until(lambda: datetime.now(UTC) > soon, seconds=10, what="the first team to be late")
    go(page, walk.program, "dispatch", "送り出し・帰着")
    expect(page.get_by_text("帰着予定を").first).to_be_visible()
    shot(page, "walk-overdue")
    refused = walk.cli("do", "day.close", json.dumps({"day": _day(walk)["day"]}), code=3)
    assert refused["refusal"]["code"] == "people-out"
    for line in teams:
        walk.do(
            "team.come_home", team_id=line["team"]["id"], all_here=True, back=dict.fromkeys(["shovel"], 1)
        )
        walk.do(
            "team.report", team_id=line["team"]["id"], result="done", resident_agrees=True, words="終わった"
        )
    walk.do("day.close", day=_day(walk)["day"])


def _teams(walk: Walk) -> list[dict[str, Any]]:
    return walk.rows("teams.day", **_day(walk))


def beside_it(walk: Walk) -> None:
    """A commissioned function is stopped, but only after the talk with its consignor."""
    page = walk.page
    go(page, walk.program, "bcp", "業務継続（BCP）")
    walk.press("この版を承認する", "を承認しました")
    walk.press("この版で手順を始める", "手順を始めました")
    edition = walk.cli("manual", "check", str(ROOT / "manuals" / "koganei-bcp" / "2026-1"))
    assert edition["status"] == "ok"
    stop = {"code": "jiritsu-sodan", "state": "stopped", "reason": "建物が使えない"}
    refused = walk.cli("do", "business_function.set", json.dumps(stop), code=3)
    assert refused["refusal"]["code"] == "talk-missing"
    held = datetime.now(UTC).isoformat()
    walk.do(
        "talk.hold", function=stop["code"], held_at=held, consignor="市の担当課（訓練）", agreed="三日休む"
    )
    walk.do("business_function.set", **stop)
    go(page, walk.program, "bcp", "業務継続（BCP）")
    shot(page, "walk-bcp")


def closes(walk: Walk, tmp_path: Path) -> None:
    """閉所, the chronology on paper, a backup, a restore, and a doctor who finds both equal."""
    page = walk.page
    walk.do("operation.decide_closing", reason="応急の支援が終わった")
    walk.do("operation.close", reason="残りのニーズは市に引き継いだ")
    go(page, walk.program, "chronology", "クロノロジー")
    page.get_by_role("button", name="印刷する紙を作る（PDF）").click()
    with page.expect_download() as sheet:
        page.get_by_role("button", name="PDFを開く").click()
    assert Path(sheet.value.path()).read_bytes().startswith(b"%PDF")
    shot(page, "walk-chronology")
    before = walk.cli("doctor")
    saved = walk.cli("backup", "--to", str(tmp_path / "walk.zip"))
    other = Walk(Program(tmp_path / "restored"), page)
    other.cli("restore", saved["file"])
    after = other.cli("doctor")
    assert (before["ok"], after["ok"]) == (True, True)
    assert before["journal"] == after["journal"]
    assert before["tables"] == after["tables"]


def test_from_the_manual_to_the_last_volunteer_home(
    new_program: NewProgram, desk: Page, tmp_path: Path
) -> None:
    program = new_program().start()
    walk = Walk(program, desk)
    begin(walk)
    people_come(walk, desk.context, tmp_path)
    needs_come(walk)
    teams_go(walk)
    beside_it(walk)
    closes(walk, tmp_path)
