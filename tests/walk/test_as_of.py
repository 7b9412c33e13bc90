"""ふりかえり in Chromium: an arrival is put right at the desk; both views of it, on paper too."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dvc_core.bootstrap import TOKYO
from tests.forms import pdf
from tests.support.browser import PHONE, NewContext, shot
from tests.support.people import go, log_in
from tests.support.server import NewProgram, Program
from tests.walk.walk_center import NOBODY, Walk, settled

LONG = 40_000
PERSON = {"id": NOBODY, "name": "訓練 花子", "kana": "くんれん はなこ", "phone": "000-0000-1110"}


@pytest.fixture
def walk(
    program: Program, desk: Page, new_context: NewContext, new_program: NewProgram, tmp_path: Path
) -> Walk:
    """A center that one volunteer came to just now."""
    walk = Walk(program, desk, new_context, new_program, tmp_path).begin()
    walk.do("volunteer.register", person=PERSON, traits={"insurance": "disaster", "insurance_seen": True})
    walk.do("attendance.scan", act="arrive", number=1)
    return walk


def clock(page: Page, label: str, at: str) -> None:
    """Type a time: hours and minutes are fields of their own."""
    page.get_by_role("group", name=label, exact=True).get_by_role("spinbutton").first.click()
    page.keyboard.type(at.replace(":", ""))
    page.keyboard.press("Tab")


def test_both_views_of_one_corrected_arrival(walk: Walk, new_context: NewContext, tmp_path: Path) -> None:
    page = walk.page
    go(page, walk.program, "reception", "受付")
    page.get_by_label("番号・ふりがな・電話でさがす").fill("1")
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_text("時刻を直す", exact=True).click()
    expect(page.get_by_label("どの時刻")).to_be_visible(timeout=LONG)
    settled(page)
    # Before 5 there is no earlier time of the same 活動日 for sure: then it never happened.
    now = datetime.now(TOKYO)
    if now.hour < 5:
        page.get_by_text("なかったことにする").click()
        was = "来ていない"
    else:
        true = (now - timedelta(minutes=30)).strftime("%H:%M")
        clock(page, "正しい時刻", true)
        was = f"来た {true}"
    page.get_by_role("button", name="時刻を直す").click()
    expect(page.get_by_text("時刻を直しました。もとの記録は残っています。")).to_be_visible(timeout=LONG)

    go(page, walk.program, "chronology", "クロノロジー")
    page.get_by_text("ふりかえり（ある時刻のようす）").click()
    expect(page.get_by_role("group", name="時刻", exact=True)).to_be_visible(timeout=LONG)
    settled(page)
    earlier = (now - timedelta(minutes=10)).strftime("%H:%M")
    clock(page, "時刻", earlier)
    if was != "来ていない":
        expect(page.get_by_text(was)).to_be_visible(timeout=LONG)
        expect(page.get_by_text("来ていない")).to_be_visible()
    settled(page)
    shot(page, "as-of", full=True)
    page.get_by_role("button", name="ふりかえりを印刷する").click()
    with page.expect_download(timeout=LONG) as got:
        page.get_by_role("button", name="PDFを開く").click(timeout=LONG)
    got.value.save_as(tmp_path / "as-of.pdf")
    assert "ほんとうのこと" in pdf.text((tmp_path / "as-of.pdf").read_bytes())
    phone = new_context(size=PHONE).new_page()
    log_in(phone, walk.program)
    go(phone, walk.program, "chronology", "クロノロジー")
    phone.get_by_text("ふりかえり（ある時刻のようす）").click()
    expect(phone.get_by_role("group", name="時刻", exact=True)).to_be_visible(timeout=LONG)
    settled(phone)
    shot(phone, "as-of-phone", full=True)
