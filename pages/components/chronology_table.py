"""クロノロジーの表: one entry a row, its words whole, on a tablet and on a telephone."""

import uuid
from collections.abc import Mapping, Sequence

from dvc_core.domain.attendance import LATE
from dvc_core.i18n import text
from dvc_core.queries.chronology import Line
from pages._shell import local
from pages.components import lined
from pages.components.lined import Cell


def show(lines: Sequence[Line], corrections: Mapping[uuid.UUID, str]) -> None:
    """The newest first, with what was written to correct them."""
    rows = (_row(line, corrections.get(line.entry_id, "")) for line in lines)
    lined.show(("番号", "できごと", "だれ・どこ"), rows)


def _row(line: Line, correction: str) -> tuple[Cell, Cell, Cell]:
    return (
        Cell(str(line.seq), small=local(line.occurred_at, "%m/%d\u00a0%H:%M")),
        Cell(line.words, strong=f"訂正：{correction}" if correction else "", small=_late(line)),
        Cell(line.actor, small=text(f"value.source.{line.source}")),
    )


def _late(line: Line) -> str:
    """An entry that was written down later than it happened says so."""
    late = line.recorded_at - line.occurred_at > LATE
    return f"あとから記録 {local(line.recorded_at)}" if late else ""
