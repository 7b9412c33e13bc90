"""まわる日: a day's houses in walking order, on the map and on paper, each with what came of it."""

import uuid
from datetime import date

import streamlit as st

from dvc_core import forms
from dvc_core.access.sessions import Who
from dvc_core.commands.survey import NobodyMet, Withdraw
from dvc_core.forms.fieldwork import RoundLine, SurveyRound
from dvc_core.forms.work_order import MapMark
from dvc_core.geo.feature import Feature
from dvc_core.i18n import text
from dvc_core.queries.surveys import ToSurvey, days, round_of
from pages._read import drawn_row
from pages._shell import run, services
from pages.components import map as desk_map
from pages.components import order_map, paper
from pages.components.need_visits import named
from pages.components.plain import plain

TROUBLE = 160
DAYS_SHOWN = 10
PICKED = "round-day"


def show(me: Who, operation_id: uuid.UUID, today: date) -> None:
    """Which day, its houses on the map, the sheet, and house after house."""
    with services().reader() as reader:
        known = {each.day: each for each in reversed(days(reader, operation_id)[:DAYS_SHOWN])}
    if not known:
        st.info("まわる日に入った家はありません。「待っている家」か「予定電話」で日を決めます。")
        return
    ahead = [day for day in known if day >= today]
    if st.session_state.get(PICKED) not in known:
        st.session_state[PICKED] = ahead[0] if ahead else max(known)
    day = st.pills(
        "どの日ですか",
        list(known),
        format_func=lambda each: f"{named(each)}　{known[each].answered}／{known[each].houses} 軒",
        key=PICKED,
        required=True,
    )
    if day is None:
        return
    with services().reader() as reader:
        houses = round_of(reader, operation_id, day)
    features = _features(houses)
    if features:
        desk_map.show("round-map", features, height=320, legend=False)
    done = sum(_answered(each) for each in houses)
    left, right = st.columns([2, 1], vertical_alignment="center")
    left.markdown(f"**{len(houses)} 軒、結果が入ったもの {done} 軒**")
    right.download_button(
        "まわり表を印刷する（PDF）",
        lambda: forms.render("survey_round", _sheet(me, day, houses)),
        file_name=f"round-{day:%m%d}.pdf",
        mime="application/pdf",
        on_click="ignore",
        key="round-print",
        use_container_width=True,
    )
    for number, each in enumerate(houses, 1):
        _house(number, each)


def _answered(each: ToSurvey) -> bool:
    return each.survey is not None and each.survey.answer is not None


def _when(each: ToSurvey) -> str:
    survey = each.survey
    if survey is None or survey.band is None:
        return ""
    agreed = "了承あり" if survey.agreed else "電話なしでまわる"
    return f"{text(f'visit.band.{survey.band}')}（{agreed}）"


def _features(houses: list[ToSurvey]) -> list[Feature]:
    found = []
    for number, each in enumerate(houses, 1):
        need = each.line.need
        if need.lat is not None and need.lng is not None:
            state = "done" if _answered(each) else "survey"
            found.append(
                Feature(
                    id=str(need.id),
                    kind="need",
                    lat=need.lat,
                    lng=need.lng,
                    state=state,
                    label=f"{number} N-{need.number:03d}",
                    rough=need.match_level != "hand",
                )
            )
    return found


def _house(number: int, each: ToSurvey) -> None:
    need, site, survey = each.line.need, each.line.site, each.survey
    if survey is None:
        return
    with st.container(border=True):
        st.markdown(
            f"**{number}　N-{need.number:03d}　{plain(site.name)}**　{plain(site.phone)}　"
            f"{plain(site.address)}　{_when(each)}"
        )
        if survey.answer is not None:
            st.markdown(f"結果：**{text(f'need.result.{survey.answer}')}**")
            return
        seen = drawn_row(survey)
        enter, absent, back = st.columns(3)
        if enter.button("結果を入れる", key=f"enter-{need.id}", type="primary", use_container_width=True):
            st.session_state["_need"] = need.id
            st.rerun()
        if absent.button("会えなかった", key=f"absent-{need.id}", use_container_width=True):
            done = f"N-{need.number:03d} を、待っている家にもどしました。"
            run(NobodyMet(need_id=need.id), key=f"absent-{need.id}", done=done, seen=seen)
            st.rerun()
        if back.button("この日をやめる", key=f"withdraw-{need.id}", use_container_width=True):
            done = f"N-{need.number:03d} の調査の日をとりけしました。"
            run(Withdraw(need_id=need.id), key=f"withdraw-{need.id}", done=done, seen=seen)
            st.rerun()


def _sheet(me: Who, day: date, houses: list[ToSurvey]) -> SurveyRound:
    marks = [
        MapMark(at=(need.lng, need.lat), label=str(number))
        for number, each in enumerate(houses, 1)
        if (need := each.line.need).lat is not None and need.lng is not None
    ]
    return SurveyRound(
        **paper.furniture(me),
        serial=paper.serial("G"),
        as_of=paper.now(),
        day=day,
        rows=tuple(_line(number, each) for number, each in enumerate(houses, 1)),
        sketch=order_map.of_round(marks),
    )


def _line(number: int, each: ToSurvey) -> RoundLine:
    need, site = each.line.need, each.line.site
    grade, gate = text(f"value.hazard-grade.{need.hazard}"), text(f"value.gate.{need.gate}")
    caution = f"応急危険度判定：{grade}　立ち入り：{gate}"
    return RoundLine(
        number=str(number),
        need=f"N-{need.number:03d}",
        name=site.name,
        phone=site.phone,
        address=site.address,
        when=_when(each),
        trouble=site.trouble[:TROUBLE],
        caution=caution if need.inside else "",
        answer=each.survey.answer if each.survey else None,
    )
