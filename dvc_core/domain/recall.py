"""呼び戻し: a team must leave where it is; it stands on the desk until somebody has reached them."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Event, Row, Stamp, derive


class Reached(StrEnum):
    """What a call to the leader gave."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"


class RecallReason(StrEnum):
    """Why it must leave: the place turned red or yellow, or the resident called it off."""

    GATE = "gate"
    RESIDENT = "resident"


class Recall(Row, frozen=True, kw_only=True):
    """One team that must leave the place it is at. `calls` counts since it was raised the last time."""

    table: ClassVar[str] = "recall"
    operation_id: uuid.UUID
    team_id: uuid.UUID
    need_id: uuid.UUID
    raised_at: datetime
    why: RecallReason = RecallReason.GATE
    calls: int = 0
    reached_at: datetime | None = None
    reached_by: str | None = None


class RecallRaised(Event, frozen=True, kw_only=True):
    """The gate closed behind a team, or nobody waits for it any more."""

    kind: ClassVar[str] = "recall.raised"
    subject: ClassVar[type[Row]] = Recall
    team_id: uuid.UUID
    need_id: uuid.UUID
    why: RecallReason = RecallReason.GATE

    def evolve(self, row: Recall | None, stamp: Stamp) -> Recall:
        """It waits; what was said about an earlier danger does not count."""
        return Recall(
            id=self.id,
            operation_id=stamp.operation_id,
            team_id=self.team_id,
            need_id=self.need_id,
            raised_at=stamp.occurred_at,
            why=self.why,
        )


class RecallCalled(Event, frozen=True, kw_only=True):
    """The leader was called."""

    kind: ClassVar[str] = "recall.called"
    subject: ClassVar[type[Row]] = Recall
    reached: Reached

    def evolve(self, row: Recall, stamp: Stamp) -> Recall:
        """One call more; reached once is reached."""
        heard = self.reached is Reached.REACHED and row.reached_at is None
        return msgspec.structs.replace(
            row,
            calls=row.calls + 1,
            reached_at=stamp.occurred_at if heard else row.reached_at,
            reached_by=stamp.actor_id if heard else row.reached_by,
        )


def recall_id(team_id: uuid.UUID) -> uuid.UUID:
    """One row a team."""
    return derive(team_id, "recall")
