"""要確認: だれのものか分からない記録と、同じ人かもしれない登録を、人が決める。何も消えない."""

import streamlit as st

from dvc_core.domain.review import DESKS
from dvc_core.i18n import text
from dvc_core.queries.review import kinds
from pages._look import numbers
from pages._shell import head, require, services
from pages.components import review_acts, review_list

me = require("steps")
head("要確認")
with services().reader() as reader:
    every = kinds(reader)
roles = services().roles
mine = [desk for desk in dict.fromkeys(DESKS.values()) if roles.may(me.roles, desk)]
if roles.may(me.roles, "chief"):
    mine += [kind.desk for kind in every if kind.desk not in mine]
here = [kind for kind in every if kind.desk in mine]
st.write(
    f"{sum(kind.waiting for kind in here)} 件あります。古いものから、だれのものかを決めます。"
    "分からなければ、理由を書いて別のものとして残します。何も消えません。"
)
counts = {desk: sum(kind.waiting for kind in here if kind.desk == desk) for desk in mine}
waiting = [desk for desk in mine if counts[desk]]
numbers([(text(f"review.desk.{desk}"), counts[desk]) for desk in waiting])
if not here:
    review_acts.clash()
    st.stop()
names = {"all": "すべての班"} | {desk: text(f"review.desk.{desk}") for desk in waiting}
desk = st.selectbox("班", list(names), format_func=lambda code: names.get(code, code), key="review-desk")
chosen = waiting if desk == "all" else [desk]
review_list.listed(me, chosen, [kind for kind in here if kind.desk in chosen], key="page")
