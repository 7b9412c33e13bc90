"""PostgreSQL behind the engine's face: several processes on one server, as few round trips as may be."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import lru_cache
from typing import Any, cast

import psycopg

from dvc_core.ports import ConflictError, StoreError
from dvc_core.store import peers
from dvc_core.store.engine import WRITER_WAIT_SECONDS, Connection, Lines, Said, in_utc
from dvc_core.store.schema import columns, declared

COUNCIL_ROLES = """CREATE TABLE IF NOT EXISTS council_role (
    role TEXT NOT NULL PRIMARY KEY, council TEXT NOT NULL)"""
"""Logins of the server that may read beside the program: each sees one council's rows, whatever it asks."""

COUNCIL_FUNCTION = """CREATE OR REPLACE FUNCTION tasuki_council() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS '
    SELECT CASE WHEN session_user = current_user THEN current_setting(''tasuki.council'', true)
    ELSE (SELECT council FROM council_role WHERE role = session_user) END'"""
"""Whose rows are in sight: the program's own login says it for each connection, others cannot."""

UNGUARDED = """SELECT c.table_name FROM information_schema.columns AS c
    JOIN information_schema.tables AS t USING (table_schema, table_name)
    WHERE c.table_schema = current_schema() AND c.column_name = 'council_id' AND t.table_type = 'BASE TABLE'
    AND c.table_name <> 'meta' AND NOT EXISTS (SELECT 1 FROM pg_policies AS p
    WHERE p.schemaname = current_schema() AND p.tablename = c.table_name AND p.policyname = 'own_council')"""

LOOKED_UP = ("number", "merged_into", "group_id", "same_as", "phone_key", "kana_key", "about", "day")
"""Columns by which rows are looked for, beside ids of other rows (`..._id`)."""

PRESENT_INDEXES = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
_JOURNAL = {
    "journal_newest": "journal (council_id, seq DESC NULLS LAST)",
    "journal_occurred": "journal (council_id, occurred_at)",
    "journal_subject": "journal (council_id, subject_id)",
}


def indexes() -> dict[str, str]:
    """What a server needs besides primary keys; DuckDB reads columns faster than it keeps indexes."""
    found = dict(_JOURNAL)
    for table, cls in declared().items():
        names = [column.name for column in columns(cls)]
        for name in names:
            if name in LOOKED_UP or (name.endswith("_id") and name != "council_id"):
                found[f"{table}_{name}"] = f"{table} (council_id, {name})"
    return found


SCHEMA_LOCK = 0x7A5_0C1
"""The number that stands for "the tables are being changed" among the server's advisory locks."""

_NAMED = re.compile(r"\$([a-z_][a-z0-9_]*)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def to_psycopg(sql: str) -> str:
    """`$name` as psycopg writes it; a literal % is doubled first."""
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))


class _PostgresConnection:
    """Statements go to the server in as few round trips as may be: BEGIN with the first, a flush together."""

    for_update = " FOR UPDATE"

    def __init__(self, connection: "psycopg.Connection[tuple[Any, ...]]", begin: str) -> None:
        self._connection = connection
        self._begin: str | None = begin
        self.committed = False

    def _execute(self, statements: Sequence[Said | Lines]) -> "list[psycopg.Cursor[tuple[Any, ...]]]":
        plain = [each.said() if isinstance(each, Lines) else each for each in statements]
        said = [(to_psycopg(sql), dict(params)) for sql, params in plain]
        if self._begin:
            said.insert(0, (self._begin, {}))
            self._begin = None
        together = self._connection.pipeline() if len(said) > 1 else nullcontext()
        with together:
            cursors = [self._connection.execute(cast("Any", sql), params or None) for sql, params in said]
        return cursors[-len(statements) :] if statements else []

    def rows(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        return [in_utc(row) for row in self._execute([(sql, params)])[0].fetchall()]

    def run(self, sql: str, params: Mapping[str, object]) -> int:
        return self.run_all([(sql, params)])[0]

    def run_all(self, statements: Sequence[Said | Lines]) -> list[int]:
        return [max(cursor.rowcount, 0) for cursor in self._execute(statements)]

    def commit(self, *, told: int | None = None) -> None:
        if self._begin is None:
            with self._connection.pipeline() if told is not None else nullcontext():
                if told is not None:
                    self._connection.execute("SELECT pg_notify(%s, %s)", (peers.CHANNEL, peers.word(told)))
                self._connection.execute("COMMIT")
        self.committed = True


class PostgresEngine:
    """The way to grow: several processes on one server."""

    name = "postgresql"
    sole_writer = False

    def __init__(self, url: str, council_id: str = "", *, size: int = 12) -> None:
        """Connect once to see that the server answers. Rows of other councils than this are out of sight.

        Raises:
            StoreError: `unreachable` with the server's own words.
        """
        self.url = url
        self.council_id = council_id
        self._leases = peers.Leases(url)
        self._listeners: list[peers.Listener] = []
        self._idle: list[psycopg.Connection[tuple[Any, ...]]] = []
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(size)
        with self._borrowed():
            pass

    def _connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        try:
            connection = psycopg.connect(self.url, autocommit=True, connect_timeout=10)
            connection.execute("SET TIME ZONE 'UTC'")
            connection.execute("SET lock_timeout = '15s'")
            connection.execute("SELECT set_config('tasuki.council', %s, false)", (self.council_id,))
        except psycopg.Error as error:
            raise StoreError("unreachable", detail=str(error)[:300]) from error
        return connection

    @contextmanager
    def _borrowed(self) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        if not self._places.acquire(timeout=WRITER_WAIT_SECONDS):
            raise StoreError("busy")
        try:
            with self._guard:
                connection = self._idle.pop() if self._idle else None
            connection = connection if connection and not connection.closed else self._connect()
            try:
                yield connection
            finally:
                if connection.closed or connection.broken:
                    connection.close()
                else:
                    with self._guard:
                        self._idle.append(connection)
        finally:
            self._places.release()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        with self._borrowed() as raw:
            connection = _PostgresConnection(raw, begin)
            try:
                yield connection
            except (
                psycopg.errors.UniqueViolation,
                psycopg.errors.SerializationFailure,
                psycopg.errors.DeadlockDetected,
                psycopg.errors.LockNotAvailable,
            ) as error:
                raise ConflictError(str(error)) from error
            except psycopg.OperationalError as error:
                raise StoreError("unreachable", detail=str(error)[:300]) from error
            finally:
                if not connection.committed:
                    with suppress(psycopg.Error):
                        raw.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One writer of this process at a time, as in DuckDB; between processes the journal's head decides.

        READ COMMITTED; rows are guarded by version, and the head is the first row that a flush changes.
        """
        if not self._turn.acquire(timeout=WRITER_WAIT_SECONDS):
            raise StoreError("busy")
        try:
            with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED") as connection:
                yield connection
        finally:
            self._turn.release()

    def snapshot(self, *, remember: bool = False) -> AbstractContextManager[Connection]:  # noqa: ARG002
        """One consistent view. Others may write too: nothing is remembered."""
        return self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def lock_schema(self, connection: Connection) -> None:
        """An advisory lock: of two that start together one makes the tables, the other finds them."""
        connection.rows("SELECT pg_advisory_xact_lock($lock)", {"lock": SCHEMA_LOCK})

    def guard(self) -> None:
        """Triggers of the journal; row-level security and indexes of every table with a council's rows."""
        with self.write() as connection:
            self.lock_schema(connection)
            connection.run(
                "CREATE OR REPLACE FUNCTION journal_guard() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN RAISE EXCEPTION ''journal is append-only''; END'",
                {},
            )
            connection.run(
                "CREATE OR REPLACE TRIGGER journal_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
                "FOR EACH STATEMENT EXECUTE FUNCTION journal_guard()",
                {},
            )
            connection.run(COUNCIL_ROLES, {})
            connection.run(COUNCIL_FUNCTION, {})
            for row in connection.rows(UNGUARDED, {}):
                table = '"' + str(row[0]) + '"'
                connection.run(
                    f"CREATE POLICY own_council ON {table} USING (council_id = (SELECT tasuki_council()))", {}
                )
                connection.run(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", {})
                connection.run(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY", {})
            present = {str(row[0]) for row in connection.rows(PRESENT_INDEXES, {})}
            for name, what in indexes().items():
                if name not in present:
                    connection.run(f"CREATE INDEX {name} ON {what}", {})
            connection.commit()

    def listen(self, told: Callable[[int | None], None]) -> None:
        """Hear of other processes' commits within a moment, and again after the server was away."""
        self._listeners.append(peers.Listener(self.url, told))

    def holds(self, duty: str) -> bool:
        """By an advisory lock: whoever ends, by whatever, lets go of it."""
        return self._leases.holds(duty)

    def close(self) -> None:
        """Close the idle connections, end the listeners, let go of what was held."""
        for listener in self._listeners:
            listener.close()
        self._leases.close()
        with self._guard:
            for connection in self._idle:
                connection.close()
            self._idle.clear()
