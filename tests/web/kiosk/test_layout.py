"""The kiosk's main screen fits every tablet without scrolling, with large type and keys for cold fingers."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.support.browser import DESK, PHONE, shot
from tests.web.kiosk.conftest import Center, NewTablet, scan, verdict

pytestmark = pytest.mark.browser

SIZES: dict[str, ViewportSize] = {
    "desk": DESK,
    "desk-upright": {"width": DESK["height"], "height": DESK["width"]},
    "phone": PHONE,
    "phone-on-its-side": {"width": PHONE["height"], "height": PHONE["width"]},
}
# What stands on the screen, and what of it is too small, cut off by the screen, or covered by something else.
WRONG = """
(names) => names.flatMap((name) => {
  const wrong = [];
  for (const each of document.querySelectorAll(name)) {
    const box = each.getBoundingClientRect();
    if (!box.width) continue;
    const button = each.tagName === "BUTTON";
    if (button && (box.height < 48 || box.width < 48)) wrong.push(`${name} small ${box.width}x${box.height}`);
    if (box.left < 0 || box.top < 0 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5) {
      wrong.push(`${name} outside`);
    }
    if (each.scrollWidth > each.clientWidth + 1) wrong.push(`${name} cut`);
    if (parseFloat(getComputedStyle(each).fontSize) < 18) wrong.push(`${name} type`);
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (button && !each.contains(top)) wrong.push(`${name} covered`);
  }
  return wrong;
})
"""
MAIN = [
    "header button",
    ".acts button",
    "#by-number",
    "#intake",
    ".camera",
    "#offline-note",
    "#waiting",
    "#net",
]


def wrong(page: Page, names: list[str]) -> list[str]:
    found: list[str] = page.evaluate(WRONG, names)
    if page.evaluate("document.documentElement.scrollHeight > innerHeight"):
        found.append("the page scrolls")
    return found


@pytest.mark.parametrize("name", SIZES)
def test_all_of_the_main_screen_is_seen_at_once_on_the_worst_day(
    new_tablet: NewTablet, center: Center, name: str
):
    """A drill, offline, scans waiting, and a list for staff, all at the same time."""
    center.control(drill="秋の設置訓練", refused=[1])
    page = new_tablet(size=SIZES[name])
    assert wrong(page, MAIN) == []
    center.kill()
    scan(page, center.cards[1])
    verdict(page, "ok", provisional=True)
    assert wrong(page, ["#verdict p", "#verdict svg"]) == []
    shot(page, f"kiosk-{name}-provisional")
    page.locator("#verdict").click()
    center.start()
    expect(page.locator("#attention")).to_be_visible(timeout=30_000)
    center.kill()
    scan(page, center.cards[2])
    verdict(page, "ok", provisional=True)
    page.locator("#verdict").click()
    expect(page.locator("#offline-note")).to_be_visible(timeout=30_000)
    assert wrong(page, MAIN) == []
    shot(page, f"kiosk-{name}-offline")
    page.locator("#by-number").click()
    assert wrong(page, [".keys button", "#keypad-number", "#keypad > button"]) == []
    shot(page, f"kiosk-{name}-keypad")
