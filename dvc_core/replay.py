"""Floor 2: the journal folded back into rows: as it stands, as it was known, as it was; doctor and refold."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from dvc_core.domain.attendance import FACTS, Act, TimeCorrected
from dvc_core.domain.kernel import Event, Row, Stamp, tables
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


class _Told(NamedTuple):
    """An entry with the time at which it truly happened."""

    event: Event
    stamp: Stamp
    version: int


def as_known(entries: Iterable[EntryLike], at: datetime) -> Folded:
    """What the center knew at a moment: everything that was written down by then, as it was written down."""
    return fold(entry for entry in entries if entry.stamp().recorded_at <= at)


def as_it_was(entries: Iterable[EntryLike], at: datetime) -> Folded:
    """How it truly was at a moment, whenever that was written down, as the corrections say it.

    Facts of an attendance count at their corrected time, or not at all when they never happened; everything
    else at its `occurred_at`. A subject whose begin lies after the moment is not there.
    """
    rows: Folded = {cls: {} for cls in tables(Row).values()}
    for told in _as_corrected(list(entries)):
        if told.stamp.occurred_at > at:
            continue
        subject = rows[type(told.event).subject]
        known = subject.get(told.event.id)
        try:
            new = told.event.evolve(known, told.stamp)
        except (AttributeError, TypeError):
            if known is not None:
                raise
            continue  # what it changes had not begun yet
        subject[told.event.id] = msgspec.structs.replace(new, version=told.version)
    return rows


def _as_corrected(entries: Sequence[EntryLike]) -> list[_Told]:
    """The entries without the corrections, each at the time that the last correction of it says."""
    told = {entry.stamp().entry_id: _Told(entry.event(), entry.stamp(), entry.version) for entry in entries}
    roots: dict[uuid.UUID, uuid.UUID] = {}
    kept: dict[uuid.UUID, _Told] = {}
    for entry in entries:
        here = told[entry.stamp().entry_id]
        if not isinstance(here.event, TimeCorrected):
            kept[here.stamp.entry_id] = here
            continue
        wrong = entry.supersedes or _meant(here.event, kept.values())
        root = roots.get(wrong, wrong) if wrong is not None else None
        if root is None:
            continue
        roots[here.stamp.entry_id] = root
        if here.event.at is None:
            kept.pop(root, None)
        elif root in told:
            stamp = msgspec.structs.replace(told[root].stamp, occurred_at=here.event.at)
            kept[root] = told[root]._replace(stamp=stamp)
    order = {entry_id: n for n, entry_id in enumerate(told)}
    return sorted(kept.values(), key=lambda each: order[each.stamp.entry_id])


def _meant(correction: TimeCorrected, before: Iterable[_Told]) -> uuid.UUID | None:
    """What a correction without a link speaks of: the first arrival, else the last of its act."""
    same = [
        (each.stamp.occurred_at, each.stamp.entry_id)
        for each in before
        if each.event.id == correction.id and isinstance(each.event, FACTS[correction.act])
    ]
    if not same:
        return None
    return (min(same) if correction.act is Act.ARRIVE else max(same))[1]
