"""A desk page's rerun against an empty Streamlit page, both in real servers and over their websockets.

One act is what a touch on the page costs: the script is asked to run again, and the time ends when the last
element of the run has arrived. The empty page is a program of its own with the same server and settings and
one title; the desks stand in the program itself on a busy day. Every tab of a page is a page to those who
work in it: each is measured, and the slowest stands in the table besides the one that opens first.

Pages of nothing but so many lines and fields say how much of that is the framework's own drawing.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench import busy_day
from tests.bench.session import Session, reached
from tests.bench.table import Row
from tests.bench.timing import Timing, measured
from tests.support.ports import free_ports
from tests.support.server import ROOT, Program

NUMBER = 25
AIM = "3 倍以内"
EMPTY = "空のページ"
ELEMENTS = (20, 80, 240)
"""What short, filled and long desks draw."""
PAGES = {
    "status": "状況",
    "reception": "受付",
    "needs": "ニーズ",
    "matching": "マッチング",
    "dispatch": "送り出し・帰着",
    "chronology": "クロノロジー",
}


class _Page(NamedTuple):
    title: str
    tab: str
    session: Session


def run() -> list[Row]:
    """The empty page, then each desk with the tab that opens first and with its slowest tab."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        day = busy_day.filled(Path(folder) / "data")
        program = Program(Path(folder) / "data")
        opened.callback(program.kill)
        url = str(program.start().ready["url"])
        empty = opened.enter_context(Session(opened.enter_context(empty_page())))
        pages = [page for name in PAGES for page in _pages(opened, url, name, day.cookie)]
        acts: dict[str, Callable[[], object]] = {EMPTY: empty.rerun}
        for count in ELEMENTS:
            acts[_plain(count)] = opened.enter_context(Session(opened.enter_context(empty_page(count)))).rerun
        acts |= {f"{page.title} {page.tab}": page.session.rerun for page in pages}
        return _rows(measured(acts, n=NUMBER), pages, day.facts)


def _plain(elements: int) -> str:
    return f"要素 {elements} 個だけのページ"


@contextmanager
def empty_page(elements: int = 0) -> Iterator[str]:
    """The address of the empty page with `elements` more; its server and settings are the program's."""
    port = free_ports(1)[0]
    command = (sys.executable, "-m", "uvicorn", "tests.bench.empty_page:app", "--ws", "websockets-sansio")
    server = subprocess.Popen(
        [*command, "--port", str(port), "--no-access-log", "--log-level", "error"],
        cwd=ROOT,
        env={**os.environ, "TASUKI_BENCH_ELEMENTS": str(elements)},
    )
    try:
        yield reached(f"http://127.0.0.1:{port}")
    finally:
        server.kill()
        server.wait()


def _pages(opened: ExitStack, url: str, name: str, cookie: str) -> list[_Page]:
    """The page as it opens, and once more for each further tab."""

    def another() -> Session:
        session = opened.enter_context(Session(url, name, cookie))
        if PAGES[name] not in session.words:
            raise AssertionError(session.words)
        return session

    first = another()
    labels = [label for row in first.tabs.values() for label in row]
    pages = [_Page(PAGES[name], labels[0] if labels else "", first)]
    for label in labels[1:]:
        session = another()
        session.choose(label)
        pages.append(_Page(PAGES[name], label, session))
    return pages


def _rows(timings: dict[str, Timing], pages: list[_Page], day: str) -> list[Row]:
    floor = timings[EMPTY]
    rows = [
        Row(
            f"{EMPTY}の再実行", floor.n, floor.median, floor.p95, facts="WebSocket で頼んでから描き終わるまで"
        )
    ]
    for count in ELEMENTS:
        plain = timings[_plain(count)]
        ratio = plain.median / floor.median
        rows.append(
            Row(f"{_plain(count)}の再実行", plain.n, plain.median, plain.p95, baseline=EMPTY, ratio=ratio)
        )
    for title in PAGES.values():
        own = [page for page in pages if page.title == title]
        slowest = max(own, key=lambda page: timings[f"{page.title} {page.tab}"].median)
        shown = [own[0]] if slowest is own[0] else [own[0], slowest]
        rows += [_row(page, timings[f"{page.title} {page.tab}"], floor, day) for page in shown]
    return rows


def _row(page: _Page, timing: Timing, floor: Timing, day: str) -> Row:
    tab = f"（{page.tab}）" if page.tab else ""
    drawn, size = page.session.drawn, page.session.received
    return Row(
        what=f"{page.title}{tab}の再実行",
        n=timing.n,
        median=timing.median,
        p95=timing.p95,
        baseline=EMPTY,
        ratio=timing.median / floor.median,
        aim=AIM,
        facts=f"{drawn} 要素、{size / 1000:.0f} kB。{day}",
    )
