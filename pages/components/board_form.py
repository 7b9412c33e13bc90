"""The fields of one council's state, for reading the own one and for typing another's."""

from datetime import date
from enum import StrEnum
from typing import Any

import msgspec
import streamlit as st

from dvc_core.domain.board_facts import GROUPS, CouncilState, Help, Range, ReceptionMode, Told
from dvc_core.i18n import text

CHOICES: dict[str, tuple[type[StrEnum], str]] = {
    "state": (CouncilState, "map.state.council"),
    "range_people": (Range, "value.range"),
    "range_groups": (Range, "value.range"),
    "reception": (ReceptionMode, "value.reception-mode"),
    "help": (Help, "value.help"),
}
ACROSS = 3
DAYS = frozenset({"opened_on", "active_from", "closed_on", "next_rest"})


def fields(key: str, filled: Told) -> Told:
    """All items by their groups; what stays empty is not told."""
    said: dict[str, Any] = {}
    for group, items in GROUPS.items():
        st.markdown(f"**{text(f'board.group.{group}')}**")
        # Row by row, so that a telephone shows them one below the other in the same order.
        for start in range(0, len(items), ACROSS):
            row = items[start : start + ACROSS]
            for place, item in zip(st.columns(ACROSS), row, strict=False):
                with place:
                    said[item] = _field(f"{key}-{item}", item, getattr(filled, item))
    return msgspec.convert({item: value for item, value in said.items() if value is not None}, Told)


def _field(key: str, item: str, value: Any) -> Any:  # noqa: ANN401 - a number, a day or one of a few words
    label = text(f"board.item.{item}")
    if item in CHOICES:
        words, prefix = CHOICES[item]
        options = [None, *words]
        return st.selectbox(
            label,
            options,
            options.index(value),
            format_func=lambda word: "―" if word is None else text(f"{prefix}.{word}"),
            key=key,
        )
    if item in DAYS:
        return st.date_input(label, value, date(2000, 1, 1), date(2099, 12, 31), key=key, format="YYYY/MM/DD")
    return st.number_input(label, 0, 1_000_000, value, step=1, key=key)
