"""A tablet's browser becomes a kiosk from the chief's QR over HTTPS, and is cut off while it is open."""

import re

from playwright.sync_api import Page, expect

from dvc_core.tokens.picture import decode_image
from tests.support.browser import DESK, NewContext, shot
from tests.support.people import first_administrator, go
from tests.support.server import Program


def test_the_qr_on_the_chiefs_screen_makes_a_tablet_a_kiosk_until_it_is_cut_off(
    program: Program, new_context: NewContext, desk: Page
) -> None:
    first_administrator(desk, program)
    go(desk, program, "kiosks", "受付端末")
    desk.get_by_label("端末の名前").fill("受付1")
    desk.get_by_role("button", name="登録用QRを出す").click()
    picture = desk.get_by_test_id("stImage")
    expect(picture).to_be_visible(timeout=40_000)
    shot(desk, "kiosks-offer")
    (address,) = decode_image(picture.screenshot())
    found = re.fullmatch(r"(https://[\d.]+:\d+)/kiosk/(#enrol=[\w-]+)", address)
    assert found
    assert found[1] == program.ready["https_url"]

    tablet = new_context(size=DESK, ignore_https_errors=True, permissions=["camera"]).new_page()
    tablet.goto(f"https://127.0.0.1:{program.https_port}/kiosk/{found[2]}")
    expect(tablet.get_by_text("受付1").first).to_be_visible(timeout=40_000)
    shot(tablet, "kiosk-enrolled")
    desk.get_by_role("button", name="一覧を新しくする").click()
    expect(desk.get_by_text("受付1 を登録しました。")).to_be_visible(timeout=40_000)

    desk.get_by_role("button", name="停止する").click()
    expect(desk.get_by_text("受付1 を停止しました")).to_be_visible(timeout=40_000)
    shot(desk, "kiosks-cut-off")
    expect(tablet.locator("#panel-cut")).to_be_visible(timeout=40_000)
    shot(tablet, "kiosk-cut-off")
