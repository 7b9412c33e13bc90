"""Tablets as kiosks (受付): a place made by the chief, taken by a tablet with its code, cut off in a tap."""

import uuid
from datetime import datetime
from typing import ClassVar

from dvc_core.commands.base import Call, Command
from dvc_core.domain import kiosk
from dvc_core.domain.day import Series, series_id, take_number
from dvc_core.domain.kernel import Decision, Digest, derive
from dvc_core.domain.kiosk import Kiosk, KioskCredential, KioskEnrolment
from dvc_core.domain.operation import STANDING
from dvc_core.ports import Reader


class Add(Command, frozen=True, kw_only=True):
    """Make a place for a tablet. `code` and `credential` are SHA-256 digests; times are the wall's."""

    kind: ClassVar[str] = "kiosk.add"
    role: ClassVar[str] = "devices"
    label: str
    code: Digest
    expires_at: datetime
    credential: Digest | None = None

    def _series(self, call: Call) -> uuid.UUID:
        return series_id(derive(STANDING, call.council_id), "kiosk")

    def context(self, reader: Reader, call: Call) -> Series | None:
        """The last number: tablets outlive operations, so theirs are the council's."""
        return reader.get(Series, self._series(call))

    def decide(self, context: Series | None, call: Call) -> Decision:
        """It needs a label that people can read out."""
        kiosk_id = call.new_id("kiosk")
        secret = self.credential and KioskCredential(
            id=kiosk.credential_id(call.command_id), kiosk_id=kiosk_id, secret=self.credential
        )
        return kiosk.add(
            kiosk_id,
            take_number(context, self._series(call)),
            self.label,
            KioskEnrolment(id=kiosk.enrolment_id(self.code), kiosk_id=kiosk_id, expires_at=self.expires_at),
            secret or None,
        )


class Enrol(Command, frozen=True, kw_only=True):
    """A tablet takes its place. `public`, since it has only the code."""

    kind: ClassVar[str] = "kiosk.enrol"
    role: ClassVar[str] = "public"
    code: Digest
    credential: Digest
    label: str = ""

    def context(self, reader: Reader, call: Call) -> tuple[KioskEnrolment | None, Kiosk | None]:
        """What the code stands for."""
        enrolment = reader.get(KioskEnrolment, kiosk.enrolment_id(self.code))
        return enrolment, reader.get(Kiosk, enrolment.kiosk_id) if enrolment else None

    def decide(self, context: tuple[KioskEnrolment | None, Kiosk | None], call: Call) -> Decision:
        """Once, in time, and not after it was cut off."""
        enrolment, row = context
        secret = KioskCredential(
            id=kiosk.credential_id(call.command_id),
            kiosk_id=row.id if row else call.command_id,
            secret=self.credential,
        )
        return kiosk.enrol(enrolment, row, secret, label=self.label, asked_at=call.wall)


class Revoke(Command, frozen=True, kw_only=True):
    """Cut a tablet off: lost, lent out, or no longer needed."""

    kind: ClassVar[str] = "kiosk.revoke"
    role: ClassVar[str] = "devices"
    kiosk_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Kiosk | None:
        """The kiosk."""
        return reader.get(Kiosk, self.kiosk_id)

    def decide(self, context: Kiosk | None, call: Call) -> Decision:
        """Once."""
        return kiosk.revoke(context)
