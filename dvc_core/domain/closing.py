"""Closing a day and the center: held by people who are not home, released only by name and reason."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar

from dvc_core.domain.attendance import Attendance
from dvc_core.domain.kernel import Decision, Event, Outcome, Refusal, Row, Stamp, derive
from dvc_core.domain.need import ENDED, Need
from dvc_core.domain.operation import Closed, ClosingDecided, Operation


class Day(Row, frozen=True, kw_only=True):
    """One 活動日 that was closed."""

    table: ClassVar[str] = "activity_day"
    operation_id: uuid.UUID
    day: date
    closed_at: datetime
    people_out: int
    people: int | None = None


def day_id(operation_id: uuid.UUID, day: date) -> uuid.UUID:
    """One row an operation and day."""
    return derive(operation_id, "day", day)


class DayClosed(Event, frozen=True, kw_only=True):
    """The day was closed; `people_out` counts those whom a named person released without a return.

    `people` counts those who came; entries of the first schema did not say it.
    """

    kind: ClassVar[str] = "day.closed"
    subject: ClassVar[type[Row]] = Day
    schema: ClassVar[int] = 2
    day: date
    people_out: int
    people: int | None

    def evolve(self, row: Day | None, stamp: Stamp) -> Day:
        """Closed then."""
        return Day(
            id=self.id,
            operation_id=stamp.operation_id,
            day=self.day,
            closed_at=stamp.occurred_at,
            people_out=self.people_out,
            people=self.people,
        )

    @classmethod
    def lift(cls, body: dict[str, Any], schema: int) -> dict[str, Any]:
        """1 → 2: how many came is not known."""
        return {**body, "people": None} if schema == 1 else super().lift(body, schema)


def close_day(
    operation: Operation | None, day: date, rows: Iterable[Attendance], *, released: bool
) -> Decision:
    """Close a day; `released`: a named person gave a reason for those who are still out."""
    if operation is None or operation.closed_at is not None:
        return Refusal("no-operation")
    everyone = list(rows)
    out = sum(row.out for row in everyone)
    if out and not released:
        return Refusal("people-out", {"count": out})
    came = sum(row.arrived_at is not None for row in everyone)
    return Outcome(events=(DayClosed(id=day_id(operation.id, day), day=day, people_out=out, people=came),))


def decide_closing(operation: Operation | None) -> Decision:
    """閉所判断: of a center that is open."""
    if operation is None or operation.closed_at is not None or operation.opened_at is None:
        return Refusal("not-open")
    if operation.closing_decided_at is not None:
        return Refusal("closing-decided")
    return Outcome(events=(ClosingDecided(id=operation.id),))


def close_center(
    operation: Operation | None, rows: Iterable[Attendance], needs: Iterable[Need], *, released: bool
) -> Decision:
    """閉所: everybody home, every need ended or handed over; else only by name and reason.

    An operation whose center never opened closes as well: 設置しない is an end like any other.
    """
    if operation is None or operation.closed_at is not None:
        return Refusal("no-operation")
    if operation.opened_at is not None and operation.closing_decided_at is None:
        return Refusal("closing-undecided")
    out = sum(row.out for row in rows)
    if out and not released:
        return Refusal("people-out", {"count": out})
    left = sum(need.state not in ENDED for need in needs)
    if left and not released:
        return Refusal("needs-left", {"count": left})
    return Outcome(events=(Closed(id=operation.id),))
