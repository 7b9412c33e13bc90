"""DuckDB behind the engine's face: one process, one file, one writer at a time."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dvc_core.ports import ConflictError, StoreError
from dvc_core.store.answers import Answers
from dvc_core.store.engine import WRITER_WAIT_SECONDS, Connection, Lines, Said, in_utc

MANY = 50
"""From so many rows on they are handed over as columns: ten times as fast as naming each value."""

_ARROW: dict[str, pa.DataType] = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE PRECISION": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMPTZ": pa.timestamp("us", "UTC"),
}


def arrow_table(new: Lines) -> pa.Table:
    """Rows as columns; ids go as text, which the table they are put into turns back."""
    columns = []
    for values, sql in zip(zip(*new.lines, strict=True), new.types, strict=True):
        told = [None if value is None else str(value) for value in values] if sql == "UUID" else list(values)
        columns.append(pa.array(told, _ARROW.get(sql, pa.string())))
    return pa.table(dict(zip(new.names, columns, strict=True)))


class _DuckConnection:
    for_update = ""

    def __init__(self, cursor: duckdb.DuckDBPyConnection | None, answers: Answers) -> None:
        self._cursor = cursor
        self._answers = answers
        self.committed = False

    def _opened(self) -> duckdb.DuckDBPyConnection:
        assert self._cursor is not None
        return self._cursor

    def rows(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        return [in_utc(row) for row in self._opened().execute(sql, dict(params) or None).fetchall()]

    def run(self, sql: str, params: Mapping[str, object]) -> int:
        answer = self._opened().execute(sql, dict(params) or None)
        row = answer.fetchone() if answer.description else None
        return int(row[0]) if row and isinstance(row[0], int) else 0

    def run_all(self, statements: Sequence[Said | Lines]) -> list[int]:
        return [self._take(each) if isinstance(each, Lines) else self.run(*each) for each in statements]

    def _take(self, new: Lines) -> int:
        if len(new.lines) < MANY:
            return self.run(*new.said())
        cursor = self._opened()
        cursor.register("new_lines", arrow_table(new))
        try:
            return self.run(f"INSERT INTO {new.table} ({new.quoted}) SELECT * FROM new_lines", {})
        finally:
            cursor.unregister("new_lines")

    def commit(self, *, told: int | None = None) -> None:  # noqa: ARG002 - nobody else is there
        with self._answers.committing():
            self._opened().execute("COMMIT")
        self.committed = True


class _Snapshot(_DuckConnection):
    """What stands as it begins.

    One that remembers opens its transaction when something is asked that nobody asked before. A commit that
    comes first has it opened before it takes place, so that both ways see the same.
    """

    def __init__(self, root: duckdb.DuckDBPyConnection, answers: Answers, *, remember: bool) -> None:
        super().__init__(None, answers)
        self._root = root
        self._lock = threading.Lock()
        self._failed: duckdb.Error | None = None
        self._ended = False
        self._state = answers.enter(self._pin) if remember else None
        if self._state is None:
            self._pin()

    def _pin(self) -> None:
        with self._lock:
            if self._cursor is None and self._failed is None and not self._ended:
                try:
                    self._cursor = _pinned(self._root)
                except duckdb.Error as error:
                    self._failed = error

    def _opened(self) -> duckdb.DuckDBPyConnection:
        self._pin()
        if self._cursor is None:
            raise self._failed or duckdb.ConnectionException("the snapshot has ended")
        return self._cursor

    def rows(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        known = None if self._state is None else self._answers.get(self._state, sql, params)
        if known is None:
            known = super().rows(sql, params)
            if self._state is not None:
                self._answers.put(self._state, sql, params, known)
        return list(known)

    def end(self) -> None:
        self._answers.leave(self._pin)
        with self._lock:
            self._ended = True
            if self._cursor is not None:
                _close(self._cursor)


def _pinned(root: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A cursor in a read transaction, which sees what stands now."""
    cursor = root.cursor()
    try:
        cursor.execute("BEGIN TRANSACTION READ ONLY")
        # DuckDB takes the snapshot at a transaction's first statement, not at its BEGIN.
        cursor.execute("SELECT txid_current()")
    except BaseException:
        _close(cursor)
        raise
    return cursor


def _close(cursor: duckdb.DuckDBPyConnection) -> None:
    with suppress(duckdb.Error):
        cursor.execute("ROLLBACK")
    cursor.close()


def broken_mark(path: Path) -> Path:
    """The file that says of a database file: damage was met, look before it is used again."""
    return path.with_name(path.name + ".broken")


class DuckEngine:
    """The embedded default: one process, one file, one writer at a time."""

    name = "duckdb"
    sole_writer = True

    def __init__(self, path: Path) -> None:
        """Open the file, making it when it is not there.

        Raises:
            StoreError: `held` when another process has it, `broken` when it cannot be read, `no-space`.
        """
        self.path = path
        self._lock = threading.Lock()
        self._lost = False
        self._answers = Answers()
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
        told = _duck_error(error)
        if isinstance(told, StoreError) and told.code == "broken":
            # The next start looks at every row before anybody works with it.
            with suppress(OSError):
                broken_mark(self.path).touch()
        return told

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
        connection = _DuckConnection(self._writer, self._answers)
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
    def snapshot(self, *, remember: bool = False) -> Iterator[Connection]:
        """A read transaction on a cursor of its own, which sees what stands as it begins."""
        if self._lost:
            with self._lock:
                self._found_again()
        try:
            snapshot = _Snapshot(self._root, self._answers, remember=remember)
            try:
                yield snapshot
            finally:
                snapshot.end()
        except duckdb.Error as error:
            raise self._told(error) from error

    def lock_schema(self, connection: Connection) -> None:
        """Nothing to do: there is no other process."""

    def guard(self) -> None:
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

    def listen(self, told: Callable[[int | None], None]) -> None:
        """Nobody else commits."""

    def holds(self, duty: str) -> bool:  # noqa: ARG002 - every duty
        """There is only this process."""
        return True

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
    if "set lock" in lowered or "conflicting lock" in lowered or "being used by another process" in lowered:
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
    if "Corrupt database file" in said:
        return StoreError("broken", detail=said[:300])
    if isinstance(error, duckdb.IOException | duckdb.FatalException | duckdb.OutOfMemoryException):
        return StoreError(_duck_code(said), detail=said[:300])
    return error
