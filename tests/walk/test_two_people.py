"""Two people, one record: who presses second sees what the first one did; nothing is overwritten."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import DESK, NewContext, shot
from tests.support.people import go, log_in
from tests.support.server import NewProgram, Program
from tests.walk.walk_center import NOBODY, Walk, settled

LONG = 40_000
SITE = {
    "id": NOBODY,
    "name": "架空 一郎",
    "phone": "000-0000-0001",
    "address": "本町一丁目0番",
    "trouble": "片付け",
}
PERSON = {"id": NOBODY, "name": "訓練 花子", "kana": "くんれん はなこ", "phone": "000-0000-1110"}


@pytest.fixture
def walk(
    program: Program, desk: Page, new_context: NewContext, new_program: NewProgram, tmp_path: Path
) -> Walk:
    """A center with one volunteer and one need."""
    walk = Walk(program, desk, new_context, new_program, tmp_path).begin()
    walk.do("volunteer.register", person=PERSON, traits={"insurance": "disaster", "insurance_seen": True})
    walk.do("need.receive", site=SITE)
    return walk


@pytest.fixture
def other(walk: Walk, new_context: NewContext) -> Page:
    """A second browser of the same center."""
    page = new_context(size=DESK).new_page()
    log_in(page, walk.program)
    return page


def _found(page: Page, program: Program) -> None:
    go(page, program, "reception", "受付")
    page.get_by_label("番号・ふりがな・電話でさがす").fill("1")
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_text("登録を直す・カード").click()
    expect(page.get_by_label("緊急連絡先の氏名").first).to_be_visible(timeout=LONG)


def test_a_registration(walk: Walk, other: Page) -> None:
    for page in (walk.page, other):
        _found(page, walk.program)
    walk.page.get_by_label("電話", exact=True).first.fill("000-0000-2220")
    walk.page.get_by_role("button", name="確かめて保存する").click()
    expect(walk.page.get_by_text("1 番の登録を保存しました。")).to_be_visible(timeout=LONG)
    other.get_by_label("緊急連絡先の氏名").first.fill("訓練 親")
    other.get_by_role("button", name="確かめて保存する").click()
    expect(other.get_by_text("あなたが開いたあとで、ほかの人が変えました。")).to_be_visible(timeout=LONG)
    expect(other.get_by_text("電話：000-0000-1110 → 000-0000-2220")).to_be_visible()
    expect(other.get_by_label("緊急連絡先の氏名").first).to_have_value("訓練 親")
    shot(other, "two-registration")
    other.get_by_role("button", name="わたしの内容で続ける").click()
    expect(other.get_by_text("あなたが開いたあとで")).to_have_count(0, timeout=LONG)
    settled(other)
    other.get_by_label("電話", exact=True).first.fill("000-0000-2220")
    other.get_by_role("button", name="確かめて保存する").click()
    expect(other.get_by_text("1 番の登録を保存しました。")).to_be_visible(timeout=LONG)


def _need(page: Page, program: Program) -> None:
    go(page, program, "needs", "ニーズ")
    page.get_by_role("tab", name="一覧").click()
    page.get_by_role("button", name=re.compile("架空 一郎")).click()
    page.get_by_role("tab", name="調査・可否").click()
    expect(page.get_by_text("現地調査の結果")).to_be_visible(timeout=LONG)
    settled(page)


def _surveyed(page: Page, people: int, reason: str) -> None:
    page.get_by_text("作業できる", exact=True).click()
    page.get_by_label("必要な人数").fill(str(people))
    page.get_by_label(re.compile("理由（見たこと")).fill(reason)
    page.get_by_role("button", name="調査の結果を保存する").click()


def test_a_survey_that_another_person_has_entered_meanwhile(walk: Walk, other: Page) -> None:
    for page in (walk.page, other):
        _need(page, walk.program)
    _surveyed(walk.page, 3, "庭の泥、三人で半日")
    expect(walk.page.get_by_text("の調査を保存しました。")).to_be_visible(timeout=LONG)
    _surveyed(other, 5, "庭と玄関の泥")
    expect(other.get_by_text("ほかの人が先に変えました。")).to_be_visible(timeout=LONG)
    said = other.get_by_test_id("stAlert").first
    expect(said).to_contain_text("訓練 太郎")
    expect(said).to_contain_text("調査")
    expect(other.get_by_label(re.compile("理由（見たこと"))).to_have_value("庭と玄関の泥")
    shot(other, "two-survey")
    # Having seen it, they may go on: what they press now speaks of what stands now.
    other.get_by_role("button", name="調査の結果を保存する").click()
    expect(other.get_by_text("の調査を保存しました。")).to_be_visible(timeout=LONG)
