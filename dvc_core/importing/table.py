"""A file becomes a table: what sort of file it is, which sheet, where the header stands, which rows follow.

Above the header stand titles, dates, the group's name; below it empty rows, totals, the header again on the
next printed page. The same entry for volunteers and needs.
"""

from collections.abc import Iterator, Sequence

import msgspec

from dvc_core.domain.problem import Problem
from dvc_core.importing.delimited import read_delimited
from dvc_core.importing.grid import MOST_BYTES, Cell, Grid, Merged, is_blank, shown
from dvc_core.importing.headings import Column, HeadingMatcher
from dvc_core.importing.workbook import read_workbook

HEADER_WITHIN = 40
"""Rows in which the header is looked for; forms carry their titles and rules above it."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SIGNS = (
    (b"%PDF", "file-pdf"),
    (b"\xff\xd8\xff", "file-picture"),
    (b"\x89PNG", "file-picture"),
    (b"GIF8", "file-picture"),
    (b"II*\x00", "file-picture"),
    (b"MM\x00*", "file-picture"),
    (b"{\\rtf", "file-not-table"),
    (b"\x1f\x8b", "file-zip"),
    (b"Rar!", "file-zip"),
    (b"7z\xbc\xaf", "file-zip"),
    (b"\x7fELF", "file-not-table"),
    (b"MZ", "file-not-table"),
    (b"SQLite format", "file-not-table"),
)


class Table(msgspec.Struct, frozen=True):
    """A sheet with its header found. `titles` are the rows above it, as texts."""

    grid: Grid
    header_row: int
    columns: tuple[Column, ...]
    titles: tuple[tuple[str, ...], ...]
    first_row: int

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """The rows below the header with their numbers, as wide as the header; empty ones left out."""
        width = max(len(self.columns), self.grid.width)
        filled = _filled_down(self.grid.merged, self.columns, self.header_row)
        for number, cells in enumerate(self.grid.rows[self.first_row - 1 :], start=self.first_row):
            line = cells + [None] * (width - len(cells))
            if all(is_blank(cell) for cell in line):
                continue
            for column, top in filled.get(number, ()):
                if is_blank(line[column]):
                    above = self.grid.rows[top]
                    line[column] = above[column] if column < len(above) else None
            yield number, line


class _Header(msgspec.Struct, frozen=True):
    score: int
    top: int
    bottom: int
    headings: tuple[str, ...]


def read_table(data: bytes, matcher: HeadingMatcher) -> tuple[Table | None, list[Problem]]:
    """The table in a file, with what a person must know; None when there is none, and why."""
    grids, problems = _grids(data, matcher)
    found = [(grid, header) for grid in grids if (header := _header(grid, matcher)) is not None]
    if not found:
        told = any(problem.level == "error" for problem in problems)
        return None, problems if told else [*problems, Problem(code="file-no-header")]
    visible = [pair for pair in found if not pair[0].hidden] or found
    grid, header = max(visible, key=lambda pair: (pair[1].score, len(pair[0].rows)))
    for other, _ in found:
        if other is not grid:
            problems.append(
                Problem(
                    code="sheet-not-read",
                    level="note",
                    facts={"sheet": other.name or "", "read": grid.name or ""},
                )
            )
    columns, about = matcher.assign(header.headings, empty=_empty_columns(grid, header))
    problems += [msgspec.structs.replace(problem, row=header.bottom) for problem in about]
    titles = tuple(
        texts for cells in grid.rows[: header.top - 1] if any(texts := tuple(shown(cell) for cell in cells))
    )
    table = Table(grid, header.bottom, tuple(columns), titles, header.bottom + 1)
    return table, problems + _hidden_rows(grid, table)


def _empty_columns(grid: Grid, header: _Header) -> frozenset[int]:
    below = grid.rows[header.bottom :]
    filled = {index for cells in below for index, cell in enumerate(cells) if not is_blank(cell)}
    return frozenset(range(len(header.headings))) - filled


def _grids(data: bytes, matcher: HeadingMatcher) -> tuple[list[Grid], list[Problem]]:
    if problem := _not_a_table(data):
        return [], [problem]
    if data.startswith(_ZIP):
        return read_workbook(data)
    grid, problems = read_delimited(data, lambda rows: _best_score(rows, matcher))
    return ([grid] if grid else []), problems


def _not_a_table(data: bytes) -> Problem | None:
    """What the first bytes say, whatever the name says: a PDF called .xlsx is a PDF."""
    if not data.strip():
        return Problem(code="file-empty")
    if len(data) > MOST_BYTES:
        return Problem(code="file-too-large", facts={"megabytes": MOST_BYTES // 1_000_000})
    if data.startswith(_OLE):
        return Problem(code="file-locked" if _ENCRYPTED in data else "file-xls")
    if data[4:12] in (b"ftypheic", b"ftypmif1"):
        return Problem(code="file-picture")
    return next((Problem(code=code) for sign, code in _SIGNS if data.startswith(sign)), None)


def _best_score(rows: Sequence[Sequence[str]], matcher: HeadingMatcher) -> int:
    return max((matcher.score(row) for row in rows[:HEADER_WITHIN]), default=0)


def _header(grid: Grid, matcher: HeadingMatcher) -> _Header | None:
    """The row, or the two rows one above the other, that name the most fields; the first of equals."""
    best: _Header | None = None
    above: list[str] = []
    for number, cells in enumerate(grid.rows[:HEADER_WITHIN], start=1):
        line = [shown(cell) for cell in cells]
        single = _Header(matcher.score(line), number, number, tuple(line))
        double = _double(above, line, number, grid.merged, matcher)
        for candidate in (single, double):
            if candidate and candidate.score and (best is None or candidate.score > best.score):
                best = candidate
        above = line
    return best


def _double(
    above: list[str], below: list[str], number: int, merged: Sequence[Merged], matcher: HeadingMatcher
) -> _Header | None:
    """A header in two lines: 緊急連絡先 over 氏名 and 電話; what spans both stands in the upper one."""
    if not any(cell.strip() for cell in above):
        return None
    width = max(len(above), len(below))
    upper, lower = above + [""] * (width - len(above)), below + [""] * (width - len(below))
    groups = _spread(upper, number - 2, merged)
    headings = []
    for index in range(width):
        group, own = groups[index], lower[index]
        if own.strip() and group.strip() and matcher.is_group(group):
            headings.append(f"{group} {own}")
        else:
            headings.append(own if own.strip() else upper[index])
    return _Header(matcher.score(headings), number - 1, number, tuple(headings))


def _spread(upper: list[str], row: int, merged: Sequence[Merged]) -> list[str]:
    """Each upper heading over the columns it spans: its merged area, or in a CSV the empty cells after it."""
    areas = {area.left: area.right for area in merged if area.top <= row <= area.bottom}
    spread: list[str] = []
    until = -1
    for index, cell in enumerate(upper):
        if cell.strip():
            until = areas.get(index, index) if merged else len(upper)
            spread.append(cell)
        else:
            spread.append(spread[-1] if spread and index <= until else "")
    return spread


def _filled_down(
    merged: Sequence[Merged], columns: Sequence[Column], header_row: int
) -> dict[int, list[tuple[int, int]]]:
    """Rows that lie in a merged area below the header: the column and the row (from 0) that holds the value.

    Not for names: a name over two rows is one person.
    """
    names = {column.index for column in columns if column.field and column.field.code in {"name", "surname"}}
    filled: dict[int, list[tuple[int, int]]] = {}
    for area in merged:
        if area.top < header_row or area.left in names or area.left != area.right:
            continue
        for row in range(area.top + 1, area.bottom + 1):
            filled.setdefault(row + 1, []).append((area.left, area.top))
    return filled


def _hidden_rows(grid: Grid, table: Table) -> list[Problem]:
    hidden = [number for number, _ in table.rows() if number in grid.hidden_rows]
    if not hidden:
        return []
    return [Problem(code="rows-hidden", level="note", facts={"count": len(hidden)}, row=hidden[0])]
