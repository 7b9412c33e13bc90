"""Settling what waits in 要確認: to a person, as the same, or kept apart with the reason; each by name.

An item belongs to a desk; who may do that desk's work may settle it, and the 統括.
"""

import uuid
from typing import Any, ClassVar

import msgspec

from dvc_core.commands.attendance import Record
from dvc_core.commands.base import Call, Command
from dvc_core.commands.dispatch import Say
from dvc_core.commands.team import TeamNow
from dvc_core.domain import review
from dvc_core.domain.attendance import Act
from dvc_core.domain.kernel import Decision, Outcome, Refusal
from dvc_core.domain.review import KINDS, OTHER, Review, ReviewContent, ReviewState, Settled, Taken
from dvc_core.domain.team import Word
from dvc_core.domain.volunteer import Volunteer
from dvc_core.ports import Reader

Item = tuple[Review | None, ReviewContent | None]


class _Said(msgspec.Struct, frozen=True):
    act: Act | None = None


class _Heard(msgspec.Struct, frozen=True):
    word: Word | None = None
    words: str = ""


def _heard_of(content: str) -> _Heard:
    try:
        return msgspec.json.decode(content, type=_Heard)
    except msgspec.MsgspecError:
        return _Heard(words=content)


def act_of(content: str) -> Act | None:
    """What a scan that waits says: came, went home, went out, came back."""
    try:
        return msgspec.json.decode(content, type=_Said).act
    except msgspec.MsgspecError:
        return None


class _OfItem(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "steps"
    review_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Any:  # noqa: ANN401 - some need more than the item
        """What waits, and its content."""
        return reader.get(Review, self.review_id), reader.get(ReviewContent, self.review_id)

    def _refused(self, item: Item, call: Call) -> Refusal | None:
        waiting = item[0]
        if waiting is not None and not (call.may(waiting.desk) or call.may("chief")):
            return Refusal("review-other-desk", {"desk": waiting.desk})
        return review.open_to(*item)


class Settle(_OfItem, frozen=True, kw_only=True):
    """Say what it was (`about`: a thing's id), that it is the same as what is known, or another."""

    kind: ClassVar[str] = "review.settle"
    state: ReviewState
    about: uuid.UUID | None = None
    words: str = ""

    def decide(self, context: Item, call: Call) -> Decision:
        """Once, and never back to open."""
        return self._refused(context, call) or review.settle(*context, self.state, self.about, self.words)


class Attribute(_OfItem, frozen=True, kw_only=True):
    """It is this person's: what the scan says is recorded for them and the item settled, in one act.

    The envelope's `occurred_at` is when the scan happened.
    """

    kind: ClassVar[str] = "review.attribute"
    volunteer_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> tuple[Item, Volunteer | None, Record | None, Any]:
        """The item, the person, and what recording the scan needs to know."""
        item: Item = super().context(reader, call)
        person = reader.get(Volunteer, self.volunteer_id)
        act = act_of(item[1].content) if item[1] is not None else None
        if act is None or person is None:
            return item, person, None, None
        record = Record(act=act, volunteer_id=self.volunteer_id)
        return item, person, record, record.context(reader, call)

    def decide(self, context: tuple[Item, Volunteer | None, Record | None, Any], call: Call) -> Decision:
        """Of the present operation; a form without a scan is only settled."""
        item, person, record, found = context
        refused = self._refused(item, call)
        if refused is not None:
            return refused
        waiting, content = item
        if waiting is None or content is None or not KINDS.get(waiting.reason, OTHER).person:
            return Refusal("review-answer")
        if person is None or person.operation_id != call.operation_id:
            return Refusal("volunteer-unknown")
        settled = Settled(id=waiting.id, state=ReviewState.ATTRIBUTED, about=person.id)
        if record is None:
            return Outcome(events=(settled,))
        fact = record.decide(found, call)
        if isinstance(fact, Refusal):
            return fact
        return msgspec.structs.replace(fact, events=(*fact.events, settled))


class TellTeam(_OfItem, frozen=True, kw_only=True):
    """It was this team: what was heard is noted there and the item settled, in one act."""

    kind: ClassVar[str] = "review.tell_team"
    team_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> tuple[Item, Say, TeamNow | None]:
        """The item, what was heard, and the team."""
        item: Item = super().context(reader, call)
        heard = _heard_of(item[1].content if item[1] is not None else "")
        say = Say(team_id=self.team_id, word=heard.word or Word.NO_CONTACT, words=heard.words)
        return item, say, say.context(reader, call)

    def decide(self, context: tuple[Item, Say, TeamNow | None], call: Call) -> Decision:
        """A team that is known."""
        item, say, now = context
        refused = self._refused(item, call)
        if refused is not None:
            return refused
        if item[0] is None or item[0].reason != "unknown-team":
            return Refusal("review-answer")
        if now is None:
            return Refusal("team-unknown")
        settled = Settled(id=item[0].id, state=ReviewState.ATTRIBUTED, about=self.team_id)
        fact = say.decide(now, call)
        if isinstance(fact, Refusal):
            return fact
        return msgspec.structs.replace(fact, events=(*fact.events, settled))


class Take(_OfItem, frozen=True, kw_only=True):
    """I look at it: the others see who does."""

    kind: ClassVar[str] = "review.take"

    def decide(self, context: Item, call: Call) -> Decision:
        """What is open; someone else may take it over."""
        refused = self._refused(context, call)
        if refused is not None:
            return refused
        if context[0] is not None and context[0].taken_by == call.actor.id:
            return Refusal("review-taken")
        return Outcome(events=(Taken(id=self.review_id),))
