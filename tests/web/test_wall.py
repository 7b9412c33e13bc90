"""壁の画面: large numbers that follow every commit within a second, for who is logged in; no name on it."""

import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dvc_core.commands.operation import Start
from dvc_core.domain.operation import Disaster
from dvc_core.queries.wall import wall
from tests.support.browser import PHONE, NewContext, shot
from tests.support.center import START, Center
from tests.support.people import first_administrator
from tests.support.server import NewProgram, Program
from tests.walk.walk_center import Walk

pytestmark = pytest.mark.browser


def test_in_peacetime_there_is_nothing_to_count(center_on_both: Center) -> None:
    with center_on_both.services.reader() as reader:
        assert wall(reader, START).phase is None
    center_on_both.must(Start(disaster=Disaster.FLOOD, started_at=START, title="訓練の水害"))
    with center_on_both.services.reader() as reader:
        found = wall(reader, center_on_both.clock.forward(hours=5))
    assert (found.phase, found.hours, found.arrived, found.places_left) == ("considering", 5, 0, None)


def test_a_commit_is_on_the_wall_within_a_second(
    desk: Page, new_context: NewContext, new_program: NewProgram, tmp_path: Path
) -> None:
    program = new_program().start()
    walk = Walk(program, desk, new_context, new_program, tmp_path).begin()
    screen = desk.context.new_page()
    screen.goto(f"{program.ready['url']}/wall/")
    expect(screen.locator("body[data-state=live]")).to_be_visible()
    expect(screen.locator("#phase")).to_have_text("開設中")
    expect(screen.locator("#arrived")).to_have_text("0")
    person = {"id": "00000000-0000-0000-0000-000000000000", "name": "見本 花子", "phone": "000-0000-0001"}
    walk.do("volunteer.register", person=person, traits={})
    volunteer = walk.cli("ask", "volunteers.search", json.dumps({**walk.day(), "text": "1"}))["rows"][0]
    walk.do("attendance.record", volunteer_id=volunteer["volunteer"]["id"], act="arrive")
    began = time.monotonic()
    expect(screen.locator("#arrived")).to_have_text("1")
    assert time.monotonic() - began < 1.0
    expect(screen.locator("#here")).to_have_text("1")
    assert "見本" not in screen.locator("body").inner_text()
    shot(screen, "wall")
    screen.set_viewport_size(PHONE)
    shot(screen, "wall-phone", full=True)
    assert screen.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    screen.set_viewport_size({"width": 1920, "height": 1080})
    shot(screen, "wall-large")
    assert screen.evaluate("document.documentElement.scrollHeight") <= 1080
    # A server that goes away is told on the wall, and the numbers come back with it.
    program.kill()
    expect(screen.locator("body[data-state=lost]")).to_be_visible()
    shot(screen, "wall-lost")
    program.start()
    expect(screen.locator("body[data-state=live]")).to_be_visible()
    expect(screen.locator("#arrived")).to_have_text("1")
    assert program.stop(seconds=20) == 0, "an open wall does not hold the program"


def test_nobody_sees_it_without_a_login(new_context: NewContext, program: Program) -> None:
    first = new_context().new_page()
    first_administrator(first, program)
    stranger = new_context().new_page()
    stranger.goto(f"{program.ready['url']}/wall/")
    expect(stranger.locator("body[data-state=ended]")).to_be_visible()
    expect(stranger.locator("#numbers")).to_be_hidden()
    answer = stranger.request.get(f"{program.ready['url']}/api/wall")
    assert answer.status == 401
    assert "ログイン" in answer.json()["problems"][0]["message"]
    # Whoever is cut off loses the wall with the login.
    screen = first.context.new_page()
    screen.goto(f"{program.ready['url']}/wall/")
    expect(screen.locator("body[data-state=live]")).to_be_visible()
    first.get_by_role("button", name="ログアウト").click()
    expect(first.get_by_label("パスワード")).to_be_visible()
    expect(screen.locator("body[data-state=ended]")).to_be_visible(timeout=30_000)
