"""現地調査 and 予定電話 in the browser: a town becomes a round, and two people telephone from one list."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import DESK, PHONE, NewContext, shot
from tests.support.people import PASSWORD, go
from tests.support.server import NewProgram, Program
from tests.walk.walk_center import NOBODY, Walk, choose, is_pdf, settled, today, visible

pytestmark = pytest.mark.browser

TOWNS = ("本町一丁目", "本町一丁目", "前原町四丁目")


@pytest.fixture
def walk(
    program: Program, desk: Page, new_context: NewContext, new_program: NewProgram, tmp_path: Path
) -> Walk:
    """A center with three houses that wait for a survey, and a fourth whose visit nobody agreed to."""
    walk = Walk(program, desk, new_context, new_program, tmp_path).begin()
    places = walk.cli("geocode", *(f"小金井市{town}" for town in TOWNS))["results"]
    for n, (town, place) in enumerate(zip(TOWNS, places, strict=True), 1):
        spot = {key: place[key] for key in ("lat", "lng", "city_code")} | {"match_level": place["level"]}
        _receive(walk, n, town, spot)
    need = _receive(walk, 4, "緑町一丁目", {})
    walk.do("need.make_ready", need_id=need, reason="外の作業だけ")
    day = (today() + timedelta(days=1)).isoformat()
    walk.do("visit.plan", need_id=need, day=day, band="am", people_min=3, people_max=5)
    return walk


def _receive(walk: Walk, n: int, town: str, place: dict[str, object]) -> str:
    site = {
        "id": NOBODY,
        "name": f"架空 {n}美",
        "phone": f"000-0000-{n:04d}",
        "address": f"{town}0番",
        "town": town,
        "trouble": "家財を運び出したい",
        "contact_time": "夕方",
        "second_name": "見本 民生",
        "second_phone": f"000-1111-{n:04d}",
        "second_relation": "民生委員",
    }
    return str(walk.do("need.receive", site=site, place=place)["entries"][1]["subject_id"])


def colleague(page: Page, walk: Walk) -> None:
    """A second person of the needs desk, with a password of their own."""
    added = walk.cli("user", "add", "denwa", "--name", "訓練 電話", "--role", "needs")
    page.goto(f"{walk.program.ready['url']}/login")
    page.get_by_label("ログイン名").fill("denwa")
    page.get_by_label("パスワード").fill(added["password"])
    page.get_by_role("button", name="ログイン").click()
    page.get_by_role("link", name="パスワードを変える").click()
    page.locator("#old").fill(added["password"])
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.get_by_role("button", name="変える").click()
    expect(page.get_by_role("button", name="ログアウト")).to_be_visible()


def test_a_town_becomes_a_round_on_the_map_and_on_paper(walk: Walk) -> None:
    page = walk.open("needs", "ニーズ")
    walk.tab("現地調査")
    walk.shown("日が決まっていない", 3)
    choose(page, "町", "本町一丁目")
    expect(page.get_by_text("N-003")).to_have_count(0)
    walk.press("まわる日に入れる", "2 軒を")
    walk.shown("あすまわる", 2)
    shot(page, "survey-queue")
    settled(page)
    page.get_by_role("radio", name="まわる日", exact=True).click()
    expect(page.get_by_text("2 軒、結果が入ったもの 0 軒")).to_be_visible()
    assert is_pdf(walk.download("まわり表を印刷する"))
    page.get_by_role("button", name="会えなかった").first.click()
    expect(page.get_by_text("待っている家にもどしました")).to_be_visible()
    expect(page.get_by_text("1 軒、結果が入ったもの 0 軒")).to_be_visible()
    settled(page)
    shot(page, "survey-round")
    page.get_by_role("button", name="結果を入れる").first.click()
    expect(page.get_by_role("heading", name=re.compile("N-00"))).to_be_visible()
    walk.tab("調査・可否")
    page.get_by_text("条件つきで作業できる", exact=True).click()
    walk.press("調査の結果を保存する", "条件が書かれていません")
    visible(page.get_by_label("条件（")).fill("塀の側を通らない")
    walk.press("調査の結果を保存する", "の調査を保存しました")
    shot(page, "survey-answer", full=True)
    page.set_viewport_size(PHONE)
    settled(page)
    shot(page, "survey-answer-phone")


def test_two_people_telephone_from_one_list(walk: Walk, new_context: NewContext) -> None:
    other = new_context(size=DESK).new_page()
    colleague(other, walk)
    page = walk.open("needs", "ニーズ")
    walk.tab("予定電話")
    page.get_by_text(re.compile("調査の日")).first.click()
    expect(page.get_by_text("のこり 3 件")).to_be_visible()
    walk.press("つぎの家にかける", "この家にかけてください")
    expect(page.get_by_role("heading", name=re.compile("N-001"))).to_be_visible()
    shot(page, "call-in-hand", full=True)
    go(other, walk.program, "needs", "ニーズ")
    other.get_by_role("tab", name="予定電話", exact=True).click()
    settled(other)
    other.get_by_text(re.compile("調査の日")).first.click()
    expect(other.get_by_text("が電話中").first).to_be_visible()
    settled(other)
    other.get_by_role("button", name="つぎの家にかける", exact=True).click()
    expect(other.get_by_role("heading", name=re.compile("N-002"))).to_be_visible()
    other.get_by_role("button", name="つながらない", exact=True).click()
    expect(other.get_by_text("つながらなかったことを記録しました")).to_be_visible()
    expect(other.get_by_text("1回つながらない")).to_be_visible()
    # A reload of the page does not lose the household that is being called.
    page.reload()
    walk.tab("予定電話")
    expect(page.get_by_role("heading", name=re.compile("N-001"))).to_be_visible()
    settled(page)
    page.get_by_text(re.compile("調査の日")).first.click()
    walk.press("結果を記録する", "の電話を記録しました")
    expect(page.get_by_text("のこり 2 件")).to_be_visible()
    settled(page)
    page.get_by_text(re.compile("訪問の了承")).first.click()
    expect(page.get_by_text("のこり 1 件")).to_be_visible()
    assert is_pdf(walk.download("この一覧を印刷する"))
    walk.press("つぎの家にかける", "この家にかけてください")
    page.get_by_text("来なくてよい（取りやめ）", exact=True).click()
    walk.press("結果を記録する", "理由")
    visible(page.get_by_label("理由（必須）")).fill("親類が片付けた")
    walk.press("結果を記録する", "の電話を記録しました")
    expect(page.get_by_text("この電話は、いま全部終わっています。")).to_be_visible()
    page.set_viewport_size(PHONE)
    settled(page)
    shot(page, "call-desk-phone")
