"""状況: はじめに見る画面。いまの段階と時計、人・ニーズ・班、次にすること."""

from collections import Counter

import streamlit as st

from dvc_core.bootstrap import TOKYO
from dvc_core.domain.day import activity_day
from dvc_core.domain.deadline import StepState
from dvc_core.domain.manual_run import RunKind
from dvc_core.domain.need import NeedState
from dvc_core.domain.operation import DECIDE_WITHIN, OpeningDecision, Operation, current, phase
from dvc_core.geo.councils import councils
from dvc_core.i18n import text
from dvc_core.manual.sections import read_sections
from dvc_core.queries import board, needs, reception, review, teams
from pages._look import bars, numbers
from pages._shell import head, local, require, services
from pages.components import log_mine, recall_box, review_list
from pages.components.plain import plain
from pages.components.run_progress import Progress, progress

DUE_SHOWN = 8

me = require("view")
head("状況")
now = services().clock.now()
today = activity_day(now)
with services().reader() as reader:
    operation = current(reader.find(Operation, closed_at=None))
    if operation is not None:
        day = reception.day_count(reader, operation.id, today)
        wanted = needs.counts(reader, operation.id)
        out = teams.out_now(reader, operation.id, now)
        waiting = review.kinds(reader)
        block = board.lines(reader, now)
        came = reception.arrivals(reader, operation.id, today)

if operation is None:
    st.info("いまは平時です。災害が起きたら「設置・運営の手順」で発災を記録します。")
    st.stop()


def _alarms() -> None:
    if wanted.crisis_open:
        st.error(
            f"**危機介入の兆しが {wanted.crisis_open} 件あります。** ニーズの画面で、すぐに確かめてください。"
        )
    if out.overdue:
        st.error(
            f"**帰着予定をすぎた班が {out.overdue} 班あります。** 「送り出し・帰着」で電話してください。"
        )
    if operation is not None and operation.decision in (None, OpeningDecision.CONSIDERING):
        left = operation.started_at + DECIDE_WITHIN - now
        hours = int(left.total_seconds() // 3600)
        words = (
            f"設置判断の目安まで、あと {hours} 時間です。"
            if hours >= 0
            else "設置判断が、発災から72時間をすぎています。"
        )
        st.warning(words)
    review_list.told(waiting, now)


def _due(run: Progress) -> None:
    names = {section.code: section for section in read_sections().items}
    order = {StepState.OVERDUE: 0, StepState.NOW: 1, StepState.NEXT: 2}
    mine = [s for s in run.standings if s.state in order]
    roles = me.roles - {"admin", "chief"}
    if roles:
        own = [s for s in mine if (c := names.get(s.step.section_code or "")) is not None and c.role in roles]
        mine = own or mine
    mine.sort(key=lambda s: (order[s.state or StepState.NEXT], s.due_at or now))
    rows = []
    for standing in mine[:DUE_SHOWN]:
        mark = {StepState.OVERDUE: ":red-badge[遅れ]", StepState.NOW: ":orange-badge[今]"}.get(
            standing.state or StepState.NEXT, ":blue-badge[次]"
        )
        what = plain(f"{standing.step.title}　{standing.step.section or ''}")
        rows.append(f"{mark} {what}　{local(standing.due_at)}")
    st.markdown("\n\n".join(rows) if rows else "いま期限の近い手順はありません。")


recall_box.show(me, operation.id)
recall_box.stopped_today(operation.id)
_alarms()
log_mine.waiting(me, operation.id)
run = progress(services(), operation, RunKind.CENTER)
steps = f"{run.settled} / {len(run.standings)}" if run else "まだ"
places = "定員なし" if day.places_left is None else day.places_left
numbers(
    (
        ("段階", text(f"phase.{phase(operation)}")),
        ("発災から", f"{int((now - operation.started_at).total_seconds() // 3600)} 時間"),
        ("手順", steps),
    ),
    (
        ("きょう来た人", day.arrived),
        ("受け入れ", day.admitted),
        ("のこりの枠", places),
        ("いまいる人", max(day.present - day.out, 0)),
        ("出ている人", f"{out.people_out}（{out.teams_out} 班）" if out.teams_out else out.people_out),
    ),
    (
        ("ニーズ のこり", wanted.remaining),
        ("うちマッチング可", wanted.states[NeedState.READY]),
        ("完了・見込み", wanted.done),
        ("引継の返事まち", wanted.referrals_open),
    ),
)
told = [line for line in block if line.council_code != services().council_id]
if told:
    cities = {council.code: council.city for council in councils().councils}
    words = [(cities.get(line.council_code, ""), text(f"map.state.council.{line.state}")) for line in told]
    st.caption("ブロック　" + "　".join(f"{city}：{state}" for city, state in words))
st.caption("[壁の画面を開く（大きな数字だけ、名前なし）](/wall/)")
left, right = st.columns(2)
with left:
    st.subheader("次にすること", anchor=False)
    if run is None or run.altered:
        st.write("手順がまだ始まっていません。「設置・運営の手順」で始めます。")
    else:
        _due(run)
with right:
    st.subheader("きょうの来所（時間ごと）", anchor=False)
    hours = Counter(moment.astimezone(TOKYO).hour for moment in came)
    if hours:
        bars([(f"{h:02d}時", hours[h]) for h in range(min(hours), max(hours) + 1)])
    else:
        st.write("きょうは、まだだれも来ていません。")
    st.subheader("ニーズの状態", anchor=False)
    bars([(text(f"value.need-state.{state}"), n) for state, n in wanted.states.items() if n])
