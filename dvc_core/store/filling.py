"""An empty database filled with a history: from a backup, or from the change log."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

import msgspec

from dvc_core.domain.kernel import Row, Stored
from dvc_core.store import journal, saving
from dvc_core.store.database import Database
from dvc_core.store.engine import Connection
from dvc_core.store.schema import declared

CHUNK = 200
"""Rows in one statement."""
T = TypeVar("T")


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
        for chunk in _chunks(entries):
            _say(unit.connection, saving.append(chunk))
            head = (chunk[-1].seq, chunk[-1].hash)
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
            for part in _chunks(stored):
                _say(unit.connection, saving.insert(cls, part, database.meta.council_id))
        unit.commit()
    return head


def _say(connection: Connection, statement: saving.Statement) -> None:
    connection.run(statement.sql, statement.params)


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    left = iter(items)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
