"""活動日 and the short numbers people call out: values that many desks share."""

import uuid
from datetime import date, datetime, timedelta, timezone
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Event, Row, Stamp, derive

JAPAN = timezone(timedelta(hours=9))
"""Japan knows no summer time, so the day needs no zone database."""


def activity_day(moment: datetime) -> date:
    """The 活動日 that a moment belongs to: the calendar day in Japan."""
    return moment.astimezone(JAPAN).date()


class Series(Row, frozen=True, kw_only=True):
    """One run of short numbers (受付番号, ニーズ番号, 班番号, 指示書番号). Taking one is its own event."""

    table: ClassVar[str] = "series"
    last: int


class NumberTaken(Event, frozen=True, kw_only=True):
    """The next number of a series was taken."""

    kind: ClassVar[str] = "series.number_taken"
    subject: ClassVar[type[Row]] = Series
    number: int

    def evolve(self, row: Series | None, stamp: Stamp) -> Series:
        """The last number taken."""
        new = Series(id=self.id, last=self.number)
        return new if row is None else msgspec.structs.replace(row, last=max(row.last, self.number))


def series_id(operation_id: uuid.UUID, what: str, day: date | None = None) -> uuid.UUID:
    """The id of a series: per operation, and per day where numbers begin anew each day."""
    return derive(operation_id, "series", what, day or "")


def take_number(row: Series | None, row_id: uuid.UUID) -> NumberTaken:
    """The event that takes the next number."""
    return NumberTaken(id=row_id, number=(row.last if row else 0) + 1)
