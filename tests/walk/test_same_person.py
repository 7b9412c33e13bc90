"""On the screen: 要確認 worked off with all answers, a merge made and undone, two people on one item."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import PHONE, NewContext, shot
from tests.support.people import go
from tests.support.server import NewProgram, Program
from tests.walk.walk_center import NOBODY, Walk, settled, visible

SEARCH = "番号・ふりがな・電話でさがす"
INSURED = {"insurance": "disaster", "insurance_seen": True}


@pytest.fixture
def walk(
    program: Program, desk: Page, new_context: NewContext, new_program: NewProgram, tmp_path: Path
) -> Walk:
    """A center with three pairs of registrations that look alike, and scans of a number that nobody has."""
    walk = Walk(program, desk, new_context, new_program, tmp_path).begin()
    for n, (name, kana) in enumerate(
        (("訓練 花子", "くんれん はなこ"), ("見本 三郎", "みほん さぶろう"), ("架空 四葉", "かくう よつば"))
    ):
        for more in ({"note": "午前だけ"}, {"emergency_name": "訓練 親", "age": 34}):
            person = {"id": NOBODY, "name": name, "kana": kana, "phone": f"000-0000-111{n}", **more}
            walk.do("volunteer.register", person=person, traits=INSURED)
    for number in (91, 92, 93):
        walk.do("attendance.scan", act="arrive", number=number)
    return walk


def opened(walk: Walk, words: str, nth: int = 0) -> Any:
    """Press the line of an item."""
    settled(walk.page)
    walk.page.get_by_role("button", name=words).nth(nth).click()
    settled(walk.page)


def told(walk: Walk, words: str) -> None:
    expect(visible(walk.page.get_by_text(words))).to_be_visible()


def looked(walk: Walk, name: str) -> None:
    """Keep the whole page: the window is made as high as its content for a moment."""
    high(walk.page, f"same-{name}-desk", 1024)


def high(page: Page, name: str, width: int) -> None:
    settled(page)
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 2200})
    settled(page)
    shot(page, name)
    if before is not None:
        page.set_viewport_size(before)


def test_the_list_is_worked_off_and_a_merge_is_made_and_undone(walk: Walk) -> None:
    walk.open("status", "状況")
    told(walk, "要確認が 6 件あります")
    looked(walk, "status")
    walk.open("review", "要確認")
    looked(walk, "list")
    # Same.
    opened(walk, "同じ人かもしれません")
    looked(walk, "pair")
    walk.press("同じ人として統合する", "統合済み 002 → 001")
    # Another person, with a reason; without one nothing is settled.
    opened(walk, "同じ人かもしれません")
    walk.press("別の人として残す（もう聞きません）", "理由が書かれていません")
    walk.fill(別の人だと分かった理由="親子で、電話が同じ")
    walk.press("別の人として残す（もう聞きません）", "別の人として残しました")
    # Later: it stays.
    opened(walk, "同じ人かもしれません")
    walk.page.get_by_role("button", name="あとで決める（要確認に残ります）").click()
    settled(walk.page)
    expect(walk.page.get_by_role("button", name="同じ人かもしれません")).to_have_count(1)
    # A scan of a person who is found by kana, and one that nobody knows.
    opened(walk, "その番号の人はいません")
    walk.press("わたしが見ます", "あなたの担当にしました")
    walk.fill(**{SEARCH: "くんれん"})
    walk.page.keyboard.press("Enter")
    settled(walk.page)
    looked(walk, "scan")
    walk.press("001 訓練 花子（統合済み 002） の記録にする", "001 番の記録にして、受け入れました")
    opened(walk, "その番号の人はいません")
    walk.fill(別のものとして残す理由="見学の人が押した")
    walk.press("別のものとして残す", "別のものとして残しました")
    told(walk, "2 件あります。")
    assert walk.counts()["present"] == 1
    # Either number leads to the person; the undo gives the number back.
    walk.open("reception", "受付")
    walk.fill(**{SEARCH: "2"})
    walk.page.keyboard.press("Enter")
    told(walk, "統合済み 002 → 001")
    walk.page.get_by_text("同じ人の登録・統合のとりけし").click()
    undo = walk.page.get_by_role("button", name="002 の統合をとりけす")
    expect(undo).to_be_visible()
    settled(walk.page)
    undo.scroll_into_view_if_needed()
    looked(walk, "found")
    walk.fill(とりけす理由="本人に聞いたら、いとこだった")
    walk.press("002 の統合をとりけす", "統合をとりけしました")
    expect(walk.page.get_by_text("統合済み 002 → 001")).to_have_count(0)
    looked(walk, "undone")
    walk.open("chronology", "クロノロジー")
    told(walk, "統合をとりけして、もとの登録に戻した")
    looked(walk, "chronology")


def test_at_the_desk_it_is_asked_with_the_registration(walk: Walk) -> None:
    walk.open("reception", "受付")
    walk.tab("新しく登録")
    walk.fill(**{"氏名（必須）": "訓練 桜", "ふりがな": "くんれん はなこ", "電話": "000-0000-1110"})
    walk.press("登録してカードを出す", "登録しました。")
    told(walk, "いま登録した人は、前に登録した人ではありませんか。")
    looked(walk, "desk")
    walk.press("同じ人として統合する", "統合済み 007 → 001")
    expect(walk.page.get_by_text("いま登録した人は")).to_have_count(0)


def test_the_second_of_two_sees_what_the_first_decided_and_keeps_the_text(walk: Walk) -> None:
    known = walk.page.context.storage_state()
    other = walk.new_context(size=PHONE, storage_state=known).new_page()
    go(other, walk.program, "review", "要確認")
    high(other, "same-list-phone", 390)
    other.get_by_role("button", name="その番号の人はいません").first.click()
    high(other, "same-scan-phone", 390)
    walk.open("review", "要確認")
    opened(walk, "その番号の人はいません")
    walk.fill(別のものとして残す理由="見学の人が押した")
    walk.press("別のものとして残す", "別のものとして残しました")
    visible(other.get_by_label("別のものとして残す理由")).fill("番号を聞きまちがえた")
    visible(other.get_by_role("button", name="別のものとして残す", exact=True)).click()
    expect(other.get_by_text("この件は、あなたが書いているあいだに決まりました。")).to_be_visible()
    expect(other.get_by_text("訓練 太郎 さんが")).to_be_visible()
    expect(other.get_by_text("理由：見学の人が押した")).to_be_visible()
    expect(other.get_by_label("あなたが書いた文")).to_have_value("番号を聞きまちがえた")
    high(other, "same-clash-phone", 390)
    other.get_by_role("button", name="読みました").click()
    expect(other.get_by_text("さんが")).to_have_count(0)
    other.get_by_role("button", name="同じ人かもしれません").first.click()
    expect(other.get_by_role("button", name="同じ人として統合する")).to_be_visible()
    high(other, "same-pair-phone", 390)
