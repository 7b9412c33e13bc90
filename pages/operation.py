"""設置・運営の手順: 発災を記録し、設置判断をし、開設する（統括）."""

from datetime import datetime

import streamlit as st

from dvc_core.bootstrap import TOKYO
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.domain.operation import Disaster, OpeningDecision, Operation, current
from dvc_core.i18n import text
from pages._shell import head, local, require, run, services

me = require("view")
head("設置・運営の手順")
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))

if operation is None:
    st.write("いまは平時です。災害が起きたら、まず発災を記録します。")
    with st.form("start"):
        disaster = st.selectbox("災害の種類", list(Disaster), format_func=lambda d: text(f"disaster.{d}"))
        now = services().clock.now().astimezone(TOKYO)
        day = st.date_input("発災の日", now.date())
        at = st.time_input("発災の時刻", now.time().replace(second=0, microsecond=0))
        title = st.text_input("災害の名前", placeholder="例：〇月〇日の地震", max_chars=60)
        if st.form_submit_button("発災を記録する", type="primary"):
            started = datetime.combine(day, at, TOKYO)
            run(
                Start(disaster=disaster, started_at=started, title=title),
                key="start",
                done="発災を記録しました。",
            )
            st.rerun()
    st.stop()

st.metric("発災", local(operation.started_at))
st.metric("設置判断", text(f"opening.{operation.decision or 'none'}"))
st.metric("開設", local(operation.opened_at) or "まだ")
if operation.opened_at is None:
    with st.form("decide"):
        decision = st.radio("設置判断", list(OpeningDecision), format_func=lambda d: text(f"opening.{d}"))
        reason = st.text_area("理由", max_chars=500)
        if st.form_submit_button("判断を記録する", type="primary"):
            run(
                DecideOpening(decision=decision, reason=reason), key="decide", done="設置判断を記録しました。"
            )
            st.rerun()
    if operation.decision is OpeningDecision.OPEN and st.button("センターを開設する", type="primary"):
        run(Open(), key="open", done="センターを開設しました。")
        st.rerun()
