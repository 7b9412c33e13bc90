"""A fake center as a process, its cards, and tablets that are enrolled there."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dvc_core.tokens.keys import SigningKey, generate
from dvc_core.tokens.qr import issue
from tests.support.ports import free_ports
from tests.support.waiting import until

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("fake_center.py")
MADE = datetime(2026, 7, 1, tzinfo=UTC)
CARDS = 60


class Center:
    """A fake center on one folder and port, killed and started as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.key: SigningKey = generate("13210", MADE)
        self.static: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._codes = 0
        folder.mkdir(parents=True)
        self.cards = {n: issue(self.key, n.to_bytes(16, "big")) for n in range(1, CARDS + 1)}
        public = {"key_id": self.key.key_id, "public_key_raw_b64url": self.key.public.base64url}
        self._write("keys.json", [public])
        self._write("payloads.json", ["", *self.cards.values()])
        self._control: dict[str, Any] = {}
        self.control()
        self.start()
        with closing(self.open()) as db, db:
            db.executemany("INSERT INTO card VALUES (?, ?)", [(p, n) for n, p in self.cards.items()])

    def _write(self, name: str, content: object) -> None:
        fresh = self.folder / f"{name}.new"
        fresh.write_text(json.dumps(content), encoding="utf-8")
        fresh.replace(self.folder / name)

    def control(self, **facts: object) -> None:
        """What the center should do from now on; None takes a fact back."""
        self._control = {name: value for name, value in (self._control | facts).items() if value is not None}
        self._write("control.json", self._control)

    def start(self) -> None:
        arguments = [str(self.folder), str(self.port), *([str(self.static)] if self.static else [])]
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPT), *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
        )
        until(self._answers, seconds=60, what="the fake center")

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "the fake center has ended"
        try:
            with urlopen(f"{self.url}/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """As a power cut does."""
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def reset(self) -> None:
        """Forget all but the cards, and run."""
        self._control = {}
        self.control()
        self.forget("scan", "sent", "credential", "registration")
        if self.static is not None:
            self.kill()
            self.static = None
        if self._process is None:
            self.start()

    def forget(self, *tables: str) -> None:
        """Empty some tables."""
        with closing(self.open()) as db, db:
            for table in tables:
                db.execute(f"DELETE FROM {table}")

    def open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "center.sqlite", timeout=20)

    def rows(self, question: str, *facts: object) -> list[tuple[Any, ...]]:
        with closing(self.open()) as db:
            return db.execute(question, facts).fetchall()

    @property
    def stored(self) -> list[tuple[Any, ...]]:
        """(act, number, verdict) of each scan, in order of storing."""
        return self.rows("SELECT act, number, verdict FROM scan ORDER BY nth")

    def code(self) -> str:
        """A new enrolment code of the chief."""
        self._codes += 1
        value = f"CODE-{self._codes:04d}"
        with closing(self.open()) as db, db:
            db.execute("INSERT INTO code (value) VALUES (?)", [value])
        return value


@pytest.fixture(scope="module")
def one_center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Center]:
    """The process and its cards, for all tests of a module."""
    made = Center(tmp_path_factory.mktemp("fake") / "center")
    yield made
    made.kill()


@pytest.fixture
def center(one_center: Center) -> Center:
    """A fake center, running, with cards and nothing else."""
    one_center.reset()
    return one_center


NewTablet = Callable[..., Page]


@pytest.fixture
def new_tablet(new_context: Callable[..., BrowserContext], center: Center) -> NewTablet:
    """Opens the kiosk on a new tablet, enrolled unless told otherwise, without a camera."""

    def create(*, enrolled: bool = True, **options: Any) -> Page:
        page = new_context(**options).new_page()
        page.goto(f"{center.url}/kiosk/" + (f"#enrol={center.code()}" if enrolled else ""))
        became(page, "status", "ready" if enrolled else "new")
        return page

    return create


@pytest.fixture
def tablet(new_tablet: NewTablet) -> Page:
    """An enrolled tablet."""
    return new_tablet()


def became(page: Page, fact: str, value: str, *, seconds: float = 20) -> None:
    """Wait until the page says a fact of itself (`data-status`, `data-kept`, ...)."""
    page.locator(f'body[data-{fact}="{value}"]').wait_for(state="attached", timeout=seconds * 1000)


def scan(page: Page, text: str) -> None:
    """What a scanner that types does: all keys at once, then Enter."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def scan_whole(page: Page, text: str) -> None:
    """What a scanner does that hands over its text at once, as through an input method."""
    page.keyboard.insert_text(text)


def verdict(page: Page, shape: str, *, provisional: bool = False) -> str:
    """Wait for a verdict of a shape and answer all that stands in it."""
    screen = page.locator(f'#verdict[data-shape="{shape}"][data-provisional="{str(provisional).lower()}"]')
    screen.wait_for(state="visible")
    return screen.inner_text()


def waiting(page: Page) -> list[dict[str, Any]]:
    """What lies in the tablet's outbox."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => new Promise((resolve, reject) => {
            const opening = indexedDB.open("tasuki");
            opening.onerror = () => reject(opening.error);
            opening.onsuccess = () => {
                const all = opening.result.transaction("outbox").objectStore("outbox").getAll();
                all.onsuccess = () => { opening.result.close(); resolve(all.result); };
            };
        })"""
    )
    return found


def all_sent(page: Page) -> None:
    """Wait until nothing waits on the tablet."""
    until(lambda: waiting(page) == [], seconds=60, what="an empty outbox")


SEND = "#send"


@pytest.fixture
def form(new_context: Callable[..., BrowserContext], center: Center) -> Page:
    """The form on a tablet, empty."""
    page = new_context().new_page()
    page.goto(f"{center.url}/register/")
    expect(page.locator("#skills label")).to_have_count(3)
    return page


def fill(page: Page, **other: str) -> None:
    """All that an adult must fill in."""
    page.fill("#age", other.pop("age", "46"))
    fill_adult_without_age(page, **other)


def fill_adult_without_age(page: Page, **other: str) -> None:
    """The same, where the birth date is said instead."""
    facts = {
        "name": "訓練 太郎",
        "kana": "くんれん たろう",
        "phone": "０００-0000-0000",
        "emergency_name": "見本 花子",
        "emergency_phone": "000-0000-0001",
        **other,
    }
    for name, value in facts.items():
        page.fill(f"#{name}", value)
    page.check("input[name=insurance][value=disaster]")
    page.check("#health_ok")


def registered(center: Center) -> list[dict[str, Any]]:
    return [json.loads(row[0]) for row in center.rows("SELECT body FROM registration ORDER BY number")]
