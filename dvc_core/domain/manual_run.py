"""Approved editions of the manual, runs pinned to one, what became of each step (practice 2, 11 no. 18)."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from dvc_core.domain.kernel import Code, Decision, Digest, Event, Outcome, Refusal, Row, Stamp, derive
from dvc_core.domain.note import write

OPENING_STEP = "kaisetsu"
"""The step of a center's manual that opens the center when it is done."""


class ManualEdition(Row, frozen=True, kw_only=True):
    """One edition that a person approved, with the digest of what was approved."""

    table: ClassVar[str] = "manual_edition"
    name: Code
    edition: Code
    digest: Digest
    approved_at: datetime
    approved_by: str


def edition_id(name: str, edition: str) -> uuid.UUID:
    """One row an edition of a manual."""
    return derive("manual", name, edition)


class EditionApproved(Event, frozen=True, kw_only=True):
    """A named person approved an edition as it stands (by its digest)."""

    kind: ClassVar[str] = "manual_edition.approved"
    subject: ClassVar[type[Row]] = ManualEdition
    name: Code
    edition: Code
    digest: Digest

    def evolve(self, row: ManualEdition | None, stamp: Stamp) -> ManualEdition:
        """Approved as it stands now."""
        return ManualEdition(
            id=self.id,
            name=self.name,
            edition=self.edition,
            digest=self.digest,
            approved_at=stamp.occurred_at,
            approved_by=stamp.actor_id,
        )


class RunKind(StrEnum):
    """A center's manual, or a BCP."""

    CENTER = "center"
    BCP = "bcp"


class Run(Row, frozen=True, kw_only=True):
    """One run of a manual in an operation, pinned to edition and digest and to the steps it had then."""

    table: ClassVar[str] = "manual_run"
    operation_id: uuid.UUID
    manual: RunKind
    name: Code
    edition: Code
    digest: Digest
    steps: tuple[Code, ...]
    commissioned: tuple[Code, ...] = ()
    started_at: datetime


def run_id(operation_id: uuid.UUID, manual: RunKind) -> uuid.UUID:
    """One run of each kind in an operation."""
    return derive(operation_id, "run", manual.value)


class RunStarted(Event, frozen=True, kw_only=True):
    """The run began."""

    kind: ClassVar[str] = "manual_run.started"
    subject: ClassVar[type[Row]] = Run
    manual: RunKind
    name: Code
    edition: Code
    digest: Digest
    steps: tuple[Code, ...]
    commissioned: tuple[Code, ...] = ()

    def evolve(self, row: Run | None, stamp: Stamp) -> Run:
        """Pinned."""
        return Run(
            id=self.id,
            operation_id=stamp.operation_id,
            manual=self.manual,
            name=self.name,
            edition=self.edition,
            digest=self.digest,
            steps=self.steps,
            commissioned=self.commissioned,
            started_at=stamp.occurred_at,
        )


class MarkState(StrEnum):
    """What became of a step."""

    DONE = "done"
    NOT_APPLICABLE = "not-applicable"
    SKIPPED = "skipped"
    OPEN = "open"


class StepMark(Row, frozen=True, kw_only=True):
    """A step's state in a run; daily steps have one a day. Who and when are those of the last mark."""

    table: ClassVar[str] = "step_mark"
    run_id: uuid.UUID
    step: Code
    day: date | None
    state: MarkState
    marked_at: datetime
    marked_by: str
    note_id: uuid.UUID | None = None


def mark_id(run: uuid.UUID, step: str, day: date | None) -> uuid.UUID:
    """One row a run, step and day."""
    return derive(run, step, day or "")


class StepMarked(Event, frozen=True, kw_only=True):
    """A step was done, found not applicable, skipped with a reason, or opened again."""

    kind: ClassVar[str] = "step.marked"
    subject: ClassVar[type[Row]] = StepMark
    run_id: uuid.UUID
    step: Code
    day: date | None
    state: MarkState
    note_id: uuid.UUID | None = None

    def evolve(self, row: StepMark | None, stamp: Stamp) -> StepMark:
        """The last mark counts."""
        return StepMark(
            id=self.id,
            run_id=self.run_id,
            step=self.step,
            day=self.day,
            state=self.state,
            marked_at=stamp.occurred_at,
            marked_by=stamp.actor_id,
            note_id=self.note_id,
        )


def approve(row: ManualEdition | None, name: str, edition: str, digest: str, *, problems: int) -> Decision:
    """Approve an edition. An approved one is never replaced: a changed text is a new edition."""
    if problems:
        return Refusal("edition-has-problems", {"count": problems})
    if row is not None:
        return Refusal("edition-approved" if row.digest == digest else "edition-altered")
    approved = EditionApproved(id=edition_id(name, edition), name=name, edition=edition, digest=digest)
    return Outcome(events=(approved,))


def start(
    approved: ManualEdition | None, running: Run | None, event: RunStarted, *, operation_open: bool
) -> Decision:
    """Start a run from an approved edition whose text is still what was approved; else it is 改変."""
    if not operation_open:
        return Refusal("no-operation")
    if running is not None:
        return Refusal("run-started")
    if approved is None:
        return Refusal("edition-not-approved")
    if approved.digest != event.digest:
        return Refusal("edition-altered")
    return Outcome(events=(event,))


def mark(
    run: Run | None,
    row: StepMark | None,
    *,
    step: str,
    day: date | None,
    state: MarkState,
    reason: str,
    note_id: uuid.UUID,
    seen_version: int | None,
) -> Decision:
    """Mark a step. Skipping and 対象外 need a reason; the second of two people is told."""
    if run is None:
        return Refusal("no-run")
    if step not in run.steps:
        return Refusal("step-unknown", {"step": step})
    version = row.version if row else 0
    if seen_version is not None and seen_version != version:
        return Refusal("changed-meanwhile", {"version": version})
    if state in (MarkState.SKIPPED, MarkState.NOT_APPLICABLE) and not reason.strip():
        return Refusal("reason-missing")
    marked_id = mark_id(run.id, step, day)
    noted, rows = write(note_id, marked_id, "step", reason, about_person=False)
    marked = StepMarked(
        id=marked_id,
        run_id=run.id,
        step=step,
        day=day,
        state=state,
        note_id=note_id if noted else None,
    )
    return Outcome(events=(marked, *noted), rows=rows)
