"""送り出し・帰着: 指示書、出発、連絡、一人ずつの帰着、報告、活動日を閉じる."""

import streamlit as st

from dvc_core.commands.dispatch import CloseDay
from dvc_core.domain.day import activity_day
from dvc_core.domain.operation import Operation, current
from dvc_core.queries.teams import teams
from pages._look import numbers
from pages._shell import head, require, run, services
from pages.components import lazy, recall_box, review_list, team_desk, team_report

me = require("dispatch")
head("送り出し・帰着")
now = services().clock.now()
today = activity_day(now)
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))
    lines = teams(reader, operation.id, today) if operation else []
if operation is None:
    st.info("対応中の災害がありません。「設置・運営の手順」で発災を記録してから始めます。")
    st.stop()

alive = [line for line in lines if line.team.dissolved_at is None]
waiting = [line for line in alive if line.team.departed_at is None]
out = [line for line in alive if line.team.out]
home = [line for line in alive if line.team.returned_at is not None]
overdue = [line for line in out if line.team.expected_return_at and line.team.expected_return_at < now]
unreported = [line for line in alive if line.team.departed_at and not line.team.reported_at]
numbers(
    (
        ("待機の班", len(waiting)),
        ("出ている班", len(out)),
        ("出ている人", sum(line.people_out for line in out)),
        ("未帰着", len(overdue)),
        ("報告まち", len(unreported)),
    )
)
with st.container():
    recall_box.show(me, operation.id)
    for late in sorted(overdue, key=lambda line: line.team.expected_return_at or now):
        team_desk.late(late, now)
review_list.waiting(me, "dispatch", "return")


def _waiting() -> None:
    if not waiting:
        st.write("待機の班はありません。班は「マッチング」で決めます。")
    if len(waiting) > 1:
        team_desk.orders(waiting, me.name)
    for each in waiting:
        team_desk.send(each, me)


def _out() -> None:
    if out:
        team_desk.out(out, now)
    else:
        st.write("出ている班はありません。")


def _reports() -> None:
    if unreported:
        team_report.choose(unreported)
    else:
        st.write("報告を待っている班はありません。")


def _close() -> None:
    with st.form("close-day", border=False):
        st.write(f"{today:%m/%d} の活動日を閉じます。もどっていない人がいるときは、閉じられません。")
        reason = st.text_input(
            "もどっていない人がいても閉じる理由（名前といっしょに残ります）", max_chars=300
        )
        if st.form_submit_button("活動日を閉じる"):
            done = f"{today:%m/%d} の活動日を閉じました。"
            run(CloseDay(day=today, reason=reason), key="close-day", done=done)
            st.rerun()


parts = {"送り出し": _waiting, "出ている班": _out, "報告": _reports, "活動日を閉じる": _close}
lazy.tabs("dispatch", parts, stay=parts)
