"""引継と危機介入: what waits for a partner's or the chief's answer, the crisis on top in red."""

import uuid

import streamlit as st

from dvc_core.commands.need import SettleReferral
from dvc_core.domain.referral import Referral
from dvc_core.queries.needs import Handed, WholeNeed, open_referrals
from pages._read import drawn_row
from pages._shell import local, run, services
from pages.components import lazy, need_form
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
    """All open referrals of the operation, each with the way to answer."""
    if not waiting:
        st.write("返事を待っている引継はありません。")
    for handed in waiting:
        need, site = handed.line.need, handed.line.site
        with st.container(border=True):
            st.markdown(f"**N-{need.number:03d}**　{plain(site.name)}　{plain(site.address)}")
            st.markdown(_line(handed.referral))
            name = f"answer-list-{handed.referral.id}"
            box = st.popover("返事を入れる", key=f"box-{name}", on_change="rerun")
            if lazy.opened(name, now=bool(box.open)):
                with box:
                    _answer(handed.referral, "list")


def of_need(whole: WholeNeed) -> None:
    """The referrals of one need, answered and open."""
    if not whole.referrals:
        st.write("引継はありません。「受けない」作業や見守りを選ぶと、自動でここに入ります。")
    for referral in whole.referrals:
        with st.container(border=True):
            st.markdown(_line(referral))
            if referral.settled_at is None:
                _answer(referral, "need")
            else:
                taken = "引き受けた" if referral.taken else "戻ってきた"
                st.markdown(f"{local(referral.settled_at)}　{taken}")


def _line(referral: Referral) -> str:
    if work := services().reference.work(referral.reason):
        why = work.name
    else:
        why = need_form.or_code("need.reason", referral.reason)
    return f"{plain(why)} → {need_form.or_code('need.refer', referral.to)}　{local(referral.made_at)}"


def _answer(referral: Referral, where: str) -> None:
    key, seen = f"{where}-{referral.id}", drawn_row(referral)
    with st.form(f"answer-{key}", border=False):
        taken = st.radio(
            "返事",
            [True, False],
            format_func=lambda yes: "引き受けた・対応した" if yes else "できない（戻ってきた）",
            key=f"taken-{key}",
        )
        words = st.text_input("だれが・何と", key=f"words-{key}", max_chars=200)
        if st.form_submit_button("返事を保存する"):
            run(
                SettleReferral(referral_id=referral.id, taken=bool(taken), words=words),
                key=f"settle-{referral.id}",
                done="返事を保存しました。",
                seen=seen,
            )
            st.rerun()
