"""ニーズ: 電話で受け、重複と場所を確かめ、調べ、訪問の了承をもらい、引き継ぎ、終える."""

import streamlit as st

from dvc_core.domain.need import NeedState
from dvc_core.domain.operation import Operation, current
from dvc_core.queries.needs import counts
from pages._look import numbers
from pages._shell import head, require, services
from pages.components import (
    answer_sheet,
    call_desk,
    lazy,
    need_card,
    need_handed,
    need_intake,
    need_list,
    need_visits,
    papers_desk,
    review_list,
    survey_desk,
)

me = require("needs")
head("ニーズ")
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))
    counted = counts(reader, operation.id) if operation else None
if operation is None or counted is None:
    st.info("対応中の災害がありません。「設置・運営の手順」で発災を記録してから、ニーズを受け付けます。")
    st.stop()

need_list.keep_filter()
waiting = need_handed.crisis(operation.id) if counted.referrals_open else []
if (chosen := st.session_state.get("_need")) is not None:
    need_card.show(me, operation.id, chosen)
    st.stop()

states = counted.states
numbers(
    (
        ("受付", states[NeedState.RECEIVED]),
        ("調査済", states[NeedState.SURVEYED]),
        ("マッチング可", states[NeedState.READY]),
        ("立入保留", counted.held),
        ("位置なし", counted.without_place),
        ("引継待ち", counted.referrals_open),
    )
)
review_list.waiting(me, "needs")
answer_sheet.at_desk()
lazy.tabs(
    "needs",
    {
        "電話受付": lambda: need_intake.show(operation.id),
        "一覧": lambda: need_list.show(operation.id),
        "現地調査": lambda: survey_desk.show(me, operation.id),
        "予定電話": lambda: call_desk.show(me, operation.id),
        "訪問": lambda: need_visits.days(operation.id),
        "引継": lambda: need_handed.listed(waiting),
        "貼り紙": lambda: papers_desk.show(me, operation.id),
    },
    stay={"電話受付"},
)
