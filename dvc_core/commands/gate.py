"""安全ゲート: whether people live there, the surveyor's check, the chief's release, towns never graded."""

import uuid
from datetime import date
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.gate_facts import Place, case_of, moved, place, places, standing
from dvc_core.domain import gate
from dvc_core.domain.day import activity_day
from dvc_core.domain.gate_check import CheckAnswer, CheckSaid, GateCheck, Made, latest
from dvc_core.domain.grading import AreaSet, GradedArea, area_id
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal
from dvc_core.domain.need import ENDED, Gate, GateReleased, Need
from dvc_core.domain.need_gate import LivedInSet, ReleaseEnded
from dvc_core.domain.note import write
from dvc_core.domain.operation import Operation
from dvc_core.ports import Reader

MOST_AREAS = 500


class _OnePlace(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Place | None:
        """The need, its papers, its check, its town, and who is on the way there."""
        return place(reader, reader.get(Need, self.need_id))


def with_answer(need: Need, *, lived_in: bool | None) -> tuple[Need, list[Event]]:
    """The need with the answer whether people live there, and the event that gives it, if it is new."""
    if lived_in is None or need.lived_in is lived_in:
        return need, []
    return msgspec.structs.replace(need, lived_in=lived_in), [LivedInSet(id=need.id, lived_in=lived_in)]


class SetLivedIn(_OnePlace, frozen=True, kw_only=True):
    """Say whether people live in the house."""

    kind: ClassVar[str] = "need.set_lived_in"
    lived_in: bool

    def decide(self, context: Place | None, call: Call) -> Decision:
        """The gate is worked out anew with it."""
        if context is None:
            return Refusal("need-unknown")
        after, events = with_answer(context.need, lived_in=self.lived_in)
        gate_now = moved(call.reference, context.need, after, context.around, context.way)
        return Outcome(events=(*events, *gate_now))


class MakeCheck(_OnePlace, frozen=True, kw_only=True):
    """Write down the surveyor's own check: what was found of each thing, by whom, on which day."""

    kind: ClassVar[str] = "gate_check.make"
    answers: dict[Code, CheckAnswer]
    surveyor: str
    checked_on: date
    words: str = ""

    def decide(self, context: Place | None, call: Call) -> Decision:
        """Of the things that this disaster asks for, by a named person, not in the future."""
        if context is None:
            return Refusal("need-unknown")
        if not self.surveyor.strip():
            return Refusal("surveyor-missing")
        if self.checked_on > activity_day(call.now):
            return Refusal("check-date-future")
        results = gate.read_check(call.reference.checks, context.around.disaster, self.answers)
        if isinstance(results, Refusal):
            return results
        need, before = context.need, context.around.check
        check_id, number = call.new_id("check"), before.number + 1 if before else 1
        made = Made(id=check_id, need_id=need.id, number=number, checked_on=self.checked_on, results=results)
        check = GateCheck(
            id=check_id,
            operation_id=need.operation_id,
            need_id=need.id,
            number=number,
            checked_on=self.checked_on,
            recorded_at=call.now,
            recorded_by=call.actor.id,
            results=results,
        )
        counts = latest([check, *([before] if before else [])])
        facts = msgspec.structs.replace(context.around, check=counts)
        said = CheckSaid(id=check_id, surveyor=self.surveyor.strip(), words=self.words.strip())
        gate_now = moved(call.reference, need, need, facts, context.way)
        return Outcome(events=(made, *gate_now), rows=(said,))


class ReleaseGate(_OnePlace, frozen=True, kw_only=True):
    """The chief releases a held place after the surveyor's own check, by name and reason (practice 4.8)."""

    kind: ClassVar[str] = "need.release_gate"
    role: ClassVar[str] = "chief"
    reason: str

    def decide(self, context: Place | None, call: Call) -> Decision:
        """Only what is held and may be released; for the lines and papers that stand there now."""
        if context is None:
            return Refusal("need-unknown")
        need = context.need
        case = case_of(call.reference, need, context.around)
        now = standing(call.reference, need, context.around)
        refused = gate.why_not_released(need, now, call.reference.checks, case)
        if refused is not None:
            return refused
        if not self.reason.strip():
            return Refusal("reason-missing")
        shut = [reason for reason in now.reasons if reason.gate is Gate.HELD]
        rules = dict.fromkeys(reason.rule for reason in shut)
        papers = dict.fromkeys(reason.sticker_id for reason in shut if reason.sticker_id is not None)
        after = msgspec.structs.replace(need, released_rules=tuple(rules), released_stickers=tuple(papers))
        opened = standing(call.reference, after, context.around)
        released = GateReleased(id=need.id, gate=opened.gate, rules=tuple(rules), stickers=tuple(papers))
        noted, rows = write(call.new_id("release"), need.id, "gate-release", self.reason, about_person=True)
        return Outcome(events=(released, *noted), rows=rows)


class EndRelease(_OnePlace, frozen=True, kw_only=True):
    """Take a release back: somebody saw that it is not safe. Whoever works with needs may do that."""

    kind: ClassVar[str] = "need.end_release"
    reason: str

    def decide(self, context: Place | None, call: Call) -> Decision:
        """With its reason; who is there is called back."""
        if context is None:
            return Refusal("need-unknown")
        need = context.need
        if need.released_by is None:
            return Refusal("gate-not-released", {"number": need.number})
        if not self.reason.strip():
            return Refusal("reason-missing")
        after = msgspec.structs.replace(need, released_by=None, released_rules=(), released_stickers=())
        gate_now = moved(call.reference, need, after, context.around, context.way)
        noted, rows = write(
            call.new_id("ended"), need.id, "gate-release-ended", self.reason, about_person=True
        )
        return Outcome(events=(ReleaseEnded(id=need.id), *gate_now, *noted), rows=rows)


class _Areas(msgspec.Struct, frozen=True, kw_only=True):
    operation: Operation | None
    areas: dict[uuid.UUID, GradedArea]
    places: tuple[Place, ...]


class SetAreas(Command, frozen=True, kw_only=True):
    """The chief says which towns were never graded (or were after all); no town: the whole city."""

    kind: ClassVar[str] = "graded_area.set_all"
    role: ClassVar[str] = "chief"
    city_code: Code
    towns: tuple[Code, ...] = ()
    ungraded: bool
    reason: str

    def _ids(self, operation_id: uuid.UUID) -> dict[uuid.UUID, Code | None]:
        towns: tuple[Code | None, ...] = tuple(dict.fromkeys(self.towns)) or (None,)
        return {area_id(operation_id, self.city_code, town): town for town in towns[:MOST_AREAS]}

    def context(self, reader: Reader, call: Call) -> _Areas:
        """What was said of them before, and every need that stands there."""
        operation = call.operation_id
        areas = reader.find(GradedArea, operation_id=operation, city_code=self.city_code)
        of_their_own = {area.town_code for area in areas if area.town_code is not None}
        needs = [
            need
            for need in reader.find(Need, operation_id=operation, city_code=self.city_code)
            if need.state not in ENDED
            and (need.town_code in self.towns if self.towns else need.town_code not in of_their_own)
        ]
        return _Areas(
            operation=reader.get(Operation, operation),
            areas={area.id: area for area in areas},
            places=tuple(places(reader, needs)),
        )

    def decide(self, context: _Areas, call: Call) -> Decision:
        """With a reason; only what changes, and the gates of the needs there that move with it."""
        if context.operation is None:
            return Refusal("no-operation")
        if not self.reason.strip():
            return Refusal("reason-missing")
        if len(self.towns) > MOST_AREAS:
            return Refusal("areas-too-many", {"most": MOST_AREAS})
        events: list[Event] = [
            AreaSet(id=row_id, city_code=self.city_code, town_code=town, ungraded=self.ungraded)
            for row_id, town in self._ids(call.operation_id).items()
            if row_id not in context.areas or context.areas[row_id].ungraded is not self.ungraded
        ]
        if not events:
            return Refusal("areas-as-said")
        first = events[0].id
        for each in context.places:
            facts = msgspec.structs.replace(each.around, ungraded=self.ungraded)
            now = standing(call.reference, each.need, facts)
            before = standing(call.reference, each.need, each.around)
            if (now.gate, now.first.rule) != (each.need.gate, before.first.rule):
                events += moved(call.reference, each.need, each.need, facts, each.way)
        noted, rows = write(call.new_id("why"), first, "graded-area", self.reason, about_person=False)
        return Outcome(events=(*events, *noted), rows=rows)


class WorkOutAgain(Command, frozen=True, kw_only=True):
    """Work out every gate anew, after the council changed the table itself (`gate.toml`)."""

    kind: ClassVar[str] = "need.work_out_gates"
    role: ClassVar[str] = "chief"

    def context(self, reader: Reader, call: Call) -> list[Place]:
        """Every need that is not over."""
        needs = reader.find(Need, operation_id=call.operation_id)
        return places(reader, [need for need in needs if need.state not in ENDED])

    def decide(self, context: list[Place], call: Call) -> Decision:
        """Those whose gate the table now says otherwise."""
        events = [
            event
            for each in context
            if standing(call.reference, each.need, each.around).gate is not each.need.gate
            for event in moved(call.reference, each.need, each.need, each.around, each.way)
        ]
        return Outcome(events=tuple(events)) if events else Refusal("gates-agree")
