"""A sheet as cells, before anyone knows what they mean: rows from 1 as a spreadsheet shows them."""

from datetime import date, datetime, time

import msgspec

from dvc_core.domain.problem import Fact

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 300


class Finding(msgspec.Struct, frozen=True):
    """What reading a cell came upon, as the code and facts of a problem: a fault, or something assumed."""

    code: str
    facts: dict[str, Fact] = {}


class Broken(msgspec.Struct, frozen=True):
    """A cell without a value, and the problem's code: a formula never calculated, or one that failed."""

    code: str
    text: str


Cell = str | int | float | bool | datetime | date | time | Broken | None


class Merged(msgspec.Struct, frozen=True):
    """A merged area: rows and columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


class Grid(msgspec.Struct, frozen=True):
    """One sheet. `unreadable` rows hold characters that no encoding gave; numbers of rows count from 1."""

    rows: list[list[Cell]]
    name: str | None = None
    encoding: str | None = None
    merged: tuple[Merged, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden: bool = False
    faults: dict[int, str] = {}
    """The code of what is wrong with a whole row, by its number."""

    @property
    def width(self) -> int:
        """Columns of the widest row."""
        return max(map(len, self.rows), default=0)


def shown(cell: Cell) -> str:
    """A cell as a person would read it; dates as 2026-11-03, whole numbers without .0."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.replace(tzinfo=None).isoformat(" ", "minutes")
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    return cell.text if isinstance(cell, Broken) else str(cell)


def is_blank(cell: Cell) -> bool:
    """Nothing, or nothing but spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
