"""`tasuki export`: the journal as JSON Lines, every table as CSV and Parquet, for whoever wants to look."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dvc_core.domain.kernel import Technical
from dvc_core.store import journal
from dvc_core.store.database import Database
from dvc_core.store.schema import columns, declared

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs cells that begin so: they get an apostrophe before them in the CSV (DESIGN 9)."""


class ExportedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of an export."""

    name: str
    rows: int
    sha256: str


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS) else value


def export(database: Database, folder: Path) -> list[ExportedFile]:
    """Write everything into a folder; each file with its rows and digest."""
    folder.mkdir(parents=True, exist_ok=True)
    council = database.meta.council_id
    found = []
    with database.engine.snapshot() as connection:
        path = folder / "journal.jsonl"
        with path.open("wb") as file:
            count = 0
            for entry in journal.read_all(connection, council):
                file.write(msgspec.json.encode(entry) + b"\n")
                count += 1
        found.append(_said(path, count))
        for name, cls in declared().items():
            if issubclass(cls, Technical):
                continue  # sessions and credentials open doors and say nothing about the center
            names = [column.name for column in columns(cls)]
            listed = ", ".join(f'"{column}"' for column in names)
            rows = connection.rows(
                f"SELECT {listed} FROM {name} WHERE council_id = $council ORDER BY id NULLS LAST",
                {"council": council},
            )
            found += list(_table(folder, name, names, rows))
    return found


def _table(
    folder: Path, name: str, names: list[str], rows: list[tuple[object, ...]]
) -> Iterator[ExportedFile]:
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    frame["id"] = frame["id"].map(str)
    texts = frame.map(lambda value: str(value) if hasattr(value, "hex") and hasattr(value, "int") else value)
    csv = folder / f"{name}.csv"
    texts.map(_harmless).to_csv(csv, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    yield _said(csv, len(rows))
    parquet = folder / f"{name}.parquet"
    pq.write_table(pa.Table.from_pandas(texts, preserve_index=False), parquet)
    yield _said(parquet, len(rows))


def _said(path: Path, rows: int) -> ExportedFile:
    return ExportedFile(name=path.name, rows=rows, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
