"""A need taken by telephone stands on the map, and a tap on it leads back to its card."""

from playwright.sync_api import Page, expect

from tests.support.people import first_administrator, go
from tests.support.server import NewProgram

SLOW = 30_000


def test_a_call_with_an_address_becomes_a_symbol_that_opens_its_card(
    new_program: NewProgram, desk: Page
) -> None:
    program = new_program().start()
    first_administrator(desk, program)
    go(desk, program, "operation", "設置・運営の手順")
    desk.get_by_label("災害の名前").fill("訓練の地震")
    desk.get_by_role("button", name="発災を記録する").click()
    expect(desk.get_by_text("発災を記録しました")).to_be_visible(timeout=SLOW)
    go(desk, program, "needs", "ニーズ")
    desk.get_by_label("氏名（必須）").fill("架空 一郎")
    desk.get_by_label("電話（必須）").fill("000-0000-0001")
    desk.get_by_label("場所（必須）").fill("小金井市中町三丁目5番")
    desk.get_by_label("困りごと").fill("庭の瓦を片づけたい")
    desk.get_by_role("button", name="受け付ける", exact=True).click()
    expect(desk.get_by_text("N-001 を受け付けました。位置: 小金井市中町三丁目")).to_be_visible(timeout=SLOW)

    go(desk, program, "map", "地図")
    symbol = desk.frame_locator("iframe[title='streamlit_folium.st_folium']").locator("[data-id]")
    expect(symbol).to_have_count(1, timeout=SLOW)
    symbol.click()
    expect(desk.get_by_role("heading", name="N-001")).to_be_visible(timeout=SLOW)
    desk.get_by_role("button", name="ニーズで開く").click()
    expect(desk.get_by_role("heading", name="N-001 架空 一郎")).to_be_visible(timeout=SLOW)
    expect(desk.get_by_text("庭の瓦を片づけたい").first).to_be_visible()
