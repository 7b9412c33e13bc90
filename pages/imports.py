"""名簿の取り込み: 事前登録やニーズの一覧を、そのままの形で読み、確かめてから入れる."""

import pandas as pd
import streamlit as st

from dvc_core.domain.day import activity_day
from dvc_core.i18n import describe
from dvc_core.importing.result import as_answer
from dvc_core.web import lists
from pages._look import numbers
from pages._shell import actor, head, require, services

KINDS = {"volunteers": "ボランティアの名簿", "needs": "ニーズの一覧"}
LARGEST_MB = 20

me = require("import")
head("名簿の取り込み")
st.write("CSV や Excel を、もとの形のまま選びます。")
st.caption("直すところのある行は「要確認」に残します。同じファイルを2回入れても増えません。")
kind = st.radio("種類", list(KINDS), format_func=KINDS.__getitem__, horizontal=True)
chosen = st.file_uploader("ファイル", type=["csv", "tsv", "txt", "xlsx", "xlsm"], max_upload_size=LARGEST_MB)
if chosen is None:
    st.stop()

today = activity_day(services().clock.now())
token = (kind, chosen.file_id)
if st.session_state.get("_import", (None,))[0] != token:
    with st.spinner("読んでいます"):
        result = lists.read(services(), kind, chosen.getvalue(), file=chosen.name, today=today)
    st.session_state["_import"] = (token, result)
result = st.session_state["_import"][1]
counts = lists.take(services(), result, actor(me), dry_run=True)
numbers(
    (
        ("読んだ行", result.rows_read),
        ("新しい", counts.new),
        ("変わった", counts.changed),
        ("同じ", counts.unchanged),
        ("わけて残す", len(result.set_aside)),
    )
)
shown = as_answer(result)
if st.button(
    "この内容で取り込む", type="primary", disabled=not (counts.new or counts.changed or result.set_aside)
):
    done = lists.take(services(), result, actor(me), dry_run=False)
    st.success(f"取り込みました。新しい {done.new}、変わった {done.changed}、同じ {done.unchanged}。")
    if done.refused:
        st.warning(
            f"入れられなかった行が {done.refused} 行あります。発災が記録されているか確かめてください。"
        )
problems = [describe(problem) for problem in result.problems]
first, second, third = st.tabs(["直すところ", "読んだ行", "列の見分け"])
with first:
    if problems:
        columns = {"row": "行", "column": "列", "message": "どうなっているか", "hint": "どう書くか"}
        frame = pd.DataFrame(problems).reindex(columns=list(columns)).rename(columns=columns)
        st.dataframe(frame, hide_index=True, width="stretch")
    else:
        st.write("直すところはありません。")
with second:
    rows = [{"行": row["row"]} | {k: v for k, v in row["values"].items() if v} for row in shown["rows"]]
    st.dataframe(pd.DataFrame(rows).astype(str), hide_index=True, width="stretch")
with third:
    found = [{"見出し": c["heading"], "読みかた": c["field"] or "（そのまま残す）"} for c in shown["columns"]]
    st.dataframe(found, hide_index=True, width="stretch")
