"""One database of one process: opened, made when new, lifted when old; readers and units of work from it."""

import secrets
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from dvc_core.ports import StoreError
from dvc_core.store import journal
from dvc_core.store.changelog import Change, ChangeLog, raw
from dvc_core.store.duck import DuckEngine
from dvc_core.store.engine import Connection
from dvc_core.store.kept import KeptRows
from dvc_core.store.migrate import migrate, record
from dvc_core.store.postgres import PostgresEngine
from dvc_core.store.reader import StoreReader
from dvc_core.store.schema import create_journal_sql, create_sql, declared
from dvc_core.store.unit import ChangeSet, UnitOfWork


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """What a database is: its id (commands carry it), whose it is, and the name of its drill if it is one."""

    database_id: uuid.UUID
    council_id: str
    drill: str | None
    made_at: datetime
    content_key: str


class Database:
    """The store as the rest of the program sees it."""

    def __init__(self, engine: DuckEngine | PostgresEngine, meta: Meta) -> None:
        self.engine = engine
        self.meta = meta
        self.log: ChangeLog | None = None
        """Where every commit is written once more; None for a copy that nobody works with."""
        self._kept: defaultdict[str, KeptRows] = defaultdict(KeptRows)
        self._commits: int | None = None

    def start_keeping(self) -> None:
        """Learn where the council's head stands now, so that rows are kept from the first page on."""
        head = self.head()
        self._kept[self.meta.council_id].advance(head, head, read={}, lists={}, written={})

    @contextmanager
    def reader(self, council_id: str | None = None) -> Iterator[StoreReader]:
        """One read transaction. Close it before anything is drawn, and never keep it."""
        council = council_id or self.meta.council_id
        with self.engine.snapshot(remember=True) as connection:
            yield StoreReader(connection, council, self._kept[council])

    @contextmanager
    def unit(self, council_id: str | None = None, *, alone: bool = False) -> Iterator[UnitOfWork]:
        """One write transaction; without `commit()` it leaves no trace."""
        council = council_id or self.meta.council_id
        kept = self._kept[council]
        with self.engine.write() as connection:
            unit = UnitOfWork(
                connection, council, self.meta.content_key, kept=kept, sole_writer=self.engine.sole_writer
            )
            if council == self.meta.council_id:
                unit.committed = self._record
                if self.engine.sole_writer:
                    if self._commits is None:
                        self._commits = journal.commits(connection, council)
                    unit.number = self._commits + 1
            if alone:
                unit.alone()
            try:
                yield unit
            except BaseException:
                kept.forget()
                self._commits = None
                raise

    def _record(self, changes: ChangeSet) -> None:
        if changes.number is not None:
            self._commits = changes.number
        if self.log is not None:
            change = Change(entries=changes.entries, rows=raw(changes.rows), removed=changes.removed)
            self.log.append(change, changes.head, changes.number or 0)

    def head(self, council_id: str | None = None) -> tuple[int, str]:
        """The journal's head: seq and hash."""
        with self.engine.snapshot() as connection:
            return journal.head(connection, council_id or self.meta.council_id)

    def commits(self) -> int:
        """How many commits the own council's database has seen (0 where several processes write)."""
        with self.engine.snapshot() as connection:
            return journal.commits(connection, self.meta.council_id)

    def close(self) -> None:
        """Give the database back."""
        self.engine.close()


def connect(location: Path | str, council_id: str = "") -> DuckEngine | PostgresEngine:
    """The engine for a file path or a `postgresql://` address; there it sees this council's rows only."""
    if isinstance(location, str) and location.startswith(("postgresql://", "postgres://")):
        return PostgresEngine(location, council_id)
    return DuckEngine(Path(location))


def _exists(engine: DuckEngine | PostgresEngine) -> bool:
    with engine.snapshot() as connection:
        return _present(connection)


def _present(connection: Connection) -> bool:
    rows = connection.rows(
        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'meta' "
        "AND table_schema = current_schema()",
        {},
    )
    return bool(rows[0][0])


def open_database(
    location: Path | str,
    *,
    council_id: str,
    now: datetime,
    drill: str | None = None,
    before_migration: Callable[[Database], object] | None = None,
) -> Database:
    """Open the database, making it when it is new, and set the journal's guards.

    `before_migration` is called before an older database's tables are changed: it makes the backup.

    Raises:
        StoreError: `held`, `broken`, `unreachable`, `no-space`; `other-council` when it belongs to another;
            `newer` when a later version of the program made its tables.
    """
    engine = connect(location, council_id)
    try:
        if not _exists(engine):
            _make(engine, council_id=council_id, now=now, drill=drill)
        database = Database(engine, _meta(engine))
        _check_council(database, council_id)
        migrate(database, now=now, before=before_migration)
        engine.guard()
        database.start_keeping()
    except BaseException:
        engine.close()
        raise
    return database


def _check_council(database: Database, council_id: str) -> None:
    if database.meta.council_id != council_id:
        raise StoreError("other-council", council=database.meta.council_id)


def _make(engine: DuckEngine | PostgresEngine, *, council_id: str, now: datetime, drill: str | None) -> None:
    with engine.write() as connection:
        engine.lock_schema(connection)
        if _present(connection):  # another process was first
            return
        for statement in [*create_journal_sql(), *(create_sql(cls) for cls in declared().values())]:
            connection.run(statement, {})
        connection.run(
            "INSERT INTO journal_head (council_id, seq, hash, commits) VALUES ($council, 0, $hash, 0)",
            {"council": council_id, "hash": journal.GENESIS},
        )
        connection.run(
            "INSERT INTO meta (database_id, council_id, drill, made_at, content_key) "
            "VALUES ($id, $council, $drill, $now, $key)",
            {
                "id": str(uuid.uuid4()),
                "council": council_id,
                "drill": drill,
                "now": now,
                "key": secrets.token_hex(32),
            },
        )
        connection.run(*record(1, "start", now))
        connection.commit()


def _meta(engine: DuckEngine | PostgresEngine) -> Meta:
    with engine.snapshot() as connection:
        row = connection.rows("SELECT database_id, council_id, drill, made_at, content_key FROM meta", {})[0]
    return Meta(
        database_id=uuid.UUID(row[0]), council_id=row[1], drill=row[2], made_at=row[3], content_key=row[4]
    )
