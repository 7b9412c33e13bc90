"""調査・可否・終わり・重複: what moves a need from one state to the next."""

import uuid

import streamlit as st

from dvc_core.commands.need import End, JoinTo, MakeReady, Survey
from dvc_core.domain.need import ENDED, MOST_PEOPLE, NeedState, SurveyNeeded
from dvc_core.i18n import text
from dvc_core.queries.needs import WholeNeed
from pages._read import drawn_row
from pages._shell import local, run
from pages.components import need_same
from pages.components.plain import plain

LONGEST = 2000
MOST_DAYS = 60
_ENDS = (
    NeedState.DONE,
    NeedState.NEARLY_DONE,
    NeedState.HANDED_OVER,
    NeedState.PUBLIC_WORK,
    NeedState.CANCELLED,
)


def survey(whole: WholeNeed) -> None:
    """Enter a survey, or go without one; the gate stands above it (`need_gate`)."""
    need = whole.need
    if need.surveyed_at:
        st.write(f"現地調査：{local(need.surveyed_at)}")
    if need.state in ENDED:
        st.info("このニーズは終わっています。")
        return
    with st.form(f"survey-{need.id}", border=False):
        st.markdown("**現地調査の結果**")
        result = st.radio(
            "ボランティアが入って作業できますか",
            ["workable", "not-workable"],
            index=None,
            format_func=lambda code: text(f"need.result.{code}"),
            key=f"survey-result-{need.id}",
        )
        left, right = st.columns(2)
        people = left.number_input("必要な人数", 1, MOST_PEOPLE, need.people_max, key=f"survey-p-{need.id}")
        days = right.number_input("必要な日数", 1, MOST_DAYS, None, key=f"survey-d-{need.id}")
        reason = st.text_area(
            "理由（見たこと・人数の根拠・危ないところ）",
            key=f"survey-r-{need.id}",
            max_chars=LONGEST,
            height=80,
        )
        if st.form_submit_button("調査の結果を保存する", type="primary"):
            command = Survey(
                need_id=need.id,
                result=result or "none",
                people=None if people is None else int(people),
                days=None if days is None else int(days),
                reason=reason,
            )
            done = f"N-{need.number:03d} の調査を保存しました。"
            run(command, key=f"survey-{need.id}", done=done, seen=drawn_row(need))
            st.rerun()
    if need.state is not NeedState.READY:
        _without_survey(whole)


def _without_survey(whole: WholeNeed) -> None:
    need = whole.need
    asked = need.survey is not SurveyNeeded.NOT_NEEDED
    with st.form(f"ready-{need.id}", border=False):
        st.markdown("**調査なしで、マッチングにまわす**")
        reason = st.text_input("理由（必須）" if asked else "理由", key=f"ready-r-{need.id}", max_chars=200)
        if st.form_submit_button("マッチングにまわす"):
            run(
                MakeReady(need_id=need.id, reason=reason),
                key=f"ready-{need.id}",
                done=f"N-{need.number:03d} をマッチングにまわしました。",
                seen=drawn_row(need),
            )
            st.rerun()


def end(operation_id: uuid.UUID, whole: WholeNeed) -> None:
    """End it with its reason, or let it go on in the need of the same household."""
    need = whole.need
    if need.state in ENDED:
        st.info(f"このニーズは「{text(f'need.state.{need.state}')}」です。")
        return
    with st.form(f"end-{need.id}", border=False):
        state = st.radio(
            "どう終わりますか",
            _ENDS,
            index=None,
            format_func=lambda code: text(f"need.state.{code}"),
            key=f"end-s-{need.id}",
        )
        st.caption("完了は、依頼した人が「終わった」と言ったときです。まだ聞いていなければ、完了見込み。")
        reason = st.text_input("理由（完了・完了見込みのほかは必須）", key=f"end-r-{need.id}", max_chars=200)
        if st.form_submit_button("記録する", type="primary"):
            if state is None:
                st.error(text("refusal.end-unknown.next"))
            else:
                done = f"N-{need.number:03d} を「{text(f'need.state.{state}')}」にしました。"
                ended = End(need_id=need.id, state=state, reason=reason)
                run(ended, key=f"end-{need.id}", done=done, seen=drawn_row(need))
                st.rerun()
    _join(operation_id, whole)


def _join(operation_id: uuid.UUID, whole: WholeNeed) -> None:
    need = whole.need
    place = need_same.place_of(need)
    others = need_same.find(operation_id, whole.site, place, but=need.id)
    st.markdown("**同じ家のニーズにまとめる**")
    if not others:
        st.caption("同じ電話・ふりがな・住所のニーズは、ほかにありません。")
        return
    need_same.show(others)
    for each in others:
        other = each.line.need
        if st.button(
            f"N-{need.number:03d} をやめて、N-{other.number:03d}（{plain(each.line.site.name)}）にまとめる",
            key=f"join-{need.id}-{other.id}",
        ):
            run(
                JoinTo(need_id=need.id, same_as=other.id),
                key=f"join-{need.id}",
                done=f"N-{need.number:03d} を N-{other.number:03d} にまとめました。",
                seen=drawn_row(need),
            )
            st.rerun()
