"""総務ログの一覧: まだの用件は期限の順、すべては新しい順。一行を押すと開く."""

import uuid
from datetime import datetime

import streamlit as st

from dvc_core.domain.desk_log import LogKind, LogState
from dvc_core.i18n import text
from dvc_core.queries.desk_log import LogLine, Wanted, listed
from pages._shell import local, services
from pages.components.log_entry import OPEN
from pages.components.plain import plain


def waiting(operation_id: uuid.UUID) -> None:
    """What is still to be done, what is due first on top."""
    _page("waiting", operation_id, Wanted())


def every(operation_id: uuid.UUID) -> None:
    """Everything, the newest first; found by number, name, words or telephone."""
    words = st.text_input(
        "番号・相手・電話の下4けた・ことばでさがす",
        key="log-text",
        max_chars=60,
        placeholder="例：12　/　井戸",
    )
    kinds = st.multiselect(
        "種類",
        list(LogKind),
        format_func=lambda code: text(f"value.log-kind.{code}"),
        key="log-kinds",
        placeholder="すべての種類",
    )
    _page("every", operation_id, Wanted(open_only=False, kinds=tuple(kinds), text=words))


def _page(key: str, operation_id: uuid.UUID, wanted: Wanted) -> None:
    slot = f"_log_pages_{key}"
    asked, trail = st.session_state.get(slot, (wanted, [None]))
    if asked != wanted:
        trail = [None]
    st.session_state[slot] = (wanted, trail)
    with services().reader() as reader:
        page = listed(reader, operation_id, wanted, trail[-1])
    st.write(f"{page.found}件" if page.found else "ありません。")
    now = services().clock.now()
    with st.container(key=f"log-list-{key}", gap="small"):
        for line in page.lines:
            if st.button(words_of(line, now), key=f"log-{key}-{line.row.id}", width="stretch"):
                st.session_state[OPEN] = line.row.id
                st.rerun()
    back, on = st.columns(2)
    if len(trail) > 1 and back.button("前へ", key=f"log-back-{key}", width="stretch"):
        trail.pop()
        st.rerun()
    if page.more is not None and on.button("次へ", key=f"log-on-{key}", width="stretch"):
        trail.append(page.more)
        st.rerun()


def words_of(line: LogLine, now: datetime) -> str:
    """One entry on one line: number, kind, what was said, with whom it lies and until when."""
    row, caller = line.row, line.caller
    due = ""
    if row.state is LogState.OPEN and row.due_at is not None:
        badge = "red" if row.due_at < now else "gray"
        due = f":{badge}-badge[{'期限すぎ ' if row.due_at < now else ''}{local(row.due_at)} まで]　"
    back = ":orange-badge[折り返す]　" if row.call_back and row.reached_at is None else ""
    done = ":green-badge[済み]　" if row.state is LogState.SETTLED else ""
    owner = plain(line.owner) or (section_name(row.section) if row.section else "受け持ちなし")
    about = "　".join(plain(words) for words in (caller.who, caller.phone) if words)
    kind = text(f"value.log-kind.{row.kind}")
    return (
        f"{done}{due}{back}**{row.number}　{kind}**　{plain(line.line)}　"
        f":small[{about}　{local(row.heard_at)}　{owner}]"
    )


def section_name(code: str) -> str:
    """What a 班 is called."""
    desk = services().reference.desk(code)
    return plain(desk.name if desk else code)
