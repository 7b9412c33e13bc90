"""同じ家: two needs of one household go on in one of them, and are told apart again when it was a mistake."""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.gate_facts import Place, around, moved, place
from dvc_core.commands.need import OneNeed
from dvc_core.domain import need_course
from dvc_core.domain.kernel import Decision, Outcome, Refusal
from dvc_core.domain.need import ENDED, Need
from dvc_core.domain.sticker import Sticker, applied
from dvc_core.domain.visit import LIVE, Visit
from dvc_core.ports import Reader


class _Both(msgspec.Struct, frozen=True, kw_only=True):
    mine: Need | None
    other: Place | None
    papers: tuple[Sticker, ...]
    visits: tuple[Visit, ...]


class JoinTo(Command, frozen=True, kw_only=True):
    """The same household telephoned twice: this need goes on in the other one."""

    kind: ClassVar[str] = "need.join"
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID
    same_as: uuid.UUID

    def context(self, reader: Reader, call: Call) -> _Both:
        """Both needs, with the papers that hang at either, and what is planned for the one that ends."""
        mine, other = reader.get(Need, self.need_id), reader.get(Need, self.same_as)
        return _Both(
            mine=mine,
            other=place(reader, other),
            papers=around(reader, mine).stickers if mine is not None else (),
            visits=tuple(v for v in reader.find(Visit, need_id=self.need_id) if v.state in LIVE),
        )

    def decide(self, context: _Both, call: Call) -> Decision:
        """Two different needs, the other one alive, no visit that would be forgotten.

        It is one house, so all its papers count there.
        """
        mine, other = context.mine, context.other.need if context.other else None
        if mine is None or other is None or mine.id == other.id:
            return Refusal("need-unknown")
        if other.same_as is not None or mine.state in ENDED:
            return Refusal("need-ended", {"number": mine.number})
        if context.visits:
            return Refusal("need-has-visits", {"number": mine.number, "count": len(context.visits)})
        joined = need_course.JoinedTo(id=mine.id, same_as=other.id)
        if not context.papers or context.other is None:
            return Outcome(events=(joined,))
        there = {sticker.id for sticker in context.other.around.stickers}
        papers = [applied(sticker.id, other.id) for sticker in context.papers if sticker.id not in there]
        facts = context.other.around.with_stickers(context.papers)
        now = moved(call.reference, other, other, facts, context.other.way)
        return Outcome(events=(joined, *papers, *now))


class PartFrom(OneNeed, frozen=True, kw_only=True):
    """It was another household after all: the need stands by itself again, where it stood before.

    Papers that came over to the other need stay there until somebody takes them apart: the stricter way.
    """

    kind: ClassVar[str] = "need.part"

    def decide(self, context: Need | None, call: Call) -> Decision:
        """Only what was joined."""
        if context is None:
            return Refusal("need-unknown")
        if context.same_as is None:
            return Refusal("need-not-joined", {"number": context.number})
        return Outcome(events=(need_course.Parted(id=context.id),))
