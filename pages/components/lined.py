"""A table whose texts stand whole, on a tablet and on a telephone: lines between rows, words that wrap."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

import streamlit as st

_STYLE = """<style>
.lined { width: 100%; border-collapse: collapse; }
.lined th, .lined td { border: 0; border-bottom: 1px solid #c3ccd4; padding: .3rem .4rem;
  text-align: left; vertical-align: top; }
.lined th { font-size: .9rem; font-weight: 400; white-space: nowrap; }
.lined small { display: block; font-size: .85rem; color: #414b55; }
.lined strong { display: block; }
</style>"""


class Cell(NamedTuple):
    """What a cell says, what it adds in bold, and in small type below."""

    words: str
    strong: str = ""
    small: str = ""


def show(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Draw it. Every text is data: none is read as a tag."""
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    st.html(f'{_STYLE}<table class="lined"><tr>{names}</tr>{lines}</table>')


def _cell(cell: Cell) -> str:
    strong = f"<strong>{escape(cell.strong)}</strong>" if cell.strong else ""
    small = f"<small>{escape(cell.small)}</small>" if cell.small else ""
    return f"<td>{escape(cell.words)}{strong}{small}</td>"
