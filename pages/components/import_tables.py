"""取り込みの確かめ: 直すところ、読んだ行、列の見分けを、人のことばで."""

from collections.abc import Iterable

import msgspec
import pandas as pd
import streamlit as st

from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.sticker import StickerColour, StickerKind
from dvc_core.i18n import describe, text
from dvc_core.importing.result import ImportResult, Insurance
from pages.components import lined
from pages.components.lined import Cell

LEFT = "（そのまま残す）"


def problems(result: ImportResult) -> None:
    """Row and column, what is there, and what to write."""
    if not result.problems:
        st.write("直すところはありません。")
        return
    found = (describe(problem) for problem in result.problems)
    rows = ((Cell(_place(said)), Cell(str(said["message"]), small=str(said["hint"]))) for said in found)
    lined.show(("行・列", "どうなっているか・どう書くか"), rows)


def _place(said: dict[str, object]) -> str:
    return "・".join(str(said[part]) for part in ("row", "column") if part in said)


def rows(result: ImportResult) -> None:
    """The good rows, column by column as they were understood."""
    read = [
        {"行": row.row} | {_field(name): word(value) for name, value in _values(row.values)}
        for row in result.good
    ]
    st.dataframe(pd.DataFrame(read).fillna("").astype(str), hide_index=True, width="stretch")


def _values(values: msgspec.Struct) -> Iterable[tuple[str, object]]:
    return (
        (name, value) for name, value in msgspec.structs.asdict(values).items() if value not in (None, ())
    )


def word(value: object) -> str:
    """A value as people read it."""
    if isinstance(value, Insurance):
        return text(f"importing.insurance.{value}")
    if isinstance(value, HazardGrade):
        return text(f"need.hazard.{value}")
    if isinstance(value, StickerKind):
        return text(f"value.sticker-kind.{value}")
    if isinstance(value, StickerColour):
        return text(f"value.sticker-colour.{value}")
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def columns(result: ImportResult) -> None:
    """Each heading of the file and what it was taken for."""
    known = ((Cell(c.heading), Cell(_field(c.field) if c.field else LEFT)) for c in result.columns)
    lined.show(("見出し", "読みかた"), known)


def _field(code: str) -> str:
    return text(f"importing.field.{code}")
