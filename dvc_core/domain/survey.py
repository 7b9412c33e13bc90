"""現地調査: a day settled with the resident, the round by area, the three answers; 調査なし派遣.

The survey is the narrow place (field2026 2.4): residents are not met, settling a day takes long, surveyors
are few. Its three answers: may volunteers enter and work, how many, what work. Going without one is a
legitimate mode by kind of work and area (field2026 2.3), allowed by a named person and noted.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Code, Event, Row, Stamp, derive
from dvc_core.domain.visit import Band


class SurveyAnswer(StrEnum):
    """May volunteers enter and work there."""

    WORKABLE = "workable"
    CONDITIONAL = "conditional"
    NOT_WORKABLE = "not-workable"


class SiteSurvey(Row, frozen=True, kw_only=True):
    """The survey of one need. `agreed`: the resident said yes to the day; else the round goes unannounced."""

    table: ClassVar[str] = "site_survey"
    operation_id: uuid.UUID
    need_id: uuid.UUID
    day: date | None = None
    band: Band | None = None
    agreed: bool = False
    not_met: int = 0
    answer: SurveyAnswer | None = None
    done_at: datetime | None = None

    def planned(self, today: date) -> bool:
        """Whether a day is set that has not gone by; what was surveyed before waits anew."""
        return self.answer is None and self.day is not None and self.day >= today


def survey_id(need_id: uuid.UUID) -> uuid.UUID:
    """One row a need; a second survey goes on in the same one."""
    return derive(need_id, "survey")


class _OfSurvey(Event, frozen=True, kw_only=True):
    need_id: uuid.UUID

    def _row(self, row: SiteSurvey | None, stamp: Stamp) -> SiteSurvey:
        return row or SiteSurvey(id=self.id, operation_id=stamp.operation_id, need_id=self.need_id)


class Arranged(_OfSurvey, frozen=True, kw_only=True):
    """A day was set, with the resident's word or without it."""

    kind: ClassVar[str] = "site_survey.arranged"
    subject: ClassVar[type[Row]] = SiteSurvey
    day: date
    band: Band
    agreed: bool

    def evolve(self, row: SiteSurvey | None, stamp: Stamp) -> SiteSurvey:
        """On that day's round; a second survey forgets the first one's answer."""
        return msgspec.structs.replace(
            self._row(row, stamp),
            day=self.day,
            band=self.band,
            agreed=self.agreed,
            answer=None,
            done_at=None,
        )


class Withdrawn(_OfSurvey, frozen=True, kw_only=True):
    """The day was taken back; the need waits for another one."""

    kind: ClassVar[str] = "site_survey.withdrawn"
    subject: ClassVar[type[Row]] = SiteSurvey

    def evolve(self, row: SiteSurvey | None, stamp: Stamp) -> SiteSurvey:
        """In the queue again."""
        return msgspec.structs.replace(self._row(row, stamp), day=None, band=None, agreed=False)


class NotMet(_OfSurvey, frozen=True, kw_only=True):
    """The surveyors stood at the door and nobody was there."""

    kind: ClassVar[str] = "site_survey.not_met"
    subject: ClassVar[type[Row]] = SiteSurvey

    def evolve(self, row: SiteSurvey | None, stamp: Stamp) -> SiteSurvey:
        """Counted, and in the queue again."""
        old = self._row(row, stamp)
        return msgspec.structs.replace(old, day=None, band=None, agreed=False, not_met=old.not_met + 1)


class Answered(_OfSurvey, frozen=True, kw_only=True):
    """The survey was made."""

    kind: ClassVar[str] = "site_survey.answered"
    subject: ClassVar[type[Row]] = SiteSurvey
    answer: SurveyAnswer

    def evolve(self, row: SiteSurvey | None, stamp: Stamp) -> SiteSurvey:
        """Done then; the day it was made on stays."""
        return msgspec.structs.replace(self._row(row, stamp), answer=self.answer, done_at=stamp.occurred_at)


class Waiver(Row, frozen=True, kw_only=True):
    """調査なし派遣: a kind of work that may go without a survey, in one town or (None) everywhere."""

    table: ClassVar[str] = "survey_waiver"
    operation_id: uuid.UUID
    work: Code
    town_code: Code | None = None
    ended_at: datetime | None = None


def waiver_id(operation_id: uuid.UUID, work: str, town_code: str | None) -> uuid.UUID:
    """One row a kind of work and town."""
    return derive(operation_id, "survey-waiver", work, town_code or "everywhere")


class WaiverAllowed(Event, frozen=True, kw_only=True):
    """The chief lets a kind of work go without a survey."""

    kind: ClassVar[str] = "survey_waiver.allowed"
    subject: ClassVar[type[Row]] = Waiver
    work: Code
    town_code: Code | None = None

    def evolve(self, row: Waiver | None, stamp: Stamp) -> Waiver:
        """In force since then."""
        new = Waiver(id=self.id, operation_id=stamp.operation_id, work=self.work, town_code=self.town_code)
        return new if row is None else msgspec.structs.replace(row, ended_at=None)


class WaiverEnded(Event, frozen=True, kw_only=True):
    """From now on this work is surveyed again."""

    kind: ClassVar[str] = "survey_waiver.ended"
    subject: ClassVar[type[Row]] = Waiver

    def evolve(self, row: Waiver, stamp: Stamp) -> Waiver:
        """Over."""
        return msgspec.structs.replace(row, ended_at=stamp.occurred_at)


def waived(works: Iterable[str], town_code: str | None, waivers: Iterable[Waiver]) -> bool:
    """Whether every work of a need may go without a survey in its town; a need without works may not."""
    asked = set(works)
    free = {
        waiver.work for waiver in waivers if waiver.ended_at is None and waiver.town_code in (None, town_code)
    }
    return bool(asked) and asked <= free
