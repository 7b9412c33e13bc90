"""Beside the center: the BCP's run, and a commissioned function stopped after its consignor's talk."""

from playwright.sync_api import expect

from tests.walk.walk_center import Walk, visible

FUNCTION = "自立相談サポートセンター"


def bcp_runs(walk: Walk) -> None:
    """Stopping is refused, the talk is held and written down, and then the function stops."""
    page = walk.open("bcp", "業務継続（BCP）")
    walk.press("この版を承認する", "を承認しました")
    walk.press("この版で手順を始める", "手順を始めました")
    _stop(walk, said="委託者との協議がまだ記録されていません")
    walk.tab("委託者との協議")
    walk.choose("業務", FUNCTION)
    walk.fill(相手="市の担当課 見本 係長")
    visible(page.get_by_label("決めたこと")).fill("三日休み、急ぎの相談は電話で受ける")
    walk.press("協議を記録する", "協議を記録しました")
    expect(page.get_by_text("急ぎの相談は電話で受ける").first).to_be_visible()
    _stop(walk, said="業務の状態を記録しました")
    walk.shown("休止", 1)
    walk.tab("いまの業務")
    walk.look("bcp", url="bcp", title="業務継続（BCP）")


def _stop(walk: Walk, *, said: str) -> None:
    page = walk.page
    walk.tab("状態を変える")
    walk.choose("業務", FUNCTION)
    visible(page.get_by_test_id("stRadio").get_by_text("休止", exact=True)).click()
    visible(page.get_by_label("理由")).fill("建物が使えない")
    walk.press("記録する", said)
