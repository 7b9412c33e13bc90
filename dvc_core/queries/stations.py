"""班の端末 and 応援の人: what the chief and the 班長 see of them."""

import uuid
from datetime import date, datetime

import msgspec

from dvc_core.domain.kernel import derive
from dvc_core.domain.pin import DEAD_AFTER, FREE_TRIES, PinTries
from dvc_core.domain.supporter import SupporterKind
from dvc_core.ports import Reader
from dvc_core.queries.base import query


class StationRow(msgspec.Struct, frozen=True, kw_only=True):
    """One tablet at a desk. `person` took it over last; `wrong_pins` are the wrong tries in a row on it."""

    station_id: uuid.UUID
    number: int
    label: str
    section: str
    enrolled_at: datetime | None
    revoked_at: datetime | None
    last_contact_at: datetime | None
    copied_at: datetime | None
    person: str | None
    used_at: datetime | None
    wrong_pins: int = 0


_STATIONS = """
SELECT s.id, s.number, l.label, s.section, s.enrolled_at, s.revoked_at, c.last_at, c.copied_at,
       o.name, d.used_at
FROM station s
JOIN station_label l ON l.council_id = s.council_id AND l.id = s.id
LEFT JOIN station_contact c ON c.council_id = s.council_id AND c.id = s.id
LEFT JOIN station_duty d ON d.council_id = s.council_id AND d.id = s.id
LEFT JOIN operator o ON o.council_id = s.council_id AND o.id = d.account_id
WHERE s.council_id = $council
ORDER BY CASE WHEN s.revoked_at IS NULL THEN 0 ELSE 1 END NULLS LAST, s.number NULLS LAST
"""


@query("stations", role="devices")
def stations(reader: Reader) -> list[StationRow]:
    """Every tablet at a desk, those in service first, by number."""
    rows = reader.rows(_STATIONS)
    tries = reader.many(PinTries, [derive("pin-station", row[0]) for row in rows])
    return [
        StationRow(
            station_id=row[0],
            number=row[1],
            label=row[2],
            section=row[3],
            enrolled_at=row[4],
            revoked_at=row[5],
            last_contact_at=row[6],
            copied_at=row[7],
            person=row[8],
            used_at=row[9],
            wrong_pins=found.wrong if (found := tries.get(derive("pin-station", row[0]))) else 0,
        )
        for row in rows
    ]


class SupporterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One person who supports the center; `pin_dead`: the number was guessed at and must be chosen anew."""

    supporter_id: uuid.UUID
    name: str
    kana: str
    sort: SupporterKind
    section: str
    until: date
    pledged_at: datetime
    over_at: datetime | None
    pin_dead: bool


_SUPPORTERS = """
SELECT s.id, s.account_id, o.name, r.kana, s.sort, s.section, s.until, s.pledged_at,
       COALESCE(s.ended_at, a.disabled_at)
FROM supporter s
JOIN account a ON a.council_id = s.council_id AND a.id = s.account_id
JOIN operator o ON o.council_id = s.council_id AND o.id = s.account_id
LEFT JOIN operator_reading r ON r.council_id = s.council_id AND r.id = s.account_id
WHERE s.council_id = $council
ORDER BY s.until DESC NULLS LAST, o.name NULLS LAST, s.id NULLS LAST
"""


@query("supporters", role="supporters")
def supporters(reader: Reader) -> list[SupporterRow]:
    """Everyone who supports or supported, the longest to stay first. `over_at`: ended before the last day."""
    rows = reader.rows(_SUPPORTERS)
    tries = reader.many(PinTries, [derive("pin", row[1]) for row in rows])
    return [
        SupporterRow(
            supporter_id=row[0],
            name=row[2],
            kana=row[3] or "",
            sort=SupporterKind(row[4]),
            section=row[5],
            until=row[6],
            pledged_at=row[7],
            over_at=row[8],
            pin_dead=(found := tries.get(derive("pin", row[1]))) is not None and found.wrong >= DEAD_AFTER,
        )
        for row in rows
    ]


SUSPICIOUS = FREE_TRIES
"""Wrong tries in a row on one tablet that the chief should know of."""
