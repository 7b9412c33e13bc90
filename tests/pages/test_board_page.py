"""情報共有: everyone looks, the board's people publish after reading and type what they heard."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dvc_core import bootstrap
from dvc_core.commands.board import TakeFile, Type
from dvc_core.domain.board import CouncilBoard, Heard, told_by
from dvc_core.domain.board_facts import CouncilState, Told
from dvc_core.geo.councils import councils
from dvc_core.queries.board import lines
from pages import _shell
from pages.components.board_tiles import features
from tests.commands.test_board import BOARD
from tests.pages.test_needs_page import person, press, words
from tests.support.center import START, Center

PAGE = str(Path(__file__).parents[2] / "pages" / "board.py")


@pytest.fixture
def desk(center: Center, monkeypatch: pytest.MonkeyPatch) -> Iterator[Center]:
    bootstrap.install(center.services)
    monkeypatch.setattr(_shell, "who", lambda: person("general"))
    yield center
    bootstrap.uninstall()


def page() -> AppTest:
    shown = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not shown.exception
    return shown


def html(shown: AppTest) -> str:
    return "".join(str(each.proto.body) for each in shown.get("html"))


def test_the_own_state_is_published_only_when_read(desk: Center) -> None:
    shown = press(page(), "公開する")
    assert "読んだ人がいない" in words(shown)
    with desk.services.reader() as reader:
        assert reader.find(CouncilBoard) == []
    next(box for box in shown.checkbox if box.label.startswith("全部の欄")).check()
    shown = press(shown, "公開する（1 回目）")
    assert "公開しました" in words(shown)
    assert any(button.label.startswith("公開する（2 回目）") for button in shown.button)
    with desk.services.reader() as reader:
        assert reader.find(CouncilBoard)[0].number == 1


def test_what_was_heard_is_typed_and_turns_grey_after_an_hour(desk: Center) -> None:
    shown = page()
    next(box for box in shown.number_input if box.key == "type-needs_left").set_value(40)
    shown = press(shown, "盤に書く")
    assert "狛江市の状況を書きました" in words(shown)
    with desk.services.reader() as reader:
        assert told_by(reader.find(CouncilBoard)[0]) == Told(needs_left=40)
    assert "電話・" in html(shown)
    assert "60分以上前" not in html(shown)
    desk.clock.forward(minutes=60)
    shown = page()
    assert "60分以上前" in html(shown)
    with desk.services.reader() as reader:
        points = features(councils(), lines(reader, desk.clock.now()))
    assert all(point.old for point in points)
    assert len(points) == 8


@pytest.mark.usefixtures("desk")
def test_nothing_typed_is_told_in_words() -> None:
    assert "聞いたことが、ひとつも書かれていません" in words(press(page(), "盤に書く"))


def test_a_forged_file_is_shown_to_everyone_and_a_viewer_edits_nothing(
    desk: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.must(TakeFile(raw=b"{}"), BOARD)
    told = Told(state=CouncilState.OPEN)
    desk.must(
        Type(council_code="13204", heard=Heard.FAX, as_of=START - timedelta(minutes=5), told=told), BOARD
    )
    monkeypatch.setattr(_shell, "who", lambda: person("viewer"))
    shown = page()
    assert "書き換えられたか、壊れています" in words(shown)
    assert "FAX・board・5分前" in html(shown)
    assert list(shown.button) == []
