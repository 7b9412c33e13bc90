"""The menu of what a person may see, and what stands at the addresses of the other pages."""

import html
from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from dvc_core.access.sessions import Who
from pages._look import dress
from pages._menu import MENU
from pages._shell import met, require, services, station, who
from pages._station import bar, gate


def _person(me: Who) -> None:
    st.sidebar.html(
        f"<p><strong>{html.escape(me.name)}</strong></p>"
        '<form class="logout" method="post" action="/logout">'
        '<button type="submit">ログアウト</button></form>'
        '<p><a href="/password" target="_self">パスワードを変える</a></p>'
        '<p><a href="/pin" target="_self">端末の暗証番号</a></p>'
    )


class _Menu(NamedTuple):
    """The pages of one person: in the menu by their groups, or hidden while nothing may be seen."""

    works: frozenset[str]
    groups: dict[str, list[st.Page]]
    shown: bool


def navigate() -> None:
    """The menu of what this person may see, and the chosen page."""
    me = who()
    here = station() if me is None else None
    works = services().roles.works(me.roles) if me else frozenset()
    menu = _menu(works)
    if me is None or not menu.shown:
        chosen = st.navigation(menu.groups, position="hidden")
    else:
        chosen = st.navigation(menu.groups, expanded=True)
        if not me.desk:
            _person(me)
    dress(services().drill)
    if here is not None:
        gate(here)
        return
    if me is not None and me.desk:
        bar(me)
    with met(me):
        chosen.run()


def _menu(works: frozenset[str]) -> _Menu:
    """The menu for these kinds of work, made once for a session: the framework looks up each page's file.

    It grants nothing: each page asks for its work again.
    """
    kept: _Menu | None = st.session_state.get("_menu")
    if kept is None or kept.works != works:
        kept = st.session_state["_menu"] = _made(works)
    return kept


def _made(works: frozenset[str]) -> _Menu:
    """The other pages' addresses are known too, else the framework would say in English that they are not."""
    groups: dict[str, list[st.Page]] = {}
    for entry in MENU:
        if entry.role in works:
            # No icon: of the page that is shown the framework would fetch it from the internet, as favicon.
            page = st.Page(f"pages/{entry.file}", title=entry.title, url_path=entry.url)
            groups.setdefault(entry.group, []).append(page)
    doors = [_door(entry.role, entry.url) for entry in MENU if entry.role not in works]
    if not groups:
        # A file's own name is an address that people try as well.
        stems = {entry.file.removesuffix(".py"): entry.role for entry in MENU}
        doors += [_door(stems[stem], stem) for stem in stems.keys() - {entry.url for entry in MENU}]
        start = st.Page(_asks("public"), title="たすき", url_path="door", default=True)
        return _Menu(works, {"": [start, *doors]}, shown=False)
    first = next(iter(groups.values()))
    first[:] = [_start(first[0]), *first, *doors]
    return _Menu(works, groups, shown=True)


def _start(page: st.Page) -> st.Page:
    """Leads from the bare address to the first page: as the default it would lose the address of its own."""

    def lead() -> None:
        st.switch_page(page)

    return st.Page(lead, title="たすき", url_path="start", default=True, visibility="hidden")


def _asks(work: str) -> Callable[[], None]:
    def ask() -> None:
        require(work)

    return ask


def _door(work: str, url: str) -> st.Page:
    """Stands at the address of a page that this person may not see: says so, and shows the way."""
    return st.Page(_asks(work), title="たすき", url_path=url, visibility="hidden")
