"""From start to end nothing is asked of the internet: by the program, by what it starts, by its pages.

The program runs on the demonstration, so that every page has something true on it, under the audit hook and
the tracer. The browser's own log is judged when its module ends. What a page points to, and its rule or the
browser's settings hold back, shows in no log: that is read from the page itself.
"""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Playwright, expect

from dvc_core.i18n import text
from pages._menu import MENU
from tests.support.browser import launched
from tests.support.network import Contact, outside, read_hook, read_netlog, read_trace, traced
from tests.support.people import PASSWORD
from tests.support.server import ROOT, NewProgram, Program

pytestmark = pytest.mark.browser

LONG = 120_000
CLI = (sys.executable, "-m", "dvc_core.cli")
MOST_OPENED = 3
LIST = """事前登録の一覧,,,
お名前,ふりがな,電話番号,ボランティア保険
見本 花子,みほん はなこ,000-0000-0007,天災プラン
訓練 次郎,くんれん じろう,000-0000-0008,なし
"""

FORM = {
    "name": "架空 四郎",
    "kana": "かくう しろう",
    "phone": "000-0000-0009",
    "age": "40",
    "emergency_name": "架空 五美",
    "emergency_phone": "000-0000-0010",
}

# Everything that a browser fetches or resolves by itself; a link counts, its name is looked up in advance.
FOREIGN = """() => ["src", "href", "action", "data", "poster", "ping"].flatMap(name =>
    [...document.querySelectorAll(`[${name}]`)].map(each => each.getAttribute(name)))
  .filter(Boolean).map(given => URL.parse(given, document.baseURI))
  .filter(address => address && /^(https?|wss?):$/.test(address.protocol)
    && address.hostname !== new URL(document.baseURI).hostname)
  .map(address => address.href)"""


class Visit:
    """One person's way through the pages of one program."""

    def __init__(self, program: Program, page: Page) -> None:
        self.program = program
        self.page = page
        self.foreign: set[str] = set()
        self.held_back: list[str] = []
        page.context.on("console", self._heard)
        # Calls between browsers go past the browser's log and past a page's rule.
        page.add_init_script("window.RTCPeerConnection = class { constructor() { throw Error('a call'); } }")

    def _heard(self, message: object) -> None:
        words = str(getattr(message, "text", ""))
        if "Content Security Policy" in words:
            self.held_back.append(words)

    def settled(self) -> None:
        """Wait until the page has drawn all, and look where it points to."""
        expect(self.page.locator("[data-test-script-state=notRunning]")).to_have_count(1, timeout=LONG)
        expect(self.page.locator("[data-testid=stException]")).to_have_count(0)
        expect(self.page.get_by_text(text("page.failed"))).to_have_count(0)
        expect(self.page.get_by_text("Page not found")).to_have_count(0)
        for frame in self.page.frames:
            try:
                self.foreign |= set(frame.evaluate(FOREIGN))
            except Error:
                # A redraw may take a frame away meanwhile; what takes its place is looked at the next time.
                if not frame.is_detached():
                    raise

    def open(self, url: str) -> None:
        self.page.goto(f"{self.program.ready['url']}/{url}")
        expect(self.page.locator("h1").first).to_be_visible(timeout=LONG)
        self.settled()

    def look_everywhere(self, url: str) -> None:
        """The page, each of its tabs, and what is folded away."""
        self.open(url)
        for tab in self.page.get_by_role("tab").all():
            tab.click()
            self.settled()
            for _ in range(MOST_OPENED):
                # One after the other: what is opened may draw the page anew.
                folded = self.page.locator("details:not([open]) > summary:visible")
                if folded.count() == 0:
                    break
                folded.first.click()
                self.settled()

    def press(self, button: str | re.Pattern[str]) -> None:
        self.page.get_by_role("button", name=button, exact=True).locator("visible=true").first.click()
        self.settled()

    def printed(self, button: str) -> None:
        """Take a sheet; it is a PDF."""
        ready = self.page.get_by_role("button", name=button).locator("visible=true").first
        expect(ready.or_(self.page.get_by_text(text("page.failed")))).to_be_visible(timeout=LONG)
        with self.page.expect_download(timeout=LONG) as sheet:
            ready.click()
        assert sheet.value.path().read_bytes().startswith(b"%PDF")


def tasuki(program: Program, log: Path, *words: str) -> dict[str, Any]:
    """A word of the command line about the drill beside the program's data, under the recorders."""
    drill = program.data.parent / "drill" / "demo"
    command = traced([*CLI, *words, "--json", "--data", str(drill)], log)
    facts: dict[str, Any] = {"cwd": ROOT, "env": program.environment, "encoding": "utf-8", "timeout": 400}
    said = subprocess.run(command, capture_output=True, check=False, **facts)
    return dict(json.loads(said.stdout))


def come_in(visit: Visit, once: str) -> None:
    """Log in with the password that was given out, and take one's own."""
    page, url = visit.page, visit.program.ready["url"]
    page.goto(f"{url}/login")
    page.get_by_label("ログイン名").fill("kanri")
    page.get_by_label("パスワード").fill(once)
    page.get_by_role("button", name="ログイン").click()
    page.get_by_role("link", name="パスワードを変える").click(timeout=LONG)
    for field, words in (("old", once), ("password", PASSWORD), ("again", PASSWORD)):
        page.locator(f"#{field}").fill(words)
    page.get_by_role("button", name="変える", exact=True).click()
    expect(page.get_by_role("button", name="ログアウト")).to_be_visible(timeout=LONG)


def prints(visit: Visit) -> None:
    """A card for someone new, an order, the block's sheet, the chronology."""
    visit.open("reception")
    visit.page.get_by_role("tab", name="新しく登録").click()
    visit.page.get_by_label("氏名（必須）").locator("visible=true").fill("見本 花子")
    visit.press("登録してカードを出す")
    visit.printed("カードを印刷する（PDF）")
    visit.open("dispatch")
    visit.press("指示書を作る（PDF）")
    visit.printed("指示書を開く")
    visit.open("board")
    visit.page.get_by_role("tab", name="公開").click()
    visit.page.get_by_text("全部の欄を読みました").click()
    visit.press(re.compile("^公開する"))
    expect(visit.page.get_by_text("公開しました。").first).to_be_visible(timeout=LONG)
    visit.press("FAXで送る紙を作る（PDF）")
    visit.printed("PDFを開く")
    visit.open("chronology")
    visit.page.get_by_text("印刷する", exact=True).click()
    visit.press("印刷する紙を作る（PDF）")
    visit.printed("PDFを開く")


def works(visit: Visit, list_file: Path) -> str:
    """A need on the map, a proposal, a list taken in, a tablet's code; answers the code."""
    visit.open("map")
    symbols = visit.page.frame_locator("iframe[title='streamlit_folium.st_folium']").locator("[data-id]")
    expect(symbols.first).to_be_visible(timeout=LONG)
    visit.open("matching")
    visit.press("提案を出す")
    list_file.write_text(LIST, encoding="cp932")
    visit.open("imports")
    visit.page.locator("input[type=file]").set_input_files(list_file)
    expect(visit.page.get_by_text("読んだ行").first).to_be_visible(timeout=LONG)
    visit.press("この内容で取り込む")
    expect(visit.page.get_by_text("取り込みました。").first).to_be_visible(timeout=LONG)
    visit.open("kiosks")
    visit.page.get_by_label("端末の名前").fill("受付9")
    visit.press("登録用QRを出す")
    expect(visit.page.get_by_test_id("stImage").first).to_be_visible()
    return visit.page.locator("code").first.inner_text().split()[-1]


def on_tablets(visit: Visit, code: str, number: int) -> None:
    """The kiosk over HTTPS with its service worker, one scan, and the form sent."""
    page, address = visit.page, f"https://127.0.0.1:{visit.program.https_port}"
    page.goto(f"{address}/kiosk/#enrol={code}")
    for fact in ("[data-status=ready]", "[data-kept=true]"):
        page.locator(f"body{fact}").wait_for(state="attached", timeout=LONG)
    page.reload()  # now by the service worker
    page.locator("body[data-status=ready]").wait_for(state="attached", timeout=LONG)
    page.keyboard.type(str(number))
    page.keyboard.press("Enter")
    expect(page.locator("#verdict")).to_be_visible(timeout=LONG)
    page.goto(f"{address}/register/")
    for field, words in FORM.items():
        page.fill(f"#{field}", words)
    page.check("input[name=insurance][value=disaster]")
    page.check("#health_ok")
    page.click("#send")
    expect(page.locator("#done-code")).to_be_visible(timeout=LONG)


@pytest.mark.timeout(1200)
def test_nothing_leaves_this_machine(
    new_program: NewProgram, desk: Page, playwright: Playwright, tmp_path: Path
) -> None:
    program = new_program(record=True, command=(*CLI, "drill", "start", "demo"))
    made, asked = tmp_path / "demo.trace", tmp_path / "doctor.trace"
    users = tasuki(program, made, "demo")["users"]
    program.start(seconds=180)
    visit = Visit(program, desk)
    come_in(visit, next(user["password"] for user in users if user["login"] == "kanri"))
    for entry in MENU:
        visit.look_everywhere(entry.url)
    prints(visit)
    visit.page.goto(f"{program.ready['url']}/wall/")
    expect(visit.page.locator("body[data-state=live]")).to_be_visible(timeout=LONG)
    visit.foreign |= set(visit.page.evaluate(FOREIGN))
    code = works(visit, tmp_path / "list.csv")
    netlog = tmp_path / "tablet.json"
    with launched(playwright, netlog, trusts_port=program.https_port) as browser:
        tablet = Visit(program, browser.new_page(locale="ja-JP"))
        on_tablets(tablet, code, 1)
        tablet.page.goto(f"http://127.0.0.1:{program.ca_port}/")
        expect(tablet.page.locator("h1")).to_be_visible()
        tablet.foreign |= set(tablet.page.evaluate(FOREIGN))
    assert tasuki(program, asked, "doctor")["ok"] is True
    program.stop(seconds=60)

    by_hook = read_hook(program.hook_log)
    by_trace = [contact for log in (program.trace_log, made, asked) for contact in read_trace(log)]
    # A recorder that saw nothing at all would prove nothing: the doctor has asked the running program.
    for seen in (by_hook, by_trace):
        assert Contact("connect", "127.0.0.1", program.port, by="") in [replace(each, by="") for each in seen]
    assert outside([*by_hook, *by_trace, *read_netlog(netlog)]) == []
    assert visit.foreign | tablet.foreign == set()
    assert visit.held_back + tablet.held_back == []
