"""The teams of the walk: proposed, confirmed, printed, sent out, missed, brought home, reported."""

import subprocess
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.waiting import until
from tests.walk.walk_center import Walk, is_pdf, settled, soon, visible
from tests.walk.walk_reception import come

TEAMS = 4
SLOW = 60


def teams_are_made(walk: Walk) -> None:
    """A proposal, and four teams of it confirmed one by one."""
    page = walk.open("matching", "マッチング")
    page.get_by_role("button", name="提案を出す").click()
    confirm = page.get_by_role("button", name="この班を確定する")
    expect(confirm.first).to_be_visible()
    walk.look("proposal", url="matching", title="マッチング")
    for n in range(TEAMS):
        settled(page)
        visible(confirm).click()
        walk.shown("決まった班", n + 1)


def teams_go(walk: Walk) -> None:
    """Every order on paper; one team is late before long, two go by a tap, one by its leader's card."""
    page = walk.open("dispatch", "送り出し・帰着")
    page.get_by_role("button", name=f"待機の {TEAMS} 班の指示書").click()
    stack = walk.folder / "orders.pdf"
    stack.write_bytes(walk.download("まとめた指示書を開く"))
    printed = subprocess.run(["pdftotext", stack, "-"], capture_output=True, text=True, check=True).stdout
    assert [f"W-{n:04d}" in printed for n in range(1, TEAMS + 1)] == [True] * TEAMS
    page.get_by_role("button", name="指示書を作る（PDF）").first.click()
    assert is_pdf(walk.download("指示書を開く"))
    walk.look("orders", url="dispatch", title="送り出し・帰着")
    first, *_, last = teams(walk)
    # The page sends nobody out for seconds only; this team's telephone call came from the road.
    late = datetime.fromisoformat(soon(seconds=1))
    walk.do("team.depart", team_id=first["team"]["id"], expected_return_at=late.isoformat())
    walk.open("dispatch", "送り出し・帰着")
    for n in (2, 3):
        walk.press("出発", f"班 {n} の出発を記録しました")
    walk.kiosk.locator("#act-depart").click()
    come(walk, next(m["number"] for m in last["members"] if m["member"]["leader"]))
    until(lambda: teams(walk)[-1]["team"]["departed_at"], seconds=SLOW, what="the leader's team to be out")
    until(lambda: datetime.now(UTC) > late, seconds=10, what="the first team to be late")
    walk.open("dispatch", "送り出し・帰着")
    walk.shown("出ている班", TEAMS)
    walk.shown("未帰着", 1)
    expect(page.get_by_text("帰着予定を").first).to_be_visible()
    walk.look("overdue", url="dispatch", title="送り出し・帰着", tab="出ている班")
    walk.tab("活動日を閉じる")
    out = sum(len(line["members"]) for line in teams(walk))
    walk.press("活動日を閉じる", f"まだ {out} 人がもどっていません")
    walk.open("map", "地図")
    expect(page.get_by_text(f"出ている班 {TEAMS}")).to_be_visible()
    walk.open("", "状況")
    expect(page.get_by_text("帰着予定をすぎた班が 1 班あります")).to_be_visible()
    walk.look("status", url="", title="状況")


def teams_come_home(walk: Walk) -> None:
    """Heard by telephone, home by a tap; the last team by its cards, one by one; then the reports."""
    page = walk.open("dispatch", "送り出し・帰着")
    walk.tab("出ている班")
    walk.press("終了", "連絡を記録しました")
    walk.tab("出ている班")
    walk.kiosk.locator("#act-return").click()
    for member in teams(walk)[-1]["members"]:
        come(walk, member["number"])
    for n in range(1, TEAMS + 1):
        if n < TEAMS:
            settled(page)
            visible(page.get_by_text("全員が目の前にそろっている")).click()
        walk.press("班の帰着を記録する", f"班 {n} は全員帰着しました")
    walk.shown("出ている人", 0)
    walk.tab("報告")
    walk.look("report", url="dispatch", title="送り出し・帰着", tab="報告")
    _by_keyboard(page)
    expect(page.get_by_text("班 3 の報告を記録しました。　あたらしいニーズも受け付けました")).to_be_visible()
    _goes_on(walk)
    for n in (2, 4):
        walk.press("報告を記録する", f"班 {n} の報告を記録しました")
    walk.shown("報告まち", 0)


def _by_keyboard(page: Page) -> None:
    """A sheet of paper, typed without a mouse: done and agreed, what was done, and a new trouble heard."""
    settled(page)
    page.get_by_label("指示書の番号").focus()
    keys = page.keyboard
    keys.type("0003")
    keys.press("Enter")
    expect(page.get_by_test_id("stForm").get_by_text("班 3")).to_be_visible()
    page.get_by_role("radio", name="完了").focus()
    keys.press("Tab")
    keys.press("Space")
    for _ in range(3):
        keys.press("Tab")
    keys.type("家財を庭に出し、写真をとってから車に積んだ。")
    keys.press("Tab")
    for words in ("架空 新美", "東町一丁目", "000-0000-0099", "雨もりで床がぬれている"):
        keys.press("Tab")
        keys.type(words)
    keys.press("Enter")


def _goes_on(walk: Walk) -> None:
    """More is left than one day's work."""
    page = walk.page
    settled(page)
    visible(page.get_by_text("継続", exact=True)).click()
    visible(page.get_by_label("残りの人数")).fill("3")
    visible(page.get_by_label("残りの日数")).fill("2")
    walk.press("報告を記録する", "班 1 の報告を記録しました")


def teams(walk: Walk) -> list[dict[str, Any]]:
    """Today's teams."""
    return walk.rows("teams.day", **walk.day())
