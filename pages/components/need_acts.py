"""調査・可否・終わり・重複: what moves a need from one state to the next."""

import uuid

import msgspec
import streamlit as st

from dvc_core.commands.household import JoinTo, PartFrom
from dvc_core.commands.need import End, PutOnHold, Resume
from dvc_core.commands.survey import MakeReady, Survey
from dvc_core.domain.need import (
    ENDED,
    MOST_PEOPLE,
    HoldReason,
    Need,
    NeedState,
    SurveyNeeded,
    details_of,
    place_of,
)
from dvc_core.domain.survey import SurveyAnswer
from dvc_core.i18n import text
from dvc_core.queries.needs import WholeNeed
from pages._read import drawn_row
from pages._shell import local, run
from pages.components import need_form, need_same
from pages.components.plain import plain

LONGEST = 2000
CONDITION = 200
"""What fits on the order beside its other warnings."""
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
    _survey(whole)
    if need.state is not NeedState.READY:
        _without_survey(whole)


def _survey(whole: WholeNeed) -> None:
    """The three answers of a survey, and what is asked before anything is thrown away."""
    need, site = whole.need, whole.site
    key = f"survey-{need.id}"
    with st.form(key, border=False):
        st.markdown("**現地調査の結果**")
        result = st.radio(
            "ボランティアが入って作業できますか",
            [answer.value for answer in SurveyAnswer],
            index=None,
            format_func=lambda code: text(f"need.result.{code}"),
            key=f"survey-result-{need.id}",
        )
        conditions = st.text_input(
            "条件（条件つきのときは必須。班に渡す紙に出ます）", key=f"survey-c-{need.id}", max_chars=CONDITION
        )
        left, right = st.columns(2)
        people = left.number_input(
            "必要な人数（未定なら空）", 1, MOST_PEOPLE, need.people_max, key=f"survey-p-{need.id}"
        )
        days = right.number_input("必要な日数（未定なら空）", 1, MOST_DAYS, None, key=f"survey-d-{need.id}")
        works = need_form.works(f"survey-w-{need.id}", need.works)
        reason = st.text_area(
            "理由（見たこと・人数の根拠・危ないところ）",
            key=f"survey-r-{need.id}",
            max_chars=LONGEST,
            height=80,
        )
        said = need_form.before(f"survey-{need.id}", site)
        if st.form_submit_button("調査の結果を保存する", type="primary"):
            command = Survey(
                need_id=need.id,
                result=result or "none",
                people=None if people is None else int(people),
                days=None if days is None else int(days),
                reason=reason,
                conditions=conditions,
                details=msgspec.structs.replace(details_of(need), works=works),
                site=msgspec.structs.replace(site, **said),
            )
            done = f"N-{need.number:03d} の調査を保存しました。"
            run(command, key=f"survey-{need.id}", done=done, seen=drawn_row(need))
            st.rerun()


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
    if need.same_as is not None:
        _part(need)
    if need.state in ENDED:
        st.info(f"このニーズは「{text(f'need.state.{need.state}')}」です。")
        return
    _hold(need)
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


def _hold(need: Need) -> None:
    """保留: what must come first, or that it came."""
    if need.state is NeedState.ON_HOLD:
        until = f"（{need.hold_until:%m/%d} まで）" if need.hold_until else ""
        st.warning(f"保留：{text(f'need.hold.{need.hold_reason}')}{until}")
        if st.button("保留を終える", key=f"resume-{need.id}", type="primary"):
            done = f"N-{need.number:03d} の保留を終えました。"
            run(Resume(need_id=need.id), key=f"resume-{need.id}", done=done, seen=drawn_row(need))
            st.rerun()
        return
    with st.form(f"hold-{need.id}", border=False):
        st.markdown("**保留にする**")
        left, right = st.columns(2)
        why = left.selectbox(
            "待つもの",
            list(HoldReason),
            format_func=lambda code: text(f"need.hold.{code}"),
            key=f"hold-w-{need.id}",
        )
        until = right.date_input("いつまで（分かれば）", None, format="YYYY/MM/DD", key=f"hold-u-{need.id}")
        reason = st.text_input("くわしく", key=f"hold-r-{need.id}", max_chars=200)
        if st.form_submit_button("保留にする"):
            held = PutOnHold(need_id=need.id, why=why, until=until, reason=reason)
            done = f"N-{need.number:03d} を保留にしました。"
            run(held, key=f"hold-{need.id}", done=done, seen=drawn_row(need))
            st.rerun()


def _part(need: Need) -> None:
    st.markdown("**まとめたのが、まちがいだったとき**")
    if st.button("まとめたのをとりけす", key=f"part-{need.id}"):
        done = f"N-{need.number:03d} を、もとの一件にもどしました。"
        run(PartFrom(need_id=need.id), key=f"part-{need.id}", done=done, seen=drawn_row(need))
        st.rerun()


def _join(operation_id: uuid.UUID, whole: WholeNeed) -> None:
    need = whole.need
    place = place_of(need)
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
