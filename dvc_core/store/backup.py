"""Backups that either engine can read: the journal and every row beside the folded ones, in one zip file.

The folded tables are not in it: a restore folds the journal, so that every backup that was verified has
also proved that the journal alone gives the tables. The head (seq, hash) stands in the manifest.
"""

import hashlib
import os
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from dvc_core.domain.kernel import Row, Stored
from dvc_core.ports import StoreError
from dvc_core.store import journal
from dvc_core.store.database import Database, open_database
from dvc_core.store.doctor import examine
from dvc_core.store.engine import Connection
from dvc_core.store.filling import Identity, fill
from dvc_core.store.schema import declared, from_row, select_columns

FORMAT = "tasuki-backup/1"
SIDE_FOLDERS = ("keys", "certificates")


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself."""

    format: str
    database_id: str
    council_id: str
    drill: str | None
    made_at: datetime
    content_key: str
    backed_up_at: datetime
    head_seq: int
    head_hash: str
    files: dict[str, str]


def default_name(now: datetime, head_seq: int) -> str:
    """A file name that sorts by time."""
    return f"tasuki-{now:%Y%m%d-%H%M%S}-{head_seq}.backup.zip"


def back_up(database: Database, target: Path, *, data: Path, now: datetime) -> Manifest:
    """Write a backup beside its final name, verify it by opening it, then give it its name.

    Raises:
        StoreError: `no-space`, or `backup-bad` when what was written cannot be read back as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(target.name + ".half")
    try:
        manifest = _write(database, half, data=data, now=now)
        verify(half, now=now)
        os.replace(half, target)  # noqa: PTH105 - the atomic one, named as what it is
    except OSError as error:
        raise StoreError("no-space", file=target.name, detail=str(error)[:200]) from error
    finally:
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
            for name, cls in declared().items():
                if not issubclass(cls, Row):
                    rows = connection.rows(
                        f"SELECT {select_columns(cls)} FROM {name} WHERE council_id = $council "
                        "ORDER BY id NULLS LAST",
                        {"council": council},
                    )
                    add(f"{name}.jsonl", (msgspec.json.encode(from_row(cls, row)) + b"\n" for row in rows))
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


def read_manifest(path: Path) -> Manifest:
    """The manifest, after every file's digest was compared.

    Raises:
        StoreError: `backup-bad`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = msgspec.json.decode(archive.read("manifest.json"), type=Manifest)
            found = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in manifest.files}
    except Exception as error:  # a damaged archive ends in anything: a bad length, "encrypted", a lost name
        raise StoreError("backup-bad", file=path.name, part=str(error)[:100]) from error
    for name, digest in manifest.files.items():
        if found[name] != digest:
            raise StoreError("backup-bad", file=path.name, part=name)
    if manifest.format != FORMAT:
        raise StoreError("backup-bad", file=path.name, part=manifest.format)
    return manifest


def verify(path: Path, *, now: datetime) -> Manifest:
    """Open a backup for real: restore it into a throw-away file and let the doctor look.

    Raises:
        StoreError: `backup-bad`.
    """
    with tempfile.TemporaryDirectory(prefix="tasuki-verify-") as folder:
        return restore(path, Path(folder) / "tasuki.duckdb", data=Path(folder), now=now)


def restore(path: Path, location: Path | str, *, data: Path, now: datetime) -> Manifest:
    """Restore into a database that does not exist yet; the tables are folded from the journal.

    Raises:
        StoreError: `backup-bad`, or `not-empty` when something is there already.
    """
    manifest = read_manifest(path)
    if isinstance(location, Path) and location.exists():
        raise StoreError("not-empty", file=location.name)
    data.mkdir(parents=True, exist_ok=True)
    database = open_database(location, council_id=manifest.council_id, now=now, drill=manifest.drill)
    try:
        if database.head()[0]:
            raise StoreError("not-empty", file=str(data.name))
        with zipfile.ZipFile(path) as archive:
            _fill(database, manifest, archive)
            _unpack(archive, manifest, data)
        report = examine(database)
        head = (report.chain.head_seq, report.chain.head_hash)
        if not report.ok or head != (manifest.head_seq, manifest.head_hash):
            raise StoreError("backup-bad", file=path.name, part="journal")
    finally:
        database.close()
    return manifest


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as file:
        yield from file


def _fill(database: Database, manifest: Manifest, archive: zipfile.ZipFile) -> None:
    def stored(cls: type[Stored]) -> Iterator[Stored]:
        return (msgspec.json.decode(line, type=cls) for line in _lines(archive, f"{cls.table}.jsonl"))

    beside = [cls for cls in declared().values() if not issubclass(cls, Row)]
    fill(
        database,
        Identity(
            database_id=uuid.UUID(manifest.database_id),
            made_at=manifest.made_at,
            content_key=manifest.content_key,
        ),
        (msgspec.json.decode(line, type=journal.Entry) for line in _lines(archive, "journal.jsonl")),
        ((cls, stored(cls)) for cls in beside if f"{cls.table}.jsonl" in manifest.files),
    )


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, data: Path) -> None:
    for name in manifest.files:
        folder, _, rest = name.partition("/")
        if folder in SIDE_FOLDERS and rest and ".." not in Path(rest).parts:
            target = data / folder / rest
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
            target.chmod(0o600)
