"""Who a kiosk is, looked up on every request by the credential it brings; when it was last heard of."""

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta

import msgspec

from dvc_core.access.passwords import as_code
from dvc_core.domain.kernel import Refusal
from dvc_core.domain.kiosk import (
    Kiosk,
    KioskContact,
    KioskCredential,
    KioskEnrolment,
    KioskLabel,
    credential_id,
    enrolment_id,
    refused_enrolment,
)
from dvc_core.ports import ConflictError, Reader, Units

CODE_LASTS = timedelta(minutes=10)
"""How long a code that was shown may be used."""

NOTED_EVERY = timedelta(seconds=20)
"""How often a contact is written down: a list for people needs no more, and a write costs a turn."""


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """The kiosk that sent a request. What a `cut_off` one sends is acknowledged and kept, nothing more.

    `heard_at` is the contact that was last written down, None for the first; `waiting` the scans it told of.
    """

    kiosk: Kiosk
    heard_at: datetime | None = None
    waiting: int | None = None

    @property
    def cut_off(self) -> bool:
        """Whether it may do nothing any more."""
        return self.kiosk.revoked_at is not None


class NewCredential(msgspec.Struct, frozen=True):
    """A secret that is shown once, and the digest that is kept."""

    secret: str
    digest: str

    def spoken(self, command_id: uuid.UUID) -> str:
        """What the tablet keeps and sends: the credential that this command gave out, and its secret."""
        return f"{credential_id(command_id)}.{self.secret}"


def digest_of(secret: str) -> str:
    """SHA-256 in hex; secrets here are random and long, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_digest(code: str) -> str:
    """The digest of an enrolment code, however it was typed."""
    return digest_of(as_code(code))


def new_credential() -> NewCredential:
    """A fresh secret of 256 bits."""
    secret = secrets.token_urlsafe(32)
    return NewCredential(secret, digest_of(secret))


def refused_code(reader: Reader, code: str, *, now: datetime) -> Refusal | None:
    """Why a code gives nothing, asked before any command runs: guessing writes nothing."""
    enrolment = reader.get(KioskEnrolment, enrolment_id(code_digest(code)))
    kiosk = reader.get(Kiosk, enrolment.kiosk_id) if enrolment else None
    return refused_enrolment(enrolment, kiosk, now)


def caller(reader: Reader, authorization: str | None) -> Caller | None:
    """The kiosk of an `Authorization: Bearer` header; None when the credential is none of ours."""
    scheme, _, credential = (authorization or "").partition(" ")
    named, _, secret = credential.strip().partition(".")
    if scheme.lower() != "bearer":
        return None
    try:
        kept = reader.get(KioskCredential, uuid.UUID(named))
    except ValueError:
        return None
    if kept is None or not hmac.compare_digest(kept.secret, digest_of(secret)):
        return None
    kiosk = reader.get(Kiosk, kept.kiosk_id)
    contact = reader.get(KioskContact, kept.kiosk_id)
    if kiosk is None:
        return None
    if contact is None:
        return Caller(kiosk=kiosk)
    return Caller(kiosk=kiosk, heard_at=contact.last_at, waiting=contact.waiting)


def label_of(reader: Reader, kiosk_id: uuid.UUID) -> str:
    """What people call a kiosk."""
    row = reader.get(KioskLabel, kiosk_id)
    return row.label if row else ""


def note_contact(units: Units, heard: Caller, *, now: datetime, waiting: int | None = None) -> bool:
    """Write down that a kiosk was heard of, at most every `NOTED_EVERY`; whether it was written.

    Another number of `waiting` scans is written at once. What the caller's own look-up saw decides: else
    every scan of every lane would wait for the writer.
    """
    recent = heard.heard_at is not None and timedelta(0) <= now - heard.heard_at < NOTED_EVERY
    if recent and waiting in (None, heard.waiting):
        return False
    said = heard.waiting if waiting is None else waiting
    try:
        with units.unit() as unit:
            unit.put(KioskContact(id=heard.kiosk.id, last_at=now, waiting=said))
            unit.commit()
    except ConflictError:
        return False  # another of its requests was faster, or the desks are writing: it is only for the list
    return True
