"""The one way to act: known id? → allowed? → load → decide → evolve and save → journal → commit → answer."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from dvc_core.commands.base import Actor, Answer, Call, EntryRef, Envelope, Result
from dvc_core.commands.texts import refused_text
from dvc_core.domain.board import ReadFile
from dvc_core.domain.kernel import Decision, Refusal, derive
from dvc_core.domain.operation import STANDING, Operation, current
from dvc_core.domain.reference import Reference
from dvc_core.domain.refused import CommandRefused, journalled
from dvc_core.domain.review import DESKS, Raised, raise_review
from dvc_core.ports import ConflictError, Origin, UnitOfWork, Units

Allowed = Callable[[Actor, str], bool]
TRIES = 3
"""On PostgreSQL a row may change between our reading and writing it; then we start anew, and alone."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for every command of a run: who may act, what time it is, which database, whose tables."""

    allowed: Allowed
    now: datetime
    wall: datetime
    database_id: uuid.UUID
    reference: Reference = Reference()
    read_file: ReadFile | None = None


def run(units: Units, envelopes: Sequence[Envelope], terms: Terms) -> tuple[list[Answer], object]:
    """Run commands in order in one transaction; their answers, and the store's change set.

    An answer is given only after the commit. Facts are never refused; what cannot be attributed waits in
    要確認; a refusal is an entry like any other, and an id that is known is answered from its entries.

    Raises:
        ConflictError: if the rows stayed contested through every try.
    """
    for tried in range(TRIES):
        try:
            with units.unit(alone=tried > 0) as unit:
                steps = [_one(unit, envelope, terms) for envelope in envelopes]
                unit.flush()
                answers = [_answer(unit, step) for step in steps]
                changes = unit.commit()
        except ConflictError:
            if tried == TRIES - 1:
                raise
        else:
            return answers, changes
    raise AssertionError("the loop returns or raises")


class _Step(msgspec.Struct, frozen=True):
    """One command of the batch: under which id its entries stand, and what the answer adds to them."""

    command_id: uuid.UUID
    entries_id: uuid.UUID
    repeat: bool = False
    refusal: Refusal | None = None


def _one(unit: UnitOfWork, envelope: Envelope, terms: Terms) -> _Step:
    command, command_id = envelope.command, envelope.command_id
    content = unit.content_of(command)
    known = unit.content_under(command_id)
    if known is not None:
        if known == content:
            return _Step(command_id, command_id, repeat=True)
        return _keep(unit, envelope, "same-id-other-content", content, terms)
    if envelope.database_id is not None and envelope.database_id != terms.database_id:
        return _keep(unit, envelope, "other-database", content, terms)
    call = _call(unit, envelope, terms)
    if bad := refused_text(command):
        decision: Decision = bad
    elif not terms.allowed(envelope.actor, command.role):
        decision = Refusal("not-allowed", {"role": command.role})
    elif moved := _moved(unit, envelope):
        decision = moved
    else:
        decision = command.decide(command.context(unit, call), call)
    origin = _origin(envelope, call, content)
    if isinstance(decision, Refusal):
        if command.sort == "fact" and decision is not bad and decision.code != "not-allowed":
            raise AssertionError(f"{command.kind} is a fact and was refused: {decision.code}")
        kept = journalled(dict(decision.facts))
        refused = CommandRefused(id=command_id, command=command.kind, code=decision.code, facts=kept)
        unit.apply(origin, (refused,), ())
        return _Step(command_id, command_id, refusal=decision)
    if not decision.events:
        raise AssertionError(f"{command.kind} decided nothing")
    if decision.supersedes is not None and origin.supersedes is None:
        origin = msgspec.structs.replace(origin, supersedes=decision.supersedes)
    unit.apply(origin, decision.events, decision.rows)
    return _Step(command_id, command_id)


def _moved(unit: UnitOfWork, envelope: Envelope) -> Refusal | None:
    """Whether an act speaks of something that is no more as it was on the screen: nothing is overwritten."""
    if envelope.command.sort == "fact":
        return None
    for seen in envelope.seen:
        row = unit.get(seen.row, seen.id)
        now = row.version if row else 0
        if now != seen.version:
            return Refusal("changed-meanwhile", {"version": now})
    return None


def _call(unit: UnitOfWork, envelope: Envelope, terms: Terms) -> Call:
    own = envelope.command.operation_id(envelope.command_id)
    return Call(
        command_id=envelope.command_id,
        operation_id=own or envelope.operation_id or _current_operation(unit),
        council_id=unit.council_id,
        now=envelope.occurred_at or terms.now,
        recorded_at=terms.now,
        wall=terms.wall,
        actor=envelope.actor,
        station=envelope.actor.station or envelope.station,
        source=envelope.source,
        reference=terms.reference,
        may=lambda work: terms.allowed(envelope.actor, work),
        read_file=terms.read_file,
    )


def _current_operation(unit: UnitOfWork) -> uuid.UUID:
    running = current(unit.find(Operation, closed_at=None))
    return running.id if running else derive(STANDING, unit.council_id)


def _origin(envelope: Envelope, call: Call, content: str) -> Origin:
    return Origin(
        command_id=envelope.command_id,
        operation_id=call.operation_id,
        occurred_at=call.now,
        recorded_at=call.recorded_at,
        actor_id=call.actor.id,
        station=call.station,
        source=call.source,
        content=content,
        supersedes=envelope.supersedes,
    )


def _keep(unit: UnitOfWork, envelope: Envelope, reason: str, content: str, terms: Terms) -> _Step:
    """Keep a command that cannot be run under its own id, once, with its content."""
    kept_id = derive(envelope.command_id, reason, content)
    if unit.content_under(kept_id) is None:
        said = msgspec.json.encode(
            {"kind": envelope.command.kind, "command": msgspec.to_builtins(envelope.command)}, order="sorted"
        ).decode()
        call = _call(unit, envelope, terms)
        outcome = raise_review(
            kept_id,
            reason,
            said,
            station=call.station,
            source=envelope.source,
            about=envelope.command_id,
            desk=DESKS.get(envelope.command.role),
        )
        origin = _origin(msgspec.structs.replace(envelope, command_id=kept_id), call, content)
        unit.apply(origin, outcome.events, outcome.rows)
    return _Step(envelope.command_id, kept_id)


def _answer(unit: UnitOfWork, step: _Step) -> Answer:
    entries = unit.entries_of(step.entries_id)
    events = tuple(entry.event() for entry in entries)
    refs = tuple(EntryRef(seq=e.seq, kind=e.kind, subject_id=e.subject_id) for e in entries)
    refused = next((e for e in events if isinstance(e, CommandRefused)), None)
    refusal = step.refusal or (Refusal(refused.code, dict(refused.facts)) if refused else None)
    result: Result = "accepted"
    if step.repeat:
        result = "repeat"
    elif refusal:
        result = "refused"
    elif any(isinstance(event, Raised) for event in events):
        result = "review"
    return Answer(command_id=step.command_id, result=result, refusal=refusal, entries=refs, events=events)


def check(units: Units, envelope: Envelope, terms: Terms) -> Refusal | None:
    """What the rules would say, without storing anything (dry runs, greyed-out buttons)."""
    with units.unit() as unit:
        if not terms.allowed(envelope.actor, envelope.command.role):
            return Refusal("not-allowed", {"role": envelope.command.role})
        if bad := refused_text(envelope.command):
            return bad
        call = _call(unit, envelope, terms)
        decision = envelope.command.decide(envelope.command.context(unit, call), call)
        return decision if isinstance(decision, Refusal) else None
