"""The unit of work: load, decide, save and journal in one transaction, for one command or a batch of them.

It buffers what it writes and serves its own reads from the buffer, since every statement costs about a
millisecond in DuckDB; `flush` writes one statement a table, the journal and its head last.
"""

import uuid
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from dvc_core.domain.kernel import Event, Personal, Row, Stamp, Stored, Technical, derive
from dvc_core.ports import ConflictError, Origin
from dvc_core.replay import fold
from dvc_core.store import journal
from dvc_core.store.engine import Connection, values_list
from dvc_core.store.schema import JOURNAL_COLUMNS, columns, from_row, select_columns, to_row

T = TypeVar("T", bound=Stored)


class ChangeSet(msgspec.Struct, frozen=True, kw_only=True):
    """What one commit changed: its entries, and the after-images of the rows beside the folded ones."""

    council_id: str
    entries: tuple[journal.Entry, ...]
    rows: tuple[Stored, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its entries."""
        return frozenset(entry.kind for entry in self.entries)


class StoreReader:
    """A `ports.Reader` over one connection."""

    def __init__(self, connection: Connection, council_id: str) -> None:
        self.connection = connection
        self.council_id = council_id

    def get(self, cls: type[T], row_id: uuid.UUID) -> T | None:
        """The row, or None."""
        return self.many(cls, (row_id,)).get(row_id)

    def many(self, cls: type[T], ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, T]:
        """The rows that exist among `ids`, in one statement."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        names = [f"i{n}" for n in range(len(wanted))]
        found = self.connection.rows(
            f"SELECT {select_columns(cls)} FROM {cls.table} WHERE council_id = $council AND id IN "
            f"({', '.join('$' + name for name in names)})",
            {"council": self.council_id, **dict(zip(names, wanted, strict=True))},
        )
        return {row.id: row for row in (from_row(cls, values) for values in found)}

    def find(self, cls: type[T], **equal: object) -> list[T]:
        """All rows whose columns equal the given values (None: is null), ordered by id."""
        tests = [f'"{n}" IS NULL' if v is None else f'"{n}" = $q_{n}' for n, v in equal.items()]
        params = {f"q_{name}": _param(value) for name, value in equal.items() if value is not None}
        where = " AND ".join(["council_id = $council", *tests])
        found = self.connection.rows(
            f"SELECT {select_columns(cls)} FROM {cls.table} WHERE {where} ORDER BY id NULLS LAST",
            {"council": self.council_id, **params},
        )
        return [from_row(cls, values) for values in found]

    def rows(self, sql: str, **params: object) -> Sequence[tuple[Any, ...]]:
        """A query in the neutral subset; `$council` is bound where the text names it."""
        bound = {name: _param(value) for name, value in params.items()}
        if "$council" in sql:
            bound["council"] = self.council_id
        return self.connection.rows(sql, bound)


def _param(value: object) -> object:
    return str(value.value) if isinstance(value, StrEnum) else value


class UnitOfWork(StoreReader):
    """A reader that can also apply events and rows. Only it commits."""

    def __init__(self, connection: Connection, council_id: str, content_key: str) -> None:
        super().__init__(connection, council_id)
        self._content_key = content_key
        self._before: dict[tuple[type[Stored], uuid.UUID], Stored | None] = {}
        self._now: dict[tuple[type[Stored], uuid.UUID], Stored] = {}
        self._pending: list[tuple[Origin, int, Event, int]] = []
        self._entries: list[journal.Entry] = []
        self._images: dict[tuple[type[Stored], uuid.UUID], Stored] = {}
        self._fetched: dict[tuple[type[Stored], uuid.UUID], Stored | None] = {}

    # -- reads that see what this unit has not written yet

    def many(self, cls: type[T], ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, T]:
        """As the reader's, the unit's own changes included."""
        wanted = list(dict.fromkeys(ids))
        missing = [i for i in wanted if (cls, i) not in self._now and (cls, i) not in self._fetched]
        if missing:
            stored = super().many(cls, missing)
            self._fetched.update({(cls, i): stored.get(i) for i in missing})
        found: dict[uuid.UUID, T] = {}
        for i in wanted:
            row = self._now.get((cls, i), self._fetched.get((cls, i)))
            if row is not None:
                found[i] = row  # type: ignore[assignment]
        return found

    def find(self, cls: type[T], **equal: object) -> list[T]:
        """As the reader's, the unit's own changes included."""
        found = {row.id: row for row in super().find(cls, **equal)}
        for row_id in list(found):
            self._fetched.setdefault((cls, row_id), found[row_id])
        for (kind, row_id), row in self._now.items():
            if kind is cls:
                found.pop(row_id, None)
                if all(getattr(row, name) == value for name, value in equal.items()):
                    found[row_id] = row  # type: ignore[assignment]
        return sorted(found.values(), key=lambda row: row.id)

    def rows(self, sql: str, **params: object) -> Sequence[tuple[Any, ...]]:
        """A query sees the unit's own changes: they are written first."""
        self.flush()
        return super().rows(sql, **params)

    # -- writes

    def apply(
        self, origin: Origin, events: Sequence[Event], rows: Sequence[Stored], *, first: int = 0
    ) -> None:
        """Evolve each event's subject and note its journal entry; take over the rows beside them."""
        for nth, event in enumerate(events, start=first):
            checked = msgspec.convert(msgspec.to_builtins(event), type(event), strict=False)
            subject = type(event).subject
            row = self.get(subject, event.id)
            self._before.setdefault((subject, event.id), row)
            new = checked.evolve(row, self._stamp(origin, nth))
            version = (row.version if row else 0) + 1
            self._now[(subject, event.id)] = msgspec.structs.replace(new, version=version)
            self._pending.append((origin, nth, checked, version))
        for stored in rows:
            self.put(stored)

    def put(self, stored: Stored) -> None:
        """Write a personal or technical row; a folded one is written by its events alone.

        A personal row takes the version of the subject it follows.
        """
        if isinstance(stored, Row):
            raise TypeError(f"{type(stored).table} is folded: only its events change it")
        key = (type(stored), stored.id)
        old = self.get(type(stored), stored.id)
        self._before.setdefault(key, old)
        if isinstance(stored, Personal):
            subject = self.get(type(stored).follows, stored.id)
            version = subject.version if subject else 0
        else:
            version = (old.version if old else 0) + 1
        self._now[key] = msgspec.structs.replace(stored, version=version)

    def remove(self, cls: type[Technical], row_id: uuid.UUID) -> None:
        """Delete a technical row at once (a session that ended, a code that was used)."""
        self._now.pop((cls, row_id), None)
        self._fetched[(cls, row_id)] = None
        self.connection.run(
            f"DELETE FROM {cls.table} WHERE council_id = $council AND id = $id",
            {"council": self.council_id, "id": row_id},
        )

    @staticmethod
    def _stamp(origin: Origin, nth: int) -> Stamp:
        return Stamp(
            entry_id=derive(origin.command_id, nth),
            operation_id=origin.operation_id,
            occurred_at=origin.occurred_at,
            recorded_at=origin.recorded_at,
            actor_id=origin.actor_id,
        )

    def flush(self) -> None:
        """Write the buffer: one statement a table and act, the journal and its head last.

        Raises:
            ConflictError: if a row is no longer what this unit read (PostgreSQL).
        """
        inserts: dict[type[Stored], list[Stored]] = {}
        updates: dict[type[Stored], list[tuple[Stored, int]]] = {}
        for key, row in self._now.items():
            before = self._before.get(key)
            if before is None:
                inserts.setdefault(key[0], []).append(row)
            elif row != before:
                updates.setdefault(key[0], []).append((row, before.version))
            self._fetched[key] = row
            if not isinstance(row, Row):
                self._images[key] = row
        self._now.clear()
        self._before.clear()
        head = self._lock_head() if self._pending else None
        for cls, new in inserts.items():
            self._insert(cls, new)
        for cls, changed in updates.items():
            self._update(cls, changed)
        if head is not None:
            self._append(*head)

    def alone(self) -> None:
        """Keep every other writer waiting from here on: what is read now cannot be contested any more."""
        self._lock_head()

    def _lock_head(self) -> tuple[int, str]:
        """The journal's head, locked before any row is written: one order of commits, no deadlocks."""
        rows = self.connection.rows(
            f"SELECT seq, hash FROM journal_head WHERE council_id = $council{self.connection.for_update}",
            {"council": self.council_id},
        )
        return int(rows[0][0]), str(rows[0][1])

    def _insert(self, cls: type[Stored], rows: Sequence[Stored]) -> None:
        names = ["council_id", *(column.name for column in columns(cls))]
        types = ["TEXT", *(column.sql for column in columns(cls))]
        values, params = values_list([to_row(row, self.council_id) for row in rows], types)
        quoted = ", ".join(f'"{name}"' for name in names)
        self.connection.run(f"INSERT INTO {cls.table} ({quoted}) VALUES {values}", params)

    def _update(self, cls: type[Stored], rows: list[tuple[Stored, int]]) -> None:
        cols = [column for column in columns(cls) if column.name != "id"]
        names = ["id", "expected", *(column.name for column in cols)]
        types = ["UUID", "INTEGER", *(column.sql for column in cols)]
        lines = []
        for row, expected in rows:
            values = dict(zip(("council", *(c.name for c in columns(cls))), to_row(row, ""), strict=True))
            lines.append([values["id"], expected, *(values[column.name] for column in cols)])
        listed, params = values_list(lines, types)
        quoted = ", ".join(f'"{name}"' for name in names)
        sets = ", ".join(f'"{column.name}" = v."{column.name}"' for column in cols)
        changed = self.connection.run(
            f"UPDATE {cls.table} AS t SET {sets} FROM (VALUES {listed}) AS v({quoted}) "
            'WHERE t.council_id = $council AND t.id = v.id AND t.version = v."expected"',
            {**params, "council": self.council_id},
        )
        if changed != len(rows):
            raise ConflictError(f"{cls.table}: {changed} of {len(rows)} rows were as read")

    def _append(self, seq: int, previous: str) -> None:
        new = []
        for origin, nth, event, version in self._pending:
            seq += 1
            entry = self._entry(origin, nth, event, version, seq=seq, previous=previous)
            previous = entry.hash
            new.append(entry)
        lines = [[getattr(entry, name) for name in JOURNAL_COLUMNS] for entry in new]
        values, params = values_list(lines, list(JOURNAL_COLUMNS.values()))
        self.connection.run(f"INSERT INTO journal ({journal.COLUMN_LIST}) VALUES {values}", params)
        self.connection.run(
            "UPDATE journal_head SET seq = $seq, hash = $hash WHERE council_id = $council",
            {"council": self.council_id, "seq": seq, "hash": previous},
        )
        self._entries += new
        self._pending.clear()

    def _entry(
        self, origin: Origin, nth: int, event: Event, version: int, *, seq: int, previous: str
    ) -> journal.Entry:
        unhashed = journal.Entry(
            council_id=self.council_id,
            seq=seq,
            entry_id=derive(origin.command_id, nth),
            command_id=origin.command_id,
            nth=nth,
            operation_id=origin.operation_id,
            kind=type(event).kind,
            subject=type(event).subject.table,
            subject_id=event.id,
            version=version,
            occurred_at=origin.occurred_at,
            recorded_at=origin.recorded_at,
            actor_id=origin.actor_id,
            station=origin.station,
            source=origin.source,
            schema=type(event).schema,
            body=journal.body_of(event),
            supersedes=origin.supersedes,
            content=origin.content,
            prev_hash=previous,
            hash="",
        )
        return msgspec.structs.replace(unhashed, hash=journal.hash_of(unhashed))

    def content_of(self, command: object) -> str:
        """The keyed digest of a command's content."""
        return journal.content_of(self._content_key, command)

    def entries_of(self, command_id: uuid.UUID) -> list[journal.Entry]:
        """What a command made, in this unit or before it."""
        if any(origin.command_id == command_id for origin, *_ in self._pending):
            self.flush()
        mine = [entry for entry in self._entries if entry.command_id == command_id]
        return mine or journal.of_command(self.connection, command_id)

    def commit(self) -> ChangeSet:
        """Flush and make it last; what changed is the answer."""
        self.flush()
        self.connection.commit()
        return ChangeSet(
            council_id=self.council_id, entries=tuple(self._entries), rows=tuple(self._images.values())
        )

    def refold(self, classes: set[type[Row]]) -> None:
        """Fill folded tables anew from the journal (after their shape changed, after a restore)."""
        if not classes:
            return
        folded = fold(journal.read_all(self.connection, self.council_id))
        for cls in classes:
            rows = list(folded[cls].values())
            for start in range(0, len(rows), 500):
                self._insert(cls, rows[start : start + 500])
