"""What the steps of the walk share: the program, a person's screen of it, the command line beside it."""

import json
import subprocess
import sys
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from dvc_core.cli import parser
from dvc_core.cli.remote import ask_running
from dvc_core.cli.reply import COMMANDS
from dvc_core.domain.day import activity_day
from tests.support.browser import PHONE, NewContext, shot
from tests.support.people import first_administrator, go
from tests.support.server import ROOT, NewProgram, Program

LONG = 30_000
NOBODY = str(uuid.UUID(int=0))
MAP = "iframe[title='streamlit_folium.st_folium']"


class Walk:
    """The program, a person's screen of it, its command line, and what the walk remembers.

    `cards` are the payloads of the volunteers' cards by 受付番号, `kiosk` is the tablet at the door.
    """

    kiosk: Page

    def __init__(
        self,
        program: Program,
        page: Page,
        new_context: NewContext,
        new_program: NewProgram,
        folder: Path,
    ) -> None:
        self.program = program
        self.page = page
        self.new_context = new_context
        self.new_program = new_program
        self.folder = folder
        self.cards: dict[int, str] = {}
        self._telephone: Page | None = None
        expect.set_options(timeout=LONG)

    def begin(self) -> "Walk":
        """The first administrator, a quake, the decision, an open center: where most walks start."""
        first_administrator(self.page, self.program)
        begun = {"started_at": "2026-01-05T00:00:00+09:00", "title": "訓練の地震"}
        self.do("operation.start", disaster="earthquake", **begun)
        self.do("operation.decide_opening", decision="open")
        self.do("operation.open")
        return self

    # The command line ---------------------------------------------------------------------------------------

    def cli(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Ask the running program as `tasuki` does, without a new process for each word; else a process."""
        asked = parser().parse_args([*words, "--json", "--data", str(self.program.data)])
        reply = ask_running(asked) if COMMANDS[asked.name].through_running else None
        if reply is None:
            return self.process(*words, code=code)
        assert reply.exit_code == code, (words, reply)
        return reply.answer()

    def process(self, *words: str, code: int = 0) -> dict[str, Any]:
        """`tasuki ... --json` as a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "dvc_core.cli", *words, "--json", "--data", str(self.program.data)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=180,
            check=False,
            env=self.program.environment,
        )
        assert done.returncode == code, (words, done.stdout[-2000:], done.stderr[-2000:])
        return dict(json.loads(done.stdout))

    def do(self, kind: str, **fields: Any) -> dict[str, Any]:
        """A command by its name."""
        return self.cli("do", kind, json.dumps(fields))

    def rows(self, name: str, **fields: Any) -> list[dict[str, Any]]:
        """A query by its name."""
        return list(self.cli("ask", name, json.dumps(fields))["rows"])

    def day(self) -> dict[str, Any]:
        """The operation and today, as queries of a day ask for them."""
        return {"operation_id": self.rows("operations.current")[0]["id"], "day": today().isoformat()}

    def counts(self) -> dict[str, Any]:
        """The day's people in numbers."""
        return self.rows("reception.day", **self.day())[0]

    # The screen ---------------------------------------------------------------------------------------------

    def open(self, url: str, title: str) -> Page:
        """Open a page of the program and answer it."""
        go(self.page, self.program, url, title)
        return self.page

    def press(self, button: str, said: str) -> None:
        """Press a button and wait for what the page says then."""
        settled(self.page)
        visible(self.page.get_by_role("button", name=button, exact=True)).click()
        expect(self.page.get_by_text(said).first).to_be_visible()

    def tab(self, name: str) -> None:
        """Turn to a tab of the page."""
        settled(self.page)
        self.page.get_by_role("tab", name=name, exact=True).click()

    def fill(self, **fields: str) -> None:
        """Fill fields by what their labels begin with."""
        settled(self.page)
        for label, value in fields.items():
            visible(self.page.get_by_label(label)).fill(value)

    def tick(self, *labels: str) -> None:
        """Tick boxes by their words."""
        settled(self.page)
        for label in labels:
            visible(self.page.get_by_text(label, exact=True)).click()

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        choose(self.page, label, option)

    def download(self, button: str) -> bytes:
        """Press a button that hands over a file, and answer what is in it."""
        settled(self.page)
        with self.page.expect_download() as handed:
            visible(self.page.get_by_role("button", name=button)).click()
        return Path(handed.value.path()).read_bytes()

    def shown(self, label: str, value: object) -> None:
        """Wait until the page shows a number under its name."""
        cell = self.page.locator(".numbers > div").filter(has=self.page.locator(f"span:text-is('{label}')"))
        expect(cell.locator("b")).to_have_text(str(value))

    def look(self, name: str, *, url: str, title: str, tab: str = "") -> None:
        """Keep the page as it stands on the desk's screen, and as it opens on a telephone."""
        settled(self.page)
        shot(self.page, f"walk-{name}-desk")
        if self._telephone is None:
            known = self.page.context.storage_state()
            self._telephone = self.new_context(size=PHONE, storage_state=known).new_page()
        telephone = self._telephone
        go(telephone, self.program, url, title)
        if tab:
            telephone.get_by_role("tab", name=tab, exact=True).click()
            inside = telephone.get_by_role("tabpanel").get_by_test_id("stElementContainer")
            expect(visible(inside)).to_be_visible()
        settled(telephone)
        shot(telephone, f"walk-{name}-phone")


def settled(page: Page) -> None:
    """Wait until the page is drawn to its end: before that, what is about to go may still be pressed."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list, by the keyboard: one that is opened while the page still moves closes again."""
    field = visible(page.get_by_label(label, exact=True))
    wanted = page.get_by_role("option", name=option)
    expect(field).to_be_visible()
    settled(page)
    for _ in range(3):
        field.press("ArrowDown")
        try:
            wanted.click(timeout=3000)
        except PlaywrightTimeout:
            continue
        return
    raise AssertionError(f"{option} is not offered at {label}")


def visible(found: Locator) -> Locator:
    """The first of those that can be seen: what lies in another tab is no business of this one."""
    return found.filter(visible=True).first


def today() -> date:
    """The 活動日 of this moment."""
    return activity_day(datetime.now(UTC))


def soon(**later: float) -> str:
    """A moment from now on, as commands take it."""
    return (datetime.now(UTC) + timedelta(**later)).isoformat()


def is_pdf(content: bytes) -> bool:
    """Whether a file is a PDF."""
    return content.startswith(b"%PDF")
