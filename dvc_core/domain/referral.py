"""引継: what volunteers do not do is handed on, and stays open until the partner reports back (practice 5.2).

Named, then handed to the partner with the resident's consent, taken over by them, reported back: only the
last ends it.
"""

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
    handed_at: datetime | None = None
    without_consent: bool = False
    accepted_at: datetime | None = None
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


class ReferralHanded(Event, frozen=True, kw_only=True):
    """The partner was told who and where; without consent only for life and body, by a named person."""

    kind: ClassVar[str] = "referral.handed"
    subject: ClassVar[type[Row]] = Referral
    without_consent: bool = False

    def evolve(self, row: Referral, stamp: Stamp) -> Referral:
        """With them since then."""
        return msgspec.structs.replace(row, handed_at=stamp.occurred_at, without_consent=self.without_consent)


class ReferralAccepted(Event, frozen=True, kw_only=True):
    """The partner takes it over; it stays open until they report back."""

    kind: ClassVar[str] = "referral.accepted"
    subject: ClassVar[type[Row]] = Referral

    def evolve(self, row: Referral, stamp: Stamp) -> Referral:
        """Theirs since then."""
        return msgspec.structs.replace(row, accepted_at=stamp.occurred_at)


class ReferralSettled(Event, frozen=True, kw_only=True):
    """The partner reported back: seen to, or given back."""

    kind: ClassVar[str] = "referral.settled"
    subject: ClassVar[type[Row]] = Referral
    taken: bool

    def evolve(self, row: Referral, stamp: Stamp) -> Referral:
        """Settled then."""
        return msgspec.structs.replace(row, settled_at=stamp.occurred_at, taken=self.taken)
