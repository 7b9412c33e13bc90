"""予定電話: one list for two telephones — take the next household, hear, note, and only then the next one."""

import uuid
from datetime import date, timedelta

import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.commands.calling import MOST_LISTED, Release, Take
from dvc_core.domain.calling import CallPurpose
from dvc_core.domain.day import activity_day
from dvc_core.i18n import text
from dvc_core.queries.calls import ToCall, counts, mine, to_call
from dvc_core.queries.need_lines import NeedLine
from pages._shell import local, run, services
from pages.components import call_answer, call_paper, lined
from pages.components.lined import Cell
from pages.components.need_visits import named

SHOWN = 30
EVERY = date.min


def show(me: Who, operation_id: uuid.UUID) -> None:
    """What is called about, the household in hand, and who comes next."""
    now = services().clock.now()
    with services().reader() as reader:
        waiting = counts(reader, operation_id, now)
        held = mine(reader, operation_id, str(me.account_id), now)
    purpose = _purpose(waiting)
    day = _day(purpose, activity_day(now))
    with services().reader() as reader:
        found = to_call(reader, operation_id, purpose, now, day)
    if held is not None:
        _in_hand(held, found, purpose)
    else:
        _next(found, purpose)
    _list(found)
    call_paper.show(me, purpose, found)


def _purpose(waiting: dict[str, int]) -> CallPurpose:
    chosen = st.pills(
        "なんの電話ですか",
        list(CallPurpose),
        default=CallPurpose.VISIT,
        format_func=lambda each: (
            text(f"call.purpose.{each}") + (f"　{waiting[each]}" if each.value in waiting else "")
        ),
        key="calls-purpose",
        required=True,
    )
    return chosen or CallPurpose.VISIT


def _day(purpose: CallPurpose, today: date) -> date | None:
    """前日確認 is of one day; 訪問の了承 of every day unless one is chosen."""
    if purpose not in (CallPurpose.EVE, CallPurpose.VISIT):
        return None
    eve = purpose is CallPurpose.EVE
    days = [today + timedelta(days=n) for n in range(1 if eve else 0, 15)]
    if not eve:
        days.insert(0, EVERY)
    chosen = st.selectbox(
        "訪問の日",
        days,
        format_func=lambda each: "すべての日" if each == EVERY else named(each),
        key=f"calls-day-{purpose}",
    )
    return None if chosen == EVERY else chosen


def _next(found: list[ToCall], purpose: CallPurpose) -> None:
    ready = [each for each in found if not each.later]
    st.caption(text(f"call.ask.{purpose}"))
    if not found:
        st.success("この電話は、いま全部終わっています。")
        return
    if st.button("つぎの家にかける", type="primary", key="calls-next", use_container_width=True):
        ids = [each.line.need.id for each in (ready or found)[:MOST_LISTED]]
        run(Take(need_ids=tuple(ids)), key="calls-take", done="この家にかけてください。")
        st.rerun()


def _in_hand(held: NeedLine, found: list[ToCall], purpose: CallPurpose) -> None:
    each = next((one for one in found if one.line.need.id == held.need.id), None)
    with st.container(border=True, key="call-in-hand"):
        call_answer.who(held, each)
        if each is None:
            st.info(
                "この家は、いまの一覧にはありません。かけた電話の種類を選ぶか、かけずにもどしてください。"
            )
        else:
            call_answer.form(each, purpose)
        if st.button("かけずにもどす", key=f"back-{held.need.id}"):
            done = f"N-{held.need.number:03d} を一覧にもどしました。"
            run(Release(need_id=held.need.id), key=f"calls-back-{held.need.id}", done=done)
            st.rerun()


def _list(found: list[ToCall]) -> None:
    st.markdown(f"**のこり {len(found)} 件**")
    if found:
        lined.show(("番号・氏名", "電話", "予定", "これまで"), (_row(each) for each in found[:SHOWN]))
    if len(found) > SHOWN:
        st.caption(f"はじめの {SHOWN} 件です。")


def _row(each: ToCall) -> tuple[Cell, ...]:
    need, site, call = each.line.need, each.line.site, each.calling
    about = "、".join(f"{v.day:%m/%d} {text(f'visit.band.{v.band}')}" for v in each.visits)
    tried = f"{call.tries}回つながらない" if call and call.tries else ""
    if each.later and call and call.again_at:
        tried = f"{local(call.again_at, '%m/%d %H:%M')} にかけなおす"
    return (
        Cell(f"N-{need.number:03d}", strong=site.name, small=site.town),
        Cell(site.phone, small=site.contact_time),
        Cell(about or text(f"need.priority.{need.priority}")),
        Cell(tried, strong=f"{each.holder} が電話中" if each.holder else ""),
    )
