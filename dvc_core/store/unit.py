"""The unit of work: load, decide, save and journal in one transaction, for one command or a batch of them.

It buffers what it writes and serves its own reads from the buffer, since every statement costs about a
millisecond in DuckDB; `flush` moves the journal's head first, then writes one statement a table. What was
read or written by the unit before is known as long as the head stands (`kept.KeptRows`).
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from dvc_core.domain.kernel import Event, Personal, Row, Stamp, Stored, Technical, derive
from dvc_core.ports import ConflictError, Origin, StoreError
from dvc_core.replay import fold
from dvc_core.store import journal, saving
from dvc_core.store.engine import Connection
from dvc_core.store.kept import KEPT, KeptRows, Key, Question
from dvc_core.store.reader import StoreReader, T
from dvc_core.store.schema import declared

REFOLDED = 500
"""Rows in one statement of a refold: fewer values than PostgreSQL takes in one."""


class ChangeSet(msgspec.Struct, frozen=True, kw_only=True):
    """What one commit changed: its entries, and the after-images of the rows beside the folded ones.

    `removed` names rows by table and id; `head` is where the journal stands since, None if it did not move;
    `number` counts the commits of a database with one writer.
    """

    council_id: str
    entries: tuple[journal.Entry, ...]
    rows: tuple[Stored, ...]
    removed: tuple[tuple[str, uuid.UUID], ...] = ()
    head: journal.Head | None = None
    number: int | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its entries."""
        return frozenset(entry.kind for entry in self.entries)


class UnitOfWork(StoreReader):
    """A reader that can also apply events and rows. Only it commits."""

    def __init__(
        self,
        connection: Connection,
        council_id: str,
        content_key: str,
        *,
        kept: KeptRows,
        sole_writer: bool = False,
    ) -> None:
        """`sole_writer`: nobody else can move the head while this unit lives."""
        super().__init__(connection, council_id, kept)
        self.committed: Callable[[ChangeSet], None] | None = None
        """Told of the change set when it stands, while this unit still keeps other writers out."""
        self.number: int | None = None
        """The number that this commit will have, where commits are counted."""
        self._content_key = content_key
        self._shared = kept
        self._began = kept.head if sole_writer else None
        self._head: journal.Head | None = None
        self._read: dict[Key, Stored | None] = {}
        self._lists: dict[Question, tuple[uuid.UUID, ...]] = {}
        self._written: dict[Key, Stored] = {}
        self._before: dict[tuple[type[Stored], uuid.UUID], Stored | None] = {}
        self._now: dict[tuple[type[Stored], uuid.UUID], Stored] = {}
        self._pending: list[tuple[Origin, int, Event, int]] = []
        self._given: list[journal.Entry] = []
        self._entries: list[journal.Entry] = []
        self._removed: list[tuple[str, uuid.UUID]] = []
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

    def _kept_of(self, cls: type[Stored]) -> KeptRows | None:
        """What this unit has written itself is in the database's tables and in nobody else's memory."""
        return None if any(written is cls for written, _ in self._written) else super()._kept_of(cls)

    def _note(self, read: dict[Key, Stored | None], lists: dict[Question, tuple[uuid.UUID, ...]]) -> None:
        """On PostgreSQL a unit may read what others commit meanwhile: offered at the commit, if none did."""
        self._read.update(read)
        self._lists.update(lists)

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

    def take_over(self, entries: Sequence[journal.Entry], images: Iterable[Stored]) -> None:
        """Take over entries and rows as they stood before they were lost; their chain must go on from here.

        Raises:
            StoreError: `broken` if the first entry does not follow the journal's head, or one is not whole.
        """
        seq, previous = (self._given[-1].seq, self._given[-1].hash) if self._given else self._stands()
        for entry in entries:
            if (entry.seq, entry.prev_hash) != (seq + 1, previous) or journal.hash_of(entry) != entry.hash:
                raise StoreError("broken", detail=f"entry {entry.seq}")
            event = entry.event()
            subject = type(event).subject
            row = self.get(subject, event.id)
            self._before.setdefault((subject, event.id), row)
            new = event.evolve(row, entry.stamp())
            self._now[(subject, event.id)] = msgspec.structs.replace(new, version=entry.version)
            self._given.append(entry)
            seq, previous = entry.seq, entry.hash
        for image in images:
            key = (type(image), image.id)
            old = self.get(type(image), image.id)
            if old is None or old.version <= image.version:
                self._before.setdefault(key, old)
                self._now[key] = image

    def forget_row(self, table: str, row_id: uuid.UUID) -> None:
        """Remove a technical row again whose removal was lost."""
        cls = declared().get(table)
        if cls is not None and issubclass(cls, Technical):
            self.remove(cls, row_id)

    def clear_beside(self) -> None:
        """Delete every row beside the folded ones: all that there are will be taken over."""
        self.flush()
        self._shared.forget()
        self._fetched.clear()
        for cls in declared().values():
            if not issubclass(cls, Row):
                self.connection.run(
                    f"DELETE FROM {cls.table} WHERE council_id = $council", {"council": self.council_id}
                )

    def _stands(self) -> journal.Head:
        return self._head or self._head_now()

    def remove(self, cls: type[Technical], row_id: uuid.UUID) -> None:
        """Delete a technical row at once (a session that ended, a code that was used)."""
        self._now.pop((cls, row_id), None)
        self._images.pop((cls, row_id), None)
        self._fetched[(cls, row_id)] = None
        self._removed.append((cls.table, row_id))
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
        """Write the buffer: first the head, whose lock orders commits, then one statement a table and act.

        Raises:
            ConflictError: if a row or the head is no longer what this unit read (PostgreSQL).
        """
        inserts: dict[type[Stored], list[Stored]] = {}
        updates: dict[type[Stored], list[tuple[Stored, Stored]]] = {}
        for key, row in self._now.items():
            before = self._before.get(key)
            if before is None:
                inserts.setdefault(key[0], []).append(row)
            elif row != before:
                updates.setdefault(key[0], []).append((before, row))
            self._fetched[key] = row
            if isinstance(row, KEPT):
                self._written[key] = row
            if not isinstance(row, Row):
                self._images[key] = row
        self._now.clear()
        self._before.clear()
        self._say(
            [
                *(self._appended() if self._pending or self._given else ()),
                *(saving.insert(cls, new, self.council_id) for cls, new in inserts.items()),
                *(saving.update(cls, changed, self.council_id) for cls, changed in updates.items()),
            ]
        )

    def _say(self, statements: Sequence[saving.Statement]) -> None:
        changed = self.connection.run_all([each.said for each in statements])
        for each, rows in zip(statements, changed, strict=True):
            if each.rows not in (None, rows):
                raise ConflictError(f"{each.table}: {rows} of {each.rows} rows were as read")

    def _appended(self) -> list[saving.Statement]:
        """The pending entries chained to the head, and the head behind them."""
        before = self._stands()
        after, new = before, list(self._given)
        self._given.clear()
        if new:
            after = (new[-1].seq, new[-1].hash)
        for origin, nth, event, version in self._pending:
            entry = self._entry(origin, nth, event, version, seq=after[0] + 1, previous=after[1])
            after = (entry.seq, entry.hash)
            new.append(entry)
        self._entries += new
        self._pending.clear()
        self._head = after
        return [saving.move_head(self.council_id, before, after, self.number), saving.append(new)]

    def alone(self) -> None:
        """Keep every other writer waiting from here on: what is read now cannot be contested any more."""
        self._began = journal.head(self.connection, self.council_id, lock=True)

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

    def content_under(self, command_id: uuid.UUID) -> str | None:
        """The digest of the content that a command id stands for already, None for a new id."""
        for origin, *_ in self._pending:
            if origin.command_id == command_id:
                return origin.content
        for entry in self._entries:
            if entry.command_id == command_id:
                return entry.content
        if self._began is not None:
            return journal.content_under(self.connection, command_id)
        self._began, content = journal.head_and_content(self.connection, self.council_id, command_id)
        return content

    def entries_of(self, command_id: uuid.UUID) -> list[journal.Entry]:
        """What a command made, in this unit or before it."""
        if any(origin.command_id == command_id for origin, *_ in self._pending):
            self.flush()
        mine = [entry for entry in self._entries if entry.command_id == command_id]
        return mine or journal.of_command(self.connection, command_id)

    def commit(self) -> ChangeSet:
        """Flush and make it last; what changed is the answer."""
        self.flush()
        changed = bool(self._entries or self._images or self._removed)
        if changed and self._head is None and self.number is not None:
            self._say([saving.count_commit(self.council_id, self.number)])
        self.connection.commit(told=None if self._head is None else self._head[0])
        if self._head is not None:
            self._shared.advance(
                self._head_now(), self._head, read=self._read, lists=self._lists, written=self._written
            )
        elif self._written:  # a row without an event of its subject would not have moved the head
            self._shared.forget()
        changes = ChangeSet(
            council_id=self.council_id,
            entries=tuple(self._entries),
            rows=tuple(self._images.values()),
            removed=tuple(self._removed),
            head=self._head,
            number=self.number if changed else None,
        )
        if changed and self.committed is not None:
            self.committed(changes)
        return changes

    def refold(self, classes: set[type[Row]]) -> None:
        """Fill folded tables anew from the journal (after their shape changed, after a restore)."""
        if not classes:
            return
        self._shared.forget()
        folded = fold(journal.read_all(self.connection, self.council_id))
        for cls in classes:
            rows = list(folded[cls].values())
            for start in range(0, len(rows), REFOLDED):
                self._say([saving.insert(cls, rows[start : start + REFOLDED], self.council_id)])
