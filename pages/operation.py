"""設置・運営の手順: 発災を記録し、設置判断をし、マニュアルの手順を一つずつ進める."""

from datetime import datetime

import streamlit as st

from dvc_core.bootstrap import TOKYO
from dvc_core.commands.dispatch import Close, DecideClosing
from dvc_core.commands.manual import Mark
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.domain.manual_run import OPENING_STEP, MarkState, RunKind
from dvc_core.domain.need import ENDED
from dvc_core.domain.operation import DECIDE_WITHIN, Disaster, OpeningDecision, Operation, current
from dvc_core.i18n import text
from dvc_core.queries import needs, teams
from pages._look import numbers
from pages._shell import head, local, require, run, services
from pages.components import run_steps
from pages.components.run_progress import Progress, progress

me = require("view")
head("設置・運営の手順")
now = services().clock.now()
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))


def _start() -> None:
    st.write("いまは平時です。災害が起きたら、まず発災を記録します。")
    with st.form("start"):
        disaster = st.selectbox("災害の種類", list(Disaster), format_func=lambda d: text(f"disaster.{d}"))
        local_now = now.astimezone(TOKYO)
        left, right = st.columns(2)
        day = left.date_input("発災の日", local_now.date(), format="YYYY/MM/DD")
        at = right.time_input("発災の時刻", local_now.time().replace(second=0, microsecond=0))
        title = st.text_input("災害の名前", placeholder="例：〇月〇日の地震", max_chars=60)
        if st.form_submit_button("発災を記録する", type="primary"):
            started = datetime.combine(day, at, TOKYO)
            run(
                Start(disaster=disaster, started_at=started, title=title),
                key="start",
                done="発災を記録しました。",
            )
            st.rerun()


def _decision(row: Operation) -> None:
    left = row.started_at + DECIDE_WITHIN - now
    hours = int(left.total_seconds() // 3600)
    words = (
        f"設置判断の目安まで、あと **{hours} 時間**（発災から72時間）"
        if hours >= 0
        else "発災から **72時間をすぎています**。"
    )
    st.markdown(words if row.decision in (None, OpeningDecision.CONSIDERING) else "")
    st.caption(
        "災害が起きたら必ず設置する、ではありません。ふだんのボランティアセンターで応えられるかも考えます。"
    )
    with st.form("decide", border=False):
        decision = st.radio(
            "設置判断", list(OpeningDecision), format_func=lambda d: text(f"opening.{d}"), horizontal=True
        )
        reason = st.text_area("理由（設置しないときは必須）", max_chars=500, height=80)
        if st.form_submit_button("判断を記録する", type="primary"):
            run(
                DecideOpening(decision=decision, reason=reason), key="decide", done="設置判断を記録しました。"
            )
            st.rerun()


def _open(started: Progress | None) -> None:
    st.write(
        "開設するときは、このボタンを押すか、手順の「開設する」を済みにします。どちらも同じ記録になります。"
    )
    if st.button("センターを開設する", type="primary"):
        step = Mark(manual=RunKind.CENTER, step=OPENING_STEP, state=MarkState.DONE)
        run(step if started else Open(), key="open", done="センターを開設しました。")
        st.rerun()


def _closing(row: Operation) -> None:
    st.write("閉所は、急ぐ困りごとが終わり、残りを引き継げるときに判断します。")
    if row.opened_at is not None and row.closing_decided_at is None:
        reason = st.text_area("閉所を判断した理由（必須）", max_chars=500, height=80)
        if st.button("閉所の判断を記録する"):
            run(DecideClosing(reason=reason), key="closing", done="閉所の判断を記録しました。")
            st.rerun()
        return
    with services().reader() as opened:
        counted = needs.counts(opened, row.id)
        away = teams.out_now(opened, row.id, now)
    left = sum(count for state, count in counted.states.items() if state not in ENDED)
    if left or away.people_out:
        st.warning(f"終わっていないニーズ {left} 件、もどっていない人 {away.people_out} 人。")
    # A reason of its own: it alone lets the center close over people and needs, with a name beside it.
    reason = st.text_area("残っていても閉所する理由（名前といっしょに残ります）", max_chars=500, height=80)
    if st.button("閉所する"):
        run(Close(reason=reason), key="close", done="閉所しました。おつかれさまでした。")
        st.rerun()


if operation is None:
    _start()
    st.stop()

numbers(
    (
        ("発災", local(operation.started_at)),
        ("設置判断", text(f"opening.{operation.decision or 'none'}")),
        ("開設", local(operation.opened_at) or "まだ"),
    )
)
standing = progress(services(), operation, RunKind.CENTER)
steps, decide, missing, closing = st.tabs(["手順", "設置判断", "未確認", "閉所"])
with steps:
    if standing is None:
        run_steps.choose(RunKind.CENTER)
    else:
        run_steps.show(standing, RunKind.CENTER)
with decide:
    if operation.opened_at is None:
        _decision(operation)
        if operation.decision is OpeningDecision.OPEN:
            _open(standing)
    else:
        st.write(f"{local(operation.opened_at)} に開設しました。")
with missing:
    if standing is not None and standing.edition is not None:
        run_steps.unconfirmed(standing.edition)
with closing:
    _closing(operation)
