"""マッチング: きょうの人と訪問を組む。提案は理由つき、決めるのは人."""

from datetime import date

import streamlit as st

from dvc_core.commands.team import CountTools
from dvc_core.domain.day import activity_day
from dvc_core.domain.operation import Operation, current
from dvc_core.i18n import text
from dvc_core.queries.teams import ready, teams
from pages._look import numbers
from pages._shell import head, require, run, services
from pages.components import matching_day, matching_desk

SECONDS = 10

me = require("matching")
head("マッチング")
today = activity_day(services().clock.now())
day = st.date_input("活動日", today, min_value=today, format="YYYY/MM/DD")
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))
    waiting = ready(reader, operation.id, day) if operation else None
    made = teams(reader, operation.id, day) if operation else []
if waiting is None or not isinstance(day, date):
    st.info("対応中の災害がありません。「設置・運営の手順」で発災を記録してから始めます。")
    st.stop()
admitted = [row for row in waiting.people if waiting.days[row.id].admitted]
wanted = sum(visit.people_min for visit in waiting.visits)
numbers(
    (
        ("待っている人", len(admitted)),
        ("待っている訪問", len(waiting.visits)),
        ("必要な人数", wanted),
        ("決まった班", len([t for t in made if t.team.dissolved_at is None])),
    )
)
called = matching_day.names(services(), waiting)


proposal, by_hand, done, stock = st.tabs(["提案", "手で組む", "決まった班", "資機材の数"])
with proposal:
    if st.button("提案を出す", type="primary", disabled=not waiting.visits):
        with st.spinner("組み合わせを考えています（すぐに一度、よりよい案があれば入れかえます）"):
            st.session_state["_plan"] = (
                operation.id,
                day,
                matching_day.best(matching_day.model(services(), waiting), SECONDS),
            )
    kept = st.session_state.get("_plan")
    if kept and kept[:2] == (operation.id, day):
        matching_desk.plan(kept[2], waiting, day, called)
with by_hand:
    matching_desk.by_hand(waiting, day, called)
with done:
    for each in made:
        matching_desk.made(each)
with stock, st.form("stock", border=False):
    kinds = {kind.code: kind.name for kind in services().reference.tools}
    have = {tool.code: tool for tool in waiting.tools}
    rows = [
        {"資機材": kinds[c], "ある": have[c].total, "あいている": have[c].free, "貸出": have[c].lent}
        for c in kinds
        if c in have
    ]
    st.dataframe(rows, hide_index=True, width="stretch")
    code = st.selectbox("数えた資機材", list(kinds), format_func=kinds.__getitem__)
    total = st.number_input("数", 0, 10_000, 0)
    if st.form_submit_button("数を記録する"):
        run(
            CountTools(code=code, total=int(total)),
            key="count",
            done=text("tool.counted-done", name=kinds[code], total=int(total)),
        )
        st.rerun()
