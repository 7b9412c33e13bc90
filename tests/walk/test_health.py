"""健康診断 in Chromium: a memory that was pulled out is seen, put back it is well again."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, NewContext, shot
from tests.support.people import first_administrator, go, log_in
from tests.support.server import START, NewProgram
from tests.walk.walk_center import settled

LONG = 40_000


def test_a_memory_pulled_out_and_put_back(
    new_program: NewProgram, desk: Page, new_context: NewContext, tmp_path: Path
) -> None:
    memory, pulled = tmp_path / "memory", tmp_path / "pulled"
    memory.mkdir()
    program = new_program(command=(*START, "--second", str(memory))).start()
    first_administrator(desk, program)
    go(desk, program, "checkup", "健康診断")
    expect(desk.get_by_text("写しは、いまの記録まで届いています")).to_be_visible(timeout=LONG)
    memory.rename(pulled)
    desk.get_by_role("button", name="いま調べなおす").click()
    expect(desk.get_by_text("すぐに見てほしいところが 1 つあります")).to_be_visible(timeout=LONG)
    expect(desk.get_by_text("USBメモリをさしてください")).to_be_visible()
    settled(desk)
    shot(desk, "health", full=True)
    phone = new_context(size=PHONE).new_page()
    log_in(phone, program)
    go(phone, program, "checkup", "健康診断")
    expect(phone.get_by_text("USBメモリをさしてください")).to_be_visible(timeout=LONG)
    settled(phone)
    shot(phone, "health-phone", full=True)
    pulled.rename(memory)
    desk.get_by_role("button", name="いまバックアップを取る").click()
    expect(desk.get_by_text("開いて確かめました")).to_be_visible(timeout=LONG)
    expect(desk.get_by_text("バックアップがまだありません")).to_have_count(0)
    desk.get_by_role("button", name="全部の記録を調べる").click()
    expect(desk.get_by_text("別のフォルダーの写しに")).to_be_visible(timeout=LONG)
    expect(desk.get_by_text("すぐに見てほしい")).to_have_count(0)
