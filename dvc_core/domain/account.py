"""Accounts of the people who work the center: login names, roles, until when."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Personal, Refusal, Row, Stamp, Technical


class Account(Row, frozen=True, kw_only=True):
    """One account. `until` ends it by itself (seconded staff leave after 5–7 days)."""

    table: ClassVar[str] = "account"
    roles: tuple[Code, ...]
    until: datetime | None = None
    disabled_at: datetime | None = None


class Operator(Personal, frozen=True, kw_only=True):
    """The person behind an account: the name typed at the login, and the name shown."""

    table: ClassVar[str] = "operator"
    follows: ClassVar[type[Row]] = Account
    login: str
    name: str


class Credential(Technical, frozen=True, kw_only=True):
    """How an account proves itself; the id is the account's. A one-time password must be changed first."""

    table: ClassVar[str] = "credential"
    password: str
    one_time: bool = False


class LoginTries(Technical, frozen=True, kw_only=True):
    """Wrong tries in a row for a name, whether an account of that name exists or not."""

    table: ClassVar[str] = "login_tries"
    wrong: int = 0
    last_at: datetime | None = None


class SetupCode(Technical, frozen=True, kw_only=True):
    """The hash of the one-time code by which the first administrator is made."""

    table: ClassVar[str] = "setup_code"
    code: str
    wrong: int = 0
    last_at: datetime | None = None


class Session(Technical, frozen=True, kw_only=True):
    """One browser that logged in. Only a digest of its secret is kept."""

    table: ClassVar[str] = "session"
    account_id: uuid.UUID
    secret: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


class Added(Event, frozen=True, kw_only=True):
    """An account was made."""

    kind: ClassVar[str] = "account.added"
    subject: ClassVar[type[Row]] = Account
    roles: tuple[Code, ...]
    until: datetime | None = None

    def evolve(self, row: Account | None, stamp: Stamp) -> Account:
        """A new account."""
        return Account(id=self.id, roles=self.roles, until=self.until)


class RolesChanged(Event, frozen=True, kw_only=True):
    """Its roles or its end were changed."""

    kind: ClassVar[str] = "account.roles_changed"
    subject: ClassVar[type[Row]] = Account
    roles: tuple[Code, ...]
    until: datetime | None = None

    def evolve(self, row: Account, stamp: Stamp) -> Account:
        """The new roles hold from now on."""
        return msgspec.structs.replace(row, roles=self.roles, until=self.until)


class PasswordSet(Event, frozen=True, kw_only=True):
    """Its holder set a password, or an administrator gave a one-time one."""

    kind: ClassVar[str] = "account.password_set"
    subject: ClassVar[type[Row]] = Account
    one_time: bool

    def evolve(self, row: Account, stamp: Stamp) -> Account:
        """Nothing of the account itself changes."""
        return row


class Disabled(Event, frozen=True, kw_only=True):
    """It was closed: its sessions end with the next request."""

    kind: ClassVar[str] = "account.disabled"
    subject: ClassVar[type[Row]] = Account

    def evolve(self, row: Account, stamp: Stamp) -> Account:
        """Closed since then."""
        return msgspec.structs.replace(row, disabled_at=stamp.occurred_at)


def active(account: Account | None, now: datetime) -> bool:
    """Whether the account may act right now."""
    return (
        account is not None and account.disabled_at is None and (account.until is None or now < account.until)
    )


def add(
    account_id: uuid.UUID,
    taken: Iterable[Operator],
    *,
    login: str,
    name: str,
    roles: tuple[str, ...],
    known_roles: frozenset[str],
    until: datetime | None,
    password: str,
    one_time: bool,
) -> Decision:
    """Make an account with a password that was already hashed."""
    login, name = login.strip(), name.strip()
    if not login or not name:
        return Refusal("name-missing")
    if any(operator.login == login for operator in taken):
        return Refusal("login-taken")
    if not roles or not set(roles) <= known_roles:
        return Refusal("role-unknown")
    return Outcome(
        events=(Added(id=account_id, roles=roles, until=until),),
        rows=(
            Operator(id=account_id, login=login, name=name),
            Credential(id=account_id, password=password, one_time=one_time),
        ),
    )


def disable(account: Account | None, administrators: Iterable[Account]) -> Decision:
    """Close an account; the last administrator stays, or nobody could let anyone in."""
    if account is None:
        return Refusal("account-unknown")
    if account.disabled_at is not None:
        return Refusal("account-disabled")
    others = [
        a for a in administrators if a.id != account.id and a.disabled_at is None and "admin" in a.roles
    ]
    if "admin" in account.roles and not others:
        return Refusal("last-administrator")
    return Outcome(events=(Disabled(id=account.id),))


def change_roles(
    account: Account | None, roles: tuple[str, ...], until: datetime | None, known_roles: frozenset[str]
) -> Decision:
    """Give other roles, or another end."""
    if account is None or account.disabled_at is not None:
        return Refusal("account-unknown")
    if not roles or not set(roles) <= known_roles:
        return Refusal("role-unknown")
    return Outcome(events=(RolesChanged(id=account.id, roles=roles, until=until),))


def set_password(account: Account | None, password: str, *, one_time: bool) -> Decision:
    """A new (hashed) password."""
    if account is None or account.disabled_at is not None:
        return Refusal("account-unknown")
    new = Credential(id=account.id, password=password, one_time=one_time)
    return Outcome(events=(PasswordSet(id=account.id, one_time=one_time),), rows=(new,))
