"""The people of the walk: a list, the desk, printed cards, and the kiosk with a scanner that types."""

import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from dvc_core.tokens.picture import decode_image
from tests.support.browser import DESK, shot
from tests.support.waiting import until
from tests.walk.walk_center import LONG, NOBODY, Walk, is_pdf, visible

LISTED, REGISTERED = 20, 10
EVERYONE = range(1, LISTED + REGISTERED + 1)
BY_NUMBER = frozenset({5, 15, 25})
"""Those who left their card at home."""
KILLED_BEFORE, BACK_BEFORE = 12, 20
TRIES = 3


def people_come(walk: Walk) -> None:
    """20 by a list and 10 registered; all come through the kiosk; the server is killed in the middle."""
    _list(walk)
    _at_the_desk(walk)
    for n in range(2, REGISTERED):
        traits = {"insurance": "disaster", "insurance_seen": True, "leader_able": n < 7}
        walk.do("volunteer.register", person={"id": NOBODY, "name": f"架空 {n}子"}, traits=traits)
    _cards(walk, [n for n in EVERYONE if n not in BY_NUMBER and n not in walk.cards])
    walk.kiosk = _kiosk(walk)
    for number in EVERYONE:
        if number == KILLED_BEFORE:
            walk.program.kill()
        if number == BACK_BEFORE:
            walk.program.start()
        come(walk, number, provisional=KILLED_BEFORE <= number < BACK_BEFORE)
    shot(walk.kiosk, "walk-kiosk")
    until(lambda: walk.counts()["present"] == len(EVERYONE), seconds=90, what="every scan to be stored")


def _list(walk: Walk) -> None:
    """The list of those who announced themselves, through its page."""
    lines = ["氏名,ふりがな,電話番号,年齢,ボランティア保険,資格・特技"]
    names = [f"見本 {tens}{ones}郎" for tens in ("", "十") for ones in "一二三四五六七八九十"]
    lines += [
        f"{name},みほん,000-0000-{n:04d},{20 + n},天災プラン,普通免許" for n, name in enumerate(names, 1)
    ]
    file = walk.folder / "list.csv"
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    page = walk.open("imports", "名簿の取り込み")
    page.locator("input[type=file]").set_input_files(file)
    walk.shown("新しい", LISTED)
    walk.press("この内容で取り込む", "取り込みました。新しい 20")


def _at_the_desk(walk: Walk) -> None:
    """One who is not yet 18, with a guardian; and one who takes a printed card along."""
    page = walk.open("reception", "受付")
    walk.tab("新しく登録")
    walk.fill(氏名="見本 若葉", ふりがな="みほん わかば", 年齢="16", 保護者の氏名="見本 葉子")
    walk.tick("保護者の同意を確かめた", "加入証を見た")
    walk.choose("ボランティア活動保険", "天災プラン")
    walk.press("登録してカードを出す", "登録しました。")
    picture = page.get_by_test_id("stImage")
    expect(picture).to_be_visible()
    (walk.cards[LISTED + 1],) = decode_image(picture.screenshot())
    walk.look("reception", url="reception", title="受付", tab="新しく登録")

    page = walk.open("reception", "受付")
    walk.tab("新しく登録")
    walk.fill(氏名="架空 運子", ふりがな="かくう はここ", 年齢="44")
    walk.tick("加入証を見た", "リーダーができる", "運転できる（免許証を見た）")
    walk.choose("ボランティア活動保険", "天災プラン")
    walk.press("登録してカードを出す", "登録しました。")
    card = walk.folder / "card.pdf"
    card.write_bytes(walk.download("カードを印刷する（PDF）"))
    ((number, walk.cards[LISTED + 2]),) = _read(walk, card).items()
    assert number == LISTED + 2


def _cards(walk: Walk, numbers: list[int]) -> None:
    """Cards for those who have none yet, printed on sheets and read from them."""
    sheets = walk.folder / "cards.pdf"
    walk.cli("card", "pdf", *map(str, numbers), "--to", str(sheets))
    found = _read(walk, sheets)
    assert sorted(found) == numbers
    walk.cards |= found


def _read(walk: Walk, sheets: Path) -> dict[int, str]:
    """What a scanner reads from printed cards, by the numbers that they belong to."""
    assert is_pdf(sheets.read_bytes())
    subprocess.run(["pdftoppm", "-png", "-r", "100", sheets, sheets.with_suffix("")], check=True)
    pictures = sorted(str(each) for each in sheets.parent.glob(f"{sheets.stem}-*.png"))
    read: list[dict[str, Any]] = walk.cli("scan", *pictures)["results"]
    return {each["number"]: each["payload"] for each in read}


def _kiosk(walk: Walk) -> Page:
    """A tablet that the chief's screen makes a kiosk."""
    page = walk.open("kiosks", "受付端末")
    walk.fill(端末の名前="受付1")
    visible(page.get_by_role("button", name="登録用QRを出す")).click()
    picture = page.get_by_test_id("stImage")
    expect(picture).to_be_visible()
    (address,) = decode_image(picture.screenshot())
    tablet = walk.new_context(size=DESK).new_page()
    tablet.goto(f"{walk.program.ready['url']}/kiosk/#{address.partition('#')[2]}")
    expect(tablet.locator("body[data-status='ready'][data-kept='true']")).to_be_attached(timeout=LONG)
    return tablet


def come(walk: Walk, number: int, *, provisional: bool = False) -> None:
    """One person before the kiosk: the card under the scanner, or the number by hand.

    On a busy machine the keys may stall so long that they are no scanner's any more: then the card is held
    there again, as people do. The verdict is waved away, as the next person does.
    """
    tablet, verdict = walk.kiosk, walk.kiosk.locator("#verdict")
    for _ in range(TRIES):
        tablet.keyboard.type(walk.cards.get(number, str(number)))
        tablet.keyboard.press("Enter")
        expect(verdict).to_be_visible()
        if verdict.get_attribute("data-id"):
            break
        verdict.click()
        expect(verdict).to_be_hidden()
    expect(verdict).to_have_attribute("data-shape", "ok")
    expect(verdict).to_have_attribute("data-provisional", str(provisional).lower())
    verdict.click()
    expect(verdict).to_be_hidden()


def people_leave(walk: Walk) -> None:
    """Everyone goes home through the kiosk with the same card, and the first page shows nobody any more."""
    walk.kiosk.locator("#act-leave").click()
    for number in EVERYONE:
        come(walk, number)
    until(lambda: walk.counts()["left"] == len(EVERYONE), seconds=60, what="everyone to have left")
    walk.open("", "状況")
    walk.shown("いまいる人", 0)
    walk.shown("出ている人", 0)
    walk.look("status-evening", url="", title="状況")
