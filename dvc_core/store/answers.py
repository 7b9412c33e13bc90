"""What the database answered, for as long as nobody has committed anything since.

Only where this process is the database's one writer (DuckDB): the program then knows of every commit. A page
that is drawn again with nothing changed asks nothing anew; one commit, of whatever kind, lets all go.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

LONGEST = 300
"""Rows. A longer answer is asked anew: it would cost more memory than time."""
MOST = 20_000
"""Rows of all answers together; an answer without rows counts as one. Beyond it everything is let go."""

Rows = Sequence[tuple[Any, ...]]
_Key = tuple[str, tuple[tuple[str, type, object], ...]]


class Answers:
    """Answers at one state of the database. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changes = 0
        self._state = 0
        self._known: dict[_Key, Rows] = {}
        self._size = 0
        self._readers: set[Callable[[], None]] = set()

    def enter(self, pin: Callable[[], None]) -> int | None:
        """A reader begins: a number for what the database holds now; None while a commit is under way.

        With a number it need not open its transaction until something is asked that is not known here: the
        next commit calls `pin` before it takes place, after which the reader must see what stands now.
        """
        with self._lock:
            if self._changes % 2:
                return None
            self._readers.add(pin)
            return self._changes

    def leave(self, pin: Callable[[], None]) -> None:
        """A reader has ended."""
        with self._lock:
            self._readers.discard(pin)

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Around a commit, whether it succeeds or not: what a snapshot sees meanwhile has no number."""
        with self._lock:
            self._changes += 1
            readers = tuple(self._readers)
        try:
            for pin in readers:
                pin()
            yield
        finally:
            with self._lock:
                self._changes += 1

    def get(self, state: int, sql: str, params: Mapping[str, object]) -> Rows | None:
        """The answer known at this state."""
        with self._lock:
            return self._known.get(_key(sql, params)) if state == self._state else None

    def put(self, state: int, sql: str, params: Mapping[str, object], rows: Rows) -> None:
        """Keep an answer that was read in a snapshot of this state."""
        if len(rows) > LONGEST:
            return
        with self._lock:
            if state < self._state:
                return
            if state > self._state or self._size > MOST:
                self._known, self._size, self._state = {}, 0, state
            self._known[_key(sql, params)] = tuple(rows)
            self._size += max(len(rows), 1)


def _key(sql: str, params: Mapping[str, object]) -> _Key:
    return sql, tuple((name, type(value), value) for name, value in sorted(params.items()))
