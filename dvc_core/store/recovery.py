"""The database opened together with its change log: what one of them lost, the other gives back.

At every open the journal's head is compared with the head of the change log (`changelog`). If the database
is behind, because its own log lost its tail, the missing commits are made again; if it does not open or is
gone, its files are set aside and it is made anew from the change log. If the change log is behind (the
program ended between the two), it is completed from the database. Whatever was mended is told as `Notice`.
"""

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
from dvc_core.ports import StoreError
from dvc_core.store import changelog, journal
from dvc_core.store.changelog import Change, ChangeLog, Frame, Survey, Whose
from dvc_core.store.database import Database, Meta, open_database
from dvc_core.store.doctor import examine
from dvc_core.store.duck import broken_mark
from dvc_core.store.filling import Identity, fill
from dvc_core.store.gathered import Gathered, gather
from dvc_core.store.journal import Head
from dvc_core.store.unit import UnitOfWork

AT_ONCE = 200
"""Entries taken over in one statement a table."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was mended at the start; its words stand under `review.<code>`."""

    code: str
    facts: dict[str, str | int] = {}


class Opened(NamedTuple):
    """The database with its change log, and what a person must be told."""

    database: Database
    notices: tuple[Notice, ...]


class _Place(NamedTuple):
    """Where all lies: the database, the folder, and the copy of the change log in the second folder."""

    location: Path | str
    data: Path
    copy: Path | None
    now: datetime

    @property
    def log(self) -> Path:
        return self.data / changelog.NAME

    @property
    def mark(self) -> Path:
        """Left by the engine when it met damage while the program ran."""
        return broken_mark(Path(self.location))

    def aside(self, files: Iterable[Path]) -> str:
        """Move files into a new folder; its name."""
        base = f"set-aside-{self.now:%Y%m%d-%H%M%S}"
        names = (base, *(f"{base}-{n}" for n in range(2, 1000)))
        folder = next(self.data / name for name in names if not (self.data / name).exists())
        folder.mkdir(mode=0o700)
        for file in files:
            if file.exists():
                os.replace(file, folder / file.name)  # noqa: PTH105 - the atomic one
        return folder.name


def open_recorded(
    location: Path | str,
    *,
    data: Path,
    council_id: str,
    now: datetime,
    drill: str | None = None,
    copy: Path | None = None,
) -> Opened:
    """Open the database and its change log, each mended by the other where that is needed.

    Args:
        location: as `open_database`.
        data: the folder of the change log.
        council_id: whose database it is.
        now: for the names of what is set aside.
        drill: the drill's name for a new database.
        copy: the change log in the second folder, where there is one.

    Raises:
        StoreError: as `open_database`; `broken` also when the change log cannot help.
    """
    place = _Place(location, data, copy, now)
    try:
        database, notices = _open(place, council_id=council_id, drill=drill)
        try:
            notices += _reconcile(database, place)
            database.log = ChangeLog(place.log, database.head())
        except BaseException:
            database.close()
            raise
    except OSError as error:
        raise StoreError("no-space", file=changelog.NAME, detail=str(error)[:200]) from error
    return Opened(database, tuple(notices))


def _open(place: _Place, *, council_id: str, drill: str | None) -> tuple[Database, list[Notice]]:
    location = place.location
    if not isinstance(location, Path):
        return open_database(location, council_id=council_id, now=place.now, drill=drill), []
    gone = not location.exists()
    if gone and (found := _best(place, council_id)) is not None:
        return _rebuilt(place, found, gone=True)
    try:
        database = open_database(location, council_id=council_id, now=place.now, drill=drill)
        if place.mark.exists():
            _look(database, place)
        _not_empty(database, place)
    except StoreError as error:
        found = _best(place, council_id) if error.code == "broken" else None
        if found is None:
            raise
        return _rebuilt(place, found, gone=False)
    return database, []


def _not_empty(database: Database, place: _Place) -> None:
    """A file that has lost all it held is made anew as if it were new: the change log knows better."""
    if database.head()[0] == 0 and database.commits() == 0:
        paths = [path for path in (place.log, place.copy) if path is not None]
        known = [whose for path in paths if (whose := changelog.first_frame(path)) is not None]
        if any(whose.database_id != database.meta.database_id for whose in known):
            database.close()
            raise StoreError("broken", file=str(place.location), detail="empty")


def _look(database: Database, place: _Place) -> None:
    """After damage that was met while the program ran: every row must be there and readable."""
    try:
        sound = examine(database).ok
    except Exception as error:
        database.close()
        raise StoreError("broken", file=str(place.location), detail=str(error)[:200]) from error
    if not sound:
        database.close()
        raise StoreError("broken", file=str(place.location), detail="doctor")
    place.mark.unlink()


# -- made anew from the change log


class _Found(NamedTuple):
    whose: Whose
    gathered: Gathered
    lost: int
    commits: int


def _best(place: _Place, council_id: str) -> _Found | None:
    """What both files of the change log hold together; None if neither says whose it is."""
    surveys = [changelog.survey(path) for path in (place.log, place.copy) if path and path.is_file()]
    usable = [each for each in surveys if each.whose and each.whose.council_id == council_id]
    if not usable:
        return None
    best = max(usable, key=lambda each: (each.head[0], -each.lost))
    whose = best.whose
    assert whose is not None
    same = [each for each in usable if each.whose and each.whose.database_id == whose.database_id]
    more = [frame for each in same if each is not best for frame in each.frames]
    gathered = gather(best.frames, more)
    commits = max(frame.number for frame in best.frames)
    return _Found(whose, gathered, max(best.head[0] - len(gathered.entries), 0), commits)


def _rebuilt(place: _Place, found: _Found, *, gone: bool) -> tuple[Database, list[Notice]]:
    """Make it beside, set the old files aside, give it the name."""
    assert isinstance(place.location, Path)
    location, whose = place.location, found.whose
    half = location.with_name("rebuilding.duckdb")
    for file in _files(half):
        file.unlink(missing_ok=True)
    made = open_database(half, council_id=whose.council_id, now=place.now, drill=whose.drill)
    try:
        identity = Identity(
            database_id=whose.database_id,
            made_at=datetime.fromisoformat(whose.made_at),
            content_key=whose.content_key,
        )
        commits = max(found.commits, 1)
        fill(made, identity, found.gathered.entries, found.gathered.tables(), commits=commits)
    finally:
        made.close()
    folder = "" if gone else place.aside([*_files(location), place.mark])
    os.replace(half, location)  # noqa: PTH105 - the atomic one
    database = open_database(location, council_id=whose.council_id, now=place.now, drill=whose.drill)
    code = "store-rebuilt-gone" if gone else "store-rebuilt"
    facts: dict[str, str | int] = {"entries": len(found.gathered.entries), "folder": folder}
    notices = [Notice(code=code, facts=facts)]
    if found.lost:
        notices.append(Notice(code="store-lost", facts={"entries": found.lost}))
    return database, notices


def _files(location: Path) -> list[Path]:
    return [location, location.with_name(location.name + ".wal")]


# -- compared at every open


def _whose(meta: Meta) -> Whose:
    return Whose(
        format=changelog.FORMAT,
        database_id=meta.database_id,
        council_id=meta.council_id,
        drill=meta.drill,
        made_at=meta.made_at.isoformat(),
        content_key=meta.content_key,
    )


def _base(database: Database, place: _Place) -> None:
    with database.engine.snapshot() as connection:
        changes = changelog.whole(connection, database.meta.council_id)
        changelog.write_base(place.log, _whose(database.meta), changes)


def _anew(database: Database, place: _Place, code: str, **facts: str | int) -> list[Notice]:
    """Set the change log aside and begin a new one from the database."""
    folder = place.aside([place.log])
    _base(database, place)
    return [Notice(code=code, facts={**facts, "folder": folder})]


def _reconcile(database: Database, place: _Place) -> list[Notice]:
    own = database.meta.database_id
    if not place.log.exists():
        other = changelog.first_frame(place.copy) if place.copy else None
        if place.copy is None or other is None or other.database_id != own:
            _base(database, place)
            return []
        shutil.copyfile(place.copy, place.log)
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


def _damaged(database: Database, place: _Place, found: Survey) -> list[Notice]:
    """The change log itself is hurt: what it still holds goes into the database, then it is written anew."""
    gathered = gather(found.frames, _copied(database, place))
    seq = database.head()[0]
    notices = []
    if missing := [entry for entry in gathered.entries if entry.seq > seq]:
        with database.unit(alone=True) as unit:
            _take_over(unit, missing)
            unit.take_over((), gathered.rows())
            unit.commit()
        notices.append(_restored(missing))
    if gathered.missing and found.head[0] > database.head()[0]:
        notices.append(Notice(code="store-lost", facts={"entries": found.head[0] - database.head()[0]}))
    return notices + _anew(database, place, "log-damaged", bytes=found.lost)


def _copied(database: Database, place: _Place) -> Sequence[Frame]:
    if place.copy is None or not place.copy.is_file():
        return ()
    found = changelog.survey(place.copy)
    own = found.whose is not None and found.whose.database_id == database.meta.database_id
    return found.frames if own else ()


def _compared(database: Database, place: _Place, last: Frame) -> list[Notice]:
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


def _put_back(database: Database, place: _Place, frames: Sequence[Frame]) -> list[Notice]:
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


def _diverged(database: Database, place: _Place) -> list[Notice]:
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
