"""The end of the walk: day and center closed, the chronology on paper, a backup that stands up again."""

from playwright.sync_api import expect

from tests.support.server import Program
from tests.walk.walk_center import Walk, is_pdf, visible


def day_closes(walk: Walk) -> None:
    """Everybody is home: the day is closed without a word more."""
    walk.open("dispatch", "送り出し・帰着")
    walk.tab("活動日を閉じる")
    walk.press("活動日を閉じる", "の活動日を閉じました")


def center_closes(walk: Walk) -> None:
    """閉所 is decided with its reason, and held by the needs that are left until a reason is given."""
    page = walk.open("operation", "設置・運営の手順")
    walk.tab("閉所")
    visible(page.get_by_label("閉所を判断した理由")).fill("応急の支援が終わった")
    walk.press("閉所の判断を記録する", "閉所の判断を記録しました")
    walk.look("closing", url="operation", title="設置・運営の手順", tab="閉所")
    walk.press("閉所する", "終わっていないニーズが")
    visible(page.get_by_label("残っていても閉所する理由")).fill("残りのニーズは市に引き継いだ")
    walk.press("閉所する", "閉所しました")
    walk.open("", "状況")
    expect(page.get_by_text("いまは平時です")).to_be_visible()


def chronology_is_printed(walk: Walk) -> None:
    """Every entry of the walk on paper, with the journal's head."""
    page = walk.open("chronology", "クロノロジー")
    page.get_by_text("印刷する", exact=True).click()
    page.get_by_role("button", name="印刷する紙を作る（PDF）").click()
    assert is_pdf(walk.download("PDFを開く"))
    walk.look("chronology", url="chronology", title="クロノロジー")


def stands_up_again(walk: Walk) -> None:
    """A backup, a restore into another folder, and a doctor who finds both equal."""
    before = walk.cli("doctor")
    saved = walk.cli("backup", "--to", str(walk.folder / "walk.zip"))
    other = Walk(
        Program(walk.folder / "restored"), walk.page, walk.new_context, walk.new_program, walk.folder
    )
    other.cli("restore", saved["file"])
    after = other.cli("doctor")
    assert (before["ok"], after["ok"]) == (True, True)
    assert before["journal"] == after["journal"]
    assert before["tables"] == after["tables"]
