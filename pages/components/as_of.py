"""ふりかえり: ある時刻に、だれがいて、だれが出ていたか。その時の知識と、訂正したあとの事実を並べる."""

from datetime import date, datetime, time

import streamlit as st

from dvc_core import forms
from dvc_core.access.sessions import Who
from dvc_core.bootstrap import TOKYO
from dvc_core.domain.operation import Operation, current
from dvc_core.forms.records import AsOfLine, AsOfSheet
from dvc_core.queries.asof import AsOf, Moment, of_day
from dvc_core.queries.chronology import Head
from pages._shell import local, services

KNOWN, WAS = "その時 分かっていたこと", "ほんとうのこと（訂正のあと）"
TIMES = {"arrived_at": "来た", "departed_at": "出た", "returned_at": "もどった", "left_at": "帰った"}


def show(me: Who, top: Head) -> None:
    """Choose a moment; both views of it; the paper."""
    now = services().clock.now().astimezone(TOKYO)
    left, right, _ = st.columns([2, 2, 3])
    day = left.date_input("日", now.date(), max_value=now.date(), key="as-of-day")
    clock = right.time_input("時刻", now.time().replace(second=0, microsecond=0), key="as-of-time", step=60)
    with services().reader() as reader:
        operation = current(reader.find(Operation, closed_at=None)) or current(reader.find(Operation))
        if operation is None or not isinstance(day, date) or not isinstance(clock, time):
            st.write("対応した災害の記録がありません。")
            return
        found = of_day(reader, operation.id, day, datetime.combine(day, clock, TOKYO))
    rows = [f"| {name} | **{known}** | **{was}** |" for name, known, was in _sums(found)]
    st.markdown(f"| 人数 | {KNOWN} | {WAS} |\n|---|---:|---:|\n" + "\n".join(rows))
    st.caption(f"この日の訂正 {found.corrected} 件、10分より後に書いた記録 {found.late} 件")
    if found.differing:
        lines = [
            f"| {each.number:03d} | {_words(each.known)} | {_words(each.was)} |" for each in found.differing
        ]
        st.markdown(f"| 受付番号 | {KNOWN} | {WAS} |\n|---|---|---|\n" + "\n".join(lines))
    else:
        st.write("ちがいのある人はいません。")
    if st.button("ふりかえりを印刷する（PDF）"):
        made = forms.render("as_of", _sheet(me, found, top))
        st.download_button("PDFを開く", made, "as-of.pdf", "application/pdf", on_click="ignore")


def _sums(found: AsOf) -> tuple[tuple[str, str, str], ...]:
    names = {"came": "来た人", "here": "センターにいた人", "out": "出ていた人"}
    return tuple(
        (words, f"{getattr(found.known, name)} 人", f"{getattr(found.was, name)} 人")
        for name, words in names.items()
    )


def _words(moment: Moment) -> str:
    said = [
        f"{words} {local(getattr(moment, name), '%H:%M')}"
        for name, words in TIMES.items()
        if getattr(moment, name) is not None
    ]
    return "・".join(said) or "来ていない"


def _sheet(me: Who, found: AsOf, top: Head) -> AsOfSheet:
    return AsOfSheet(
        council=services().council_name,
        printed_at=services().clock.now().replace(microsecond=0),
        printed_by=me.name,
        drill=services().drill,
        serial=f"A-{top.seq:06d}",
        at=found.at,
        sums=tuple(AsOfLine(number=name, known=known, was=was) for name, known, was in _sums(found)),
        corrected=found.corrected,
        late=found.late,
        head_seq=top.seq,
        head_hash=top.hash,
        lines=tuple(
            AsOfLine(number=f"{each.number:03d}", known=_words(each.known), was=_words(each.was))
            for each in found.differing
        ),
    )
