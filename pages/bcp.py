"""業務継続（BCP）: 続ける・縮める・休む業務と、その約束の時間、委託者との協議、段階ごとの手順."""

from datetime import datetime

import streamlit as st

from dvc_core.bootstrap import TOKYO
from dvc_core.commands.bcp import HoldTalk, SetFunction
from dvc_core.domain.bcp import BusinessFunction as FunctionRow
from dvc_core.domain.bcp import FunctionState, function_id
from dvc_core.domain.manual_run import RunKind
from dvc_core.domain.operation import Operation, current
from dvc_core.i18n import text
from dvc_core.manual.edition import BusinessFunction, Ownership
from dvc_core.queries import bcp
from pages._look import numbers
from pages._read import drawn
from pages._shell import head, local, require, run, services
from pages.components import bcp_table, run_steps
from pages.components.plain import plain
from pages.components.run_progress import progress

OWNERSHIP = {Ownership.OWN: "自主", Ownership.COMMISSIONED: "受託", Ownership.UNCONFIRMED: "未確認"}

me = require("bcp")
head("業務継続（BCP）")
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))
    lines = {line.row.code: line for line in bcp.states(reader, operation.id)} if operation else {}
    held = bcp.talks(reader, operation.id) if operation else []
if operation is None:
    st.info("対応中の災害がありません。「設置・運営の手順」で発災を記録してから始めます。")
    st.stop()
standing = progress(services(), operation, RunKind.BCP)
if standing is None or standing.edition is None:
    run_steps.choose(RunKind.BCP)
    st.stop()
functions = standing.edition.functions
states = {f.code: lines[f.code].row.state if f.code in lines else FunctionState.RUNNING for f in functions}


def _against(function: BusinessFunction) -> str:
    if function.tolerable_minutes is None:
        return "未確認"
    line = lines.get(function.code)
    hours = function.tolerable_minutes // 60
    if line is None or line.row.state is FunctionState.RUNNING:
        return f"{hours} 時間"
    gone = services().clock.now() - line.row.since
    left = hours - gone.total_seconds() / 3600
    return f"あと {left:.0f} 時間" if left >= 0 else f"{-left:.0f} 時間すぎている"


counts = list(states.values())
numbers((text(f"value.function-state.{state}"), counts.count(state)) for state in FunctionState)
shown = [
    bcp_table.Shown(
        name=f.name,
        ownership=OWNERSHIP[f.ownership],
        consignor=f.consignor or "",
        state=states[f.code],
        since=local(lines[f.code].row.since) if f.code in lines else "",
        against=_against(f),
        talks=lines[f.code].talks if f.code in lines else 0,
    )
    for f in functions
]
overview, change, talk, steps = st.tabs(["いまの業務", "状態を変える", "委託者との協議", "段階ごとの手順"])
with overview:
    bcp_table.show(shown)
names = {f.code: f"{f.name}（{OWNERSHIP[f.ownership]}）" for f in functions}
drawings = {
    f.code: drawn(
        FunctionRow, function_id(operation.id, f.code), lines[f.code].row.version if f.code in lines else 0
    )
    for f in functions
}
with change, st.form("change", border=False):
    code = st.selectbox("業務", list(names), format_func=names.__getitem__)
    wanted = st.radio(
        "状態", list(FunctionState), format_func=lambda s: text(f"value.function-state.{s}"), horizontal=True
    )
    reason = st.text_area("理由（縮小・休止のとき必須）", max_chars=500, height=80)
    if st.form_submit_button("記録する", type="primary"):
        run(
            SetFunction(code=code, state=wanted, reason=reason),
            key="function",
            done="業務の状態を記録しました。",
            seen=drawings[code],
        )
        st.rerun()
with talk:
    st.write("受託の業務は、委託者と話してから縮小・休止します。")
    with st.form("talk", border=False):
        about = st.selectbox("業務", list(names), format_func=names.__getitem__, key="talk-code")
        consignor = st.text_input("相手（委託者のだれ）", max_chars=100)
        ours = st.text_input("こちらのだれ", me.name, max_chars=60)
        now = services().clock.now().astimezone(TOKYO)
        left, right = st.columns(2)
        day = left.date_input("日", now.date(), format="YYYY/MM/DD")
        at = right.time_input("時刻", now.time().replace(second=0, microsecond=0))
        agreed = st.text_area("決めたこと", max_chars=1000, height=80)
        if st.form_submit_button("協議を記録する", type="primary"):
            command = HoldTalk(
                function=about,
                held_at=datetime.combine(day, at, TOKYO),
                consignor=consignor,
                ours=ours,
                agreed=agreed,
            )
            run(command, key="talk", done="協議を記録しました。")
            st.rerun()
    for line in held:
        if line.words is not None:
            st.markdown(
                f"**{plain(names.get(line.talk.function, line.talk.function))}**　{local(line.talk.held_at)}"
            )
            st.text(f"{line.words.consignor} ／ {line.words.ours}：{line.words.agreed}")
with steps:
    run_steps.show(standing, RunKind.BCP)
