"""How pages speak: title and last message, refusals in words, moments, ways to the plain pages."""

from datetime import datetime

import streamlit as st

from dvc_core.access.stations import Seen
from dvc_core.bootstrap import TOKYO
from dvc_core.domain.kernel import Refusal
from dvc_core.i18n import has_text, text


def way(words: str, address: str) -> None:
    """A way to one of our plain pages, in this very window: the framework's own button would open another."""
    st.html(
        f'<a href="{address}" target="_self" style="display:inline-block;padding:.7rem 1.4rem;'
        'border-radius:6px;background:#0b5c8a;color:#fff;font-weight:700;text-decoration:none">'
        f"{words}</a>"
    )


def outside(at: Seen | None) -> None:
    """What someone sees who is nobody here: a tablet that was cut off or left says so."""
    if at is None:
        st.info("ログインしてください。")
        way("ログイン画面へ", "/login")
    elif at.cut_off:
        st.error(text("station.gone"))
    else:
        st.info(text("station.nobody"))


def refusal_words(refusal: Refusal) -> str:
    """What, why and what to do next, as one block of Markdown."""
    key = f"refusal.{refusal.code}"
    parts = [f"**{text(key, **refusal.facts)}**"]
    more = [f"{key}.{part}" for part in ("why", "next")]
    parts += [text(name, **refusal.facts) for name in more if has_text(name)]
    return "\n\n".join(parts)


def say() -> None:
    """Show what the last command said, once, after the redraw that follows it."""
    said = st.session_state.pop("_said", None)
    if said is not None:
        kind, words = said
        {"error": st.error, "warning": st.warning, "success": st.success}[kind](words)


def local(moment: datetime | None, shape: str = "%m/%d %H:%M") -> str:
    """A moment as people at the center read it."""
    return "" if moment is None else moment.astimezone(TOKYO).strftime(shape)


def head(title: str) -> None:
    """Title, and what the last command said.

    The words have a place of their own, filled or not: without it all that follows would move by one, and
    the browser would forget which tab was open.
    """
    st.title(title, anchor=False)
    with st.container():
        say()
