"""The change log copied to a second folder (a USB memory, another disk), a moment behind each commit.

The folder may be pulled out and put back: what it missed is copied when it is there again. With it lie the
council's keys and certificates, without which the cards and tablets of the center are worth nothing.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

import msgspec

RETRY_SECONDS = 5.0
"""How soon a folder that was away is noticed."""
LAST_SECONDS = 10.0
"""How long the end of the program waits for a memory that does not answer."""
_BLOCK = 1 << 20
_COMPARED = 4096
"""Bytes at the end of the copy that must be the same in the file it is a copy of."""


class CopyState(msgspec.Struct, frozen=True, kw_only=True):
    """How the copy stands. `behind`: bytes that are not there yet; None while the folder is away."""

    folder: str
    behind: int | None
    copied_at: datetime | None
    detail: str = ""


class SecondCopy:
    """Copies in a thread of its own, so that no commit waits for a slow memory."""

    def __init__(self, log: Path, copy: Path, side: tuple[Path, ...], now: Callable[[], datetime]) -> None:
        """`side`: folders that are copied beside it."""
        self._log, self._copy, self._side, self._now = log, copy, side, now
        self._wake, self._ended = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self.state = CopyState(folder=str(copy.parent), behind=None, copied_at=None)
        self._thread = threading.Thread(target=self._run, name="second-copy", daemon=True)
        self._thread.start()
        self.wake()

    def wake(self) -> None:
        """There is something new to copy."""
        self._wake.set()

    def close(self) -> None:
        """Copy what is left, as far as the folder is there, and end."""
        self._ended.set()
        self.wake()
        self._thread.join(LAST_SECONDS)

    def _run(self) -> None:
        while True:
            self._wake.wait(None if self.state.behind == 0 else RETRY_SECONDS)
            self._wake.clear()
            ended = self._ended.is_set()
            self.copy_now()
            if ended:
                return

    def copy_now(self) -> CopyState:
        """Bring the copy up to the file's present length; the state that it then has."""
        with self._lock:
            try:
                self._bring()
                left = self._log.stat().st_size - self._copy.stat().st_size
                self.state = msgspec.structs.replace(
                    self.state, behind=left, copied_at=self._now(), detail=""
                )
            except OSError as error:
                self.state = msgspec.structs.replace(self.state, behind=None, detail=str(error)[:200])
        return self.state

    def _bring(self) -> None:
        if not self._copy.parent.is_dir():
            # Never made by us: where a memory was pulled out, its name is an empty place on our own disk.
            raise FileNotFoundError(str(self._copy.parent))
        with self._log.open("rb") as source:
            begin = self._same(source)
            if begin is None:
                self._anew(source)
            elif begin < os.fstat(source.fileno()).st_size:
                with self._copy.open("r+b") as target:
                    target.seek(begin)
                    source.seek(begin)
                    _flow(source, target)
        for folder in self._side:
            self._beside(folder)

    def _same(self, source: BinaryIO) -> int | None:
        """The copy's length, if it is the file's beginning; else None."""
        if not self._copy.is_file():
            return None
        size = self._copy.stat().st_size
        start = max(size - _COMPARED, 0)
        with self._copy.open("rb") as target:
            target.seek(start)
            have = target.read()
        source.seek(start)
        return size if source.read(len(have)) == have and size else None

    def _anew(self, source: BinaryIO) -> None:
        """The whole file; a copy of another file, or one that is longer, keeps a name of its own."""
        if self._copy.is_file() and self._copy.stat().st_size:
            names = (f"{self._copy.name}.before-{n}" for n in count(1))
            free = next(name for name in names if not self._copy.with_name(name).exists())
            os.replace(self._copy, self._copy.with_name(free))  # noqa: PTH105
        half = self._copy.with_name(self._copy.name + ".half")
        source.seek(0)
        with half.open("wb") as target:
            _flow(source, target)
        os.replace(half, self._copy)  # noqa: PTH105

    def _beside(self, folder: Path) -> None:
        for file in _all(folder):
            target = self._copy.parent / folder.name / file.relative_to(folder)
            if not target.is_file() or target.stat().st_mtime < file.stat().st_mtime:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
                with suppress(OSError):  # a memory's file system knows no rights
                    target.chmod(0o600)


def _all(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())


def _flow(source: BinaryIO, target: BinaryIO) -> None:
    while block := source.read(_BLOCK):
        target.write(block)
    target.flush()
    os.fsync(target.fileno())
