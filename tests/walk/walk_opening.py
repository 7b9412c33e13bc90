"""The beginning of the walk: the first administrator, 発災, the manual's run, 設置判断, 開設."""

from tests.support.people import first_administrator
from tests.walk.walk_center import Walk


def begin(walk: Walk) -> None:
    """Administrator, 発災, an approved edition, a run, the decision, and the step that opens."""
    first_administrator(walk.page, walk.program)
    page = walk.open("operation", "設置・運営の手順")
    page.get_by_label("災害の名前").fill("訓練の地震")
    walk.press("発災を記録する", "発災を記録しました")
    walk.press("この版を承認する", "を承認しました")
    walk.press("この版で手順を始める", "手順を始めました")
    walk.tab("設置判断")
    page.get_by_text("設置する", exact=True).click()
    walk.press("判断を記録する", "設置判断を記録しました")
    walk.tab("設置判断")
    walk.press("センターを開設する", "センターを開設しました")
    mark = next(row for row in walk.rows("chronology.lines", topic="setup") if row["kind"] == "step.marked")
    assert "kaisetsu" in mark["words"]
    walk.tab("手順")
    walk.look("opened", url="operation", title="設置・運営の手順")
