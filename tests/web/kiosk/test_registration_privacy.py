"""Nobody's data stays on a tablet that stands alone, and nothing that a person has sent is thrown away."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.kiosk.conftest import SEND, Center, fill

pytestmark = pytest.mark.browser


def values(page: Page) -> str:
    """Everything that a person's hand has left in the page."""
    found: str = page.evaluate(
        """() => [...document.querySelectorAll("input, textarea")]
            .map((each) => (each.type === "radio" || each.type === "checkbox" ? "" : each.value)).join("")
            + document.body.innerText"""
    )
    return found


def test_the_next_person_finds_an_empty_form_in_japanese(form: Page):
    form.get_by_role("button", name="English").click()
    fill(form)
    form.click(SEND)
    expect(form.locator("#done-number")).to_have_text("001")
    assert "訓練 太郎" not in values(form), "cleared as soon as it was sent"
    form.locator("#next").click()
    expect(form.locator("h1")).to_have_text("ボランティア登録")
    assert form.locator("#done-number").inner_text() == ""
    assert form.locator("#done-code").get_attribute("src") is None
    assert not form.is_checked("#health_ok")
    form.go_back()
    form.go_forward()
    assert "訓練" not in values(form).replace("訓練：", "")


def idle_form(new_context: Callable[..., BrowserContext], center: Center) -> Page:
    page = new_context().new_page()
    page.clock.install()
    page.goto(f"{center.url}/register/")
    expect(page.locator("#skills label")).to_have_count(3)
    return page


def test_two_minutes_without_a_touch_clear_the_form_with_a_countdown(
    new_context: Callable[..., BrowserContext], center: Center
):
    page = idle_form(new_context, center)
    page.clock.run_for(200_000)
    expect(page.locator("#idle")).to_be_hidden()
    page.fill("#name", "訓練 太郎")
    page.clock.run_for(85_000)
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.run_for(10_000)
    expect(page.locator("#idle-text")).to_contain_text("秒で、入力した内容を消します")
    page.get_by_role("button", name="続ける").click()
    expect(page.locator("#idle")).to_be_hidden()
    assert page.input_value("#name") == "訓練 太郎"
    page.clock.run_for(119_000)
    expect(page.locator("#idle")).to_be_visible()
    page.clock.run_for(2_000)
    expect(page.locator("#idle")).to_be_hidden()
    assert page.input_value("#name") == ""


def test_number_and_code_leave_the_screen_by_themselves(
    new_context: Callable[..., BrowserContext], center: Center
):
    page = idle_form(new_context, center)
    fill(page)
    page.click(SEND)
    expect(page.locator("#done-code")).to_be_visible()
    page.clock.run_for(122_000)
    expect(page.locator("#done")).to_be_hidden()
    assert page.locator("#done-code").get_attribute("src") is None


def test_what_could_not_be_sent_is_covered_but_not_thrown_away(
    new_context: Callable[..., BrowserContext], center: Center
):
    page = idle_form(new_context, center)
    fill(page)
    center.kill()
    page.click(SEND)
    expect(page.locator("#unsent")).to_be_visible()
    assert "訓練 太郎" not in page.locator("body").inner_text()
    page.clock.run_for(300_000)
    expect(page.locator("#unsent")).to_be_visible()
    center.start()
    page.clock.fast_forward(16_000)  # as a sleeping tablet: the next try is due, its own time limit is not
    expect(page.locator("#done-number")).to_have_text("001")
