"""An empty database filled with a history: from a backup, or from the change log."""

import uuid
from collections.abc import Iterable
from datetime import datetime

import msgspec

from dvc_core.domain.kernel import Row, Stored
from dvc_core.store import journal
from dvc_core.store.database import Database
from dvc_core.store.engine import Connection, values_list
from dvc_core.store.schema import JOURNAL_COLUMNS, columns, declared, to_row

CHUNK = 200


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What makes the new database the same one as before."""

    database_id: uuid.UUID
    made_at: datetime
    content_key: str


def fill(
    database: Database,
    identity: Identity,
    entries: Iterable[journal.Entry],
    rows: Iterable[tuple[type[Stored], Iterable[Stored]]],
    *,
    commits: int = 0,
) -> journal.Head:
    """Write the journal, fold it, write the rows beside the folded ones; where the journal then stands.

    `commits` is the number of the last commit that is in it (`journal.commits`).
    """
    head = (0, journal.GENESIS)
    with database.unit() as unit:
        chunk: list[list[object]] = []

        def write() -> None:
            values, params = values_list(chunk, list(JOURNAL_COLUMNS.values()))
            unit.connection.run(f"INSERT INTO journal ({journal.COLUMN_LIST}) VALUES {values}", params)
            chunk.clear()

        for entry in entries:
            chunk.append([getattr(entry, name) for name in JOURNAL_COLUMNS])
            head = (entry.seq, entry.hash)
            if len(chunk) == CHUNK:
                write()
        if chunk:
            write()
        unit.connection.run(
            "UPDATE journal_head SET seq = $seq, hash = $hash, commits = $commits "
            "WHERE council_id = $council",
            {
                "seq": head[0],
                "hash": head[1],
                "commits": commits,
                "council": database.meta.council_id,
            },
        )
        unit.connection.run(
            "UPDATE meta SET database_id = $id, made_at = $made_at, content_key = $key",
            {"id": str(identity.database_id), "made_at": identity.made_at, "key": identity.content_key},
        )
        unit.refold({cls for cls in declared().values() if issubclass(cls, Row)})
        for cls, stored in rows:
            _fill_table(unit.connection, cls, stored, database.meta.council_id)
        unit.commit()
    return head


def _fill_table(connection: Connection, cls: type[Stored], rows: Iterable[Stored], council: str) -> None:
    names = ["council_id", *(column.name for column in columns(cls))]
    types = ["TEXT", *(column.sql for column in columns(cls))]
    quoted = ", ".join(f'"{name}"' for name in names)
    lines: list[list[object]] = []

    def write() -> None:
        values, params = values_list(lines, types)
        connection.run(f"INSERT INTO {cls.table} ({quoted}) VALUES {values}", params)
        lines.clear()

    for row in rows:
        lines.append(list(to_row(row, council)))
        if len(lines) == CHUNK:
            write()
    if lines:
        write()
