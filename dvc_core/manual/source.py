"""A file of an edition: the text as it is read, the text as it is hashed, and what is wrong with the file.

The digest of an edition is SHA-256 over a first line and one frame for every file in the order of names:

    "tasuki-manual/1" and one LF
    length of the name in bytes, 8 bytes big-endian · the name, UTF-8, NFC
    "T" for a text, "B" for bytes that are no UTF-8
    length of the content in bytes, 8 bytes big-endian · the content

A text is hashed in UTF-8, NFC, with LF and without a byte order mark, so that saving it on another system
changes nothing. Files of the edition are `edition.toml` and all `*.md`. With the lengths no two sets of files
give the same bytes. Bytes that are no UTF-8 are hashed as they are; such an edition cannot be approved.
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import msgspec

from dvc_core.domain.kernel import Digest
from dvc_core.domain.problem import Problem
from dvc_core.manual.findings import Findings

LARGEST = 2_000_000
"""Bytes of one file. A longer one is a picture or a mistake, and no chapter."""

_BOM = b"\xef\xbb\xbf"
_WIDE_BOMS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# Characters that show nothing and turn or hide their neighbours: control, bidirectional, invisible, tags.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def content(path: str) -> bytes:
    """The bytes of a file; read again when it was written again, since a page asks for all at each redraw.

    Raises:
        OSError: if it cannot be read.
    """
    now = os.stat(path)  # noqa: PTH116 - no Path is made of what is only looked at
    return _read(path, now.st_mtime_ns, now.st_ctime_ns, now.st_size, now.st_ino)


@lru_cache(maxsize=512)
def _read(path: str, *_written: int) -> bytes:
    return Path(path).read_bytes()


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One file. `lines` is what is read, without hidden characters; `frame` is what is hashed."""

    name: str
    lines: tuple[str, ...]
    frame: tuple[bytes, bytes, bytes]
    problems: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.lines)


def read_source(name: str, data: bytes) -> Source:
    """A file from its name and bytes. A text in another encoding is read as well as can be, and says so."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    found = Findings(name)
    frame = (name.encode(), b"B", data)
    if len(data) > LARGEST:
        found.error("manual-file-large", 1, megabytes=LARGEST // 1_000_000)
        return Source(name=name, lines=(), frame=frame, problems=tuple(found.problems))
    if data.startswith(_BOM):
        found.note("manual-bom", 1)
    try:
        text = data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        text, encoding = _guess(data)
        found.error("manual-encoding", data[: error.start].count(b"\n") + 1, encoding=encoding)
        text = _canonical(text)
    else:
        if "\r" in text:
            found.note("manual-line-ends", text.partition("\r")[0].count("\n") + 1)
        text = _canonical(text)
        frame = (name.encode(), b"T", text.encode())
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if hidden := _HIDDEN.search(line):
            found.error("manual-hidden-character", number, character=f"U+{ord(hidden[0]):04X}")
    return Source(
        name=name,
        lines=tuple(_HIDDEN.sub("", line) for line in lines),
        frame=frame,
        problems=tuple(found.problems),
    )


def digest(sources: Iterable[Source]) -> Digest:
    """The digest of an edition, whatever the order in which its files were found."""
    total = hashlib.sha256(b"tasuki-manual/1\n")
    for name, kind, content in sorted(source.frame for source in sources):
        total.update(len(name).to_bytes(8, "big") + name + kind)
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()


def _canonical(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _guess(data: bytes) -> tuple[str, str]:
    """The text of bytes that are no UTF-8, and what people call its encoding."""
    for mark, codec in _WIDE_BOMS.items():
        if data.startswith(mark):
            return data[2:].decode(codec, "replace"), "UTF-16（Unicode）"
    try:
        return data.decode("cp932"), "CP932（Shift_JIS、ANSI）"
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace"), "UTF-8 ではない文字コード"
