"""What a command is: a class with its fields, what it must read, and the pure rule that decides it."""

import importlib
import pkgutil
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Literal

import msgspec

from dvc_core.domain.board import ReadFile
from dvc_core.domain.kernel import Decision, Event, Refusal, Row, derive
from dvc_core.domain.reference import Reference
from dvc_core.ports import Reader

Sort = Literal["fact", "act"]
Result = Literal["accepted", "repeat", "review", "refused"]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts: an account's id, `cli`, `public`, a kiosk's id or `rule`; with the roles held right now.

    `station`: the 班の端末 where a person acts; it goes before what an envelope says.
    """

    id: str
    roles: frozenset[str] = frozenset()
    kiosk_id: uuid.UUID | None = None
    station: str | None = None


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Asked of the center in the imperative. A subclass declares its kind, role and sort.

    `fact`: it happened, and is always recorded. `act`: it will happen, and a rule may refuse it.
    """

    kind: ClassVar[str] = ""
    role: ClassVar[str] = ""
    sort: ClassVar[Sort] = "act"

    def context(self, reader: Reader, call: "Call") -> Any:  # noqa: ANN401 - each command has its own
        """What the rule needs to know, read inside the transaction."""
        raise NotImplementedError(f"{self.kind} {reader} {call}")

    def decide(self, context: Any, call: "Call") -> Decision:  # noqa: ANN401 - see `context`
        """The rule's answer."""
        raise NotImplementedError(f"{self.kind} {context} {call}")

    def operation_id(self, command_id: uuid.UUID) -> uuid.UUID | None:
        """The operation that this command itself brings into being, if it does."""
        return None


class AsRead(msgspec.Struct, frozen=True, kw_only=True):
    """The version in which somebody saw the row that they act on; 0: there was none."""

    row: type[Row]
    id: uuid.UUID
    version: int


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """A command with who sent it, from where, and when it happened (None: now).

    `seen`: an act is refused when one of these rows has moved on since (a fact never is).
    """

    command_id: uuid.UUID
    command: Command
    actor: Actor
    station: str = "desk"
    source: str = "desk"
    occurred_at: datetime | None = None
    operation_id: uuid.UUID | None = None
    database_id: uuid.UUID | None = None
    supersedes: uuid.UUID | None = None
    seen: tuple[AsRead, ...] = ()


def _nothing(work: str) -> bool:
    return not work


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """What `context` and `decide` may know of the call: ids, times, actor.

    `may`: whether the actor may do a kind of work, for commands whose subject decides whose desk it is.
    `now` is when it happened; `wall` the time on the wall, for what a drill's clock must not stretch (codes
    that expire).
    """

    command_id: uuid.UUID
    operation_id: uuid.UUID
    council_id: str
    now: datetime
    recorded_at: datetime
    wall: datetime
    actor: Actor
    station: str
    source: str
    reference: Reference = Reference()
    may: Callable[[str], bool] = _nothing
    read_file: ReadFile | None = None

    def new_id(self, *parts: object) -> uuid.UUID:
        """An id that follows from the command's own, so that retry and replay make the same one."""
        return derive(self.command_id, *parts)


class EntryRef(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that a command made."""

    seq: int
    kind: str
    subject_id: uuid.UUID


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command; the same for its first run and every repeat, but for `result`."""

    command_id: uuid.UUID
    result: Result
    refusal: Refusal | None = None
    entries: tuple[EntryRef, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def stored(self) -> bool:
        """Whether what was asked stands in the journal as asked."""
        return self.refusal is None


@cache
def commands() -> dict[str, type[Command]]:
    """Every command class by its kind."""
    package = importlib.import_module("dvc_core.commands")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"dvc_core.commands.{module.name}")
    found: dict[str, type[Command]] = {}
    waiting: list[type[Command]] = [Command]
    while waiting:
        for cls in waiting.pop().__subclasses__():
            waiting.append(cls)
            if cls.kind:
                found[cls.kind] = cls
    return dict(sorted(found.items()))
