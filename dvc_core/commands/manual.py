"""The manual at work: editions approved, runs started, steps marked; the opening step opens the center."""

from datetime import date
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.domain import manual_run, operation
from dvc_core.domain.kernel import Code, Decision, Digest, Outcome, Refusal
from dvc_core.domain.manual_run import (
    OPENING_STEP,
    ManualEdition,
    MarkState,
    Run,
    RunKind,
    RunStarted,
    StepMark,
    edition_id,
    mark_id,
    run_id,
)
from dvc_core.domain.operation import Operation
from dvc_core.ports import Reader

OPENERS = frozenset({"chief", "admin"})
"""Whoever marks steps, the center is opened by the chief (DESIGN 9)."""


class Approve(Command, frozen=True, kw_only=True):
    """Approve an edition as it lies on the disk, by its digest; `problems` counts what is wrong with it."""

    kind: ClassVar[str] = "manual.approve"
    role: ClassVar[str] = "chief"
    name: Code
    edition: Code
    digest: Digest
    problems: int = 0

    def context(self, reader: Reader, call: Call) -> ManualEdition | None:
        """The approval that there may be already."""
        return reader.get(ManualEdition, edition_id(self.name, self.edition))

    def decide(self, context: ManualEdition | None, call: Call) -> Decision:
        """Once, and without problems."""
        return manual_run.approve(context, self.name, self.edition, self.digest, problems=self.problems)


class StartRun(Command, frozen=True, kw_only=True):
    """Start a run, pinned to the edition as it lies on the disk now."""

    kind: ClassVar[str] = "manual.start_run"
    role: ClassVar[str] = "steps"
    manual: RunKind
    name: Code
    edition: Code
    digest: Digest
    steps: tuple[Code, ...]
    commissioned: tuple[Code, ...] = ()

    def context(
        self, reader: Reader, call: Call
    ) -> tuple[ManualEdition | None, Run | None, Operation | None]:
        """Approval, run and operation."""
        return (
            reader.get(ManualEdition, edition_id(self.name, self.edition)),
            reader.get(Run, run_id(call.operation_id, self.manual)),
            reader.get(Operation, call.operation_id),
        )

    def decide(
        self, context: tuple[ManualEdition | None, Run | None, Operation | None], call: Call
    ) -> Decision:
        """From an approved edition whose digest still agrees."""
        approved, running, current = context
        event = RunStarted(
            id=run_id(call.operation_id, self.manual),
            manual=self.manual,
            name=self.name,
            edition=self.edition,
            digest=self.digest,
            steps=self.steps,
            commissioned=self.commissioned,
        )
        is_open = current is not None and current.closed_at is None
        return manual_run.start(approved, running, event, operation_open=is_open)


class _Mark(msgspec.Struct, frozen=True, kw_only=True):
    run: Run | None
    row: StepMark | None
    operation: Operation | None


class Mark(Command, frozen=True, kw_only=True):
    """Mark a step of a run: done, 対象外 or skipped with a reason, or open again.

    `seen_version` is the mark's version as it was shown (0: not marked yet); None does not ask.
    """

    kind: ClassVar[str] = "step.mark"
    role: ClassVar[str] = "steps"
    manual: RunKind
    step: Code
    state: MarkState
    reason: str = ""
    day: date | None = None
    seen_version: int | None = None

    def context(self, reader: Reader, call: Call) -> _Mark:
        """The run, the step's mark, the operation."""
        run = run_id(call.operation_id, self.manual)
        return _Mark(
            run=reader.get(Run, run),
            row=reader.get(StepMark, mark_id(run, self.step, self.day)),
            operation=reader.get(Operation, call.operation_id),
        )

    def decide(self, context: _Mark, call: Call) -> Decision:
        """The opening step opens the center in the same act."""
        decision = manual_run.mark(
            context.run,
            context.row,
            step=self.step,
            day=self.day,
            state=self.state,
            reason=self.reason,
            note_id=call.new_id("reason"),
            seen_version=self.seen_version,
        )
        opens = self.step == OPENING_STEP and self.state is MarkState.DONE and self.manual is RunKind.CENTER
        already = context.operation is not None and context.operation.opened_at is not None
        if isinstance(decision, Refusal) or not opens or already:
            return decision
        if not call.actor.roles & OPENERS:
            return Refusal("not-allowed", {"role": "chief"})
        opened = operation.open_center(context.operation)
        if isinstance(opened, Refusal):
            return opened
        return Outcome(events=(*decision.events, *opened.events), rows=decision.rows)
