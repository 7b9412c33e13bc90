"""What is hidden is not drawn, and what was typed in a tab that was open once stays."""

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from pages.components import lazy

    def draw(name: str) -> None:
        drawn = st.session_state.setdefault("drawn", [])
        drawn.append(name)
        st.text_input(name, key=f"field-{name}")

    st.session_state["drawn"] = []
    lazy.keep("field-list")
    if not st.session_state.get("away"):
        parts = {name: lambda name=name: draw(name) for name in ("form", "list", "other")}
        lazy.tabs("row", parts, stay={"form"})
    with st.popover("box", key="box", on_change="rerun") as box:
        if lazy.opened("box", now=bool(box.open)):
            st.text_input("inside", key="inside")


def _opened(shown: AppTest, tab: str) -> AppTest:
    shown.session_state["row"] = tab
    return shown.run()


def test_only_the_open_tab_is_drawn_and_a_form_that_was_open() -> None:
    shown = AppTest.from_function(_page).run()
    assert shown.session_state["drawn"] == ["form"]
    shown.text_input(key="field-form").set_value("half a name").run()
    _opened(shown, "list")
    assert shown.session_state["drawn"] == ["form", "list"]
    assert shown.text_input(key="field-form").value == "half a name"
    _opened(shown, "other")
    assert shown.session_state["drawn"] == ["form", "other"]


def test_what_was_chosen_in_a_list_is_found_again() -> None:
    shown = _opened(AppTest.from_function(_page).run(), "list")
    shown.text_input(key="field-list").set_value("0001").run()
    _opened(shown, "other")
    _opened(shown, "list")
    assert shown.text_input(key="field-list").value == "0001"


def test_the_chosen_tab_is_found_again_after_something_else_was_shown() -> None:
    shown = _opened(AppTest.from_function(_page).run(), "other")
    shown.session_state["away"] = True
    assert shown.run().session_state["drawn"] == []
    shown.session_state["away"] = False
    assert shown.run().session_state["drawn"] == ["form", "other"]


def test_a_box_is_drawn_when_it_is_opened_and_stays() -> None:
    shown = AppTest.from_function(_page).run()
    assert not [field for field in shown.text_input if field.key == "inside"]
    shown.session_state["box"] = True
    shown.run()
    shown.text_input(key="inside").set_value("a word").run()
    shown.session_state["box"] = False
    assert shown.run().text_input(key="inside").value == "a word"
