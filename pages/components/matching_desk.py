"""マッチングの画面の部品: 提案、手で組む、決まった班."""

import uuid
from datetime import date

import streamlit as st

from dvc_core.commands.team import Confirm, Dissolve
from dvc_core.matching.model import Plan
from dvc_core.matching.words import words
from dvc_core.queries.teams import Ready, TeamLine
from pages._read import drawn_row
from pages._shell import run
from pages.components import matching_day

CONFIRMED = "班を確定しました。指示書は「送り出し・帰着」で印刷します。"
STATUS = {
    "greedy": "すぐ出した案",
    "feasible": "よりよい案",
    "optimal": "これ以上よくならない案",
}


def plan(found: Plan, now: Ready, day: date, called: dict[str, str]) -> None:
    """A proposal: team by team with its reasons, each confirmed by a person; what is missing; who is idle."""
    st.caption(f"{STATUS[found.status]}　差 {found.gap:.1%}　{found.seconds:.1f} 秒")
    people = {str(row.id): row for row in now.people}
    open_visits = {str(visit.id) for visit in now.visits}
    for team in found.teams:
        if team.visit_id not in open_visits or not set(team.member_ids) <= set(people):
            continue  # confirmed meanwhile, or someone of it was taken elsewhere
        with st.container(border=True):
            listed = "、".join(f"{people[m].number:03d}" for m in team.member_ids)
            leader = people[team.leader_id].number
            st.markdown(
                f"**{matching_day.title(now, team.visit_id, day)}**　リーダー {leader:03d}　／　{listed}"
            )
            st.caption("　".join(words(reason, called) for reason in team.reasons))
            tools = "、".join(f"{called.get(code, code)} {count}" for code, count in team.tools.items())
            if tools:
                st.caption(f"資機材：{tools}")
            if st.button("この班を確定する", key=f"confirm-{team.visit_id}", type="primary"):
                command = Confirm(
                    visit_id=uuid.UUID(team.visit_id),
                    leader_id=uuid.UUID(team.leader_id),
                    member_ids=tuple(uuid.UUID(m) for m in team.member_ids),
                    tools=dict(team.tools),
                )
                run(
                    command,
                    key=f"confirm-{team.visit_id}",
                    done=CONFIRMED,
                )
                st.rerun()
    for left in (each for each in found.unserved if each.visit_id in open_visits):
        st.warning(
            f"{matching_day.title(now, left.visit_id, day)}："
            + "　".join(words(reason, called) for reason in left.missing)
        )
    idle = [
        f"{people[each.person_id].number:03d}：{words(each.reason, called)}"
        for each in found.idle
        if each.person_id in people
    ]
    if idle:
        with st.expander(f"組に入っていない人（{len(idle)} 人）と、その理由"):
            st.text("\n".join(idle))


def by_hand(now: Ready, day: date, called: dict[str, str]) -> None:
    """A team put together by a person."""
    visits = {str(visit.id): visit for visit in now.visits}
    if not visits:
        st.write("この日に、班を待っている訪問はありません。")
        return
    label = {str(row.id): f"{row.number:03d} {now.names.get(row.id, '')}" for row in now.people}
    with st.form("hand", border=False):
        visit = st.selectbox("訪問", list(visits), format_func=lambda v: matching_day.title(now, v, day))
        members = st.multiselect(
            "班の人", list(label), format_func=label.__getitem__, placeholder="番号や名前で選ぶ"
        )
        leader = st.selectbox("リーダー", list(label), format_func=label.__getitem__)
        chosen = st.multiselect(
            "資機材", [t.code for t in now.tools], format_func=lambda c: called.get(c, c), placeholder="選ぶ"
        )
        reason = st.text_input("決まりから外れるときの理由", max_chars=200)
        if st.form_submit_button("班を確定する", type="primary") and leader:
            people = tuple(dict.fromkeys([uuid.UUID(leader), *(uuid.UUID(m) for m in members)]))
            command = Confirm(
                visit_id=visits[visit].id,
                leader_id=uuid.UUID(leader),
                member_ids=people,
                tools=dict.fromkeys(chosen, 1),
                reason=reason,
            )
            run(command, key="hand", done=CONFIRMED)
            st.rerun()


def made(line: TeamLine) -> None:
    """One team of the day, taken apart while it is here."""
    number, seen = line.need.number if line.need else 0, drawn_row(line.team)
    people = "、".join(f"{m.number:03d}" for m in line.members)
    state = "解いた" if line.team.dissolved_at else "出発" if line.team.departed_at else "待機"
    left, right = st.columns([4, 1])
    order = f"指示書 W-{line.team.order_number:04d}"
    left.markdown(f"**班 {line.team.number}**　N-{number:03d}　{people}　｜　{state}　{order}")
    here = line.team.dissolved_at is None and line.team.departed_at is None
    if here and right.button("解く", key=f"dissolve-{line.team.id}", use_container_width=True):
        run(
            Dissolve(team_id=line.team.id),
            key=f"dissolve-{line.team.id}",
            done=f"班 {line.team.number} を解きました。指示書は無効です。",
            seen=seen,
        )
        st.rerun()
