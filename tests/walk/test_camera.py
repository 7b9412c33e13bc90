"""受付のカメラ on the real program: a card held before a tablet comes in, and goes home by the same code."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, ViewportSize, expect

from dvc_core.cli import parser
from dvc_core.cli.remote import ask_running
from dvc_core.tokens.keys import generate
from dvc_core.tokens.qr import issue
from tests.support.browser import DESK, PHONE, launched, shot
from tests.support.camera import held, write_film
from tests.support.network import outside, read_netlog
from tests.support.server import Program
from tests.support.waiting import until

pytestmark = pytest.mark.browser

LONG = 40_000
QUAKE = {"disaster": "earthquake", "started_at": "2026-07-28T09:00:00+09:00", "title": "訓練の地震"}
PERSON = {"id": "00000000-0000-0000-0000-000000000000", "name": "見本 花子"}
INSURED = {"insurance": "disaster", "insurance_seen": True}
ELSEWHERE = issue(generate("13219", datetime(2026, 7, 1, tzinfo=UTC)), bytes(range(16)))


class Gate:
    """The running program with one volunteer and her card, as the command line tells of it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.ask("do", "operation.start", json.dumps(QUAKE))
        self.ask("do", "volunteer.register", json.dumps({"person": PERSON, "traits": INSURED}))
        self.card = str(self.ask("card", "issue", "1")["payload"])

    def ask(self, *words: str) -> dict[str, Any]:
        """What the running program answers to a word of the command line."""
        asked = parser().parse_args([*words, "--json", "--data", str(self.program.data)])
        reply = ask_running(asked)
        assert reply is not None
        assert reply.exit_code == 0, (words, reply)
        return reply.answer()

    def enrol(self, page: Page) -> None:
        """Make the tablet a kiosk; its camera runs then."""
        code = self.ask("kiosk", "add", "入口")["enrol_url"].rpartition("#")[2]
        page.goto(f"{self.program.ready['url']}/kiosk/#{code}")
        for fact, value in (("status", "ready"), ("camera", "running"), ("kept", "true")):
            page.locator(f'body[data-{fact}="{value}"]').wait_for(state="attached", timeout=LONG)

    @property
    def day(self) -> list[tuple[str, str]]:
        """What the chronology says of the people of the day, by kind and station, the first first."""
        rows = self.ask("ask", "chronology.lines", json.dumps({"topic": "reception"}))["rows"]
        acts = [(row["kind"], row["station"]) for row in rows if row["kind"].startswith("attendance.")]
        return sorted(acts)

    @property
    def reviews(self) -> list[dict[str, Any]]:
        return list(self.ask("ask", "reviews.open")["rows"])


@pytest.fixture
def gate(program: Program) -> Gate:
    """A center that has begun, with one card given out."""
    return Gate(program)


Tablet = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def tablet(playwright: Playwright, tmp_path: Path) -> Tablet:
    """A tablet before whose camera a code is held; at its end it has asked nothing of the outside."""

    @contextmanager
    def hold(payload: str, size: ViewportSize = DESK) -> Iterator[Page]:
        film, netlog = write_film(tmp_path / "film.y4m", [held(payload, angle=12)]), tmp_path / "netlog.json"
        with launched(playwright, netlog, camera=film) as browser:
            page = browser.new_context(viewport=size, locale="ja-JP", timezone_id="Asia/Tokyo").new_page()
            page.set_default_timeout(LONG)
            yield page
        assert outside(read_netlog(netlog)) == []

    return hold


def verdict(page: Page, shape: str, words: str) -> None:
    """The final verdict, with these words."""
    shown = page.locator(f'#verdict[data-shape="{shape}"][data-provisional="false"]')
    expect(shown).to_contain_text(words, timeout=LONG)


@pytest.mark.parametrize("decoder", ["tablet", "server"])
def test_a_card_before_the_camera_comes_in_and_goes_home(gate: Gate, tablet: Tablet, decoder: str) -> None:
    size = DESK if decoder == "tablet" else PHONE
    with tablet(gate.card, size) as page:
        pictures: list[str] = []
        page.on("request", lambda sent: pictures.append(sent.url) if sent.url.endswith("/frame") else None)
        if decoder == "server":
            page.context.route("**/kiosk/vendor/**", lambda route: route.abort())
        gate.enrol(page)
        verdict(page, "ok", "001")
        shot(page, f"camera-{decoder}-arrive")
        expect(page.locator("#verdict")).to_be_hidden()
        page.locator("#act-leave").click()
        verdict(page, "ok", "おつかれさま")
        shot(page, f"camera-{decoder}-leave")
        assert bool(pictures) is (decoder == "server")
        until(lambda: len(gate.day) == 3, seconds=60, what="arrival, place and leaving")
    assert gate.day == [
        ("attendance.admitted", "kiosk-1"),
        ("attendance.arrived", "kiosk-1"),
        ("attendance.left", "kiosk-1"),
    ]
    assert gate.reviews == []


def test_a_shops_code_is_told_apart_and_kept_nowhere(gate: Gate, tablet: Tablet) -> None:
    with tablet("https://shop.example/point?card=0123456789") as page:
        gate.enrol(page)
        verdict(page, "stop", "受付の QR コードではありません")
        shot(page, "camera-shop")
    assert gate.day == []
    assert gate.reviews == []


def test_another_councils_code_waits_for_a_person(gate: Gate, tablet: Tablet) -> None:
    with tablet(ELSEWHERE, PHONE) as page:
        gate.enrol(page)
        verdict(page, "stop", "ほかのセンターのカードです")
        shot(page, "camera-elsewhere")
        until(lambda: gate.reviews, seconds=60, what="the scan in 要確認")
    assert gate.day == []
    (line,) = gate.reviews
    assert line["review"]["reason"] == "foreign"
    assert json.loads(line["content"])["payload"] == ELSEWHERE
