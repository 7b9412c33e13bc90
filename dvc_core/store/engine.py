"""What an engine is to the rest of the store: a write transaction, a snapshot, statements with `$name`."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

WRITER_WAIT_SECONDS = 20.0
"""A write waits this long for its turn and then says so, rather than freezing a desk."""


Said = tuple[str, Mapping[str, object]]
"""A statement and its parameters."""


class Lines(NamedTuple):
    """New rows of one table: each engine has its own fastest way to take many of them.

    `types` are SQL types, `lines` the values in the order of `names`.
    """

    table: str
    names: Sequence[str]
    types: Sequence[str]
    lines: Sequence[Sequence[object]]

    def said(self) -> Said:
        """As a plain INSERT."""
        values, params = values_list(self.lines)
        return f"INSERT INTO {self.table} ({self.quoted}) VALUES {values}", params

    @property
    def quoted(self) -> str:
        """The list of columns."""
        return ", ".join(f'"{name}"' for name in self.names)


class Connection(Protocol):
    """Statements inside one transaction. `for_update` ends a SELECT that locks its rows."""

    for_update: str

    def rows(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """The result of a query."""
        ...

    def run(self, sql: str, params: Mapping[str, object]) -> int:
        """Run a statement; the number of rows it changed."""
        ...

    def run_all(self, statements: Sequence[Said | Lines]) -> list[int]:
        """Run statements in order; the number of rows that each changed."""
        ...

    def commit(self, *, told: int | None = None) -> None:
        """Make it last. A transaction that is left without this is rolled back.

        `told`: where the journal stands since, for other processes on the same database.
        """
        ...


class Engine(Protocol):
    """One database of one process."""

    name: str
    sole_writer: bool
    """Whether nobody but this process can write to the database while it is open."""

    def write(self) -> AbstractContextManager[Connection]:
        """A write transaction; rolled back unless its `commit()` was called."""
        ...

    def snapshot(self, *, remember: bool = False) -> AbstractContextManager[Connection]:
        """A read transaction; close it before anything is drawn.

        With `remember` the engine may answer what it was asked before, if nothing was committed since.
        """
        ...

    def lock_schema(self, connection: Connection) -> None:
        """Until the transaction of `connection` ends, no other process makes or changes tables."""
        ...

    def guard(self) -> None:
        """Refuse UPDATE and DELETE on the journal, from now on and by anyone.

        Where a server keeps several councils, each sees its own rows only.
        """
        ...

    def listen(self, told: Callable[[int | None], None]) -> None:
        """Hear of the commits of other processes: where the journal stands; None after a time of deafness."""
        ...

    def holds(self, duty: str) -> bool:
        """Whether of all processes on this database it is this one that sees to `duty`, now."""
        ...

    def close(self) -> None:
        """Give the database back."""
        ...


def in_utc(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row with its moments in UTC."""
    return tuple(value.astimezone(UTC) if isinstance(value, datetime) else value for value in row)


def values_list(
    rows: Sequence[Sequence[object]], types: Sequence[str] | None = None
) -> tuple[str, dict[str, object]]:
    """A VALUES list and its parameters.

    An INSERT takes the types from its table; elsewhere `types` keeps the type of a NULL on both engines.
    """
    params: dict[str, object] = {}
    lines = []
    for r, row in enumerate(rows):
        cells = []
        for c, value in enumerate(row):
            params[f"v{r}_{c}"] = value
            cells.append(f"CAST($v{r}_{c} AS {types[c]})" if types else f"$v{r}_{c}")
        lines.append(f"({', '.join(cells)})")
    return ", ".join(lines), params
