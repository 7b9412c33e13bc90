"""要確認の一覧: 古い順、種類でしぼり、ページごとに。班の画面では、その班の件だけ."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.domain.kernel import Event
from dvc_core.domain.review import Proposed, ReviewState
from dvc_core.i18n import text
from dvc_core.queries.review import Key, KindCount, kinds, one, page
from pages._shell import local, services
from pages.components import lazy, review_acts, review_item, same_person
from pages.components.review_acts import FRESH, OPEN

ALL = "すべて"
KEYS = "_review_keys"


def waiting(me: Who, *desks: str) -> None:
    """Inside a desk: how much waits there, and the items when someone opens them."""
    with services().reader() as reader:
        mine = [kind for kind in kinds(reader) if kind.desk in desks]
    if not mine:
        return
    total, oldest = sum(kind.waiting for kind in mine), min(kind.oldest for kind in mine)
    label = f"要確認 {total} 件（いちばん古いもの {local(oldest)}）"
    box = st.expander(label, key=f"waiting-{desks[0]}", on_change="rerun", icon=":material/help:")
    if lazy.opened(f"waiting-{desks[0]}", now=bool(box.open)):
        with box:
            listed(me, desks, mine, key=desks[0])


def fresh() -> None:
    """Right after a registration: it may be someone who is registered already."""
    if (review_id := st.session_state.get(FRESH)) is None:
        return
    with services().reader() as reader:
        line = one(reader, review_id)
    if line is None or line.review.state is not ReviewState.OPEN:
        st.session_state.pop(FRESH)
        return
    row = line.review
    if row.about is not None and row.other is not None:
        with st.container(border=True):
            st.markdown("**同じ人かもしれません。** いま登録した人は、前に登録した人ではありませんか。")
            same_person.draw(row.about, row.other, key=f"fresh-{row.id}", asked=row.id)


def keep_fresh(events: Iterable[Event]) -> None:
    """What a registration asks is shown with it."""
    asked = next((event for event in events if isinstance(event, Proposed)), None)
    if asked is not None:
        st.session_state[FRESH] = asked.id


def told(every: Sequence[KindCount], now: datetime) -> None:
    """On the status page: how much waits at which desk, since when, and how much of it is overdue."""
    if not every:
        return
    desks: dict[str, int] = {}
    for kind in every:
        desks[kind.desk] = desks.get(kind.desk, 0) + kind.waiting
    parts = "　".join(f"{text(f'review.desk.{desk}')} {count}" for desk, count in desks.items())
    kinds_told = "・".join(f"{review_item.kind_words(k.reason)} {k.waiting}" for k in every)
    late = any(kind.due_at is not None and kind.due_at < now for kind in every)
    words = (
        f"**要確認が {sum(desks.values())} 件あります**（{parts}）。"
        f"いちばん古いもの {local(min(kind.oldest for kind in every))}。{kinds_told}"
    )
    (st.error if late else st.warning)(f"{words}　**期限をすぎています。**" if late else words)


def listed(me: Who, desks: Sequence[str], mine: Sequence[KindCount], *, key: str) -> None:
    """A filter by kind, one page of items as lines to press, and the one that is open."""
    _decided_meanwhile()
    review_acts.clash()
    counts: dict[str, int] = {}
    for kind in mine:
        counts[kind.reason] = counts.get(kind.reason, 0) + kind.waiting
    reason = st.selectbox(
        "種類",
        [ALL, *counts],
        format_func=lambda code: ALL if code == ALL else review_item.kind_words(code),
        key=f"review-kind-{key}",
    )
    told_by = "　".join(f"{review_item.kind_words(code)} {n}" for code, n in counts.items())
    st.caption(told_by)
    chosen = None if reason == ALL else reason
    slot = f"{KEYS}-{key}-{','.join(desks)}-{chosen}"
    stack: list[Key] = st.session_state.setdefault(slot, [])
    with services().reader() as reader:
        found = page(reader, desks, chosen, stack[-1] if stack else None)
        if not found.lines and stack:
            stack.clear()
            found = page(reader, desks, chosen)
    now = services().clock.now()
    with st.container(key="review-list", gap="small"):
        for line in found.lines:
            shown = st.session_state.get(OPEN) == line.review.id
            label = ("▼ " if shown else "▶ ") + review_item.line_words(line, now)
            if st.button(label, key=f"open-{key}-{line.review.id}", use_container_width=True):
                st.session_state[OPEN] = None if shown else line.review.id
                st.rerun()
            if shown:
                with st.container(border=True):
                    review_item.draw(me, line)
    _turn(stack, found.next, key)


def _decided_meanwhile() -> None:
    """What is open here was settled by someone else: their answer is shown, and what was typed is kept."""
    if (review_id := st.session_state.get(OPEN)) is None:
        return
    with services().reader() as reader:
        line = one(reader, review_id)
    if line is None or line.review.state is ReviewState.OPEN:
        return
    st.session_state[OPEN] = None
    fields = (f"why-{review_id}", f"apart-w-review-{review_id}", f"merge-w-review-{review_id}")
    words = "\n".join(typed for name in fields if (typed := st.session_state.get(name)))
    st.session_state[review_acts.CLASH] = (review_id, words)


def _turn(stack: list[Key], following: Key | None, key: str) -> None:
    left, right = st.columns(2)
    if stack and left.button("◀ 前の20件", key=f"review-back-{key}"):
        stack.pop()
        st.rerun()
    if following is not None and right.button("次の20件 ▶", key=f"review-next-{key}"):
        stack.append(following)
        st.rerun()
