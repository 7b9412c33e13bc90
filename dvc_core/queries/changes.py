"""What happened to one thing since somebody read it: the second of two people sees what and by whom."""

import uuid
from datetime import datetime

import msgspec

from dvc_core.ports import Reader
from dvc_core.queries import actors
from dvc_core.queries.base import query
from dvc_core.queries.chronology import words_of
from dvc_core.queries.entries import event_of

SHOWN = 20


class Meanwhile(msgspec.Struct, frozen=True, kw_only=True):
    """One change in words: when, and who did it."""

    at: datetime
    by: str
    words: str


@query("changes.since", role="view")
def since(
    reader: Reader, subject_id: uuid.UUID, version: int = 0, called: dict[str, str] | None = None
) -> list[Meanwhile]:
    """The changes of a subject after its version, the newest `SHOWN` of them, in their order."""
    rows = reader.rows(
        "SELECT kind, schema, body, occurred_at, actor_id FROM journal WHERE council_id = $council "
        "AND subject_id = $subject AND version > $version ORDER BY version DESC NULLS LAST LIMIT $shown",
        subject=subject_id,
        version=version,
        shown=SHOWN,
    )
    names = actors.called(reader, {str(row[4]) for row in rows})
    return [
        Meanwhile(
            at=row[3],
            by=names[str(row[4])],
            words=words_of(event_of(row[0], subject_id, row[1], row[2]), "", called or {}).lstrip("："),
        )
        for row in reversed(rows)
    ]
