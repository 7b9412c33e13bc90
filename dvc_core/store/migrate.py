"""Numbered migrations, forward only. The tables of a database follow its structs.

A folded table whose shape changed is dropped, made anew and refolded from the journal; a personal or
technical table gets its new columns by a numbered step that makes a new table and copies.
"""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from dvc_core.domain.kernel import Row, Stored
from dvc_core.store.schema import columns, create_journal_sql, create_sql, declared

if TYPE_CHECKING:
    from dvc_core.store.database import Database
    from dvc_core.store.engine import Connection


def _shape() -> str:
    said = "\n".join([*create_journal_sql(), *(create_sql(cls) for cls in declared().values())])
    return hashlib.sha256(said.encode()).hexdigest()


SHAPE = _shape()
"""The digest of every table's shape in this version of the program."""


def migrate(database: "Database", *, now: datetime) -> bool:
    """Bring an older database to this version's shape in one transaction; whether anything was done."""
    with database.engine.snapshot() as connection:
        last = connection.rows(
            "SELECT number, shape FROM migration ORDER BY number DESC NULLS LAST LIMIT 1", {}
        )
    number, shape = last[0]
    if shape == SHAPE:
        return False
    with database.unit() as unit:
        present = _present(unit.connection)
        refold = set()
        if "commits" not in present["journal_head"]:
            unit.connection.run("ALTER TABLE journal_head ADD COLUMN commits BIGINT DEFAULT 0", {})
        for cls in declared().values():
            wanted = {column.name for column in columns(cls)} | {"council_id"}
            if cls.table not in present:
                unit.connection.run(create_sql(cls), {})
            elif present[cls.table] == wanted:
                continue
            elif issubclass(cls, Row):
                unit.connection.run(f"DROP TABLE {cls.table}", {})
                unit.connection.run(create_sql(cls), {})
            else:
                _copy(unit.connection, cls, present[cls.table])
            if issubclass(cls, Row):
                refold.add(cls)
        unit.refold(refold)
        unit.connection.run(
            "INSERT INTO migration (number, name, shape, applied_at) VALUES ($number, 'shape', $shape, $now)",
            {"number": int(number) + 1, "shape": SHAPE, "now": now},
        )
        unit.commit()
    return True


def _present(connection: "Connection") -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table, column in connection.rows(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema()",
        {},
    ):
        found.setdefault(table, set()).add(column)
    return found


def _copy(connection: "Connection", cls: type[Stored], present: set[str]) -> None:
    """A personal or technical table in its new shape, with what the old one had; new columns must be null."""
    names = ["council_id", *(column.name for column in columns(cls) if column.name in present)]
    listed = ", ".join(f'"{name}"' for name in names)
    connection.run(f"ALTER TABLE {cls.table} RENAME TO {cls.table}_old", {})
    connection.run(create_sql(cls), {})
    connection.run(f"INSERT INTO {cls.table} ({listed}) SELECT {listed} FROM {cls.table}_old", {})
    connection.run(f"DROP TABLE {cls.table}_old", {})
