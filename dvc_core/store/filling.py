"""An empty database filled with a history: from a backup, or from the change log."""

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from dvc_core.domain.kernel import Row, Stored
from dvc_core.store import journal, saving
from dvc_core.store.database import Database, open_database
from dvc_core.store.schema import declared

CHUNK = 200
"""Rows in one statement."""
T = TypeVar("T")


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What makes the new database the same one as before."""

    database_id: uuid.UUID
    made_at: datetime
    content_key: str


class Content(NamedTuple):
    """A history with all that makes it a database: what a backup or a change log comes to.

    Attributes:
        entries: the journal from its first entry.
        rows: those beside the folded ones, table by table.
        head: where the journal stands after the entries.
        commits: the number of the last commit that is in it (`journal.commits`); 0 where it is not known.
        lost: entries that were there once and are not in `entries`.
    """

    council_id: str
    drill: str | None
    identity: Identity
    entries: Iterable[journal.Entry]
    rows: Iterable[tuple[type[Stored], Iterable[Stored]]]
    head: journal.Head
    commits: int = 0
    lost: int = 0


def files_of(location: Path) -> list[Path]:
    """The files that make one embedded database."""
    return [location, location.with_name(location.name + ".wal")]


@contextmanager
def made_beside(location: Path, content: Content, now: datetime) -> Iterator[Database]:
    """A new database under another name, to be looked at inside; it takes the name `location` at the end.

    Whatever goes wrong inside, nothing of it stays.
    """
    half = location.with_name("half-" + location.name)
    for file in files_of(half):
        file.unlink(missing_ok=True)
    try:
        made = open_database(half, council_id=content.council_id, now=now, drill=content.drill)
        try:
            fill(made, content)
            yield made
        finally:
            made.close()
        os.replace(half, location)  # noqa: PTH105 - the atomic one, named as what it is
    finally:
        for file in files_of(half):
            file.unlink(missing_ok=True)


def fill(database: Database, content: Content) -> None:
    """Write the journal into an empty database, fold it, write the rows beside the folded ones."""
    head, identity = (0, journal.GENESIS), content.identity
    with database.unit() as unit:
        for chunk in _chunks(content.entries):
            unit.connection.run_all([saving.append(chunk).said])
            head = (chunk[-1].seq, chunk[-1].hash)
        unit.connection.run(
            "UPDATE journal_head SET seq = $seq, hash = $hash, commits = $commits "
            "WHERE council_id = $council",
            {
                "seq": head[0],
                "hash": head[1],
                "commits": content.commits,
                "council": database.meta.council_id,
            },
        )
        unit.connection.run(
            "UPDATE meta SET database_id = $id, made_at = $made_at, content_key = $key",
            {"id": str(identity.database_id), "made_at": identity.made_at, "key": identity.content_key},
        )
        unit.refold({cls for cls in declared().values() if issubclass(cls, Row)})
        for cls, stored in content.rows:
            for part in _chunks(stored):
                unit.connection.run_all([saving.insert(cls, part, database.meta.council_id).said])
        unit.commit()


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    left = iter(items)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
