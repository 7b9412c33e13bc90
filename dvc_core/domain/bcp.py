"""業務継続: what runs, is reduced or stopped; a commissioned one only after a talk (practice 6)."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Personal, Refusal, Row, Stamp, derive
from dvc_core.domain.manual_run import Run
from dvc_core.domain.note import write


class FunctionState(StrEnum):
    """Whether a function of the council runs."""

    RUNNING = "running"
    REDUCED = "reduced"
    STOPPED = "stopped"


class BusinessFunction(Row, frozen=True, kw_only=True):
    """One function of the council in an operation."""

    table: ClassVar[str] = "business_function"
    operation_id: uuid.UUID
    code: Code
    state: FunctionState
    since: datetime
    talk_id: uuid.UUID | None = None


def function_id(operation_id: uuid.UUID, code: str) -> uuid.UUID:
    """One row an operation and function."""
    return derive(operation_id, "function", code)


class FunctionSet(Event, frozen=True, kw_only=True):
    """A function was kept running, reduced or stopped."""

    kind: ClassVar[str] = "business_function.set"
    subject: ClassVar[type[Row]] = BusinessFunction
    code: Code
    state: FunctionState
    talk_id: uuid.UUID | None = None

    def evolve(self, row: BusinessFunction | None, stamp: Stamp) -> BusinessFunction:
        """In that state since then."""
        return BusinessFunction(
            id=self.id,
            operation_id=stamp.operation_id,
            code=self.code,
            state=self.state,
            since=stamp.occurred_at,
            talk_id=self.talk_id,
        )


class Talk(Row, frozen=True, kw_only=True):
    """A talk with a consignor (委託者との協議) about one function."""

    table: ClassVar[str] = "talk"
    operation_id: uuid.UUID
    function: Code
    held_at: datetime


class TalkWords(Personal, frozen=True, kw_only=True):
    """Who spoke with whom, and what was agreed."""

    table: ClassVar[str] = "talk_words"
    follows: ClassVar[type[Row]] = Talk
    consignor: str
    ours: str
    agreed: str


class TalkHeld(Event, frozen=True, kw_only=True):
    """A talk was recorded."""

    kind: ClassVar[str] = "talk.held"
    subject: ClassVar[type[Row]] = Talk
    function: Code
    held_at: datetime

    def evolve(self, row: Talk | None, stamp: Stamp) -> Talk:
        """Held then."""
        return Talk(id=self.id, operation_id=stamp.operation_id, function=self.function, held_at=self.held_at)


def hold_talk(
    talk_id: uuid.UUID, function: str, words: TalkWords, held_at: datetime, now: datetime
) -> Decision:
    """Record a talk: who, when, what was agreed — all three."""
    if not words.consignor.strip() or not words.agreed.strip():
        return Refusal("talk-incomplete")
    if held_at > now:
        return Refusal("talk-in-future")
    return Outcome(events=(TalkHeld(id=talk_id, function=function, held_at=held_at),), rows=(words,))


def set_function(
    row: BusinessFunction | None,
    run: Run | None,
    talks: list[Talk],
    *,
    row_id: uuid.UUID,
    code: str,
    state: FunctionState,
    reason: str,
    note_id: uuid.UUID,
) -> Decision:
    """Change a function's state. A commissioned one is reduced or stopped only after a recorded talk."""
    if run is None:
        return Refusal("no-bcp-run")
    if row is not None and row.state is state:
        return Refusal("function-same")
    lowered = state is not FunctionState.RUNNING
    if lowered and not reason.strip():
        return Refusal("reason-missing")
    talk = max(talks, key=lambda each: each.held_at, default=None)
    if lowered and code in run.commissioned and talk is None:
        return Refusal("talk-missing", {"function": code})
    noted, rows = write(note_id, row_id, "function", reason, about_person=False)
    changed = FunctionSet(id=row_id, code=code, state=state, talk_id=talk.id if talk else None)
    return Outcome(events=(changed, *noted), rows=rows)
