"""The part of a 班の端末 that lives in the browser: its key, its pulse, and 名前と暗証番号 (交代)."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec
import streamlit as st
import streamlit.components.v1 as components

from dvc_core.access import device_keys, stations
from dvc_core.access.stations import Seen, TakeOver
from dvc_core.bootstrap import TOKYO
from dvc_core.i18n import text
from pages._shell import PROVED, proved, services, way

BEAT = 15
"""Seconds between two signs of life: a tablet that was cut off shows nothing more after that long."""

_front = components.declare_component("station", path=Path(__file__).with_name("station_front"))
_WORDS = ("pin", "send", "back", "erase", "none")
_CHALLENGE, _BAD, _ATTEMPT, _HANDLED = "_station_word", "_station_bad", "_take_attempt", "_take_handled"


class Signal(msgspec.Struct, frozen=True):
    """What the browser sent: its key's signature, a sign of life, a name with a PIN."""

    kind: Literal["key", "no-key", "beat", "take"]
    word: str = ""
    signature: str = ""
    n: int | str = 0
    used: bool = False
    account: str = ""
    pin: str = ""


def signal(key: str, **args: Any) -> Signal | None:  # noqa: ANN401 - what the browser's part is told, as JSON
    """Draw the browser's part and read what it says. The one place that does: tests replace it."""
    return _understood(_front(key=key, default=None, **args))


def _understood(value: object) -> Signal | None:
    try:
        return msgspec.convert(value, Signal | None)
    except msgspec.ValidationError:
        return None


def proof(at: Seen) -> bool:
    """Whether this tab has shown the tablet's key; until then it is asked for it, and says so."""
    if proved(at):
        return True
    word = st.session_state.setdefault(_CHALLENGE, device_keys.challenge())
    said = signal("station-proof", mode="watch", challenge=word, credential=str(at.credential_id), beat=0)
    if said is None or said.word != word:
        (st.error if st.session_state.get(_BAD) else st.info)(
            text("station.copied" if st.session_state.get(_BAD) else "station.checking")
        )
        return False
    right = device_keys.signed(at.public_key, at.credential_id, word, said.signature)
    del st.session_state[_CHALLENGE]
    if right:
        st.session_state[PROVED] = at.credential_id
        st.rerun()
    if not st.session_state.get(_BAD):
        st.session_state[_BAD] = True
        stations.note_contact(services().database, at, now=services().wall.now(), copied=True)
    st.error(text("station.copied"))
    return False


def pulse(key: str) -> Signal | None:
    """A sign of life, each once; None when there is no new one."""
    said = signal(key, mode="watch", challenge="", beat=BEAT)
    if said is None or said.kind != "beat" or st.session_state.get(f"_{key}") == said.n:
        return None
    st.session_state[f"_{key}"] = said.n
    return said


def take(key: str, at: Seen) -> bool:
    """Names in the order of their kana, then the PIN. True when someone has just taken the station over."""
    if at.desk is None:
        st.warning(text("station.no-desk"))
        return False
    found = services()
    with found.reader() as reader:
        people = stations.people(reader, at.desk, now=found.wall.now(), reference=found.reference)
    if _answered(key, at, {str(each.account_id): each.name for each in people}):
        return True
    if not people:
        st.warning(text("station.no-people"))
    problem, chosen = st.session_state.get(f"_{key}_said", ("", ""))
    signal(
        key,
        mode="take",
        people=[
            {"id": str(each.account_id), "name": each.name, "kana": each.kana, "pin": each.has_pin}
            for each in people
        ],
        words={word: text(f"station.take.{word}") for word in _WORDS},
        problem=problem,
        chosen=chosen,
        attempt=st.session_state.get(_ATTEMPT, 0),
    )
    way_to_pin()
    return False


def _answered(key: str, at: Seen, names: dict[str, str]) -> bool:
    """What was sent since the last drawing, each once, before it is drawn anew: no second run is needed."""
    said = _understood(st.session_state.get(key))
    if said is None or said.kind != "take" or st.session_state.get(_HANDLED) == said.n:
        return False
    st.session_state[_HANDLED] = said.n
    st.session_state[_ATTEMPT] = st.session_state.get(_ATTEMPT, 0) + 1
    return _tried(key, at, said, names)


def _tried(key: str, at: Seen, said: Signal, names: dict[str, str]) -> bool:
    found = services()
    answer = TakeOver(result="out")
    if said.account in names:
        answer = stations.take_over(
            found.database,
            at,
            uuid.UUID(said.account),
            said.pin,
            now=found.wall.now(),
            reference=found.reference,
        )
    if answer.result == "in":
        st.session_state.pop(f"_{key}_said", None)
        name = names[said.account]
        many = answer.wrong_before
        words = "station.taken-wrong" if many >= LET_KNOW else "station.taken"
        level = "warning" if many >= LET_KNOW else "success"
        st.session_state["_said"] = (level, text(words, name=name, count=many))
        return True
    st.session_state[f"_{key}_said"] = (_why(answer), "" if answer.result == "out" else said.account)
    return False


LET_KNOW = 3
"""So many wrong tries before one's own are told to the person."""


def _why(answer: TakeOver) -> str:
    words = text(f"station.take.{answer.result}")
    if answer.wait_until is not None:
        until = (answer.wait_until + timedelta(seconds=1)).astimezone(TOKYO).strftime("%H:%M:%S")
        wait = text("station.take.wait", time=until)
        return wait if answer.result == "wait" else f"{words} {wait}"
    return words


def way_to_pin() -> None:
    """Where someone without a number of their own gets one."""
    with st.expander("番号がまだない・忘れた"):
        st.write("利用者はログイン名とパスワードで、自分で決められます。応援の人は、班長に頼んでください。")
        way("番号を決める", "/pin")
