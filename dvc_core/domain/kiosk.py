"""受付端末: a council's tablet that scans and does nothing else; enrolled by a code, cut off in one tap."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from dvc_core.domain.day import NumberTaken
from dvc_core.domain.kernel import (
    Decision,
    Digest,
    Event,
    Outcome,
    Refusal,
    Row,
    Stamp,
    Technical,
    derive,
)
from dvc_core.domain.text import TextFault, clean

LONGEST_LABEL = 20
"""Characters of a label: it stands on the tablet's screen and on the list beside a button."""


class Kiosk(Row, frozen=True, kw_only=True):
    """One tablet, by its number. Cut off, it is still known: what it sends is kept in 要確認."""

    table: ClassVar[str] = "kiosk"
    number: int
    enrolled_at: datetime | None = None
    revoked_at: datetime | None = None


class KioskLabel(Technical, frozen=True, kw_only=True):
    """What people call it, 「受付1」; the id is the kiosk's."""

    table: ClassVar[str] = "kiosk_label"
    label: str


class KioskEnrolment(Technical, frozen=True, kw_only=True):
    """A code that was shown; its id follows from the code's digest. It works once, for a short while."""

    table: ClassVar[str] = "kiosk_enrolment"
    kiosk_id: uuid.UUID
    expires_at: datetime
    used_at: datetime | None = None


class KioskCredential(Technical, frozen=True, kw_only=True):
    """A digest of the secret by which a tablet is known."""

    table: ClassVar[str] = "kiosk_credential"
    kiosk_id: uuid.UUID
    secret: Digest


class KioskContact(Technical, frozen=True, kw_only=True):
    """When it was last heard of, and how many scans waited in it then; the id is the kiosk's."""

    table: ClassVar[str] = "kiosk_contact"
    last_at: datetime
    waiting: int | None = None


class Added(Event, frozen=True, kw_only=True):
    """The chief made a place for a tablet and was shown its code."""

    kind: ClassVar[str] = "kiosk.added"
    subject: ClassVar[type[Row]] = Kiosk
    number: int

    def evolve(self, row: Kiosk | None, stamp: Stamp) -> Kiosk:
        """A kiosk that no tablet has enrolled as."""
        return Kiosk(id=self.id, number=self.number)


class Enrolled(Event, frozen=True, kw_only=True):
    """A tablet has its credential."""

    kind: ClassVar[str] = "kiosk.enrolled"
    subject: ClassVar[type[Row]] = Kiosk

    def evolve(self, row: Kiosk, stamp: Stamp) -> Kiosk:
        """Enrolled since then."""
        return msgspec.structs.replace(row, enrolled_at=stamp.occurred_at)


class Revoked(Event, frozen=True, kw_only=True):
    """It was cut off: lost, lent out, or no longer needed."""

    kind: ClassVar[str] = "kiosk.revoked"
    subject: ClassVar[type[Row]] = Kiosk

    def evolve(self, row: Kiosk, stamp: Stamp) -> Kiosk:
        """Cut off since then."""
        return msgspec.structs.replace(row, revoked_at=stamp.occurred_at)


def enrolment_id(code: Digest) -> uuid.UUID:
    """The enrolment of a code's digest."""
    return derive("kiosk-enrolment", code)


def credential_id(command_id: uuid.UUID) -> uuid.UUID:
    """The id of the credential that a command gives out; it is the first half of what the tablet keeps."""
    return derive(command_id, "kiosk-credential")


def add(
    kiosk_id: uuid.UUID,
    number: NumberTaken,
    label: str,
    enrolment: KioskEnrolment,
    credential: KioskCredential | None,
) -> Decision:
    """Make a place for a tablet; with a credential at once when a program asks for it instead of a tablet."""
    name = clean(label, limit=LONGEST_LABEL, empty=False)
    if isinstance(name, TextFault):
        return Refusal("kiosk-label", {"limit": LONGEST_LABEL})
    added: tuple[Event, ...] = (number, Added(id=kiosk_id, number=number.number))
    if credential is None:
        return Outcome(events=added, rows=(KioskLabel(id=kiosk_id, label=name), enrolment))
    return Outcome(
        events=(*added, Enrolled(id=kiosk_id)),
        rows=(KioskLabel(id=kiosk_id, label=name), enrolment, credential),
    )


def refused_enrolment(
    enrolment: KioskEnrolment | None, kiosk: Kiosk | None, asked_at: datetime
) -> Refusal | None:
    """Why a code gives nothing (any more)."""
    if enrolment is None or kiosk is None:
        return Refusal("enrol-code-unknown")
    if enrolment.used_at is not None:
        return Refusal("enrol-code-used")
    if asked_at >= enrolment.expires_at:
        return Refusal("enrol-code-expired")
    return Refusal("kiosk-revoked") if kiosk.revoked_at is not None else None


def enrol(
    enrolment: KioskEnrolment | None,
    kiosk: Kiosk | None,
    credential: KioskCredential,
    *,
    label: str,
    asked_at: datetime,
) -> Decision:
    """Give a tablet its credential for a code; the tablet may bring a label of its own."""
    refusal = refused_enrolment(enrolment, kiosk, asked_at)
    if refusal is not None or enrolment is None:
        return refusal or Refusal("enrol-code-unknown")
    name = clean(label, limit=LONGEST_LABEL)
    if isinstance(name, TextFault):
        return Refusal("kiosk-label", {"limit": LONGEST_LABEL})
    used = msgspec.structs.replace(enrolment, used_at=asked_at)
    labels = (KioskLabel(id=enrolment.kiosk_id, label=name),) if name else ()
    return Outcome(events=(Enrolled(id=enrolment.kiosk_id),), rows=(used, credential, *labels))


def revoke(kiosk: Kiosk | None) -> Decision:
    """Cut a tablet off, once."""
    if kiosk is None:
        return Refusal("kiosk-unknown")
    if kiosk.revoked_at is not None:
        return Refusal("kiosk-revoked")
    return Outcome(events=(Revoked(id=kiosk.id),))
