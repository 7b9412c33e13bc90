"""What a person had before their eyes when they pressed: the version of a row as it was drawn the last time.

A press runs the page anew, with rows that are newer than what was seen. So the version that a command speaks
of is the one of the drawing before, not the one that was just read.
"""

import uuid
from typing import NamedTuple

import streamlit as st

from dvc_core.bootstrap import Services
from dvc_core.commands.base import AsRead
from dvc_core.domain.kernel import Row
from dvc_core.queries.changes import since
from pages._words import local
from pages.components import codes
from pages.components.plain import plain

STALE = "changed-meanwhile"
_SLOT = "_drawn"


class _Drawn(NamedTuple):
    run: int
    before: int
    now: int


def next_run() -> None:
    """A new run of the page begins."""
    st.session_state["_runs"] = st.session_state.get("_runs", 0) + 1


def drawn(cls: type[Row], row_id: uuid.UUID, version: int) -> tuple[AsRead, ...]:
    """Note that a row is drawn now, in this version (0: there is none); what was drawn of it before."""
    known: dict[uuid.UUID, _Drawn] = st.session_state.setdefault(_SLOT, {})
    run = st.session_state.get("_runs", 0)
    old = known.get(row_id, _Drawn(-1, version, version))
    if old.run != run:
        old = known[row_id] = _Drawn(run, old.now, version)
    return (AsRead(row=cls, id=row_id, version=old.before),)


def drawn_row(row: Row) -> tuple[AsRead, ...]:
    """The same for a row in hand."""
    return drawn(type(row), row.id, row.version)


def told(found: Services, seen: tuple[AsRead, ...]) -> str:
    """What others did since this person looked, and who: it stands with the refusal."""
    with found.reader() as reader:
        called = codes.names(found)
        every = [each for row in seen for each in since(reader, row.id, row.version, called)]
    lines = (f"- {local(each.at)}　**{plain(each.by)}**　{plain(each.words)}" for each in every)
    return "\n\n" + "\n".join(lines)
