"""呼び戻し: the leader of a team at a place that turned red or yellow was called, and what it gave."""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command, Sort
from dvc_core.domain.kernel import Decision, Event, Outcome
from dvc_core.domain.note import write
from dvc_core.domain.recall import Reached, Recall, RecallCalled, RecallRaised, recall_id
from dvc_core.domain.review import raise_review
from dvc_core.domain.team import Team, Word
from dvc_core.domain.visit import Visit
from dvc_core.ports import Reader


class _Calling(msgspec.Struct, frozen=True, kw_only=True):
    row: Recall | None
    visit: Visit | None


class CallBack(Command, frozen=True, kw_only=True):
    """Write down that a team was called back: reached and told to leave, or nobody answered."""

    kind: ClassVar[str] = "recall.call"
    role: ClassVar[str] = "dispatch"
    sort: ClassVar[Sort] = "fact"
    team_id: uuid.UUID
    reached: Reached
    words: str = ""

    def context(self, reader: Reader, call: Call) -> _Calling:
        """The call back that waits, the team, and where it went."""
        team = reader.get(Team, self.team_id)
        return _Calling(
            row=reader.get(Recall, recall_id(self.team_id)),
            visit=reader.get(Visit, team.visit_id) if team else None,
        )

    def decide(self, context: _Calling, call: Call) -> Decision:
        """Noted always: who calls a team back that nobody asked back has raised it by that."""
        raised: tuple[Event, ...] = ()
        row_id = recall_id(self.team_id)
        if context.row is None:
            if context.visit is None:
                kept = msgspec.json.encode({"word": Word.NO_CONTACT, "words": self.words}).decode()
                return raise_review(
                    call.new_id("review"), "unknown-team", kept, station=call.station, source=call.source
                )
            need_id = context.visit.need_id
            raised = (RecallRaised(id=row_id, team_id=self.team_id, need_id=need_id),)
        called = RecallCalled(id=row_id, reached=self.reached)
        noted, rows = write(call.new_id("words"), row_id, "recall", self.words, about_person=True)
        return Outcome(events=(*raised, called, *noted), rows=rows)
