"""What one registration did on one day, kept apart inside the day of the person it was merged into.

A day's facts are first and last times; here is how a time is taken in, and how the days of several
registrations of one human being are read as one day (受付: 統合).
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec

EARLIER: Final = {"arrived": True, "came": False, "left": False, "departed": False, "returned": False}
"""Whether the earliest or the latest of a day's moments counts."""

H = TypeVar("H", bound=msgspec.Struct)


class DayPart(msgspec.Struct, frozen=True, kw_only=True):
    """The day of one registration: moments, each with its entry; a place in the day; a team."""

    volunteer_id: uuid.UUID
    arrived_at: datetime | None = None
    arrived_entry: uuid.UUID | None = None
    came_at: datetime | None = None
    came_entry: uuid.UUID | None = None
    left_at: datetime | None = None
    left_entry: uuid.UUID | None = None
    departed_at: datetime | None = None
    departed_entry: uuid.UUID | None = None
    returned_at: datetime | None = None
    returned_entry: uuid.UUID | None = None
    admitted: bool = False
    team_id: uuid.UUID | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing happened."""
        return self == DayPart(volunteer_id=self.volunteer_id)


STATE: Final = tuple(name for name in DayPart.__struct_fields__ if name != "volunteer_id")


def part_of(row: Any, volunteer_id: uuid.UUID) -> DayPart:  # noqa: ANN401 - an Attendance, which stands above
    """A day's row as the part of one registration."""
    return DayPart(volunteer_id=volunteer_id, **{name: getattr(row, name) for name in STATE})


def noted(holder: H, what: str, at: datetime, entry: uuid.UUID) -> H:
    """A moment taken in. Two of one time are ordered by their entries, so that any order gives the same."""
    known = getattr(holder, f"{what}_at")
    if known is not None:
        old = (known, getattr(holder, f"{what}_entry"))
        if ((at, entry) < old) is not EARLIER[what]:
            return holder
    return msgspec.structs.replace(holder, **{f"{what}_at": at, f"{what}_entry": entry})


def combined(parts: Iterable[DayPart]) -> dict[str, Any]:
    """The columns of a day that several registrations make together."""
    whole = DayPart(volunteer_id=uuid.UUID(int=0))
    for part in parts:
        for what in EARLIER:
            if (at := getattr(part, f"{what}_at")) is not None:
                whole = noted(whole, what, at, getattr(part, f"{what}_entry"))
        team = whole.team_id or part.team_id
        whole = msgspec.structs.replace(whole, admitted=whole.admitted or part.admitted, team_id=team)
    return {name: getattr(whole, name) for name in STATE}


def kept(parts: Sequence[DayPart], own: uuid.UUID) -> tuple[DayPart, ...]:
    """The parts as a row keeps them: none while there is only its own."""
    return () if [part.volunteer_id for part in parts] == [own] else tuple(parts)
