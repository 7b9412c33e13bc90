"""The README's pictures, taken anew: `python -m tests.walk.pictures`.

The first two steps are done in a fresh drill, the others looked at in the demonstration: both carry the mark
訓練 on every screen. Pictures are shrunk to 64 colours.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from dvc_core.tokens.picture import decode_image
from tests.support.browser import DESK, QUIET, chromium_path
from tests.support.people import PASSWORD, go, log_in
from tests.support.server import ROOT, Program

FOLDER = ROOT / "data" / "pictures"
COLOURS = 64
LONG = 30_000
MAP = "iframe[title='streamlit_folium.st_folium']"
PRACTICE = "練習"


def keep(page: Page, name: str) -> None:
    """What the page shows when it has come to rest, as a small picture."""
    app = page.get_by_test_id("stApp")
    if app.count():
        expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=LONG)
        expect(page.get_by_test_id("stSkeleton").filter(visible=True)).to_have_count(0, timeout=LONG)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as taken:
        small = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(ROOT)} {path.stat().st_size // 1000} kB\n")


def visible(found: Locator) -> Locator:
    """The first that can be seen; others lie in other tabs."""
    return found.filter(visible=True).first


def new_page(browser: Browser) -> Page:
    page = browser.new_context(viewport=DESK, locale="ja-JP", timezone_id="Asia/Tokyo").new_page()
    page.set_default_timeout(LONG)
    return page


def press(page: Page, button: str, said: str) -> None:
    visible(page.get_by_role("button", name=button, exact=True)).click()
    expect(page.get_by_text(said).first).to_be_visible(timeout=LONG)


def first_steps(page: Page, program: Program) -> None:
    """はじめの管理者, 発災, 版の承認, 手順."""
    page.goto(program.ready["url"])
    page.get_by_role("link", name="ログイン画面へ").click()
    page.get_by_label("初期コード").fill(program.ready["setup_code"])
    page.get_by_label("氏名").fill("訓練 太郎")
    page.get_by_label("ログイン名").fill("taro")
    keep(page, "hajime")
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.get_by_role("button", name="管理者を作る").click()
    expect(page.get_by_role("button", name="ログアウト")).to_be_visible(timeout=LONG)
    go(page, program, "operation", "設置・運営の手順")
    page.get_by_label("災害の名前").fill("訓練の地震")
    press(page, "発災を記録する", "発災を記録しました")
    press(page, "この版を承認する", "を承認しました")
    press(page, "この版で手順を始める", "手順を始めました")
    keep(page, "tejun")


def enrolled(browser: Browser, program: Program) -> Page:
    """A tablet that is a kiosk of the demonstration."""
    made = asked(program.data, "kiosk", "add", "受付2")
    tablet = new_page(browser)
    tablet.goto(f"{program.ready['url']}/kiosk/#{made['enrol_url'].partition('#')[2]}")
    expect(tablet.locator("body[data-status='ready'][data-kept='true']")).to_be_attached(timeout=LONG)
    return tablet


def asked(data: Path, *words: str) -> dict[str, Any]:
    """An answer of the command line."""
    command = [sys.executable, "-m", "dvc_core.cli", *words, "--json", "--data", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    return dict(json.loads(done.stdout))


def registered(page: Page, program: Program, browser: Browser) -> None:
    """Somebody new gets a card, and the tablet says that they have come."""
    go(page, program, "reception", "受付")
    page.get_by_role("tab", name="新しく登録", exact=True).click()
    for label, value in (("氏名", "見本 若葉"), ("ふりがな", "みほん わかば"), ("年齢", "34")):
        visible(page.get_by_label(label)).fill(value)
    visible(page.get_by_text("加入証を見た", exact=True)).click()
    visible(page.get_by_label("ボランティア活動保険", exact=True)).click()
    page.get_by_role("option", name="天災プラン").click()
    press(page, "登録してカードを出す", "登録しました。")
    picture = page.get_by_test_id("stImage")
    expect(picture).to_be_visible()
    (payload,) = decode_image(picture.screenshot())
    picture.scroll_into_view_if_needed()
    keep(page, "uketsuke")
    tablet = enrolled(browser, program)
    tablet.keyboard.type(payload)
    tablet.keyboard.press("Enter")
    expect(tablet.locator("#verdict[data-provisional='false']")).to_be_visible(timeout=LONG)
    keep(tablet, "tanmatsu")


def demonstration(browser: Browser, program: Program, password: str) -> None:
    """The desks of a day that runs."""
    page = new_page(browser)
    log_in(page, program, "kanri", password)
    for name, url, title in (
        ("jokyo", "status", "状況"),
        ("needs", "needs", "ニーズ"),
        ("bcp", "bcp", "業務継続（BCP）"),
        ("board", "board", "情報共有（ブロック）"),
        ("chronology", "chronology", "クロノロジー"),
    ):
        go(page, program, url, title)
        keep(page, name)
    registered(page, program, browser)
    go(page, program, "map", "地図")
    canvas = page.frame_locator(MAP).locator("canvas").first
    expect(canvas).to_be_attached(timeout=LONG)
    keep(page, "chizu")
    go(page, program, "matching", "マッチング")
    page.get_by_label("活動日").first.wait_for()
    press(page, "提案を出す", "この班を確定する")
    keep(page, "matching")
    go(page, program, "dispatch", "送り出し・帰着")
    page.get_by_role("tab", name="出ている班", exact=True).click()
    keep(page, "okuridashi")


def main() -> None:
    """All pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        live = Path(folder) / "live"
        asked(live, "drill", "create", PRACTICE)
        fresh = Program(live, command=(sys.executable, "-m", "dvc_core.cli", "drill", "start", PRACTICE))
        try:
            first_steps(new_page(browser), fresh.start())
        finally:
            fresh.kill()
        told = asked(Path(folder) / "demo", "demo")
        password = next(user["password"] for user in told["users"] if user["login"] == "kanri")
        shown = Program(Path(told["data"]))
        try:
            demonstration(browser, shown.start(), password)
        finally:
            shown.kill()
        browser.close()


if __name__ == "__main__":
    main()
