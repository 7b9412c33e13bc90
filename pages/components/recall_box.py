"""呼び戻し: teams that must leave a place that turned red, with the leader's telephone."""

import uuid
from datetime import datetime, time, timedelta

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.bootstrap import TOKYO
from dvc_core.commands.recall import CallBack
from dvc_core.domain.day import activity_day
from dvc_core.domain.recall import Reached, RecallReason
from dvc_core.i18n import text
from dvc_core.queries.recalls import RecallLine, count, stopped, waiting
from pages._shell import local, run, services
from pages.components.plain import plain

LONGEST = 300


def show(me: Who, operation_id: uuid.UUID) -> None:
    """Names and telephones for whoever may send teams out; a number for everyone else."""
    found = services()
    if not found.roles.may(me.roles, "dispatch"):
        with found.reader() as reader:
            open_ = count(reader, operation_id)
        if open_.teams:
            st.error(
                f"**呼び戻す班が {open_.teams} 班あります**（{local(open_.since)} から）。統括が電話します。"
            )
        return
    with found.reader() as reader:
        lines = waiting(reader, operation_id)
    for line in lines:
        _one(line)


def stopped_today(operation_id: uuid.UUID) -> None:
    """Today's visits that stand still, and whether a team waits for one."""
    found = services()
    with found.reader() as reader:
        still = stopped(reader, operation_id, activity_day(found.clock.now()))
    if still.visits:
        teams = f"そのうち {still.with_team} 件は、班が待っています。" if still.with_team else ""
        st.warning(f"安全ゲートで止まっているきょうの訪問が {still.visits} 件あります。{teams}")


def _one(line: RecallLine) -> None:
    number, since = line.team.number, local(line.recall.raised_at, "%H:%M")
    tries = f"（電話 {line.recall.calls} 回、つながらない）" if line.recall.calls else ""
    why = f"「立ち入り：{text(f'value.gate.{line.need.gate}')}」になりました"
    if line.recall.why is RecallReason.RESIDENT:
        why = "取りやめになりました（依頼者）"
    st.error(
        f"**班 {number} を呼び戻す**　N-{line.need.number:03d} が {since} に{why}。{tries}"
        f"リーダー **{plain(line.leader)}　{plain(line.phone)}**"
    )
    key = f"recall-{line.recall.id}"
    with st.form(key, border=False):
        answer, at, said = st.columns([2, 1, 2], vertical_alignment="bottom")
        reached = answer.radio(
            "電話の結果",
            list(Reached),
            index=None,
            format_func=lambda code: text(f"value.reached.{code}"),
            key=f"{key}-answer",
        )
        now = services().clock.now()
        moment = now.astimezone(TOKYO).time().replace(second=0, microsecond=0)
        clock = at.time_input("電話した時刻", moment, key=f"{key}-at", step=60)
        words = said.text_input("話したこと", key=f"{key}-words", max_chars=LONGEST)
        if st.form_submit_button(f"班 {number} への電話を記録する", type="primary"):
            if reached is None:
                st.warning("電話の結果を選んでください。")
                return
            command = CallBack(team_id=line.team.id, reached=reached, words=words)
            run(command, key=key, done=f"班 {number} への電話を記録しました。", occurred_at=last(now, clock))
            st.rerun()


def last(now: datetime, clock: time | None) -> datetime:
    """The last moment at which the clock showed this: today, or yesterday when that is still to come."""
    if clock is None:
        return now
    today = datetime.combine(now.astimezone(TOKYO).date(), clock, TOKYO)
    return min(today, now) if today <= now + timedelta(minutes=1) else today - timedelta(days=1)
