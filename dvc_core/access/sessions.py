"""Logging in, being looked up on every call, logging out; the first administrator by a one-time code."""

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from dvc_core.access.passwords import as_code, hash_password, matches, next_try, one_time_code
from dvc_core.domain.account import (
    Account,
    Credential,
    LoginTries,
    Operator,
    Session,
    SetupCode,
    active,
    login_key,
    permanent_administrators,
)
from dvc_core.domain.kernel import derive
from dvc_core.domain.text import fault_of
from dvc_core.ports import Reader, UnitOfWork, Units

LASTS = timedelta(hours=14)
"""A session lasts a long day at the center, not overnight."""

SETUP = "setup-code"


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Who a session belongs to, looked up this very moment.

    At a 班の端末 `station` is its code and `desk` its 班; else the person logged in by name and password.
    """

    account_id: uuid.UUID
    session_id: uuid.UUID
    name: str
    login: str
    roles: frozenset[str]
    must_change_password: bool
    station: str = "desk"
    desk: str = ""
    used_at: datetime | None = None


class LoginAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The cookie of a new session, or why there is none (`wait_until` when tries are slowed down)."""

    result: Literal["in", "wrong", "wait"]
    cookie: str = ""
    wait_until: datetime | None = None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class _Proof(msgspec.Struct, frozen=True):
    """Which account a password belongs to, or until when no further try counts."""

    account: Account | None
    credential: Credential | None
    wait_until: datetime | None = None


def _prove(units: Units, login: str, password: str, now: datetime) -> _Proof:
    """Whose password it is. A try is counted before it is checked: many at once gain a guesser nothing."""
    tries_id = derive("login", login_key(login))
    with units.unit(alone=True) as unit:
        tries = unit.get(LoginTries, tries_id) or LoginTries(id=tries_id)
        wait = next_try(tries.wrong, tries.last_at)
        if wait is not None and now < wait:
            return _Proof(None, None, wait)
        unit.put(msgspec.structs.replace(tries, wrong=tries.wrong + 1, last_at=now))
        # What no command would store is no one's name, and PostgreSQL would not even look for it.
        found = [] if fault_of(login) else unit.find(Operator, login=login_key(login))
        account = unit.get(Account, found[0].id) if found else None
        credential = unit.get(Credential, found[0].id) if found else None
        unit.commit()
    # argon2 takes its time outside the transaction: a guesser must not hold the writer.
    typed = as_code(password) if credential is not None and credential.one_time else password
    right = matches(credential.password if credential else None, typed)
    return _Proof(account, credential) if right and active(account, now) else _Proof(None, None)


def _wrong(units: Units, login: str, proof: _Proof) -> LoginAnswer:
    if proof.wait_until is not None:
        return LoginAnswer(result="wait", wait_until=proof.wait_until)
    with units.unit() as unit:
        tries = unit.get(LoginTries, derive("login", login_key(login)))
    return LoginAnswer(result="wrong", wait_until=next_try(tries.wrong, tries.last_at) if tries else None)


def log_in(units: Units, login: str, password: str, *, now: datetime) -> LoginAnswer:
    """Try a name and a password. Wrong names and wrong passwords look and cost the same."""
    proof = _prove(units, login, password, now)
    if proof.account is None:
        return _wrong(units, login, proof)
    with units.unit(alone=True) as unit:
        # What was proved may have been taken back while argon2 was at work.
        account, credential = unit.get(Account, proof.account.id), unit.get(Credential, proof.account.id)
        if not active(account, now) or credential != proof.credential:
            return LoginAnswer(result="wrong")
        unit.put(LoginTries(id=derive("login", login_key(login)), last_at=now))
        cookie = _new_session(unit, proof.account.id, now)
        unit.commit()
    return LoginAnswer(result="in", cookie=cookie)


class Holder(msgspec.Struct, frozen=True):
    """Whose password was proved, and whether it is a one-time one."""

    account_id: uuid.UUID
    one_time: bool


def prove(units: Units, login: str, password: str, *, now: datetime) -> tuple[LoginAnswer, Holder | None]:
    """Whether someone without a session knows a password; wrong tries slow down as at the login."""
    proof = _prove(units, login, password, now)
    if proof.account is None or proof.credential is None:
        return _wrong(units, login, proof), None
    with units.unit(alone=True) as unit:
        unit.put(LoginTries(id=derive("login", login_key(login)), last_at=now))
        unit.commit()
    return LoginAnswer(result="in"), Holder(proof.account.id, proof.credential.one_time)


def confirm(units: Units, holder: Who, password: str, *, now: datetime) -> LoginAnswer:
    """Whether someone who is logged in knows the password; wrong tries slow down as at the login."""
    proof = _prove(units, holder.login, password, now)
    if proof.account is None or proof.account.id != holder.account_id:
        return _wrong(units, holder.login, proof)
    with units.unit(alone=True) as unit:
        unit.put(LoginTries(id=derive("login", holder.login), last_at=now))
        unit.commit()
    return LoginAnswer(result="in")


def _new_session(unit: UnitOfWork, account_id: uuid.UUID, now: datetime) -> str:
    session_id, secret = uuid.uuid4(), secrets.token_urlsafe(32)
    row = Session(
        id=session_id, account_id=account_id, secret=_digest(secret), made_at=now, expires_at=now + LASTS
    )
    unit.put(row)
    return f"{session_id}.{secret}"


def who(reader: Reader, cookie: str | None, *, now: datetime) -> Who | None:
    """The session's holder with the roles held right now; None if it ended, was revoked or never was.

    Until a one-time password is replaced by one of the holder's own, the account has no role.
    """
    session = _session(reader, cookie)
    if session is None or session.ended_at is not None or now >= session.expires_at:
        return None
    found = reader.rows(_HOLDER, id=session.account_id)
    if not found:
        return None
    roles, until, disabled_at, name, login, one_time = found[0]
    account = Account(
        id=session.account_id,
        roles=msgspec.json.decode(roles, type=tuple[str, ...]),
        until=until,
        disabled_at=disabled_at,
    )
    if not active(account, now):
        return None
    return Who(
        account_id=account.id,
        session_id=session.id,
        name=name,
        login=login,
        roles=frozenset() if one_time else frozenset(account.roles),
        must_change_password=one_time,
    )


# One statement for three rows: every redraw of every page asks this.
_HOLDER = (
    "SELECT a.roles, a.until, a.disabled_at, o.name, o.login, c.one_time "
    "FROM account a, operator o, credential c WHERE a.council_id = $council AND a.id = $id "
    "AND o.council_id = $council AND o.id = $id AND c.council_id = $council AND c.id = $id"
)


def _session(reader: Reader, cookie: str | None) -> Session | None:
    session_id, _, secret = (cookie or "").partition(".")
    try:
        session = reader.get(Session, uuid.UUID(session_id))
    except ValueError:
        return None
    return session if session and hmac.compare_digest(session.secret, _digest(secret)) else None


def log_out(units: Units, cookie: str | None, *, now: datetime) -> None:
    """End the session of this cookie; the next look-up finds nobody."""
    with units.unit() as unit:
        session = _session(unit, cookie)
        if session is not None and session.ended_at is None:
            unit.put(msgspec.structs.replace(session, ended_at=now))
            unit.commit()


def setup_code(units: Units) -> str | None:
    """A fresh one-time code while there is no administrator, else None. An older code stops working."""
    with units.unit() as unit:
        if not setup_open(unit):
            return None
        code = one_time_code()
        unit.put(SetupCode(id=derive(SETUP), code=hash_password(code)))
        unit.commit()
    return code


def setup_open(reader: Reader) -> bool:
    """Whether the first administrator is still to be made."""
    return permanent_administrators(reader.find(Account, disabled_at=None)) == 0


def setup_allowed(units: Units, code: str, *, now: datetime) -> LoginAnswer:
    """Whether the one-time code is right; wrong tries slow down like those of a login."""
    with units.unit(alone=True) as unit:
        kept = unit.get(SetupCode, derive(SETUP))
        if kept is None:
            return LoginAnswer(result="wrong")
        wait = next_try(kept.wrong, kept.last_at)
        if wait is not None and now < wait:
            return LoginAnswer(result="wait", wait_until=wait)
        unit.put(msgspec.structs.replace(kept, wrong=kept.wrong + 1, last_at=now))
        unit.commit()
    if matches(kept.code, as_code(code)):
        return LoginAnswer(result="in")
    return LoginAnswer(result="wrong", wait_until=next_try(kept.wrong + 1, now))
