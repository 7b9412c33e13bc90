"""Tables in people's words: imports, editions with problems; a text in a table is never a tag."""

import shutil
from pathlib import Path

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from dvc_core import bootstrap
from dvc_core.commands.operation import Start
from dvc_core.domain.operation import Disaster
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.importing.result import Insurance
from pages import _shell
from pages.components.import_tables import word
from tests.importing.make_samples import SAMPLES
from tests.pages.test_board_page import html
from tests.pages.test_needs_page import person
from tests.support.center import START, Center

PAGES = Path(_shell.__file__).parent


def _imports() -> None:
    from datetime import date
    from pathlib import Path

    import streamlit as st

    from dvc_core import importing
    from pages.components import import_tables

    path = Path(st.session_state["file"])
    result = importing.read("volunteers", path, today=date(2026, 7, 29))
    import_tables.problems(result)
    import_tables.rows(result)
    import_tables.columns(result)


def test_an_import_is_shown_in_the_center_s_words() -> None:
    shown = AppTest.from_function(_imports, default_timeout=60)
    shown.session_state["file"] = str(SAMPLES / "volunteers_group_cp932.csv")
    shown.run()
    assert not shown.exception
    frame = shown.dataframe[0].value
    assert [str(name) for name in frame.columns[:4]] == ["行", "氏名", "ふりがな", "電話"]
    assert "天災プラン" in set(frame["保険"])
    assert not frame.isna().any().any(), "an empty cell would say None"
    assert not frame.isin(["None", "nan", "disaster", "unknown"]).any().any()
    assert not any(code in html(shown) for code in ("first_time", "emergency", ">phone<", "None"))


def test_codes_and_lists_have_words() -> None:
    assert word(Insurance.NONE) == "未加入"
    assert word(HazardGrade.RED) == "赤（危険）"
    assert word(("大工", "普通免許")) == "大工、普通免許"
    assert word(5) == "5"


def _lined() -> None:
    from pages.components import lined
    from pages.components.lined import Cell

    lined.show(("<i>見出し</i>",), [(Cell("<b>太字</b>", strong="<script>", small="<u>下線</u>"),)])


def test_a_text_in_a_table_is_no_tag() -> None:
    shown = AppTest.from_function(_lined).run()
    body = html(shown)
    assert "&lt;b&gt;太字&lt;/b&gt;" in body
    assert not any(tag in body for tag in ("<b>", "<i>", "<u>", "<script>"))


def test_an_edition_with_problems_says_where_and_cannot_be_approved(
    center: Center, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manuals = tmp_path / "manuals"
    shutil.copytree(center.services.config.manuals / "koganei" / "2026-1", manuals / "koganei" / "2026-1")
    chapter = next((manuals / "koganei" / "2026-1").glob("01-*.md"))
    chapter.write_text(chapter.read_text("utf-8").replace("- 期限: ", "- 期限: いつか", 1), "utf-8")
    center.must(Start(disaster=Disaster.EARTHQUAKE, started_at=START, title="訓練の地震"))
    center.services.config = msgspec.structs.replace(center.services.config, manuals=manuals)
    bootstrap.install(center.services)
    monkeypatch.setattr(_shell, "who", lambda: person("chief"))
    try:
        shown = AppTest.from_file(str(PAGES / "operation.py"), default_timeout=60).run()
    finally:
        bootstrap.uninstall()
    assert not shown.exception
    assert "この版を承認する" not in {button.label for button in shown.button}
    assert "いつか" in html(shown)
    assert chapter.name in html(shown)
