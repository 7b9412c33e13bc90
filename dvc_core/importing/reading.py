"""Reading a list from beginning to end: file, sheet, header, rows, doubles. Nothing is stored here.

Whatever the bytes are, the answer is a result with problems, never an exception.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import msgspec

from dvc_core.domain.problem import Problem
from dvc_core.importing.grid import MOST_BYTES, Cell, is_blank, shown
from dvc_core.importing.headings import Column, matcher
from dvc_core.importing.needs import read_need
from dvc_core.importing.reference import Kind, Reference, load_reference
from dvc_core.importing.result import (
    AsideRow,
    ColumnRead,
    GoodRow,
    ImportResult,
    NeedValues,
    StickerValues,
    Values,
    content_digest,
)
from dvc_core.importing.row import FoldedWords, RowReader, fold
from dvc_core.importing.stickers import read_sticker
from dvc_core.importing.table import Table, read_table
from dvc_core.importing.volunteers import read_volunteer


class Located(msgspec.Struct, frozen=True):
    """The 町丁目 of an address as far as it is sure, and what a person should know about it."""

    town: str | None
    problems: tuple[Problem, ...] = ()


_OTHER: dict[Kind, Kind] = {"volunteers": "needs", "needs": "volunteers", "stickers": "needs"}
_ONLY_OF = {
    "volunteers": {
        "birth_date",
        "age",
        "insurance",
        "emergency",
        "emergency_name",
        "emergency_phone",
        "skills",
    },
    "needs": {"trouble", "work", "people", "people_min", "people_max", "hazard_grade"},
    "stickers": {"sticker_kind", "posted_on"},
}
_SAME: dict[Kind, str] = {"volunteers": "same-person", "needs": "same-need", "stickers": "same-sticker"}
_TELLING = 2
"""Fields of the other kind that make a list one of it."""

Locate = Callable[[str], Located]


def read(
    kind: Kind,
    source: Path | bytes,
    *,
    today: date,
    locate: Locate | None = None,
    file: str | None = None,
    reference: Reference | None = None,
) -> ImportResult:
    """The rows of a list of volunteers, of needs or of papers.

    `file` is the name to show, that of the path by default. `locate` fills the town of needs.
    """
    name = file or (source.name if isinstance(source, Path) else None)
    data = bytes_of(source) if isinstance(source, Path) else source
    if isinstance(data, Problem):
        result = ImportResult(kind=kind, problems=(data,))
    else:
        result = _Reading(kind, today, reference or load_reference()).read(data)
    return finished(result, name, locate)


def finished(result: ImportResult, file: str | None, locate: Locate | None) -> ImportResult:
    """The result under the file's name, with its towns where `locate` is given."""
    if locate is not None:
        result = with_places(result, locate)
    problems = tuple(msgspec.structs.replace(problem, file=file) for problem in result.problems)
    return msgspec.structs.replace(result, file=file, problems=problems)


def with_places(result: ImportResult, locate: Locate) -> ImportResult:
    """The same result with the towns of its places; an address that is not sure is a note, no refusal."""
    good = []
    problems = list(result.problems)
    for row in result.good:
        if not isinstance(row.values, NeedValues | StickerValues):
            return result
        found = locate(row.values.address)
        values = msgspec.structs.replace(row.values, town=found.town)
        good.append(msgspec.structs.replace(row, values=values))
        problems += [
            msgspec.structs.replace(problem, level="note", row=row.row, file=result.file)
            for problem in found.problems
        ]
    return msgspec.structs.replace(result, good=tuple(good), problems=tuple(_in_order(problems)))


def bytes_of(path: Path) -> bytes | Problem:
    """The content of a file, or why it cannot be had."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return Problem(code="file-too-large", facts={"megabytes": MOST_BYTES // 1_000_000})
        return path.read_bytes()
    except FileNotFoundError:
        return Problem(code="file-missing")
    except (OSError, ValueError):
        return Problem(code="file-closed")


def _in_order(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.row or 0)


class _Reading:
    """One list on its way from bytes to rows."""

    def __init__(self, kind: Kind, today: date, reference: Reference) -> None:
        self._kind: Kind = kind
        self._today = today
        self._reference = reference
        self._words = FoldedWords(reference.words)
        self._good: list[GoodRow] = []
        self._aside: list[AsideRow] = []
        self._repeated: list[int] = []
        self._skipped: list[int] = []
        self._unfilled: list[int] = []
        self._problems: list[Problem] = []
        self._first: dict[str, GoodRow] = {}

    def read(self, data: bytes) -> ImportResult:
        table, self._problems = read_table(data, matcher(self._reference.words, self._kind))
        if table is None:
            return ImportResult(kind=self._kind, problems=tuple(self._problems))
        if self._is_of_other_kind(table.columns):
            problem = Problem(code=f"file-of-{_OTHER[self._kind]}", row=table.header_row)
            return ImportResult(kind=self._kind, problems=(problem,))
        if self._kind == "stickers" and "address" not in _codes_of(table.columns):
            problem = Problem(code="stickers-no-address", row=table.header_row)
            return ImportResult(kind=self._kind, problems=(*self._problems, problem))
        count = 0
        for number, cells in table.rows():
            if self._skip(number, cells, table.columns):
                continue
            count += 1
            self._row(number, cells, table)
        self._tell_unfilled()
        if not count and not any(problem.level == "error" for problem in self._problems):
            self._problems.append(Problem(code="file-no-rows", row=table.header_row))
        return ImportResult(
            kind=self._kind,
            encoding=table.grid.encoding,
            sheet=table.grid.name,
            header_row=table.header_row,
            columns=tuple(
                ColumnRead(column.heading, column.field.code if column.field else None)
                for column in table.columns
                if column.heading or column.field
            ),
            titles=table.titles,
            rows_read=count,
            good=tuple(self._good),
            set_aside=tuple(self._aside),
            repeated=tuple(self._repeated),
            skipped=tuple(sorted([*self._skipped, *self._unfilled])),
            problems=tuple(_in_order(self._problems)),
        )

    def _is_of_other_kind(self, columns: Sequence[Column]) -> bool:
        """Whether the headings are those of the other kind: residents must not become volunteers."""
        own = _codes_of(columns)
        if own & _ONLY_OF[self._kind]:
            return False
        other = matcher(self._reference.words, _OTHER[self._kind])
        found, _ = other.assign([column.heading for column in columns])
        codes = _codes_of(found)
        return len(codes & _ONLY_OF[_OTHER[self._kind]]) >= _TELLING

    # -- rows that are no person and no need

    def _skip(self, number: int, cells: list[Cell], columns: Sequence[Column]) -> bool:
        filled = [
            (column, shown(cell)) for column, cell in zip(columns, cells, strict=False) if not is_blank(cell)
        ]
        if all(self._says_nothing(column, text) for column, text in filled) and len(filled) == _count(cells):
            self._unfilled.append(number)
            return True
        code = self._code_of_skipped([text for _, text in filled], [column.heading for column, _ in filled])
        if code is None:
            return False
        self._skipped.append(number)
        words = " ".join(text.strip() for _, text in filled)
        self._problems.append(Problem(code=code, level="note", facts={"text": words[:80]}, row=number))
        return True

    def _says_nothing(self, column: Column, text: str) -> bool:
        """A printed number or a printed choice: the line of a form that nobody filled in."""
        numbered = column.field is not None and column.field.code == "number"
        return numbered or self._words.is_unfilled(text)

    def _code_of_skipped(self, texts: list[str], headings: list[str]) -> str | None:
        if not texts:
            return None
        same = sum(" ".join(text.split()) == heading for text, heading in zip(texts, headings, strict=True))
        if same > 1 and 2 * same > len(texts):
            return "row-header"
        first = fold(texts[0])
        if first in self._words.totals or first.startswith(("合計", "小計", "総計")):
            return "row-total"
        if any(fold(text) in self._words.examples or fold(text).startswith("記入例") for text in texts[:2]):
            return "row-example"
        return None

    def _tell_unfilled(self) -> None:
        if self._unfilled:
            facts: dict[str, str | int | float | bool | None] = {"count": len(self._unfilled)}
            self._problems.append(
                Problem(code="rows-unfilled", level="note", facts=facts, row=self._unfilled[0])
            )

    # -- rows that are

    def _row(self, number: int, cells: list[Cell], table: Table) -> None:
        fault = table.grid.faults.get(number)
        if fault is not None:
            self._problems.append(Problem(code=fault, row=number))
            self._set_aside(number, cells, table.columns)
            return
        reader = RowReader(number, cells, table.columns, self._words)
        reader.keep_others(table.columns)
        values = self._values(reader, table)
        beyond = [shown(cell).strip() for cell in cells[len(table.columns) :] if not is_blank(cell)]
        if beyond:
            reader.extra[""] = " ".join(beyond)
        taken = values is not None and not reader.failed and self._take(number, values, reader)
        self._problems += reader.problems
        if not taken:
            self._set_aside(number, cells, table.columns)

    def _values(self, reader: RowReader, table: Table) -> Values | None:
        if self._kind == "volunteers":
            return read_volunteer(reader, self._reference, self._today)
        if self._kind == "stickers":
            titles = [table.grid.name or "", *(" ".join(texts) for texts in table.titles)]
            return read_sticker(reader, self._reference, self._today, titles)
        return read_need(reader, self._reference, self._today)

    def _take(self, number: int, values: Values, reader: RowReader) -> bool:
        """Keep a row unless one above it is about the same: equals count once, others a person settles."""
        row = GoodRow(
            row=number,
            values=values,
            key=values.key(),
            digest=content_digest(values, reader.also, reader.extra),
            also=reader.also,
            extra=reader.extra,
        )
        before = self._first.setdefault(row.key, row)
        if before is row:
            self._good.append(row)
            return True
        if before.digest == row.digest:
            self._repeated.append(number)
            reader.problems = []
            reader.note("duplicate-row", first=before.row)
            return True
        reader.error(_SAME[self._kind], first=before.row)
        return False

    def _set_aside(self, number: int, cells: list[Cell], columns: Sequence[Column]) -> None:
        headings = [column.heading or column.letter for column in columns]
        headings += [Column(index, "").letter for index in range(len(columns), len(cells))]
        kept = tuple(
            (heading, shown(cell))
            for heading, cell in zip(headings, cells, strict=False)
            if not is_blank(cell)
        )
        self._aside.append(AsideRow(row=number, cells=kept))


def _codes_of(columns: Sequence[Column]) -> set[str]:
    return {column.field.code for column in columns if column.field is not None}


def _count(cells: list[Cell]) -> int:
    return sum(not is_blank(cell) for cell in cells)
