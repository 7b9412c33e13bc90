"""総務ログの一件: 何を聞き、だれがいつまでに、折り返し、どう答えたか. どの手も一回押すだけ."""

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.commands.base import Command
from dvc_core.commands.desk_log import CallBack, HandOver, Reopen, Settle, ToReview
from dvc_core.domain.desk_log import CallResult, DeskEntry, LogState
from dvc_core.i18n import has_text, text
from dvc_core.queries.desk_log import WholeEntry, one, people
from pages._read import drawn_row
from pages._shell import local, run, services
from pages.components import log_change
from pages.components.plain import plain

OPEN = "_log_open"
"""The entry that is open; None: none is."""


def opened(me: Who) -> None:
    """The open entry with all that can be done about it."""
    entry_id = st.session_state.get(OPEN)
    if entry_id is None:
        return
    with services().reader() as reader:
        whole = one(reader, entry_id)
    if whole is None:
        st.session_state[OPEN] = None
        return
    drawn_row(whole.line.row)
    with st.container(border=True, key="log-open"):
        _told(whole)
        if whole.line.row.state is LogState.OPEN:
            _owner(whole.line.row)
            _call(whole.line.row)
            _answer(whole)
        else:
            _again(whole.line.row)
        log_change.show(me, whole)
        if st.button("閉じる", key="log-close"):
            st.session_state[OPEN] = None
            log_change.forget(whole.line.row)
            st.rerun()


def _told(whole: WholeEntry) -> None:
    row, caller = whole.line.row, whole.line.caller
    state = ":green-badge[済み]" if row.state is LogState.SETTLED else ":orange-badge[まだ]"
    parts = [f"### 総務 {row.number}　{text(f'value.log-kind.{row.kind}')}　{state}", plain(whole.texts.line)]
    about = "　".join(plain(words) for words in (caller.who, caller.phone) if words)
    parts += [f"**相手**　{about}"] if about else []
    parts += [f"**答え**　{plain(whole.texts.answer)}"] if whole.texts.answer else []
    parts += [f"聞いた　{local(row.heard_at)}　{plain(whole.written_by)}"]
    if row.settled_at is not None and row.outcome is not None:
        how = text(f"value.log-outcome.{row.outcome}")
        parts[-1] += f"　／　{how}　{local(row.settled_at)}　{plain(whole.settled_by)}"
    for each in whole.remarks:
        key = f"log.remark.{each.purpose}"
        what = text(key) if has_text(key) else ""
        parts.append(f"- {local(each.at)}　{plain(each.by)}　{what}　{plain(each.text)}")
    st.markdown("\n\n".join(parts))


def _do(command: Command, row: DeskEntry, done: str) -> None:
    run(command, key=f"log-{type(command).__name__}-{row.id}", done=done, seen=drawn_row(row))
    st.rerun()


def _owner(row: DeskEntry) -> None:
    with services().reader() as reader:
        known = people(reader)
    desks = {desk.code: f"{desk.name}の班" for desk in services().reference.desks if desk.enabled}
    names: dict[str, str] = {**desks, **{str(i): name for i, name in known}}
    has = str(row.operator_id) if row.operator_id else row.section or ""
    with st.form(f"log-owner-{row.id}", border=False):
        who, words, do = st.columns([2, 3, 1], vertical_alignment="bottom")
        chosen = who.selectbox(
            "だれが見るか",
            ["", *names],
            index=[*names].index(has) + 1 if has in names else 0,
            format_func=lambda code: names.get(code, "（まだ決めない）"),
        )
        said = words.text_input("ひとこと", max_chars=200)
        if do.form_submit_button("渡す"):
            section = chosen if chosen in desks else None
            person = next((i for i, _ in known if str(i) == chosen), None)
            _do(
                HandOver(entry_id=row.id, section=section, operator_id=person, words=said),
                row,
                "渡しました。",
            )


def _call(row: DeskEntry) -> None:
    if not row.call_back:
        return
    tries = f"（{row.calls} 回かけた）" if row.calls else ""
    if row.reached_at is not None:
        st.success(f"折り返しの電話がつながりました（{local(row.reached_at)}）。")
        return
    st.markdown(f"**折り返す約束です。**{tries}")
    reached, missed = st.columns(2)
    if reached.button("つながった", key=f"log-reached-{row.id}", width="stretch"):
        _do(CallBack(entry_id=row.id, result=CallResult.REACHED), row, "つながったことを記録しました。")
    if missed.button("つながらない", key=f"log-missed-{row.id}", width="stretch"):
        _do(CallBack(entry_id=row.id, result=CallResult.NO_ANSWER), row, "かけたことを記録しました。")


def _answer(whole: WholeEntry) -> None:
    row = whole.line.row
    with st.form(f"log-answer-{row.id}", border=False):
        words = st.text_input("どう答えたか", whole.texts.answer, max_chars=400)
        done, review = st.columns(2)
        if done.form_submit_button("済みにする", type="primary", width="stretch"):
            _do(Settle(entry_id=row.id, answer=words), row, f"総務 {row.number} を済みにしました。")
        if review.form_submit_button("だれのことか分からない（要確認へ）", width="stretch"):
            _do(ToReview(entry_id=row.id), row, "要確認にまわしました。")


def _again(row: DeskEntry) -> None:
    with st.form(f"log-again-{row.id}", border=False):
        words = st.text_input("もう一度開くわけ", max_chars=200)
        if st.form_submit_button("もう一度開く"):
            _do(Reopen(entry_id=row.id, words=words), row, "もう一度開きました。")
