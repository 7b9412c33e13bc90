"""What a tap on the map opens: a need's or a team's card, with names for the needs desk alone."""

import uuid

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.domain.need import Site
from dvc_core.i18n import text
from dvc_core.queries.needs_map import TeamPoint, on_map
from pages._shell import local, services
from pages.components import need_form
from pages.components.plain import plain


def show(me: Who, need_id: uuid.UUID) -> None:
    """The need's number, state, works, people and visits; whose it is only for who may see it."""
    knows = services().roles.may(me.roles, "needs")
    with services().reader() as reader:
        found = on_map(reader, need_id, services().clock.now())
        site = reader.get(Site, need_id) if knows else None
    if found is None:
        st.caption("このニーズは、もう地図にありません。")
        return
    need = found.need
    with st.container(border=True):
        st.subheader(f"N-{need.number:03d}　{text(f'need.state.{need.state}')}", anchor=False)
        if site is not None:
            st.markdown(f"{plain(site.name)}　{plain(site.phone)}　{plain(site.address)}")
        people = "人数は未定" if need.people_max is None else f"{need.people_min or 1}〜{need.people_max}人"
        facts = [
            f"作業：{plain(need_form.works_line(need.works))}",
            f"人数：{people}",
            f"優先度：{text(f'need.priority.{need.priority}')}",
            f"応急危険度判定：{text(f'need.hazard.{need.hazard}')}",
            f"立ち入り：{text(f'need.gate.{need.gate}')}",
            f"位置：{text(f'need.match.{need.match_level}')}",
        ]
        facts += [
            f"訪問：{v.day:%m/%d} {text(f'visit.band.{v.band}')} {text(f'visit.state.{v.state}')}・"
            f"{text(f'visit.agreed.{v.agreed}')}"
            for v in found.visits
        ]
        st.markdown("\n".join(f"- {fact}" for fact in facts))
        if knows:
            _open(need_id, "ニーズで開く")


def team(me: Who, out: TeamPoint) -> None:
    """A team that is out: where, how many, when it should be home."""
    with st.container(border=True):
        st.subheader(f"{out.number}班　{'未帰着・連絡なし' if out.overdue else '出ている'}", anchor=False)
        st.markdown(
            f"- 行き先：N-{out.need_number:03d}\n- 人数：{out.size}人\n"
            f"- 帰着予定：{local(out.expected_return_at, '%H:%M') or '未定'}"
        )
        if services().roles.may(me.roles, "needs"):
            _open(out.need_id, f"N-{out.need_number:03d} を開く")


def _open(need_id: uuid.UUID, label: str) -> None:
    if st.button(label, type="primary", key=f"spot-{need_id}"):
        st.session_state["_need"] = need_id
        st.switch_page("pages/needs.py")
