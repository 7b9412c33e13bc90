"""Database and change log compared at every open, and the one that is behind completed from the other."""

import os
import shutil
import sys
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from dvc_core.domain.kernel import Stored
from dvc_core.store import changelog, journal
from dvc_core.store.changelog import Change, ChangeLog, Frame, Survey, Whose
from dvc_core.store.database import Database, Meta
from dvc_core.store.duck import broken_mark
from dvc_core.store.gathered import gather
from dvc_core.store.journal import Head
from dvc_core.store.unit import UnitOfWork

AT_ONCE = 200
"""Entries taken over in one statement a table."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was mended at the start; its words stand under `review.<code>`."""

    code: str
    facts: dict[str, str | int] = {}


class Place(NamedTuple):
    """Where all lies: the database, the folder, and the copy of the change log in the second folder."""

    location: Path | str
    data: Path
    copy: Path | None
    now: datetime

    @property
    def log(self) -> Path:
        """The change log."""
        return self.data / changelog.NAME

    @property
    def mark(self) -> Path:
        """Left by the engine when it met damage while the program ran."""
        return broken_mark(Path(self.location))

    def aside(self, files: Iterable[Path], into: str = "") -> str:
        """Move files into a new folder, or into the one that was made before; its name."""
        base = f"set-aside-{self.now:%Y%m%d-%H%M%S}"
        names = (base, *(f"{base}-{n}" for n in range(2, 1000)))
        folder = self.data / (into or next(name for name in names if not (self.data / name).exists()))
        folder.mkdir(mode=0o700, exist_ok=bool(into))
        for file in files:
            if file.exists():
                os.replace(file, folder / file.name)  # noqa: PTH105 - the atomic one
        return folder.name


def _whose(meta: Meta) -> Whose:
    return Whose(
        format=changelog.FORMAT,
        database_id=meta.database_id,
        council_id=meta.council_id,
        drill=meta.drill,
        made_at=meta.made_at.isoformat(),
        content_key=meta.content_key,
    )


def write_base(database: Database, place: Place) -> None:
    """Begin the change log from what the database holds."""
    with database.engine.snapshot() as connection:
        changes = changelog.whole(connection, database.meta.council_id)
        changelog.write_base(place.log, _whose(database.meta), changes)


def _anew(database: Database, place: Place, code: str, **facts: str | int) -> list[Notice]:
    """Set the change log aside and begin a new one from the database."""
    folder = place.aside([place.log])
    write_base(database, place)
    return [Notice(code=code, facts={**facts, "folder": folder})]


def reconcile(database: Database, place: Place) -> list[Notice]:
    """Bring both to the same commit; what a person must know of it."""
    own = database.meta.database_id
    if not place.log.exists():
        other = changelog.first_frame(place.copy) if place.copy else None
        if place.copy is None or other is None or other.database_id != own:
            write_base(database, place)
            return []
        shutil.copyfile(place.copy, place.log)
        place.log.chmod(0o600)
    whose = changelog.first_frame(place.log)
    if whose is None:
        return _damaged(database, place, changelog.survey(place.log))
    if whose.database_id != own:
        return _anew(database, place, "log-other")
    last = next(changelog.last_frames(place.log), None)
    if last is None:
        found = changelog.survey(place.log)
        last = found.frames[-1]
        if last.offset + last.length + found.lost != place.log.stat().st_size:
            return _damaged(database, place, found)
        # The program ended in the middle of a write: what follows the last whole frame was never confirmed.
        # Where processes share the file another one may be writing, and the bytes are passed over instead.
        if database.engine.sole_writer:
            os.truncate(place.log, last.offset + last.length)
    return _compared(database, place, last)


def _damaged(database: Database, place: Place, found: Survey) -> list[Notice]:
    """The change log itself is hurt: what it still holds goes into the database, then it is written anew."""
    gathered = gather(found.frames, _copied(database, place))
    seq, hash_ = database.head()
    notices = []
    missing = [entry for entry in gathered.entries if entry.seq > seq]
    if missing and missing[0].prev_hash != hash_:
        return _diverged(database, place)
    if missing:
        with database.unit(alone=True) as unit:
            _take_over(unit, missing)
            unit.take_over((), gathered.rows())
            unit.commit()
        notices.append(_restored(missing))
    if gathered.missing and found.head[0] > database.head()[0]:
        notices.append(Notice(code="store-lost", facts={"entries": found.head[0] - database.head()[0]}))
    return notices + _anew(database, place, "log-damaged", bytes=found.lost)


def _copied(database: Database, place: Place) -> Sequence[Frame]:
    if place.copy is None or not place.copy.is_file():
        return ()
    found = changelog.survey(place.copy)
    own = found.whose is not None and found.whose.database_id == database.meta.database_id
    return found.frames if own else ()


def _compared(database: Database, place: Place, last: Frame) -> list[Notice]:
    head, council = database.head(), database.meta.council_id
    ahead = last.number - database.commits() if database.engine.sole_writer else last.head[0] - head[0]
    if ahead > 0:
        frames = _behind(place.log, last.number - ahead, head, counted=database.engine.sole_writer)
        if frames is None:
            return _damaged(database, place, changelog.survey(place.log))
        return _put_back(database, place, frames)
    with database.engine.snapshot() as connection:
        seq = last.head[0]
        page = journal.read(connection, council, after=seq - 1, limit=1) if seq else []
        if seq and [entry.hash for entry in page] != [last.head[1]]:
            return _diverged(database, place)
        if ahead < 0:
            log = ChangeLog(place.log, last.head)
            for change, after, number in changelog.whole(connection, council, last.head):
                log.append(change, after, number)
    return []


def _behind(path: Path, number: int, head: Head, *, counted: bool) -> list[Frame] | None:
    """The frames of the commits that the database does not know, in their order; None if one is damaged."""
    found: list[Frame] = []
    for frame in changelog.last_frames(path, count=sys.maxsize):
        if (frame.number <= number) if counted else (frame.head[0] <= head[0]):
            return found[::-1]
        found.append(frame)
    return None


def _put_back(database: Database, place: Place, frames: Sequence[Frame]) -> list[Notice]:
    """Make the commits of these frames again, all of them in one transaction."""
    seq, hash_ = database.head()
    changes = [frame.change() for frame in frames]
    entries = [entry for change in changes for entry in change.entries if entry.seq > seq]
    if [entry.seq for entry in entries] != list(range(seq + 1, seq + 1 + len(entries))):
        # Only where several processes share a server: this file holds the commits of one of them.
        return _anew(database, place, "store-behind", entries=len(entries))
    if entries and entries[0].prev_hash != hash_:
        return _diverged(database, place)
    images, removed = _beside(changes)
    with database.unit(alone=True) as unit:
        if unit.number is not None:
            unit.number = frames[-1].number
        _take_over(unit, entries)
        if any(change.whole for change in changes):
            unit.clear_beside()
        unit.take_over((), [row for row in images if row != unit.get(type(row), row.id)])
        for table, row_id in removed:
            unit.forget_row(table, row_id)
        unit.commit()
    if entries:
        return [_restored(entries)]
    return [Notice(code="store-restored-rows", facts={"rows": len(images) + len(removed)})]


def _beside(changes: Sequence[Change]) -> tuple[list[Stored], set[tuple[str, uuid.UUID]]]:
    """What the changes come to for the rows beside the folded ones: those that stand, those that are gone."""
    images: dict[tuple[str, uuid.UUID], Stored] = {}
    removed: set[tuple[str, uuid.UUID]] = set()
    for change in changes:
        if change.whole:
            images.clear()
        for key in change.removed:
            images.pop(key, None)
            removed.add(key)
        for row in change.images():
            images[type(row).table, row.id] = row
            removed.discard((type(row).table, row.id))
    return list(images.values()), removed


def _take_over(unit: UnitOfWork, entries: Sequence[journal.Entry]) -> None:
    for start in range(0, len(entries), AT_ONCE):
        unit.take_over(entries[start : start + AT_ONCE], ())
        unit.flush()


def _restored(entries: Sequence[journal.Entry]) -> Notice:
    facts: dict[str, str | int] = {
        "entries": len(entries),
        "first": entries[0].seq,
        "last": entries[-1].seq,
    }
    return Notice(code="store-restored", facts=facts)


def _diverged(database: Database, place: Place) -> list[Notice]:
    """Journal and change log tell two stories: both stay, and a person is told from where on they differ."""
    logged = {
        entry.seq: entry.hash
        for frame in changelog.survey(place.log).frames
        for entry in frame.change().entries
    }
    with database.engine.snapshot() as connection:
        entries = journal.read_all(connection, database.meta.council_id)
        seq = next((each.seq for each in entries if logged.get(each.seq, each.hash) != each.hash), 0)
    return _anew(database, place, "log-diverged", seq=seq)
