"""健康診断: what is wrong comes first with what to do; the whole look compares every record."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dvc_core import bootstrap
from pages import _shell
from tests.pages.test_needs_page import person, press
from tests.support.center import Center
from tests.support.damage import LOG, cut, hurt, lived

PAGE = str(Path(__file__).parents[2] / "pages" / "checkup.py")


@pytest.fixture
def looked(center: Center, monkeypatch: pytest.MonkeyPatch) -> Iterator[Center]:
    bootstrap.install(center.services)
    monkeypatch.setattr(_shell, "who", lambda: person("chief"))
    yield center
    bootstrap.uninstall()


def told(shown: AppTest) -> list[str]:
    assert not shown.exception
    return [each.value.replace("\\", "") for each in shown.markdown]


@pytest.mark.usefixtures("looked")
def test_what_is_missing_is_said_with_what_to_do() -> None:
    shown = AppTest.from_file(PAGE, default_timeout=60).run()
    first = told(shown)[0]
    assert "△" in first
    assert "すること" in first
    assert "続けられます" in shown.warning[0].value


def test_the_whole_look_finds_what_the_quick_one_cannot(looked: Center) -> None:
    lived(looked)
    hurt(looked.services.config.data / LOG, cut(90))
    shown = AppTest.from_file(PAGE, default_timeout=60).run()
    assert not shown.error
    shown = press(shown, "全部の記録を調べる")
    assert "すぐに見てほしい" in shown.error[0].value
    assert "変更ログのはじめが傷んでいます" in told(shown)[0]
    press(shown, "いま調べなおす")
