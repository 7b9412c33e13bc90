"""クロノロジーを紙に: ぜんぶ、または一日。多いときは部に分け、なにも落とさない."""

from datetime import date

import streamlit as st

from dvc_core import forms
from dvc_core.domain.operation import Operation, current
from dvc_core.forms.records import Chronology, ChronologyRow
from dvc_core.i18n import text
from dvc_core.queries import chronology
from dvc_core.queries.chronology import Head, Part
from pages._shell import services

PRINTED = 2000
"""Entries on one print, about eighty pages: what a desk printer takes and a person still leafs through."""

SOURCES = ("qr", "kiosk", "desk", "paper", "import", "rule", "inject", "cli")


def show(topic: str | None, top: Head, *, quiet: bool, called: dict[str, str], printed_by: str) -> None:
    """Which days, which part, and the sheet."""
    with services().reader() as reader:
        known = chronology.days(reader)
    range_, which, make = st.columns([2, 2, 2], vertical_alignment="bottom")
    day = range_.selectbox(
        "印刷する日", [None, *reversed(known)], format_func=lambda d: f"{d:%m/%d}" if d else "すべての日"
    )
    with services().reader() as reader:
        parts = chronology.parts(reader, PRINTED, topic=topic, quiet=quiet, day=day)
    if not parts:
        st.caption("この日としぼりこみに当てはまる記録はありません。")
        return
    chosen = 1
    if len(parts) > 1:
        total = sum(part.count for part in parts)
        chosen = which.selectbox(
            "印刷する部",
            range(1, len(parts) + 1),
            format_func=lambda n: f"{n}／{len(parts)} 部（{parts[n - 1].first}〜{parts[n - 1].last} 番）",
        )
        st.warning(
            f"{total:,} 件あります。一度に印刷できるのは {PRINTED:,} 件まで。{len(parts)} 部に分けるので、"
            "部を順に選んで、すべて印刷してください。"
        )
    if make.button("印刷する紙を作る（PDF）", use_container_width=True):
        filters = [text(f"topic.{topic}")] if topic else []
        filters += [f"{day:%Y/%m/%d}"] if day else []
        filters += [f"{chosen}／{len(parts)} 部"] if len(parts) > 1 else []
        made = _sheet(
            parts[chosen - 1],
            top,
            topic,
            day,
            tuple(filters),
            quiet=quiet,
            called=called,
            printed_by=printed_by,
        )
        name = f"chronology-{top.seq}-{chosen}.pdf"
        st.download_button("PDFを開く", made, name, "application/pdf", on_click="ignore")


def _sheet(
    part: Part,
    top: Head,
    topic: str | None,
    day: date | None,
    filters: tuple[str, ...],
    *,
    quiet: bool,
    called: dict[str, str],
    printed_by: str,
) -> bytes:
    with services().reader() as reader:
        found = chronology.lines(
            reader,
            before=part.last + 1,
            limit=part.count,
            topic=topic,
            quiet=quiet,
            day=day,
            called=called,
        )
        corrected = chronology.corrections(reader, [line.entry_id for line in found])
        # A center that has closed prints its chronology too: its operation is the last one that there was.
        operation = current(reader.find(Operation, closed_at=None)) or current(reader.find(Operation))
    rows = tuple(
        ChronologyRow(
            seq=line.seq,
            occurred_at=line.occurred_at.replace(microsecond=0),
            recorded_at=line.recorded_at.replace(microsecond=0),
            section=line.actor,
            source=line.source if line.source in SOURCES else "desk",
            words=line.words
            + (f"　【訂正】{corrected[line.entry_id]}" if line.entry_id in corrected else ""),
        )
        for line in reversed(found)
    )
    sheet = Chronology(
        council=services().council_name,
        printed_at=services().clock.now().replace(microsecond=0),
        printed_by=printed_by,
        drill=services().drill,
        serial=f"K-{top.seq:06d}",
        operation=text(f"disaster.{operation.disaster}") if operation else "平時",
        filters=filters,
        entries=top.seq,
        head_seq=top.seq,
        head_hash=top.hash,
        rows=rows,
    )
    return forms.render("chronology", sheet)
