"""How rows and entries are written: one statement a table and act, and how many rows it must change."""

from collections.abc import Sequence

import msgspec

from dvc_core.domain.kernel import Stored
from dvc_core.store import journal
from dvc_core.store.engine import Lines, Said, values_list
from dvc_core.store.schema import JOURNAL_COLUMNS, columns, to_row


class Statement(msgspec.Struct, frozen=True):
    """One statement of a flush; `rows` is how many rows it must change, None where the engine sees to it."""

    said: Said | Lines
    table: str
    rows: int | None = None


def insert(cls: type[Stored], rows: Sequence[Stored], council_id: str) -> Statement:
    """New rows."""
    names = ["council_id", *(column.name for column in columns(cls))]
    types = ["TEXT", *(column.sql for column in columns(cls))]
    lines = [to_row(row, council_id) for row in rows]
    return Statement(Lines(cls.table, names, types, lines), cls.table)


def append(entries: Sequence[journal.Entry]) -> Statement:
    """New entries of the journal."""
    names = list(JOURNAL_COLUMNS)
    lines = [[getattr(entry, name) for name in names] for entry in entries]
    return Statement(Lines("journal", names, list(JOURNAL_COLUMNS.values()), lines), "journal")


def move_head(
    council_id: str, before: journal.Head, after: journal.Head, number: int | None = None
) -> Statement:
    """The journal's head moves on, if it stands where it was read; its lock holds every other writer.

    `number` is the commit's own, where commits are counted.
    """
    params: dict[str, object]
    counted, params = ("", {}) if number is None else (", commits = $number", {"number": number})
    said = (
        f"UPDATE journal_head SET seq = $seq, hash = $hash{counted} "
        "WHERE council_id = $council AND seq = $was AND hash = $was_hash"
    )
    params = {
        **params,
        "council": council_id,
        "seq": after[0],
        "hash": after[1],
        "was": before[0],
        "was_hash": before[1],
    }
    return Statement((said, params), "journal_head", rows=1)


def count_commit(council_id: str, number: int) -> Statement:
    """A commit that moves no head is counted too, so that the change log knows whether it was lost."""
    said = "UPDATE journal_head SET commits = $number WHERE council_id = $council"
    return Statement((said, {"council": council_id, "number": number}), "journal_head", rows=1)


def update(cls: type[Stored], rows: Sequence[tuple[Stored, Stored]], council_id: str) -> Statement:
    """Changed rows (as read, as they become), each if it still has the version that was read."""
    return _update_one(cls, *rows[0], council_id) if len(rows) == 1 else _update_all(cls, rows, council_id)


def _update_one(cls: type[Stored], before: Stored, row: Stored, council_id: str) -> Statement:
    """Only the columns that differ: a third of what the statement for many costs in DuckDB."""
    names = [column.name for column in columns(cls)]
    was, becomes = to_row(before, "")[1:], to_row(row, "")[1:]
    values = {f"s_{name}": new for name, old, new in zip(names, was, becomes, strict=True) if old != new}
    sets = ", ".join(f'"{name.removeprefix("s_")}" = ${name}' for name in values)
    said = f"UPDATE {cls.table} SET {sets} WHERE council_id = $council AND id = $id AND version = $expected"
    params = {**values, "council": council_id, "id": row.id, "expected": before.version}
    return Statement((said, params), cls.table, rows=1)


def _update_all(cls: type[Stored], rows: Sequence[tuple[Stored, Stored]], council_id: str) -> Statement:
    cols = [column for column in columns(cls) if column.name != "id"]
    names = ["id", "expected", *(column.name for column in cols)]
    types = ["UUID", "INTEGER", *(column.sql for column in cols)]
    lines = []
    for before, row in rows:
        values = dict(zip(("council", *(c.name for c in columns(cls))), to_row(row, ""), strict=True))
        lines.append([values["id"], before.version, *(values[column.name] for column in cols)])
    listed, params = values_list(lines, types)
    quoted = ", ".join(f'"{name}"' for name in names)
    sets = ", ".join(f'"{column.name}" = v."{column.name}"' for column in cols)
    said = (
        f"UPDATE {cls.table} AS t SET {sets} FROM (VALUES {listed}) AS v({quoted}) "
        'WHERE t.council_id = $council AND t.id = v.id AND t.version = v."expected"'
    )
    return Statement((said, {**params, "council": council_id}), cls.table, rows=len(rows))
