"""Several processes on one PostgreSQL server: who is told of commits, who sees to what only one may do.

Nothing here is needed for the data to be right: a word that is lost is made good by who hears the next one
and reads on from where it stands.
"""

import contextlib
import hashlib
import threading
import uuid
from collections.abc import Callable

import psycopg

CHANNEL = "tasuki"
AGAIN_SECONDS = 1.0
"""How soon a listener looks again for a server that went away, and sees that it shall end."""

SELF = uuid.uuid4().hex[:12]
"""This process among those that speak on the channel."""


def word(seq: int) -> str:
    """What is said of a commit: by whom, and where the journal stands."""
    return f"{SELF}:{seq}"


def heard(payload: str) -> int | None:
    """Where the journal stands by another process's word; None for one's own word and for a strange one."""
    who, _, seq = payload.partition(":")
    return int(seq) if who != SELF and seq.isascii() and seq.isdigit() else None


class Listener:
    """A thread that hears what other processes say, over a connection of its own."""

    def __init__(self, url: str, told: Callable[[int | None], None]) -> None:
        """`told`: where the journal stands; None when words may have been missed."""
        self._url = url
        self._told = told
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._end.is_set():
            with contextlib.suppress(psycopg.Error):
                self._listen()
            self._end.wait(AGAIN_SECONDS)

    def _listen(self) -> None:
        with psycopg.connect(self._url, autocommit=True, connect_timeout=10) as connection:
            connection.execute(f"LISTEN {CHANNEL}".encode())
            self._told(None)
            while not self._end.is_set():
                for said in connection.notifies(timeout=AGAIN_SECONDS):
                    seq = heard(said.payload)
                    if seq is not None:
                        self._told(seq)

    def close(self) -> None:
        """End the thread."""
        self._end.set()
        self._thread.join(timeout=10 * AGAIN_SECONDS)


class Leases:
    """Duties of which each is seen to by one process only; one that ends lets go of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None
        self._held: set[str] = set()

    def holds(self, duty: str) -> bool:
        """Whether this process sees to it, from now on if nobody else does; False while no server answers."""
        with self._lock:
            try:
                if self._connection is None or self._connection.closed:
                    self._held.clear()
                    self._connection = psycopg.connect(self._url, autocommit=True, connect_timeout=10)
                asked = f"SELECT pg_try_advisory_lock({duty_number(duty)})"
                if duty in self._held:
                    asked = "SELECT true"  # asking for a lock once more would only count it twice
                row = self._connection.execute(asked.encode()).fetchone()
            except psycopg.Error:
                self._drop()
                return False
            if row is None or not row[0]:
                return False
            self._held.add(duty)
            return True

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
        self._connection = None
        self._held.clear()

    def close(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._drop()


def duty_number(duty: str) -> int:
    """The advisory lock that stands for a duty."""
    return int.from_bytes(hashlib.sha256(f"tasuki/{duty}".encode()).digest()[:8], signed=True)
