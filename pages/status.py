"""状況: はじめに見る画面。いまの段階と時計、次にすること."""

import streamlit as st

from dvc_core.domain.operation import DECIDE_WITHIN, Operation, current
from dvc_core.i18n import text
from pages._shell import head, local, require, services

me = require("view")
head("状況")
now = services().clock.now()
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))

if operation is None:
    st.info("いまは平時です。災害が起きたら「設置・運営の手順」で発災を記録します。")
    st.stop()

phase, clock, opened = st.columns(3)
phase.metric("設置判断", text(f"opening.{operation.decision or 'none'}"))
clock.metric("発災", local(operation.started_at))
opened.metric("開設", local(operation.opened_at) or "まだ")
if operation.opened_at is None:
    left = operation.started_at + DECIDE_WITHIN - now
    hours = int(left.total_seconds() // 3600)
    st.write(f"設置判断まで、あと {hours} 時間（発災から72時間）" if hours >= 0 else "発災から72時間をすぎています。")
