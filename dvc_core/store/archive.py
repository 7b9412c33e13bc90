"""The backup file as it is read: a zip with a manifest, the journal and the rows beside the folded ones."""

import hashlib
import uuid
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from dvc_core.domain.kernel import Row, Stored
from dvc_core.ports import StoreError
from dvc_core.store import journal
from dvc_core.store.filling import Content, Identity
from dvc_core.store.schema import declared, lifted

FORMAT = "tasuki-backup/1"
SIDE_FOLDERS = ("keys", "certificates")
"""Folders that go with the database: without them the center's cards and tablets are worth nothing."""


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


def content(path: Path) -> Content:
    """What the backup holds.

    Raises:
        StoreError: `backup-bad`.
    """
    manifest = read_manifest(path)
    beside = [cls for cls in declared().values() if not issubclass(cls, Row)]
    return Content(
        council_id=manifest.council_id,
        drill=manifest.drill,
        identity=Identity(
            database_id=uuid.UUID(manifest.database_id),
            made_at=manifest.made_at,
            content_key=manifest.content_key,
        ),
        entries=(msgspec.json.decode(line, type=journal.Entry) for line in _lines(path, "journal.jsonl")),
        rows=((cls, _rows(path, cls)) for cls in beside if f"{cls.table}.jsonl" in manifest.files),
        head=(manifest.head_seq, manifest.head_hash),
    )


def unpack(path: Path, data: Path) -> None:
    """Bring the folders that go with the database to `data`."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            folder, _, rest = name.partition("/")
            if folder in SIDE_FOLDERS and rest and ".." not in Path(rest).parts:
                target = data / folder / rest
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))
                target.chmod(0o600)


def _lines(path: Path, name: str) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive, archive.open(name) as file:
        yield from file


def _rows(path: Path, cls: type[Stored]) -> Iterator[Stored]:
    return (lifted(cls, msgspec.json.decode(line)) for line in _lines(path, f"{cls.table}.jsonl"))
