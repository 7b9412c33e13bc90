"""The two engines behind one small face: a write transaction, a read snapshot, statements with `$name`."""

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, cast

import duckdb
import psycopg
from psycopg import sql as pgsql

from dvc_core.ports import ConflictError, StoreError

WRITER_WAIT_SECONDS = 20.0
"""A write waits this long for its turn and then says so, rather than freezing a desk."""


class Connection(Protocol):
    """Statements inside one transaction. `for_update` ends a SELECT that locks its rows."""

    for_update: str

    def rows(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """The result of a query."""
        ...

    def run(self, sql: str, params: Mapping[str, object]) -> int:
        """Run a statement; the number of rows it changed."""
        ...

    def commit(self) -> None:
        """Make it last. A transaction that is left without this is rolled back."""
        ...


class Engine(Protocol):
    """One database of one process."""

    name: str

    def write(self) -> AbstractContextManager[Connection]:
        """A write transaction; rolled back unless its `commit()` was called."""
        ...

    def snapshot(self) -> AbstractContextManager[Connection]:
        """A read transaction; close it before anything is drawn."""
        ...

    def guard_journal(self) -> None:
        """Refuse UPDATE and DELETE on the journal, from now on and by anyone."""
        ...

    def close(self) -> None:
        """Give the database back."""
        ...


def _utc(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(value.astimezone(UTC) if isinstance(value, datetime) else value for value in row)


# --------------------------------------------------------------------------------------------- DuckDB


class _DuckConnection:
    for_update = ""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self.committed = False

    def rows(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        return [_utc(row) for row in self._cursor.execute(sql, dict(params) or None).fetchall()]

    def run(self, sql: str, params: Mapping[str, object]) -> int:
        answer = self._cursor.execute(sql, dict(params) or None)
        row = answer.fetchone() if answer.description else None
        return int(row[0]) if row and isinstance(row[0], int) else 0

    def commit(self) -> None:
        self._cursor.execute("COMMIT")
        self.committed = True


class DuckEngine:
    """The embedded default: one process, one file, one writer at a time."""

    name = "duckdb"

    def __init__(self, path: Path) -> None:
        """Open the file, making it when it is not there.

        Raises:
            StoreError: `held` when another process has it, `broken` when it cannot be read, `no-space`.
        """
        self.path = path
        self._lock = threading.Lock()
        self._lost = False
        self._open()

    def _open(self) -> None:
        try:
            self._root = duckdb.connect(str(self.path), config={"autoinstall_known_extensions": "false"})
            self._root.execute("SET TimeZone = 'UTC'")
        except duckdb.Error as error:
            code = _duck_code(str(error))
            raise StoreError(code, file=self.path.name, detail=str(error)[:300]) from error
        self._writer = self._root.cursor()

    def _found_again(self) -> None:
        """Open anew after a fatal error (a checkpoint met a full disk): DuckDB serves nothing until then."""
        if self._lost:
            with suppress(duckdb.Error):
                self._writer.close()
                self._root.close()
            self._open()
            self._lost = False

    def _told(self, error: duckdb.Error) -> Exception:
        self._lost = self._lost or isinstance(error, duckdb.FatalException)
        return _duck_error(error)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One write transaction at a time; whatever leaves it without `commit()` leaves no trace."""
        if not self._lock.acquire(timeout=WRITER_WAIT_SECONDS):
            raise StoreError("busy")
        try:
            self._found_again()
            with self._transaction() as connection:
                yield connection
        finally:
            self._lock.release()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        connection = _DuckConnection(self._writer)
        try:
            self._writer.execute("BEGIN TRANSACTION")
            yield connection
        except duckdb.Error as error:
            raise self._told(error) from error
        finally:
            if not connection.committed:
                # Also after a failed COMMIT, which leaves the transaction open for the next writer.
                with suppress(duckdb.Error):
                    self._writer.execute("ROLLBACK")

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A cursor of its own in one read transaction."""
        if self._lost:
            with self._lock:
                self._found_again()
        cursor = self._root.cursor()
        try:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            yield _DuckConnection(cursor)
        except duckdb.Error as error:
            raise self._told(error) from error
        finally:
            with suppress(duckdb.Error):
                cursor.execute("ROLLBACK")
            cursor.close()

    def guard_journal(self) -> None:
        """Statement triggers. They survive a reopen but not COPY FROM DATABASE: made at every open."""
        with self.write() as connection:
            connection.run("CREATE TABLE IF NOT EXISTS journal_guard (said TEXT)", {})
            for act in ("UPDATE", "DELETE"):
                connection.run(
                    f"CREATE TRIGGER IF NOT EXISTS journal_no_{act.lower()} AFTER {act} ON journal "
                    "FOR EACH STATEMENT INSERT INTO journal_guard SELECT error('journal is append-only')",
                    {},
                )
            connection.commit()

    def checkpoint(self) -> None:
        """Move the log into the file; refused by DuckDB while readers are open, which does no harm."""
        with suppress(duckdb.Error):
            self._root.execute("CHECKPOINT")

    def close(self) -> None:
        """Wait for the writer, then close the file."""
        with self._lock:
            self._writer.close()
            self._root.close()


def _duck_code(said: str) -> str:
    lowered = said.lower()
    if "lock" in lowered or "being used by another process" in lowered:
        return "held"
    if "no space" in lowered or "disk full" in lowered or "could not write" in lowered:
        return "no-space"
    return "broken"


def _duck_error(error: duckdb.Error) -> Exception:
    said = str(error)
    # A commit that finds the disk full comes as a TransactionException, as if two writers had met.
    if isinstance(error, duckdb.TransactionException) and _duck_code(said) == "no-space":
        return StoreError("no-space", detail=said[:300])
    if isinstance(error, duckdb.TransactionException | duckdb.ConstraintException):
        return ConflictError(said)
    if isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.OutOfMemoryException):
        return StoreError(_duck_code(said), detail=said[:300])
    return error


# ----------------------------------------------------------------------------------------- PostgreSQL

_NAMED = re.compile(r"\$([a-z_][a-z0-9_]*)", re.IGNORECASE)


def to_psycopg(sql: str) -> str:
    """`$name` as psycopg writes it; a literal % is doubled first."""
    return _NAMED.sub(r"%(\1)s", sql.replace("%", "%%"))


class _PostgresConnection:
    for_update = " FOR UPDATE"

    def __init__(self, connection: "psycopg.Connection[tuple[Any, ...]]") -> None:
        self._connection = connection
        self.committed = False

    def _execute(self, sql: str, params: Mapping[str, object]) -> "psycopg.Cursor[tuple[Any, ...]]":
        query = pgsql.SQL(cast("Any", to_psycopg(sql)))
        return self._connection.execute(query, dict(params))

    def rows(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        return [_utc(row) for row in self._execute(sql, params).fetchall()]

    def run(self, sql: str, params: Mapping[str, object]) -> int:
        return max(self._execute(sql, params).rowcount, 0)

    def commit(self) -> None:
        self._connection.execute("COMMIT")
        self.committed = True


class PostgresEngine:
    """The way to grow: several processes on one server."""

    name = "postgresql"

    def __init__(self, url: str, *, size: int = 12) -> None:
        """Connect once to see that the server answers.

        Raises:
            StoreError: `unreachable` with the server's own words.
        """
        self.url = url
        self._idle: list[psycopg.Connection[tuple[Any, ...]]] = []
        self._guard = threading.Lock()
        self._places = threading.BoundedSemaphore(size)
        with self._borrowed():
            pass

    def _connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        try:
            connection = psycopg.connect(self.url, autocommit=True, connect_timeout=10)
            connection.execute("SET TIME ZONE 'UTC'")
            connection.execute("SET lock_timeout = '15s'")
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
            connection = _PostgresConnection(raw)
            try:
                raw.execute(cast("Any", begin))
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

    def write(self) -> AbstractContextManager[Connection]:
        """READ COMMITTED; rows are guarded by version, commits ordered by the head's row lock."""
        return self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED")

    def snapshot(self) -> AbstractContextManager[Connection]:
        """One consistent view."""
        return self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def guard_journal(self) -> None:
        """Row and TRUNCATE triggers."""
        with self.write() as connection:
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
            connection.commit()

    def close(self) -> None:
        """Close the idle connections."""
        with self._guard:
            for connection in self._idle:
                connection.close()
            self._idle.clear()


def connect(database: Path | str) -> DuckEngine | PostgresEngine:
    """The engine for a file path or a `postgresql://` address."""
    if isinstance(database, str) and database.startswith(("postgresql://", "postgres://")):
        return PostgresEngine(database)
    return DuckEngine(Path(database))


def values_list(rows: Sequence[Sequence[object]], types: Sequence[str]) -> tuple[str, dict[str, object]]:
    """A VALUES list with typed parameters, so that NULLs keep their type on both engines."""
    params: dict[str, object] = {}
    lines = []
    for r, row in enumerate(rows):
        cells = []
        for c, (value, kind) in enumerate(zip(row, types, strict=True)):
            params[f"v{r}_{c}"] = value
            cells.append(f"CAST($v{r}_{c} AS {kind})")
        lines.append(f"({', '.join(cells)})")
    return ", ".join(lines), params
