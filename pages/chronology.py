"""クロノロジー: 起きたことを順に、ことばで。しぼりこみ、訂正、印刷."""

import streamlit as st

from dvc_core.commands.chronology import Correct
from dvc_core.i18n import text
from dvc_core.queries import chronology
from pages._shell import head, require, run, services
from pages.components import as_of, chronology_print, chronology_table, codes

me = require("view")
head("クロノロジー")
names = {"": "すべて"} | {topic: text(f"topic.{topic}") for topic in chronology.TOPICS}
left, right = st.columns([2, 1])
topic = left.selectbox("しぼりこみ", list(names), format_func=names.__getitem__) or None
quiet = right.checkbox("番号や枠の記録も出す")
trail: list[int | None] = st.session_state.setdefault("_chronology_pages", [None])
if st.session_state.get("_chronology_topic") != (topic, quiet):
    st.session_state["_chronology_topic"] = (topic, quiet)
    trail[:] = [None]

called = codes.names(services())
with services().reader() as reader:
    found = chronology.lines(reader, before=trail[-1], topic=topic, quiet=quiet, called=called)
    top = chronology.head(reader)
    corrections = chronology.corrections(reader, [line.entry_id for line in found])

newer, older, at = st.columns([1, 1, 2])
if newer.button("新しいほうへ", disabled=trail[-1] is None, use_container_width=True):
    trail.pop()
    st.rerun()
if older.button("古いほうへ", disabled=len(found) < chronology.PAGE, use_container_width=True):
    trail.append(found[-1].seq)
    st.rerun()
at.caption(f"記録の先頭：{top.seq} 番　{top.hash[:12]}")

correct = st.expander("訂正を書きたす（もとの記録は残ります）", key="chronology-correct", on_change="rerun")
if correct.open:
    with correct, st.form("correct", border=False):
        number = st.number_input("番号", 1, max(top.seq, 1), found[0].seq if found else 1)
        words = st.text_input("正しくは", max_chars=300)
        if st.form_submit_button("訂正を書きたす"):
            entry = next((line for line in found if line.seq == number), None)
            if entry is None:
                st.error(
                    "その番号は、いま出ているページにありません。ページをめくって、番号を出してください。"
                )
            else:
                run(
                    Correct(entry_id=entry.entry_id, words=words),
                    key="correct",
                    done=f"{number} 番に訂正を書きたしました。",
                )
                st.rerun()
paper = st.expander("印刷する", key="chronology-print", on_change="rerun")
if paper.open:
    with paper:
        chronology_print.show(topic, top, quiet=quiet, called=called, printed_by=me.name)
back = st.expander("ふりかえり（ある時刻のようす）", key="chronology-as-of", on_change="rerun")
if back.open:
    with back:
        as_of.show(me, top)
chronology_table.show(found, corrections)
