"""二人で一件: the second of two people sees what changed and by whom; what they typed stays in the form."""

from collections.abc import Mapping
from typing import Any

import msgspec
import streamlit as st

from dvc_core.commands.base import AsRead
from dvc_core.domain.kernel import Row
from dvc_core.queries.changes import Meanwhile, since
from pages._shell import local, services
from pages.components import codes
from pages.components.plain import plain

NOTHING = "（なし）"


class Read(msgspec.Struct, frozen=True):
    """A row as this person opened it, with what the form shows of it in words, to tell differences by."""

    row: Row
    content: Any
    shown: Mapping[str, str]


def read(slot: str, row: Row, content: Any, shown: Mapping[str, str]) -> Read:  # noqa: ANN401 - the form's own
    """What this person opened; it stays until they saved, or chose the newest.

    Fields take their defaults from its `content`: a default that moved would empty the field.
    """
    known: Read | None = st.session_state.get(slot)
    if known is None or known.row.id != row.id:
        known = st.session_state[slot] = Read(row, content, dict(shown))
    return known


def forget(slot: str) -> None:
    """The next drawing begins with what is stored then."""
    st.session_state.pop(slot, None)


def seen(row: Row) -> tuple[AsRead, ...]:
    """What a command says of the row that its form was filled in from."""
    return (AsRead(row=type(row), id=row.id, version=row.version),)


def told(slot: str, known: Read, now: Row, shown: Mapping[str, str]) -> None:
    """What others did since this person opened the row, and what they may do about it.

    Nothing is drawn while nobody was faster. The fields keep what was typed until the newest is opened.
    """
    if now.version == known.row.version:
        return
    with services().reader() as reader:
        found = since(reader, now.id, known.row.version, codes.names(services()))
    with st.container(border=True):
        st.markdown("**あなたが開いたあとで、ほかの人が変えました。** 書いたものは、欄に残っています。")
        st.markdown("\n".join([*(_act(each) for each in found), *_differences(known.shown, shown)]))
        mine, newest = st.columns(2)
        if mine.button("確かめた。わたしの内容で続ける", key=f"mine-{now.id}", width="stretch"):
            row = msgspec.structs.replace(known.row, version=now.version)
            st.session_state[slot] = Read(row, known.content, dict(shown))
            st.rerun()
        if newest.button("新しい内容を開く", key=f"newest-{now.id}", width="stretch"):
            forget(slot)
            st.rerun()


def _act(each: Meanwhile) -> str:
    return f"- {local(each.at)}　**{plain(each.by)}**　{plain(each.words)}"


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return [
        f"- {plain(name)}：{plain(before.get(name, '')) or NOTHING} → **{plain(words) or NOTHING}**"
        for name, words in after.items()
        if words != before.get(name, "")
    ]
