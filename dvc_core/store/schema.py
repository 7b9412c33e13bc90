"""Tables from structs: a row class of the domain declares its columns once, and its kind with its base."""

import types
import typing
import uuid
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec

from dvc_core.domain.kernel import Personal, Row, Stored, Technical, tables

LEVEL = 2
"""Counts the shapes of the tables in released versions; `tests/store/test_migrate.py` has their digests.

1: the journal, the rows and the count of commits. 2: `activity_day.people`, and the level itself.
"""

S = TypeVar("S", bound=Stored)
Kind = Literal["folded", "personal", "technical", "journal"]

JOURNAL_COLUMNS: dict[str, str] = {
    "council_id": "TEXT",
    "seq": "BIGINT",
    "entry_id": "UUID",
    "command_id": "UUID",
    "nth": "INTEGER",
    "operation_id": "UUID",
    "kind": "TEXT",
    "subject": "TEXT",
    "subject_id": "UUID",
    "version": "INTEGER",
    "occurred_at": "TIMESTAMPTZ",
    "recorded_at": "TIMESTAMPTZ",
    "actor_id": "TEXT",
    "station": "TEXT",
    "source": "TEXT",
    "schema": "INTEGER",
    "body": "TEXT",
    "supersedes": "UUID",
    "content": "TEXT",
    "prev_hash": "TEXT",
    "hash": "TEXT",
}
"""`content` is a keyed digest of the whole command (its key lies in `meta`): it tells a photocopied form from
a repeat without keeping what was written on it."""

_SIMPLE: dict[Any, str] = {
    uuid.UUID: "UUID",
    str: "TEXT",
    int: "BIGINT",
    float: "DOUBLE PRECISION",
    bool: "BOOLEAN",
    date: "DATE",
    datetime: "TIMESTAMPTZ",
    time: "TEXT",
    bytes: "TEXT",
}


class Column(NamedTuple):
    """One column: its name, its type in both engines, whether it may be null, and how Python holds it."""

    name: str
    sql: str
    null: bool
    python: Any


def _bare(annotation: Any) -> tuple[Any, bool]:  # noqa: ANN401 - annotations are of any shape
    """The annotation without None and metadata, and whether None was allowed."""
    if get_origin(annotation) is typing.Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        bare, _ = _bare(inner[0])
        return bare, len(inner) < len(get_args(annotation))
    return annotation, False


@cache
def columns(cls: type[Stored]) -> tuple[Column, ...]:
    """The columns of a row class, `id` and `version` first. Tuples and structs are kept as JSON text."""
    found = []
    for field in msgspec.structs.fields(cls):
        bare, null = _bare(field.type)
        if bare in _SIMPLE:
            sql = _SIMPLE[bare]
        elif isinstance(bare, type) and issubclass(bare, StrEnum):
            sql = "TEXT"
        else:
            sql = "TEXT"
            bare = field.type
        found.append(Column(field.name, "INTEGER" if field.name == "version" else sql, null, bare))
    return tuple(found)


def _plain(column: Column) -> bool:
    return column.python in _SIMPLE or (
        isinstance(column.python, type) and issubclass(column.python, StrEnum)
    )


def to_row(stored: Stored, council_id: str) -> list[object]:
    """The values of a struct in the order of its table's columns, the council first."""
    values: list[object] = [council_id]
    for column in columns(type(stored)):
        value = getattr(stored, column.name)
        if value is None or (_plain(column) and not isinstance(value, StrEnum | time | bytes)):
            values.append(value)
        elif isinstance(value, StrEnum):
            values.append(value.value)
        elif isinstance(value, time):
            values.append(value.isoformat())
        elif isinstance(value, bytes):
            values.append(value.hex())
        else:
            values.append(msgspec.json.encode(value, order="deterministic").decode())
    return values


def from_row(cls: type[S], row: tuple[Any, ...]) -> S:
    """The struct of a row read by `select_columns`."""
    facts: dict[str, Any] = {}
    for column, value in zip(columns(cls), row, strict=True):
        if value is None or (_plain(column) and column.python not in (time, bytes)):
            is_enum = value is not None and issubclass(column.python, StrEnum)
            facts[column.name] = column.python(value) if is_enum else value
        elif column.python is time:
            facts[column.name] = time.fromisoformat(value)
        elif column.python is bytes:
            facts[column.name] = bytes.fromhex(value)
        else:
            facts[column.name] = msgspec.json.decode(value, type=column.python)
    return cls(**facts)


def body_of_row(cls: type[Stored], row: dict[str, Any]) -> dict[str, Any]:
    """The body of a row by its columns, as JSON would hold it; columns that are no more stay as they are."""
    known = {column.name: column for column in columns(cls)}
    for name, value in row.items():
        column = known.get(name)
        if value is None or column is None:
            continue
        if column.python is bytes:
            row[name] = bytes.fromhex(value)
        elif not _plain(column):
            row[name] = msgspec.json.decode(value)
    return row


def lifted(cls: type[S], body: dict[str, Any]) -> S:
    """The row of a body that this or an earlier version wrote.

    Raises:
        msgspec.ValidationError: when it does not become a row; the class's `lift` lacks a word then.
    """
    facts = cls.lift(dict(body))
    for column in columns(cls):
        if column.null:
            facts.setdefault(column.name, None)
    return msgspec.convert(facts, cls, strict=False)


@cache
def select_columns(cls: type[Stored]) -> str:
    """The column list of a SELECT."""
    return ", ".join(f'"{column.name}"' for column in columns(cls))


def kind_of(cls: type[Stored]) -> Kind:
    """folded, personal or technical, by the class's base."""
    return "folded" if issubclass(cls, Row) else "personal" if issubclass(cls, Personal) else "technical"


def declared() -> dict[str, type[Stored]]:
    """Every table by its name."""
    found: dict[str, type[Stored]] = {}
    for base in (Row, Personal, Technical):
        found.update(tables(base))
    return dict(sorted(found.items()))


def create_sql(cls: type[Stored]) -> str:
    """CREATE TABLE for one row class."""
    lines = ["council_id TEXT NOT NULL"]
    lines += [f'"{c.name}" {c.sql}{"" if c.null else " NOT NULL"}' for c in columns(cls)]
    return f"CREATE TABLE {cls.table} ({', '.join(lines)}, PRIMARY KEY (id))"


def create_journal_sql() -> list[str]:
    """The journal, its head per council, and what this database is."""
    null = {"supersedes"}
    lines = [f'"{n}" {t}{"" if n in null else " NOT NULL"}' for n, t in JOURNAL_COLUMNS.items()]
    return [
        f"CREATE TABLE journal ({', '.join(lines)}, PRIMARY KEY (council_id, seq), UNIQUE (command_id, nth))",
        _HEAD,
        _META,
        _MIGRATION,
    ]


_HEAD = """CREATE TABLE journal_head (
    council_id TEXT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL,
    commits BIGINT NOT NULL)"""
_META = """CREATE TABLE meta (
    database_id TEXT NOT NULL PRIMARY KEY, council_id TEXT NOT NULL, drill TEXT,
    made_at TIMESTAMPTZ NOT NULL, content_key TEXT NOT NULL)"""
_MIGRATION = """CREATE TABLE migration (
    number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, shape TEXT NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL, level INTEGER, tables TEXT)"""
