"""いまの業務: what runs, is reduced or stopped, against its time; fits a tablet and a telephone."""

from collections.abc import Sequence
from html import escape

import msgspec
import streamlit as st

from dvc_core.domain.bcp import FunctionState
from dvc_core.i18n import text

_STYLE = """<style>
.functions { width: 100%; border-collapse: collapse; }
.functions th, .functions td { border: 0; border-bottom: 1px solid #c3ccd4; padding: .35rem .4rem;
  text-align: left; vertical-align: top; }
.functions th { font-size: .9rem; font-weight: 400; }
.functions th:first-child { width: 55%; }
.functions small { display: block; font-size: .85rem; color: #414b55; }
.functions .state, .functions .since { white-space: nowrap; }
.functions .state { font-weight: 700; }
.functions .stopped { background: #fdecea; } .functions .reduced { background: #fff6dd; }
@media (max-width: 640px) {
  .functions .names { display: none; }
  .functions tr { display: grid; grid-template-columns: auto 1fr auto; border-bottom: 1px solid #c3ccd4; }
  .functions td { border: 0; }
  .functions td:first-child { grid-column: 1 / -1; padding-bottom: 0; }
  .functions td[data-label]:not(:empty)::before { content: attr(data-label); display: block;
    font-size: .85rem; color: #414b55; }
}
</style>"""
_HEAD = ("業務", "いま", "止められる時間", "協議")


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One function as its row says it."""

    name: str
    ownership: str
    consignor: str
    state: FunctionState
    since: str
    against: str
    talks: int


def show(functions: Sequence[Shown]) -> None:
    """Those that do not run come first: they are what is asked about."""
    order = (FunctionState.STOPPED, FunctionState.REDUCED, FunctionState.RUNNING)
    rows = "".join(_row(each) for each in sorted(functions, key=lambda each: order.index(each.state)))
    head = "".join(f"<th>{name}</th>" for name in _HEAD)
    st.html(f'{_STYLE}<table class="functions"><tr class="names">{head}</tr>{rows}</table>')


def _row(each: Shown) -> str:
    whose = "　".join(filter(None, (each.ownership, each.consignor and f"委託者：{each.consignor}")))
    since = f'<small class="since">{escape(each.since)}〜</small>' if each.since else ""
    talks = f"{each.talks} 回" if each.talks else ""
    return (
        f'<tr class="{each.state}"><td>{escape(each.name)}<small>{escape(whose)}</small></td>'
        f'<td><span class="state">{escape(text(f"value.function-state.{each.state}"))}</span>{since}</td>'
        f'<td data-label="{_HEAD[2]}">{escape(each.against)}</td>'
        f'<td data-label="{_HEAD[3]}">{talks}</td></tr>'
    )
