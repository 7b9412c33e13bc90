"""The database opened together with its change log: what one of them lost, the other gives back.

At every open the journal's head is compared with the head of the change log (`changelog`). If the database
is behind, because its own log lost its tail, the missing commits are made again; if it does not open or is
gone, its files are set aside and it is made anew from the change log. If the change log is behind (the
program ended between the two), it is completed from the database. Whatever was mended is told as `Notice`.
"""

import errno
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from dvc_core.ports import StoreError
from dvc_core.store import changelog
from dvc_core.store.backup import before_migration
from dvc_core.store.changelog import ChangeLog
from dvc_core.store.database import Database, open_database
from dvc_core.store.doctor import examine
from dvc_core.store.filling import Content, files_of, made_beside
from dvc_core.store.gathered import content
from dvc_core.store.reconcile import Notice, Place, reconcile, write_base


class Opened(NamedTuple):
    """The database with its change log, and what a person must be told."""

    database: Database
    notices: tuple[Notice, ...]


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
        StoreError: as `open_database`, `broken` where the change log cannot help; `unwritable` when the
            change log cannot be read or written.
    """
    place = Place(location, data, copy, now)
    try:
        try:
            database, notices = _compared(place, council_id=council_id, drill=drill)
        except StoreError as error:
            # Damage that is met only while both are compared has left its mark: now every row is looked at.
            if error.code != "broken" or not place.mark.exists():
                raise
            database, notices = _compared(place, council_id=council_id, drill=drill)
    except OSError as error:
        code = "no-space" if error.errno == errno.ENOSPC else "unwritable"
        raise StoreError(code, file=changelog.NAME, detail=str(error)[:200]) from error
    return Opened(database, notices)


def _compared(place: Place, *, council_id: str, drill: str | None) -> Opened:
    database, notices = _open(place, council_id=council_id, drill=drill)
    try:
        notices += reconcile(database, place)
        database.log = ChangeLog(place.log, database.head())
    except BaseException:
        database.close()
        raise
    return Opened(database, tuple(notices))


def _open(place: Place, *, council_id: str, drill: str | None) -> tuple[Database, list[Notice]]:
    location = place.location
    notices: list[Notice] = []

    def before(database: Database) -> None:
        made = before_migration(database, data=place.data, now=place.now)
        notices.append(Notice(code="store-updated", facts={"file": made.name}))

    if not isinstance(location, Path):
        opened = open_database(
            location, council_id=council_id, now=place.now, drill=drill, before_migration=before
        )
        return opened, notices
    # A new folder is a new center, even where the second folder still holds the copy of an old one.
    if not location.exists() and place.log.is_file() and (found := _best(place, council_id)) is not None:
        return _rebuilt(place, found, gone=True)
    try:
        database = open_database(
            location, council_id=council_id, now=place.now, drill=drill, before_migration=before
        )
        if place.mark.exists():
            _look(database, place)
        _not_empty(database, place)
    except StoreError as error:
        found = _best(place, council_id) if error.code == "broken" else None
        if found is None:
            raise
        return _rebuilt(place, found, gone=False)
    return database, notices


def _not_empty(database: Database, place: Place) -> None:
    """A file that has lost all it held is made anew as if it were new: the change log knows better."""
    if database.head()[0] == 0 and database.commits() == 0:
        whose = changelog.first_frame(place.log)
        if whose is not None and whose.database_id != database.meta.database_id:
            database.close()
            raise StoreError("broken", file=str(place.location), detail="empty")


def _look(database: Database, place: Place) -> None:
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


class _Found(NamedTuple):
    content: Content
    damaged: bool
    """Whether the change log itself must be written anew."""


def _best(place: Place, council_id: str) -> _Found | None:
    """What both files of the change log hold together; None if neither says whose it is."""
    surveys = {path: changelog.survey(path) for path in (place.log, place.copy) if path and path.is_file()}
    usable = [each for each in surveys.values() if each.whose and each.whose.council_id == council_id]
    found = content(usable)
    if found is None:
        return None
    hurt = place.log in surveys and surveys[place.log].lost > 0
    return _Found(found, damaged=hurt or found.lost > 0)


def _rebuilt(place: Place, found: _Found, *, gone: bool) -> tuple[Database, list[Notice]]:
    """Make it beside, set the old files aside, give it the name."""
    assert isinstance(place.location, Path)
    location, made = place.location, found.content
    with made_beside(location, made, place.now):
        old = [file for file in (*files_of(location), place.mark) if file.exists()]
        folder = place.aside(old) if old else ""
    database = open_database(location, council_id=made.council_id, now=place.now, drill=made.drill)
    if found.damaged:
        folder = place.aside([place.log], folder)
        write_base(database, place)
    code = "store-rebuilt-gone" if gone else "store-rebuilt"
    notices = [Notice(code=code, facts={"entries": made.head[0], "folder": folder})]
    if made.lost:
        notices.append(Notice(code="store-lost", facts={"entries": made.lost}))
    return database, notices
