"""Floor 1: what the rules' surroundings must offer. Commands and queries know these shapes and no engine."""

import uuid
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec

from dvc_core.domain.kernel import Event, Stamp, Stored

T = TypeVar("T", bound=Stored)


class OperationClock(Protocol):
    """The time in the operation: system, frozen or simulated. Rules and the journal live by it."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...


class WallClock(Protocol):
    """The time on the wall: sessions, certificates, rate limits, backups. Never simulated."""

    def now(self) -> datetime:
        """Aware UTC."""
        ...


class Reader(Protocol):
    """One consistent view of one council's rows."""

    council_id: str

    def get(self, cls: type[T], row_id: uuid.UUID) -> T | None:
        """The row, or None."""
        ...

    def many(self, cls: type[T], ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, T]:
        """The rows that exist among `ids`, in one statement."""
        ...

    def find(self, cls: type[T], **equal: object) -> list[T]:
        """All rows whose columns equal the given values (None: is null), ordered by id."""
        ...

    def rows(self, sql: str, **params: object) -> Sequence[tuple[Any, ...]]:
        """A query in the neutral subset (DESIGN 7). `$council` is always bound where the text names it."""
        ...


class StoreError(Exception):
    """The store cannot do what was asked; `code` has words in the catalogue (`store.<code>`)."""

    def __init__(self, code: str, **facts: str | int) -> None:
        super().__init__(f"{code} {facts}")
        self.code = code
        self.facts = facts


class ConflictError(Exception):
    """Another writer changed the same row first: run the command again."""


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a command's entries come from; the same for every entry of the command."""

    command_id: uuid.UUID
    operation_id: uuid.UUID
    occurred_at: datetime
    recorded_at: datetime
    actor_id: str
    station: str
    source: str
    content: str
    supersedes: uuid.UUID | None = None


class EntryLike(Protocol):
    """What commands read of a journal entry."""

    @property
    def seq(self) -> int: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def subject_id(self) -> uuid.UUID: ...  # noqa: D102
    @property
    def content(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> int: ...  # noqa: D102
    @property
    def supersedes(self) -> uuid.UUID | None: ...  # noqa: D102

    def stamp(self) -> Stamp:
        """What `evolve` may know of the entry."""
        ...

    def event(self) -> Event:
        """The entry's event in its present shape."""
        ...


class UnitOfWork(Reader, Protocol):
    """A reader that can also apply events and rows, and commits them together."""

    def apply(
        self, origin: Origin, events: Sequence[Event], rows: Sequence[Stored], *, first: int = 0
    ) -> None:
        """Evolve each event's subject, note its entry (nth from `first`), take over the rows beside them."""
        ...

    def put(self, stored: Stored) -> None:
        """Write a personal or technical row."""
        ...

    def content_of(self, command: object) -> str:
        """The keyed digest of a command's content."""
        ...

    def content_under(self, command_id: uuid.UUID) -> str | None:
        """The digest of the content that a command id stands for already, None for a new id."""
        ...

    def entries_of(self, command_id: uuid.UUID) -> Sequence[EntryLike]:
        """What a command made before, in order."""
        ...

    def flush(self) -> None:
        """Write what is buffered, inside the transaction."""
        ...

    def commit(self) -> Any:  # noqa: ANN401 - the store's change set, which only the store's readers open
        """Make it last."""
        ...


class Units(Protocol):
    """Where units of work come from."""

    def unit(
        self, council_id: str | None = None, *, alone: bool = False
    ) -> AbstractContextManager[UnitOfWork]:
        """One write transaction; without `commit()` no trace. `alone`: others wait until it ends."""
        ...
