"""班の端末 in Chromium: enrolled by QR, three people in turn, a supporter, cut off, a copied cookie."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from dvc_core import bootstrap
from dvc_core.access.passwords import hash_password
from dvc_core.bootstrap import Config, Services
from dvc_core.commands.account import Add, SetOwnPin
from dvc_core.commands.base import Actor
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.tokens.picture import decode_image
from tests.support.browser import DESK, PHONE, NewContext, shot
from tests.support.people import PASSWORD, go, log_in
from tests.support.server import ROOT, Program

LONG = 40_000
PEOPLE = {
    "taro": ("訓練 太郎", "クンレン タロウ", ("admin",), "2580"),
    "hanako": ("見本 花子", "ミホン ハナコ", ("reception",), "4071"),
    "jiro": ("訓練 次郎", "クンレン ジロウ", ("reception", "leader"), "930417"),
    "aoi": ("見本 葵", "ミホン アオイ", ("needs",), "6120"),
}


def _people(services: Services) -> None:
    cli = Actor(id="cli", roles=frozenset({"admin"}))
    for login, (name, reading, roles, pin) in PEOPLE.items():
        add = Add(
            login=login,
            name=name,
            reading=reading,
            roles=roles,
            password_hash=hash_password(PASSWORD),
            one_time=False,
        )
        made = services.do(add, cli).entries[0].subject_id
        assert services.do(SetOwnPin(pin_hash=hash_password(pin)), Actor(id=str(made))).stored
    for command in (
        Start(disaster=Disaster.EARTHQUAKE, started_at=datetime.now(UTC), title="訓練の地震"),
        DecideOpening(decision=OpeningDecision.OPEN),
        Open(),
    ):
        assert services.do(command, cli).stored


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program on an open center whose people have their numbers."""
    data: Path = tmp_path_factory.mktemp("stations") / "data"
    services = bootstrap.build(Config(data=data))
    try:
        _people(services)
    finally:
        services.close()
    program = Program(data).start()
    yield program
    program.kill()


def enrol(chief: Page, program: Program, new_context: NewContext, label: str, *, size=DESK) -> Page:
    """The chief shows the code, the tablet opens it; its page stands before the first person."""
    log_in(chief, program)
    go(chief, program, "kiosks", "受付端末")
    chief.get_by_label("端末の名前").fill(label)
    chief.get_by_label("使いみち").click()
    chief.get_by_role("option", name="受付 の画面（班の端末）").click()
    chief.get_by_role("button", name="登録用QRを出す").click()
    picture = chief.get_by_test_id("stImage")
    expect(picture).to_be_visible(timeout=LONG)
    (address,) = decode_image(picture.screenshot())
    found = re.fullmatch(r"https://[\d.]+:\d+/station/(#enrol=[\w-]+)", address)
    assert found
    tablet = new_context(size=size, ignore_https_errors=True).new_page()
    tablet.goto(f"https://127.0.0.1:{program.https_port}/station/{found[1]}")
    expect(tablet.get_by_text(f"「{label}」（受付）として登録しました。")).to_be_visible(timeout=LONG)
    shot(tablet, "station-enrolled")
    tablet.get_by_role("link", name="はじめる").click()
    expect(tablet.get_by_role("heading", name="だれが使いますか")).to_be_visible(timeout=LONG)
    return tablet


def _pad(tablet: Page) -> Frame:
    for frame in tablet.frames:
        if "station_take" in frame.url and frame.locator(".people, .pad").count():
            return frame
    raise AssertionError("no names")


def take_over(tablet: Page, name: str, pin: str) -> None:
    tablet.wait_for_function(
        """() => [...document.querySelectorAll('iframe')].some(
            f => f.contentDocument && f.contentDocument.querySelector('.people, .pad'))"""
    )
    pad = _pad(tablet)
    pad.get_by_role("button", name=re.compile(name)).click()
    for digit in pin:
        pad.get_by_role("button", name=digit, exact=True).click()
    pad.get_by_role("button", name="決定").click()


def works(tablet: Page, who: str) -> None:
    expect(tablet.get_by_text(f"受付 · {who}")).to_be_visible(timeout=LONG)


def hand_over(tablet: Page, name: str, pin: str) -> None:
    tablet.get_by_role("button", name="交代").click()
    expect(tablet.get_by_role("dialog")).to_be_visible(timeout=LONG)
    take_over(tablet, name, pin)


def said_on(program: Program, to: Path) -> set[tuple[str, str]]:
    """Each kind of entry with the station where it was made, from the journal of the running program."""
    done = subprocess.run(
        [sys.executable, "-m", "dvc_core.cli", "export", "--data", str(program.data), "--to", str(to)],
        capture_output=True,
        check=False,
        env=program.environment,
        cwd=ROOT,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    lines = (to / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    return {(entry["kind"], entry["station"]) for entry in map(json.loads, lines)}


def test_three_people_take_a_station_over_in_turn(
    center: Program, new_context: NewContext, desk: Page
) -> None:
    tablet = enrol(desk, center, new_context, "受付1")
    shot(tablet, "station-nobody")
    take_over(tablet, "見本 花子", "4071")
    works(tablet, "見本 花子")
    expect(tablet.get_by_test_id("stSidebarNavLink").filter(has_text="受付")).to_have_count(1)
    assert tablet.get_by_test_id("stSidebarNavLink").filter(has_text="ニーズ").count() == 0
    shot(tablet, "station-hanako")

    # A call is being taken down when the next one sits down: what stands in the form stays.
    tablet.get_by_test_id("stSidebarNavLink").filter(has_text="受付").click()
    expect(tablet.get_by_role("heading", name="受付", exact=True)).to_be_visible(timeout=LONG)
    tablet.get_by_role("tab", name="新しく登録").click()
    field = tablet.get_by_label("緊急連絡先の氏名")
    field.fill("訓練 途中")
    tablet.get_by_role("button", name="交代").click()
    expect(tablet.get_by_role("dialog")).to_be_visible(timeout=LONG)
    expect(field).to_have_value("訓練 途中")
    take_over(tablet, "訓練 次郎", "111222")
    expect(_pad(tablet).get_by_text("番号がちがいます")).to_be_visible(timeout=LONG)
    shot(tablet, "station-wrong-pin")
    for digit in "930417":
        _pad(tablet).get_by_role("button", name=digit, exact=True).click()
    _pad(tablet).get_by_role("button", name="決定").click()
    works(tablet, "訓練 次郎")
    expect(field).to_have_value("訓練 途中")
    shot(tablet, "station-jiro")

    began = time.monotonic()
    hand_over(tablet, "訓練 太郎", "2580")
    works(tablet, "訓練 太郎")
    assert time.monotonic() - began < 3
    # The administrator has no more rights here than the desk.
    assert tablet.get_by_test_id("stSidebarNavLink").filter(has_text="利用者").count() == 0
    tablet.get_by_role("button", name="席をはなれる").click()
    expect(tablet.get_by_role("heading", name="だれが使いますか")).to_be_visible(timeout=LONG)
    assert tablet.get_by_test_id("stSidebarNavLink").count() == 0


def test_a_supporter_comes_in_and_is_ended_while_the_page_is_open(
    center: Program, new_context: NewContext, desk: Page, tmp_path: Path
) -> None:
    tablet = enrol(desk, center, new_context, "受付2", size=PHONE)
    shot(tablet, "station-nobody-phone")
    take_over(tablet, "訓練 次郎", "930417")
    works(tablet, "訓練 次郎")
    shot(tablet, "station-bar-phone")
    tablet.goto(f"https://127.0.0.1:{center.https_port}/supporters")
    expect(tablet.get_by_role("heading", name="応援", exact=True)).to_be_visible(timeout=LONG)
    tablet.get_by_label("氏名").fill("見本 手伝")
    tablet.get_by_label("ふりがな").fill("みほん てつだい")
    tablet.get_by_text("読みました。受け入れます").click()
    tablet.get_by_label("暗証番号（数字4～6けた）").fill("8350")
    tablet.get_by_label("もう一度").fill("8350")
    shot(tablet, "supporters-phone", full=True)
    tablet.get_by_role("button", name="入れる").click()
    expect(tablet.get_by_text("見本 手伝 さんを 受付 に入れました")).to_be_visible(timeout=LONG)
    shot(tablet, "supporters-in", full=True)
    assert ("supporter.joined", "station-2") in said_on(center, tmp_path / "out")

    hand_over(tablet, "見本 手伝", "8350")
    works(tablet, "見本 手伝")
    # At the supporters' page, which is not theirs.
    expect(tablet.get_by_text("あなたの役割ではできません")).to_be_visible(timeout=LONG)
    tablet.goto(f"https://127.0.0.1:{center.https_port}/reception")
    works(tablet, "見本 手伝")

    go(desk, center, "supporters", "応援")
    shot(desk, "supporters-desk", full=True)
    desk.get_by_role("button", name="終わる").click()
    expect(desk.get_by_text("見本 手伝 さんを終わりにしました")).to_be_visible(timeout=LONG)
    # Nobody touches the tablet: its page goes by itself, and the name is on no list any more.
    expect(tablet.get_by_role("heading", name="だれが使いますか")).to_be_visible(timeout=LONG)
    assert "見本 手伝" not in _pad(tablet).locator(".people").inner_text()


def test_a_tablet_is_cut_off_while_its_page_is_open_and_a_copied_cookie_shows_nothing(
    center: Program, new_context: NewContext, desk: Page
) -> None:
    tablet = enrol(desk, center, new_context, "受付3")
    take_over(tablet, "見本 花子", "4071")
    works(tablet, "見本 花子")

    # Everything that a cookie jar holds, in another browser: the key is not among it.
    copied = new_context(size=DESK, ignore_https_errors=True)
    copied.add_cookies(tablet.context.cookies())
    other = copied.new_page()
    other.goto(f"https://127.0.0.1:{center.https_port}/reception")
    expect(other.get_by_text("端末の登録を確かめられません")).to_be_visible(timeout=LONG)
    shot(other, "station-copied")
    shown = other.locator("body").inner_text()
    assert "花子" not in shown
    assert other.get_by_role("heading").count() == 0
    # What was looked at there does not stand in the way of the tablet's own enrolment in that browser.
    assert other.evaluate("async () => (await indexedDB.databases()).length") == 0

    go(desk, center, "kiosks", "受付端末")
    expect(desk.get_by_text("この端末の登録が、ほかの場所か")).to_be_visible(timeout=LONG)
    shot(desk, "kiosks-stations", full=True)
    cut = desk.get_by_role("button", name="停止する")
    desk.locator("[data-testid=stVerticalBlock]", has_text="受付3").filter(has=cut).last.get_by_role(
        "button", name="停止する"
    ).click()
    expect(desk.get_by_text("受付3 を停止しました")).to_be_visible(timeout=LONG)
    expect(tablet.get_by_text("この端末は停止されました")).to_be_visible(timeout=LONG)
    assert tablet.get_by_test_id("stSidebarNavLink").count() == 0
    assert tablet.get_by_text("花子").count() == 0
    shot(tablet, "station-cut-off")
