"""ニーズ: taken in by telephone, filled in, put on hold, ended; crisis told at once.

The safety gate of a need is worked out in each act that changes what it depends on: `commands.gate_facts`.
Surveys: `commands.survey`; two of one household: `commands.household`; partners: `commands.referral`.
"""

import uuid
from datetime import date, datetime
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.calling import tried
from dvc_core.commands.need_form import (
    NEEDS,
    Changing,
    Receiving,
    changed,
    changing,
    in_town,
    received,
    receiving,
    tidy,
)
from dvc_core.domain import need, need_course
from dvc_core.domain.calling import CallPurpose, Heard, Whom
from dvc_core.domain.day import activity_day, series_id, take_number
from dvc_core.domain.kernel import Decision, Event, Outcome, Refusal, derive
from dvc_core.domain.need import ENDED, Details, HoldReason, Need, NeedState, Place, Site
from dvc_core.domain.note import write
from dvc_core.domain.referral import Referral, ReferralMade
from dvc_core.ports import Reader


class Receive(Command, frozen=True, kw_only=True):
    """Take a need in. Works that volunteers do not do are referred in the same act (practice 5.2)."""

    kind: ClassVar[str] = "need.receive"
    role: ClassVar[str] = "needs"
    site: Site
    details: Details = Details()
    place: Place = Place()

    def context(self, reader: Reader, call: Call) -> Receiving:
        """The run of numbers, the kind of disaster, the papers of the house."""
        return receiving(reader, call, self.site, self.place)

    def decide(self, context: Receiving, call: Call) -> Decision:
        """Name, telephone, place and 困りごと are enough."""
        if context.operation is None:
            return Refusal("no-operation")
        need_id = call.new_id("need")
        number = take_number(context.series, series_id(call.operation_id, NEEDS))
        site = msgspec.structs.replace(tidy(self.site), id=need_id)
        decision = received(call, context, number, site, details=self.details, spot=in_town(self.place, site))
        if isinstance(decision, Refusal):
            return decision
        return msgspec.structs.replace(
            decision, events=(*decision.events, *referrals_of(call, need_id, self.details))
        )


def referrals_of(call: Call, need_id: uuid.UUID, details: Details) -> tuple[Event, ...]:
    """Whom a need goes to besides: works that volunteers do not do, 危機介入, 見守り."""
    made: list[Event] = [
        ReferralMade(
            id=derive(need_id, "referral", work.code),
            need_id=need_id,
            to=work.refer or "city",
            reason=work.code,
        )
        for work in call.reference.not_ours(details.works)
    ]
    if details.crisis:
        made.append(
            ReferralMade(
                id=derive(need_id, "referral", "crisis"), need_id=need_id, to="chief", reason="crisis"
            )
        )
    if details.watch_over:
        made.append(
            ReferralMade(
                id=derive(need_id, "referral", "watch-over"), need_id=need_id, to="care", reason="watch-over"
            )
        )
    return tuple(made)


class _Change(msgspec.Struct, frozen=True, kw_only=True):
    form: Changing
    referrals: frozenset[uuid.UUID]


class Change(Command, frozen=True, kw_only=True):
    """Fill in or correct a need, as it was read at `seen_version`."""

    kind: ClassVar[str] = "need.change"
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID
    seen_version: int
    site: Site
    details: Details
    place: Place

    def context(self, reader: Reader, call: Call) -> _Change:
        """The need with its papers and visits, what hangs at a new address, what was referred already."""
        return _Change(
            form=changing(reader, self.need_id, self.site, self.place),
            referrals=frozenset(r.id for r in reader.find(Referral, need_id=self.need_id)),
        )

    def decide(self, context: _Change, call: Call) -> Decision:
        """The second of two people is told; a released gate stays released while hazard and work stay."""
        decision = changed(
            call, context.form, self.site, self.details, self.place, seen_version=self.seen_version
        )
        if isinstance(decision, Refusal):
            return decision
        new = [r for r in referrals_of(call, self.need_id, self.details) if r.id not in context.referrals]
        return msgspec.structs.replace(decision, events=(*decision.events, *new))


class OneNeed(Command, frozen=True, kw_only=True):
    """An act on one need that its row alone decides."""

    role: ClassVar[str] = "needs"
    need_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Need | None:
        """The need."""
        return reader.get(Need, self.need_id)


class PutOnHold(OneNeed, frozen=True, kw_only=True):
    """保留: the certificate, the owner's word, water or the dump must come first; with the reason."""

    kind: ClassVar[str] = "need.hold"
    why: HoldReason
    until: date | None = None
    reason: str = ""

    def decide(self, context: Need | None, call: Call) -> Decision:
        """Of a living need; `other` says what it is in words, and a day lies ahead."""
        if context is None:
            return Refusal("need-unknown")
        if context.state in ENDED:
            return Refusal("need-ended", {"number": context.number})
        if self.why is HoldReason.OTHER and not self.reason.strip():
            return Refusal("reason-missing")
        if self.until is not None and self.until < activity_day(call.now):
            return Refusal("day-past")
        noted, rows = write(call.new_id("hold"), context.id, "need-hold", self.reason, about_person=True)
        held = need_course.PutOnHold(id=context.id, reason=self.why, until=self.until)
        return Outcome(events=(held, *noted), rows=rows)


class Resume(OneNeed, frozen=True, kw_only=True):
    """What the need waited for came: it goes on where it stood."""

    kind: ClassVar[str] = "need.resume"

    def decide(self, context: Need | None, call: Call) -> Decision:
        """Only what is on hold."""
        if context is None:
            return Refusal("need-unknown")
        if context.state is not NeedState.ON_HOLD:
            return Refusal("need-not-on-hold", {"number": context.number})
        return Outcome(events=(need_course.Resumed(id=context.id),))


class AskFinished(OneNeed, frozen=True, kw_only=True):
    """The resident was called whether all is done: 完了 is theirs to say, not the team's (practice 5.4).

    Heard and not `done`: the need goes back to matching with what is left (`people`, `days`; None: 未定).
    """

    kind: ClassVar[str] = "need.ask_finished"
    reached: Heard
    done: bool = False
    whom: Whom = Whom.RESIDENT
    people: int | None = None
    days: int | None = None
    again_at: datetime | None = None
    words: str = ""

    def decide(self, context: Need | None, call: Call) -> Decision:
        """Of a need that the team called done."""
        if context is None:
            return Refusal("need-unknown")
        if context.state is not NeedState.NEARLY_DONE:
            return Refusal("need-not-nearly-done", {"number": context.number})
        if self.people is not None and not 1 <= self.people <= need.MOST_PEOPLE:
            return Refusal("people-impossible", {"least": self.people, "most": need.MOST_PEOPLE})
        events: list[Event] = [
            tried(context.id, CallPurpose.FINISHED, self.reached, self.whom, self.again_at)
        ]
        if self.reached is Heard.YES:
            left = {} if self.done else {"remaining_people": self.people, "remaining_days": self.days}
            state = NeedState.DONE if self.done else NeedState.READY
            events.append(need.StateSet(id=context.id, state=state, **left))
        noted, rows = write(call.new_id("words"), context.id, "finished-call", self.words, about_person=True)
        return Outcome(events=(*events, *noted), rows=rows)


class End(OneNeed, frozen=True, kw_only=True):
    """End a need: done (the resident says so), nearly done, cancelled, 行政対応, handed over."""

    kind: ClassVar[str] = "need.end"
    state: NeedState
    reason: str = ""

    def decide(self, context: Need | None, call: Call) -> Decision:
        """Every end but 完了 tells why."""
        if context is None:
            return Refusal("need-unknown")
        if self.state not in ENDED | {NeedState.NEARLY_DONE}:
            return Refusal("end-unknown")
        if self.state not in (NeedState.DONE, NeedState.NEARLY_DONE) and not self.reason.strip():
            return Refusal("reason-missing")
        noted, rows = write(call.new_id("end"), context.id, "need-end", self.reason, about_person=True)
        return Outcome(events=(need.StateSet(id=context.id, state=self.state), *noted), rows=rows)
