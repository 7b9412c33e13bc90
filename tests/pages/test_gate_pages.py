"""安全ゲート on the screens: the card, the needs desk, call backs, the order that a team takes along."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dvc_core import bootstrap, forms
from dvc_core.access.sessions import Who
from dvc_core.commands.gate import ReleaseGate, SetLivedIn
from dvc_core.commands.need import Receive
from dvc_core.commands.survey import Survey
from dvc_core.domain.grading import GradedArea
from dvc_core.domain.need import Details, Gate, Need, Place, Site
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.recall import Recall, recall_id
from dvc_core.domain.sticker import Gone, Sticker, StickerColour, StickerKind
from dvc_core.queries.teams import teams
from dvc_core.web import lists
from pages import _shell
from pages.components import codes, order
from tests.forms import pdf
from tests.importing.sheets import csv_of
from tests.pages.test_needs_page import call, opened, page, person, press, words
from tests.support.center import Center
from tests.support.day import TODAY, Day
from tests.support.papers import checked, paper


@pytest.fixture
def day(center: Center, monkeypatch: pytest.MonkeyPatch) -> Iterator[Day]:
    """A center with a need that may be entered; somebody of the needs desk is logged in."""
    made = Day(center)
    bootstrap.install(center.services)
    monkeypatch.setattr(_shell, "who", lambda: person("needs"))
    yield made
    bootstrap.uninstall()


def as_(monkeypatch: pytest.MonkeyPatch, *roles: str) -> Who:
    who = person(*roles)
    monkeypatch.setattr(_shell, "who", lambda: who)
    return who


def stickers(day: Day) -> list[Sticker]:
    with day.center.services.reader() as reader:
        return reader.find(Sticker)


def gate(day: Day) -> Gate:
    row = day.row(Need, day.need)
    assert isinstance(row, Need)
    return row.gate


def open_box(shown: AppTest, key: str) -> AppTest:
    """A box that draws its form when somebody opens it."""
    shown.session_state[key] = True
    return shown.run()


def choose(shown: AppTest, key: str, value: object) -> None:
    next(radio for radio in shown.radio if radio.key == key).set_value(value)


def test_the_card_says_why_a_place_is_shut_and_that_a_colour_is_no_grade_of_damage(day: Day) -> None:
    day.center.must(paper(day.need, "red", reason="柱が<b>かたむく"))
    shown = opened(day.need)
    assert not shown.exception
    said = words(shown)
    assert "立ち入り：入れない（危険）　—　赤い紙（危険）" in said
    assert "柱が\\<b\\>かたむく" in said
    assert "罹災証明（全壊・半壊など）とは別の調査" in said
    assert "技術系の団体への引継になります" in said
    assert "訪問は止まっています" in said
    assert "practice" not in said


def test_a_paper_is_written_down_on_the_card_and_without_a_colour_it_is_not(day: Day) -> None:
    key = f"post-{day.need}"
    shown = open_box(opened(day.need), f"{key}-box")
    shown = press(shown, "貼り紙を保存する")
    assert "貼り紙の色が選ばれていません" in words(shown)
    assert stickers(day) == []
    choose(shown, f"{key}-kind", StickerKind.TOPPLING)
    choose(shown, f"{key}-colour", StickerColour.RED)
    choose(shown, f"{key}-lives", "yes")
    next(field for field in shown.text_input if field.key == f"{key}-reason").set_value("ブロック塀")
    next(field for field in shown.text_input if field.key == f"{key}-photo").set_value("タブレット2 0012")
    shown = press(shown, "貼り紙を保存する")
    assert not shown.exception
    assert "貼り紙を記録し" in words(shown)
    (row,) = stickers(day)
    assert (row.kind, row.colour, row.photographed) == (StickerKind.TOPPLING, StickerColour.RED, True)
    assert gate(day) is Gate.HELD
    field = next(field for field in shown.text_input if field.key == f"{key}-reason")
    assert field.value == "", "the form is empty for the next paper"


def test_a_paper_is_taken_down_with_its_reason(day: Day) -> None:
    day.center.must(paper(day.need, "red"))
    (row,) = stickers(day)
    key = f"paper-{row.id}-{day.need}"
    shown = open_box(opened(day.need), key)
    shown = press(shown, "はがしたと記録する")
    assert "はがしたわけが選ばれていません" in words(shown)
    choose(shown, f"{key}-gone", Gone.REGRADED)
    next(field for field in shown.text_input if field.key == f"{key}-gone-why").set_value("緑の紙になった")
    shown = press(shown, "はがしたと記録する")
    assert not shown.exception
    assert gate(day) is Gate.OPEN
    assert "はがした：" in words(shown)


def test_the_check_and_who_lives_there_lead_to_the_chief_s_release(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.center.must(paper(day.need, "yellow"))
    shown = press(opened(day.need), "住んでいる")
    assert "人が住んでいる" in words(shown)
    key = f"check-{day.need}"
    shown = open_box(shown, f"{key}-box")
    shown = press(shown, "確認を保存する")
    assert "調査した人の名前がありません" in words(shown)
    for radio in [each for each in shown.radio if str(each.key).startswith(f"{key}-check.")]:
        radio.set_value("safe")
    next(field for field in shown.text_input if field.key == f"{key}-who").set_value("見本 建築士")
    shown = press(shown, "確認を保存する")
    assert "見本 建築士" in words(shown)
    assert not [button for button in shown.button if "名前で解除" in str(button.label)]
    as_(monkeypatch, "chief")
    shown = opened(day.need)
    next(field for field in shown.text_input if field.label.startswith("解除の理由")).set_value("見た")
    shown = press(shown, "訓練 太郎 の名前で解除する")
    assert "条件つきで入れる" in words(shown)
    assert gate(day) is Gate.CONDITIONAL
    shown = press(shown, "解除を取り消す")
    assert "理由" in words(shown)
    next(field for field in shown.text_input if field.label.startswith("解除を取り消すわけ")).set_value(
        "余震"
    )
    press(shown, "解除を取り消す")
    assert gate(day) is Gate.HELD


def desk_tab(tab: str) -> AppTest:
    shown = page()
    shown.session_state["needs"] = tab
    return shown.run()


def take_list(day: Day, *rows: list[str]) -> None:
    services = day.center.services
    head = ["住所", "判定結果", "判定理由"]
    result = lists.read(services, "stickers", csv_of([head, *rows]), file="赤.csv", today=TODAY)
    lists.take(services, result, day.center.chief, dry_run=False)


def in_town(day: Day, address: str) -> uuid.UUID:
    site = Site(
        id=uuid.UUID(int=0),
        name="架空 二郎",
        phone="000-0000-0002",
        address=address,
        town="本町一丁目",
        trouble="片付け",
    )
    place = Place(lat=35.70, lng=139.51, city_code="13210", match_level="town")
    details = Details(works=("clear-house",), hazard=HazardGrade.GREEN)
    return day.center.must(Receive(site=site, details=details, place=place)).entries[1].subject_id


def test_the_needs_desk_settles_whose_house_a_listed_paper_is(day: Day) -> None:
    flat, other = in_town(day, "本町一丁目2番3号 見本荘101"), in_town(day, "本町一丁目2番")
    take_list(day, ["小金井市本町1-2-3", "赤", "柱"], ["小金井市緑町2-4-5", "黄", "壁"])
    shown = desk_tab("貼り紙")
    assert not shown.exception
    said = words(shown)
    assert said.count("同じ家かもしれません") == 2
    assert "見本荘101" in said
    shown = press(shown, "この家の紙にする")
    row = day.row(Need, flat)
    assert isinstance(row, Need)
    assert row.gate is Gate.CLOSED
    shown = press(shown, "別の家")
    assert "同じ家かもしれません" not in words(shown)
    row = day.row(Need, other)
    assert isinstance(row, Need)
    assert row.gate is Gate.OPEN
    shown.text_input(key="papers-wanted").set_value("緑町").run()
    assert "小金井市緑町2" in words(shown).replace("\\", "")
    shown.text_input(key="papers-wanted").set_value("どこにもない").run()
    assert "記録にありません" in words(shown)


def test_the_taker_of_a_call_hears_of_a_listed_house(day: Day) -> None:
    take_list(day, ["小金井市本町1-2-3", "赤", "柱"])
    shown = press(call(page(), 場所="小金井市本町一丁目2番3号"), "重複と場所を調べる")
    assert "この住所には貼り紙の記録があります" in words(shown)
    shown = press(shown, "受け付ける")
    assert "この住所には貼り紙があります。立ち入り：入れない（危険）" in words(shown)


def test_a_list_of_papers_is_taken_over_on_the_page(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    in_town(day, "本町一丁目2番3号")
    as_(monkeypatch, "general")
    shown = page("imports.py")
    shown = shown.radio[0].set_value("stickers").run()
    assert "罹災証明（全壊・半壊など）とは別の調査" in words(shown)
    rows = [["住所", "判定結果"], ["小金井市本町1-2-3", "赤"], ["小金井市緑町2-4-5", "全壊"]]
    shown.file_uploader[0].set_value(("赤.csv", csv_of(rows), "text/csv"))
    shown = shown.run()
    assert not shown.exception
    shown = press(shown, "この内容で取り込む")
    said = words(shown)
    assert "取り込みました。新しい 1" in said
    assert "ニーズのある家の紙は 1 枚" in said
    assert len(stickers(day)) == 1


def test_the_list_of_needs_marks_what_the_gate_stops(day: Day) -> None:
    day.center.must(paper(day.need, "red"))
    in_town(day, "本町一丁目2番")
    shown = desk_tab("一覧")
    labels = [str(button.label) for button in shown.button]
    assert any("立入不可・赤紙" in label for label in labels)
    shown.checkbox(key="needs-shut").check().run()
    assert "1件" in words(shown)


def test_towns_are_set_by_the_chief_alone(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = desk_tab("貼り紙")
    assert not shown.exception
    assert "町の記録は、統括が" in words(shown)
    as_(monkeypatch, "chief")
    shown = desk_tab("貼り紙")
    shown = press(shown, "町の記録を変える")
    assert "理由" in words(shown)
    next(field for field in shown.text_input if field.key == "areas-why").set_value("市に聞いた")
    first = next(code for code, town in codes.towns().items() if town.city_code == "13210")
    shown.multiselect(key="areas-towns").set_value([first])
    shown = press(shown, "町の記録を変える")
    assert not shown.exception
    with day.center.services.reader() as reader:
        assert [area.ungraded for area in reader.find(GradedArea)] == [True]


def test_a_call_back_stands_on_both_pages_until_it_is_recorded(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = day.team()
    day.center.must(day.depart(team))
    day.center.must(paper(day.need, "red"))
    as_(monkeypatch, "viewer")
    said = words(page("status.py"))
    assert "呼び戻す班が 1 班あります" in said
    assert "見本 花子" not in said
    as_(monkeypatch, "chief")
    assert "班 1 を呼び戻す" in words(page("status.py"))
    shown = page("dispatch.py")
    assert "見本 花子" in words(shown)
    shown = press(shown, "班 1 への電話を記録する")
    assert "電話の結果を選んでください" in words(shown)
    row = day.row(Recall, recall_id(team))
    assert isinstance(row, Recall)
    assert row.calls == 0
    choose(shown, f"recall-{row.id}-answer", "reached")
    shown = press(shown, "班 1 への電話を記録する")
    assert "班 1 を呼び戻す" not in words(shown)
    row = day.row(Recall, recall_id(team))
    assert isinstance(row, Recall)
    assert row.reached_by == str(uuid.UUID(int=1))


def test_a_team_that_waits_for_a_shut_place_is_told_before_it_goes(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.team()
    day.center.must(paper(day.need, "red"))
    as_(monkeypatch, "chief")
    assert "きょうの訪問が 1 件あります。そのうち 1 件は、班が待っています" in words(page("status.py"))
    shown = page("dispatch.py")
    assert "出発できません" in words(shown)
    shown = press(shown, "出発")
    assert "安全ゲートが「入れない・保留」です" in words(shown)


def test_the_order_warns_of_what_may_fall_and_of_the_conditions(day: Day, tmp_path: Path) -> None:
    center = day.center
    center.must(paper(day.need, "yellow"))
    center.must(paper(day.need, "red", "toppling", reason="ブロック塀"))
    center.must(SetLivedIn(need_id=day.need, lived_in=True))
    center.must(checked(center, day.need))
    center.must(ReleaseGate(need_id=day.need, reason="建築士と見た"))
    day.team()
    with center.services.reader() as reader:
        (line,) = teams(reader, center.services.ask("operations.current", center.chief).id, TODAY)
    sheet = order.sheet(center.services, line, "訓練 太郎")
    assert sheet.hazards[0] == "応急危険度判定：黄（要注意）（立ち入り：条件つき）"
    assert sheet.hazards[1] == "【倒れる・赤】ブロック塀：近づかない"
    assert sheet.hazards[2].startswith("ヘルメットをかぶる／")
    assert len(sheet.hazards) == 3, "what the thing's own line says is not said twice"
    made = forms.render("work_order", sheet)
    (tmp_path / "order.pdf").write_bytes(made)
    printed = "".join(pdf.pages(made)).replace("\n", "")
    assert "【倒れる・赤】ブロック塀" in printed
    assert len(pdf.pages(made)) == 2


def test_the_order_says_the_conditions_of_the_last_survey(day: Day) -> None:
    center = day.center
    for words_ in ("裏口から入る", "塀の側を通らない"):
        center.must(Survey(need_id=day.need, result="conditional", people=4, days=1, conditions=words_))
    day.team()
    with center.services.reader() as reader:
        (line,) = teams(reader, center.services.ask("operations.current", center.chief).id, TODAY)
    assert order.sheet(center.services, line, "訓練 太郎").hazards[0] == "条件：塀の側を通らない"
