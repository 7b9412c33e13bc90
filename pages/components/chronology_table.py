"""クロノロジーの表: one entry a row, its words whole, on a tablet and on a telephone."""

import uuid
from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from dvc_core.i18n import text
from dvc_core.queries.chronology import Line
from pages._shell import local

_STYLE = """<style>
.entries { width: 100%; border-collapse: collapse; }
.entries th, .entries td { border: 0; border-bottom: 1px solid #c3ccd4; padding: .3rem .4rem;
  text-align: left; vertical-align: top; }
.entries th { font-size: .9rem; font-weight: 400; white-space: nowrap; }
.entries small { display: block; font-size: .85rem; color: #414b55; white-space: nowrap; }
.entries .corrected { display: block; font-weight: 700; }
</style>"""
_HEAD = ("番号", "できごと", "だれ・どこ")


def show(lines: Sequence[Line], corrections: Mapping[uuid.UUID, str]) -> None:
    """The newest first, with what was written to correct them."""
    rows = "".join(_row(line, corrections.get(line.entry_id, "")) for line in lines)
    head = "".join(f"<th>{name}</th>" for name in _HEAD)
    st.html(f'{_STYLE}<table class="entries"><tr>{head}</tr>{rows}</table>')


def _row(line: Line, correction: str) -> str:
    corrected = f'<span class="corrected">訂正：{escape(correction)}</span>' if correction else ""
    return (
        f"<tr><td>{line.seq}<small>{local(line.occurred_at)}</small></td>"
        f"<td>{escape(line.words)}{corrected}</td>"
        f"<td>{escape(line.actor)}<small>{escape(text(f'value.source.{line.source}'))}</small></td></tr>"
    )
