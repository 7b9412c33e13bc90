"""きょうの物資とお金: 品目ごとの受け取りと払い出し、義援金と活動支援金をまぜずに."""

import uuid
from datetime import date

import streamlit as st

from dvc_core.i18n import text
from dvc_core.queries.desk_log import sums
from pages._shell import services
from pages.components.plain import plain


def show(operation_id: uuid.UUID, today: date) -> None:
    """The sums of one day."""
    day = st.date_input("活動日", today, max_value=today, key="log-day")
    with services().reader() as reader:
        found = sums(reader, operation_id, day if isinstance(day, date) else today)
    if not found.goods and not found.money:
        st.write("この日の物資とお金の記録はありません。")
    if found.goods:
        rows = [
            f"| {plain(line.item)} | {text(f'value.direction.{line.direction}')} | "
            f"{line.quantity:,} {plain(line.unit)} | {line.entries} |"
            for line in found.goods
        ]
        st.markdown("| 品目 | | 数 | 件 |\n|---|---|---:|---:|\n" + "\n".join(rows))
    if found.money:
        rows = [
            f"| {text(f'value.gift.{line.gift}')} | {line.amount:,} 円 | {line.entries} | "
            f"{line.without_receipt or ''} |"
            for line in found.money
        ]
        st.markdown("| お金 | 合計 | 件 | 領収書がまだ |\n|---|---:|---:|---:|\n" + "\n".join(rows))
