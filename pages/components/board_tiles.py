"""The board's tiles and map: each council's state, its numbers, and of every cell source, person and age."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from dvc_core.domain.board_facts import GROUPS
from dvc_core.geo.councils import Councils
from dvc_core.geo.feature import Feature
from dvc_core.i18n import text
from dvc_core.queries.board import BoardLine, ShownCell

STYLE = """<style>
.board { columns: 17rem; column-gap: .7rem; }
.board section { border: 2px solid #0b5c8a; border-radius: 8px; padding: .5rem .8rem; background: #fff;
  break-inside: avoid; margin-bottom: .7rem; }
.board h3 { margin: 0; padding: 0; font-size: 1.15rem; }
.board b.state { float: right; font-size: 1.1rem; }
.board p { margin: .15rem 0 .3rem; font-size: .95rem; }
.board dl, .board dl div { margin: 0; padding-left: 0; }
.board dl div { border-top: 1px solid #c3ccd4; padding: .2rem 0 !important; margin: 0 !important; }
.board dt { display: inline; } .board dd { float: right; margin: 0; font-weight: 700; }
.board dl div::after { content: ""; display: block; clear: both; }
.board small { display: block; font-size: .85rem; color: #414b55; clear: both; }
.board .old { background: #e3e6e9; color: #4a5560; border-color: #7f8c98; }
</style>"""


def word(cell: ShownCell) -> str:
    """A cell's value as people read it."""
    fact = cell.cell
    if fact.number is not None:
        return str(fact.number)
    if fact.item == "state":
        return text(f"map.state.council.{fact.code}")
    for kind in ("range", "reception-mode", "help"):
        if fact.item.startswith(kind.partition("-")[0]):
            return text(f"value.{kind}.{fact.code}")
    return str(fact.code or "").replace("-", "/")


def age(cell: ShownCell) -> str:
    """How it was heard, from whom it is here, how old it is."""
    when = f"{text('board.old')}・{_long(cell.age_minutes)}" if cell.old else f"{cell.age_minutes}分前"
    return f"{text(f'value.heard.{cell.cell.heard}')}・{cell.person}・{when}"


def _long(minutes: int) -> str:
    return f"{minutes // 60}時間前" if minutes < 48 * 60 else f"{minutes // 1440}日前"


def tiles(councils: Councils, lines: Sequence[BoardLine]) -> None:
    """One tile a council of the list, and any other that told something."""
    by_code = {line.council_code: line for line in lines}
    names = {council.code: council.city for council in councils.councils}
    codes = (*names, *sorted(by_code.keys() - names.keys()))
    st.html(
        STYLE + f'<div class="board">{"".join(_tile(names.get(c, c), by_code.get(c)) for c in codes)}</div>'
    )


def _tile(name: str, line: BoardLine | None) -> str:
    newest = line.newest if line else None
    state = text(f"map.state.council.{line.state if line else 'unknown'}")
    old = newest is None or newest.old
    said = "まだ知らせがありません" if newest is None else age(newest)
    cells = {shown.cell.item: shown for shown in line.cells} if line else {}
    shown = [cells[i] for items in GROUPS.values() for i in items if i in cells and i != "state"]
    rows = "".join(_row(cell, said) for cell in shown)
    return (
        f'<section class="{"old" if old else ""}"><b class="state">{escape(state)}</b>'
        f"<h3>{escape(name)}</h3><p>{escape(said)}</p><dl>{rows}</dl></section>"
    )


def _row(shown: ShownCell, said: str) -> str:
    """One cell; its source, person and age are not said again where the tile's own line says the same."""
    own = escape(age(shown))
    more = "" if age(shown) == said else f"<small>{own}</small>"
    return (
        f'<div class="{"old" if shown.old else ""}" title="{own}">'
        f"<dt>{escape(text(f'board.item.{shown.cell.item}'))}</dt>"
        f"<dd>{escape(word(shown))}</dd>{more}</div>"
    )


def features(councils: Councils, lines: Sequence[BoardLine]) -> list[Feature]:
    """The councils as points of the map, at the middle of their cities."""
    by_code = {line.council_code: line for line in lines}
    points = []
    for council in councils.councils:
        line = by_code.get(council.code)
        newest = line.newest if line else None
        lat, lng = council.mark()
        points.append(
            Feature(
                id=council.code,
                kind="council",
                lat=lat,
                lng=lng,
                state=line.state.value if line else "unknown",
                label=council.city,
                old=newest is None or newest.old,
            )
        )
    return points
