"""Floor 2: the journal folded back into rows, and compared with what the tables hold (doctor, refold)."""

import uuid
from collections.abc import Iterable

import msgspec

from dvc_core.domain.kernel import Row, tables
from dvc_core.ports import EntryLike

Folded = dict[type[Row], dict[uuid.UUID, Row]]


def fold(entries: Iterable[EntryLike]) -> Folded:
    """Every folded row as the journal says it is."""
    rows: Folded = {cls: {} for cls in tables(Row).values()}
    for entry in entries:
        event = entry.event()
        subject = rows[type(event).subject]
        new = event.evolve(subject.get(event.id), entry.stamp())
        subject[event.id] = msgspec.structs.replace(new, version=entry.version)
    return rows


def differing(folded: dict[uuid.UUID, Row], stored: Iterable[Row]) -> list[uuid.UUID]:
    """Ids of rows that are missing on one side or differ."""
    kept = {row.id: row for row in stored}
    return sorted(i for i in folded.keys() | kept.keys() if folded.get(i) != kept.get(i))
