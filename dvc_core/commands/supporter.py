"""応援: let in by a 班長 with name, 班, pledge, PIN and a last day; ended by that day or by a tap."""

import uuid
from datetime import date
from typing import ClassVar

from dvc_core.commands.base import Call, Command
from dvc_core.domain import pin, supporter
from dvc_core.domain.account import Account, PasswordHash
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Decision, Digest, Refusal, derive
from dvc_core.domain.pin import Pin, PinTries
from dvc_core.domain.supporter import Supporter, SupporterKind
from dvc_core.ports import Reader


def tries_id(account_id: uuid.UUID) -> uuid.UUID:
    """The wrong tries with a person's PIN."""
    return derive("pin", account_id)


class Join(Command, frozen=True, kw_only=True):
    """Let a person in. `pin_hash` is argon2's; `pledge` is the digest of the text that they accepted."""

    kind: ClassVar[str] = "supporter.join"
    role: ClassVar[str] = "supporters"
    name: str
    section: str
    until: date
    pledge: Digest
    pin_hash: PasswordHash
    accepted: bool = False
    reading: str = ""
    sort_of: SupporterKind = SupporterKind.VOLUNTEER

    def context(self, reader: Reader, call: Call) -> None:
        """Nothing but the tables: two people may have one name."""

    def decide(self, context: None, call: Call) -> Decision:
        """Into a 班 whose rights the one who lets them in has."""
        account_id = call.new_id("account")
        wanted = supporter.Wanted(
            name=self.name,
            reading=self.reading,
            sort=self.sort_of,
            section=self.section,
            pledge=self.pledge,
            accepted=self.accepted,
            until=self.until,
        )
        return supporter.join(
            account_id,
            wanted,
            call.actor.roles,
            Pin(id=account_id, hash=self.pin_hash, set_at=call.wall),
            reference=call.reference,
            # The end of an account is the wall's: a drill's clock must not stretch it.
            today=activity_day(call.wall),
        )


Found = tuple[Supporter | None, Account | None, PinTries]


def _found(reader: Reader, supporter_id: uuid.UUID) -> Found:
    row = reader.get(Supporter, supporter_id)
    if row is None:
        return None, None, PinTries(id=supporter_id)
    tries = reader.get(PinTries, tries_id(row.account_id)) or PinTries(id=tries_id(row.account_id))
    return row, reader.get(Account, row.account_id), tries


class End(Command, frozen=True, kw_only=True):
    """End a supporter's work: the next look-up, in whatever open screen, finds nobody."""

    kind: ClassVar[str] = "supporter.end"
    role: ClassVar[str] = "supporters"
    supporter_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Found:
        """The supporter and the account."""
        return _found(reader, self.supporter_id)

    def decide(self, context: Found, call: Call) -> Decision:
        """Once."""
        row, account, _ = context
        return supporter.end(row, account, call.actor.roles, reference=call.reference)


class GivePin(Command, frozen=True, kw_only=True):
    """A supporter who forgot the number chooses a new one beside the 班長."""

    kind: ClassVar[str] = "supporter.give_pin"
    role: ClassVar[str] = "supporters"
    supporter_id: uuid.UUID
    pin_hash: PasswordHash

    def context(self, reader: Reader, call: Call) -> Found:
        """The supporter, the account, and its wrong tries."""
        return _found(reader, self.supporter_id)

    def decide(self, context: Found, call: Call) -> Decision:
        """For one who is still here, and whom the giver could let in."""
        row, account, tries = context
        if row is None:
            return Refusal("supporter-unknown")
        if row.ended_at is not None:
            return Refusal("supporter-ended")
        if not supporter.may_end(call.reference, call.actor.roles, row.section):
            return Refusal("supporter-section")
        return pin.choose(account, self.pin_hash, tries, now=call.wall)
