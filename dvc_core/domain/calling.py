"""予定電話: a household is telephoned by one person at a time, and what was heard is noted before the next.

Residents are called about the day of a survey, a visit, the day before it, and whether all is done (practice
5.4: the daily 15–17 o'clock job). Two people telephone from one list, so taking a household is an act of its
own, with a hold that ends by itself.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Decision, Event, Outcome, Refusal, Row, Stamp, derive

HOLD = timedelta(minutes=15)
"""A call is over by then; who was called away does not lock the household for the day."""


class CallPurpose(StrEnum):
    """What a resident is called about."""

    SURVEY = "survey"
    VISIT = "visit"
    EVE = "eve"
    FINISHED = "finished"


class Heard(StrEnum):
    """Whether somebody was reached."""

    YES = "yes"
    NO_ANSWER = "no-answer"
    LATER = "later"


class Whom(StrEnum):
    """Who was called: the resident, or a relative or 民生委員 as the second contact (field2026 3 no. 6)."""

    RESIDENT = "resident"
    SECOND = "second"


class Calling(Row, frozen=True, kw_only=True):
    """One household's telephone: who holds it, how often nobody answered since somebody last did."""

    table: ClassVar[str] = "calling"
    operation_id: uuid.UUID
    need_id: uuid.UUID
    held_by: str | None = None
    held_at: datetime | None = None
    tries: int = 0
    last: Heard | None = None
    last_at: datetime | None = None
    again_at: datetime | None = None

    def holder(self, now: datetime) -> str | None:
        """Who is calling right now."""
        if self.held_by is None or self.held_at is None or now - self.held_at >= HOLD:
            return None
        return self.held_by


def calling_id(need_id: uuid.UUID) -> uuid.UUID:
    """One row a need."""
    return derive(need_id, "calling")


class _OfHousehold(Event, frozen=True, kw_only=True):
    need_id: uuid.UUID

    def _row(self, row: Calling | None, stamp: Stamp) -> Calling:
        return row or Calling(id=self.id, operation_id=stamp.operation_id, need_id=self.need_id)


class Held(_OfHousehold, frozen=True, kw_only=True):
    """Somebody takes the household to call it."""

    kind: ClassVar[str] = "calling.held"
    subject: ClassVar[type[Row]] = Calling

    def evolve(self, row: Calling | None, stamp: Stamp) -> Calling:
        """Theirs for a while."""
        return msgspec.structs.replace(
            self._row(row, stamp), held_by=stamp.actor_id, held_at=stamp.occurred_at
        )


class PutBack(_OfHousehold, frozen=True, kw_only=True):
    """Nobody was called after all."""

    kind: ClassVar[str] = "calling.put_back"
    subject: ClassVar[type[Row]] = Calling

    def evolve(self, row: Calling | None, stamp: Stamp) -> Calling:
        """Free for others."""
        return msgspec.structs.replace(self._row(row, stamp), held_by=None, held_at=None)


class Tried(_OfHousehold, frozen=True, kw_only=True):
    """A call was made; `again_at` is when they asked to be called again."""

    kind: ClassVar[str] = "calling.tried"
    subject: ClassVar[type[Row]] = Calling
    purpose: CallPurpose
    whom: Whom
    reached: Heard
    again_at: datetime | None = None

    def evolve(self, row: Calling | None, stamp: Stamp) -> Calling:
        """One try more, or none any longer; the household is free again."""
        old = self._row(row, stamp)
        return msgspec.structs.replace(
            old,
            held_by=None,
            held_at=None,
            tries=0 if self.reached is Heard.YES else old.tries + 1,
            last=self.reached,
            last_at=stamp.occurred_at,
            again_at=self.again_at,
        )


def take(
    wanted: Iterable[uuid.UUID],
    rows: dict[uuid.UUID, Calling],
    mine: Iterable[Calling],
    now: datetime,
    by: str,
) -> Decision:
    """The first household of the list that nobody holds; not before the last call was noted.

    `rows` are by the id of the need, `mine` what the caller holds.
    """
    for row in mine:
        if row.holder(now) == by:
            return Refusal("call-not-noted")
    listed = list(wanted)
    for need_id in listed:
        known = rows.get(need_id)
        if known is None or known.holder(now) in (None, by):
            return Outcome(events=(Held(id=calling_id(need_id), need_id=need_id),))
    return Refusal("all-held" if listed else "nobody-to-call")
