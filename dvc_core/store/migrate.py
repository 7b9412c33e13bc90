"""Numbered migrations, forward only. The tables of a database follow their structs.

A folded table whose shape changed is dropped, made anew and refolded from the journal; a personal or
technical one is made anew and its rows copied, lifted where the new shape asks for more. All of it is one
transaction with its record, behind a verified backup: whatever ends it half way, the database is as before.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from dvc_core.domain.kernel import Row, Stored
from dvc_core.ports import ConflictError, StoreError
from dvc_core.store import saving
from dvc_core.store.schema import (
    LEVEL,
    body_of_row,
    columns,
    create_journal_sql,
    create_sql,
    declared,
    lifted,
)

if TYPE_CHECKING:
    from dvc_core.store.database import Database
    from dvc_core.store.engine import Connection

CHUNK = 200
"""Rows in one statement of a copy."""
NEW_COLUMNS = {
    "journal_head": {"commits": "BIGINT DEFAULT 0"},
    "migration": {"level": "INTEGER", "tables": "TEXT"},
}
"""What was added to the tables that no struct declares."""


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode()).hexdigest()


def shapes() -> dict[str, str]:
    """A digest of every declared table's shape in this version of the program."""
    return {name: _digest(create_sql(cls))[:16] for name, cls in declared().items()}


SHAPE = _digest("\n".join([*create_journal_sql(), *(create_sql(cls) for cls in declared().values())]))
"""The digest of all tables together."""


class State(NamedTuple):
    """What a database says of its own shape. `tables` is empty where only a first version wrote it."""

    number: int
    shape: str
    level: int
    tables: dict[str, str]


def record(number: int, name: str, now: datetime) -> tuple[str, dict[str, object]]:
    """The statement that notes this version's shape as step `number`."""
    names = "number, name, shape, applied_at, level, tables"
    return (
        f"INSERT INTO migration ({names}) VALUES ($number, $name, $shape, $now, $level, $tables)",
        {
            "number": number,
            "name": name,
            "shape": SHAPE,
            "now": now,
            "level": LEVEL,
            "tables": json.dumps(shapes(), sort_keys=True),
        },
    )


def migrate(
    database: "Database", *, now: datetime, before: Callable[["Database"], object] | None = None
) -> bool:
    """Bring an older database to this version's shape; whether anything was done.

    Args:
        database: nobody works with it yet.
        now: for the record.
        before: called when something is to be done, before anything is: it makes the verified backup.

    Raises:
        StoreError: `newer` when a later version of the program made its tables; `busy` when another process
            works with them; whatever `before` raises. The database is as it was then.
    """
    with database.engine.snapshot() as connection:
        state = _state(connection)
    if state.level > LEVEL:
        raise StoreError("newer", level=state.level, known=LEVEL)
    if state.shape == SHAPE:
        return False
    if before is not None:
        before(database)
    try:
        with database.unit() as unit:
            database.engine.lock_schema(unit.connection)
            state = _state(unit.connection)
            if state.shape == SHAPE:  # another process was first
                return False
            unit.refold(_reshaped(unit.connection, state))
            unit.connection.run(*record(state.number + 1, "shape", now))
            unit.commit()
    except ConflictError as error:
        raise StoreError("busy", detail=str(error)[:200]) from error
    return True


def _state(connection: "Connection") -> State:
    known = "level" in present_columns(connection)["migration"]
    more = ", level, tables" if known else ""
    row = connection.rows(
        f"SELECT number, shape{more} FROM migration ORDER BY number DESC NULLS LAST LIMIT 1", {}
    )[0]
    level, tables = row[2:] if known else (None, None)
    return State(int(row[0]), row[1], level or 1, json.loads(tables or "{}"))


def _reshaped(connection: "Connection", state: State) -> set[type[Row]]:
    """Give every table its present shape; the folded ones are empty then, and are the answer."""
    present, wanted = present_columns(connection), shapes()
    for table, added in NEW_COLUMNS.items():
        for column, sql in added.items():
            if column not in present[table]:
                connection.run(f"ALTER TABLE {table} ADD COLUMN {column} {sql}", {})
    refold: set[type[Row]] = set()
    for name, cls in declared().items():
        named = {column.name for column in columns(cls)} | {"council_id"}
        if name not in present:
            connection.run(create_sql(cls), {})
        elif state.tables.get(name, wanted[name]) == wanted[name] and present[name] == named:
            continue
        elif issubclass(cls, Row):
            connection.run(f"DROP TABLE {name}", {})
            connection.run(create_sql(cls), {})
        else:
            _copy(connection, cls, present[name])
        if issubclass(cls, Row):
            refold.add(cls)
    return refold


def present_columns(connection: "Connection") -> dict[str, set[str]]:
    """The columns that every table of the database has, whichever version made it."""
    found: dict[str, set[str]] = {}
    for table, column in connection.rows(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema()",
        {},
    ):
        found.setdefault(table, set()).add(column)
    return found


def bodies(
    connection: "Connection", cls: type[Stored], council_id: str, present: set[str], *, table: str = ""
) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table in pages, each row as `lifted` takes it, whatever version made the table.

    Args:
        connection: inside its transaction.
        cls: what the table holds.
        council_id: whose rows.
        present: the table's columns (`present_columns`).
        table: its name, where that is not the class's.
    """
    names = sorted(present - {"council_id"})
    listed, at = ", ".join(f'"{name}"' for name in names), names.index("id")
    params: dict[str, Any] = {"council": council_id, "limit": CHUNK}
    more = ""
    while page := connection.rows(
        f"SELECT {listed} FROM {table or cls.table} WHERE council_id = $council {more}"
        "ORDER BY id NULLS LAST LIMIT $limit",
        params,
    ):
        yield [body_of_row(cls, dict(zip(names, row, strict=True))) for row in page]
        more, params = "AND id > $after ", {**params, "after": page[-1][at]}


def _copy(connection: "Connection", cls: type[Stored], present: set[str]) -> None:
    """A personal or technical table in its new shape, with every row of the old one lifted into it."""
    name, old = cls.table, f"{cls.table}_old"
    connection.run(f"ALTER TABLE {name} RENAME TO {old}", {})
    connection.run(create_sql(cls), {})
    for row in connection.rows(f"SELECT DISTINCT council_id FROM {old}", {}):
        council = str(row[0])
        for page in bodies(connection, cls, council, present, table=old):
            connection.run_all([saving.insert(cls, [lifted(cls, body) for body in page], council).said])
    connection.run(f"DROP TABLE {old}", {})
