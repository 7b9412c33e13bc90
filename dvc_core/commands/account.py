"""Accounts: made, changed and closed by an administrator; the first one by the one-time setup code."""

import uuid
from datetime import datetime
from typing import ClassVar

from dvc_core.commands.base import Call, Command
from dvc_core.domain import account
from dvc_core.domain.account import Account, Operator
from dvc_core.domain.kernel import Decision
from dvc_core.ports import Reader

ROLES = frozenset({"chief", "general", "reception", "needs", "matching", "return", "bcp", "viewer", "admin"})
"""Codes of `data/reference/roles.toml` that an account can hold; a test compares the two."""


class Add(Command, frozen=True, kw_only=True):
    """Make an account. `password_hash` is argon2's, so that no password lies in a command's copy."""

    kind: ClassVar[str] = "account.add"
    role: ClassVar[str] = "accounts"
    login: str
    name: str
    roles: tuple[str, ...]
    password_hash: str
    one_time: bool = True
    until: datetime | None = None

    def context(self, reader: Reader, call: Call) -> list[Operator]:
        """Names that are taken."""
        return reader.find(Operator, login=self.login.strip())

    def decide(self, context: list[Operator], call: Call) -> Decision:
        """Names are unique, roles are known."""
        return account.add(
            call.new_id("account"),
            context,
            login=self.login,
            name=self.name,
            roles=self.roles,
            known_roles=ROLES,
            until=self.until,
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

    def context(self, reader: Reader, call: Call) -> Account | None:
        """The account."""
        return reader.get(Account, self.account_id)

    def decide(self, context: Account | None, call: Call) -> Decision:
        """Known roles only."""
        return account.change_roles(context, self.roles, self.until, ROLES)


class Disable(Command, frozen=True, kw_only=True):
    """Close an account; what it did stays."""

    kind: ClassVar[str] = "account.disable"
    role: ClassVar[str] = "accounts"
    account_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> list[Account]:
        """All open accounts: the last administrator must stay."""
        return reader.find(Account)

    def decide(self, context: list[Account], call: Call) -> Decision:
        """Not the last administrator."""
        return account.disable(next((a for a in context if a.id == self.account_id), None), context)


class SetPassword(Command, frozen=True, kw_only=True):
    """Set an account's password (hashed by the caller); its holder, or an administrator with `one_time`."""

    kind: ClassVar[str] = "account.set_password"
    role: ClassVar[str] = "accounts"
    account_id: uuid.UUID
    password_hash: str
    one_time: bool = True

    def context(self, reader: Reader, call: Call) -> Account | None:
        """The account."""
        return reader.get(Account, self.account_id)

    def decide(self, context: Account | None, call: Call) -> Decision:
        """Any open account."""
        return account.set_password(context, self.password_hash, one_time=self.one_time)
