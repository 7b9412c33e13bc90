"""A database as the first version of the program left it: its tables without what came later."""

from pathlib import Path

from dvc_core.domain.closing import Day
from dvc_core.domain.desk_log import DeskCaller
from dvc_core.domain.kernel import Stored
from dvc_core.domain.station import StationDuty
from dvc_core.store.database import connect
from dvc_core.store.engine import Connection
from dvc_core.store.schema import columns

COUNCIL = "13210"
NOT_YET: dict[type[Stored], set[str]] = {
    Day: {"people"},
    DeskCaller: {"unit"},
    StationDuty: {"used_at"},
}
"""Of a folded table, of a personal one (a text that is never null), of a technical one (may be null)."""


def made_earlier(location: Path | str) -> None:
    """Take off what the first version did not know; nobody has the database open."""
    engine = connect(location, COUNCIL)
    try:
        with engine.write() as connection:
            for cls, names in NOT_YET.items():
                _without(connection, cls, names)
            for column in ("level", "tables"):
                connection.run(f"ALTER TABLE migration DROP COLUMN {column}", {})
            connection.run("UPDATE migration SET shape = 'first', name = 'start', number = 1", {})
            connection.commit()
    finally:
        engine.close()


def _without(connection: Connection, cls: type[Stored], names: set[str]) -> None:
    kept = [column for column in columns(cls) if column.name not in names]
    lines = ", ".join(f'"{c.name}" {c.sql}{"" if c.null else " NOT NULL"}' for c in kept)
    listed = ", ".join(["council_id", *(f'"{column.name}"' for column in kept)])
    connection.run(f"CREATE TABLE was (council_id TEXT NOT NULL, {lines}, PRIMARY KEY (id))", {})
    connection.run(f"INSERT INTO was ({listed}) SELECT {listed} FROM {cls.table}", {})
    connection.run(f"DROP TABLE {cls.table}", {})
    connection.run(f"ALTER TABLE was RENAME TO {cls.table}", {})


def level_of(location: Path | str) -> list[tuple[int, int | None]]:
    """Number and level of every step that the database took, by its own word; -1 before there were levels."""
    engine = connect(location)
    try:
        with engine.snapshot() as connection:
            found = connection.rows(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'migration' "
                "AND column_name = 'level' AND table_schema = current_schema()",
                {},
            )
            level = "level" if found else "-1"
            return [
                (int(row[0]), None if row[1] is None else int(row[1]))
                for row in connection.rows(
                    f"SELECT number, {level} FROM migration ORDER BY number NULLS LAST", {}
                )
            ]
    finally:
        engine.close()
