"""Small lists for stories: rows in, bytes of a CSV or a workbook out, and what reading them said."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from openpyxl import Workbook

from dvc_core.importing import ImportResult, read

TODAY = date(2026, 11, 24)

Rows = Sequence[Sequence[Any]]

PERSON = {
    "氏名": "訓練 太郎",
    "ふりがな": "くんれん たろう",
    "電話": "090-0000-0001",
    "生年月日": "1988/4/1",
    "年齢": "38",
    "保険": "天災",
    "緊急連絡先氏名": "訓練 花子",
    "緊急連絡先電話": "090-0000-0002",
    "資格・特技": "",
    "備考": "",
}
NEED = {
    "依頼者氏名": "見本 ハル",
    "電話番号": "042-000-0001",
    "住所": "小金井市本町1-0-0",
    "困りごと": "家の中に泥が入った。",
    "希望日": "2026/11/26",
    "必要人数": "5~6名",
    "応急危険度判定": "緑",
    "備考": "",
}


def csv_of(rows: Rows, encoding: str = "utf-8", delimiter: str = ",", line: str = "\r\n") -> bytes:
    """The rows as a text file."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=line).writerows(rows)
    return text.getvalue().encode(encoding)


def book_of(rows: Rows, **others: Rows) -> bytes:
    """The rows as a workbook's first sheet, and further sheets by name."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    for row in rows:
        sheet.append(list(row))
    for name, content in others.items():
        other = book.create_sheet(name)
        for row in content:
            other.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def person(**cells: Any) -> ImportResult:
    """A list with one volunteer whose cells are those of `PERSON` but for the given ones."""
    row = PERSON | cells
    return read("volunteers", book_of([list(row), list(row.values())]), today=TODAY)


def need(**cells: Any) -> ImportResult:
    """A list with one need whose cells are those of `NEED` but for the given ones."""
    row = NEED | cells
    return read("needs", book_of([list(row), list(row.values())]), today=TODAY)


def values(result: ImportResult, index: int = 0) -> dict[str, Any]:
    """The values of a good row."""
    return msgspec.structs.asdict(result.good[index].values)


def codes(result: ImportResult, level: str | None = None) -> list[str]:
    """The codes of the problems, in order."""
    return [problem.code for problem in result.problems if level in (None, problem.level)]


def only(result: ImportResult) -> tuple[str, int | None, str | None]:
    """The one problem: code, row, column."""
    assert len(result.problems) == 1, result.problems
    problem = result.problems[0]
    return problem.code, problem.row, problem.column
