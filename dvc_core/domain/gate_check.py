"""The surveyor's own check of a place (practice 4.8): what was looked at, what was found, by whom, when.

What is looked at stands in `data/reference/gate.toml`: after a quake tilt, ceiling, block wall, gas,
electricity, asbestos; after a flood floor, electricity, sewage, slope.
"""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Code, Event, Personal, Row, Stamp


class CheckAnswer(StrEnum):
    """What was found; `none`: there is no such thing here."""

    SAFE = "safe"
    DANGER = "danger"
    NONE = "none"
    UNSEEN = "unseen"


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    item: Code
    answer: CheckAnswer


class GateCheck(Row, frozen=True, kw_only=True):
    """One check of the place of a need. `number` is one more than that of the check which counted before."""

    table: ClassVar[str] = "gate_check"
    operation_id: uuid.UUID
    need_id: uuid.UUID
    checked_on: date
    number: int = 1
    recorded_at: datetime
    recorded_by: str
    results: tuple[CheckResult, ...]

    def answer(self, item: str) -> CheckAnswer:
        """What was found of one thing."""
        return next((each.answer for each in self.results if each.item == item), CheckAnswer.UNSEEN)


class CheckSaid(Personal, frozen=True, kw_only=True):
    """Who looked (staff, 建築士, 民生委員), and what they said in words."""

    table: ClassVar[str] = "gate_check_said"
    follows: ClassVar[type[Row]] = GateCheck
    surveyor: str
    words: str = ""


class Made(Event, frozen=True, kw_only=True):
    """A place was checked."""

    kind: ClassVar[str] = "gate_check.made"
    subject: ClassVar[type[Row]] = GateCheck
    need_id: uuid.UUID
    number: int
    checked_on: date
    results: tuple[CheckResult, ...]

    def evolve(self, row: GateCheck | None, stamp: Stamp) -> GateCheck:
        """A new check, written down by this person."""
        return GateCheck(
            id=self.id,
            operation_id=stamp.operation_id,
            need_id=self.need_id,
            number=self.number,
            checked_on=self.checked_on,
            recorded_at=stamp.occurred_at,
            recorded_by=stamp.actor_id,
            results=self.results,
        )


def latest(checks: list[GateCheck]) -> GateCheck | None:
    """The check that counts: of the last day, and of that day the last written down."""
    return max(checks, key=lambda check: (check.checked_on, check.number), default=None)
