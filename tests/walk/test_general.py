"""総務 in Chromium: one line in seconds, handed over, called back, settled; two people; the answers."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dvc_core import bootstrap
from dvc_core.access.passwords import hash_password
from dvc_core.bootstrap import Config
from dvc_core.commands.account import Add
from dvc_core.commands.base import Actor
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.domain.operation import Disaster, OpeningDecision
from tests.forms import pdf
from tests.support.browser import DESK, PHONE, NewContext, shot
from tests.support.people import PASSWORD, go, log_in
from tests.support.server import NewProgram, Program
from tests.walk.walk_center import choose, settled

LONG = 40_000
PEOPLE = {"taro": ("訓練 太郎", ("admin", "chief")), "hanako": ("見本 花子", ("general",))}


@pytest.fixture
def center(tmp_path: Path, new_program: NewProgram) -> Program:
    """An open center with an administrator and one of 総務."""
    data = tmp_path / "data"
    services = bootstrap.build(Config(data=data))
    cli = Actor(id="cli", roles=frozenset({"admin"}))
    try:
        for login, (name, roles) in PEOPLE.items():
            add = Add(
                login=login, name=name, roles=roles, password_hash=hash_password(PASSWORD), one_time=False
            )
            assert services.do(add, cli).stored
        for command in (
            Start(disaster=Disaster.EARTHQUAKE, started_at=datetime.now(UTC), title="訓練の地震"),
            DecideOpening(decision=OpeningDecision.OPEN),
            Open(),
        ):
            assert services.do(command, cli).stored
    finally:
        services.close()
    return new_program(data=data).start()


def opened(page: Page, program: Program, login: str) -> Page:
    log_in(page, program, login)
    go(page, program, "general", "総務")
    return page


def write(page: Page, kind: str, line: str, **more: str) -> None:
    page.get_by_text(kind, exact=True).first.click()
    page.get_by_label("聞いたこと（一行でよい）").fill(line)
    for label, words in more.items():
        page.get_by_label(f"{label}（分かれば）").fill(words)
    page.get_by_role("button", name="記録する", exact=True).click()
    expect(page.get_by_text("記録しました。")).to_be_visible(timeout=LONG)
    expect(page.get_by_text(line).first).to_be_visible(timeout=LONG)


def test_a_day_at_the_general_desk(center: Program, desk: Page, new_context: NewContext) -> None:
    page = opened(desk, center, "hanako")
    began = time.monotonic()
    write(page, "苦情", "前の道に車がならんで出られない", 相手="架空 一郎", 電話="000-0000-0001")
    assert time.monotonic() - began < 15
    shot(page, "general-open")
    # A complaint is called back before it is over, and somebody answers for it.
    choose(page, "だれが見るか", "統括の班")
    page.get_by_role("button", name="渡す").click()
    expect(page.get_by_text("渡しました。")).to_be_visible(timeout=LONG)
    page.get_by_label("どう答えたか").fill("誘導の人を立てた")
    page.get_by_role("button", name="済みにする").click()
    expect(page.get_by_text("折り返しの電話が、まだつながっていません")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="つながった").click()
    expect(page.get_by_text("つながったことを記録しました。")).to_be_visible(timeout=LONG)
    page.get_by_label("どう答えたか").fill("誘導の人を立てた")
    page.get_by_role("button", name="済みにする").click()
    expect(page.get_by_text("総務 1 を済みにしました。")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="閉じる").click()

    write(page, "物資", "会社から飲み水の申し出")
    page.get_by_text("書き足す・直す").click()
    choose(page, "受け取り・渡し", "受け取った")
    page.get_by_label("品目").fill("飲み水")
    page.get_by_label("数", exact=True).fill("240")
    page.get_by_label("単位").fill("本")
    choose(page, "期限", "あす9時")
    shot(page, "general-change", full=True)
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_text("書き足しました。")).to_be_visible(timeout=LONG)
    page.get_by_role("button", name="閉じる").click()
    write(page, "報道", "あす取材したい", 相手="見本新聞")
    page.get_by_role("button", name="閉じる").click()
    expect(page.get_by_text("2件")).to_be_visible(timeout=LONG)
    shot(page, "general-list", full=True)
    page.get_by_role("tab", name="物資とお金").click()
    expect(page.get_by_text("240 本")).to_be_visible(timeout=LONG)
    shot(page, "general-goods", full=True)
    phone = opened(new_context(size=PHONE).new_page(), center, "taro")
    shot(phone, "general-phone", full=True)


def test_two_people_on_one_entry_the_second_sees_what_changed_and_keeps_the_text(
    center: Program, desk: Page, new_context: NewContext
) -> None:
    first = opened(desk, center, "hanako")
    write(first, "電話", "水はどこでもらえるか")
    second = opened(new_context(size=DESK).new_page(), center, "taro")
    second.get_by_role("button", name=re.compile("水はどこでもらえるか")).click()
    for page in (first, second):
        page.get_by_text("書き足す・直す").click()
        expect(page.get_by_label("聞いたこと", exact=True)).to_be_visible(timeout=LONG)
    first.get_by_label("聞いたこと", exact=True).fill("水はどこでもらえるか、いつまでか")
    first.get_by_label("相手", exact=True).fill("架空 一郎")
    first.get_by_role("button", name="保存する").click()
    expect(first.get_by_text("書き足しました。")).to_be_visible(timeout=LONG)
    second.get_by_label("聞いたこと", exact=True).fill("水はどこでもらえるか（中町）")
    second.get_by_role("button", name="保存する").click()
    expect(second.get_by_text("あなたが開いたあとで、ほかの人が変えました")).to_be_visible(timeout=LONG)
    expect(second.get_by_text("見本 花子").last).to_be_visible()
    expect(second.get_by_text("相手：（なし） → 架空 一郎")).to_be_visible()
    expect(second.get_by_label("聞いたこと", exact=True)).to_have_value("水はどこでもらえるか（中町）")
    shot(second, "general-two", full=True)
    second.get_by_role("button", name="わたしの内容で続ける").click()
    expect(second.get_by_text("あなたが開いたあとで")).to_have_count(0, timeout=LONG)
    second.get_by_label("相手", exact=True).fill("架空 一郎")
    second.get_by_role("button", name="保存する").click()
    expect(second.get_by_text("書き足しました。")).to_be_visible(timeout=LONG)
    expect(second.get_by_text("水はどこでもらえるか（中町）").first).to_be_visible()


def test_what_is_answered_is_said_at_every_telephone_and_on_paper(
    center: Program, desk: Page, tmp_path: Path
) -> None:
    page = opened(desk, center, "hanako")
    page.get_by_role("tab", name="回答一覧").click()
    page.get_by_label("あと何人（空＝数える）").fill("35")
    page.get_by_role("button", name="この答えにする").click()
    expect(page.get_by_text("みんなの回答一覧を直しました。")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("受け入れは あと 35 人 です")).to_be_visible(timeout=LONG)
    shot(page, "general-answers", full=True)
    page.get_by_role("button", name="電話のそばに置く紙を作る").click()
    with page.expect_download(timeout=LONG) as got:
        page.get_by_role("button", name="PDFを開く").click(timeout=LONG)
    got.value.save_as(tmp_path / "answers.pdf")
    made = (tmp_path / "answers.pdf").read_bytes()
    assert len(pdf.pages(made)) == 1
    assert "35 人" in pdf.text(made)
    log_in(page, center, "taro")
    go(page, center, "needs", "ニーズ")
    page.get_by_text("回答一覧（問い合わせに同じ答えを）").click()
    expect(page.get_by_text("受け入れは あと 35 人 です")).to_be_visible(timeout=LONG)


def test_what_is_handed_to_a_desk_is_seen_and_answered_there(center: Program, desk: Page) -> None:
    page = opened(desk, center, "hanako")
    write(page, "報道", "あす取材したい", 相手="見本新聞")
    choose(page, "だれが見るか", "統括の班")
    page.get_by_role("button", name="渡す").click()
    expect(page.get_by_text("渡しました。")).to_be_visible(timeout=LONG)
    log_in(page, center, "taro")
    go(page, center, "status", "状況")
    page.get_by_text("総務から渡された用件 1 件").click()
    expect(page.get_by_text("あす取材したい")).to_be_visible(timeout=LONG)
    settled(page)
    shot(page, "general-mine")
    page.get_by_role("button", name="総務へ返す").click()
    expect(page.get_by_text("理由", exact=False).first).to_be_visible(timeout=LONG)
    page.get_by_label("どう答えたか、または返すわけ").fill("10時に統括が会うと伝えた")
    page.get_by_role("button", name="済みにする").click()
    expect(page.get_by_text("総務 1 を済みにしました。")).to_be_visible(timeout=LONG)
    expect(page.get_by_text("総務から渡された用件")).to_have_count(0)
