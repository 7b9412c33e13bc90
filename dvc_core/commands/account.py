"""Accounts: made, changed and closed by an administrator; the first one by the one-time setup code."""

import uuid
from datetime import datetime
from typing import ClassVar

from dvc_core.commands.base import Call, Command
from dvc_core.domain import account, pin
from dvc_core.domain.account import (
    Account,
    Administrators,
    Operator,
    PasswordHash,
    Register,
    Session,
    administrators_id,
    login_key,
)
from dvc_core.domain.kernel import Decision, derive
from dvc_core.domain.pin import PinTries
from dvc_core.ports import Reader

ROLES = frozenset(
    ("chief", "general", "leader", "reception", "needs", "matching", "return", "bcp", "viewer", "admin")
)
"""Codes of `data/reference/roles.toml` that an account can hold; a test compares the two."""


def _register(reader: Reader, account_id: uuid.UUID | None = None) -> Register:
    row_id = administrators_id(reader.council_id)
    # Before the accounts: whoever changes their number between the two reads makes our write a conflict.
    reader.get(Administrators, row_id)
    return Register(
        row_id, reader.find(Account), _running(reader, account_id) if account_id is not None else []
    )


def _running(reader: Reader, account_id: uuid.UUID) -> list[Session]:
    return reader.find(Session, account_id=account_id, ended_at=None)


class Add(Command, frozen=True, kw_only=True):
    """Make an account. `password_hash` is argon2's, so that no password lies in a command's copy."""

    kind: ClassVar[str] = "account.add"
    role: ClassVar[str] = "accounts"
    login: str
    name: str
    roles: tuple[str, ...]
    password_hash: PasswordHash
    one_time: bool = True
    until: datetime | None = None
    reading: str = ""

    def context(self, reader: Reader, call: Call) -> tuple[Register, list[Operator]]:
        """The accounts, and names that are taken."""
        return _register(reader), reader.find(Operator, login=login_key(self.login))

    def decide(self, context: tuple[Register, list[Operator]], call: Call) -> Decision:
        """Names are unique, roles are known."""
        register, taken = context
        return account.add(
            register,
            taken,
            Account(id=call.new_id("account"), roles=self.roles, until=self.until),
            login=self.login,
            name=self.name,
            reading=self.reading,
            known_roles=ROLES,
            password=self.password_hash,
            one_time=self.one_time,
        )


class ChangeRoles(Command, frozen=True, kw_only=True):
    """Give an account other roles or another end."""

    kind: ClassVar[str] = "account.change_roles"
    role: ClassVar[str] = "accounts"
    account_id: uuid.UUID
    roles: tuple[str, ...]
    until: datetime | None = None

    def context(self, reader: Reader, call: Call) -> Register:
        """The accounts: one administrator must stay."""
        return _register(reader)

    def decide(self, context: Register, call: Call) -> Decision:
        """Known roles only."""
        return account.change_roles(context, self.account_id, self.roles, self.until, ROLES)


class Disable(Command, frozen=True, kw_only=True):
    """Close an account and end its sessions; what it did stays."""

    kind: ClassVar[str] = "account.disable"
    role: ClassVar[str] = "accounts"
    account_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Register:
        """All accounts, and the sessions of this one."""
        return _register(reader, self.account_id)

    def decide(self, context: Register, call: Call) -> Decision:
        """Not the last administrator."""
        return account.disable(context, self.account_id, call.recorded_at)


class GiveOneTimePassword(Command, frozen=True, kw_only=True):
    """Replace a forgotten password by a one-time one; whoever is logged in as this account is out."""

    kind: ClassVar[str] = "account.give_one_time_password"
    role: ClassVar[str] = "accounts"
    account_id: uuid.UUID
    password_hash: PasswordHash

    def context(self, reader: Reader, call: Call) -> tuple[Account | None, list[Session]]:
        """The account and its sessions."""
        return reader.get(Account, self.account_id), _running(reader, self.account_id)

    def decide(self, context: tuple[Account | None, list[Session]], call: Call) -> Decision:
        """Any open account."""
        row, sessions = context
        out = account.ended(sessions, call.recorded_at)
        return account.set_password(row, out, self.password_hash, one_time=True)


class ChangeOwnPassword(Command, frozen=True, kw_only=True):
    """The holder sets a password of their own, having proved the old one; other sessions end.

    `public`, since a holder with a one-time password has no role yet: it touches the actor's account alone.
    """

    kind: ClassVar[str] = "account.change_own_password"
    role: ClassVar[str] = "public"
    password_hash: PasswordHash
    keep_session: uuid.UUID | None = None

    def context(self, reader: Reader, call: Call) -> tuple[Account | None, list[Session]]:
        """The actor's own account, if the actor is one."""
        try:
            own = uuid.UUID(call.actor.id)
        except ValueError:
            return None, []
        return reader.get(Account, own), _running(reader, own)

    def decide(self, context: tuple[Account | None, list[Session]], call: Call) -> Decision:
        """Only people have passwords."""
        row, sessions = context
        out = account.ended(sessions, call.recorded_at, keep=self.keep_session)
        return account.set_password(row, out, self.password_hash, one_time=False)


class SetOwnPin(Command, frozen=True, kw_only=True):
    """The holder chooses a PIN for stations, having proved the password.

    `public`, as the change of the password: it touches the actor's account alone.
    """

    kind: ClassVar[str] = "account.set_own_pin"
    role: ClassVar[str] = "public"
    pin_hash: PasswordHash
    reading: str = ""

    def context(self, reader: Reader, call: Call) -> tuple[Account | None, PinTries]:
        """The actor's own account, if the actor is one, and the wrong tries."""
        try:
            own = uuid.UUID(call.actor.id)
        except ValueError:
            return None, PinTries(id=call.command_id)
        row = derive("pin", own)
        return reader.get(Account, own), reader.get(PinTries, row) or PinTries(id=row)

    def decide(self, context: tuple[Account | None, PinTries], call: Call) -> Decision:
        """Only people have numbers."""
        row, tries = context
        reading = account.reading_of(row.id, self.reading) if row is not None else None
        return pin.choose(row, self.pin_hash, tries, now=call.wall, reading=reading)
