"""The two pages against the program itself: registered on one tablet, read on another, killed in between."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.browser import NewContext, shot
from tests.support.server import Program
from tests.support.waiting import until
from tests.web.kiosk.conftest import SEND, all_sent, became, fill, scan, scan_whole, verdict, waiting

pytestmark = pytest.mark.browser

FLOOD = {"disaster": "flood", "started_at": "2026-07-30T06:00:00+09:00", "title": "見本市の水害"}


def tasuki(program: Program, *words: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "dvc_core.cli", *words, "--data", str(program.data), "--json"]
    said = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    return dict(json.loads(said.stdout))


@pytest.fixture
def gate(program: Program, new_context: NewContext) -> Page:
    """An enrolled tablet of a running program in an operation."""
    assert tasuki(program, "do", "operation.start", json.dumps(FLOOD))["result"] == "accepted"
    code = tasuki(program, "kiosk", "add", "入口")["enrol_url"].rpartition("#")[2]
    page = new_context().new_page()
    page.goto(f"{program.ready['url']}/kiosk/#{code}")
    became(page, "status", "ready", seconds=40)
    became(page, "kept", "true")
    return page


def journal(program: Program, kind: str) -> int:
    out = program.data.parent / f"export-{kind}"
    tasuki(program, "export", "--to", str(out))
    lines = (out / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    return sum(json.loads(line)["kind"] == kind for line in lines)


def register(program: Program, page: Page) -> str:
    """Fill in the form and answer what the shown code says."""
    page.goto(f"{program.ready['url']}/register/")
    expect(page.locator("#skills label").first).to_be_visible()
    fill(page)
    page.click(SEND)
    expect(page.locator("#done-code")).to_be_visible()
    picture = Image.open(io.BytesIO(page.locator("#done-code").screenshot()))
    (code,) = zxingcpp.read_barcodes(picture)
    return str(code.text)


def test_from_the_form_through_the_gate_with_the_program_killed_in_between(
    program: Program, gate: Page, new_context: NewContext
):
    desk = new_context().new_page()
    first = register(program, desk)
    shot(desk, "register-done")
    desk.locator("#next").click()
    second = register(program, desk)
    scan(gate, first)
    assert "001" in verdict(gate, "ok")
    gate.locator("#verdict").click()
    program.kill()
    scan_whole(gate, second)
    verdict(gate, "ok", provisional=True)
    gate.reload()
    until(lambda: len(waiting(gate)) == 1, what="one scan in the outbox after the reload")
    program.start()
    all_sent(gate)
    gate.locator("#act-leave").click()
    scan_whole(gate, first)
    assert "おつかれさま" in verdict(gate, "ok")
    all_sent(gate)
    assert journal(program, "attendance.arrived") == 2
    assert journal(program, "attendance.left") == 1
    assert tasuki(program, "doctor")["ok"]
