"""The tests' Chromium draws Japanese, sees a film as its camera, and reports the errors of pages."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright

from tests.support.browser import DESK, PHONE, NewContext, launched, shot
from tests.support.camera import write_film
from tests.support.network import outside, read_netlog

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="ja"><meta charset="utf-8">
<title>受付</title><body style="margin:0;font-size:40px"><p id="words">受付 たすき 一人ひとりが帰るまで</p>"""

WIDTH_IN_PIXELS = """words => {
  const pen = document.createElement('canvas').getContext('2d');
  pen.font = '40px sans-serif';
  return words.map(word => {
    pen.clearRect(0, 0, 300, 150);
    pen.fillText(word, 0, 60);
    return pen.getImageData(0, 0, 300, 150).data.join('');
  });
}"""

CAMERA_COLOUR = """async () => {
  const film = document.createElement('video');
  film.srcObject = await navigator.mediaDevices.getUserMedia({video: true});
  await film.play();
  const canvas = document.createElement('canvas');
  canvas.width = film.videoWidth; canvas.height = film.videoHeight;
  const pen = canvas.getContext('2d');
  pen.drawImage(film, 0, 0);
  return [...pen.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data, canvas.width, canvas.height];
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Requests are the test's own."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A small site on the loopback, so that pages have a secure origin."""
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_japanese_is_drawn_with_glyphs_of_its_own(desk: Page, site: str) -> None:
    desk.goto(site)
    assert desk.title() == "受付"
    # Without a Japanese font every character is the same empty box.
    drawn = desk.evaluate(WIDTH_IN_PIXELS, ["受", "付", "帰"])
    assert len(set(drawn)) == 3
    with Image.open(shot(desk, "tooling-japanese")) as picture:
        assert picture.size == (DESK["width"], DESK["height"])


def test_a_telephone_is_as_narrow_as_one(phone: Page, site: str) -> None:
    phone.goto(site)
    assert phone.evaluate("[screen.width, navigator.maxTouchPoints > 0]") == [PHONE["width"], True]


def test_contexts_are_devices_of_their_own(new_context: NewContext, site: str) -> None:
    first, second = new_context().new_page(), new_context(size=PHONE).new_page()
    for page in (first, second):
        page.goto(site)
    first.evaluate("localStorage.setItem('credential', 'a')")
    assert second.evaluate("localStorage.getItem('credential')") is None


def test_an_error_of_a_page_fails_its_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    pytester.makeconftest("pytest_plugins = ['tests.support.browser']")
    pytester.makepyfile(
        """
        def test_page(desk):
            desk.set_content("<script>nothing.there()</script>")
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*errors in the pages*nothing is not defined*"])


def test_the_camera_shows_the_film(tmp_path: Path, playwright: Playwright, site: str) -> None:
    film = write_film(tmp_path / "film.y4m", [Image.new("RGB", (640, 480), (200, 30, 40))] * 5)
    netlog = tmp_path / "netlog.json"
    with launched(playwright, netlog, camera=film) as browser:
        page = browser.new_page()
        page.goto(site)
        red, green, blue, _alpha, width, height = page.evaluate(CAMERA_COLOUR)
    assert (width, height) == (640, 480)
    assert abs(red - 200) < 15
    assert abs(green - 30) < 15
    assert abs(blue - 40) < 15
    assert outside(read_netlog(netlog)) == []
