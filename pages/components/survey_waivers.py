"""調査なし派遣: which works may go without a survey, in which town, by whose word; and what goes by it."""

import uuid

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.commands.survey import AllowWithout, EndWithout, MakeReady
from dvc_core.domain.grading import town_code
from dvc_core.domain.survey import Waiver
from dvc_core.geo.councils import councils
from dvc_core.geo.reference import reference_map
from dvc_core.queries.surveys import ToSurvey, waivers
from pages._read import drawn_row
from pages._shell import run, services
from pages.components.plain import plain


def show(me: Who, operation_id: uuid.UUID, found: list[ToSurvey]) -> None:
    """What may go now, what is allowed, and the chief's form."""
    _ready([each for each in found if each.waived])
    with services().reader() as reader:
        allowed = waivers(reader, operation_id)
    chief = services().roles.may(me.roles, "chief")
    towns = _towns()
    st.markdown("**調査なしで行ってよい作業**")
    if not allowed:
        st.write("いまは、どの作業も現地調査をしてから行きます。")
    for row in allowed:
        _allowed(row, towns, chief=chief)
    if chief:
        _allow(me, towns)
    else:
        st.caption("決めるのは統括です。被害が軽い地域の、外の作業などを認められます。")


def _towns() -> dict[str, str]:
    own = councils().own
    return {
        code: town.name
        for town in reference_map().towns
        if town.city_code == own and (code := town_code(town.city_code, town.name))
    }


def _work(code: str) -> str:
    known = services().reference.work(code)
    return known.name if known else code


def _ready(free: list[ToSurvey]) -> None:
    if not free:
        return
    names = "、".join(f"N-{each.line.need.number:03d}" for each in free)
    with st.container(border=True):
        st.markdown(f"**調査なしでマッチングにまわせるニーズ {len(free)} 件**　{names}")
        if st.button("まとめてマッチングにまわす", key="waived-ready", type="primary"):
            for each in free:
                need = each.line.need
                done = f"{len(free)} 件をマッチングにまわしました。"
                answer = run(MakeReady(need_id=need.id), key=f"waived-{need.id}", done=done)
                if answer.refusal is not None:
                    break
            st.rerun()


def _allowed(row: Waiver, towns: dict[str, str], *, chief: bool) -> None:
    where = towns.get(row.town_code, row.town_code) if row.town_code else "どこでも"
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.markdown(f"- {plain(_work(row.work))}　（{plain(where)}）")
    if chief and right.button("終える", key=f"end-{row.id}", use_container_width=True):
        done = "これからは、現地調査をしてから行きます。"
        run(EndWithout(waiver_id=row.id), key=f"end-{row.id}", done=done, seen=drawn_row(row))
        st.rerun()


def _allow(me: Who, towns: dict[str, str]) -> None:
    ours = [work.code for work in services().reference.works if work.accept != "no"]
    with st.form("survey-allow", border=True):
        st.markdown("**調査なしを認める（統括）**")
        left, right = st.columns(2)
        work = left.selectbox("作業", ours, format_func=_work, key="allow-work")
        town = right.selectbox(
            "町",
            ["", *towns],
            format_func=lambda code: towns.get(code, "どこでも"),
            key="allow-town",
        )
        reason = st.text_input("理由（必須）", key="allow-reason", max_chars=200)
        if st.form_submit_button(f"{plain(me.name)} の名前で認める"):
            command = AllowWithout(work=work, town_code=town or None, reason=reason)
            run(command, key="survey-allow", done="認めました。クロノロジーに残ります。")
            st.rerun()
