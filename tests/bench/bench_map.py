"""The map with many needs against the map with few: a rerun keeps up, and an address is found at once."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from streamlit.testing.v1 import AppTest

from dvc_core.geo.geocode import geocode
from tests.bench.table import Row
from tests.bench.timing import Timing, measured
from tests.pages import map_app, map_server
from tests.support.browser import DESK, QUIET, chromium_path

FEW, MANY = 20, 500
AIM = "3 倍以内"
ADDRESS = "小金井市本町５丁目３６－１７　見本コーポ１０１号室"

# Ends when the map's own window has drawn the team that the tap adds or takes away.
TAP = """async () => {
  const frame = document.querySelector("iframe[title='streamlit_folium.st_folium']").contentDocument;
  const there = () => frame.querySelector("[data-id=more]") !== null;
  const before = there();
  const toggle = document.querySelector("input[aria-label='班を足す']");
  await new Promise((done, failed) => {
    setTimeout(() => failed(new Error("not drawn within 20 s")), 20000);
    new MutationObserver((_changes, watcher) => {
      if (there() !== before) { watcher.disconnect(); done(); }
    }).observe(frame, { childList: true, subtree: true });
    toggle.click();
  });
}"""


def run() -> list[Row]:
    """A rerun on the server, a rerun as the eye sees it, and one address."""
    return [*_on_the_server(), *_in_the_browser(), _address()]


def _on_the_server() -> list[Row]:
    tests = {count: _page(count) for count in (FEW, MANY)}
    timings = measured({str(count): tests[count].run for count in tests}, n=30)
    return _rows("地図の再描画（サーバーの一回）", timings, "AppTest")


def _page(count: int) -> AppTest:
    page = AppTest.from_file(str(Path(map_app.__file__)), default_timeout=60)
    page.query_params["needs"] = str(count)
    return page.run()


def _in_the_browser() -> list[Row]:
    with (
        tempfile.TemporaryDirectory() as folder,
        map_server.serving(Path(folder)) as url,
        _chromium() as browser,
    ):
        timings = measured({str(count): _opened(browser, url, count) for count in (FEW, MANY)}, n=30)
    return _rows("地図の再描画（押してから描き直すまで）", timings, "Chromium と実サーバー、同じ 2 コア")


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def _opened(browser: Browser, url: str, count: int) -> Callable[[], object]:
    page = browser.new_context(viewport=DESK, locale="ja-JP").new_page()
    page.goto(f"{url}/?needs={count}")
    page.frame_locator("iframe[title='streamlit_folium.st_folium']").locator("canvas").first.wait_for()
    return lambda: page.evaluate(TAP)


def _rows(what: str, timings: dict[str, Timing], how: str) -> list[Row]:
    few, many = timings[str(FEW)], timings[str(MANY)]
    return [
        Row(f"{what} {FEW} 件", few.n, few.median, few.p95, facts=how),
        Row(
            f"{what} {MANY} 件",
            many.n,
            many.median,
            many.p95,
            baseline=f"{FEW} 件",
            ratio=many.median / few.median,
            aim=AIM,
            facts=how,
        ),
    ]


def _address() -> Row:
    timing = measured({"address": lambda: geocode(ADDRESS)}, n=1000)["address"]
    return Row(
        "住所 1 件を町丁目に", timing.n, timing.median, timing.p95, facts="598 町丁目、番地と建物名つき"
    )
