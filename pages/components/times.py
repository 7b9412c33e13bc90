"""時刻を直す: a wrong time of the day is put right, or said never to have happened; the old entry stays."""

from datetime import date, datetime, time

import streamlit as st

from dvc_core.bootstrap import TOKYO
from dvc_core.commands.attendance import CorrectTime
from dvc_core.commands.base import AsRead
from dvc_core.domain.attendance import NAMES, Act, Attendance
from dvc_core.i18n import text
from dvc_core.queries.reception import Found
from pages._read import drawn_row
from pages._shell import local, run


def correct(found: Found, today: date) -> None:
    """For the times that the day has: a new one, or none."""
    row, day = found.volunteer, found.attendance
    if day is None:
        st.write("きょうの記録がまだありません。")
        return
    known = {act: getattr(day, f"{name}_at") for act, name in NAMES.items()}
    written = [act for act in Act if known[act] is not None]
    seen = drawn_row(day)
    with st.form(f"time-{row.id}", border=False):
        which, at, never = st.columns([2, 2, 3], vertical_alignment="bottom")
        act = which.selectbox("どの時刻", written, format_func=lambda act: _named(act, known[act]))
        clock = at.time_input("正しい時刻", None, key=f"time-at-{row.id}", step=60)
        gone = never.checkbox("なかったことにする（もとの記録は残ります）", key=f"time-no-{row.id}")
        if st.form_submit_button("時刻を直す"):
            _send(day, act, None if gone else clock, gone=gone, today=today, seen=seen)


def _send(
    day: Attendance, act: Act | None, clock: time | None, *, gone: bool, today: date, seen: tuple[AsRead, ...]
) -> None:
    if act is None or (clock is None and not gone):
        st.error("正しい時刻を入れるか、「なかったことにする」に印をつけてください。")
        return
    corrected = None if clock is None else datetime.combine(today, clock, TOKYO)
    command = CorrectTime(volunteer_id=day.volunteer_id, day=today, act=act, corrected=corrected)
    run(command, key=f"time-{day.id}", done="時刻を直しました。もとの記録は残っています。", seen=seen)
    st.rerun()


def _named(act: Act, at: datetime) -> str:
    return f"{text(f'act.{act}')}（{local(at, '%H:%M')}）"
