"""What every page shares: who am I, require(role), run(command), drill banner, refusals in words."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

import streamlit as st

from dvc_core.access import sessions
from dvc_core.access.sessions import Who
from dvc_core.bootstrap import TOKYO, Services, installed
from dvc_core.commands.base import Actor, Answer, Command
from dvc_core.domain.kernel import Refusal
from dvc_core.i18n import has_text, text

_met: ContextVar[Who | None] = ContextVar("met", default=None)


def services() -> Services:
    """The services of this process."""
    return installed()


def _cookie() -> str | None:
    """The session's cookie of this browser. The one place that reads it: tests replace it."""
    url = st.context.url or ""
    scheme = "https" if url.startswith("https") else "http"
    name = f"tasuki-{scheme}-{str(services().database.meta.database_id)[:8]}"
    return st.context.cookies.get(name)


def who() -> Who | None:
    """Who uses this page, looked up now: a revoked session gets nothing more."""
    found = services()
    with found.reader() as reader:
        return sessions.who(reader, _cookie(), now=found.wall.now())


@contextmanager
def met(me: Who | None) -> Iterator[None]:
    """The page that runs inside need not ask again who was looked up for its menu a moment before.

    Only `require` of this very run takes that answer; an act, a callback and a fragment look up anew.
    """
    token = _met.set(me)
    try:
        yield
    finally:
        _met.reset(token)


def actor(me: Who) -> Actor:
    """The person as commands know them."""
    return Actor(id=str(me.account_id), roles=me.roles)


def require(work: str) -> Who:
    """First statement of every page: who may see it. Anyone else gets a word and the way to the login."""
    me = _met.get() or who()
    if me is None:
        st.info("ログインしてください。")
        _way("ログイン画面へ", "/login")
        st.stop()
    if me.must_change_password:
        st.warning("一時パスワードのままです。先にパスワードを変えてください。")
        _way("パスワードを変える", "/password")
        st.stop()
    if not services().roles.may(me.roles, work):
        st.warning(text("refusal.not-allowed"))
        st.caption(text("refusal.not-allowed.next"))
        st.stop()
    return me


def _way(words: str, address: str) -> None:
    """A way to one of our plain pages, in this very window: the framework's own button would open another."""
    st.html(
        f'<a href="{address}" target="_self" style="display:inline-block;padding:.7rem 1.4rem;'
        'border-radius:6px;background:#0b5c8a;color:#fff;font-weight:700;text-decoration:none">'
        f"{words}</a>"
    )


def refusal_words(refusal: Refusal) -> str:
    """What, why and what to do next, as one block of Markdown."""
    key = f"refusal.{refusal.code}"
    parts = [f"**{text(key, **refusal.facts)}**"]
    more = [f"{key}.{part}" for part in ("why", "next")]
    parts += [text(name, **refusal.facts) for name in more if has_text(name)]
    return "\n\n".join(parts)


def run(command: Command, *, key: str, done: str, station: str = "desk") -> Answer:
    """Run a command of whoever is logged in now, and say what became of it.

    `key` names the form: while it shows the same form, a second press sends the same command id, so that it
    is stored once. The id is renewed after it was accepted.
    """
    me = who()
    if me is None:
        require("public")
        st.stop()
    slot = f"_command_id_{key}"
    command_id = st.session_state.setdefault(slot, uuid.uuid4())
    answer = services().do(command, actor(me), command_id=command_id, station=station)
    st.session_state[slot] = uuid.uuid4()
    if answer.refusal is not None:
        st.session_state["_said"] = ("error", refusal_words(answer.refusal))
    elif answer.result == "review":
        st.session_state["_said"] = ("warning", text("run.review"))
    else:
        st.session_state["_said"] = ("success", done)
    return answer


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
