"""Files of keys and certificates: whole or not there, readable by their owner only, set aside when broken."""

import os
import secrets
from pathlib import Path

OWNER_ONLY = 0o600
READABLE = 0o644
_POSIX = os.name == "posix"


def write_secret(file: Path, content: bytes, *, mode: int = OWNER_ONLY, replace: bool = False) -> None:
    """Write a file so that a power cut leaves the old one, the new one, or none, and never half of one.

    On Windows the mode says nothing: there the folder's own access list keeps others out.

    Raises:
        FileExistsError: if the file is there and `replace` was not asked for.
    """
    if not replace and file.exists():
        raise FileExistsError(file)
    half = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    binary = getattr(os, "O_BINARY", 0)  # Windows would turn line ends otherwise
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | binary, mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        half.replace(file)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    if _POSIX:
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # the new name survives a power cut only when the folder is written too
        finally:
            os.close(folder)


def restrict(file: Path) -> bool:
    """Take away what others may do with a secret file; True when they could have read it."""
    if not _POSIX or not file.stat().st_mode & 0o077:
        return False
    file.chmod(OWNER_ONLY)
    return True


def set_aside(file: Path) -> Path:
    """Rename a broken file so that nothing reads it and nobody loses it; gives its new place."""
    count = 1
    while (aside := file.with_name(f"{file.name}.broken-{count}")).exists():
        count += 1
    file.rename(aside)
    return aside
