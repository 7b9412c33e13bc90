"""How rows and entries are written: one statement a table and act, and how many rows it must change."""

from collections.abc import Mapping, Sequence

import msgspec

from dvc_core.domain.kernel import Stored
from dvc_core.store import journal
from dvc_core.store.engine import values_list
from dvc_core.store.schema import JOURNAL_COLUMNS, columns, to_row


class Statement(msgspec.Struct, frozen=True):
    """One statement of a flush; `rows` is how many rows it must change, None where the engine sees to it."""

    sql: str
    params: Mapping[str, object]
    table: str
    rows: int | None = None


def insert(cls: type[Stored], rows: Sequence[Stored], council_id: str) -> Statement:
    """New rows."""
    names = ["council_id", *(column.name for column in columns(cls))]
    return _insert(cls.table, names, [to_row(row, council_id) for row in rows])


def append(entries: Sequence[journal.Entry]) -> Statement:
    """New entries of the journal."""
    names = list(JOURNAL_COLUMNS)
    return _insert("journal", names, [[getattr(entry, name) for name in names] for entry in entries])


def _insert(table: str, names: Sequence[str], lines: Sequence[Sequence[object]]) -> Statement:
    values, params = values_list(lines)
    quoted = ", ".join(f'"{name}"' for name in names)
    return Statement(f"INSERT INTO {table} ({quoted}) VALUES {values}", params, table)


def move_head(
    council_id: str, before: journal.Head, after: journal.Head, number: int | None = None
) -> Statement:
    """The journal's head moves on, if it stands where it was read; its lock holds every other writer.

    `number` is the commit's own, where commits are counted.
    """
    counted, params = ("", {}) if number is None else (", commits = $number", {"number": number})
    return Statement(
        f"UPDATE journal_head SET seq = $seq, hash = $hash{counted} "
        "WHERE council_id = $council AND seq = $was AND hash = $was_hash",
        {
            **params,
            "council": council_id,
            "seq": after[0],
            "hash": after[1],
            "was": before[0],
            "was_hash": before[1],
        },
        "journal_head",
        rows=1,
    )


def count_commit(council_id: str, number: int) -> Statement:
    """A commit that moves no head is counted too, so that the change log knows whether it was lost."""
    return Statement(
        "UPDATE journal_head SET commits = $number WHERE council_id = $council",
        {"council": council_id, "number": number},
        "journal_head",
        rows=1,
    )


def update(cls: type[Stored], rows: Sequence[tuple[Stored, Stored]], council_id: str) -> Statement:
    """Changed rows (as read, as they become), each if it still has the version that was read."""
    return _update_one(cls, *rows[0], council_id) if len(rows) == 1 else _update_all(cls, rows, council_id)


def _update_one(cls: type[Stored], before: Stored, row: Stored, council_id: str) -> Statement:
    """Only the columns that differ: a third of what the statement for many costs in DuckDB."""
    names = [column.name for column in columns(cls)]
    was, becomes = to_row(before, "")[1:], to_row(row, "")[1:]
    values = {f"s_{name}": new for name, old, new in zip(names, was, becomes, strict=True) if old != new}
    sets = ", ".join(f'"{name.removeprefix("s_")}" = ${name}' for name in values)
    return Statement(
        f"UPDATE {cls.table} SET {sets} WHERE council_id = $council AND id = $id AND version = $expected",
        {**values, "council": council_id, "id": row.id, "expected": before.version},
        cls.table,
        rows=1,
    )


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
    return Statement(
        f"UPDATE {cls.table} AS t SET {sets} FROM (VALUES {listed}) AS v({quoted}) "
        'WHERE t.council_id = $council AND t.id = v.id AND t.version = v."expected"',
        {**params, "council": council_id},
        cls.table,
        rows=len(rows),
    )
