"""A tablet at the entrance: enrolled by the chief, people through by scanner or number, each with a word."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from dvc_core.tokens.keys import generate
from dvc_core.tokens.qr import issue
from tests.support.waiting import until
from tests.web.kiosk.conftest import Center, NewTablet, all_sent, became, scan, verdict, waiting

pytestmark = pytest.mark.browser

SOUNDS = """
window.tones = [];
const Real = window.OscillatorNode;
window.OscillatorNode = class extends Real {
  constructor(context, options) { super(context, options); window.tones.push(options.type); }
};
"""


def test_the_chief_enrols_a_tablet_by_its_code(new_tablet: NewTablet, center: Center):
    page = new_tablet(enrolled=False)
    expect(page.get_by_text("この端末は、まだ登録されていません")).to_be_visible()
    page.goto(f"{center.url}/kiosk/#enrol={center.code()}")
    expect(page.locator("#label")).to_have_text("受付1")
    assert page.url == f"{center.url}/kiosk/", "the code must not stay in the address"
    page.reload()
    became(page, "status", "ready")


def test_a_code_typed_by_hand_or_scanned_as_an_address_enrols_too(new_tablet: NewTablet, center: Center):
    page = new_tablet(enrolled=False)
    page.get_by_label("登録の文字").fill(f" {center.code()} ")
    page.get_by_role("button", name="登録する").click()
    became(page, "status", "ready")
    other = new_tablet(enrolled=False)
    scan(other, f"{center.url}/kiosk/#enrol={center.code()}")
    became(other, "status", "ready")


def test_a_used_code_says_what_to_do(new_tablet: NewTablet, center: Center):
    code = center.code()
    page = new_tablet(enrolled=False)
    page.goto(f"{center.url}/kiosk/#enrol={code}")
    became(page, "status", "ready")
    other = new_tablet(enrolled=False)
    other.goto(f"{center.url}/kiosk/#enrol={code}")
    expect(other.locator("#enrol-problem")).to_have_text("この登録コードは使えません。 新しいコードを。")
    center.kill()
    other.goto(f"{center.url}/kiosk/#enrol=ANY")
    expect(other.locator("#enrol-problem")).to_contain_text("Wi-Fi を確かめて")


def test_a_tablet_in_service_asks_before_it_is_enrolled_anew(tablet: Page, center: Center):
    before = center.rows("SELECT count(*) FROM credential")
    tablet.goto(f"{center.url}/kiosk/#enrol={center.code()}")
    expect(tablet.locator("#again")).to_contain_text("「受付1」として登録されています")
    assert center.rows("SELECT count(*) FROM credential") == before
    tablet.get_by_role("button", name="入れかえる").click()
    expect(tablet.locator("#again")).to_be_hidden()
    until(lambda: center.rows("SELECT count(*) FROM credential") == [(2,)], what="the second credential")


def test_a_typed_scan_reaches_the_store_and_says_that_the_code_is_for_going_home(
    tablet: Page, center: Center
):
    scan(tablet, center.cards[12])
    words = verdict(tablet, "ok")
    for part in ("012", "受け付けました", "帰るときも、同じ QR コードを使います", "You are checked in"):
        assert part in words
    all_sent(tablet)
    assert center.stored == [("arrive", 12, "ok")]
    ((at, device_now, database),) = center.rows("SELECT at, device_now, database_id FROM scan")
    assert datetime.fromisoformat(at).tzinfo is not None
    assert at <= device_now
    assert database == "11111111-2222-4333-8444-555555555555"


def test_each_act_is_kept_for_the_tablet_and_has_its_own_words(tablet: Page, center: Center):
    for act, label, words in (
        ("depart", "出発", "行ってらっしゃい"),
        ("return", "もどった", "おかえりなさい"),
        ("leave", "帰る", "おつかれさま"),
    ):
        tablet.locator(f"#act-{act}").click()
        expect(tablet.locator("#now-act")).to_have_text(label)
        scan(tablet, center.cards[1])
        expect(tablet.locator("#verdict-sentence")).to_contain_text(words)
        assert "同じ QR コードを使います" not in tablet.locator("#verdict").inner_text()
        tablet.locator("#verdict").click()
    tablet.reload()
    expect(tablet.locator("#now-act")).to_have_text("帰る")
    expect(tablet.locator("#act-leave")).to_have_attribute("aria-pressed", "true")


def test_three_verdicts_have_their_own_shape_and_sound(new_tablet: NewTablet, center: Center):
    page = new_tablet()
    page.add_init_script(SOUNDS)
    page.reload()
    became(page, "status", "ready")
    page.locator("#act-arrive").click()
    scan(page, center.cards[1])
    verdict(page, "ok")
    all_sent(page)
    expect(page.locator("#verdict")).to_be_hidden()
    page.locator("#by-number").click()
    page.locator("#keypad-keys").get_by_text("1", exact=True).click()
    page.locator("#keypad-send").click()
    said = verdict(page, "doubt")
    assert "同じ記録がもうあります" in said
    assert "もう 記録（きろく）して あります" in said
    assert "This was recorded already." in said
    center.control(refused=[2])
    scan(page, center.cards[2])
    said = verdict(page, "stop")
    assert "保険が確認できません" in said
    assert "保険（ほけん）の カードを 見（み）せてください" in said
    assert "Please show your insurance card to the staff." in said
    tones = page.evaluate("window.tones")
    assert tones == ["sine"] * 2 + ["triangle"] * 2 + ["sawtooth"] * 2


def test_the_verdict_leaves_by_itself_and_the_tablet_is_ready(tablet: Page, center: Center):
    scan(tablet, center.cards[3])
    verdict(tablet, "ok")
    expect(tablet.locator("#verdict")).to_be_hidden(timeout=6_000)
    expect(tablet.locator("#now-act")).to_be_visible()


def test_the_same_code_within_seconds_is_one_scan_and_another_person_passes(tablet: Page, center: Center):
    scan(tablet, center.cards[4])
    scan(tablet, center.cards[4])
    scan(tablet, center.cards[5])
    scan(tablet, center.cards[4])
    until(lambda: len(center.stored) >= 2, what="both people")
    all_sent(tablet)
    assert center.stored == [("arrive", 4, "ok"), ("arrive", 5, "ok")]
    tablet.locator("#verdict").click()
    tablet.locator("#act-leave").click()
    scan(tablet, center.cards[4])
    until(lambda: center.stored[2:] == [("leave", 4, "ok")], what="another act of the same person")


def test_a_number_by_the_keypad_and_by_a_keyboard(tablet: Page, center: Center):
    tablet.locator("#by-number").click()
    expect(tablet.locator("#keypad-act")).to_have_text("「来た」の人の受付番号")
    expect(tablet.locator("#keypad-send")).to_be_disabled()
    for digit in "27":
        tablet.locator("#keypad-keys").get_by_text(digit, exact=True).click()
    tablet.locator("#keypad-erase").click()
    tablet.locator("#keypad-send").click()
    assert "002" in verdict(tablet, "ok")
    tablet.locator("#verdict").click()
    tablet.keyboard.type("31", delay=20)
    expect(tablet.locator("#keypad-number")).to_have_text("31")
    tablet.keyboard.press("Backspace")
    expect(tablet.locator("#keypad-number")).to_have_text("3")
    tablet.keyboard.press("Enter")
    assert "003" in verdict(tablet, "ok")
    all_sent(tablet)
    assert center.stored == [("arrive", 2, "ok"), ("arrive", 3, "ok")]


def test_an_unknown_number_goes_to_the_desk(tablet: Page, center: Center):
    scan(tablet, "0999")
    assert "登録のない番号" in verdict(tablet, "stop")
    all_sent(tablet)
    assert [row[2] for row in center.stored] == ["review"]


def test_what_is_no_code_of_ours_is_said_here_and_not_sent(tablet: Page, center: Center):
    for text, words in (
        ("https://example.invalid/menu", "受付の QR コードではありません"),
        (center.cards[1][:80], "途中で切れています"),
        (center.cards[1].replace("TSK1.", "TSK2."), "新しい形"),
    ):
        scan(tablet, text)
        expect(tablet.locator("#verdict-sentence")).to_contain_text(words)
        assert tablet.locator("#verdict").get_attribute("data-shape") == "stop"
        tablet.locator("#verdict").click()
    assert waiting(tablet) == []
    assert center.stored == []


def test_a_forged_and_a_foreign_code_are_kept_for_review(tablet: Page, center: Center):
    card = center.cards[1]
    forged = card[:-1] + ("A" if card[-1] != "A" else "B")
    other = issue(generate("13208", datetime(2026, 7, 1, tzinfo=UTC)), bytes(16))
    scan(tablet, forged)
    verdict(tablet, "stop")
    scan(tablet, other)
    all_sent(tablet)
    until(lambda: len(center.stored) == 2, what="both for review")
    assert center.rows("SELECT payload FROM scan ORDER BY nth") == [(forged,), (other,)]


@pytest.mark.parametrize("how", ["lower", "wide"])
def test_a_scanner_in_another_case_or_width_is_read(tablet: Page, center: Center, how: str):
    card = center.cards[6]
    text = card.lower() if how == "lower" else "".join(chr(ord(mark) + 0xFEE0) for mark in card)
    if how == "lower":
        scan(tablet, text)
    else:  # an input method hands over finished text, without keys
        tablet.keyboard.insert_text(text)
    assert "006" in verdict(tablet, "ok")
    all_sent(tablet)
    assert center.rows("SELECT payload FROM scan") == [(card,)]


def test_a_scanner_is_read_while_an_input_method_swallows_the_keys(tablet: Page, center: Center):
    """With a Japanese input method on, every key arrives as "Process" and composes kana in the field."""
    cdp = tablet.context.new_cdp_session(tablet)
    places = {".": ("Period", 190), "-": ("Minus", 189)}
    for mark in center.cards[7]:
        code, _ = places.get(mark, (f"Digit{mark}" if mark.isdigit() else f"Key{mark}", 0))
        pressed = {"type": "rawKeyDown", "key": "Process", "code": code, "windowsVirtualKeyCode": 229}
        cdp.send("Input.dispatchKeyEvent", pressed)
        cdp.send("Input.imeSetComposition", {"text": "かな", "selectionStart": 2, "selectionEnd": 2})
    enter = {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    cdp.send("Input.dispatchKeyEvent", enter)
    assert "007" in verdict(tablet, "ok")
    all_sent(tablet)
    assert center.rows("SELECT payload FROM scan") == [(center.cards[7],)]


def test_a_scan_while_a_button_has_the_focus_presses_nothing(tablet: Page, center: Center):
    tablet.locator("#settings").focus()
    scan(tablet, center.cards[8])
    verdict(tablet, "ok")
    expect(tablet.locator("#settings-sheet")).to_be_hidden()
    tablet.locator("#verdict").click()
    expect(tablet.locator("#typed")).to_be_focused()
    tablet.locator("#settings").focus()
    tablet.keyboard.press("Enter")
    expect(tablet.locator("#settings-sheet")).to_be_visible()


def test_a_cut_off_tablet_says_so_and_still_sends_what_waits(tablet: Page, center: Center):
    center.kill()
    scan(tablet, center.cards[9])
    verdict(tablet, "ok", provisional=True)
    center.control(cut_off=True, down=True)
    center.start()
    expect(tablet.get_by_text("この端末は、受付に使えません")).to_be_visible(timeout=30_000)
    expect(tablet.locator("#cut-waiting")).to_contain_text("残っている読み取り 1件は、いま送っています")
    scan(tablet, center.cards[10])
    center.control(down=None)
    tablet.reload()
    all_sent(tablet)
    assert [row[2] for row in center.stored] == ["review"]
    expect(tablet.get_by_text("この端末は、受付に使えません")).to_be_visible()
    assert len(center.stored) == 1
    assert waiting(tablet) == []


def test_a_tablet_that_the_server_does_not_know_is_enrolled_anew_and_then_sends(tablet: Page, center: Center):
    """As after a restore from an older backup: nobody cut it off, and what waits must still come in."""
    center.kill()
    scan(tablet, center.cards[11])
    verdict(tablet, "ok", provisional=True)
    center.forget("credential")
    center.start()
    expect(tablet.get_by_text("サーバーに見つかりません")).to_be_visible(timeout=30_000)
    assert len(waiting(tablet)) == 1
    tablet.get_by_label("登録の文字").first.fill(center.code())
    tablet.get_by_role("button", name="登録する").first.click()
    became(tablet, "status", "ready")
    all_sent(tablet)
    assert center.stored == [("arrive", 11, "ok")]


def test_a_drill_is_seen_on_every_screen(tablet: Page, center: Center):
    expect(tablet.locator("#drill-banner")).to_be_hidden()
    center.control(drill="秋の設置訓練")
    tablet.reload()
    expect(tablet.locator("#drill-banner")).to_have_text("訓練：秋の設置訓練")
    scan(tablet, center.cards[1])
    verdict(tablet, "ok")
    for element in ("#drill-banner", "#drill-mark"):
        expect(tablet.locator(element)).to_be_visible()
    assert tablet.evaluate("document.elementFromPoint(innerWidth / 2, 5).id") == "drill-banner"


def test_places_left_and_closing_are_shown(tablet: Page, center: Center):
    expect(tablet.locator("#intake")).to_have_text("きょうの受付：あと 40人")
    for facts, words in (({"places_left": 0}, "満員"), ({"open": False}, "締め切りました")):
        center.control(**facts)
        tablet.reload()
        expect(tablet.locator("#intake")).to_contain_text(words)
