"""総務: 電話・来客・苦情・報道・物資・お金を一行で記録し、だれがいつまでにするかを決める。回答一覧."""

import uuid

import streamlit as st

from dvc_core.commands.desk_log import Write
from dvc_core.domain.day import activity_day
from dvc_core.domain.desk_log import DeskCaller, LogKind
from dvc_core.domain.operation import Operation, current
from dvc_core.i18n import text
from dvc_core.queries.desk_log import counts
from pages._look import numbers
from pages._shell import head, require, run, services
from pages.components import answer_sheet, lazy, log_entry, log_list, log_sums, review_list

me = require("general")
head("総務")
now = services().clock.now()
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))
    count = counts(reader, operation.id, now, activity_day(now)) if operation else None
if operation is None or count is None:
    st.info("対応中の災害がありません。「設置・運営の手順」で発災を記録してから、記録を始めます。")
    st.stop()
numbers(
    (
        ("まだの用件", count.open),
        ("期限すぎ", count.overdue),
        ("受け持ちなし", count.unowned),
        ("きょう記録した", count.today),
    )
)
review_list.waiting(me, "general")

with st.form("log-write", clear_on_submit=False):
    sort = st.radio(
        "種類", list(LogKind), format_func=lambda code: text(f"value.log-kind.{code}"), horizontal=True
    )
    key = f"log-line-{st.session_state.setdefault('_log_written', 0)}"
    line = st.text_input(
        "聞いたこと（一行でよい）", key=key, max_chars=400, placeholder="例：3丁目の井戸水は飲めるか"
    )
    who, phone = st.columns(2)
    name = who.text_input("相手（分かれば）", key=f"{key}-who", max_chars=80)
    number = phone.text_input("電話（分かれば）", key=f"{key}-phone", max_chars=20)
    if st.form_submit_button("記録する", type="primary"):
        caller = DeskCaller(id=uuid.UUID(int=0), who=name, phone=number)
        made = run(Write(line=line, sort_of=sort, caller=caller), key="log-write", done="記録しました。")
        if made.stored:
            # Fresh fields under fresh keys: what was refused stays to be mended.
            st.session_state["_log_written"] += 1
            st.session_state[log_entry.OPEN] = next(
                entry.subject_id for entry in made.entries if entry.kind == "desk_log.written"
            )
        st.rerun()

log_entry.opened(me)
lazy.tabs(
    "general",
    {
        "まだの用件": lambda: log_list.waiting(operation.id),
        "すべて・さがす": lambda: log_list.every(operation.id),
        "物資とお金": lambda: log_sums.show(operation.id, activity_day(now)),
        "回答一覧": lambda: answer_sheet.edit(me, operation.id),
    },
    stay=("回答一覧",),
)
