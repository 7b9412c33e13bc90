"""要確認: what the program mended in its own store is looked at by a person, who says what they saw."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dvc_core import bootstrap
from dvc_core.bootstrap import PROGRAM
from dvc_core.commands.mended import TellMended
from dvc_core.domain.review import Review, ReviewContent, ReviewState
from pages import _shell
from tests.pages.test_needs_page import person, press, words
from tests.support.center import Center

PAGE = str(Path(__file__).parents[2] / "pages" / "review.py")
SAID = "記録 12 件から作りなおしました。"


@pytest.fixture
def told(center: Center, monkeypatch: pytest.MonkeyPatch) -> Iterator[Center]:
    bootstrap.install(center.services)
    monkeypatch.setattr(_shell, "who", lambda: person("chief"))
    center.do(TellMended(what="store-rebuilt", said=SAID), PROGRAM)
    yield center
    bootstrap.uninstall()


def opened() -> AppTest:
    """The page with the one line that waits pressed."""
    shown = AppTest.from_file(PAGE, default_timeout=60).run()
    (line,) = [each for each in shown.button if "作りなおしました" in each.label]
    return line.click().run()


@pytest.mark.usefixtures("told")
def test_it_is_told_in_words_and_asks_for_no_number() -> None:
    shown = opened()
    assert not shown.exception
    assert SAID in [each.value for each in shown.text]
    assert not shown.number_input


def test_it_waits_until_somebody_says_what_they_saw(told: Center) -> None:
    shown = press(opened(), "確かめた")
    assert "理由" in words(shown)
    shown.text_input[0].set_value("人数は紙と合う")
    press(shown, "確かめた")
    with told.services.reader() as reader:
        (row,) = reader.find(Review)
        (content,) = reader.find(ReviewContent)
    assert (row.state, content.said) == (ReviewState.KEPT_APART, "人数は紙と合う")
