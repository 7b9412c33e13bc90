"""要確認: だれのものか分からない記録を、人が決める。何も消えない."""

import msgspec
import streamlit as st

from dvc_core.bootstrap import Services
from dvc_core.commands.attendance import Record
from dvc_core.commands.review import Settle
from dvc_core.domain.attendance import Act
from dvc_core.domain.operation import Operation, current
from dvc_core.domain.review import ReviewState
from dvc_core.domain.volunteer import Volunteer
from dvc_core.i18n import has_text, text
from dvc_core.queries.review import ReviewLine, open_reviews
from pages._shell import actor, head, local, require, run, services
from pages.components.plain import plain

SHOWN = 50

me = require("reception")
head("要確認")
ACTS = frozenset(act.value for act in Act)
with services().reader() as reader:
    waiting = open_reviews(reader)
    operation = current(reader.find(Operation, closed_at=None))


def _said(content: str) -> dict[str, object]:
    try:
        found = msgspec.json.decode(content)
    except msgspec.MsgspecError:
        return {}
    return found if isinstance(found, dict) else {}


def _place(station: str) -> str:
    kind, _, number = station.partition("-")
    if number and has_text(f"value.station.{kind}"):
        return text(f"value.station.{kind}", number=number)
    return text(f"value.source.{station}") if has_text(f"value.source.{station}") else plain(station)


def _attribute(found: Services, line: ReviewLine, number: int) -> None:
    """To the person of a number: the act is recorded at the time it happened, then the waiting is settled."""
    with found.reader() as opened:
        people = opened.find(Volunteer, operation_id=operation.id, number=number) if operation else []
    if len(people) != 1:
        st.error("その番号の人はいません。番号を確かめてください。")
        return
    act = str(_said(line.content).get("act") or "")
    key = f"attribute-{line.review.id}"
    if act in ACTS:
        found.do(
            Record(act=Act(act), volunteer_id=people[0].id),
            actor(me),
            occurred_at=line.review.raised_at,
            command_id=line.review.id,
        )
    settle = Settle(review_id=line.review.id, state=ReviewState.ATTRIBUTED, about=people[0].id)
    run(settle, key=key, done=f"{number:03d} 番の記録にしました。")
    st.rerun()


def _mended(line: ReviewLine) -> None:
    """What the program mended in its own store belongs to nobody: someone looks, and says what they saw."""
    st.text(line.content)
    looked = st.text_input(
        "確かめたこと（名前といっしょに残ります）", key=f"w-{line.review.id}", max_chars=200
    )
    if st.button("確かめた", key=f"k-{line.review.id}"):
        settle = Settle(review_id=line.review.id, state=ReviewState.KEPT_APART, words=looked)
        run(settle, key=f"keep-{line.review.id}", done="確かめたことを記録しました。")
        st.rerun()


st.write(
    f"{len(waiting)} 件あります。番号が分かれば結びつけ、分からなければ理由を書いて、別のものとして残します。"
)
for line in waiting[:SHOWN]:
    reason = f"scan.review.{line.review.reason}"
    words = text(reason) if has_text(reason) else text(f"review.{line.review.reason}")
    said = _said(line.content)
    with st.container(border=True):
        st.markdown(f"**{local(line.review.raised_at)}**　{_place(line.review.station)}　{words}")
        if has_text(f"mended.{line.review.reason}"):
            _mended(line)
            continue
        facts = ["操作：" + text(f"value.act.{said['act']}")] if said.get("act") in ACTS else []
        facts += [f"番号：{plain(str(said['number']))}"] if said.get("number") else []
        if facts:
            st.caption("　".join(facts))
        with st.expander("送られた中身"):
            st.code(line.content or "（なし）", language=None, wrap_lines=True)
        left, right = st.columns(2)
        number = left.number_input("この人の受付番号", 0, 99_999, 0, key=f"n-{line.review.id}")
        if left.button("この人の記録にする", key=f"a-{line.review.id}", disabled=number == 0):
            _attribute(services(), line, int(number))
        why = right.text_input("別のものとして残す理由", key=f"w-{line.review.id}", max_chars=200)
        if right.button("別のものとして残す", key=f"k-{line.review.id}"):
            settle = Settle(review_id=line.review.id, state=ReviewState.KEPT_APART, words=why)
            run(settle, key=f"keep-{line.review.id}", done="別のものとして残しました。")
            st.rerun()
