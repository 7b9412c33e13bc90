"""Who is told that something was committed: the streams of live screens, whatever process committed it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Hub:
    """Tells who listens that something was committed; they catch up by seq on their own.

    What another process committed on the same server is told as well.
    """

    def __init__(self) -> None:
        self._listeners: list[Callable[[int | None], None]] = []
        self._lock = threading.Lock()

    @contextmanager
    def listening(self, listener: Callable[[int | None], None]) -> Iterator[None]:
        """Hear where the journal stands after each commit; None when words may have been missed.

        A listener must return at once.
        """
        with self._lock:
            self._listeners.append(listener)
        try:
            yield
        finally:
            with self._lock:
                self._listeners.remove(listener)

    def publish(self, seq: int | None) -> None:
        """Tell everyone."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(seq)
