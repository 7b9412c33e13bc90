"""Where a need goes on: in the need of the same household and back, on hold and off it again."""

import uuid
from datetime import date
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Event, Row, Stamp
from dvc_core.domain.need import HoldReason, Need, NeedState


class JoinedTo(Event, frozen=True, kw_only=True):
    """The same household had telephoned before: this need belongs to that one."""

    kind: ClassVar[str] = "need.joined"
    subject: ClassVar[type[Row]] = Need
    same_as: uuid.UUID

    def evolve(self, row: Need, stamp: Stamp) -> Need:
        """Ended here, goes on there; where it stood is kept for the way back."""
        return msgspec.structs.replace(
            row, same_as=self.same_as, state=NeedState.CANCELLED, joined_from=row.state
        )


class Parted(Event, frozen=True, kw_only=True):
    """It was another household after all: the need goes on by itself, where it stood."""

    kind: ClassVar[str] = "need.parted"
    subject: ClassVar[type[Row]] = Need

    def evolve(self, row: Need, stamp: Stamp) -> Need:
        """As it was before it was joined; of needs joined long ago only that they came in is known."""
        return msgspec.structs.replace(
            row, same_as=None, state=row.joined_from or NeedState.RECEIVED, joined_from=None
        )


class PutOnHold(Event, frozen=True, kw_only=True):
    """保留: something must come first, until a day or until somebody says so."""

    kind: ClassVar[str] = "need.put_on_hold"
    subject: ClassVar[type[Row]] = Need
    reason: HoldReason
    until: date | None = None

    def evolve(self, row: Need, stamp: Stamp) -> Need:
        """On hold; a second reason does not forget where the need stood before the first."""
        return msgspec.structs.replace(
            row,
            state=NeedState.ON_HOLD,
            held_from=row.held_from if row.state is NeedState.ON_HOLD else row.state,
            hold_reason=self.reason,
            hold_until=self.until,
        )


class Resumed(Event, frozen=True, kw_only=True):
    """What it waited for came."""

    kind: ClassVar[str] = "need.resumed"
    subject: ClassVar[type[Row]] = Need

    def evolve(self, row: Need, stamp: Stamp) -> Need:
        """Where it stood before."""
        return msgspec.structs.replace(
            row,
            state=row.held_from or NeedState.RECEIVED,
            held_from=None,
            hold_reason=None,
            hold_until=None,
        )
