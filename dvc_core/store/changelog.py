"""The change log: every commit's change set once more, in a file of our own beside the database.

A flipped byte in a database's own log can make the tail of the day vanish without an error. So each commit is
also appended here: its journal entries, the new images of the rows beside the folded ones, what was removed.
From the file alone the whole database can be made again (`recovery`).

The file is a sequence of frames, each readable by itself:

    "TSKL" · length of the content, 4 bytes · number of the commit, 8 bytes · seq after it, 8 bytes ·
    hash after it, 32 bytes
    BLAKE2b-128 over those 56 bytes and the content, 16 bytes
    the content, MessagePack
    length of the whole frame, 4 bytes

all numbers big-endian. With the length at its end the last frame is found without reading the rest; behind a
damaged frame the next one is found by its mark. The first frame says whose file it is. No frame holds a
digest of another: to erase a person, frames are copied one by one, those with rows of that person written
anew (`rewritten`), and the new file takes the old one's name.
"""

import hashlib
import os
import struct
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from dvc_core.domain.kernel import Row, Stored
from dvc_core.store import journal
from dvc_core.store.engine import Connection
from dvc_core.store.journal import Head
from dvc_core.store.schema import declared, from_row, lifted, select_columns

FORMAT = "tasuki-changes/1"
NAME = "tasuki.changes"
CHUNK = 500
"""Entries or rows in one frame of a first copy."""

MARK = b"TSKL"
"""The first bytes of every frame, and so of the file."""
_FRONT = struct.Struct(">4sIQQ32s")
_SUM = 16
_BACK = struct.Struct(">I")
_AROUND = _FRONT.size + _SUM + _BACK.size


class Whose(msgspec.Struct, frozen=True, kw_only=True):
    """What the first frame says: the database that the changes belong to, as `Meta` knows it."""

    format: str
    database_id: uuid.UUID
    council_id: str
    drill: str | None
    made_at: str
    content_key: str


class Change(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One commit. Rows and removals are named by their table; a row is its struct as MessagePack.

    `whole`: what was known of the rows beside the folded ones is void; all that there are follow from here.
    """

    whose: Whose | None = None
    entries: tuple[journal.Entry, ...] = ()
    rows: tuple[tuple[str, msgspec.Raw], ...] = ()
    removed: tuple[tuple[str, uuid.UUID], ...] = ()
    whole: bool = False

    def images(self) -> Iterator[Stored]:
        """The rows in their present shape; one of a table that is no more is passed over."""
        known = declared()
        for table, row in self.rows:
            if table in known:
                yield lifted(known[table], msgspec.msgpack.decode(row))


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One frame that is whole: where it begins, how long it is, the journal's head after it.

    `number` is the database's count of commits (`journal.commits`); 0 where several processes write.
    """

    offset: int
    length: int
    number: int
    head: Head
    content: bytes

    def change(self) -> Change:
        """Its content."""
        return msgspec.msgpack.decode(self.content, type=Change)


def raw(rows: Iterable[Stored]) -> tuple[tuple[str, msgspec.Raw], ...]:
    """Rows as a change holds them."""
    return tuple((type(row).table, msgspec.Raw(msgspec.msgpack.encode(row))) for row in rows)


def framed(change: Change, head: Head, number: int) -> bytes:
    """The bytes of a frame; `head` is where the journal stands after the commit of this number."""
    content = msgspec.msgpack.encode(change)
    front = _FRONT.pack(MARK, len(content), number, head[0], bytes.fromhex(head[1]))
    return b"".join((front, _digest(front, content), content, _BACK.pack(len(content) + _AROUND)))


def _digest(front: bytes, content: bytes) -> bytes:
    return hashlib.blake2b(front + content, digest_size=_SUM).digest()


def _frame_at(data: bytes | memoryview, offset: int) -> Frame | None:
    """The frame that begins here, if one does and is whole."""
    begin = offset + _FRONT.size
    if begin + _SUM + _BACK.size > len(data):
        return None
    front = bytes(data[offset:begin])
    mark, length, number, seq, hash_ = _FRONT.unpack(front)
    end = begin + _SUM + length
    if mark != MARK or end + _BACK.size > len(data):
        return None
    content = bytes(data[begin + _SUM : end])
    if bytes(data[begin : begin + _SUM]) != _digest(front, content):
        return None
    if _BACK.unpack(data[end : end + _BACK.size])[0] != length + _AROUND:
        return None
    return Frame(
        offset=offset, length=length + _AROUND, number=number, head=(seq, hash_.hex()), content=content
    )


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """A whole file looked through: its good frames in their order, and how many bytes belong to none."""

    frames: tuple[Frame, ...] = ()
    lost: int = 0

    @property
    def whose(self) -> Whose | None:
        """Whose it is; None when that frame is lost."""
        return self.frames[0].change().whose if self.frames else None

    @property
    def head(self) -> Head:
        """The furthest head of any frame: two processes may have written in another order."""
        return max((frame.head for frame in self.frames), default=(0, journal.GENESIS))


def survey(path: Path) -> Survey:
    """Read a file from its begin to its end; behind damage go on at the next whole frame."""
    data = path.read_bytes()
    frames: list[Frame] = []
    at = lost = 0
    while at < len(data):
        frame = _frame_at(data, at)
        if frame is not None:
            frames.append(frame)
            at += frame.length
        else:
            found = data.find(MARK, at + 1)
            after = found if found >= 0 else len(data)
            lost += after - at
            at = after
    return Survey(frames=tuple(frames), lost=lost)


def first_frame(path: Path) -> Whose | None:
    """Whose file it is, from its first frame alone; None if there is no such file or the frame is damaged."""
    with suppress(OSError), path.open("rb") as file:
        start = file.read(_FRONT.size)
        if len(start) == _FRONT.size and start[:4] == MARK:
            length = _FRONT.unpack(start)[1]
            frame = _frame_at(start + file.read(length + _SUM + _BACK.size), 0)
            return frame.change().whose if frame else None
    return None


def last_frames(path: Path, count: int = 1) -> Iterator[Frame]:
    """The last frames, the last one first, each read from the file's end; ends where one is damaged."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0 and count > 0:
            file.seek(max(end - _BACK.size, 0))
            back = file.read(_BACK.size)
            length = _BACK.unpack(back)[0] if len(back) == _BACK.size else 0
            if not _AROUND <= length <= end:
                return
            file.seek(end - length)
            frame = _frame_at(file.read(length), 0)
            if frame is None:
                return
            yield msgspec.structs.replace(frame, offset=end - length)
            end, count = end - length, count - 1


class ChangeLog:
    """The file as it is written to. Safe to share between threads, and between processes of one folder."""

    def __init__(self, path: Path, head: Head) -> None:
        """`path`: a file that stands already (`write_base`); `head`: where the journal stands now."""
        self.path = path
        self._head = head
        self._lock = threading.Lock()
        self._waiting: list[bytes] = []
        self.written: Callable[[], None] | None = None
        """Called after each frame, for whoever copies the file elsewhere."""

    @property
    def behind(self) -> int:
        """Commits that could not be written yet, because the disk is full or the folder is gone."""
        return len(self._waiting)

    def append(self, change: Change, head: Head | None, number: int) -> None:
        """Write a commit's frame; `head` is None if it did not move the journal's.

        What cannot be written waits and goes before the next one. The commit has taken place: nothing is
        raised that would tell a person otherwise.
        """
        with self._lock:
            self._head = head or self._head
            self._waiting.append(framed(change, self._head, number))
            with suppress(OSError):
                while self._waiting:
                    self._write(self._waiting[0])
                    self._waiting.pop(0)
        if self.written is not None:
            self.written()

    def _write(self, frame: bytes) -> None:
        # In one write to the file's end, so that the frames of two processes do not mix.
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0))
        try:
            done = os.write(file, frame)
            if done != len(frame):
                raise OSError("the disk took only a part")  # its bytes are passed over by who reads
        finally:
            os.close(file)


def whole(
    connection: Connection, council_id: str, head: Head = (0, journal.GENESIS)
) -> Iterator[tuple[Change, Head, int]]:
    """What a database holds as changes: the journal behind `head`, then all rows beside the folded ones."""
    after, number = head[0], journal.commits(connection, council_id)
    while page := journal.read(connection, council_id, after=after, limit=CHUNK):
        after = page[-1].seq
        head = (after, page[-1].hash)
        yield Change(entries=tuple(page)), head, number
    yield Change(whole=True), head, number
    for cls in declared().values():
        if not issubclass(cls, Row):
            for rows in _pages(connection, cls, council_id):
                yield Change(rows=raw(rows)), head, number


def _pages(connection: Connection, cls: type[Stored], council_id: str) -> Iterator[list[Stored]]:
    after: uuid.UUID | None = None
    while True:
        more = "" if after is None else "AND id > $after "
        params: dict[str, Any] = {"council": council_id, "limit": CHUNK}
        found = connection.rows(
            f"SELECT {select_columns(cls)} FROM {cls.table} WHERE council_id = $council {more}"
            "ORDER BY id NULLS LAST LIMIT $limit",
            params if after is None else {**params, "after": after},
        )
        if not found:
            return
        rows = [from_row(cls, row) for row in found]
        yield rows
        after = rows[-1].id


def write_base(path: Path, whose: Whose, changes: Iterable[tuple[Change, Head, int]]) -> None:
    """A new file from its first frame on; it takes its name when it is whole and on the disk."""
    half = path.with_name(path.name + ".half")
    file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(file, "wb") as out:
        out.write(framed(Change(whose=whose), (0, journal.GENESIS), 0))
        for change, head, number in changes:
            out.write(framed(change, head, number))
        out.flush()
        os.fsync(out.fileno())
    os.replace(half, path)  # noqa: PTH105 - the atomic one, named as what it is


def rewritten(
    frames: Iterable[Frame], keep: Callable[[Stored], Stored | None]
) -> Iterator[tuple[Change, Head, int]]:
    """The frames of a file with every row passed through `keep` (None: leave it out), as erasure needs it.

    The journal's entries hold no name and stay as they are.
    """
    for frame in frames:
        change = frame.change()
        if change.whose is None:
            kept = [new for row in change.images() if (new := keep(row)) is not None]
            yield msgspec.structs.replace(change, rows=raw(kept)), frame.head, frame.number
