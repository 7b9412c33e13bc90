"""What the frames of a change log come to: the journal as far as it is whole, and the rows beside it."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from dvc_core.domain.kernel import Row, Stored
from dvc_core.store import journal
from dvc_core.store.changelog import Frame, Survey
from dvc_core.store.filling import Content, Identity
from dvc_core.store.schema import declared


class Gathered:
    """The state that follows from the frames.

    Attributes:
        entries: the journal from its first entry, as far as its chain is unbroken.
        missing: entries behind a gap, which nothing can be chained to.
    """

    def __init__(self, entries: list[journal.Entry], missing: int, rows: Iterable[Stored]) -> None:
        self.entries = entries
        self.missing = missing
        self._rows: dict[type[Stored], list[Stored]] = {}
        for row in rows:
            self._rows.setdefault(type(row), []).append(row)

    def tables(self) -> Iterator[tuple[type[Stored], list[Stored]]]:
        """The rows beside the folded ones, table by table; those of subjects behind a gap are left out."""
        known = {entry.subject_id for entry in self.entries}
        for cls in declared().values():
            if not issubclass(cls, Row):
                follows = hasattr(cls, "follows")
                yield cls, [row for row in self._rows.get(cls, []) if not follows or row.id in known]

    def rows(self) -> Iterator[Stored]:
        """The same, one after another."""
        for _, rows in self.tables():
            yield from rows


def gather(frames: Iterable[Frame], more: Iterable[Frame] = ()) -> Gathered:
    """Read frames in their order; entries that are missing in them are taken from `more`."""
    entries: dict[int, journal.Entry] = {}
    rows: dict[tuple[str, uuid.UUID], Stored] = {}
    for frame in frames:
        change = frame.change()
        entries.update((entry.seq, entry) for entry in change.entries)
        if change.whole:
            rows.clear()
        for key in change.removed:
            rows.pop(key, None)
        for row in change.images():
            old = rows.get((type(row).table, row.id))
            if old is None or old.version <= row.version:
                rows[type(row).table, row.id] = row
    for frame in more:
        for entry in frame.change().entries:
            entries.setdefault(entry.seq, entry)
    whole: list[journal.Entry] = []
    previous = journal.GENESIS
    while (following := entries.get(len(whole) + 1)) is not None:
        if following.prev_hash != previous or journal.hash_of(following) != following.hash:
            break
        whole.append(following)
        previous = following.hash
    return Gathered(whole, len(entries) - len(whole), rows.values())


def content(surveys: Sequence[Survey]) -> Content | None:
    """What files of one change log hold together, the fullest first; None if no file says whose it is."""
    usable = [each for each in surveys if each.whose]
    if not usable:
        return None
    best = max(usable, key=lambda each: (each.head[0], -each.lost))
    whose = best.whose
    assert whose is not None
    same = [each for each in usable if each.whose and each.whose.database_id == whose.database_id]
    gathered = gather(best.frames, [frame for each in same if each is not best for frame in each.frames])
    last = gathered.entries[-1] if gathered.entries else None
    return Content(
        council_id=whose.council_id,
        drill=whose.drill,
        identity=Identity(
            database_id=whose.database_id,
            made_at=datetime.fromisoformat(whose.made_at),
            content_key=whose.content_key,
        ),
        entries=gathered.entries,
        rows=gathered.tables(),
        head=(last.seq, last.hash) if last else (0, journal.GENESIS),
        commits=max(1, *(frame.number for frame in best.frames)),
        lost=max(best.head[0] - len(gathered.entries), 0),
    )
