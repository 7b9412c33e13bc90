"""The folder of a council's keys: opened at every start, filled at the first one.

Each key is two files: `ID.key`, readable by its owner only, and `ID.pub`, so that cards handed out earlier
can still be checked when the secret half is damaged. Nothing in the folder is ever overwritten or deleted.
"""

from datetime import datetime
from pathlib import Path

import msgspec

from dvc_core.domain.problem import Fact, Level, Problem
from dvc_core.tokens.files import READABLE, restrict, set_aside, write_secret
from dvc_core.tokens.keys import (
    RAW_BYTES,
    PublicKey,
    SigningKey,
    council_of,
    decode,
    encode,
    generate,
    is_drill,
    short_name,
)

KnownKeys = tuple[PublicKey, ...]
Problems = tuple[Problem, ...]


class KeyRing(msgspec.Struct, frozen=True):
    """What a program signs with, and all keys of its own whose codes it takes for ours."""

    current: SigningKey
    known: KnownKeys
    problems: Problems = ()


class _SecretFile(msgspec.Struct, frozen=True, tag_field="format", tag="tasuki-key/1"):
    key_id: str
    made_at: datetime
    secret: str


class _PublicFile(msgspec.Struct, frozen=True, tag_field="format", tag="tasuki-public-key/1"):
    key_id: str
    public: str


class _Found(msgspec.Struct):
    """What one look into the folder gathers."""

    secrets: list[SigningKey] = []
    known: dict[str, PublicKey] = {}
    problems: list[Problem] = []

    def report(self, code: str, file: Path, level: Level = "error", **facts: Fact) -> None:
        self.problems.append(Problem(code=code, level=level, file=file.name, facts=facts))


def save(folder: Path, key: SigningKey) -> None:
    """Write both files of a key; a key that is there already is never overwritten.

    Raises:
        FileExistsError: if the folder has a key of this id.
    """
    public = _PublicFile(key.key_id, key.public.base64url)
    secret = _SecretFile(key.key_id, key.made_at, encode(key.seed))
    write_secret(folder / f"{key.key_id}.key", msgspec.json.encode(secret) + b"\n")
    write_secret(
        folder / f"{key.key_id}.pub", msgspec.json.encode(public) + b"\n", mode=READABLE, replace=True
    )


def load(folder: Path, council: str, *, drill: bool = False) -> tuple[list[SigningKey], KnownKeys, Problems]:
    """The folder's keys of this council and kind (drill or real), newest first, and what is wrong with it.

    A damaged file is set aside (renamed, never deleted); the public half of a damaged key goes on checking
    cards. Keys of another council or of the other kind are left alone and not used.
    """
    found = _Found()
    for file in sorted(folder.glob("*.pub")):
        public = _read_public(file)
        if public is None:
            found.report("key-public-broken", set_aside(file), "note")
        elif council_of(public.key_id) == council and is_drill(public.key_id) == drill:
            found.known[public.key_id] = public
    for file in sorted(folder.glob("*.key")):
        if restrict(file):
            found.report("key-readable-by-others", file, "note")
        secret = _read_secret(file)
        if secret is None:
            found.report("key-broken", set_aside(file), key_id=file.stem)
        elif council_of(secret.key_id) == council and is_drill(secret.key_id) == drill:
            found.secrets.append(secret)
            found.known[secret.key_id] = secret.public
        else:
            found.report("key-of-another", file, "note", key_id=secret.key_id)
    found.secrets.sort(key=lambda key: (key.made_at, key.key_id), reverse=True)
    return found.secrets, tuple(found.known.values()), tuple(found.problems)


def open_ring(folder: Path, council: str, made_at: datetime, *, drill: bool = False) -> KeyRing:
    """The council's keys, the newest being signed with; made at the first start, or when none is whole.

    Making a new key is safe: cards of an older one are still known by its `.pub` file.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    secrets, known, problems = load(folder, council, drill=drill)
    if not secrets:
        fresh = generate(council, made_at, drill=drill, taken={key.key_id for key in known})
        save(folder, fresh)
        secrets, known = [fresh], (*known, fresh.public)
    return KeyRing(secrets[0], known, problems)


def _read_secret(file: Path) -> SigningKey | None:
    try:
        stored = msgspec.json.decode(file.read_bytes(), type=_SecretFile)
        key = SigningKey(stored.key_id, decode(stored.secret), stored.made_at)
        if len(key.seed) != RAW_BYTES or council_of(key.key_id) is None or key.made_at.tzinfo is None:
            return None
    except (msgspec.MsgspecError, ValueError):
        return None
    return key if key.key_id.endswith(f"-{short_name(key.public.raw)}") else None


def _read_public(file: Path) -> PublicKey | None:
    try:
        stored = msgspec.json.decode(file.read_bytes(), type=_PublicFile)
        key = PublicKey.parse(stored.key_id, stored.public)
    except (msgspec.MsgspecError, ValueError):
        return None
    return key if key.key_id.endswith(f"-{short_name(key.raw)}") else None
