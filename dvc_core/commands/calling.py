"""予定電話: the next household to call, taken by one person at a time; what every call leaves behind."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.domain.calling import Calling, CallPurpose, Heard, PutBack, Tried, Whom, calling_id, take
from dvc_core.domain.kernel import Decision, Outcome, Refusal
from dvc_core.ports import Reader

MOST_LISTED = 200


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """The households of a list, by need, and what the caller holds already."""

    rows: dict[uuid.UUID, Calling]
    mine: tuple[Calling, ...]


class Take(Command, frozen=True, kw_only=True):
    """Take the first household of a call list that nobody else is calling."""

    kind: ClassVar[str] = "calling.take"
    role: ClassVar[str] = "needs"
    need_ids: tuple[uuid.UUID, ...]

    def context(self, reader: Reader, call: Call) -> Taking:
        """Who holds what."""
        wanted = self.need_ids[:MOST_LISTED]
        rows = reader.many(Calling, [calling_id(need_id) for need_id in wanted])
        mine = reader.find(Calling, operation_id=call.operation_id, held_by=call.actor.id)
        return Taking(rows={row.need_id: row for row in rows.values()}, mine=tuple(mine))

    def decide(self, context: Taking, call: Call) -> Decision:
        """One at a time, the result of the last one noted first."""
        return take(self.need_ids[:MOST_LISTED], context.rows, context.mine, call.now, call.actor.id)


class Release(Command, frozen=True, kw_only=True):
    """Put a household back uncalled: one's own, or one that somebody left standing."""

    kind: ClassVar[str] = "calling.put_back"
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Calling | None:
        """The household."""
        return reader.get(Calling, calling_id(self.need_id))

    def decide(self, context: Calling | None, call: Call) -> Decision:
        """Only what is held."""
        if context is None or context.held_by is None:
            return Refusal("household-free")
        return Outcome(events=(PutBack(id=context.id, need_id=context.need_id),))


def tried(
    need_id: uuid.UUID, purpose: CallPurpose, reached: Heard, whom: Whom, again_at: datetime | None = None
) -> Tried:
    """The event that every call to a household leaves: counted, and the household free again."""
    return Tried(
        id=calling_id(need_id),
        need_id=need_id,
        purpose=purpose,
        whom=whom,
        reached=reached,
        again_at=again_at if reached is Heard.LATER else None,
    )
