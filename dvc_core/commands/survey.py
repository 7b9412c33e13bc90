"""現地調査: a day settled by telephone or set for a round, nobody met, the three answers, or none needed."""

import uuid
from datetime import date, datetime
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.calling import tried
from dvc_core.commands.need import OneNeed, referrals_of
from dvc_core.commands.need_form import Changing, changed, changing
from dvc_core.domain import need, survey
from dvc_core.domain.calling import CallPurpose, Heard, Whom
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal, derive
from dvc_core.domain.need import ENDED, Details, Need, NeedState, Place, Site, SurveyNeeded
from dvc_core.domain.note import write
from dvc_core.domain.referral import Referral, ReferralMade
from dvc_core.domain.survey import SiteSurvey, SurveyAnswer, Waiver, survey_id, waived, waiver_id
from dvc_core.domain.visit import Band
from dvc_core.ports import Reader

ANSWERS = frozenset(answer.value for answer in SurveyAnswer)
MOST_DAYS = 365


def living(row: Need | None) -> Refusal | None:
    """Why nothing can be planned for a need, if so."""
    if row is None:
        return Refusal("need-unknown")
    return Refusal("need-ended", {"number": row.number}) if row.state in ENDED else None


class CallAboutSurvey(OneNeed, frozen=True, kw_only=True):
    """The resident, or the second contact, was called to settle a day for the survey.

    Heard: `day` and `band` when they agreed to one; without them the call only stands noted (`words`).
    """

    kind: ClassVar[str] = "site_survey.call"
    reached: Heard
    whom: Whom = Whom.RESIDENT
    day: date | None = None
    band: Band = Band.AM
    again_at: datetime | None = None
    words: str = ""

    def decide(self, context: Need | None, call: Call) -> Decision:
        """A day that lies ahead; what was said is kept."""
        if (refused := living(context)) is not None:
            return refused
        if self.day is not None and self.day < activity_day(call.now):
            return Refusal("day-past")
        events: list[Event] = [
            tried(self.need_id, CallPurpose.SURVEY, self.reached, self.whom, self.again_at)
        ]
        if self.reached is Heard.YES and self.day is not None:
            events.append(
                survey.Arranged(
                    id=survey_id(self.need_id),
                    need_id=self.need_id,
                    day=self.day,
                    band=self.band,
                    agreed=True,
                )
            )
        noted, rows = write(call.new_id("words"), self.need_id, "survey-call", self.words, about_person=True)
        return Outcome(events=(*events, *noted), rows=rows)


class PlanRound(Command, frozen=True, kw_only=True):
    """Put needs on a day's round without a call: an area is walked house by house."""

    kind: ClassVar[str] = "site_survey.plan"
    role: ClassVar[str] = "needs"
    need_ids: tuple[uuid.UUID, ...]
    day: date
    band: Band = Band.DAY

    def context(self, reader: Reader, call: Call) -> dict[uuid.UUID, Need]:
        """The needs."""
        return reader.many(Need, self.need_ids)

    def decide(self, context: dict[uuid.UUID, Need], call: Call) -> Decision:
        """All of them or none: a round is one sheet."""
        if not self.need_ids:
            return Refusal("nothing-chosen")
        if self.day < activity_day(call.now):
            return Refusal("day-past")
        for need_id in self.need_ids:
            if (refused := living(context.get(need_id))) is not None:
                return refused
        return Outcome(
            events=tuple(
                survey.Arranged(
                    id=survey_id(need_id), need_id=need_id, day=self.day, band=self.band, agreed=False
                )
                for need_id in dict.fromkeys(self.need_ids)
            )
        )


class _OfSurvey(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> SiteSurvey | None:
        """The survey as it stands."""
        return reader.get(SiteSurvey, survey_id(self.need_id))


class Withdraw(_OfSurvey, frozen=True, kw_only=True):
    """Take a survey's day back; the need waits for another."""

    kind: ClassVar[str] = "site_survey.withdraw"

    def decide(self, context: SiteSurvey | None, call: Call) -> Decision:
        """Of one that has a day."""
        if context is None or context.day is None:
            return Refusal("survey-not-planned")
        return Outcome(events=(survey.Withdrawn(id=context.id, need_id=self.need_id),))


class NobodyMet(_OfSurvey, frozen=True, kw_only=True):
    """The surveyors went and met nobody (field2026 2.4): counted, back into the queue."""

    kind: ClassVar[str] = "site_survey.not_met"
    words: str = ""

    def decide(self, context: SiteSurvey | None, call: Call) -> Decision:
        """Of one that was on a round."""
        if context is None or context.day is None:
            return Refusal("survey-not-planned")
        noted, rows = write(call.new_id("words"), self.need_id, "survey-call", self.words, about_person=True)
        return Outcome(events=(survey.NotMet(id=context.id, need_id=self.need_id), *noted), rows=rows)


class _Surveyed(msgspec.Struct, frozen=True, kw_only=True):
    row: Need | None
    form: Changing
    referrals: frozenset[uuid.UUID]


class Survey(Command, frozen=True, kw_only=True):
    """Enter a 現地調査: may volunteers enter and work, how many, what work — with the reason in words.

    `people` and `days` None: 未定. `details` and `site` bring what was seen on the spot into the need's form.
    `conditions`: under which a `conditional` place may be worked at, for the team's order.
    """

    kind: ClassVar[str] = "need.survey"
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID
    result: Code
    people: int | None = None
    days: int | None = None
    reason: str = ""
    conditions: str = ""
    details: Details | None = None
    site: Site | None = None

    def context(self, reader: Reader, call: Call) -> _Surveyed:
        """The need with its papers, whose it is, what was referred already."""
        row = reader.get(Need, self.need_id)
        site = self.site or reader.get(Site, self.need_id) or Site(id=self.need_id, name="")
        return _Surveyed(
            row=row,
            form=changing(reader, self.need_id, site, need.place_of(row) if row else Place()),
            referrals=frozenset(r.id for r in reader.find(Referral, need_id=self.need_id)),
        )

    def decide(self, context: _Surveyed, call: Call) -> Decision:
        """`workable`: ready for matching. `not-workable`: stays surveyed and is referred."""
        row = context.row
        if (refused := living(row)) is not None:
            return refused
        assert row is not None, "a living need"
        if (wrong := self._wrong()) is not None:
            return wrong
        seen = self._seen(context, row, call)
        if isinstance(seen, Refusal):
            return seen
        answered = survey.Answered(id=survey_id(row.id), need_id=row.id, answer=SurveyAnswer(self.result))
        noted, texts = write(call.new_id("survey"), row.id, "survey", self.reason, about_person=True)
        under, more = write(
            call.new_id("conditions"), row.id, "work-condition", self.conditions, about_person=True
        )
        return Outcome(
            events=(*seen.events, answered, *self._moved(row), *noted, *under),
            rows=(*seen.rows, *texts, *more),
        )

    def _wrong(self) -> Refusal | None:
        if self.result not in ANSWERS:
            return Refusal("survey-result-unknown")
        if self.people is not None and not 1 <= self.people <= need.MOST_PEOPLE:
            return Refusal("people-impossible", {"least": self.people, "most": need.MOST_PEOPLE})
        if self.days is not None and not 1 <= self.days <= MOST_DAYS:
            return Refusal("days-impossible", {"most": MOST_DAYS})
        if self.result == SurveyAnswer.CONDITIONAL and not self.conditions.strip():
            return Refusal("conditions-missing")
        return None

    def _moved(self, row: Need) -> tuple[Event, ...]:
        left = {"remaining_people": self.people, "remaining_days": self.days}
        surveyed = need.StateSet(id=row.id, state=NeedState.SURVEYED, **left)
        if self.result != SurveyAnswer.NOT_WORKABLE:
            return surveyed, need.StateSet(id=row.id, state=NeedState.READY, **left)
        return surveyed, ReferralMade(
            id=derive(row.id, "referral", "survey"),
            need_id=row.id,
            to="technical",
            reason="not-workable",
        )

    def _seen(self, context: _Surveyed, row: Need, call: Call) -> Outcome | Refusal:
        if self.details is None and self.site is None:
            return Outcome()
        site = self.site or context.form.site or Site(id=row.id, name="")
        details = self.details or need.details_of(row)
        spot = need.place_of(row)
        decision = changed(call, context.form, site, details, spot, seen_version=row.version)
        if isinstance(decision, Refusal):
            return decision
        new = [r for r in referrals_of(call, row.id, details) if r.id not in context.referrals]
        return msgspec.structs.replace(decision, events=(*decision.events, *new))


class _Ready(msgspec.Struct, frozen=True, kw_only=True):
    row: Need | None
    waivers: tuple[Waiver, ...]


class MakeReady(Command, frozen=True, kw_only=True):
    """調査なし派遣: let a need go to matching without a survey (field2026 2.3: a legitimate mode)."""

    kind: ClassVar[str] = "need.make_ready"
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID
    reason: str = ""

    def context(self, reader: Reader, call: Call) -> _Ready:
        """The need, and the works that the chief lets go without a survey."""
        return _Ready(
            row=reader.get(Need, self.need_id),
            waivers=tuple(reader.find(Waiver, operation_id=call.operation_id, ended_at=None)),
        )

    def decide(self, context: _Ready, call: Call) -> Decision:
        """A need marked for survey needs the reason, unless the chief lets its works go there."""
        row = context.row
        if (refused := living(row)) is not None:
            return refused
        assert row is not None, "a living need"
        free = row.survey is SurveyNeeded.NOT_NEEDED or waived(row.works, row.town_code, context.waivers)
        if not free and not self.reason.strip():
            return Refusal("reason-missing")
        noted, rows = write(call.new_id("ready"), row.id, "no-survey", self.reason, about_person=True)
        ready = need.StateSet(
            id=row.id,
            state=NeedState.READY,
            remaining_people=row.remaining_people,
            remaining_days=row.remaining_days,
        )
        return Outcome(events=(ready, *noted), rows=rows)


class AllowWithout(Command, frozen=True, kw_only=True):
    """The chief lets a kind of work go without a survey, in one town or everywhere, with the reason."""

    kind: ClassVar[str] = "survey_waiver.allow"
    role: ClassVar[str] = "chief"
    work: Code
    town_code: Code | None = None
    reason: str

    def context(self, reader: Reader, call: Call) -> Waiver | None:
        """Whether it is allowed already."""
        return reader.get(Waiver, waiver_id(call.operation_id, self.work, self.town_code))

    def decide(self, context: Waiver | None, call: Call) -> Decision:
        """A known work that volunteers do, once."""
        known = call.reference.work(self.work)
        if known is None or known.accept == "no":
            return Refusal("work-not-ours")
        if context is not None and context.ended_at is None:
            return Refusal("waiver-stands")
        if not self.reason.strip():
            return Refusal("reason-missing")
        made = waiver_id(call.operation_id, self.work, self.town_code)
        noted, rows = write(call.new_id("why"), made, "survey-waiver", self.reason, about_person=False)
        allowed = survey.WaiverAllowed(id=made, work=self.work, town_code=self.town_code)
        return Outcome(events=(allowed, *noted), rows=rows)


class EndWithout(Command, frozen=True, kw_only=True):
    """From now on this work is surveyed again; what was let go stays so."""

    kind: ClassVar[str] = "survey_waiver.end"
    role: ClassVar[str] = "chief"
    waiver_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Waiver | None:
        """The waiver."""
        return reader.get(Waiver, self.waiver_id)

    def decide(self, context: Waiver | None, call: Call) -> Decision:
        """One that stands."""
        if context is None or context.ended_at is not None:
            return Refusal("waiver-over")
        return Outcome(events=(survey.WaiverEnded(id=context.id),))
