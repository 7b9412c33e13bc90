"""総務から渡された用件: what lies with one's own 班 or oneself, on the page where everyone arrives."""

import uuid

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.commands.base import Command
from dvc_core.commands.desk_log import CallBackOwn, GiveBack, SettleOwn
from dvc_core.domain.desk_log import CallResult, DeskEntry
from dvc_core.queries.desk_log import LogLine, own
from pages._read import drawn_row
from pages._shell import run, services
from pages.components import lazy
from pages.components.log_list import words_of

REACHED, MISSED = "つながったことを記録しました。", "かけたことを記録しました。"


def waiting(me: Who, operation_id: uuid.UUID) -> None:
    """How many there are, and each with its answers when someone opens them."""
    found = services()
    if not found.roles.may(me.roles, "steps"):
        return
    sections = [code for code, role in found.reference.section_roles.items() if role in me.roles]
    with found.reader() as reader:
        lines = own(reader, operation_id, sections, str(me.account_id))
    if not lines:
        return
    now = found.clock.now()
    late = sum(line.row.due_at is not None and line.row.due_at < now for line in lines)
    label = f"総務から渡された用件 {len(lines)} 件" + (f"（期限すぎ {late} 件）" if late else "")
    box = st.expander(label, key="log-mine", on_change="rerun", icon=":material/call:")
    if lazy.opened("log-mine", now=bool(box.open)):
        with box:
            for line in lines:
                _one(line)


def _one(line: LogLine) -> None:
    row = line.row
    drawn_row(row)
    with st.container(border=True):
        st.markdown(words_of(line, services().clock.now()))
        if row.call_back and row.reached_at is None:
            reached, missed = st.columns(2)
            if reached.button("つながった", key=f"own-reached-{row.id}", width="stretch"):
                _do(
                    CallBackOwn(entry_id=row.id, result=CallResult.REACHED),
                    row,
                    "つながったことを記録しました。",
                )
            if missed.button("つながらない", key=f"own-missed-{row.id}", width="stretch"):
                _do(
                    CallBackOwn(entry_id=row.id, result=CallResult.NO_ANSWER),
                    row,
                    "かけたことを記録しました。",
                )
        with st.form(f"own-{row.id}", border=False):
            words = st.text_input("どう答えたか、または返すわけ", key=f"own-words-{row.id}", max_chars=400)
            done, back = st.columns(2)
            if done.form_submit_button("済みにする", type="primary", width="stretch"):
                _do(SettleOwn(entry_id=row.id, answer=words), row, f"総務 {row.number} を済みにしました。")
            if back.form_submit_button("総務へ返す", width="stretch"):
                _do(GiveBack(entry_id=row.id, words=words), row, "総務へ返しました。")


def _do(command: Command, row: DeskEntry, done: str) -> None:
    run(command, key=f"own-{type(command).__name__}-{row.id}", done=done, seen=drawn_row(row))
    st.rerun()
