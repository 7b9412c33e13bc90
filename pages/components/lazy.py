"""What is hidden is not drawn: a closed tab or box costs a desk nothing until someone opens it.

The framework draws every tab at every redraw and forgets a form's text when it is not drawn. So a tab with
something to fill in is drawn from the first time on that it was open: what was typed there stays.
"""

from collections.abc import Callable, Collection, Mapping

import streamlit as st


def tabs(key: str, parts: Mapping[str, Callable[[], object]], *, stay: Collection[str] = ()) -> None:
    """A row of tabs, each with what draws it. The chosen one is found again after another page.

    Args:
        key: the row's name, one of its own for each page.
        parts: what stands on the tabs, and what is in them.
        stay: those with fields to fill in.
    """
    chosen = f"_lazy_{key}"
    if key not in st.session_state and chosen in st.session_state:
        st.session_state[key] = st.session_state[chosen]
    row = st.tabs(list(parts), key=key, on_change="rerun")
    for (label, draw), tab in zip(parts.items(), row, strict=True):
        if tab.open:
            st.session_state[chosen] = label
        if tab.open or (label in stay and f"{key} {label}" in _seen()):
            _seen().add(f"{key} {label}")
            with tab:
                draw()


def opened(name: str, *, now: bool) -> bool:
    """Whether something is open `now` or was open before."""
    if now:
        _seen().add(name)
    return name in _seen()


def _seen() -> set[str]:
    seen: set[str] = st.session_state.setdefault("_lazy_seen", set())
    return seen


def keep(*keys: str) -> None:
    """Keep what was chosen in fields that this run may not draw."""
    for key in keys:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]
