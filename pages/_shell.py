"""What every page shares: who am I, require(role), run(command), drill banner, refusals in words."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

import streamlit as st

from dvc_core.access import sessions, stations
from dvc_core.access.sessions import Who
from dvc_core.access.stations import Seen
from dvc_core.bootstrap import Services, installed
from dvc_core.commands.base import Actor, Answer, AsRead, Command
from dvc_core.i18n import text
from dvc_core.ports import Reader
from dvc_core.web.session import cookie_name, station_cookie_name
from pages._read import STALE, next_run, told
from pages._words import head, local, outside, refusal_words, say, way

__all__ = ["PROVED", "actor", "head", "local", "met", "proved", "refusal_words", "require"]
__all__ += ["run", "say", "services", "station", "way", "who"]

PROVED = "_station_proved"
"""Where a tab keeps which station's key it has shown; the server's memory, no browser can write it."""

_met: ContextVar[Who | None] = ContextVar("met", default=None)


def services() -> Services:
    """The services of this process."""
    return installed()


def _kept(name: Callable[[Services, str], str]) -> str | None:
    scheme = "https" if (st.context.url or "").startswith("https") else "http"
    kept = st.context.cookies.get(name(services(), scheme))
    return kept if isinstance(kept, str) else None


def _cookie() -> str | None:
    """The session's cookie of this browser. The one place that reads it: tests replace it."""
    return _kept(cookie_name)


def _station_cookie() -> str | None:
    """The cookie of a 班の端末; tests replace it as well."""
    return _kept(station_cookie_name)


def station() -> Seen | None:
    """The 班の端末 that this browser is, looked up now; whether it holds its key is another question."""
    found = services()
    with found.reader() as reader:
        return _station(reader)


def _station(reader: Reader) -> Seen | None:
    found = services()
    return stations.seen(reader, _station_cookie(), now=found.wall.now(), reference=found.reference)


def proved(at: Seen) -> bool:
    """Whether this very browser tab has shown the key of the tablet that its cookie belongs to."""
    return bool(st.session_state.get(PROVED) == at.credential_id)


def who() -> Who | None:
    """Who uses this page, looked up now: a revoked session or a tablet that was cut off gets nothing more.

    Someone who logged in by name and password goes before the person who works at the station.
    """
    found = services()
    with found.reader() as reader:
        me = sessions.who(reader, _cookie(), now=found.wall.now())
        at = _station(reader) if me is None else None
    return me if at is None or not proved(at) else at.person


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
    at = None if me.station == "desk" else me.station
    return Actor(id=str(me.account_id), roles=me.roles, station=at)


def require(work: str) -> Who:
    """First statement of every page: who may see it. Anyone else gets a word and the way to the login."""
    me = _met.get() or who()
    next_run()
    if me is None:
        outside(station())
        st.stop()
    if me.must_change_password:
        st.warning("一時パスワードのままです。先にパスワードを変えてください。")
        way("パスワードを変える", "/password")
        st.stop()
    if not services().roles.may(me.roles, work):
        st.warning(text("refusal.not-allowed"))
        st.caption(text("refusal.not-allowed.next"))
        st.stop()
    return me


def run(
    command: Command,
    *,
    key: str,
    done: str,
    occurred_at: datetime | None = None,
    seen: tuple[AsRead, ...] = (),
) -> Answer:
    """Run a command of whoever is logged in now, and say what became of it.

    `key` names the form: while it shows the same form, a second press sends the same command id, so that it
    is stored once. The id is renewed after it was accepted. `occurred_at`: when it happened, if not now.
    `seen`: the rows as this person read them; if one has moved on since, an act is refused.
    """
    me = who()
    if me is None:
        require("public")
        st.stop()
    slot = f"_command_id_{key}"
    command_id = st.session_state.setdefault(slot, uuid.uuid4())
    answer = services().do(command, actor(me), command_id=command_id, occurred_at=occurred_at, seen=seen)
    st.session_state[slot] = uuid.uuid4()
    if answer.refusal is not None:
        more = told(services(), seen) if answer.refusal.code == STALE else ""
        st.session_state["_said"] = ("error", refusal_words(answer.refusal) + more)
    elif answer.result == "review":
        st.session_state["_said"] = ("warning", text("run.review"))
    else:
        st.session_state["_said"] = ("success", done)
    return answer
