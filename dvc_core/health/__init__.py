"""How the center's data and machine are: the same checks for `tasuki doctor` and for the page 健康診断."""

import time
from datetime import datetime
from pathlib import Path

from dvc_core.bootstrap import Services
from dvc_core.health import machine, records
from dvc_core.health.check import Check, bad, by_need, fine, warn
from dvc_core.health.machine import Tablet
from dvc_core.queries.people import kiosks
from dvc_core.queries.stations import stations
from dvc_core.store import backup, changelog, journal
from dvc_core.store.doctor import Report, examine

__all__ = ["Check", "back_up", "by_need", "light", "whole"]


def light(services: Services, *, steady: float | None = None) -> list[Check]:
    """What costs nothing to ask: it is asked at every look at the page."""
    now, config = services.wall.now(), services.config
    made = [each.backed_up_at for _, each in records.manifests(config.data / "backups")[0]]
    return [
        _written(services),
        machine.disk(config.data),
        machine.second(services.second.copy_now() if services.second is not None else None),
        machine.backup(made, now),
        machine.clock(
            services.clock.now() if services.drill else now,
            None if services.drill else _last(services),
            services.began,
            time.monotonic() if steady is None else steady,
        ),
        *machine.certificates(config.data / "certificates", now),
        machine.tablets(_tablets(services), now),
    ]


def whole(services: Services, *, steady: float | None = None) -> tuple[Report, list[Check]]:
    """Everything: the journal folded again, change log, copy and backups compared with it."""
    database, config = services.database, services.config
    report = examine(database)
    with database.engine.snapshot() as connection:
        hashes = {entry.seq: entry.hash for entry in journal.read_all(connection, services.council_id)}
    head, alone = (report.chain.head_seq, report.chain.head_hash), database.engine.sole_writer
    backups, broken = records.manifests(config.data / "backups")
    found = [
        *records.of_report(report),
        records.log("log", config.data / changelog.NAME, hashes, head, whole=alone) or warn("log", "missing"),
        records.log("copy", config.second_copy, hashes, head, whole=alone),
        records.known(backups, broken, hashes, report.database_id),
    ]
    return report, [*(each for each in found if each is not None), *light(services, steady=steady)]


def back_up(services: Services, to: Path | None = None) -> Path:
    """A backup that was verified by opening it, in the data folder's `backups` unless said otherwise.

    Raises:
        StoreError: as `store.backup.back_up`.
    """
    now, data = services.wall.now(), services.config.data
    target = to or data / "backups" / backup.default_name(now, services.database.head()[0])
    backup.back_up(services.database, target, data=data, now=now)
    return target


def _written(services: Services) -> Check:
    behind = services.database.log.behind if services.database.log is not None else 0
    return bad("written", "waiting", count=behind) if behind else fine("written")


def _last(services: Services) -> datetime | None:
    with services.reader() as reader:
        found = reader.rows(
            "SELECT recorded_at FROM journal WHERE council_id = $council ORDER BY seq DESC NULLS LAST LIMIT 1"
        )
    return found[0][0] if found else None


def _tablets(services: Services) -> list[Tablet]:
    with services.reader() as reader:
        scanning, desks = kiosks(reader), stations(reader)
    return [
        *(
            Tablet(each.label, each.last_contact_at, each.waiting)
            for each in scanning
            if each.enrolled_at is not None and each.revoked_at is None
        ),
        *(
            Tablet(each.label, each.last_contact_at, None)
            for each in desks
            if each.enrolled_at is not None and each.revoked_at is None
        ),
    ]
