"""引継と危機介入: what waits for a partner's or the chief's answer, the crisis on top in red."""

import uuid

import streamlit as st

from dvc_core.commands.referral import AcceptReferral, HandOver, Refer, SettleReferral
from dvc_core.domain.consent import OF_PARTNER
from dvc_core.domain.referral import Referral
from dvc_core.i18n import text
from dvc_core.queries.needs import Handed, WholeNeed, open_referrals
from pages._read import drawn_row
from pages._shell import local, run, services
from pages.components import lazy, need_consent, need_form
from pages.components.plain import plain

CRISIS = "crisis"


def crisis(operation_id: uuid.UUID) -> list[Handed]:
    """The red box of the chief and the needs desk; gives back every open referral."""
    with services().reader() as reader:
        waiting = open_referrals(reader, operation_id)
    urgent = [handed for handed in waiting if handed.referral.reason == CRISIS]
    if urgent:
        st.error(f"**危機介入 {len(urgent)}件**　統括が、いま確かめてください。")
        for handed in urgent:
            _urgent(handed)
    return waiting


def _urgent(handed: Handed) -> None:
    need, site = handed.line.need, handed.line.site
    with st.container(border=True):
        st.markdown(
            f":red[**N-{need.number:03d}**]　{plain(site.name)}　{plain(site.phone)}　{plain(site.address)}　"
            f"{local(handed.referral.made_at)}から"
        )
        st.markdown(plain(site.trouble[:200]))
        opening, answer = st.columns(2)
        if opening.button("開く", key=f"crisis-open-{handed.referral.id}", use_container_width=True):
            st.session_state["_need"] = need.id
            st.rerun()
        name = f"answer-crisis-{handed.referral.id}"
        box = answer.popover("対応した", key=f"box-{name}", on_change="rerun", use_container_width=True)
        if lazy.opened(name, now=bool(box.open)):
            with box:
                _answer(handed.referral, "crisis")


def listed(waiting: list[Handed]) -> None:
    """All open referrals of the operation, each with the next step."""
    if not waiting:
        st.write("返事を待っている引継はありません。")
    for handed in waiting:
        need, site = handed.line.need, handed.line.site
        with st.container(border=True):
            st.markdown(f"**N-{need.number:03d}**　{plain(site.name)}　{plain(site.address)}")
            st.markdown(_line(handed.referral))
            name = f"answer-list-{handed.referral.id}"
            box = st.popover("つぎへ進める", key=f"box-{name}", on_change="rerun")
            if lazy.opened(name, now=bool(box.open)):
                with box:
                    _answer(handed.referral, "list")


def of_need(whole: WholeNeed) -> None:
    """The consents and referrals of one need, open and reported back, and the form for one more."""
    need_consent.show(whole)
    st.markdown("**引継**")
    if not whole.referrals:
        st.write("引継はありません。「受けない」作業や見守りを選ぶと、自動でここに入ります。")
    for referral in whole.referrals:
        with st.container(border=True):
            st.markdown(_line(referral))
            if referral.settled_at is None:
                _answer(referral, "need")
            else:
                taken = "対応した" if referral.taken else "戻ってきた"
                st.markdown(f"{local(referral.settled_at)}　{taken}")
    _refer(whole)


def _line(referral: Referral) -> str:
    if work := services().reference.work(referral.reason):
        why = work.name
    else:
        why = need_form.or_code("need.reason", referral.reason)
    return (
        f"{plain(why)} → {need_form.or_code('need.refer', referral.to)}　{local(referral.made_at)}　"
        f"**{_stage(referral)}**"
    )


def _stage(referral: Referral) -> str:
    if referral.settled_at is not None:
        return "終わり"
    if referral.accepted_at is not None:
        return f"引き受けた（{local(referral.accepted_at, '%m/%d')}）・報告待ち"
    if referral.handed_at is not None:
        urgent = "・同意なし（命と体）" if referral.without_consent else ""
        return f"渡した（{local(referral.handed_at, '%m/%d')}）・返事待ち{urgent}"
    return "まだ渡していない" if referral.to in OF_PARTNER else "返事待ち"


_STEPS = {
    "hand": "相手に渡した",
    "life": "命と体にかかわるので、同意なしで渡した（統括）",
    "accept": "相手が引き受けた（報告を待つ）",
    "done": "終わったと報告があった",
    "back": "できないと戻ってきた",
}


def _steps(referral: Referral) -> list[str]:
    """What can come next: handed, accepted, reported back."""
    steps = ["done", "back"]
    if referral.accepted_at is None:
        steps.insert(0, "accept")
    if referral.handed_at is None and referral.to in OF_PARTNER:
        steps[:0] = ["hand", "life"]
    return steps


def _answer(referral: Referral, where: str) -> None:
    key, seen = f"{where}-{referral.id}", drawn_row(referral)
    with st.form(f"answer-{key}", border=False):
        step = st.radio("つぎ", _steps(referral), format_func=_STEPS.__getitem__, key=f"step-{key}")
        words = st.text_input("だれが・何と", key=f"words-{key}", max_chars=200)
        if st.form_submit_button("記録する"):
            one = referral.id
            command = {
                "hand": lambda: HandOver(referral_id=one, words=words),
                "life": lambda: HandOver(referral_id=one, life=True, words=words),
                "accept": lambda: AcceptReferral(referral_id=one, words=words),
                "done": lambda: SettleReferral(referral_id=one, taken=True, words=words),
                "back": lambda: SettleReferral(referral_id=one, taken=False, words=words),
            }[step]()
            run(command, key=f"settle-{one}", done="記録しました。", seen=seen)
            st.rerun()


def _refer(whole: WholeNeed) -> None:
    need = whole.need
    with st.form(f"refer-{need.id}", border=False):
        st.markdown("**ほかに引き継ぐ**")
        to = st.selectbox(
            "引継先",
            sorted(OF_PARTNER),
            format_func=lambda code: text(f"need.refer.{code}"),
            key=f"refer-to-{need.id}",
        )
        words = st.text_input("何をお願いするか（必須）", key=f"refer-w-{need.id}", max_chars=200)
        if st.form_submit_button("引継に入れる"):
            command = Refer(need_id=need.id, to=to, words=words)
            done = "引継に入れました。同意を聞いてから、相手に渡します。"
            run(command, key=f"refer-{need.id}", done=done)
            st.rerun()
