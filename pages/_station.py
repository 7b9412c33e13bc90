"""班の端末 around every page: who works there, the next one in two taps, nobody after a pause (交代)."""

import streamlit as st

from dvc_core.access import stations
from dvc_core.access.sessions import Who
from dvc_core.access.stations import Seen
from dvc_core.i18n import text
from pages._shell import proved, say, services, station, who
from pages.components.plain import plain
from pages.components.station_take import proof, pulse, take

_STYLE = "<style>.st-key-station-watch { position: absolute; height: 0; overflow: hidden; }</style>"
"""The pulse is a frame of no height: it must not push the page down."""


def gate(at: Seen) -> None:
    """Instead of the page: a tablet that was cut off, is not itself, or that nobody works at."""
    if at.cut_off:
        st.error(text("station.gone"))
        return
    if not proof(at):
        return
    _watched("")
    st.title(text("station.take.who"), anchor=False)
    st.caption(f"{plain(at.desk.name) if at.desk else ''}　{plain(at.label)}")
    say()
    if take("take-gate", at):
        st.rerun()


def bar(me: Who) -> None:
    """Above every page of a station: 班 · 人, and the way to the next person."""
    at = station()
    if at is None or at.person is None:
        return
    stations.note_use(services().database, at, now=services().wall.now())
    _watched(str(me.account_id))
    with st.container(horizontal=True, vertical_alignment="center", key="station-bar"):
        st.markdown(f"**{plain(me.desk)} · {plain(me.name)}**", width="content")
        asked = st.button("交代", key="station-hand-over", icon=":material/swap_horiz:")
        if st.button("席をはなれる", key="station-leave"):
            _leave()
    if asked:
        _hand_over()
    else:
        # The dialog's place: else all that follows would move by one, and the browser forget what was typed.
        st.empty()


def _watched(at_work: str) -> None:
    """The pulse, always the first thing on the page: a frame that moves is no longer heard."""
    st.html(_STYLE)
    with st.container(key="station-watch"):
        _watch(at_work=at_work)


def _leave() -> None:
    at = station()
    if at is not None and proved(at):
        stations.leave(services().database, at)
    st.rerun()


@st.dialog("だれが使いますか", width="medium")
def _hand_over() -> None:
    at = station()
    if at is None or at.cut_off or not proved(at):
        st.rerun()
        return
    # The page stays behind: what was typed there is still there for the next person at this desk.
    if take("take-over", at):
        st.rerun()


@st.fragment
def _watch(at_work: str) -> None:
    """Signs of life: the contact is noted, and the page goes when the one it was drawn for may not see it."""
    said = pulse("station-pulse")
    if said is None:
        return
    found, me, at = services(), who(), station()
    now = "" if me is None else str(me.account_id)
    if at is None or at.cut_off or not proved(at) or now != at_work:
        st.rerun()
        return
    stations.note_contact(found.database, at, now=found.wall.now())
    if said.used:
        stations.note_use(found.database, at, now=found.wall.now())
