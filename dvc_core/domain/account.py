"""Accounts of the people who work the center: login names, roles, until when."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, ClassVar

import msgspec

from dvc_core.domain.day import JAPAN
from dvc_core.domain.kernel import (
    Code,
    Decision,
    Event,
    Outcome,
    Personal,
    Refusal,
    Row,
    Stamp,
    Technical,
    derive,
)
from dvc_core.domain.text import NAME_LIMIT, clean, kana, name_key

ADMIN = "admin"
"""The role that can let others in."""

PasswordHash = Annotated[str, msgspec.Meta(pattern=r"^\$argon2id\$")]
"""A password as it may travel and be kept."""


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


class OperatorReading(Personal, frozen=True, kw_only=True):
    """ふりがな of an operator, in katakana: the list of names at a station stands in its order."""

    table: ClassVar[str] = "operator_reading"
    follows: ClassVar[type[Row]] = Account
    kana: str


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


class Administrators(Row, frozen=True, kw_only=True):
    """How many administrators without an end there are; one row a council.

    Whoever changes their number changes this row, so that two of them cannot close each other at once.
    """

    table: ClassVar[str] = "administrators"
    number: int


class Counted(Event, frozen=True, kw_only=True):
    """The number of administrators without an end changed."""

    kind: ClassVar[str] = "administrators.counted"
    subject: ClassVar[type[Row]] = Administrators
    number: int

    def evolve(self, row: Administrators | None, stamp: Stamp) -> Administrators:
        """The new number."""
        new = Administrators(id=self.id, number=self.number)
        return new if row is None else msgspec.structs.replace(new, version=row.version)


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


def end_of(day: date) -> datetime:
    """When an account ends that may be used up to and including a day."""
    return datetime.combine(day + timedelta(days=1), time(), JAPAN)


def last_day(until: datetime) -> date:
    """The last day on which an account may be used."""
    return (until.astimezone(JAPAN) - timedelta(microseconds=1)).date()


def login_key(login: str) -> str:
    """A login name as it is kept and compared: full-width letters and capitals of a tablet do not matter."""
    return name_key(login)


def reading_of(account_id: uuid.UUID, reading: str) -> OperatorReading | None:
    """ふりがな as it is kept; None when there is none to keep."""
    said = clean(kana(reading), limit=NAME_LIMIT)
    return OperatorReading(id=account_id, kana=said) if isinstance(said, str) and said else None


def administrators_id(council_id: str) -> uuid.UUID:
    """The id of the council's one `Administrators` row."""
    return derive("administrators", council_id)


def permanent_administrators(accounts: Iterable[Account]) -> int:
    """How many can let others in for as long as they like."""
    return sum(
        ADMIN in account.roles and account.until is None and account.disabled_at is None
        for account in accounts
    )


class Register(msgspec.Struct, frozen=True):
    """All accounts of a council, and the id of its `Administrators` row."""

    administrators_id: uuid.UUID
    accounts: Sequence[Account] = ()
    sessions: Sequence[Session] = ()
    """Of the account in question, still running."""

    def account(self, account_id: uuid.UUID) -> Account | None:
        """The account, unless it is unknown or closed."""
        return next((a for a in self.accounts if a.id == account_id and a.disabled_at is None), None)

    def counted(self, changed: Account) -> tuple[tuple[Counted, ...], bool]:
        """The event of a changed number of administrators, if it does; whether the last one would go."""
        before = permanent_administrators(self.accounts)
        after = permanent_administrators([*(a for a in self.accounts if a.id != changed.id), changed])
        event = Counted(id=self.administrators_id, number=after)
        return (() if before == after else (event,)), after == 0 < before


def ended(
    sessions: Iterable[Session], now: datetime, *, keep: uuid.UUID | None = None
) -> tuple[Session, ...]:
    """The sessions, ended; `keep` goes on."""
    return tuple(msgspec.structs.replace(s, ended_at=now) for s in sessions if s.id != keep)


def add(
    register: Register,
    taken: Iterable[Operator],
    new: Account,
    *,
    login: str,
    name: str,
    known_roles: frozenset[str],
    password: str,
    one_time: bool,
    reading: str = "",
) -> Decision:
    """Make an account with a password that was already hashed."""
    login, name = login_key(login), name.strip()
    if not login or not name:
        return Refusal("name-missing")
    if any(operator.login == login for operator in taken):
        return Refusal("login-taken")
    if not new.roles or not set(new.roles) <= known_roles:
        return Refusal("role-unknown")
    counted, _ = register.counted(new)
    return Outcome(
        events=(Added(id=new.id, roles=new.roles, until=new.until), *counted),
        rows=(
            Operator(id=new.id, login=login, name=name),
            Credential(id=new.id, password=password, one_time=one_time),
            *((said,) if (said := reading_of(new.id, reading)) else ()),
        ),
    )


def disable(register: Register, account_id: uuid.UUID, now: datetime) -> Decision:
    """Close an account and its sessions; the last administrator stays, or nobody could let anyone in."""
    account = register.account(account_id)
    if account is None:
        return Refusal("account-unknown")
    counted, last = register.counted(msgspec.structs.replace(account, disabled_at=now))
    if last:
        return Refusal("last-administrator")
    return Outcome(
        events=(Disabled(id=account.id), *counted),
        rows=ended(register.sessions, now),
    )


def change_roles(
    register: Register,
    account_id: uuid.UUID,
    roles: tuple[str, ...],
    until: datetime | None,
    known_roles: frozenset[str],
) -> Decision:
    """Give other roles, or another end; one administrator without an end stays."""
    account = register.account(account_id)
    if account is None:
        return Refusal("account-unknown")
    if not roles or not set(roles) <= known_roles:
        return Refusal("role-unknown")
    counted, last = register.counted(msgspec.structs.replace(account, roles=roles, until=until))
    if last:
        return Refusal("last-administrator")
    return Outcome(events=(RolesChanged(id=account.id, roles=roles, until=until), *counted))


def set_password(
    account: Account | None, sessions: tuple[Session, ...], password: str, *, one_time: bool
) -> Decision:
    """A new (hashed) password; `sessions` end with the old one."""
    if account is None or account.disabled_at is not None:
        return Refusal("account-unknown")
    new = Credential(id=account.id, password=password, one_time=one_time)
    return Outcome(events=(PasswordSet(id=account.id, one_time=one_time),), rows=(new, *sessions))
