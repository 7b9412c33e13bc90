"""同意: to whom the center may tell a resident's name and troubles, recipient by recipient.

社協 is a private 個人情報取扱事業者 (個人情報保護法27条, practice 4.9): consent is asked for each recipient,
with how and when, and may be withdrawn. Life and body go before it (27条1項2号), by a named person.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from dvc_core.domain.kernel import Event, Row, Stamp, derive


class Recipient(StrEnum):
    """Who may be told (DESIGN 9)."""

    CITY = "city"
    CARE = "care"
    NPO = "npo"
    PROFESSIONAL = "professional"
    PRESS = "press"


OF_PARTNER: dict[str, Recipient] = {
    "city": Recipient.CITY,
    "care": Recipient.CARE,
    "technical": Recipient.NPO,
    "contractor": Recipient.NPO,
    "agriculture": Recipient.NPO,
    "professional": Recipient.PROFESSIONAL,
}
"""Whose consent a referral to a kind of partner needs; the center's own chief needs none."""


class ConsentState(StrEnum):
    """What the resident said."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ConsentHow(StrEnum):
    """How it was said."""

    SPOKEN = "spoken"
    WRITTEN = "written"


class Consent(Row, frozen=True, kw_only=True):
    """One need's word for one recipient."""

    table: ClassVar[str] = "consent"
    need_id: uuid.UUID
    recipient: Recipient
    state: ConsentState
    how: ConsentHow
    at: datetime


def consent_id(need_id: uuid.UUID, recipient: Recipient) -> uuid.UUID:
    """One row a need and recipient."""
    return derive(need_id, "consent", recipient.value)


class ConsentNoted(Event, frozen=True, kw_only=True):
    """The resident gave, refused or withdrew consent."""

    kind: ClassVar[str] = "consent.noted"
    subject: ClassVar[type[Row]] = Consent
    need_id: uuid.UUID
    recipient: Recipient
    state: ConsentState
    how: ConsentHow

    def evolve(self, row: Consent | None, stamp: Stamp) -> Consent:
        """The last word counts."""
        return Consent(
            id=self.id,
            version=row.version if row else 0,
            need_id=self.need_id,
            recipient=self.recipient,
            state=self.state,
            how=self.how,
            at=stamp.occurred_at,
        )
