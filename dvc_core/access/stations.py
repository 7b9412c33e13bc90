"""Which station a cookie belongs to and who works there, looked up on every call; the take-over (交代)."""

import hmac
import uuid
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from dvc_core.access.kiosks import code_digest, digest_of
from dvc_core.access.passwords import matches
from dvc_core.access.sessions import Who
from dvc_core.domain.account import Account, active
from dvc_core.domain.kernel import Refusal, derive
from dvc_core.domain.pin import DEAD_AFTER, Pin, PinTries
from dvc_core.domain.reference import Desk, Reference
from dvc_core.domain.station import (
    Station,
    StationContact,
    StationDuty,
    StationEnrolment,
    enrolment_id,
    refused_enrolment,
)
from dvc_core.domain.text import kana_key
from dvc_core.ports import ConflictError, Reader, UnitOfWork, Units

CONTACT_EVERY = timedelta(seconds=45)
USE_EVERY = timedelta(seconds=30)
"""How often contact and use are written down: every tap would be a turn at the writer."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A station as its cookie shows it: the device, its desk, and who works there (nobody after a pause)."""

    station_id: uuid.UUID
    credential_id: uuid.UUID
    public_key: str
    code: str
    label: str
    desk: Desk | None
    cut_off: bool
    heard_at: datetime | None
    person: Who | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One who may take a station over."""

    account_id: uuid.UUID
    name: str
    kana: str
    has_pin: bool


Result = Literal["in", "wrong", "wait", "dead", "no-pin", "out"]


class TakeOver(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a try. `out`: this person or this station may not any more; `dead`: choose a new PIN.

    `wait_until`: when the next try counts. `wrong_before`: wrong tries that went before a right one.
    """

    result: Result
    wait_until: datetime | None = None
    wrong_before: int = 0


_SEEN = """
SELECT k.secret, k.public_key, s.id, s.number, s.section, s.revoked_at, l.label, c.last_at, d.used_at,
       a.id, a.roles, a.until, a.disabled_at, o.name, o.login
FROM station_credential k
JOIN station s ON s.council_id = k.council_id AND s.id = k.station_id
JOIN station_label l ON l.council_id = k.council_id AND l.id = k.station_id
LEFT JOIN station_contact c ON c.council_id = k.council_id AND c.id = k.station_id
LEFT JOIN station_duty d ON d.council_id = k.council_id AND d.id = k.station_id
LEFT JOIN account a ON a.council_id = k.council_id AND a.id = d.account_id
LEFT JOIN operator o ON o.council_id = k.council_id AND o.id = d.account_id
WHERE k.council_id = $council AND k.id = $id
"""


def seen(reader: Reader, cookie: str | None, *, now: datetime, reference: Reference) -> Seen | None:
    """The station of a cookie in one statement; None when it is none of ours.

    Whoever works there has the desk's roles and nothing of their own beside it but `reference.own_roles`.
    """
    named, _, secret = (cookie or "").partition(".")
    try:
        credential_id = uuid.UUID(named)
    except ValueError:
        return None
    found = reader.rows(_SEEN, id=credential_id)
    if not found or not hmac.compare_digest(str(found[0][0]), digest_of(secret)):
        return None
    _, key, station_id, number, section, revoked_at, label, heard_at, used_at, *holder = found[0]
    station = Station(id=station_id, number=number, section=section, revoked_at=revoked_at)
    desk = reference.desk(section)
    person = None
    if revoked_at is None and desk is not None and _fresh(used_at, now, reference):
        person = _person(holder, credential_id, station.code, desk, now=now, reference=reference)
    return Seen(
        station_id=station_id,
        credential_id=credential_id,
        public_key=key,
        code=station.code,
        label=label,
        desk=desk,
        cut_off=revoked_at is not None,
        heard_at=heard_at,
        person=msgspec.structs.replace(person, used_at=used_at) if person else None,
    )


def _fresh(used_at: datetime | None, now: datetime, reference: Reference) -> bool:
    return used_at is not None and now - used_at < timedelta(minutes=reference.idle_minutes)


def _person(
    holder: list[object],
    credential_id: uuid.UUID,
    station: str,
    desk: Desk,
    *,
    now: datetime,
    reference: Reference,
) -> Who | None:
    if holder[0] is None or holder[1] is None or holder[4] is None:
        return None
    account_id, roles, until, disabled_at, name, login = msgspec.convert(holder, _Holder)
    held = msgspec.json.decode(roles, type=tuple[str, ...])
    account = Account(id=account_id, roles=held, until=until, disabled_at=disabled_at)
    if not active(account, now) or not entitled(reference, held, desk):
        return None
    return Who(
        account_id=account_id,
        session_id=credential_id,
        name=name,
        login=login,
        roles=frozenset({desk.role}) | (reference.own_roles & set(held)),
        must_change_password=False,
        station=station,
        desk=desk.name,
    )


_Holder = tuple[uuid.UUID, str, datetime | None, datetime | None, str, str]


def entitled(reference: Reference, held: tuple[str, ...], desk: Desk) -> bool:
    """Whether someone with these roles may work at a desk: they must be allowed all that it does."""
    works = reference.allowed([desk.role])
    return bool(works) and works <= reference.allowed(held)


_PEOPLE = """
SELECT a.id, a.roles, a.until, o.name, r.kana, p.id
FROM account a
JOIN operator o ON o.council_id = a.council_id AND o.id = a.id
LEFT JOIN operator_reading r ON r.council_id = a.council_id AND r.id = a.id
LEFT JOIN pin p ON p.council_id = a.council_id AND p.id = a.id
WHERE a.council_id = $council AND a.disabled_at IS NULL
"""


def people(reader: Reader, desk: Desk, *, now: datetime, reference: Reference) -> list[Person]:
    """Who may take over at a desk, in the order of their kana; those without kana by their name, last."""
    found = [
        Person(account_id=account_id, name=name, kana=kana or "", has_pin=pin is not None)
        for account_id, roles, until, name, kana, pin in reader.rows(_PEOPLE)
        if (until is None or now < until)
        and entitled(reference, msgspec.json.decode(roles, type=tuple[str, ...]), desk)
    ]
    return sorted(found, key=lambda p: (not p.kana, kana_key(p.kana or p.name), p.name, p.account_id))


def person_tries(account_id: uuid.UUID) -> uuid.UUID:
    """The row of wrong tries with a person's PIN."""
    return derive("pin", account_id)


def station_tries(station_id: uuid.UUID) -> uuid.UUID:
    """The row of wrong tries on a station, whoever was tried."""
    return derive("pin-station", station_id)


def _tries(unit: UnitOfWork, at: Seen, account_id: uuid.UUID) -> tuple[PinTries, PinTries]:
    ids = (person_tries(account_id), station_tries(at.station_id))
    rows = unit.many(PinTries, ids)
    first, second = (rows.get(each) or PinTries(id=each) for each in ids)
    return first, second


def _may(unit: UnitOfWork, at: Seen, account_id: uuid.UUID, now: datetime, reference: Reference) -> bool:
    """Whether the station stands and the person may work at its desk, by the rows as they are now."""
    station, account = unit.get(Station, at.station_id), unit.get(Account, account_id)
    if station is None or station.revoked_at is not None or account is None or not active(account, now):
        return False
    desk = reference.desk(station.section)
    return desk is not None and entitled(reference, account.roles, desk)


class _Counted(msgspec.Struct, frozen=True):
    """A try that was counted: the number to compare with, and the wrong tries before and with it."""

    kept: Pin
    before: int
    rows: tuple[PinTries, ...]


def _count(
    units: Units, at: Seen, account_id: uuid.UUID, now: datetime, reference: Reference
) -> _Counted | TakeOver:
    with units.unit(alone=True) as unit:
        if not _may(unit, at, account_id, now, reference):
            return TakeOver(result="out")
        tries, there = _tries(unit, at, account_id)
        kept = unit.get(Pin, account_id)
        if kept is None or tries.wrong >= DEAD_AFTER:
            return TakeOver(result="dead" if kept else "no-pin")
        wait = max((each for each in (tries.next_at, there.next_at) if each is not None), default=None)
        if wait is not None and now < wait:
            return TakeOver(result="wait", wait_until=wait)
        rows = tuple(msgspec.structs.replace(row, wrong=row.wrong + 1, last_at=now) for row in (tries, there))
        for row in rows:
            unit.put(row)
        unit.commit()
    return _Counted(kept, tries.wrong, rows)


def take_over(
    units: Units, at: Seen, account_id: uuid.UUID, pin: str, *, now: datetime, reference: Reference
) -> TakeOver:
    """A person takes a station over.

    A try is counted before it is checked, for the person and for the station: many at once gain nothing.
    """
    counted = _count(units, at, account_id, now, reference)
    if isinstance(counted, TakeOver):
        return counted
    # argon2 takes its time outside the transaction: a guesser must not hold the writer.
    if not matches(counted.kept.hash, pin):
        if counted.rows[0].wrong >= DEAD_AFTER:
            return TakeOver(result="dead")
        waits = [row.next_at for row in counted.rows if row.next_at is not None]
        return TakeOver(result="wrong", wait_until=max(waits, default=None))
    with units.unit(alone=True) as unit:
        # What was proved may have been taken back while argon2 was at work.
        if not _may(unit, at, account_id, now, reference) or unit.get(Pin, account_id) != counted.kept:
            return TakeOver(result="out")
        for row in _tries(unit, at, account_id):
            unit.put(msgspec.structs.replace(row, wrong=0, last_at=now))
        unit.put(StationDuty(id=at.station_id, account_id=account_id, taken_at=now, used_at=now))
        unit.commit()
    return TakeOver(result="in", wrong_before=counted.before)


def leave(units: Units, at: Seen) -> None:
    """Nobody works there any more, until the next one says who they are."""
    with units.unit(alone=True) as unit:
        if unit.get(StationDuty, at.station_id) is not None:
            unit.put(StationDuty(id=at.station_id))
            unit.commit()


def note_use(units: Units, at: Seen, *, now: datetime) -> bool:
    """A hand was on it: write that down at most every `USE_EVERY`; whether it was written."""
    me = at.person
    if me is None or (me.used_at is not None and timedelta(0) <= now - me.used_at < USE_EVERY):
        return False
    try:
        with units.unit() as unit:
            duty = unit.get(StationDuty, at.station_id)
            if duty is None or duty.account_id != me.account_id:
                return False
            unit.put(msgspec.structs.replace(duty, used_at=now))
            unit.commit()
    except ConflictError:
        return False  # the next tap writes it
    return True


def note_contact(units: Units, at: Seen, *, now: datetime, copied: bool = False) -> bool:
    """It was heard of (written at most every `CONTACT_EVERY`), or its cookie came without its key."""
    recent = at.heard_at is not None and timedelta(0) <= now - at.heard_at < CONTACT_EVERY
    if recent and not copied:
        return False
    try:
        with units.unit() as unit:
            row = unit.get(StationContact, at.station_id) or StationContact(id=at.station_id)
            change = {"copied_at": now} if copied else {"last_at": now}
            unit.put(msgspec.structs.replace(row, **change))
            unit.commit()
    except ConflictError:
        return False  # another was faster, or the desks are writing: it is only for the list
    return True


def refused_code(reader: Reader, code: str, *, now: datetime) -> Refusal | None:
    """Why a code gives nothing, asked before any command runs: guessing writes nothing."""
    enrolment = reader.get(StationEnrolment, enrolment_id(code_digest(code)))
    station = reader.get(Station, enrolment.station_id) if enrolment else None
    return refused_enrolment(enrolment, station, now)
