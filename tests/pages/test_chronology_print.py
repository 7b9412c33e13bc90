"""クロノロジーを紙に: a day or all of it, in parts where it is long, and nothing silently left out."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dvc_core import bootstrap, forms
from dvc_core.commands.chronology import Correct
from dvc_core.forms.records import Chronology
from dvc_core.queries.chronology import lines
from pages import _shell
from pages.components import chronology_print
from tests.pages.test_needs_page import person, press, words
from tests.support.center import Center
from tests.support.day import TODAY, Day

PAGE = str(Path(__file__).parents[2] / "pages" / "chronology.py")
PRINT = "印刷する紙を作る（PDF）"


@pytest.fixture
def sheets(center: Center, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Chronology]]:
    """What the page gives to the press, of a day and one more entry two days later."""
    printed: list[Chronology] = []

    def render(kind: str, sheet: Chronology) -> bytes:
        assert kind == "chronology"
        printed.append(sheet)
        return b"%PDF-"

    bootstrap.install(center.services)
    monkeypatch.setattr(_shell, "who", lambda: person("viewer"))
    monkeypatch.setattr(forms, "render", render)
    Day(center)
    center.clock.forward(days=2)
    with center.services.reader() as reader:
        last = lines(reader, limit=1)[0].entry_id
    center.must(Correct(entry_id=last, words="あとから"))
    yield printed
    bootstrap.uninstall()


def page() -> AppTest:
    shown = AppTest.from_file(PAGE, default_timeout=60)
    shown.session_state["chronology-print"] = True
    shown.run()
    assert not shown.exception
    return shown


def box(shown: AppTest, label: str) -> AppTest:
    return next(each for each in shown.selectbox if each.label == label)


def test_a_short_journal_is_one_sheet(center: Center, sheets: list[Chronology]) -> None:
    shown = press(page(), PRINT)
    assert "部に分ける" not in words(shown)
    with center.services.reader() as reader:
        whole = [line.seq for line in reversed(lines(reader, limit=5000))]
    assert [row.seq for row in sheets[0].rows] == whole
    assert sheets[0].filters == ()


def test_a_long_journal_is_printed_in_parts_that_hold_all_of_it(
    center: Center, sheets: list[Chronology], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chronology_print, "PRINTED", 10)
    shown = page()
    with center.services.reader() as reader:
        whole = [line.seq for line in reversed(lines(reader, limit=5000))]
    parts = -(-len(whole) // 10)
    assert parts > 2
    assert f"{len(whole)} 件あります" in words(shown)
    assert f"{parts} 部に分ける" in words(shown)
    for part in range(1, parts + 1):
        box(shown, "印刷する部").set_value(part)
        shown = press(shown, PRINT)
    assert [row.seq for sheet in sheets for row in sheet.rows] == whole
    assert [sheet.filters for sheet in sheets] == [(f"{n}／{parts} 部",) for n in range(1, parts + 1)]


def test_one_day_is_printed_by_itself_and_an_empty_one_says_so(
    center: Center, sheets: list[Chronology]
) -> None:
    shown = page()
    box(shown, "印刷する日").set_value(TODAY)
    shown = press(shown, PRINT)
    assert sheets[0].filters == (f"{TODAY:%Y/%m/%d}",)
    assert {row.occurred_at.date() for row in sheets[0].rows} == {TODAY}
    box(shown, "印刷する日").set_value(TODAY + timedelta(days=1))
    shown = shown.run()
    assert "当てはまる記録はありません" in words(shown)
    assert PRINT not in [button.label for button in shown.button]
    assert center.services.drill is None
