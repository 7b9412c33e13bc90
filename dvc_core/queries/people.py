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
