"""引継: what volunteers do not do is handed on, and stays open until the partner answers (practice 5.2)."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Code, Event, Row, Stamp


class Referral(Row, frozen=True, kw_only=True):
    """One handing-on of a need: to whom (a kind of partner), why, and what they answered."""

    table: ClassVar[str] = "referral"
    operation_id: uuid.UUID
    need_id: uuid.UUID
    to: Code
    reason: Code
    made_at: datetime
    settled_at: datetime | None = None
    taken: bool | None = None


class ReferralMade(Event, frozen=True, kw_only=True):
    """Something was handed on; to `chief` means that the chief is told at once (危機介入)."""

    kind: ClassVar[str] = "referral.made"
    subject: ClassVar[type[Row]] = Referral
    need_id: uuid.UUID
    to: Code
    reason: Code

    def evolve(self, row: Referral | None, stamp: Stamp) -> Referral:
        """Open until settled."""
        return Referral(
            id=self.id,
            operation_id=stamp.operation_id,
            need_id=self.need_id,
            to=self.to,
            reason=self.reason,
            made_at=stamp.occurred_at,
        )


class ReferralSettled(Event, frozen=True, kw_only=True):
    """The partner took it over, or gave it back."""

    kind: ClassVar[str] = "referral.settled"
    subject: ClassVar[type[Row]] = Referral
    taken: bool

    def evolve(self, row: Referral, stamp: Stamp) -> Referral:
        """Settled then."""
        return msgspec.structs.replace(row, settled_at=stamp.occurred_at, taken=self.taken)
