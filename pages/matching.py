"""マッチング: きょうの人と訪問を組む。提案は理由つき、決めるのは人."""

from datetime import date
from functools import cache

import streamlit as st

from dvc_core.commands.team import CountTools
from dvc_core.domain.day import activity_day
from dvc_core.domain.operation import Operation, current
from dvc_core.domain.team import Team
from dvc_core.i18n import text
from dvc_core.queries.teams import Ready, ready, teams, tools, waiting
from pages._look import numbers
from pages._shell import head, require, run, services
from pages.components import lazy, matching_day, matching_desk, review_list

SECONDS = 10

me = require("matching")
head("マッチング")
today = activity_day(services().clock.now())
day = st.date_input("活動日", today, min_value=today, format="YYYY/MM/DD")
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))
    counts = waiting(reader, operation.id, day) if operation and isinstance(day, date) else None
    made = reader.find(Team, operation_id=operation.id, day=day) if operation else []
if counts is None:
    st.info("対応中の災害がありません。「設置・運営の手順」で発災を記録してから始めます。")
    st.stop()
numbers(
    (
        ("待っている人", counts.people),
        ("待っている訪問", counts.visits),
        ("必要な人数", counts.people_wanted),
        ("決まった班", len([team for team in made if team.dissolved_at is None])),
    )
)


@cache
def _ready() -> Ready:
    """People, visits and tools as they are now, read once by whatever tab needs them."""
    with services().reader() as opened:
        return ready(opened, operation.id, day)


def _proposal() -> None:
    if st.button("提案を出す", type="primary", disabled=not counts.visits):
        with st.spinner("組み合わせを考えています（すぐに一度、よりよい案があれば入れかえます）"):
            plan = matching_day.best(matching_day.model(services(), _ready()), SECONDS)
            st.session_state["_plan"] = (operation.id, day, plan)
    kept = st.session_state.get("_plan")
    if kept and kept[:2] == (operation.id, day):
        called = matching_day.names(services(), _ready())
        matching_desk.plan(kept[2], _ready(), day, called)


def _by_hand() -> None:
    matching_desk.by_hand(_ready(), day, matching_day.names(services(), _ready()))


def _made() -> None:
    with services().reader() as opened:
        lines = teams(opened, operation.id, day)
    for line in lines:
        matching_desk.made(line)


def _stock() -> None:
    kinds = {kind.code: kind.name for kind in services().reference.tools}
    with services().reader() as opened:
        counted = tools(opened, operation.id)
    have = {tool.code: tool for tool in counted}
    rows = [
        {"資機材": kinds[c], "ある": have[c].total, "あいている": have[c].free, "貸出": have[c].lent}
        for c in kinds
        if c in have
    ]
    with st.form("stock", border=False):
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


review_list.waiting(me, "matching")
lazy.tabs(
    "matching",
    {
        "提案": _proposal,
        "手で組む": _by_hand,
        "決まった班": _made,
        "資機材の数": _stock,
    },
    stay={"手で組む", "資機材の数"},
)
