"""CSV and tab-separated text as Excel, form tools and old programs write it: encoding, delimiter, rows.

Rows are counted as a spreadsheet does: a line break inside quotes does not begin a row.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress

from dvc_core.domain.problem import Problem
from dvc_core.importing.grid import MOST_COLUMNS, MOST_ROWS, Cell, Grid

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_JIS_ESCAPE = re.compile(rb"\x1b\$[@B]")
_HALF_KANA = re.compile("[ｦ-ﾟ]")
_JAPANESE = re.compile("[ぁ-んァ-ヶ一-龥]")
_TEXT_PROTECTED = re.compile(r'="((?:[^"]|"")*)"')
_DELIMITERS = (",", "\t", ";")
_LOOKED_AT = 65_536
_HIGH_SHARE = 0.2

Score = Callable[[list[list[str]]], int]


def read_delimited(data: bytes, score: Score) -> tuple[Grid | None, list[Problem]]:
    """The rows of a text file. `score` tells how much of a table the first rows are, per delimiter."""
    encoding, text = _decode(data)
    if encoding is None:
        return None, [Problem(code="file-encoding")]
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:100].lower().startswith(("<html", "<!doctype", "<table", "<?xml")):
        return None, [Problem(code="file-html")]
    delimiter = _delimiter(text, score)
    rows: list[list[Cell]] = []
    faults: dict[int, str] = {}
    problems: list[Problem] = []
    try:
        for number, (cells, whole) in enumerate(_records(text, delimiter), start=1):
            if number > MOST_ROWS:
                return None, [Problem(code="file-too-many-rows", facts={"limit": MOST_ROWS})]
            rows.append([_unprotected(cell) for cell in cells[:MOST_COLUMNS]])
            if any("\ufffd" in cell for cell in cells):
                faults[number] = "row-unreadable"
            elif not whole:
                faults[number] = "row-quote"
    except csv.Error:
        problems.append(Problem(code="row-quote", row=len(rows) + 1))
    return Grid(rows, encoding=encoding, faults=faults), problems


def _records(text: str, delimiter: str) -> Iterator[tuple[list[str], bool]]:
    """Each row's cells, and whether its quotes are closed: one that is not swallows the rows below it."""
    lines = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(lines), delimiter=delimiter)
    begun = 0
    for cells in reader:
        whole = True
        if reader.line_num - begun > 1:
            try:
                list(csv.reader(lines[begun : reader.line_num], delimiter=delimiter, strict=True))
            except csv.Error:
                whole = False
        begun = reader.line_num
        yield cells, whole


def _decode(data: bytes) -> tuple[str | None, str]:
    """The encoding's name and the text; bytes that one encoding almost reads become U+FFFD, row by row."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name, data.decode(name, "replace")
    if _JIS_ESCAPE.search(data[:_LOOKED_AT]):
        return _first_that_reads(data, ("iso2022_jp_ext", "cp932"))
    if data[:_LOOKED_AT].count(b"\0") > len(data[:_LOOKED_AT]) * _HIGH_SHARE:
        zeros_at_odd = data[1:_LOOKED_AT:2].count(b"\0")
        name = "utf-16-le" if zeros_at_odd > data[0:_LOOKED_AT:2].count(b"\0") else "utf-16-be"
        return _first_that_reads(data, (name,))
    encoding, text = _first_that_reads(data, ("utf-8",))
    if encoding:
        return encoding, text
    encoding, text = _first_that_reads(data, ("cp932",))
    if encoding is None or _looks_like_euc(text):
        euc, euc_text = _first_that_reads(data, ("euc_jp",))
        if euc:
            return euc, euc_text
    return (encoding, text) if encoding else _nearest(data)


def _first_that_reads(data: bytes, names: tuple[str, ...]) -> tuple[str | None, str]:
    for name in names:
        try:
            return name, data.decode(name)
        except UnicodeDecodeError:
            continue
    return None, ""


def _looks_like_euc(text: str) -> bool:
    """EUC-JP read as CP932 is full of half-width kana."""
    return len(_HALF_KANA.findall(text)) > 2 * len(_JAPANESE.findall(text))


def _nearest(data: bytes) -> tuple[str | None, str]:
    """The encoding that reads nearly all of it, so that one broken cell does not cost the whole list."""
    readings = [(name, data.decode(name, "replace")) for name in ("utf-8", "cp932")]
    name, text = min(readings, key=lambda reading: reading[1].count("\ufffd"))
    broken = text.count("\ufffd")
    return (name, text) if broken * 20 < len(_JAPANESE.findall(text)) else (None, "")


def _delimiter(text: str, score: Score) -> str:
    """The delimiter under which the first rows look most like our table, then the one that splits most."""

    def worth(delimiter: str) -> tuple[int, int]:
        rows: list[list[str]] = []
        with suppress(csv.Error):
            rows.extend(cells for cells, _ in _records(text[:_LOOKED_AT], delimiter))
        return score(rows), sum(len(cells) > 1 for cells in rows)

    return max(_DELIMITERS, key=worth)


def _unprotected(cell: str) -> str:
    """="0900…" is how some programs keep Excel from eating the leading 0."""
    found = _TEXT_PROTECTED.fullmatch(cell.strip())
    return found[1].replace('""', '"') if found else cell
