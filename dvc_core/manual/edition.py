"""An edition as it was read: chapters, steps, functions of a BCP, and all that is wrong or open in it."""

from datetime import date
from enum import StrEnum
from typing import Literal

import msgspec

from dvc_core.domain.deadline import Deadline, Moment, Relative, Unit
from dvc_core.domain.kernel import Code, Digest
from dvc_core.domain.operation import Disaster
from dvc_core.domain.problem import Problem

UNCONFIRMED = "未確認"
"""The mark of a fact that the council must still fill in."""

Status = Literal["ok", "problems", "altered"]


class Kind(StrEnum):
    """What an edition runs: the center, or the council's own business beside it."""

    CENTER = "center"
    BCP = "bcp"


class Ownership(StrEnum):
    """Whose business a function is. A commissioned one is not reduced without a talk with its consignor."""

    OWN = "own"
    COMMISSIONED = "commissioned"
    UNCONFIRMED = "unconfirmed"


class Phase(StrEnum):
    """段階 of a BCP, counted from 発災."""

    H3 = "3h"
    H24 = "24h"
    H72 = "72h"
    W1 = "1w"
    M1 = "1m"

    @property
    def deadline(self) -> Relative:
        """The end of the phase: the deadline of a step that names no other. A month is 30 days."""
        count, unit = _ENDS[self]
        return Relative(Moment.DISASTER, count, unit)


_ENDS = {
    Phase.H3: (3, Unit.HOURS),
    Phase.H24: (24, Unit.HOURS),
    Phase.H72: (72, Unit.HOURS),
    Phase.W1: (7, Unit.DAYS),
    Phase.M1: (30, Unit.DAYS),
}


class Unconfirmed(msgspec.Struct, frozen=True, kw_only=True):
    """One place marked 未確認: `field` is 題, 本文, 章 or a field's name; no `step_id`: outside of steps."""

    file: str
    line: int
    field: str
    text: str
    title: str
    step_id: Code | None = None
    section: str | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step. `section` and `business_function` are as written; their codes are None where none is known.

    `disasters` are those of `conditions` that the program can judge; empty: the step applies to all.
    `deadline` is the 期限, else the end of the 段階, else None.
    """

    id: Code
    title: str
    chapter: str
    section: str | None = None
    section_code: Code | None = None
    deadline: Deadline | None = None
    requires: tuple[Code, ...] = ()
    conditions: tuple[str, ...] = ()
    disasters: tuple[Disaster, ...] = ()
    forms: tuple[str, ...] = ()
    evidence: str | None = None
    business_function: str | None = None
    function_code: Code | None = None
    phase: Phase | None = None
    body_markdown: str = ""
    unconfirmed: bool = False
    unconfirmed_fields: tuple[str, ...] = ()
    file: str
    line: int


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """One file. `key` is its name without number and ending, so that renumbering moves no step."""

    key: str
    number: int | None
    title: str
    file: str
    introduction_markdown: str = ""


class BusinessFunction(msgspec.Struct, frozen=True, kw_only=True):
    """One 業務 of a BCP. `tolerable_minutes` is 停止許容時間; `unconfirmed_fields` is not known yet."""

    code: Code
    name: str
    ownership: Ownership
    consignor: str | None = None
    desk: str | None = None
    tolerable_minutes: int | None = None
    priority: str | None = None
    source: str | None = None
    unconfirmed_fields: tuple[str, ...] = ()


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """An edition of a manual. `folder` is its path below the manuals' root, `digest` covers all its texts."""

    name: str
    edition: str
    title: str
    council: str
    kind: Kind | None
    next_review: date | None
    changelog: tuple[str, ...]
    digest: Digest
    chapters: tuple[Chapter, ...]
    steps: tuple[Step, ...]
    functions: tuple[BusinessFunction, ...]
    unconfirmed: tuple[Unconfirmed, ...]
    problems: tuple[Problem, ...]
    folder: str

    @property
    def usable(self) -> bool:
        """Whether nothing must be mended before a person may approve it; notes do not hinder."""
        return all(problem.level != "error" for problem in self.problems)

    def status(self, approved: str | None = None) -> Status:
        """改変 when its digest is not the approved one, else whether it has errors."""
        if approved is not None and approved != self.digest:
            return "altered"
        return "ok" if self.usable else "problems"

    def step(self, step_id: str) -> Step | None:
        """The step of an id."""
        return next((step for step in self.steps if step.id == step_id), None)
