"""What the safety gate changes of a need and its visits: how it stands, who lives there, what it stops."""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Code, Event, Row, Stamp
from dvc_core.domain.need import Gate, Need
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.visit import Visit


class GateSet(Event, frozen=True, kw_only=True):
    """The gate was worked out anew; `rule` is the line of the table that decides, `sticker_id` the paper."""

    kind: ClassVar[str] = "need.gate_set"
    subject: ClassVar[type[Row]] = Need
    gate: Gate
    graded: HazardGrade
    rule: Code
    sticker_id: uuid.UUID | None = None

    def evolve(self, row: Need, stamp: Stamp) -> Need:
        """So it stands now."""
        return msgspec.structs.replace(row, gate=self.gate, graded=self.graded)


class ReleaseEnded(Event, frozen=True, kw_only=True):
    """A release counts no more: it was taken back, or another work is to be done than it was given for."""

    kind: ClassVar[str] = "need.release_ended"
    subject: ClassVar[type[Row]] = Need

    def evolve(self, row: Need, stamp: Stamp) -> Need:
        """As if nobody had released it."""
        return msgspec.structs.replace(row, released_by=None, released_rules=(), released_stickers=())


class LivedInSet(Event, frozen=True, kw_only=True):
    """Whether people live in the house: it decides whether a red or yellow place may be released at all."""

    kind: ClassVar[str] = "need.lived_in_set"
    subject: ClassVar[type[Row]] = Need
    lived_in: bool

    def evolve(self, row: Need, stamp: Stamp) -> Need:
        """Known now."""
        return msgspec.structs.replace(row, lived_in=self.lived_in)


class VisitStopped(Event, frozen=True, kw_only=True):
    """The gate closed before the team went: nobody is matched to this visit and no team leaves for it.

    The visit itself stays as it was planned, so that it goes on when the gate opens again. The entry also
    makes two desks meet on one row: a team that departs at this very moment is refused, or called back.
    """

    kind: ClassVar[str] = "visit.stopped_by_gate"
    subject: ClassVar[type[Row]] = Visit

    def evolve(self, row: Visit, stamp: Stamp) -> Visit:
        """As planned; whether the gate stops it is the need's to say."""
        return row
