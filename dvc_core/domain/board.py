"""情報共有: what the board holds of each council, where each cell came from, and whose keys are trusted.

One row a council keeps the newest cells; every version stays in the journal. A cell is never silently
replaced by older news: the later `as_of` stands, unless a person puts a typing error right.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

import msgspec

from dvc_core.domain.board_facts import ITEMS, Amount, Told
from dvc_core.domain.kernel import Code, Decision, Digest, Event, Outcome, Refusal, Row, Stamp, derive

OLD_AFTER = timedelta(minutes=60)
AHEAD_AT_MOST = timedelta(minutes=10)
"""Clocks of two councils differ a little; what claims to be later than this is a wrong clock."""


class Heard(StrEnum):
    """How the news came. `neighbour`: another council tells for one that is cut off (field2026 6 no. 1)."""

    OWN = "own"
    TELEPHONE = "telephone"
    FAX = "fax"
    FILE = "file"
    NEIGHBOUR = "neighbour"


class FileVerdict(StrEnum):
    """What became of a council's status file (INTERFACES: board import)."""

    TAKEN = "taken"
    KNOWN = "known"
    OLDER = "older"
    FORGED = "forged"
    UNKNOWN_KEY = "unknown_key"


class Compared(StrEnum):
    """How a key's fingerprint was compared."""

    TELEPHONE = "telephone"
    IN_PERSON = "in-person"


class BoardCell(msgspec.Struct, frozen=True, kw_only=True):
    """One told fact of one council: a number, or a code (a state, a range, a day as 2026-07-30)."""

    item: Code
    number: int | None = None
    code: Code | None = None
    heard: Heard
    actor_id: str
    as_of: datetime
    recorded_at: datetime


class CouncilBoard(Row, frozen=True, kw_only=True):
    """All cells of one council. `number` counts own publications, or is that of the last file taken.

    `key_id` and `digest` name that file, so that the same one is known and a new key begins its own count.
    """

    table: ClassVar[str] = "council_board"
    council_code: Code
    cells: tuple[BoardCell, ...] = ()
    number: int = 0
    key_id: Code | None = None
    digest: Digest | None = None
    published_at: datetime | None = None
    published_by: str | None = None


def board_id(council_id: str, council_code: str) -> uuid.UUID:
    """The row of one council on this council's board; it outlasts operations."""
    return derive(council_id, "board", council_code)


def told_by(row: CouncilBoard) -> Told:
    """The cells as one state."""
    said = {cell.item: cell.code if cell.number is None else cell.number for cell in row.cells}
    return msgspec.convert({item: said[item] for item in ITEMS if item in said}, Told)


def _cells(told: Told, heard: Heard, as_of: datetime, stamp: Stamp) -> dict[str, BoardCell]:
    found = {}
    for item in ITEMS:
        value = getattr(told, item)
        if value is None:
            continue
        code = value.isoformat() if isinstance(value, date) else str(value)
        found[item] = BoardCell(
            item=item,
            number=value if isinstance(value, int) else None,
            code=None if isinstance(value, int) else code,
            heard=heard,
            actor_id=stamp.actor_id,
            as_of=as_of,
            recorded_at=stamp.recorded_at,
        )
    return found


def _merged(
    row: CouncilBoard | None, new: dict[str, BoardCell], as_of: datetime, *, whole: bool, corrects: bool
) -> tuple[BoardCell, ...]:
    """Newer cells win; a `whole` state also ends what it no longer tells, a correction replaces anyway."""
    kept = {cell.item: cell for cell in (row.cells if row else ())}
    if whole:
        kept = {item: cell for item, cell in kept.items() if cell.as_of > as_of}
    for item, cell in new.items():
        if corrects or item not in kept or kept[item].as_of <= cell.as_of:
            kept[item] = cell
    return tuple(kept[item] for item in ITEMS if item in kept)


class _News(Event, frozen=True, kw_only=True):
    subject: ClassVar[type[Row]] = CouncilBoard
    council_code: Code
    as_of: datetime
    told: Told

    def _row(
        self,
        row: CouncilBoard | None,
        stamp: Stamp,
        heard: Heard,
        *,
        whole: bool = True,
        corrects: bool = False,
    ) -> CouncilBoard:
        cells = _cells(self.told, heard, self.as_of, stamp)
        return msgspec.structs.replace(
            row or CouncilBoard(id=self.id, council_code=self.council_code),
            cells=_merged(row, cells, self.as_of, whole=whole, corrects=corrects),
        )


class Published(_News, frozen=True, kw_only=True):
    """The own state was read by a person and published under the next number."""

    kind: ClassVar[str] = "board.published"
    number: int

    def evolve(self, row: CouncilBoard | None, stamp: Stamp) -> CouncilBoard:
        """All cells are those that were read."""
        return msgspec.structs.replace(
            self._row(row, stamp, Heard.OWN, corrects=True),
            number=self.number,
            published_at=self.as_of,
            published_by=stamp.actor_id,
        )


class Typed(_News, frozen=True, kw_only=True):
    """Another council's news was typed from the telephone or a FAX; what was not told stays as it was."""

    kind: ClassVar[str] = "board.typed"
    heard: Heard
    corrects: bool = False

    def evolve(self, row: CouncilBoard | None, stamp: Stamp) -> CouncilBoard:
        """Newer cells, or the corrected ones."""
        return self._row(row, stamp, self.heard, whole=False, corrects=self.corrects)


class Taken(_News, frozen=True, kw_only=True):
    """Another council's signed file was taken over."""

    kind: ClassVar[str] = "board.taken"
    number: int
    key_id: Code
    digest: Digest

    def evolve(self, row: CouncilBoard | None, stamp: Stamp) -> CouncilBoard:
        """The file's cells, but for those of which we heard something later."""
        return msgspec.structs.replace(
            self._row(row, stamp, Heard.FILE), number=self.number, key_id=self.key_id, digest=self.digest
        )


class CouncilKey(Row, frozen=True, kw_only=True):
    """The one key by which a council's files are believed; a newly compared one replaces it."""

    table: ClassVar[str] = "council_key"
    council_code: Code
    key_id: Code
    public_key: Digest
    compared: Compared
    verified_at: datetime
    verified_by: str


def council_key_id(council_id: str, council_code: str) -> uuid.UUID:
    """The row of one council's key."""
    return derive(council_id, "council-key", council_code)


class KeyVerified(Event, frozen=True, kw_only=True):
    """A person compared a council's fingerprint; `public_key` is its 32 bytes in hex."""

    kind: ClassVar[str] = "council_key.verified"
    subject: ClassVar[type[Row]] = CouncilKey
    council_code: Code
    key_id: Code
    public_key: Digest
    compared: Compared

    def evolve(self, row: CouncilKey | None, stamp: Stamp) -> CouncilKey:
        """Believed from now on, by whom and when."""
        return CouncilKey(
            id=self.id,
            council_code=self.council_code,
            key_id=self.key_id,
            public_key=self.public_key,
            compared=self.compared,
            verified_at=stamp.occurred_at,
            verified_by=stamp.actor_id,
        )


class BoardRefusal(Row, frozen=True, kw_only=True):
    """A file that changed nothing, and why; one row a content, with how often it came."""

    table: ClassVar[str] = "board_refusal"
    verdict: FileVerdict
    council_code: Code | None = None
    key_id: Code | None = None
    number: int | None = None
    times: int = 1
    last_at: datetime


class FileRefused(Event, frozen=True, kw_only=True):
    """A forged, altered or older file, or one of an unknown key, was brought and changed nothing."""

    kind: ClassVar[str] = "board.refused"
    subject: ClassVar[type[Row]] = BoardRefusal
    verdict: FileVerdict
    digest: Digest
    council_code: Code | None = None
    key_id: Code | None = None
    number: int | None = None

    def evolve(self, row: BoardRefusal | None, stamp: Stamp) -> BoardRefusal:
        """Once more."""
        return BoardRefusal(
            id=self.id,
            verdict=self.verdict,
            council_code=self.council_code,
            key_id=self.key_id,
            number=self.number,
            times=row.times + 1 if row else 1,
            last_at=max(row.last_at, stamp.occurred_at) if row else stamp.occurred_at,
        )


class Signed(StrEnum):
    """What the signature of a file says, before anything else of it is believed."""

    VALID = "valid"
    FORGED = "forged"
    UNKNOWN_KEY = "unknown-key"


class FileReading(msgspec.Struct, frozen=True, kw_only=True):
    """A status file as read: whether the signature holds, and by which key (32 bytes in hex).

    Of a forged file nothing is believed; the codes then only say whose name it bears. `digest` is SHA-256 of
    the canonical document, or of the bytes when there is none.
    """

    digest: Digest
    signed: Signed
    council_code: Code | None = None
    key_id: Code | None = None
    public_key: Digest | None = None
    number: Amount | None = None
    as_of: datetime | None = None
    told: Told | None = None


ReadFile = Callable[[bytes, Iterable[CouncilKey]], FileReading]
"""How a file is read: its bytes, and the keys that were compared. Nobody else says that a signature holds."""


def publish(
    row: CouncilBoard | None, own: str, row_id: uuid.UUID, told: Told, *, seen: int, now: datetime
) -> Decision:
    """Publish what a person has read. `seen` is the number they saw: two at once do not overwrite another."""
    number = row.number if row else 0
    if seen != number:
        return Refusal("board-published-meanwhile", {"number": number})
    if told.state is None:
        return Refusal("board-state-missing")
    return Outcome(events=(Published(id=row_id, council_code=own, as_of=now, told=told, number=number + 1),))


def type_in(event: Typed, own: str, now: datetime) -> Decision:
    """Take down what a council said. Our own state is published, never typed."""
    if event.council_code == own:
        return Refusal("board-own-typed")
    if event.heard in (Heard.OWN, Heard.FILE):
        return Refusal("board-heard-how", {"heard": event.heard.value})
    if event.told == Told():
        return Refusal("board-nothing-told")
    if event.as_of > now + AHEAD_AT_MOST:
        return Refusal("board-in-future")
    return Outcome(events=(event,))


def _verdict(
    file: FileReading, row: CouncilBoard | None, key: CouncilKey | None, own: str, now: datetime
) -> FileVerdict:
    if file.signed is Signed.FORGED:
        return FileVerdict.FORGED
    if file.council_code == own and file.signed is Signed.VALID:
        return FileVerdict.KNOWN
    trusted = key is not None and (key.key_id, key.public_key) == (file.key_id, file.public_key)
    if file.signed is Signed.UNKNOWN_KEY or not trusted:
        return FileVerdict.UNKNOWN_KEY
    if file.number is None or file.as_of is None or file.told is None or file.as_of > now + AHEAD_AT_MOST:
        return FileVerdict.FORGED
    if row is None or row.key_id != file.key_id or file.number > row.number:
        return FileVerdict.TAKEN
    return FileVerdict.KNOWN if file.digest == row.digest else FileVerdict.OLDER


def take(
    file: FileReading, row: CouncilBoard | None, key: CouncilKey | None, *, council_id: str, now: datetime
) -> Decision:
    """Judge a file; only a valid one with a higher number of the compared key changes the board."""
    verdict = _verdict(file, row, key, council_id, now)
    if verdict is FileVerdict.KNOWN:
        return Refusal("board-known", {"number": file.number or 0})
    if verdict is not FileVerdict.TAKEN:
        refused = FileRefused(
            id=derive(council_id, "board-refused", file.digest, verdict),
            verdict=verdict,
            digest=file.digest,
            council_code=file.council_code,
            key_id=file.key_id,
            number=file.number,
        )
        return Outcome(events=(refused,))
    facts: dict[str, Any] = {
        name: getattr(file, name) for name in ("council_code", "number", "key_id", "digest", "as_of", "told")
    }
    return Outcome(events=(Taken(id=board_id(council_id, facts["council_code"]), **facts),))


def verify_key(event: KeyVerified, own: str) -> Decision:
    """Believe a council's key. The id must name that council, and it is never our own."""
    if event.council_code == own:
        return Refusal("board-own-key")
    if not event.key_id.removeprefix("drill-").startswith(f"{event.council_code}-"):
        return Refusal("board-key-of-another")
    return Outcome(events=(event,))
