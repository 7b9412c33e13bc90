"""The journal: one row for each thing that happened, chained by hashes per council."""

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from dvc_core.domain.kernel import Event, Stamp, event_class
from dvc_core.store.engine import Connection
from dvc_core.store.schema import JOURNAL_COLUMNS

GENESIS = "0" * 64
Head = tuple[int, str]
"""Where a journal stands: seq and hash of its last entry."""
COLUMN_LIST = ", ".join(f'"{name}"' for name in JOURNAL_COLUMNS)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One journal row, as stored. `body` is the canonical JSON of the event without its subject's id."""

    council_id: str
    seq: int
    entry_id: uuid.UUID
    command_id: uuid.UUID
    nth: int
    operation_id: uuid.UUID
    kind: str
    subject: str
    subject_id: uuid.UUID
    version: int
    occurred_at: datetime
    recorded_at: datetime
    actor_id: str
    station: str
    source: str
    schema: int
    body: str
    supersedes: uuid.UUID | None
    content: str
    prev_hash: str
    hash: str

    def event(self) -> Event:
        """The entry's event in its present shape."""
        cls = event_class(self.kind)
        body = msgspec.json.decode(self.body)
        if self.schema != cls.schema:
            body = cls.lift(body, self.schema)
        return msgspec.convert({**body, "id": str(self.subject_id)}, cls, strict=False)

    def stamp(self) -> Stamp:
        """What `evolve` may know of the entry."""
        return Stamp(
            entry_id=self.entry_id,
            operation_id=self.operation_id,
            occurred_at=self.occurred_at,
            recorded_at=self.recorded_at,
            actor_id=self.actor_id,
        )


def body_of(event: Event) -> str:
    """The canonical JSON of an event's body: sorted keys, no spaces, without the subject's id."""
    body = msgspec.to_builtins(event)
    body.pop("id")
    return msgspec.json.encode(body, order="sorted").decode()


def _stored(value: object) -> object:
    # The engines give moments back in UTC, whatever offset they were told with (`do --at ...+09:00`).
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def hash_of(entry: Entry) -> str:
    """SHA-256 over the stored bytes of every column but the hash itself, in the journal's column order."""
    values = [_stored(getattr(entry, name)) for name in JOURNAL_COLUMNS if name != "hash"]
    return hashlib.sha256(msgspec.json.encode(values)).hexdigest()


def content_of(key: str, command: object) -> str:
    """The keyed digest by which one command id with two contents is recognised."""
    said = msgspec.json.encode([type(command).__name__, command], order="deterministic")
    return hmac.new(bytes.fromhex(key), said, hashlib.sha256).hexdigest()[:24]


def read(connection: Connection, council_id: str, *, after: int = 0, limit: int = 2000) -> list[Entry]:
    """Up to `limit` entries behind `after`, in order."""
    rows = connection.rows(
        f"SELECT {COLUMN_LIST} FROM journal WHERE council_id = $council AND seq > $after "
        "ORDER BY seq NULLS LAST LIMIT $limit",
        {"council": council_id, "after": after, "limit": limit},
    )
    return [_entry(row) for row in rows]


def read_all(connection: Connection, council_id: str) -> Iterator[Entry]:
    """The whole journal of a council, in pages."""
    after = 0
    while page := read(connection, council_id, after=after):
        yield from page
        after = page[-1].seq


def of_command(connection: Connection, command_id: uuid.UUID) -> list[Entry]:
    """The entries that a command made, in their order."""
    rows = connection.rows(
        f"SELECT {COLUMN_LIST} FROM journal WHERE command_id = $command_id ORDER BY nth NULLS LAST",
        {"command_id": command_id},
    )
    return [_entry(row) for row in rows]


def head(connection: Connection, council_id: str, *, lock: bool = False) -> Head:
    """Where a council's journal stands; with `lock` it moves for nobody else until the transaction ends."""
    rows = connection.rows(
        "SELECT seq, hash FROM journal_head WHERE council_id = $council"
        + (connection.for_update if lock else ""),
        {"council": council_id},
    )
    return (int(rows[0][0]), str(rows[0][1])) if rows else (0, GENESIS)


def commits(connection: Connection, council_id: str) -> int:
    """The number of the last commit, those without an entry included; counted where there is one writer."""
    rows = connection.rows(
        "SELECT commits FROM journal_head WHERE council_id = $council", {"council": council_id}
    )
    return int(rows[0][0]) if rows else 0


def head_and_content(
    connection: Connection, council_id: str, command_id: uuid.UUID
) -> tuple[Head, str | None]:
    """`head` and `content_under` in one statement: the first question of every command."""
    seq, hash_, content = connection.rows(
        "SELECT h.seq, h.hash, j.content FROM journal_head AS h LEFT JOIN journal AS j "
        "ON j.command_id = $command_id AND j.nth = 0 WHERE h.council_id = $council",
        {"council": council_id, "command_id": command_id},
    )[0]
    return (int(seq), str(hash_)), content


def content_under(connection: Connection, command_id: uuid.UUID) -> str | None:
    """The digest of the content that a command id stands for, None for an id that is new."""
    rows = connection.rows(
        "SELECT content FROM journal WHERE command_id = $command_id AND nth = 0", {"command_id": command_id}
    )
    return str(rows[0][0]) if rows else None


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(**dict(zip(JOURNAL_COLUMNS, row, strict=True)))


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the chain: how far it goes and where it first breaks."""

    entries: int
    head_seq: int
    head_hash: str
    first_bad_seq: int | None


def check_chain(entries: Iterable[Entry]) -> Chain:
    """Follow the chain; a changed, removed or inserted row breaks it at its own seq."""
    count, seq, previous, bad = 0, 0, GENESIS, None
    for entry in entries:
        count += 1
        if bad is None and (
            entry.seq != seq + 1 or entry.prev_hash != previous or hash_of(entry) != entry.hash
        ):
            bad = seq + 1 if entry.seq != seq + 1 else entry.seq
        seq, previous = entry.seq, entry.hash
    return Chain(entries=count, head_seq=seq, head_hash=previous, first_bad_seq=bad)
