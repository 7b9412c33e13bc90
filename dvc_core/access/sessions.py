"""Logging in, being looked up on every call, logging out; the first administrator by a one-time code."""

import hashlib
import hmac
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from dvc_core.access.passwords import hash_password, matches, next_try, one_time_code
from dvc_core.domain.account import Account, Credential, LoginTries, Operator, Session, SetupCode, active
from dvc_core.domain.kernel import derive
from dvc_core.ports import Reader, UnitOfWork, Units

LASTS = timedelta(hours=14)
"""A session lasts a long day at the center, not overnight."""

SETUP = "setup-code"


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """Who a session belongs to, looked up this very moment."""

    account_id: uuid.UUID
    session_id: uuid.UUID
    name: str
    login: str
    roles: frozenset[str]
    must_change_password: bool


class LoginAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The cookie of a new session, or why there is none (`wait_until` when tries are slowed down)."""

    result: Literal["in", "wrong", "wait"]
    cookie: str = ""
    wait_until: datetime | None = None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def log_in(units: Units, login: str, password: str, *, now: datetime) -> LoginAnswer:
    """Try a name and a password. Wrong names and wrong passwords look and cost the same."""
    name = login.strip()
    tries_id = derive("login", name)
    with units.unit() as unit:
        tries = unit.get(LoginTries, tries_id) or LoginTries(id=tries_id)
        wait = next_try(tries.wrong, tries.last_at)
        if wait is not None and now < wait:
            return LoginAnswer(result="wait", wait_until=wait)
        found = unit.find(Operator, login=name)
        account = unit.get(Account, found[0].id) if found else None
        credential = unit.get(Credential, found[0].id) if found else None
    # argon2 takes its time outside the transaction: a guesser must not hold the writer.
    right = matches(credential.password if credential else None, password)
    with units.unit() as unit:
        if not right or account is None or not active(account, now):
            tries = unit.get(LoginTries, tries_id) or LoginTries(id=tries_id)
            unit.put(msgspec.structs.replace(tries, wrong=tries.wrong + 1, last_at=now))
            unit.commit()
            return LoginAnswer(result="wrong", wait_until=next_try(tries.wrong + 1, now))
        unit.put(LoginTries(id=tries_id, last_at=now))
        cookie = _new_session(unit, account.id, now)
        unit.commit()
    return LoginAnswer(result="in", cookie=cookie)


def _new_session(unit: UnitOfWork, account_id: uuid.UUID, now: datetime) -> str:
    session_id, secret = uuid.uuid4(), secrets.token_urlsafe(32)
    row = Session(
        id=session_id, account_id=account_id, secret=_digest(secret), made_at=now, expires_at=now + LASTS
    )
    unit.put(row)
    return f"{session_id}.{secret}"


def who(reader: Reader, cookie: str | None, *, now: datetime) -> Who | None:
    """The session's holder with the roles held right now; None if it ended, was revoked or never was."""
    session = _session(reader, cookie)
    if session is None or session.ended_at is not None or now >= session.expires_at:
        return None
    account = reader.get(Account, session.account_id)
    operator = reader.get(Operator, session.account_id)
    credential = reader.get(Credential, session.account_id)
    if account is None or operator is None or not active(account, now):
        return None
    return Who(
        account_id=account.id,
        session_id=session.id,
        name=operator.name,
        login=operator.login,
        roles=frozenset(account.roles),
        must_change_password=bool(credential and credential.one_time),
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


def end_sessions(units: Units, account_id: uuid.UUID, *, now: datetime, keep: uuid.UUID | None = None) -> int:
    """End every session of an account but `keep`; how many."""
    with units.unit() as unit:
        mine = [s for s in unit.find(Session, account_id=account_id, ended_at=None) if s.id != keep]
        for session in mine:
            unit.put(msgspec.structs.replace(session, ended_at=now))
        unit.commit()
    return len(mine)


def setup_code(units: Units) -> str | None:
    """A fresh one-time code while there is no administrator, else None. An older code stops working."""
    with units.unit() as unit:
        if any("admin" in account.roles for account in unit.find(Account, disabled_at=None)):
            return None
        code = one_time_code()
        unit.put(SetupCode(id=derive(SETUP), code=hash_password(code)))
        unit.commit()
    return code


def setup_open(reader: Reader) -> bool:
    """Whether the first administrator is still to be made."""
    return not any("admin" in account.roles for account in reader.find(Account, disabled_at=None))


def setup_allowed(units: Units, code: str, *, now: datetime) -> LoginAnswer:
    """Whether the one-time code is right; wrong tries slow down like those of a login."""
    with units.unit() as unit:
        kept = unit.get(SetupCode, derive(SETUP))
        wait = next_try(kept.wrong, kept.last_at) if kept else None
    if kept is None:
        return LoginAnswer(result="wrong")
    if wait is not None and now < wait:
        return LoginAnswer(result="wait", wait_until=wait)
    if matches(kept.code, code.strip().upper()):
        return LoginAnswer(result="in")
    with units.unit() as unit:
        kept = unit.get(SetupCode, derive(SETUP)) or kept
        unit.put(msgspec.structs.replace(kept, wrong=kept.wrong + 1, last_at=now))
        unit.commit()
    return LoginAnswer(result="wrong", wait_until=next_try(kept.wrong + 1, now))
