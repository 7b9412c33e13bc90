"""What the frames of a change log come to: the journal as far as it is whole, and the rows beside it."""

import uuid
from collections.abc import Iterable, Iterator

from dvc_core.domain.kernel import Row, Stored
from dvc_core.store import journal
from dvc_core.store.changelog import Frame
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
