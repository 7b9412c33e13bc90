"""統合した人の一日: days of several registrations count as one, and are told apart again by the undo.

The parts stay in the day's row (`Attendance.parts`): what a card or number did is known by its own, so that
undoing gives each registration its day back, with what came in between.
"""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.domain.attendance import Attendance, OfDay
from dvc_core.domain.day_part import DayPart, combined, kept, part_of
from dvc_core.domain.kernel import Row, Stamp


class DayTakenOver(OfDay, frozen=True, kw_only=True):
    """The day of a registration that was merged counts for this person."""

    kind: ClassVar[str] = "attendance.taken_over"
    subject: ClassVar[type[Row]] = Attendance
    parts: tuple[DayPart, ...]

    def evolve(self, row: Attendance | None, stamp: Stamp) -> Attendance:
        """One day of one human being, each registration's part kept."""
        base = self._row(row, stamp)
        own = part_of(base, self.volunteer_id)
        parts = (*(base.parts or (own,)), *self.parts)
        return msgspec.structs.replace(base, **combined((own, *self.parts)), parts=parts)


class DayGivenOver(OfDay, frozen=True, kw_only=True):
    """The day of this registration counts for the person it was merged into."""

    kind: ClassVar[str] = "attendance.given_over"
    subject: ClassVar[type[Row]] = Attendance

    def evolve(self, row: Attendance | None, stamp: Stamp) -> Attendance:
        """Nothing is counted here any more; the entries stay."""
        return msgspec.structs.replace(self._row(row, stamp), **combined(()), parts=())


class DayGivenBack(OfDay, frozen=True, kw_only=True):
    """The merging was undone: what these registrations did is no longer this person's."""

    kind: ClassVar[str] = "attendance.given_back"
    subject: ClassVar[type[Row]] = Attendance
    whose: tuple[uuid.UUID, ...]

    def evolve(self, row: Attendance | None, stamp: Stamp) -> Attendance:
        """What is left; a day without parts is the person's own, and only touched."""
        base = self._row(row, stamp)
        if not base.parts:
            return base
        rest = [part for part in base.parts if part.volunteer_id not in self.whose]
        return msgspec.structs.replace(base, **combined(rest), parts=kept(rest, base.volunteer_id))


class DayRestored(OfDay, frozen=True, kw_only=True):
    """The merging was undone: the day is this registration's own again, with what came in between."""

    kind: ClassVar[str] = "attendance.restored"
    subject: ClassVar[type[Row]] = Attendance
    parts: tuple[DayPart, ...]

    def evolve(self, row: Attendance | None, stamp: Stamp) -> Attendance:
        """As its own cards and numbers made it."""
        base = self._row(row, stamp)
        new = combined((part_of(base, self.volunteer_id), *self.parts))
        return msgspec.structs.replace(base, **new, parts=kept(self.parts, self.volunteer_id))
