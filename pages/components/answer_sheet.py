"""回答一覧: 総務が日と数を決め、電話に出るどの机でも同じ答えを見る。電話のそばに置く紙にもなる."""

import uuid
from datetime import date, timedelta

import streamlit as st

from dvc_core import forms
from dvc_core.access.sessions import Who
from dvc_core.commands.answers import Say
from dvc_core.domain.answers import MOST_PLACES, AnswersNow, Said
from dvc_core.domain.day import activity_day
from dvc_core.domain.operation import Operation, current
from dvc_core.forms.records import AnswerLine, AnswerSheet
from dvc_core.manual.answers import read_answers
from dvc_core.queries.answers import AnswerFacts, facts
from pages._shell import run, services
from pages.components import meanwhile
from pages.components.plain import plain

SLOT = "_answers_read"
WEEKDAYS = "月火水木金土日"
UNKNOWN = "（まだ決まっていません。確かめて折り返します）"


def at_desk() -> None:
    """One tap at every desk that answers the telephone."""
    box = st.expander("回答一覧（問い合わせに同じ答えを）", key="answers", on_change="rerun")
    if not box.open:
        return
    with box:
        with services().reader() as reader:
            operation = current(reader.find(Operation, closed_at=None))
        if operation is None:
            st.write("対応中の災害がありません。")
            return
        _table(_facts(operation.id))


def _facts(operation_id: uuid.UUID) -> AnswerFacts:
    with services().reader() as reader:
        return facts(reader, operation_id, activity_day(services().clock.now()))


def _said(found: AnswerFacts) -> dict[str, str]:
    now = found.now
    hours = UNKNOWN
    if now.from_time is not None and now.to_time is not None:
        hours = f"{now.from_time:%H:%M}〜{now.to_time:%H:%M}"
    return {
        "day": f"{now.next_day:%m月%d日}（{WEEKDAYS[now.next_day.weekday()]}）" if now.next_day else UNKNOWN,
        "hours": hours,
        "places": "定員なし" if found.places is None else f"あと {found.places} 人",
    }


def _table(found: AnswerFacts) -> None:
    said, answers = _said(found), read_answers()
    if answers.broken:
        st.error("回答一覧のファイル（data/reference/answers.toml）が読めません。管理者に知らせてください。")
    marks = {True: "", False: "　:gray-badge[未確認]"}
    rows = [
        f"| **{plain(each.question)}** | {plain(each.said(said))}{marks[each.confirmed]} |"
        for each in answers.items
    ]
    if rows:
        st.markdown("| 聞かれること | 答え |\n|---|---|\n" + "\n".join(rows))


def edit(me: Who, operation_id: uuid.UUID) -> None:
    """What is said today, set by 総務; the sheet; its print."""
    found = _facts(operation_id)
    known = meanwhile.read(SLOT, found.now, found.now, _said(found))
    read: AnswersNow = known.content
    today = activity_day(services().clock.now())
    with st.form("answers-say", border=False):
        day, begins, ends, many = st.columns(4)
        chosen = day.date_input("次の活動日", read.next_day, min_value=min(today, read.next_day or today))
        first = begins.time_input("受付のはじめ", read.from_time, step=timedelta(minutes=15))
        last = ends.time_input("受付のおわり", read.to_time, step=timedelta(minutes=15))
        places = many.number_input("あと何人（空＝数える）", 0, MOST_PLACES, read.places)
        if st.form_submit_button("この答えにする", type="primary"):
            said = Said(
                next_day=chosen if isinstance(chosen, date) else None,
                from_time=first,
                to_time=last,
                places=int(places) if places is not None else None,
            )
            made = run(
                Say(said=said),
                key="answers-say",
                done="みんなの回答一覧を直しました。",
                seen=meanwhile.seen(known.row),
            )
            if made.stored:
                meanwhile.forget(SLOT)
            st.rerun()
    meanwhile.told(SLOT, known, found.now, _said(found))
    _table(found)
    _print(me, found)


def _print(me: Who, found: AnswerFacts) -> None:
    if not st.button("電話のそばに置く紙を作る（PDF）"):
        return
    now, said = services().clock.now().replace(microsecond=0), _said(found)
    sheet = AnswerSheet(
        council=services().council_name,
        printed_at=now,
        printed_by=me.name,
        drill=services().drill,
        serial=f"Q-{now:%m%d-%H%M}",
        lines=tuple(
            AnswerLine(question=each.question, answer=each.said(said), unconfirmed=not each.confirmed)
            for each in read_answers().items
        ),
    )
    made = forms.render("answer_sheet", sheet)
    st.download_button("PDFを開く", made, "answers.pdf", "application/pdf", on_click="ignore")
