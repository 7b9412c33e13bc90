"""The camera's picture becomes a scan: decoded in the browser, else by the server; plain words else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from tests.support.browser import launched
from tests.support.camera import held, write_film
from tests.support.waiting import until
from tests.web.kiosk.conftest import Center, NewTablet, all_sent, became, verdict

pytestmark = pytest.mark.browser


@contextmanager
def filmed(playwright: Playwright, tmp_path: Path, *pictures: Image.Image) -> Iterator[Page]:
    """A tablet whose camera shows a film."""
    film = write_film(tmp_path / "film.y4m", pictures)
    with launched(playwright, tmp_path / "netlog.json", camera=film) as browser:
        page = browser.new_context(viewport={"width": 1024, "height": 768}, locale="ja-JP").new_page()
        page.set_default_timeout(30_000)
        yield page


def enrol(page: Page, center: Center) -> None:
    page.goto(f"{center.url}/kiosk/#enrol={center.code()}")
    became(page, "status", "ready")


def test_a_code_before_the_camera_is_stored_once_however_long_it_is_held(
    playwright: Playwright, center: Center, tmp_path: Path
):
    with filmed(playwright, tmp_path, held(center.cards[21], angle=20)) as page:
        enrol(page, center)
        became(page, "camera", "running")
        assert "021" in verdict(page, "ok")
        expect(page.locator("#verdict")).to_be_hidden(timeout=8_000)
        all_sent(page)
        seen = page.evaluate("document.querySelector('#video').currentTime")
        until(
            lambda: page.evaluate("document.querySelector('#video').currentTime") > seen + 3,
            what="three more seconds of film",
        )
        assert center.stored == [("arrive", 21, "ok")]
        assert center.rows("SELECT count(*) FROM sent") == [(1,)]
        assert page.locator("#video").get_attribute("data-mirrored") == "true"


def test_the_tablet_is_enrolled_by_the_code_on_the_chiefs_screen(
    playwright: Playwright, center: Center, tmp_path: Path
):
    address = f"{center.url}/kiosk/#enrol={center.code()}"
    with filmed(playwright, tmp_path, held(address)) as page:
        page.goto(f"{center.url}/kiosk/")
        became(page, "status", "ready", seconds=30)
        expect(page.locator("#label")).to_have_text("受付1")
        expect(page.locator("#again")).to_be_hidden()


def test_without_the_decoder_the_server_looks_at_the_picture(
    playwright: Playwright, center: Center, tmp_path: Path
):
    with filmed(playwright, tmp_path, held(center.cards[22])) as page:
        page.context.route("**/kiosk/vendor/**", lambda route: route.abort())
        enrol(page, center)
        assert "022" in verdict(page, "ok")
        all_sent(page)
        assert center.stored == [("arrive", 22, "ok")]


DETECTOR = """
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(%s); }
  detect() { return Promise.resolve([{ rawValue: window.nextCode }]); }
};
window.nextCode = "%s";
"""


@pytest.mark.parametrize(("formats", "read"), [('["qr_code"]', 24), ("[]", 23)])
def test_the_browsers_own_detector_is_used_only_where_it_knows_the_format(
    playwright: Playwright, center: Center, tmp_path: Path, formats: str, read: int
):
    with filmed(playwright, tmp_path, held(center.cards[23])) as page:
        page.add_init_script(DETECTOR % (formats, center.cards[24]))
        enrol(page, center)
        verdict(page, "ok")
        all_sent(page)
        assert center.stored == [("arrive", read, "ok")]


CAMERA = """
window.asked = [];
navigator.mediaDevices.getUserMedia = (wish) => {
  window.asked.push(wish.video.facingMode.ideal);
  return Promise.reject(new DOMException("no", "%s"));
};
"""


@pytest.mark.parametrize(
    ("error", "state", "words"),
    [
        ("NotAllowedError", "refused", "「カメラ」を許可し"),
        ("NotFoundError", "absent", "カメラをつなぐか"),
        ("NotReadableError", "busy", "ほかのアプリを閉じ"),
    ],
)
def test_trouble_with_the_camera_says_what_to_do_and_numbers_still_work(
    new_tablet: NewTablet, error: str, state: str, words: str
):
    page = new_tablet()
    page.add_init_script(CAMERA % error)
    page.reload()
    became(page, "camera", state)
    expect(page.locator("#camera-next")).to_contain_text(words)
    page.locator("#camera-trouble .camera-turn").click()
    page.get_by_role("button", name="もう一度ためす").click()
    until(lambda: len(asked(page)) == 3, what="three tries")
    assert asked(page) == ["user", "environment", "environment"], "the front camera first"
    page.locator("#by-number").click()
    page.locator("#keypad-keys").get_by_text("7", exact=True).click()
    page.locator("#keypad-send").click()
    assert "007" in verdict(page, "ok")


def asked(page: Page) -> Any:
    return page.evaluate("window.asked")


def test_without_https_the_page_says_why_there_is_no_camera(new_tablet: NewTablet):
    page = new_tablet()
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', { value: undefined });")
    page.reload()
    became(page, "camera", "insecure")
    expect(page.locator("#camera-next")).to_contain_text("https://")
