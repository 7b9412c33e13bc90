"""地図: ニーズと、出ている班が、いまどこにあるか。印を押すと、くわしく見て動ける."""

import uuid

import streamlit as st

from dvc_core.domain.day import activity_day
from dvc_core.domain.need import Priority
from dvc_core.domain.operation import Operation, current
from dvc_core.geo.feature import STATES
from dvc_core.i18n import text
from dvc_core.queries.needs_map import Point, points, teams_out
from pages._shell import head, require, services
from pages.components import map as desk_map
from pages.components import need_points, need_spot

me = require("view")
head("地図")
now = services().clock.now()
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))
    needs = points(reader, operation.id, activity_day(now)) if operation else []
    teams = teams_out(reader, operation.id, now) if operation else []
if operation is None:
    st.info("対応中の災害がありません。")
    st.stop()


def _filtered() -> list[Point]:
    with st.expander("しぼりこみ"):
        states = st.multiselect(
            "状態",
            STATES["need"],
            format_func=lambda code: text(f"map.state.need.{code}"),
            key="map-states",
            placeholder="すべての状態",
        )
        left, right = st.columns(2)
        priorities = left.multiselect(
            "優先度",
            list(Priority),
            format_func=lambda code: text(f"need.priority.{code}"),
            key="map-priorities",
            placeholder="すべて",
        )
        hazards = right.multiselect(
            "応急危険度判定",
            ["red", "yellow", "green", "ungraded"],
            format_func=lambda code: text(f"map.hazard.{code}"),
            key="map-hazards",
            placeholder="すべて",
        )
        today = st.checkbox("きょう訪問があるものだけ", key="map-today")
    return [
        point
        for point in needs
        if (not states or need_points.state_of(point) in states)
        and (not priorities or point.priority in priorities)
        and (not hazards or need_points.hazard_of(point) in hazards)
        and (not today or point.visits_today)
    ]


shown = _filtered()
st.write(f"ニーズ {len(shown)}件（位置のあるもの {len(needs)}件）　出ている班 {len(teams)}")
chosen = st.session_state.get("_spot")
tapped = desk_map.show("needs-map", need_points.features(shown, teams), chosen=chosen)
if tapped is not None and tapped.kind in ("need", "team") and tapped.id:
    st.session_state["_spot"] = tapped.id
    st.rerun()
if not need_points.center():
    st.caption("センターの場所が「社協の表」でまだ未確認のため、地図にセンターの印はありません。")
lost = [team for team in teams if team.lat is None]
for team in lost:
    st.warning(f"{team.number}班は、位置のないニーズ N-{team.need_number:03d} に出ています。")
team = next((team for team in teams if str(team.team_id) == chosen), None)
if team is not None:
    need_spot.team(me, team)
elif chosen not in (None, "center"):
    need_spot.show(me, uuid.UUID(chosen))
else:
    st.caption("印を押すと、そのニーズや班の様子が、ここに出ます。")
