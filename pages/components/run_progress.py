"""Where a run of a manual stands: the pinned edition, what is marked, 今・次・遅れ of every 班."""

from datetime import datetime

import msgspec

from dvc_core.bootstrap import TOKYO, Services
from dvc_core.domain.day import activity_day
from dvc_core.domain.deadline import Daily, Lane, Moment, Placed, StepState, due, lanes, state
from dvc_core.domain.manual_run import MarkState, Run, RunKind, StepMark, run_id
from dvc_core.domain.operation import Operation
from dvc_core.manual.edition import Edition, Step
from dvc_core.manual.library import library

SETTLED = frozenset({MarkState.DONE, MarkState.NOT_APPLICABLE, MarkState.SKIPPED})


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One step with its mark, its deadline and its state; `state` None: settled."""

    step: Step
    mark: StepMark | None
    due_at: datetime | None
    state: StepState | None


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it stands. `altered`: the text on the disk is no longer what the run was pinned to."""

    run: Run
    edition: Edition | None
    altered: bool
    standings: tuple[Standing, ...] = ()
    lanes: dict[str | None, Lane] = {}

    @property
    def settled(self) -> int:
        """Steps that are done, not applicable or skipped."""
        return sum(each.state is None for each in self.standings)


def editions(services: Services) -> tuple[Edition, ...]:
    """Every edition below `manuals/`, broken ones beside good ones."""
    return library(services.config.manuals)


def progress(services: Services, operation: Operation | None, kind: RunKind) -> Progress | None:
    """The run of this kind in the operation; None when it has not been started."""
    if operation is None:
        return None
    with services.reader() as reader:
        run = reader.get(Run, run_id(operation.id, kind))
        marks = reader.find(StepMark, run_id=run.id) if run else []
    if run is None:
        return None
    edition = next((e for e in editions(services) if (e.name, e.edition) == (run.name, run.edition)), None)
    if edition is None or edition.digest != run.digest:
        return Progress(run=run, edition=edition, altered=True)
    now = services.clock.now()
    standings = tuple(_standings(edition, operation, marks, now, kind))
    placed = [
        Placed(s.step.id, s.step.section_code, s.state, s.due_at) for s in standings if s.state is not None
    ]
    return Progress(run=run, edition=edition, altered=False, standings=standings, lanes=lanes(placed))


def moments(operation: Operation) -> dict[Moment, datetime | None]:
    """The moments that deadlines count from."""
    return {
        Moment.DISASTER: operation.started_at,
        Moment.DECISION: operation.decided_at,
        Moment.OPENING: operation.opened_at,
        Moment.CLOSING: operation.closing_decided_at,
    }


def _standings(
    edition: Edition, operation: Operation, marks: list[StepMark], now: datetime, kind: RunKind
) -> list[Standing]:
    today = activity_day(now)
    last: dict[str, StepMark] = {}
    for mark in sorted(marks, key=lambda each: each.marked_at):
        last[mark.step] = mark
    settled = {step for step, mark in last.items() if mark.state in SETTLED}
    # A 前提 that this kind of disaster does not know holds nobody up.
    settled |= {s.id for s in edition.steps if s.disasters and operation.disaster not in s.disasters}
    known = moments(operation)
    begin = Moment.DISASTER if kind is RunKind.BCP else Moment.OPENING
    found = []
    for step in edition.steps:
        if step.disasters and operation.disaster not in step.disasters:
            continue
        mark = last.get(step.id)
        daily = isinstance(step.deadline, Daily)
        done_at = mark.marked_at if mark and mark.state in SETTLED else None
        due_at = (
            due(step.deadline, known, now, TOKYO, done_at=done_at, daily_from=begin)
            if step.deadline
            else None
        )
        finished = mark is not None and mark.state in SETTLED and (not daily or mark.day == today)
        ready = all(required in settled for required in step.requires)
        where = None if finished else state(due_at, now, dated=step.deadline is not None, ready=ready)
        shown = mark if mark and (not daily or mark.day == today) else None
        found.append(Standing(step=step, mark=shown, due_at=due_at, state=where))
    return found
