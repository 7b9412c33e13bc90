"""だれに数えるか: a merged registration's number leads to the one that counts, and both are told."""

import uuid
from collections.abc import Iterable

from dvc_core.domain.merging import survivors
from dvc_core.domain.volunteer import Volunteer
from dvc_core.i18n import text
from dvc_core.ports import Reader


def counting(reader: Reader, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Volunteer]:
    """The registration that counts for each id: its own, or the one it was merged into."""
    return survivors(lambda wanted: reader.many(Volunteer, wanted), ids)


def merged_numbers(reader: Reader, rows: Iterable[Volunteer]) -> dict[uuid.UUID, tuple[int, ...]]:
    """The numbers that lead to each of these, besides its own."""
    inside = {row.id: [p.volunteer_id for p in row.parts if p.volunteer_id != row.id] for row in rows}
    numbers = reader.many(Volunteer, [i for ids in inside.values() for i in ids])
    return {
        row_id: tuple(sorted(numbers[i].number for i in ids if i in numbers))
        for row_id, ids in inside.items()
    }


def called(row: Volunteer, counts: Volunteer) -> str:
    """A registration by its number, and where that leads when it was merged."""
    if row.id == counts.id:
        return f"{row.number:03d}"
    return text("merge.shown", gone=f"{row.number:03d}", stays=f"{counts.number:03d}")
