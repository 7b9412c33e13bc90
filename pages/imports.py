"""名簿の取り込み: 事前登録やニーズの一覧を、そのままの形で読み、確かめてから入れる."""

import streamlit as st

from dvc_core.domain.day import activity_day
from dvc_core.domain.review import SAME_PERSON
from dvc_core.i18n import text
from dvc_core.queries.review import kinds
from dvc_core.web import lists
from pages._look import numbers
from pages._shell import actor, head, require, services
from pages.components import gate_words, import_tables, papers_desk, review_list

KINDS = ("volunteers", "needs", "stickers")
LARGEST_MB = 20

me = require("import")
head("名簿の取り込み")
st.write("CSV や Excel を、もとの形のまま選びます。")
st.caption("直すところのある行は「要確認」に残します。同じファイルを2回入れても増えません。")
review_list.waiting(me, "import")
kind = st.radio("種類", KINDS, format_func=lambda code: text(f"importing.kind.{code}"), horizontal=True)
if kind == "stickers":
    st.caption(gate_words.NO_GRADE)
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
if st.button(
    "この内容で取り込む", type="primary", disabled=not (counts.new or counts.changed or result.set_aside)
):
    done = lists.take(services(), result, actor(me), dry_run=False)
    st.success(f"取り込みました。新しい {done.new}、変わった {done.changed}、同じ {done.unchanged}。")
    with services().reader() as reader:
        alike = sum(kind.waiting for kind in kinds(reader) if kind.reason == SAME_PERSON)
    if alike:
        st.info(f"「同じ人かもしれません」が {alike} 件あります。「要確認」で、見くらべて決めます。")
    if kind == "stickers":
        papers_desk.after_import()
    if done.refused:
        st.warning(
            f"入れられなかった行が {done.refused} 行あります。発災が記録されているか確かめてください。"
        )
first, second, third = st.tabs(["直すところ", "読んだ行", "列の見分け"])
with first:
    import_tables.problems(result)
with second:
    import_tables.rows(result)
with third:
    import_tables.columns(result)
