"""ニーズ: taken in by telephone, filled in, surveyed, referred, ended; crisis told at once.

The safety gate of a need is worked out in each act that changes what it depends on: `commands.gate_facts`.
"""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.gate_facts import Place as PlaceNow
from dvc_core.commands.gate_facts import around, moved, place
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
from dvc_core.domain import need
from dvc_core.domain.day import series_id, take_number
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal, derive
from dvc_core.domain.need import ENDED, Details, Need, NeedState, Place, Site
from dvc_core.domain.note import write
from dvc_core.domain.referral import Referral, ReferralMade, ReferralSettled
from dvc_core.domain.sticker import Sticker, applied
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
            decision, events=(*decision.events, *_referrals(call, need_id, self.details))
        )


def _referrals(call: Call, need_id: uuid.UUID, details: Details) -> tuple[Event, ...]:
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
        new = [r for r in _referrals(call, self.need_id, self.details) if r.id not in context.referrals]
        return msgspec.structs.replace(decision, events=(*decision.events, *new))


class _OneNeed(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Need | None:
        """The need."""
        return reader.get(Need, self.need_id)


class Survey(_OneNeed, frozen=True, kw_only=True):
    """Enter a 現地調査: may volunteers enter and work, how many, what work — with the reason in words."""

    kind: ClassVar[str] = "need.survey"
    result: Code
    people: int | None = None
    days: int | None = None
    reason: str = ""

    def decide(self, context: Need | None, call: Call) -> Decision:
        """`workable`: ready for matching. `not-workable`: stays surveyed and is referred."""
        if context is None:
            return Refusal("need-unknown")
        if context.state in ENDED:
            return Refusal("need-ended", {"number": context.number})
        if self.result not in ("workable", "not-workable"):
            return Refusal("survey-result-unknown")
        if self.people is not None and not 1 <= self.people <= need.MOST_PEOPLE:
            return Refusal("people-impossible", {"least": self.people, "most": need.MOST_PEOPLE})
        surveyed = need.StateSet(
            id=context.id,
            state=NeedState.SURVEYED,
            remaining_people=self.people,
            remaining_days=self.days,
        )
        events: list[Event] = [surveyed]
        if self.result == "workable":
            events.append(
                need.StateSet(
                    id=context.id,
                    state=NeedState.READY,
                    remaining_people=self.people,
                    remaining_days=self.days,
                )
            )
        else:
            referral = derive(context.id, "referral", "survey")
            events.append(
                ReferralMade(id=referral, need_id=context.id, to="technical", reason="not-workable")
            )
        noted, rows = write(call.new_id("survey"), context.id, "survey", self.reason, about_person=True)
        return Outcome(events=(*events, *noted), rows=rows)


class MakeReady(_OneNeed, frozen=True, kw_only=True):
    """Let a need go to matching without a survey (field2026 2.3: a legitimate mode), with the reason."""

    kind: ClassVar[str] = "need.make_ready"
    reason: str = ""

    def decide(self, context: Need | None, call: Call) -> Decision:
        """A need marked for survey needs the reason why it goes without."""
        if context is None:
            return Refusal("need-unknown")
        if context.state in ENDED:
            return Refusal("need-ended", {"number": context.number})
        if context.survey is not need.SurveyNeeded.NOT_NEEDED and not self.reason.strip():
            return Refusal("reason-missing")
        noted, rows = write(call.new_id("ready"), context.id, "no-survey", self.reason, about_person=True)
        ready = need.StateSet(id=context.id, state=NeedState.READY)
        return Outcome(events=(ready, *noted), rows=rows)


class End(_OneNeed, frozen=True, kw_only=True):
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


class _Joining(msgspec.Struct, frozen=True, kw_only=True):
    mine: Need | None
    other: PlaceNow | None
    papers: tuple[Sticker, ...]


class JoinTo(_OneNeed, frozen=True, kw_only=True):
    """The same household telephoned twice: this need goes on in the other one."""

    kind: ClassVar[str] = "need.join"
    same_as: uuid.UUID

    def context(self, reader: Reader, call: Call) -> _Joining:  # type: ignore[override]
        """Both needs, with the papers that hang at either."""
        mine, other = reader.get(Need, self.need_id), reader.get(Need, self.same_as)
        return _Joining(
            mine=mine,
            other=place(reader, other),
            papers=around(reader, mine).stickers if mine is not None else (),
        )

    def decide(self, context: _Joining, call: Call) -> Decision:
        """Two different needs, the other one alive; it is one house, so all its papers count there."""
        mine, other = context.mine, context.other.need if context.other else None
        if mine is None or other is None or mine.id == other.id:
            return Refusal("need-unknown")
        if other.same_as is not None or mine.state in ENDED:
            return Refusal("need-ended", {"number": mine.number})
        joined = need.JoinedTo(id=mine.id, same_as=other.id)
        if not context.papers or context.other is None:
            return Outcome(events=(joined,))
        there = {sticker.id for sticker in context.other.around.stickers}
        papers = [applied(sticker.id, other.id) for sticker in context.papers if sticker.id not in there]
        facts = context.other.around.with_stickers(context.papers)
        now = moved(call.reference, other, other, facts, context.other.way)
        return Outcome(events=(joined, *papers, *now))


class SettleReferral(Command, frozen=True, kw_only=True):
    """The partner answered: taken over, or given back."""

    kind: ClassVar[str] = "referral.settle"
    role: ClassVar[str] = "needs"
    referral_id: uuid.UUID
    taken: bool
    words: str = ""

    def context(self, reader: Reader, call: Call) -> Referral | None:
        """The referral."""
        return reader.get(Referral, self.referral_id)

    def decide(self, context: Referral | None, call: Call) -> Decision:
        """Open ones only."""
        if context is None:
            return Refusal("referral-unknown")
        if context.settled_at is not None:
            return Refusal("referral-settled")
        noted, rows = write(call.new_id("words"), context.id, "referral", self.words, about_person=True)
        return Outcome(events=(ReferralSettled(id=context.id, taken=self.taken), *noted), rows=rows)


def details_of(row: Need) -> Details:
    """What the form of a need says now."""
    return Details(**{name: getattr(row, name) for name in Details.__struct_fields__})


def place_of(row: Need) -> Place:
    """Where a need stands now."""
    return Place(**{name: getattr(row, name) for name in Place.__struct_fields__})
