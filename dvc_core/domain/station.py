"""班の端末: a tablet that stays signed in as a desk, and whose person changes by a name and a PIN (交代).

The device is known by two things: a secret in a cookie, and a key that its browser made and never gives out.
Who works there at the moment is no entry of the journal: each act is one, and says both person and station.
"""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from dvc_core.domain.day import NumberTaken
from dvc_core.domain.kernel import (
    Code,
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
from dvc_core.domain.kiosk import LONGEST_LABEL
from dvc_core.domain.reference import Reference
from dvc_core.domain.text import TextFault, clean


class Station(Row, frozen=True, kw_only=True):
    """One tablet at a desk. `section` is the 班 whose rights it has."""

    table: ClassVar[str] = "station"
    number: int
    section: Code
    enrolled_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def code(self) -> str:
        """How entries of the journal name it."""
        return f"station-{self.number}"


class StationLabel(Technical, frozen=True, kw_only=True):
    """What people call it; the id is the station's."""

    table: ClassVar[str] = "station_label"
    label: str


class StationEnrolment(Technical, frozen=True, kw_only=True):
    """A code that was shown; its id follows from the code's digest. It works once, for a short while."""

    table: ClassVar[str] = "station_enrolment"
    station_id: uuid.UUID
    expires_at: datetime
    used_at: datetime | None = None


class StationCredential(Technical, frozen=True, kw_only=True):
    """A digest of the cookie's secret, and the device's public key (base64url of SPKI)."""

    table: ClassVar[str] = "station_credential"
    station_id: uuid.UUID
    secret: Digest
    public_key: str


class StationDuty(Technical, frozen=True, kw_only=True):
    """Who works there now, and when a hand was last on it; the id is the station's."""

    table: ClassVar[str] = "station_duty"
    account_id: uuid.UUID | None = None
    taken_at: datetime | None = None
    used_at: datetime | None = None


class StationContact(Technical, frozen=True, kw_only=True):
    """When it was last heard of, and when something without its key came with its cookie."""

    table: ClassVar[str] = "station_contact"
    last_at: datetime | None = None
    copied_at: datetime | None = None


class Added(Event, frozen=True, kw_only=True):
    """The chief made a place for a tablet at a desk and was shown its code."""

    kind: ClassVar[str] = "station.added"
    subject: ClassVar[type[Row]] = Station
    number: int
    section: Code

    def evolve(self, row: Station | None, stamp: Stamp) -> Station:
        """A station that no tablet has enrolled as."""
        return Station(id=self.id, number=self.number, section=self.section)


class Enrolled(Event, frozen=True, kw_only=True):
    """A tablet has its credential."""

    kind: ClassVar[str] = "station.enrolled"
    subject: ClassVar[type[Row]] = Station

    def evolve(self, row: Station, stamp: Stamp) -> Station:
        """Enrolled since then."""
        return msgspec.structs.replace(row, enrolled_at=stamp.occurred_at)


class Moved(Event, frozen=True, kw_only=True):
    """It stands at another desk from now on, with that desk's rights."""

    kind: ClassVar[str] = "station.moved"
    subject: ClassVar[type[Row]] = Station
    section: Code

    def evolve(self, row: Station, stamp: Stamp) -> Station:
        """The new desk."""
        return msgspec.structs.replace(row, section=self.section)


class Revoked(Event, frozen=True, kw_only=True):
    """It was cut off: lost, lent out, or no longer needed."""

    kind: ClassVar[str] = "station.revoked"
    subject: ClassVar[type[Row]] = Station

    def evolve(self, row: Station, stamp: Stamp) -> Station:
        """Cut off since then."""
        return msgspec.structs.replace(row, revoked_at=stamp.occurred_at)


def enrolment_id(code: Digest) -> uuid.UUID:
    """The enrolment of a code's digest."""
    return derive("station-enrolment", code)


def credential_id(command_id: uuid.UUID) -> uuid.UUID:
    """The id of the credential that a command gives out; it is the first half of the cookie."""
    return derive(command_id, "station-credential")


def _desk_refused(reference: Reference, section: str) -> Refusal | None:
    desk = reference.desk(section)
    return None if desk is not None and desk.enabled else Refusal("section-unknown")


def add(
    station_id: uuid.UUID,
    number: NumberTaken,
    label: str,
    section: str,
    *,
    enrolment: StationEnrolment,
    reference: Reference,
) -> Decision:
    """Make a place for a tablet at a desk that is formed now."""
    name = clean(label, limit=LONGEST_LABEL, empty=False)
    if isinstance(name, TextFault):
        return Refusal("kiosk-label", {"limit": LONGEST_LABEL})
    if refused := _desk_refused(reference, section):
        return refused
    return Outcome(
        events=(number, Added(id=station_id, number=number.number, section=section)),
        rows=(StationLabel(id=station_id, label=name), enrolment),
    )


def refused_enrolment(
    enrolment: StationEnrolment | None, station: Station | None, asked_at: datetime
) -> Refusal | None:
    """Why a code gives nothing (any more)."""
    if enrolment is None or station is None:
        return Refusal("enrol-code-unknown")
    if enrolment.used_at is not None:
        return Refusal("enrol-code-used")
    if asked_at >= enrolment.expires_at:
        return Refusal("enrol-code-expired")
    return Refusal("station-revoked") if station.revoked_at is not None else None


def enrol(
    enrolment: StationEnrolment | None,
    station: Station | None,
    credential: StationCredential,
    *,
    asked_at: datetime,
) -> Decision:
    """Give a tablet its credential for a code."""
    refusal = refused_enrolment(enrolment, station, asked_at)
    if refusal is not None or enrolment is None:
        return refusal or Refusal("enrol-code-unknown")
    used = msgspec.structs.replace(enrolment, used_at=asked_at)
    return Outcome(events=(Enrolled(id=enrolment.station_id),), rows=(used, credential))


def move(station: Station | None, section: str, reference: Reference) -> Decision:
    """Another desk. Whoever works there and may not at the new one is out with the next look-up."""
    if station is None:
        return Refusal("station-unknown")
    if station.revoked_at is not None:
        return Refusal("station-revoked")
    if station.section == section:
        return Refusal("station-same-desk")
    return _desk_refused(reference, section) or Outcome(events=(Moved(id=station.id, section=section),))


def revoke(station: Station | None, duty: StationDuty | None) -> Decision:
    """Cut a tablet off, once; nobody works there any more."""
    if station is None:
        return Refusal("station-unknown")
    if station.revoked_at is not None:
        return Refusal("station-revoked")
    rows = () if duty is None else (StationDuty(id=station.id),)
    return Outcome(events=(Revoked(id=station.id),), rows=rows)
