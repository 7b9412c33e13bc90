"""Rows kept from one unit of work or page to the next, for as long as the journal's head has not moved.

A folded row changes by its own event alone, a personal one with an event of the subject it follows, and
every event moves the head: while the head is where it was, a row read before is the row that stands. So a
scan need not read its operation, card and person anew, nor a page the teams that it showed a moment ago.
Technical rows (sessions, credentials) are never kept.
"""

import threading
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from dvc_core.domain.kernel import Personal, Row, Stored
from dvc_core.store.journal import Head

Key = tuple[type[Stored], uuid.UUID]
Question = tuple[type[Stored], tuple[tuple[str, object], ...]]
"""A table and the values that its columns must have."""

MOST_ROWS = 20_000
"""Beyond this everything is let go: the desks' busiest rows are back within one command each."""
LONGEST_LIST = 2_000
"""A longer answer is read anew each time, and its rows with it."""
KEPT = (Row, Personal)


class KeptRows:
    """The rows of one council that stand at one head. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._head: Head | None = None
        self._rows: dict[Key, Stored | None] = {}
        self._lists: dict[Question, tuple[uuid.UUID, ...]] = {}

    @property
    def head(self) -> Head | None:
        """The head at which the kept rows stand; None while nothing is known."""
        return self._head

    def rows(self, head: Head, cls: type[Stored], ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Stored | None]:
        """The kept rows among `ids` that stand at `head`; None for a row that is known not to exist."""
        with self._lock:
            if head != self._head:
                return {}
            return {i: self._rows[cls, i] for i in ids if (cls, i) in self._rows}

    def found(self, head: Head, question: Question) -> list[Stored] | None:
        """The answer to a question asked before, if it is known to stand at `head`."""
        with self._lock:
            ids = self._lists.get(question) if head == self._head else None
            rows = [self._rows.get((question[0], i)) for i in ids or ()]
            return None if ids is None or None in rows else [row for row in rows if row is not None]

    def offer(
        self, head: Head, read: Mapping[Key, Stored | None], lists: Mapping[Question, tuple[uuid.UUID, ...]]
    ) -> None:
        """Keep what was read in a snapshot that stood at `head`, unless the head has moved since.

        Where the head stands is never learnt from a snapshot, which may be an old one, but from a commit.
        """
        with self._lock:
            if self._head == head:
                self._take(read, lists)

    def _take(
        self, read: Mapping[Key, Stored | None], lists: Mapping[Question, tuple[uuid.UUID, ...]]
    ) -> None:
        if len(self._rows) + len(read) > MOST_ROWS:
            self._rows, self._lists = {}, {}
        self._rows.update(read)
        self._lists.update(lists)

    def advance(
        self,
        before: Head,
        after: Head,
        *,
        read: Mapping[Key, Stored | None],
        lists: Mapping[Question, tuple[uuid.UUID, ...]],
        written: Mapping[Key, Stored],
    ) -> None:
        """Take over what a unit read at `before` and wrote up to `after`, once it is committed."""
        changed = {cls for cls, _ in written}
        with self._lock:
            if self._head != before:
                self._rows, self._lists = {}, {}
            self._take(read, lists)
            self._lists = {q: ids for q, ids in self._lists.items() if q[0] not in changed}
            self._rows.update({key: _as_stored(row) for key, row in written.items()})
            self._head = after

    def forget(self) -> None:
        """Let everything go: after a failure nobody knows what the disk holds."""
        with self._lock:
            self._head, self._rows, self._lists = None, {}, {}


def _as_stored(row: Stored) -> Stored:
    """The row as the engines give it back: moments in UTC."""
    moments = {
        name: value.astimezone(UTC)
        for name in row.__struct_fields__
        if isinstance(value := getattr(row, name), datetime) and value.tzinfo is not UTC
    }
    return msgspec.structs.replace(row, **moments) if moments else row
