"""The write-only form on a council tablet: three languages, plain words, nothing left behind."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.browser import DESK, PHONE
from tests.support.waiting import until
from tests.web.kiosk.conftest import SEND, Center, NewTablet, fill, fill_adult_without_age, registered

pytestmark = pytest.mark.browser

DIFFICULT = "<b>訓練</b> & 太郎"


def test_a_person_registers_and_takes_number_and_code(form: Page, center: Center):
    fill(form)
    form.check("#skills input[value=nurse]")
    form.select_option("#licence", "ordinary")
    form.select_option("#vehicle", "truck")
    form.check("#driver")
    form.select_option("#seats", "1")
    form.fill("#health", "花粉症")
    form.click(SEND)
    expect(form.locator("#done-number")).to_have_text("001")
    expect(form.locator("#done")).to_contain_text("帰るときも同じものを使います")
    code = form.locator("#done-code")
    expect(code).to_be_visible()
    assert form.evaluate("document.querySelector('#done-code').naturalWidth") > 0
    (kept,) = registered(center)
    command_id = kept.pop("command_id")
    assert len(command_id) == 36
    assert command_id[14] == "4"
    assert kept == {
        "name": "訓練 太郎",
        "kana": "くんれん たろう",
        "phone": "000-0000-0000",
        "age": 46,
        "birth_date": None,
        "guardian_name": "",
        "guardian_phone": "",
        "guardian_consents": False,
        "emergency_name": "見本 花子",
        "emergency_phone": "000-0000-0001",
        "insurance": "disaster",
        "health_ok": True,
        "health": "花粉症",
        "skills": ["nurse"],
        "licence": "普通",
        "vehicle": "truck",
        "driver": True,
        "truck": True,
        "seats": 1,
        "language": "ja",
    }


def test_the_code_on_the_screen_is_the_one_that_was_given_out(form: Page, center: Center):

    fill(form)
    form.click(SEND)
    expect(form.locator("#done-code")).to_be_visible()

    picture = Image.open(io.BytesIO(form.locator("#done-code").screenshot()))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [center.cards[1]]


@pytest.mark.parametrize(
    ("button", "title", "problem", "insurance"),
    [
        ("日本語", "ボランティア登録", "氏名を入力してください。", "分からない"),
        (
            "やさしい日本語",
            "ボランティアの 登録（とうろく）",
            "名前（なまえ）を 書（か）いてください。",
            "わからない",
        ),
        ("English", "Volunteer registration", "Please write your name.", "I do not know"),
    ],
)
def test_three_languages_and_what_was_typed_stays(
    form: Page, center: Center, *, button: str, title: str, problem: str, insurance: str
):
    fill(form, name="")
    form.check("#skills input[value=carpenter]")
    form.click(SEND)
    form.get_by_role("button", name=button, exact=True).click()
    expect(form.locator("h1")).to_have_text(title)
    expect(form.locator("#problems-list")).to_have_text(problem)
    expect(form.locator("[data-field=name] .field-problem")).to_have_text(problem)
    expect(form.locator("#insurance")).to_contain_text(insurance)
    assert form.input_value("#kana") == "くんれん たろう"
    assert form.is_checked("#skills input[value=carpenter]")
    form.fill("#name", "訓練 太郎")
    expect(form.locator(".field-problem")).to_have_count(0)
    form.click(SEND)
    expect(form.locator("#done-number")).to_have_text("001")
    assert registered(center)[0]["skills"] == ["carpenter"]


def test_an_empty_form_names_each_field_and_sends_nothing(form: Page, center: Center):
    form.click(SEND)
    fields = [
        each.get_attribute("data-field") for each in form.locator("[data-field]:has(.field-problem)").all()
    ]
    assert fields == [
        "name",
        "kana",
        "phone",
        "age",
        "emergency_name",
        "emergency_phone",
        "insurance",
        "health",
    ]
    assert form.evaluate("document.activeElement.id") == "problems"
    form.locator("#problems-list a").nth(2).click()
    assert form.evaluate("document.activeElement.id") == "phone"
    assert registered(center) == []


def test_what_cannot_be_is_said_at_its_field(form: Page, center: Center):
    for field, value, words in (
        ("kana", "kunren", "ひらがな か カタカナ"),
        ("phone", "12-34", "10けたか11けた"),
        ("age", "146", "年齢"),
        ("age", "四十", "年齢"),
        ("name", "訓練\u202e太郎", "使えない文字"),
        ("emergency_name", "見本\u200b花子", "使えない文字"),
        ("emergency_phone", "0", "緊急連絡先の電話番号"),
    ):
        fill(form, **{field: value})
        form.click(SEND)
        expect(form.locator(f"[data-field={field}] .field-problem")).to_contain_text(words)
        expect(form.locator(".field-problem")).to_have_count(1)
    assert registered(center) == []


BIRTHS = (
    ("showa", ("33", "4", "5"), "1958-04-05"),
    ("showa", ("64", "1", "7"), "1989-01-07"),
    ("showa", ("64", "1", "8"), None),
    ("heisei", ("１", "1", "8"), "1989-01-08"),
    ("reiwa", ("1", "4", "30"), None),
    ("ce", ("1980", "2", "29"), "1980-02-29"),
    ("ce", ("1980", "2", "30"), None),
    ("ce", ("2080", "2", "3"), None),
)


def test_birth_dates_as_people_say_them(form: Page, center: Center):
    for era, date, iso in BIRTHS:
        before = len(registered(center))
        form.check("input[name=age_by][value=birth]")
        fill_adult_without_age(form)
        form.select_option("#era", era)
        for name, value in zip(("birth_year", "birth_month", "birth_day"), date, strict=True):
            form.fill(f"#{name}", value)
        form.click(SEND)
        if iso is None:
            expect(form.locator("[data-field=age] .field-problem")).to_contain_text("生年月日")
            assert len(registered(center)) == before
            form.locator("#clear").click()
        else:
            expect(form.locator("#done-number")).to_have_text(f"{before + 1:03}")
            assert (registered(center)[-1]["birth_date"], registered(center)[-1]["age"]) == (iso, None)
            form.locator("#next").click()


@pytest.mark.parametrize(("month", "minor"), [("7", False), ("8", True)])
def test_a_minor_needs_a_guardian_from_the_day_on_which_they_are_not_yet_of_age(
    form: Page, center: Center, month: str, minor: bool
):
    """The day is 2026-07-30: who was born on 2008-07-30 is of age today, a month later is not."""
    form.check("input[name=age_by][value=birth]")
    fill_adult_without_age(form)
    for name, value in (("birth_year", "2008"), ("birth_month", month), ("birth_day", "30")):
        form.fill(f"#{name}", value)
    expect(form.locator("#guardian")).to_be_visible(visible=minor)
    form.click(SEND)
    if minor:
        expect(form.locator(".field-problem")).to_have_count(3)
        form.fill("#guardian_name", "訓練 花子")
        form.fill("#guardian_phone", "000-0000-0002")
        form.check("#guardian_consents")
        form.click(SEND)
    expect(form.locator("#done-number")).to_have_text("001")
    assert registered(center)[0]["guardian_consents"] is minor


def test_the_servers_problems_stand_at_their_fields(form: Page, center: Center):
    told = [
        {
            "code": "x",
            "field": "phone",
            "message": "この番号は使えません。",
            "hint": "もう一度確かめてください。",
        },
        {"code": "y", "message": "きょうの登録は終わりました。"},
    ]
    center.control(problems=told)
    fill(form, name=DIFFICULT)
    form.click(SEND)
    expect(form.locator("[data-field=phone] .field-problem")).to_have_text(
        "この番号は使えません。 もう一度確かめてください。"
    )
    expect(form.locator("#problems-list")).to_contain_text("きょうの登録は終わりました。")
    assert form.input_value("#name") == DIFFICULT, "nothing that was typed is lost"
    center.control(problems=None)
    form.fill("#phone", "000-0000-0009")
    form.click(SEND)
    expect(form.locator("#done-number")).to_have_text("001")
    assert registered(center)[0]["name"] == DIFFICULT


def test_the_servers_problems_follow_the_language(form: Page, center: Center):
    words = {
        "ja": {"message": "電話番号が正しくありません。", "hint": "書き直してください。"},
        "easy": {"message": "電話番号（でんわばんごう）が ちがいます。", "hint": ""},
        "en": {"message": "The phone number is not right.", "hint": "Please write it again."},
    }
    told = [{"code": "form-phone", "column": "phone", **words["en"], "words": words}]
    center.control(problems=told)
    fill(form, kana="Kunren")
    form.get_by_role("button", name="English").click()
    form.click(SEND)
    problem = form.locator("[data-field=phone] .field-problem")
    expect(problem).to_have_text("The phone number is not right. Please write it again.")
    form.get_by_role("button", name="やさしい日本語").click()
    expect(problem).to_have_text("電話番号（でんわばんごう）が ちがいます。")
    form.get_by_role("button", name="日本語", exact=True).click()
    expect(problem).to_have_text("電話番号が正しくありません。 書き直してください。")


def test_without_the_server_the_screen_says_so_and_sends_by_itself_later(form: Page, center: Center):
    fill(form)
    center.kill()
    form.click(SEND)
    expect(form.locator("#unsent")).to_contain_text("まだ登録できていません")
    center.start()
    expect(form.locator("#done-number")).to_have_text("001", timeout=30_000)
    assert len(registered(center)) == 1


def test_a_lost_answer_makes_one_person_and_a_changed_paper_another(form: Page, center: Center):
    center.control(lose_registrations=True)
    fill(form)
    form.click(SEND)
    expect(form.locator("#unsent")).to_be_visible()
    form.get_by_role("button", name="入力にもどる").click()
    assert form.input_value("#name") == "訓練 太郎"
    center.control(lose_registrations=None)
    form.click(SEND)
    expect(form.locator("#done-number")).to_have_text("001")
    assert len(registered(center)) == 1
    form.get_by_role("button", name="つぎの人").click()
    center.control(lose_registrations=True)
    fill(form)
    form.click(SEND)
    until(lambda: len(registered(center)) == 2, what="the second, same content but another person")
    expect(form.locator("#unsent")).to_be_visible()
    form.get_by_role("button", name="入力にもどる").click()
    form.fill("#name", "訓練 次郎")
    center.control(lose_registrations=None)
    form.click(SEND)
    expect(form.locator("#done-number")).to_have_text("003")
    assert [each["name"] for each in registered(center)] == ["訓練 太郎", "訓練 太郎", "訓練 次郎"]


def test_a_cut_off_tablet_cannot_register_and_an_enrolled_one_says_who_it_is(
    new_tablet: NewTablet, center: Center
):
    page = new_tablet()
    page.goto(f"{center.url}/register/")
    fill(page)
    page.click(SEND)
    expect(page.locator("#done-number")).to_have_text("001")
    (bearer,) = center.rows("SELECT bearer FROM registration")
    assert bearer[0].startswith("Bearer credential-CODE-")
    page.locator("#next").click()
    center.control(cut_off=True)
    fill(page)
    page.click(SEND)
    expect(page.locator("#problems-list")).to_contain_text("この端末からは登録できません")
    assert page.input_value("#name") == "訓練 太郎"


def test_a_drill_is_seen_on_the_form(form: Page, center: Center):
    center.control(drill="秋の設置訓練")
    form.reload()
    expect(form.locator("#drill-banner")).to_have_text("訓練：秋の設置訓練")
    expect(form.locator("#drill-mark")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["日本語", "やさしい日本語", "English"])
def test_nothing_is_wider_than_the_screen(
    new_context: Callable[..., BrowserContext], center: Center, size: Any, language: str
):
    page = new_context(size=size).new_page()
    page.goto(f"{center.url}/register/")
    page.get_by_role("button", name=language, exact=True).click()
    page.fill("#age", "12")
    page.select_option("#vehicle", "car")
    page.click(SEND)
    expect(page.locator("#guardian")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
