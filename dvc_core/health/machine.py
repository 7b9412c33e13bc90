"""The laptop and what hangs on it: disk, second folder, clock, certificates, tablets, the last backup."""

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509

from dvc_core.bootstrap import Began
from dvc_core.health.check import Check, bad, fine, warn
from dvc_core.store.second import CopyState

MB, GB = 1_000_000, 1_000_000_000
FULL, LOW = 300 * MB, 2_000 * MB
"""Below the first hardly more than the day fits; below the second a backup and its proof may not."""
DOUBT = timedelta(minutes=2)
"""A clock that differs by more is told (DESIGN 6: devices are flagged from two minutes on)."""
OLD = timedelta(hours=24)
SILENT = timedelta(minutes=10)
SOON = {"server": 14, "ca": 90}
"""Days. The server certificate is renewed by itself 30 days before its end: below 14 something is wrong."""


class Tablet(msgspec.Struct, frozen=True):
    """One tablet in service: what people call it, when it was heard of, scans that wait in it."""

    label: str
    last_at: datetime | None
    waiting: int | None


def disk(folder: Path) -> Check:
    """Room for what the center still writes."""
    free = shutil.disk_usage(folder).free
    facts = {"free": f"{free / GB:.1f} GB" if free >= GB else f"{free // MB} MB"}
    if free < FULL:
        return bad("disk", "full", **facts)
    return warn("disk", "low", **facts) if free < LOW else fine("disk", **facts)


def second(state: CopyState | None) -> Check:
    """The change log in the second folder."""
    if state is None:
        return warn("second", "none")
    if state.behind is None:
        return bad("second", "away", folder=state.folder)
    at = _local(state.copied_at)
    if state.behind > 0:
        return warn("second", "behind", folder=state.folder, bytes=state.behind, at=at)
    return fine("second", folder=state.folder, at=at)


def clock(now: datetime, last_entry: datetime | None, began: Began, steady: float) -> Check:
    """The laptop's clock against the last record, and against what has passed since the program began.

    A clock that was wrong before the program began, and stands behind no record, is not seen here.
    """
    facts = {"now": _local(now)}
    if last_entry is not None and last_entry - now > DOUBT:
        return bad("clock", "behind", last=_local(last_entry), off=_span(last_entry - now), **facts)
    drift = (now - began.wall) - timedelta(seconds=steady - began.steady)
    if abs(drift) > DOUBT:
        return bad("clock", "jumped-on" if drift > timedelta(0) else "jumped-back", off=_span(drift), **facts)
    return fine("clock", **facts)


def certificates(folder: Path, now: datetime) -> list[Check]:
    """What tablets are shown, and what they were made to trust."""
    ends = {name: _ends(folder / f"{name}.pem") for name in SOON}
    if not any((folder / f"{name}.pem").exists() for name in SOON):
        return [fine("certificate", "none")]
    found = []
    for name, days in SOON.items():
        code, end = ("certificate", "authority")[name == "ca"], ends[name]
        if end is None:
            found.append(bad(code, "broken"))
            continue
        left = (end - now).days
        facts: dict[str, str | int] = {"days": left, "day": _local(end, "%Y/%m/%d")}
        if end <= now:
            found.append(bad(code, "ended", **facts))
        elif left < days:
            found.append(warn(code, "soon", **facts))
        else:
            found.append(Check(code=code, state="fine", level="ok", facts=facts))
    return found


def _ends(path: Path) -> datetime | None:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0].not_valid_after_utc
    except (OSError, ValueError, IndexError):
        return None


def tablets(known: Iterable[Tablet], now: datetime) -> Check:
    """Whether every tablet in service was heard of, and brought what it read."""
    every = list(known)
    if not every:
        return fine("tablets", "none")
    waiting = [each for each in every if each.waiting]
    if waiting:
        count = sum(each.waiting or 0 for each in waiting)
        return warn("tablets", "waiting", names=_names(waiting), count=count)
    silent = [each for each in every if each.last_at is None or now - each.last_at > SILENT]
    if silent:
        return warn("tablets", "silent", names=_names(silent), minutes=int(SILENT.total_seconds() // 60))
    return fine("tablets", count=len(every))


def _names(found: list[Tablet]) -> str:
    return "、".join(each.label for each in found)


def backup(made: list[datetime], now: datetime) -> Check:
    """The last verified backup; only those in the data folder's `backups` are known."""
    if not made:
        return warn("backup", "none")
    last = max(made)
    facts = {"at": _local(last), "age": _span(now - last)}
    return warn("backup", "old", **facts) if now - last > OLD else fine("backup", **facts)


def _local(moment: datetime | None, shape: str = "%m/%d %H:%M") -> str:
    tokyo = timedelta(hours=9)
    return "" if moment is None else (moment.astimezone(UTC) + tokyo).strftime(shape)


def _span(span: timedelta) -> str:
    span = abs(span)
    if span < timedelta(hours=2):
        return f"{round(span / timedelta(minutes=1))} 分"
    return f"{span // timedelta(hours=1)} 時間" if span < timedelta(days=2) else f"{span.days} 日"
