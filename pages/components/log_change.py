"""総務ログの書き足し: 期限、折り返し、種類、物資の数、お金. 二人めには、先の人の変えたところを見せる."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

import msgspec
import streamlit as st

from dvc_core.access.sessions import Who
from dvc_core.bootstrap import TOKYO
from dvc_core.commands.desk_log import Change
from dvc_core.domain.desk_log import (
    DeskCaller,
    DeskEntry,
    Details,
    Direction,
    Gift,
    LogKind,
    Texts,
    details_of,
)
from dvc_core.i18n import text
from dvc_core.queries.desk_log import WholeEntry
from pages._shell import local, run, services
from pages.components import meanwhile

SHOWN = ("kind", "due_at", "call_back", "direction", "quantity", "gift", "amount", "receipt")
CODES = {"kind": "log-kind", "direction": "direction", "gift": "gift"}
DAY = timedelta(days=1)
KEEP, NO_DUE, BY_CLOCK, CHOOSE = "いまのまま", "期限なし", "日と時刻で", "（えらぶ）"


def _slot(row: DeskEntry) -> str:
    return f"_log_read_{row.id}"


def forget(row: DeskEntry) -> None:
    """The entry was closed."""
    meanwhile.forget(_slot(row))


def show(me: Who, whole: WholeEntry) -> None:  # noqa: ARG001 - every part of a page is told who asks
    """Behind one tap: one line was enough at first."""
    now = whole.line.row
    words = "書き足す・直す（期限、折り返し、数、金額）"
    box = st.expander(words, key=f"log-change-{now.id}", on_change="rerun")
    if not box.open:
        return
    with box:
        known = meanwhile.read(_slot(now), now, whole, shown(whole))
        row, opened = now, known.content
        with st.form(f"log-fields-{row.id}", border=False):
            details, texts, caller = _fields(opened.line.row, opened)
            saving = st.form_submit_button("保存する", type="primary")
        if saving:
            made = run(
                Change(entry_id=row.id, details=details, texts=texts, caller=caller),
                key=f"log-change-{row.id}",
                done="書き足しました。",
                seen=meanwhile.seen(known.row),
            )
            if made.stored:
                forget(row)
            st.rerun()
        meanwhile.told(_slot(row), known, now, shown(whole))


def shown(whole: WholeEntry) -> dict[str, str]:
    """What the form shows, in words, by the names of the fields."""
    facts: dict[str, object] = {
        **{name: getattr(whole.line.row, name) for name in SHOWN},
        **{
            name: getattr(whole.line.caller, name) for name in ("who", "phone", "item", "unit", "answered_by")
        },
        "line": whole.texts.line,
    }
    return {text(f"log.field.{name}"): _words(name, value) for name, value in facts.items()}


def _words(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, datetime):
        return local(value)
    if isinstance(value, StrEnum):
        return text(f"value.{CODES[name]}.{value}")
    return "" if value is None else str(value)


def _dues(now: datetime) -> dict[str, datetime]:
    """Until when, as people say it on the telephone."""
    day = now.astimezone(TOKYO).date()
    evening, morning = (datetime.combine(at, time(hour), TOKYO) for at, hour in ((day, 17), (day + DAY, 9)))
    said = {"30分のうち": now + timedelta(minutes=30), "2時間のうち": now + timedelta(hours=2)}
    return said | ({"きょう17時": evening} if evening > now else {}) | {"あす9時": morning}


def _due(row: DeskEntry) -> datetime | None:
    """The due time: a usual one by one choice, or a day and a time."""
    quick = _dues(services().clock.now())
    known = row.due_at.astimezone(TOKYO) if row.due_at else None
    which, at_day, at_time = st.columns(3)
    chosen = which.selectbox("期限", [KEEP, NO_DUE, *quick, BY_CLOCK])
    day = at_day.date_input(f"日（「{BY_CLOCK}」のとき）", known.date() if known else None)
    clock = at_time.time_input("時刻", known.time() if known else None)
    if chosen == KEEP:
        return row.due_at
    if chosen == BY_CLOCK and day is not None and clock is not None:
        return datetime.combine(day, clock, TOKYO)
    return quick.get(chosen)


def _fields(row: DeskEntry, whole: WholeEntry) -> tuple[Details, Texts, DeskCaller]:
    caller, texts = whole.line.caller, whole.texts
    left, right = st.columns(2)
    sort = left.selectbox(
        "種類",
        list(LogKind),
        index=list(LogKind).index(row.kind),
        format_func=lambda code: text(f"value.log-kind.{code}"),
    )
    right.html("<br>")
    back = right.checkbox("折り返す約束をした", row.call_back)
    line = st.text_area("聞いたこと", texts.line, max_chars=2000, height=80)
    left, right = st.columns(2)
    who = left.text_input("相手", caller.who, max_chars=80)
    phone = right.text_input("電話", caller.phone, max_chars=20)
    due = _due(row)
    said, named = _of_kind(row, caller)
    details = msgspec.structs.replace(details_of(row), kind=sort, call_back=back, due_at=due, **said)
    filled = msgspec.structs.replace(caller, who=who, phone=phone, **named)
    return details, Texts(line=line, answer=texts.answer), filled


def _of_kind(row: DeskEntry, caller: DeskCaller) -> tuple[dict[str, Any], dict[str, str]]:
    """What only goods, money and the press have."""
    left, right = st.columns(2)
    if row.kind is LogKind.GOODS:
        direction = left.selectbox(
            "受け取り・渡し",
            [None, *Direction],
            index=[None, *Direction].index(row.direction),
            format_func=lambda code: text(f"value.direction.{code}") if code else CHOOSE,
        )
        item = right.text_input("品目", caller.item, max_chars=80)
        quantity = left.number_input("数", 0, None, row.quantity)
        unit = right.text_input("単位", caller.unit, max_chars=20)
        return {"direction": direction, "quantity": quantity or None}, {"item": item, "unit": unit}
    if row.kind is LogKind.MONEY:
        gift = left.selectbox(
            "お金の種類",
            [None, *Gift],
            index=[None, *Gift].index(row.gift),
            format_func=lambda code: text(f"value.gift.{code}") if code else CHOOSE,
        )
        amount = right.number_input("金額（円）", 0, None, row.amount)
        receipt = left.checkbox("領収書を渡した", bool(row.receipt))
        return {"gift": gift, "amount": amount or None, "receipt": receipt}, {}
    if row.kind is LogKind.PRESS:
        return {}, {"answered_by": left.text_input("答えた人", caller.answered_by, max_chars=80)}
    return {}, {}
