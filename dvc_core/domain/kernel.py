"""What every rule is built of: codes, rows, events, refusals, and what a rule answers.

A journal entry may hold ids, codes, numbers, dates and nothing that names a person, so the types here are the
whole alphabet of events (DESIGN 3); `tests/domain/test_kernel.py` walks all event classes and checks it.
"""

import importlib
import pkgutil
import uuid
from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, dataclass_transform

import msgspec

from dvc_core.domain.problem import Fact

Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9._-]{1,64}$")]
"""A word of reference data or of a pinned edition: 班, step, skill, tool, council."""

Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hex."""

Coordinate = Annotated[float, msgspec.Meta(ge=-180, le=180)]
"""Degrees, rounded to five decimals (about a metre)."""

Facts = dict[Code, Code | int]
"""Facts of a refusal as the journal may keep them."""

NAMESPACE = uuid.UUID("6f1f3c62-5a0e-5a8a-9a58-7c1b6b1f8a11")
"""Root of every derived id, so that retry and replay make the same ones."""


def derive(*parts: object) -> uuid.UUID:
    """The id that follows from other ids and words: same parts, same id."""
    return uuid.uuid5(NAMESPACE, "/".join(str(part) for part in parts))


class Refusal(msgspec.Struct, frozen=True):
    """An act that a rule does not allow. Words: `refusal.<code>` with `.why` and `.next` in the catalogue."""

    code: Code
    facts: dict[str, Fact] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """A row of one table: the struct's fields are its columns (the store adds `council_id`)."""

    table: ClassVar[str] = ""
    id: uuid.UUID
    version: int = 0

    @classmethod
    def lift(cls, body: dict[str, Any]) -> dict[str, Any]:
        """The fields of a row that an earlier version wrote, in the present shape.

        Told of here is only what the store cannot know: a field that got another name or meaning, a new one
        that must not be null. Fields that are no more are passed over, new ones that may be null are null.
        """
        return body


class Row(Stored, frozen=True, kw_only=True):
    """A folded row: nothing but the events of its subject makes or changes it."""


class Personal(Stored, frozen=True, kw_only=True):
    """A row that names a person or a place: erasable, never in the journal.

    Each change of it comes with an event of the subject named in `follows`, which moves that subject's
    version; the row carries the same version, so that doctor sees a row that fell behind.
    """

    follows: ClassVar[type[Row]]


class Technical(Stored, frozen=True, kw_only=True):
    """Sessions, credentials, jobs: what the program needs and the chronology does not."""


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """What the journal says about an entry besides its body: when, by whom, in which operation."""

    entry_id: uuid.UUID
    operation_id: uuid.UUID
    occurred_at: datetime
    recorded_at: datetime
    actor_id: str


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to exactly one subject (`id`), and moves it by exactly one version.

    A subclass declares `kind` (past tense, `attendance.arrived`), `subject` (the `Row` class it changes) and
    `evolve`. `schema` counts the shapes its body has had; `lift` turns an older body into the present one.
    """

    kind: ClassVar[str] = ""
    subject: ClassVar[type[Row]]
    schema: ClassVar[int] = 1
    id: uuid.UUID

    def evolve(self, row: Any, stamp: Stamp) -> Row:  # noqa: ANN401 - each event narrows it to its subject
        """The subject's row after this event, its version left alone; `row` is None when it did not exist."""
        raise NotImplementedError(f"{type(self).__name__} has no evolve: {row} {stamp}")

    @classmethod
    def lift(cls, body: dict[str, Any], schema: int) -> dict[str, Any]:
        """The body of an older schema in the present shape; bodies in the journal are never rewritten."""
        if schema != cls.schema:
            raise ValueError(f"{cls.kind}: no way from schema {schema} to {cls.schema}")
        return body


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule decides: events in order, and the personal or technical rows written beside them.

    `review` says that the content could not be attributed and waits in 要確認. `supersedes` is the entry of
    the same subject that the events put right.
    """

    events: tuple[Event, ...] = ()
    rows: tuple[Personal | Technical, ...] = ()
    review: bool = False
    supersedes: uuid.UUID | None = None


Decision = Outcome | Refusal

S = TypeVar("S")


@cache
def load_domain() -> None:
    """Import every module of the domain once, so that all its classes are known."""
    package = importlib.import_module("dvc_core.domain")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"dvc_core.domain.{module.name}")


def _below(cls: type[S]) -> list[type[S]]:
    return [found for sub in cls.__subclasses__() for found in (sub, *_below(sub))]


def event_kinds() -> dict[str, type[Event]]:
    """Every event class by its kind."""
    load_domain()
    return {cls.kind: cls for cls in _below(Event) if cls.kind}


_CLASSES: dict[str, type[Event]] = {}


def event_class(kind: str) -> type[Event]:
    """The event class of a kind.

    Raises:
        KeyError: if no event has this kind.
    """
    if kind not in _CLASSES:
        _CLASSES.update(event_kinds())
    return _CLASSES[kind]


def tables(base: type[S]) -> dict[str, type[S]]:
    """Every class below `base` (Row, Personal, Technical) that has a table, by the table's name."""
    load_domain()
    return {cls.table: cls for cls in _below(base) if cls.table}  # type: ignore[attr-defined]
