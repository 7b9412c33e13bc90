"""現地調査: who waits, the day's round on the map and on paper, and the works that may go without."""

import uuid
from datetime import date, timedelta

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.commands.survey import PlanRound
from dvc_core.domain.day import activity_day
from dvc_core.domain.visit import Band
from dvc_core.i18n import text
from dvc_core.queries.surveys import ToSurvey, queue
from pages._look import numbers
from pages._shell import local, run, services
from pages.components import lined, survey_round, survey_waivers
from pages.components.lined import Cell

SHOWN = 40
TOWN, ALL = "survey-town", "すべての町"
WAITING, ROUND, WITHOUT = "待っている家", "まわる日", "調査なし派遣"


def show(me: Who, operation_id: uuid.UUID) -> None:
    """The queue in numbers, and one of its three sides."""
    today = activity_day(services().clock.now())
    with services().reader() as reader:
        found = queue(reader, operation_id, today)
    open_ = [each for each in found if each.survey is None or not each.survey.planned(today)]
    planned = [each.survey.day for each in found if each.survey and each.survey.planned(today)]
    numbers(
        (
            ("日が決まっていない", len(open_)),
            ("きょうまわる", planned.count(today)),
            ("あすまわる", planned.count(today + timedelta(days=1))),
            ("会えなかった", sum(bool(each.survey and each.survey.not_met) for each in open_)),
            ("調査なしでよい", sum(each.waived for each in found)),
        )
    )
    side = st.segmented_control(
        "見るもの",
        [WAITING, ROUND, WITHOUT],
        default=WAITING,
        key="survey-side",
        required=True,
        label_visibility="collapsed",
    )
    if side == ROUND:
        survey_round.show(me, operation_id, today)
    elif side == WITHOUT:
        survey_waivers.show(me, operation_id, found)
    else:
        _waiting(open_, today)


def _waiting(open_: list[ToSurvey], today: date) -> None:
    """The queue of one town or of all, and the round that is made of it."""
    if not open_:
        st.success("調査の日が決まっていない家はありません。")
        return
    towns = sorted({each.line.site.town for each in open_ if each.line.site.town})
    if st.session_state.get(TOWN) not in towns:
        st.session_state[TOWN] = ALL
    town = st.selectbox("町", [ALL, *towns], key=TOWN)
    shown = [each for each in open_ if town in (ALL, each.line.site.town)]
    st.caption("電話で日を決めるのは「予定電話」。ここでは、町ごとに、電話なしでまわる日に入れます。")
    lined.show(("番号・氏名", "電話", "場所", "これまで"), (_row(each) for each in shown[:SHOWN]))
    if len(shown) > SHOWN:
        st.caption(f"はじめの {SHOWN} 件です。町を選ぶと、少なくなります。")
    _plan(shown, town, today)


def _plan(shown: list[ToSurvey], town: str, today: date) -> None:
    known = {each.line.need.id: each.line for each in shown}
    with st.form("survey-plan", border=True):
        st.markdown("**まわる日に入れる**")
        chosen = st.multiselect(
            "家",
            list(known),
            default=list(known) if town != ALL else [],
            format_func=lambda i: f"N-{known[i].need.number:03d}（{known[i].site.town or '町なし'}）",
            key=f"survey-chosen-{town}",
            placeholder="番号を選ぶ（町を選ぶと、その町がぜんぶ入る）",
        )
        left, right = st.columns(2)
        day = left.date_input("まわる日", today + timedelta(days=1), format="YYYY/MM/DD", key="survey-day")
        band = right.selectbox(
            "時間帯", list(Band), format_func=lambda code: text(f"visit.band.{code}"), key="survey-band"
        )
        if st.form_submit_button("まわる日に入れる", type="primary"):
            command = PlanRound(need_ids=tuple(chosen), day=day, band=band)
            run(command, key="survey-plan", done=f"{len(chosen)} 軒を {day:%m/%d} のまわりに入れました。")
            st.rerun()


def _row(each: ToSurvey) -> tuple[Cell, ...]:
    need, site, call, survey = each.line.need, each.line.site, each.calling, each.survey
    past = [f"{call.tries}回つながらない"] if call and call.tries else []
    if survey and survey.not_met:
        past.append(f"{survey.not_met}回会えなかった")
    if survey and survey.day and survey.answer is None:
        past.append(f"{survey.day:%m/%d} の調査の結果がまだ")
    urgent = "危機介入" if need.crisis else text(f"need.priority.{need.priority}")
    return (
        Cell(f"N-{need.number:03d}", strong=site.name, small=urgent),
        Cell(site.phone, small=site.contact_time),
        Cell(site.town or site.address, small=f"{local(need.received_at, '%m/%d')} 受付"),
        Cell("、".join(past) or "まだ", small="調査なしでよい作業" if each.waived else ""),
    )
