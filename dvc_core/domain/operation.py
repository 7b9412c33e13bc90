"""An operation: one response of one council to one disaster or drill, from 発災 over 設置判断 to 閉所."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain import note
from dvc_core.domain.kernel import Decision, Event, Outcome, Refusal, Row, Stamp

STANDING = "standing"
"""平時: the standing operation of a council is derived from this word and its code; it has no row."""

DECIDE_WITHIN = timedelta(hours=72)
"""設置判断 within 72 hours of 発災 (practice 2.1, 2.3: 奥多摩町, 多摩市; 秋田県のガイドライン)."""


class Disaster(StrEnum):
    """What happened; it decides which steps of the manual and which safety rules apply."""

    EARTHQUAKE = "earthquake"
    FLOOD = "flood"
    WIND = "wind"
    SNOW = "snow"
    OTHER = "other"


class OpeningDecision(StrEnum):
    """設置判断. 'A disaster is not by itself a center' (practice 2.1): all three are first-class."""

    CONSIDERING = "considering"
    OPEN = "open"
    NOT_OPEN = "not-open"


class Operation(Row, frozen=True, kw_only=True):
    """One response. Times are when things happened; None while they have not."""

    table: ClassVar[str] = "operation"
    disaster: Disaster
    started_at: datetime
    decision: OpeningDecision | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    opened_at: datetime | None = None
    closing_decided_at: datetime | None = None
    closed_at: datetime | None = None


class Phase(StrEnum):
    """Where an operation is, in one word for every screen."""

    CONSIDERING = "considering"
    PREPARING = "preparing"
    NOT_OPEN = "not-open"
    OPEN = "open"
    CLOSING = "closing"


def phase(row: Operation) -> Phase:
    """The present phase of an operation that is not closed."""
    if row.closing_decided_at is not None:
        return Phase.CLOSING
    if row.opened_at is not None:
        return Phase.OPEN
    if row.decision is OpeningDecision.OPEN:
        return Phase.PREPARING
    return Phase.NOT_OPEN if row.decision is OpeningDecision.NOT_OPEN else Phase.CONSIDERING


class Started(Event, frozen=True, kw_only=True):
    """発災 was recorded: the operation begins."""

    kind: ClassVar[str] = "operation.started"
    subject: ClassVar[type[Row]] = Operation
    disaster: Disaster
    started_at: datetime

    def evolve(self, row: Operation | None, stamp: Stamp) -> Operation:
        """A new operation."""
        return Operation(id=self.id, disaster=self.disaster, started_at=self.started_at)


class OpeningDecided(Event, frozen=True, kw_only=True):
    """設置判断 was taken, or taken anew."""

    kind: ClassVar[str] = "operation.opening_decided"
    subject: ClassVar[type[Row]] = Operation
    decision: OpeningDecision

    def evolve(self, row: Operation, stamp: Stamp) -> Operation:
        """The decision, by whom and when."""
        return msgspec.structs.replace(
            row, decision=self.decision, decided_at=stamp.occurred_at, decided_by=stamp.actor_id
        )


class Opened(Event, frozen=True, kw_only=True):
    """開設: the center opened."""

    kind: ClassVar[str] = "operation.opened"
    subject: ClassVar[type[Row]] = Operation

    def evolve(self, row: Operation, stamp: Stamp) -> Operation:
        """Open since then."""
        return msgspec.structs.replace(row, opened_at=stamp.occurred_at)


class ClosingDecided(Event, frozen=True, kw_only=True):
    """閉所判断 was taken."""

    kind: ClassVar[str] = "operation.closing_decided"
    subject: ClassVar[type[Row]] = Operation

    def evolve(self, row: Operation, stamp: Stamp) -> Operation:
        """Decided then."""
        return msgspec.structs.replace(row, closing_decided_at=stamp.occurred_at)


class Closed(Event, frozen=True, kw_only=True):
    """閉所: the operation ended."""

    kind: ClassVar[str] = "operation.closed"
    subject: ClassVar[type[Row]] = Operation

    def evolve(self, row: Operation, stamp: Stamp) -> Operation:
        """Closed then."""
        return msgspec.structs.replace(row, closed_at=stamp.occurred_at)


def current(running: Iterable[Operation]) -> Operation | None:
    """The operation that entries belong to when none is named: the one that began last."""
    return max(running, key=lambda operation: (operation.started_at, operation.id), default=None)


def start(
    operation_id: uuid.UUID,
    running: Iterable[Operation],
    *,
    disaster: Disaster,
    started_at: datetime,
    now: datetime,
    title: str,
) -> Decision:
    """Record 発災. A second operation beside a running one is refused: entries could not be told apart."""
    already = current(running)
    if already is not None:
        return Refusal("operation-running", {"operation": str(already.id)})
    if started_at > now + timedelta(minutes=2):
        return Refusal("started-in-future")
    if not title.strip():
        return Refusal("title-missing")
    note_id = uuid.uuid5(operation_id, "title")
    events, rows = note.write(note_id, operation_id, "operation-title", title, about_person=False)
    began = Started(id=operation_id, disaster=disaster, started_at=started_at)
    return Outcome(events=(began, *events), rows=rows)


def decide_opening(
    row: Operation | None, decision: OpeningDecision, reason: str, *, note_id: uuid.UUID
) -> Decision:
    """設置判断. 「設置しない」 needs its reason: others will ask for it (practice 2.1, 11 no. 11)."""
    if row is None or row.closed_at is not None:
        return Refusal("no-operation")
    if row.opened_at is not None and decision is not OpeningDecision.OPEN:
        return Refusal("already-open")
    if decision is OpeningDecision.NOT_OPEN and not reason.strip():
        return Refusal("reason-missing")
    events, rows = note.write(note_id, row.id, "opening-reason", reason, about_person=False)
    return Outcome(events=(OpeningDecided(id=row.id, decision=decision), *events), rows=rows)


def open_center(row: Operation | None) -> Decision:
    """開設: only after 設置する was decided, and once."""
    if row is None or row.closed_at is not None:
        return Refusal("no-operation")
    if row.decision is not OpeningDecision.OPEN:
        return Refusal("opening-undecided")
    if row.opened_at is not None:
        return Refusal("already-open")
    return Outcome(events=(Opened(id=row.id),))
