"""Backups that either engine can read: the journal and every row beside the folded ones, in one zip file.

The folded tables are not in it: a restore folds the journal, so that every backup that was verified has
also proved that the journal alone gives the tables. The head (seq, hash) stands in the manifest.
"""

import errno
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from dvc_core.domain.kernel import Row
from dvc_core.ports import StoreError
from dvc_core.store import journal
from dvc_core.store.archive import FORMAT, SIDE_FOLDERS, Manifest
from dvc_core.store.database import Database
from dvc_core.store.engine import Connection
from dvc_core.store.migrate import bodies, present_columns
from dvc_core.store.restoring import verify
from dvc_core.store.schema import declared


def default_name(now: datetime, head_seq: int) -> str:
    """A file name that sorts by time."""
    return f"tasuki-{now:%Y%m%d-%H%M%S}-{head_seq}.backup.zip"


def before_migration(database: Database, *, data: Path, now: datetime) -> Path:
    """The backup that is made before an older database's tables are changed, in the folder `backups`.

    Raises:
        StoreError: `no-space`, `unwritable`; `update-stopped` when this version cannot bring back what
            stands there.
    """
    target = data / "backups" / f"before-update-{default_name(now, database.head()[0])}"
    try:
        back_up(database, target, data=data, now=now)
    except StoreError as error:
        if error.code != "backup-bad":
            raise
        raise StoreError("update-stopped", part=error.facts.get("part", "")) from error
    return target


def newest(folder: Path) -> Manifest | None:
    """What the newest backup of a folder says of itself; one that cannot be read is passed over."""
    found = []
    for path in folder.glob("*.zip"):
        with (
            suppress(OSError, KeyError, zipfile.BadZipFile, msgspec.MsgspecError),
            zipfile.ZipFile(path) as archive,
        ):
            found.append(msgspec.json.decode(archive.read("manifest.json"), type=Manifest))
    return max(found, key=lambda each: each.backed_up_at, default=None)


def _verified(path: Path, now: datetime) -> None:
    verify(path, now=now)


def back_up(
    database: Database,
    target: Path,
    *,
    data: Path,
    now: datetime,
    verified: Callable[[Path, datetime], None] = _verified,
) -> Manifest:
    """Write a backup beside its final name, verify it by opening it (`verified`), then give it its name.

    Raises:
        StoreError: `no-space`, `unwritable`, or `backup-bad` when what was written cannot be read back as
            it was.
    """
    half = target.with_name(target.name + ".half")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        manifest = _write(database, half, data=data, now=now)
        verified(half, now)
        os.replace(half, target)  # noqa: PTH105 - the atomic one, named as what it is
    except OSError as error:
        code = "no-space" if error.errno == errno.ENOSPC else "unwritable"
        raise StoreError(code, file=target.name, detail=str(error)[:200]) from error
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return manifest


def _write(database: Database, path: Path, *, data: Path, now: datetime) -> Manifest:
    council = database.meta.council_id
    digests: dict[str, str] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, lines: Iterator[bytes]) -> None:
            digest = hashlib.sha256()
            with archive.open(name, "w", force_zip64=True) as file:
                for line in lines:
                    file.write(line)
                    digest.update(line)
            digests[name] = digest.hexdigest()

        head = (0, journal.GENESIS)

        def entries(connection: Connection) -> Iterator[bytes]:
            nonlocal head
            for entry in journal.read_all(connection, council):
                head = (entry.seq, entry.hash)
                yield msgspec.json.encode(entry) + b"\n"

        with database.engine.snapshot() as connection:
            add("journal.jsonl", entries(connection))
            present = present_columns(connection)  # before a migration a table lacks what is new
            for name, cls in declared().items():
                if not issubclass(cls, Row) and name in present:
                    pages = bodies(connection, cls, council, present[name])
                    add(f"{name}.jsonl", (msgspec.json.encode(row) + b"\n" for page in pages for row in page))
        for folder in SIDE_FOLDERS:
            for file in sorted((data / folder).rglob("*")):
                if file.is_file():
                    add(f"{folder}/{file.relative_to(data / folder).as_posix()}", iter([file.read_bytes()]))
        meta = database.meta
        manifest = Manifest(
            format=FORMAT,
            database_id=str(meta.database_id),
            council_id=meta.council_id,
            drill=meta.drill,
            made_at=meta.made_at,
            content_key=meta.content_key,
            backed_up_at=now,
            head_seq=head[0],
            head_hash=head[1],
            files=digests,
        )
        archive.writestr("manifest.json", msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest
