"""Who works the center: accounts and kiosks (総務, 統括)."""

import uuid
from datetime import datetime

import msgspec

from dvc_core.ports import Reader
from dvc_core.queries.base import query


class AccountRow(msgspec.Struct, frozen=True, kw_only=True):
    """One account in the list of those who may log in."""

    account_id: uuid.UUID
    version: int
    login: str
    name: str
    roles: tuple[str, ...]
    until: datetime | None
    disabled_at: datetime | None
    one_time: bool


_ACCOUNTS = """
SELECT a.id, a.version, o.login, o.name, a.roles, a.until, a.disabled_at, c.one_time
FROM account a
JOIN operator o ON o.council_id = a.council_id AND o.id = a.id
JOIN credential c ON c.council_id = a.council_id AND c.id = a.id
WHERE a.council_id = $council
ORDER BY CASE WHEN a.disabled_at IS NULL THEN 0 ELSE 1 END NULLS LAST, o.login NULLS LAST
"""


@query("accounts", role="accounts")
def accounts(reader: Reader) -> list[AccountRow]:
    """Every account, open ones first, by login name."""
    return [
        AccountRow(
            account_id=account_id,
            version=version,
            login=login,
            name=name,
            roles=msgspec.json.decode(roles, type=tuple[str, ...]),
            until=until,
            disabled_at=disabled_at,
            one_time=one_time,
        )
        for account_id, version, login, name, roles, until, disabled_at, one_time in reader.rows(_ACCOUNTS)
    ]


class KioskRow(msgspec.Struct, frozen=True, kw_only=True):
    """One tablet in the list of kiosks."""

    kiosk_id: uuid.UUID
    number: int
    label: str
    enrolled_at: datetime | None
    revoked_at: datetime | None
    last_contact_at: datetime | None
    waiting: int | None = None


_KIOSKS = """
SELECT k.id, k.number, l.label, k.enrolled_at, k.revoked_at, c.last_at, c.waiting
FROM kiosk k
JOIN kiosk_label l ON l.council_id = k.council_id AND l.id = k.id
LEFT JOIN kiosk_contact c ON c.council_id = k.council_id AND c.id = k.id
WHERE k.council_id = $council
ORDER BY CASE WHEN k.revoked_at IS NULL THEN 0 ELSE 1 END NULLS LAST, k.number NULLS LAST
"""


@query("kiosks", role="devices")
def kiosks(reader: Reader) -> list[KioskRow]:
    """Every tablet, those in service first, by number."""
    return [
        KioskRow(
            kiosk_id=kiosk_id,
            number=number,
            label=label,
            enrolled_at=enrolled_at,
            revoked_at=revoked_at,
            last_contact_at=last_at,
            waiting=waiting,
        )
        for kiosk_id, number, label, enrolled_at, revoked_at, last_at, waiting in reader.rows(_KIOSKS)
    ]


_REVOKED = """
SELECT c.token
FROM card c
JOIN volunteer v ON v.council_id = c.council_id AND v.id = c.volunteer_id
WHERE c.council_id = $council AND c.revoked AND v.operation_id = $operation
ORDER BY c.token NULLS LAST
"""


@query("revoked-tokens", role="scan")
def revoked_tokens(reader: Reader, operation: uuid.UUID) -> list[str]:
    """The random tokens (hex) of the operation's cards that were declared lost or wrong."""
    return [token for (token,) in reader.rows(_REVOKED, operation=operation)]
