"""ふりかえり: who was here and who was out at a moment, as it was known then and as it truly was (訂正後)."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime

import msgspec

from dvc_core.domain.attendance import Attendance
from dvc_core.domain.kernel import Event, Stamp
from dvc_core.domain.volunteer import Volunteer
from dvc_core.ports import EntryLike, Reader
from dvc_core.queries.base import query
from dvc_core.queries.entries import event_of
from dvc_core.replay import Folded, as_it_was, as_known

MOMENTS = ("arrived_at", "departed_at", "returned_at", "left_at")


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A journal entry as the fold reads it."""

    seq: int
    entry_id: uuid.UUID
    kind: str
    subject_id: uuid.UUID
    version: int
    operation_id: uuid.UUID
    occurred_at: datetime
    recorded_at: datetime
    actor_id: str
    schema: int
    body: str
    supersedes: uuid.UUID | None
    content: str = ""

    def event(self) -> Event:
        """The event in its present shape."""
        return event_of(self.kind, self.subject_id, self.schema, self.body)

    def stamp(self) -> Stamp:
        """What the fold may know besides."""
        return Stamp(
            entry_id=self.entry_id,
            operation_id=self.operation_id,
            occurred_at=self.occurred_at,
            recorded_at=self.recorded_at,
            actor_id=self.actor_id,
        )


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """One person's day at a moment: the times that are said, and where the person is by them."""

    arrived_at: datetime | None = None
    departed_at: datetime | None = None
    returned_at: datetime | None = None
    left_at: datetime | None = None
    present: bool = False
    out: bool = False


class Differs(msgspec.Struct, frozen=True, kw_only=True):
    """A person of whom something else was known than what was; by number, never by name."""

    number: int
    known: Moment
    was: Moment


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """Heads at the moment."""

    came: int
    here: int
    out: int


class AsOf(msgspec.Struct, frozen=True, kw_only=True):
    """Both views of one moment. `late`: entries of the day written down more than ten minutes after."""

    at: datetime
    known: Sums
    was: Sums
    differing: tuple[Differs, ...]
    corrected: int
    late: int


_DAY = """
SELECT j.seq, j.entry_id, j.kind, j.subject_id, j.version, j.operation_id, j.occurred_at, j.recorded_at,
       j.actor_id, j.schema, j.body, j.supersedes
FROM journal j JOIN attendance a ON a.council_id = j.council_id AND a.id = j.subject_id
WHERE j.council_id = $council AND j.operation_id = $operation AND a.day = $day
ORDER BY j.seq NULLS LAST
"""
_NAMES = msgspec.structs.fields(_Entry)[:-1]
LATE_SECONDS = 600


@query("asof.day", role="view")
def of_day(reader: Reader, operation_id: uuid.UUID, day: date, at: datetime) -> AsOf:
    """The day's people at a moment of it, both ways."""
    rows = reader.rows(_DAY, operation=operation_id, day=day)
    names = [field.name for field in _NAMES]
    entries = [_Entry(**dict(zip(names, row, strict=True))) for row in rows]
    known, was = _people(as_known, entries, at), _people(as_it_was, entries, at)
    differing = sorted(i for i in known.keys() | was.keys() if known.get(i) != was.get(i))
    numbers = reader.many(Volunteer, differing)
    return AsOf(
        at=at,
        known=_sums(known.values()),
        was=_sums(was.values()),
        differing=tuple(
            sorted(
                (
                    Differs(
                        number=numbers[i].number,
                        known=known.get(i, Moment()),
                        was=was.get(i, Moment()),
                    )
                    for i in differing
                    if i in numbers
                ),
                key=lambda each: each.number,
            )
        ),
        corrected=sum(entry.kind == "attendance.time_corrected" for entry in entries),
        late=sum((entry.recorded_at - entry.occurred_at).total_seconds() > LATE_SECONDS for entry in entries),
    )


def _people(
    view: Callable[[Iterable[EntryLike], datetime], Folded], entries: Iterable[EntryLike], at: datetime
) -> dict[uuid.UUID, Moment]:
    found = view(entries, at)[Attendance].values()
    # The day of a registration that was merged into another one is empty: it is left out below.
    said = {row.volunteer_id: _moment(row) for row in found if isinstance(row, Attendance)}
    return {i: moment for i, moment in said.items() if moment != Moment()}


def _moment(row: Attendance) -> Moment:
    times = {name: getattr(row, name) for name in MOMENTS}
    return Moment(**times, present=row.present and not row.out, out=row.out)


def _sums(moments: Iterable[Moment]) -> Sums:
    every = list(moments)
    return Sums(
        came=sum(each.arrived_at is not None for each in every),
        here=sum(each.present for each in every),
        out=sum(each.out for each in every),
    )
