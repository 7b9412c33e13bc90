"""Excel workbooks (.xlsx, .xlsm) as people keep them: dates, formulas, merged titles, hidden rows, sheets."""

import io
import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook  # type: ignore[import-untyped]

from dvc_core.domain.problem import Problem
from dvc_core.importing.grid import MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED, Broken, Cell, Grid, Merged

_LINE_END = "_x000D_"
"""How Excel writes a carriage return inside a cell."""


def read_workbook(data: bytes) -> tuple[list[Grid], list[Problem]]:
    """The sheets of a workbook, each as a grid; chart sheets have no rows and are left out."""
    if problem := _unsafe(data):
        return [], [problem]
    try:
        values = _load(data, data_only=True)
        formulas = _load(data, data_only=False) if _has_formulas(data) else None
    except MemoryError:
        return [], [Problem(code="file-too-large-inside")]
    except Exception as failure:  # noqa: BLE001 - openpyxl raises whatever a broken file makes it stumble on
        return [], [Problem(code="file-broken", facts={"reason": type(failure).__name__})]
    grids: list[Grid] = []
    problems: list[Problem] = []
    for sheet in values.worksheets:
        if sheet.max_row > MOST_ROWS and _last_row(sheet) > MOST_ROWS:
            facts = {"limit": MOST_ROWS, "sheet": sheet.title}
            problems.append(Problem(code="sheet-too-many-rows", facts={**facts}))
            continue
        grids.append(_grid(sheet, formulas[sheet.title] if formulas else None))
    return grids, problems


def _load(data: bytes, *, data_only: bool) -> Any:  # noqa: ANN401 - openpyxl has no types
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts of a workbook that openpyxl leaves out hold no rows
        return load_workbook(io.BytesIO(data), data_only=data_only)


def _unsafe(data: bytes) -> Problem | None:
    """A file that unpacks to far more than it says, or is a zip of something else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return Problem(code="file-broken", facts={"reason": "zip"})
    if unpacked > MOST_UNPACKED:
        return Problem(code="file-too-large-inside")
    if "xl/workbook.xml" in names:
        return None
    if "xl/workbook.bin" in names:
        return Problem(code="file-xlsb")
    if "mimetype" in names and "content.xml" in names:
        return Problem(code="file-ods")
    return Problem(code="file-zip")


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f>" in (xml := archive.read(name)) or b"<f " in xml for name in sheets)


def _last_row(sheet: Any) -> int:  # noqa: ANN401
    # Not max_row: a sheet that was formatted down to row 1,048,576 says so without holding anything there.
    return max((row for (row, _), cell in sheet._cells.items() if cell.value is not None), default=0)


def _grid(sheet: Any, formulas: Any) -> Grid:  # noqa: ANN401
    rows: list[list[Cell]] = [[] for _ in range(_last_row(sheet))]
    # The cells that exist: asking the sheet for a whole area would create every empty cell of it.
    for (row, column), cell in sheet._cells.items():
        value = _value(cell, formulas)
        if value is None or column > MOST_COLUMNS:
            continue
        if row > len(rows):
            rows += [[] for _ in range(row - len(rows))]
        line = rows[row - 1]
        line += [None] * (column - len(line))
        line[column - 1] = value
    hidden = frozenset(number for number, size in sheet.row_dimensions.items() if size.hidden)
    merged = tuple(
        Merged(area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1)
        for area in sheet.merged_cells.ranges
    )
    return Grid(
        rows, name=sheet.title, merged=merged, hidden_rows=hidden, hidden=sheet.sheet_state != "visible"
    )


def _value(cell: Any, formulas: Any) -> Cell:  # noqa: ANN401
    value = cell.value
    if value is None:
        formula = formulas and formulas._cells.get((cell.row, cell.column))
        if formula is not None and formula.data_type == "f":
            return Broken("cell-formula", str(getattr(formula.value, "text", formula.value)))
        return None
    if cell.data_type == "e":
        return Broken("cell-failed", str(value))
    if isinstance(value, str):
        return value.replace(_LINE_END, "")
    if isinstance(value, timedelta):
        return str(value)
    return value if isinstance(value, bool | int | float | datetime | date | time) else str(value)
