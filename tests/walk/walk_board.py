"""The block's board: our state is read, published and carried to another council's own program."""

import json
import re
from typing import Any

from playwright.sync_api import Locator, expect

from dvc_core.tokens.keys import PublicKey
from tests.support.people import first_administrator
from tests.walk.walk_center import Walk, is_pdf, visible

OURS, THEIRS = "13210", "13206"
BOARD = ("board", "情報共有（ブロック）")
THEY_TELL = {"state": "open", "needs_left": 95, "people_on_site": 132, "help": "asked", "help_staff": 4}


def board_goes_round(walk: Walk) -> None:
    """Published and printed here, taken there after the keys were compared; theirs comes the same way."""
    theirs = Walk(
        walk.new_program(name="fuchu", environment={"TASUKI_COUNCIL": THEIRS}).start(),
        walk.new_context().new_page(),
        walk.new_context,
        walk.new_program,
        walk.folder,
    )
    first_administrator(theirs.page, theirs.program)
    file, digits = _publish(walk)
    _carried_there(theirs, file, digits)
    _altered(theirs, file)
    _theirs_here(theirs, walk)
    theirs.program.stop()


def _publish(walk: Walk) -> tuple[bytes, list[str]]:
    """Only what a person has read is published; then it goes on a stick and on the FAX."""
    page = walk.open(*BOARD)
    walk.tab("公開")
    walk.look("board-own", url=BOARD[0], title=BOARD[1], tab="公開")
    walk.press("公開する（1 回目）", "読んだ人がいない状況は公開できません")
    walk.tick("全部の欄を読みました")
    walk.press("公開する（1 回目）", "公開しました。")
    file = walk.download("署名したファイルを書き出す")
    digits = _digits(visible(page.get_by_test_id("stCode")))
    walk.press("FAXで送る紙を作る（PDF）", "PDFを開く")
    assert is_pdf(walk.download("PDFを開く"))
    return file, digits


def _digits(shown: Locator) -> list[str]:
    """The twelve groups as one reads them out."""
    groups = re.findall(r"\d{4}", shown.inner_text())
    assert len(groups) == 12
    return groups


def _carried_there(theirs: Walk, file: bytes, digits: list[str]) -> None:
    """The key is new there: nothing is taken before a person has compared its digits."""
    page = theirs.open(*BOARD)
    theirs.tab("ファイル")
    _bring(theirs, file)
    theirs.press("取り込む", "未確認の鍵のファイルです")
    assert _line(theirs, OURS)["state"] == "unknown"
    assert _digits(visible(page.get_by_test_id("stCode"))) == digits
    theirs.look("board-key", url=BOARD[0], title=BOARD[1], tab="ファイル")
    trust = visible(page.get_by_role("button", name="この社協の鍵として信じる"))
    expect(trust).to_be_disabled()
    theirs.tick("1行めの4組が同じ", "2行めの4組が同じ", "3行めの4組が同じ")
    theirs.press("この社協の鍵として信じる", "鍵を確かめました")
    theirs.press("取り込む", "取り込みました。")
    assert _line(theirs, OURS)["state"] == "open"
    told = json.loads(file)["state"]
    theirs.tab("盤")
    tile = page.locator(".board section").filter(has=page.get_by_role("heading", name="小金井市"))
    left = tile.locator("dl div").filter(has_text="残り").first
    expect(left.locator("dd")).to_have_text(str(told["needs_left"]))
    theirs.look("board-tiles", url=BOARD[0], title=BOARD[1])


def _altered(theirs: Walk, file: bytes) -> None:
    """One figure changed on the way: refused, told, and kept where everyone sees it."""
    said = json.loads(file)
    said["state"]["needs_left"] += 1
    theirs.tab("ファイル")
    _bring(theirs, json.dumps(said).encode())
    theirs.press("取り込む", "署名の合わないファイルです")
    theirs.tab("断ったファイル・鍵")
    expect(visible(theirs.page.get_by_text("書き換えられたか、壊れています"))).to_be_visible()
    assert _line(theirs, OURS)["state"] == "open"


def _bring(walk: Walk, file: bytes) -> None:
    walk.page.locator("input[type=file]").set_input_files(
        {"name": "status.json", "mimeType": "application/json", "buffer": file}
    )
    expect(visible(walk.page.get_by_role("button", name="取り込む"))).to_be_enabled()


def _theirs_here(theirs: Walk, walk: Walk) -> None:
    """The other way round by the command line, as a script of an evening does it."""
    theirs.do("board.publish", told=THEY_TELL, seen_number=0)
    file = walk.folder / "fuchu.json"
    made = theirs.cli("board", "export", "--to", str(file))
    unknown = walk.cli("board", "import", str(file), code=1)
    assert unknown["verdict"] == "unknown_key"
    key = PublicKey(unknown["key_id"], bytes.fromhex(unknown["public_key"]))
    assert made["fingerprint"] == unknown["fingerprint"] == key.fingerprint()
    fields = {name: unknown[name] for name in ("council_code", "key_id", "public_key")}
    walk.do("council_key.verify", **fields, compared="telephone")
    assert walk.cli("board", "import", str(file))["verdict"] == "taken"
    page = walk.open(*BOARD)
    tile = page.locator(".board section").filter(has=page.get_by_role("heading", name="府中市"))
    expect(tile).to_contain_text(str(THEY_TELL["needs_left"]))
    walk.look("board", url=BOARD[0], title=BOARD[1])


def _line(walk: Walk, council: str) -> dict[str, Any]:
    return next(line for line in walk.cli("board", "show")["councils"] if line["council_code"] == council)
