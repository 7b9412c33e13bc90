"""Wi-Fi gone, the server killed, answers lost, the page reloaded, the browser closed: stored, and once."""

import shutil
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect

from dvc_core.web.kiosk_files import STATIC
from tests.support.browser import QUIET, chromium_path
from tests.support.waiting import until
from tests.web.kiosk.conftest import Center, NewTablet, all_sent, became, scan, scan_whole, verdict, waiting

pytestmark = pytest.mark.browser


def scan_all(page: Page, center: Center, numbers: range) -> None:
    for number in numbers:
        scan_whole(page, center.cards[number])


def kept_page(page: Page) -> None:
    """Wait until the service worker keeps the page."""
    became(page, "kept", "true")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def once(center: Center, numbers: range) -> None:
    assert sorted(row[1] for row in center.stored) == list(numbers)
    assert set(Counter(row[0] for row in center.rows("SELECT command_id FROM scan")).values()) == {1}


def test_the_server_killed_in_the_middle_loses_and_doubles_nothing(tablet: Page, center: Center):
    scan_all(tablet, center, range(1, 11))
    center.kill()
    scan_all(tablet, center, range(11, 26))
    expect(tablet.locator("#waiting")).to_contain_text("件")
    expect(tablet.locator("#offline-note")).to_be_visible()
    center.start()
    scan_all(tablet, center, range(26, 31))
    all_sent(tablet)
    once(center, range(1, 31))
    expect(tablet.locator("#waiting")).to_be_hidden()
    expect(tablet.locator("#net-text")).to_have_text("つながっています")


def test_three_kills_under_load(tablet: Page, center: Center):
    for start in (1, 16, 31):
        scan_all(tablet, center, range(start, start + 8))
        center.kill()
        scan_all(tablet, center, range(start + 8, start + 15))
        center.start()
    all_sent(tablet)
    once(center, range(1, 46))


def test_half_of_the_acknowledgements_thrown_away(tablet: Page, center: Center):
    center.control(lose_answers=2, lose_ids=2)
    scan_all(tablet, center, range(1, 41))
    all_sent(tablet)
    once(center, range(1, 41))
    sent = center.rows("SELECT count(*) FROM sent")[0][0]
    assert sent > 40, "no scan was sent twice, so the test proves nothing"


def test_only_what_the_answer_names_leaves_the_outbox(tablet: Page, center: Center):
    center.kill()
    scan_all(tablet, center, range(1, 11))
    center.control(take_only=3)
    center.start()
    all_sent(tablet)
    once(center, range(1, 11))


def test_a_reload_while_the_server_is_down_keeps_page_and_scans(tablet: Page, center: Center):
    kept_page(tablet)
    center.kill()
    scan_all(tablet, center, range(1, 6))
    until(lambda: len(waiting(tablet)) == 5, what="five in the outbox")
    tablet.reload()
    expect(tablet.locator("#label")).to_have_text("受付1")
    expect(tablet.locator("#waiting")).to_have_text("送信待ち 5件")
    scan(tablet, center.cards[6])
    verdict(tablet, "ok", provisional=True)
    center.start()
    all_sent(tablet)
    once(center, range(1, 7))


def test_the_browser_closed_while_the_server_is_down(playwright: Playwright, center: Center, tmp_path: Path):
    """A tablet whose battery was empty: the scans come in with the next start, even without a touch."""

    def start() -> tuple[BrowserContext, Page]:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium_path(), args=list(QUIET)
        )
        return context, context.pages[0]

    context, page = start()
    page.goto(f"{center.url}/kiosk/#enrol={center.code()}")
    became(page, "status", "ready")
    kept_page(page)
    center.kill()
    scan_all(page, center, range(1, 4))
    until(lambda: len(waiting(page)) == 3, what="three in the outbox")
    context.close()
    context, page = start()
    page.goto(f"{center.url}/kiosk/")
    expect(page.locator("#waiting")).to_have_text("送信待ち 3件")
    center.start()
    all_sent(page)
    context.close()
    once(center, range(1, 4))


def test_two_tabs_of_one_tablet_send_each_scan_once(tablet: Page, center: Center):
    kept_page(tablet)
    center.kill()
    other = tablet.context.new_page()
    other.goto(f"{center.url}/kiosk/")
    became(other, "status", "ready")
    scan_all(tablet, center, range(1, 4))
    scan_all(other, center, range(4, 7))
    center.start()
    all_sent(tablet)
    once(center, range(1, 7))
    assert center.rows("SELECT count(*) FROM sent") == [(6,)]


def test_offline_the_verdict_is_provisional_and_agrees_later(tablet: Page, center: Center):
    center.kill()
    scan(tablet, center.cards[1])
    words = verdict(tablet, "ok", provisional=True)
    assert "仮" in words
    assert "サーバーにつながったら確定します" in words
    center.start()
    all_sent(tablet)
    expect(tablet.locator("#attention")).to_be_hidden()


def test_offline_a_revoked_and_a_forged_code_are_seen_by_the_tablet_itself(tablet: Page, center: Center):
    center.control(revoked=[sha256((2).to_bytes(16, "big")).hexdigest()[:16]])
    tablet.reload()
    became(tablet, "status", "ready")
    until(lambda: revoked(tablet) == 1, what="the list of revoked codes")
    center.kill()
    scan(tablet, center.cards[2])
    assert "止められた QR コード" in verdict(tablet, "stop", provisional=True)
    card = center.cards[3]
    scan(tablet, card[:-1] + ("A" if card[-1] != "A" else "B"))
    expect(tablet.locator("#verdict-sentence")).to_contain_text("発行したものと合いません")
    assert "仮" in verdict(tablet, "stop", provisional=True)
    scan(tablet, center.cards[3])
    verdict(tablet, "ok", provisional=True)
    assert len(waiting(tablet)) == 3, "the server decides: all three are kept"


def revoked(page: Page) -> int:
    found: int = page.evaluate(
        """() => new Promise((resolve) => {
            const opening = indexedDB.open("tasuki");
            opening.onsuccess = () => {
                const asked = opening.result.transaction("device").objectStore("device").get("state");
                asked.onsuccess = () => {
                    opening.result.close();
                    resolve(asked.result?.value?.revoked?.length ?? 0);
                };
            };
        })"""
    )
    return found


def test_a_final_word_that_differs_is_on_the_list_for_staff_even_after_a_reload(tablet: Page, center: Center):
    kept_page(tablet)
    center.kill()
    scan(tablet, center.cards[8])
    verdict(tablet, "ok", provisional=True)
    scan(tablet, center.cards[9])
    tablet.reload()
    expect(tablet.locator("#waiting")).to_have_text("送信待ち 2件")
    center.control(refused=[8])
    center.start()
    all_sent(tablet)
    expect(tablet.locator("#attention-count")).to_have_text("1")
    tablet.locator("#attention").click()
    item = tablet.locator("#attention-list li")
    for part in ("来た", "008番", "保険が確認できません", "画面では ○ → 確定は ×"):
        expect(item).to_contain_text(part)
    tablet.reload()
    expect(tablet.locator("#attention-count")).to_have_text("1")
    tablet.locator("#attention").click()
    tablet.get_by_role("button", name="受付の人が確認した").click()
    expect(tablet.locator("#attention-none")).to_be_visible()
    tablet.reload()
    became(tablet, "status", "ready")
    expect(tablet.locator("#attention")).to_be_hidden()


def test_a_slow_server_gets_its_word_in_while_the_person_stands_there(tablet: Page, center: Center):
    center.control(slow=1.5, refused=[5])
    scan(tablet, center.cards[5])
    verdict(tablet, "ok", provisional=True)
    assert "保険が確認できません" in verdict(tablet, "stop")
    expect(tablet.locator("#attention")).to_be_hidden()


def test_one_scan_that_the_server_cannot_read_holds_up_nobody(tablet: Page, center: Center):
    center.kill()
    scan_all(tablet, center, range(1, 8))
    center.control(unreadable=center.cards[4])
    center.start()
    until(lambda: len(center.stored) == 6, seconds=60, what="the six others")
    assert [each["payload"] for each in waiting(tablet)] == [center.cards[4]], "it is kept"
    expect(tablet.locator("#attention-count")).to_have_text("1")
    tablet.locator("#attention").click()
    expect(tablet.locator("#attention-list")).to_contain_text("番号と時刻を紙に書き")


BROKEN_STORE = """
const put = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (value) {
  if (this.name === "outbox") throw new DOMException("full", "QuotaExceededError");
  return put.call(this, value);
};
"""


def test_a_full_tablet_never_says_yes_without_the_server(new_tablet: NewTablet, center: Center):
    page = new_tablet()
    page.add_init_script(BROKEN_STORE)
    kept_page(page)
    page.reload()
    became(page, "status", "ready")
    scan(page, center.cards[1])
    assert "001" in verdict(page, "ok")
    assert center.stored == [("arrive", 1, "ok")]
    center.kill()
    scan(page, center.cards[2])
    assert "記録できませんでした" in verdict(page, "stop")


def test_a_new_version_of_the_page_is_taken_over_and_the_outbox_stays(
    new_tablet: NewTablet, center: Center, tmp_path: Path
):
    page = new_tablet()
    kept_page(page)
    page.reload()
    kept_page(page)
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    old = page.evaluate(ADDRESS)
    page.evaluate(WATCH)
    center.kill()
    scan_all(page, center, range(1, 4))
    until(lambda: len(waiting(page)) == 3, what="three in the outbox")
    center.static = changed_page(tmp_path)
    center.control(lose_answers=1, missing="words.js")
    center.start()
    until(lambda: center.rows("SELECT count(*) FROM sent")[0][0] > 0, what="the server being reached")
    until(lambda: "redundant" in states(page), what="half a version, thrown away")
    assert address(page) == old
    center.control(missing=None)
    until(lambda: address(page) not in {old, ""}, seconds=60, what="the new page")
    assert len(waiting(page)) == 3, "nothing was acknowledged yet"
    caches: Any = page.evaluate("caches.keys()")
    assert len(caches) == 1
    center.control(lose_answers=None)
    all_sent(page)
    once(center, range(1, 4))


WATCH = """
window.states = [];
navigator.serviceWorker.getRegistration("/kiosk/").then((registration) => {
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming.addEventListener("statechange", () => window.states.push(coming.state));
  });
});
"""


def states(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.states")
    return found


ADDRESS = "document.querySelector('script')?.src ?? ''"


def address(page: Page) -> str:
    try:
        return str(page.evaluate(ADDRESS))
    except Error:  # it is just being loaded anew
        return ""


def changed_page(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    for name in ("kiosk", "common", "register"):
        shutil.copytree(STATIC / name, folder / name)
    page = folder / "kiosk" / "kiosk.css"
    page.write_text(page.read_text(encoding="utf-8") + "\n/* another version */\n", encoding="utf-8")
    return folder
