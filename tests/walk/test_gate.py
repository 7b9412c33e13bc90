"""安全ゲート in Chromium: a house turns red where a team is; it is called back, and the house is judged."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NewContext, shot
from tests.support.server import NewProgram, Program
from tests.walk.walk_center import NOBODY, Walk, settled, soon, today, visible

TOWN = "本町一丁目"
PHONE = "000-0000-0007"


@pytest.fixture
def walk(
    program: Program, desk: Page, new_context: NewContext, new_program: NewProgram, tmp_path: Path
) -> Walk:
    """A center with a team at one house, and a second house whose address the list writes otherwise."""
    walk = Walk(program, desk, new_context, new_program, tmp_path).begin()
    people = [register(walk, n) for n in range(4)]
    needs = [receive(walk, f"{TOWN}2番3号", 1), receive(walk, f"{TOWN}2番8号 見本荘101", 2)]
    walk.do("need.make_ready", need_id=needs[0], reason="緑で軽い被害")
    plan = {"day": today().isoformat(), "band": "day", "people_min": 3, "people_max": 5}
    visit = walk.do("visit.plan", need_id=needs[0], **plan)["entries"][0]["subject_id"]
    walk.do("visit.call", visit_id=visit, agreed="yes")
    team = walk.do("team.confirm", visit_id=visit, leader_id=people[0], member_ids=people)
    team_id = next(e["subject_id"] for e in team["entries"] if e["kind"] == "team.confirmed")
    walk.do("team.depart", team_id=team_id, expected_return_at=soon(hours=3))
    return walk


def register(walk: Walk, n: int) -> str:
    person = {"id": NOBODY, "name": f"訓練 {n}郎", "phone": PHONE if n == 0 else f"000-0000-000{n}"}
    traits = {"insurance": "disaster", "insurance_seen": True, "leader_able": n == 0}
    made = walk.do("volunteer.register", person=person, traits=traits)
    volunteer: str = next(e["subject_id"] for e in made["entries"] if e["kind"] == "volunteer.registered")
    walk.do("attendance.record", act="arrive", volunteer_id=volunteer)
    walk.do("attendance.admit", volunteer_id=volunteer, day=today().isoformat())
    return volunteer


def receive(walk: Walk, address: str, n: int) -> str:
    place = walk.cli("geocode", f"小金井市{address}")["results"][0]
    spot = {key: place[key] for key in ("lat", "lng", "city_code")} | {"match_level": place["level"]}
    site = {
        "id": NOBODY,
        "name": f"架空 {n}美",
        "phone": f"000-0000-010{n}",
        "address": address,
        "town": place["town"],
        "trouble": "家財を運び出したい",
    }
    details = {"works": ["clear-house"], "hazard": "green"}
    made = walk.do("need.receive", site=site, details=details, place=spot)
    need: str = made["entries"][1]["subject_id"]
    return need


def red_list(folder: Path) -> Path:
    text = io.StringIO()
    day = (today() - timedelta(days=1)).isoformat().replace("-", "/")
    csv.writer(text).writerows(
        [
            ["応急危険度判定 結果一覧（訓練）", "", "", "", ""],
            ["所在地", "判定", "種類", "判定理由", "判定日"],
            ["東京都小金井市本町1-2-3", "危険（赤）", "建物", "一階の柱が大きくかたむいている", day],
            ["小金井市本町1-2-8", "要注意（黄）", "建物", "外壁のひび", day],
            ["小金井市緑町2-4-5", "赤", "建物", "土台のずれ", day],
            ["小金井市東町4-1-2", "半壊", "建物", "", day],
        ]
    )
    path = folder / "赤の名簿.csv"
    path.write_bytes(text.getvalue().encode("cp932"))
    return path


@pytest.mark.timeout(600)
def test_a_house_turns_red_while_a_team_is_there(walk: Walk) -> None:
    page = walk.page
    the_list_comes(walk)
    walk.open("", "状況")
    expect(page.get_by_text("班 1 を呼び戻す")).to_be_visible()
    expect(page.get_by_text(PHONE)).to_be_visible()
    walk.look("recall-status", url="", title="状況")
    the_team_is_called_back(walk)
    the_house_is_judged(walk)
    the_other_house_is_asked_about(walk)
    a_new_call_from_a_listed_house(walk)


def the_list_comes(walk: Walk) -> None:
    page = walk.open("imports", "名簿の取り込み")
    visible(page.get_by_text("貼り紙（応急危険度判定）の名簿")).click()
    page.locator("input[type=file]").set_input_files(red_list(walk.folder))
    expect(page.get_by_text("この内容で取り込む")).to_be_visible()
    walk.shown("新しい", 3)
    walk.shown("わけて残す", 1)
    settled(page)
    shot(page, "gate-import-desk", full=True)
    walk.press("この内容で取り込む", "取り込みました。新しい 3")
    expect(page.get_by_text("同じ家かもしれない紙が 1 枚")).to_be_visible()
    shot(page, "gate-import-done-desk", full=True)


def the_team_is_called_back(walk: Walk) -> None:
    page = walk.open("dispatch", "送り出し・帰着")
    expect(page.get_by_text("班 1 を呼び戻す")).to_be_visible()
    walk.look("recall-dispatch", url="dispatch", title="送り出し・帰着")
    visible(page.get_by_text("つながらない", exact=True)).click()
    walk.press("班 1 への電話を記録する", "班 1 への電話を記録しました")
    expect(page.get_by_text("電話 1 回、つながらない")).to_be_visible()
    visible(page.get_by_text("つながった。作業を止めて")).click()
    page.get_by_label("話したこと").fill("すぐ家から出る")
    walk.press("班 1 への電話を記録する", "班 1 への電話を記録しました")
    expect(page.get_by_text("班 1 を呼び戻す")).to_have_count(0)


def the_house_is_judged(walk: Walk) -> None:
    """On the card: why it is shut, who lives there, one more paper, the check, the chief's release."""
    page = walk.open("needs", "ニーズ")
    walk.tab("一覧")
    expect(page.get_by_text("立入不可・赤紙")).to_be_visible()
    shot(page, "gate-list-desk")
    visible(page.get_by_role("button", name=re.compile("N-001"))).click()
    expect(page.get_by_role("heading", name=re.compile("N-001"))).to_be_visible()
    walk.tab("調査・可否")
    expect(page.get_by_text("立ち入り：入れない（危険）").first).to_be_visible()
    expect(page.get_by_text("【名簿から】").first).to_be_visible()
    settled(page)
    shot(page, "gate-card-desk", full=True)
    walk.press("住んでいる", "「住んでいる」と記録しました")
    walk.tab("調査・可否")
    visible(page.get_by_text("貼り紙を記録する", exact=True)).click()
    walk.press("貼り紙を保存する", "貼り紙の色が選ばれていません")
    walk.tab("調査・可否")
    visible(page.get_by_text("倒れる物（A4）", exact=True)).click()
    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name="貼り紙を保存する"))
    form.get_by_text("黄（要注意）", exact=True).click()
    page.get_by_label("紙に書かれた理由").fill("ブロック塀")
    walk.press("貼り紙を保存する", "貼り紙を記録し")
    walk.tab("調査・可否")
    visible(page.get_by_text("確認を記録する", exact=True)).click()
    expect(page.get_by_label("見た人の名前")).to_be_visible()
    settled(page)
    shot(page, "gate-check-desk", full=True)
    checks = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name="確認を保存する"))
    for safe in checks.get_by_text("だいじょうぶ", exact=True).all():
        safe.click()
    page.get_by_label("見た人の名前").fill("見本 建築士")
    page.get_by_label("見たこと", exact=True).fill("柱に添え木をした。玄関までは安全")
    walk.press("確認を保存する", "の確認を記録しました")
    walk.tab("調査・可否")
    page.get_by_label("解除の理由").fill("建築士と見た。玄関まで")
    walk.press("訓練 太郎 の名前で解除する", "保留を解除しました")
    expect(page.get_by_text("立ち入り：条件つきで入れる").first).to_be_visible()
    walk.tab("調査・可否")
    settled(page)
    shot(page, "gate-released-desk", full=True)


def the_other_house_is_asked_about(walk: Walk) -> None:
    page = walk.open("needs", "ニーズ")
    walk.tab("貼り紙")
    expect(page.get_by_text("同じ家かもしれません")).to_be_visible()
    page.get_by_label("住所の一部").fill("緑町")
    page.keyboard.press("Enter")
    expect(page.get_by_text("土台のずれ")).to_be_visible()
    settled(page)
    shot(page, "gate-papers-desk", full=True)
    walk.look("papers", url="needs", title="ニーズ", tab="貼り紙")
    walk.press("この家の紙にする", "N-002 の家の紙にしました")
    need = walk.rows("needs.list", operation_id=walk.day()["operation_id"])[0]["lines"][0]["need"]
    assert (need["number"], need["gate"], need["graded"]) == (2, "held", "yellow")


def a_new_call_from_a_listed_house(walk: Walk) -> None:
    page = walk.open("needs", "ニーズ")
    walk.fill(氏名="架空 三美")
    page.get_by_label("電話（必須）").fill("000-0000-0103")
    page.get_by_label("場所（必須）").fill("小金井市緑町二丁目4番5号")
    page.get_by_label("困りごと").fill("家財を出したい")
    walk.press("重複と場所を調べる", "この住所には貼り紙の記録があります")
    shot(page, "gate-intake-desk", full=True)
    walk.press("受け付ける", "この住所には貼り紙があります。立ち入り：入れない")
