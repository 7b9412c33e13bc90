"""A center brought back into an empty folder: from a backup, or from a change log such as a second folder's.

The laptop is gone, a new one is here. The last backup may be hours old; the change log in the second folder
is a moment old. Both give the same database again, with its id, so that cards and tablets go on working.
"""

import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import msgspec

from dvc_core.ports import StoreError
from dvc_core.store import archive, changelog, gathered
from dvc_core.store.database import Database, open_database
from dvc_core.store.doctor import examine
from dvc_core.store.filling import Content, fill, made_beside
from dvc_core.store.journal import Head

SUFFIX = ".changes"


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What was brought back.

    Attributes:
        source: the file itself, where a folder was named.
        head: where the journal stands.
        lost: entries that the file once held and that nothing gives back.
    """

    source: Path
    head: Head
    lost: int = 0


def restore(source: Path, location: Path | str, *, data: Path, now: datetime) -> Restored:
    """Restore into a database that does not exist yet; the tables are folded from the journal.

    Args:
        source: a backup, a change log, or a folder with one change log.
        location: as `open_database`.
        data: the folder that keys and certificates are brought to.
        now: for what the database notes of its making.

    Raises:
        StoreError: `no-file`, `backup-bad`, `changes-bad`, `no-space`, `which-file` when a folder holds
            none or several, or
            `not-empty` when something is there already. Nothing half made stays.
    """
    if isinstance(location, Path) and location.exists():
        raise StoreError("not-empty", file=location.name)
    path = _the_one(source) if source.is_dir() else source
    if not path.is_file():
        raise StoreError("no-file", file=str(path))
    found = _changes(path) if _is_changes(path) else archive.content(path)
    try:
        _bring(path, found, location, data=data, now=now)
    except OSError as error:
        raise StoreError("no-space", file=data.name, detail=str(error)[:200]) from error
    return Restored(source=path, head=found.head, lost=found.lost)


def _bring(path: Path, found: Content, location: Path | str, *, data: Path, now: datetime) -> None:
    data.mkdir(parents=True, exist_ok=True)
    if isinstance(location, Path):
        with made_beside(location, found, now) as made:
            _check(made, found, path)
    else:
        database = open_database(location, council_id=found.council_id, now=now, drill=found.drill)
        try:
            if database.head()[0]:
                raise StoreError("not-empty", file=str(data.name))
            fill(database, found)
            _check(database, found, path)
        finally:
            database.close()
    _side(path, data)


def verify(path: Path, *, now: datetime) -> Restored:
    """Open a backup for real: restore it into a throw-away file and let the doctor look.

    Raises:
        StoreError: `backup-bad`.
    """
    with tempfile.TemporaryDirectory(prefix="tasuki-verify-") as folder:
        return restore(path, Path(folder) / "tasuki.duckdb", data=Path(folder), now=now)


def _the_one(folder: Path) -> Path:
    found = sorted(folder.glob(f"*{SUFFIX}"))
    if len(found) != 1:
        names = "、".join(file.name for file in found) or "0"
        raise StoreError("which-file", folder=folder.name, found=names)
    return found[0]


def _is_changes(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix == SUFFIX or file.read(len(changelog.MARK)) == changelog.MARK


def _changes(path: Path) -> Content:
    found = gathered.content([changelog.survey(path)])
    if found is None:
        raise StoreError("changes-bad", file=path.name)
    return found


def _check(database: Database, found: Content, path: Path) -> None:
    report = examine(database)
    if not report.ok or (report.chain.head_seq, report.chain.head_hash) != found.head:
        raise StoreError("backup-bad", file=path.name, part="journal")


def _side(path: Path, data: Path) -> None:
    if not _is_changes(path):
        archive.unpack(path, data)
        return
    for name in archive.SIDE_FOLDERS:
        for file in sorted((path.parent / name).rglob("*")):
            target = data / file.relative_to(path.parent)
            if file.is_file() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
                target.chmod(0o600)
