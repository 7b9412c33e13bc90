"""Tablets as desks (班の端末): a place made by the chief, taken by a tablet with its code, moved, cut off."""

import uuid
from datetime import datetime
from typing import Annotated, ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.domain import station
from dvc_core.domain.day import Series, series_id, take_number
from dvc_core.domain.kernel import Decision, Digest, derive
from dvc_core.domain.operation import STANDING
from dvc_core.domain.station import Station, StationCredential, StationDuty, StationEnrolment
from dvc_core.ports import Reader

PublicKey = Annotated[str, msgspec.Meta(max_length=200)]


class Add(Command, frozen=True, kw_only=True):
    """Make a place for a tablet at a desk. `code` is a SHA-256 digest; the time is the wall's."""

    kind: ClassVar[str] = "station.add"
    role: ClassVar[str] = "devices"
    label: str
    section: str
    code: Digest
    expires_at: datetime

    def _series(self, call: Call) -> uuid.UUID:
        return series_id(derive(STANDING, call.council_id), "station")

    def context(self, reader: Reader, call: Call) -> Series | None:
        """The last number: tablets outlive operations, so theirs are the council's."""
        return reader.get(Series, self._series(call))

    def decide(self, context: Series | None, call: Call) -> Decision:
        """It needs a label that people can read out, and a desk that is formed."""
        station_id = call.new_id("station")
        return station.add(
            station_id,
            take_number(context, self._series(call)),
            self.label,
            self.section,
            enrolment=StationEnrolment(
                id=station.enrolment_id(self.code), station_id=station_id, expires_at=self.expires_at
            ),
            reference=call.reference,
        )


class Enrol(Command, frozen=True, kw_only=True):
    """A tablet takes its place. `public`, since it has only the code."""

    kind: ClassVar[str] = "station.enrol"
    role: ClassVar[str] = "public"
    code: Digest
    credential: Digest
    public_key: PublicKey

    def context(self, reader: Reader, call: Call) -> tuple[StationEnrolment | None, Station | None]:
        """What the code stands for."""
        enrolment = reader.get(StationEnrolment, station.enrolment_id(self.code))
        return enrolment, reader.get(Station, enrolment.station_id) if enrolment else None

    def decide(self, context: tuple[StationEnrolment | None, Station | None], call: Call) -> Decision:
        """Once, in time, and not after it was cut off."""
        enrolment, row = context
        secret = StationCredential(
            id=station.credential_id(call.command_id),
            station_id=row.id if row else call.command_id,
            secret=self.credential,
            public_key=self.public_key,
        )
        return station.enrol(enrolment, row, secret, asked_at=call.wall)


class Move(Command, frozen=True, kw_only=True):
    """Give a tablet to another desk."""

    kind: ClassVar[str] = "station.move"
    role: ClassVar[str] = "devices"
    station_id: uuid.UUID
    section: str

    def context(self, reader: Reader, call: Call) -> Station | None:
        """The station."""
        return reader.get(Station, self.station_id)

    def decide(self, context: Station | None, call: Call) -> Decision:
        """A desk that is formed."""
        return station.move(context, self.section, call.reference)


class Revoke(Command, frozen=True, kw_only=True):
    """Cut a tablet off: lost, lent out, or no longer needed."""

    kind: ClassVar[str] = "station.revoke"
    role: ClassVar[str] = "devices"
    station_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> tuple[Station | None, StationDuty | None]:
        """The station and who works there."""
        return reader.get(Station, self.station_id), reader.get(StationDuty, self.station_id)

    def decide(self, context: tuple[Station | None, StationDuty | None], call: Call) -> Decision:
        """Once."""
        return station.revoke(*context)
