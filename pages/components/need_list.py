"""ニーズの一覧: filtered by state, priority, hazard, town and any sign, paged by number."""

import uuid

import streamlit as st

from dvc_core.domain.need import NeedState, Priority
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.i18n import text
from dvc_core.queries.need_lines import NeedLine
from dvc_core.queries.needs import LIVE, Wanted, listed, towns
from pages._shell import local, services
from pages.components import gate_words, lazy, need_form
from pages.components.plain import plain

ALL = "すべて"
BEFORE = "_needs_before"
FILTER = ("needs-text", "needs-states", "needs-priority", "needs-hazard", "needs-town", "needs-shut")


def show(operation_id: uuid.UUID) -> None:
    """The filter, one page of what fits, and the way to the older ones."""
    wanted = _wanted(operation_id)
    if st.session_state.get("_needs_wanted") != wanted:
        st.session_state["_needs_wanted"] = wanted
        st.session_state[BEFORE] = []
    before: list[int] = st.session_state.setdefault(BEFORE, [])
    with services().reader() as reader:
        page = listed(reader, operation_id, wanted, before[-1] if before else None)
    st.write(f"{page.found}件")
    if not page.lines:
        st.write("あてはまるニーズはありません。しぼりこみを「すべて」に戻すと、全部を見られます。")
    with st.container(key="needs-list", gap="small"):
        for line in page.lines:
            _line(line)
    newer, older = st.columns(2)
    if before and newer.button("新しいほう", key="needs-newer", use_container_width=True):
        before.pop()
        st.rerun()
    if page.more is not None and older.button("古いほう", key="needs-older", use_container_width=True):
        before.append(page.more)
        st.rerun()


def keep_filter() -> None:
    """What was chosen stays while the list is not drawn."""
    st.session_state.setdefault(FILTER[1], list(LIVE))
    lazy.keep(*FILTER)


def _wanted(operation_id: uuid.UUID) -> Wanted:
    with services().reader() as reader:
        known = towns(reader, operation_id)
    words = st.text_input(
        "番号・名前・ふりがな・電話・住所でさがす",
        key="needs-text",
        max_chars=60,
        placeholder="例：12　/　みほん　/　本町一丁目",
    )
    with st.expander("しぼりこみ"):
        states = st.multiselect(
            "状態",
            list(NeedState),
            format_func=lambda code: text(f"need.state.{code}"),
            key="needs-states",
            placeholder="すべての状態",
        )
        left, middle, right = st.columns(3)
        priority = left.selectbox(
            "優先度",
            [None, *Priority],
            format_func=lambda code: ALL if code is None else text(f"need.priority.{code}"),
            key="needs-priority",
        )
        hazard = middle.selectbox(
            "応急危険度判定",
            [None, *HazardGrade],
            format_func=lambda code: ALL if code is None else text(f"need.hazard.{code}"),
            key="needs-hazard",
        )
        town = right.selectbox("町", [None, *known], format_func=lambda name: name or ALL, key="needs-town")
        shut = st.checkbox("安全ゲートで止まっているものだけ（保留・入れない）", key="needs-shut")
    return Wanted(states=tuple(states), priority=priority, hazard=hazard, shut=shut, town=town, text=words)


def _line(line: NeedLine) -> None:
    need, site = line.need, line.site
    marks = [text(f"need.state.{need.state}")]
    marks += [text(f"need.priority.{need.priority}")] if need.priority is not Priority.NORMAL else []
    marks += ["危機介入"] if need.crisis else []
    marks += gate_words.marks(need)
    marks += ["位置なし"] if need.lat is None else []
    about = "　".join(plain(words) for words in (site.name, site.phone, site.address) if words)
    when = f"{local(need.received_at)}　{plain(need_form.works_line(need.works))}"
    label = f"**N-{need.number:03d}**　{about}　**{'・'.join(marks)}**　:small[{when}]"
    # The whole line opens it: one thing to draw where a frame with a button would be six, and easy to hit.
    if st.button(label, key=f"open-{need.id}", width="stretch"):
        st.session_state["_need"] = need.id
        st.rerun()
