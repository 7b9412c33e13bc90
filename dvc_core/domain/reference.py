"""The council's tables as rules see them: works, gate, tools. Data decides, not code (DESIGN 1)."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from dvc_core.domain.distance import way_m
from dvc_core.domain.gate import Case, CheckItem, GateRule, decide
from dvc_core.domain.kernel import Code
from dvc_core.domain.need import Gate
from dvc_core.domain.operation import Disaster
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.teaming import Kind, Limits


class Work(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of work: whether it enters a building, whether volunteers do it, who takes it over if not.

    `near`: it is done at the house; only what is done elsewhere is out of reach of its walls and tiles.
    """

    code: Code
    name: str
    inside: bool
    near: bool = True
    accept: Literal["yes", "ask", "no"]
    refer: Code | None = None
    people_min: int = 2
    people_max: int = 5
    source: str = ""


class ToolKind(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of tool or vehicle, with the number that a drill begins with."""

    code: Code
    name: str
    count: int = 0
    kind: Kind = "tool"
    seats: int = 0


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """How teams get there: from which place, by how much the way exceeds the straight line, who drives.

    `shuttle`: the center drives its teams itself, so that nobody needs a seat of their own.
    """

    lat: float | None
    lng: float | None
    detour: float
    shuttle: bool

    def metres(self, lat: float | None, lng: float | None) -> float | None:
        """Metres of way (概算) from the center; None when either place is not known."""
        if self.lat is None or self.lng is None or lat is None or lng is None:
            return None
        return way_m((self.lat, self.lng), (lat, lng), self.detour)


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """One 班 as a place to work at: whoever works there has the rights of its role."""

    code: Code
    name: str
    role: Code
    enabled: bool = True


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """The tables that rules need; empty before they are loaded, with no number of our own in their place.

    `acts_as` is the table of roles; `supporter_roles` are those that 応援の人 can get, `own_roles` those that
    stay with a person at whatever station. `pledge` is the text of the 守秘誓約, line by line.
    """

    works: tuple[Work, ...] = ()
    gate: tuple[GateRule, ...] = ()
    checks: tuple[CheckItem, ...] = ()
    tools: tuple[ToolKind, ...] = ()
    limits: Limits | None = None
    ways: Ways | None = None
    desks: tuple[Desk, ...] = ()
    acts_as: dict[str, tuple[str, ...]] = {}
    supporter_roles: frozenset[str] = frozenset()
    own_roles: frozenset[str] = frozenset()
    pledge: tuple[str, ...] = ()
    supporter_days: int = 1
    supporter_days_most: int = 1
    idle_minutes: int = 1

    def desk(self, code: str) -> Desk | None:
        """The 班 of a code."""
        return next((desk for desk in self.desks if desk.code == code), None)

    def allowed(self, roles: Iterable[str]) -> frozenset[str]:
        """All kinds of work that these roles allow."""
        return frozenset(work for role in roles for work in self.acts_as.get(role, ()))

    @property
    def section_roles(self) -> dict[Code, Code]:
        """Whose people work a 班: the role's code by the 班's."""
        return {desk.code: desk.role for desk in self.desks}

    def tool(self, code: str) -> ToolKind | None:
        """The tool of a code."""
        return next((tool for tool in self.tools if tool.code == code), None)

    def work(self, code: str) -> Work | None:
        """The work of a code."""
        return next((work for work in self.works if work.code == code), None)

    def enters(self, works: Iterable[str], *, inside: bool) -> bool:
        """Whether this work enters the building: what is unknown does."""
        known = [self.work(code) for code in works]
        return inside if not known else any(work is None or work.inside for work in known)

    def stays_near(self, works: Iterable[str], *, inside: bool) -> bool:
        """Whether this work is done at the house: what is unknown is."""
        known = [self.work(code) for code in works]
        return inside or not known or any(work is None or work.near for work in known)

    def gate_for(
        self, disaster: Disaster, hazard: HazardGrade, works: Iterable[str], *, inside: bool
    ) -> Gate:
        """The gate of a place of which only the told colour is known; with its papers: `domain.gate`."""
        enters = self.enters(works, inside=inside)
        near = self.stays_near(works, inside=enters)
        case = Case(disaster=disaster, inside=enters, near=near, told=hazard)
        return decide(self.gate, self.checks, case).gate

    def not_ours(self, works: Iterable[str]) -> list[Work]:
        """Works among these that volunteers do not do: they are referred, never simply refused."""
        return [work for code in works if (work := self.work(code)) is not None and work.accept == "no"]
