"""活動班: matched to a visit, sent out on a numbered order, brought home; tools lent to it and back.

Every person of a team is an `attendance` of the day; who is out and who is home is told there.
"""

import uuid
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.day import JAPAN
from dvc_core.domain.kernel import Code, Event, Row, Stamp, derive

USUAL_RETURN = {"am": time(12, 0), "pm": time(15, 30), "day": time(15, 30)}
"""帰着予定のはじめの値: work ends at 15:00 in most centers (practice 2.4, S03); set anew for each team."""

AT_LEAST = timedelta(hours=1)
LONGEST_OUT = timedelta(hours=12)


def usual_return(now: datetime, band: str) -> datetime:
    """When a team of this band is usually back; never in less than an hour, nor later than any may stay."""
    today = now.astimezone(JAPAN)
    usual = datetime.combine(today.date(), USUAL_RETURN[band], JAPAN)
    return min(max(usual, today + AT_LEAST), today + LONGEST_OUT)


def coming(now: datetime, at: time) -> datetime:
    """The next moment at which the clock shows `at`: today's, or tomorrow's when today's is over."""
    today = datetime.combine(now.astimezone(JAPAN).date(), at, JAPAN)
    return today if today > now else today + timedelta(days=1)


class Word(StrEnum):
    """What a team reports by voice."""

    ON_SITE = "on-site"
    DELAYED = "delayed"
    FINISHED = "finished"
    ACCIDENT = "accident"
    NO_CONTACT = "no-contact"


class Team(Row, frozen=True, kw_only=True):
    """One team of one day. `order_number` is printed on its 活動指示書; a void order's number stays void."""

    table: ClassVar[str] = "team"
    operation_id: uuid.UUID
    number: int
    order_number: int
    day: date
    visit_id: uuid.UUID
    leader_id: uuid.UUID
    size: int
    tools: tuple[Code, ...] = ()
    confirmed_at: datetime
    dissolved_at: datetime | None = None
    departed_at: datetime | None = None
    expected_return_at: datetime | None = None
    returned_at: datetime | None = None
    last_word: Word | None = None
    last_word_at: datetime | None = None
    reported_at: datetime | None = None

    @property
    def out(self) -> bool:
        """Whether the team has gone and is not home."""
        return self.departed_at is not None and self.returned_at is None


class Confirmed(Event, frozen=True, kw_only=True):
    """A person confirmed the team; its people and tools are taken by their own events."""

    kind: ClassVar[str] = "team.confirmed"
    subject: ClassVar[type[Row]] = Team
    number: int
    order_number: int
    day: date
    visit_id: uuid.UUID
    leader_id: uuid.UUID
    size: int
    tools: tuple[Code, ...] = ()

    def evolve(self, row: Team | None, stamp: Stamp) -> Team:
        """A new team."""
        return Team(
            id=self.id,
            operation_id=stamp.operation_id,
            number=self.number,
            order_number=self.order_number,
            day=self.day,
            visit_id=self.visit_id,
            leader_id=self.leader_id,
            size=self.size,
            tools=self.tools,
            confirmed_at=stamp.occurred_at,
        )


class Dissolved(Event, frozen=True, kw_only=True):
    """The team will not go: its order is void by its number."""

    kind: ClassVar[str] = "team.dissolved"
    subject: ClassVar[type[Row]] = Team

    def evolve(self, row: Team, stamp: Stamp) -> Team:
        """Dissolved then."""
        return msgspec.structs.replace(row, dissolved_at=stamp.occurred_at)


class Departed(Event, frozen=True, kw_only=True):
    """The team went out."""

    kind: ClassVar[str] = "team.departed"
    subject: ClassVar[type[Row]] = Team
    expected_return_at: datetime

    def evolve(self, row: Team, stamp: Stamp) -> Team:
        """Out since then, expected back."""
        return msgspec.structs.replace(
            row, departed_at=stamp.occurred_at, expected_return_at=self.expected_return_at
        )


class Said(Event, frozen=True, kw_only=True):
    """The team (or nobody: 連絡なし) was heard by voice."""

    kind: ClassVar[str] = "team.said"
    subject: ClassVar[type[Row]] = Team
    word: Word
    expected_return_at: datetime | None = None

    def evolve(self, row: Team, stamp: Stamp) -> Team:
        """The last word, and a new expected time when they gave one."""
        if row.last_word_at is not None and stamp.occurred_at < row.last_word_at:
            return row
        return msgspec.structs.replace(
            row,
            last_word=self.word,
            last_word_at=stamp.occurred_at,
            expected_return_at=self.expected_return_at or row.expected_return_at,
        )


class Returned(Event, frozen=True, kw_only=True):
    """Every person of the team is accounted for."""

    kind: ClassVar[str] = "team.returned"
    subject: ClassVar[type[Row]] = Team

    def evolve(self, row: Team, stamp: Stamp) -> Team:
        """Home since then."""
        return msgspec.structs.replace(row, returned_at=stamp.occurred_at)


class Reported(Event, frozen=True, kw_only=True):
    """The leader's report was entered."""

    kind: ClassVar[str] = "team.reported"
    subject: ClassVar[type[Row]] = Team

    def evolve(self, row: Team, stamp: Stamp) -> Team:
        """Reported then."""
        return msgspec.structs.replace(row, reported_at=stamp.occurred_at)


class Tool(Row, frozen=True, kw_only=True):
    """One kind of tool at the center: how many there are, promised to teams, and out with them."""

    table: ClassVar[str] = "tool"
    code: Code
    total: int
    reserved: int = 0
    lent: int = 0

    @property
    def free(self) -> int:
        """How many can still be promised."""
        return self.total - self.reserved - self.lent


MOST_TOOLS = 10_000


def tool_id(operation_id: uuid.UUID, code: str) -> uuid.UUID:
    """One row an operation and kind of tool."""
    return derive(operation_id, "tool", code)


class ToolCounted(Event, frozen=True, kw_only=True):
    """The stock was counted."""

    kind: ClassVar[str] = "tool.counted"
    subject: ClassVar[type[Row]] = Tool
    code: Code
    total: int

    def evolve(self, row: Tool | None, stamp: Stamp) -> Tool:
        """The new number."""
        new = Tool(id=self.id, code=self.code, total=self.total)
        return new if row is None else msgspec.structs.replace(row, total=self.total)


class _ToolMoved(Event, frozen=True, kw_only=True):
    team_id: uuid.UUID
    count: int


class ToolReserved(_ToolMoved, frozen=True, kw_only=True):
    """Promised to a team."""

    kind: ClassVar[str] = "tool.reserved"
    subject: ClassVar[type[Row]] = Tool

    def evolve(self, row: Tool, stamp: Stamp) -> Tool:
        """Fewer are free."""
        return msgspec.structs.replace(row, reserved=row.reserved + self.count)


class ToolReleased(_ToolMoved, frozen=True, kw_only=True):
    """The promise was taken back."""

    kind: ClassVar[str] = "tool.released"
    subject: ClassVar[type[Row]] = Tool

    def evolve(self, row: Tool, stamp: Stamp) -> Tool:
        """Free again."""
        return msgspec.structs.replace(row, reserved=max(row.reserved - self.count, 0))


class ToolLent(_ToolMoved, frozen=True, kw_only=True):
    """Handed out; what had been promised is no longer."""

    kind: ClassVar[str] = "tool.lent"
    subject: ClassVar[type[Row]] = Tool
    promised: int = 0

    def evolve(self, row: Tool, stamp: Stamp) -> Tool:
        """Out with the team."""
        return msgspec.structs.replace(
            row, reserved=max(row.reserved - self.promised, 0), lent=row.lent + self.count
        )


class ToolBack(_ToolMoved, frozen=True, kw_only=True):
    """Came back; `lost` did not."""

    kind: ClassVar[str] = "tool.back"
    subject: ClassVar[type[Row]] = Tool
    lost: int = 0

    def evolve(self, row: Tool, stamp: Stamp) -> Tool:
        """Back in the stock, without what was lost."""
        return msgspec.structs.replace(
            row, lent=max(row.lent - self.count - self.lost, 0), total=row.total - self.lost
        )


class Loan(Row, frozen=True, kw_only=True):
    """One kind of tool with one team: how many went out and came back."""

    table: ClassVar[str] = "tool_loan"
    team_id: uuid.UUID
    code: Code
    promised: int = 0
    lent: int = 0
    back: int = 0
    lost: int = 0


def loan_id(team_id: uuid.UUID, code: str) -> uuid.UUID:
    """One row a team and kind of tool."""
    return derive(team_id, "loan", code)


class LoanChanged(Event, frozen=True, kw_only=True):
    """The loan's numbers after tools went out or came back."""

    kind: ClassVar[str] = "tool_loan.changed"
    subject: ClassVar[type[Row]] = Loan
    team_id: uuid.UUID
    code: Code
    promised: int
    lent: int
    back: int
    lost: int

    def evolve(self, row: Loan | None, stamp: Stamp) -> Loan:
        """The new numbers."""
        return Loan(
            id=self.id,
            team_id=self.team_id,
            code=self.code,
            promised=self.promised,
            lent=self.lent,
            back=self.back,
            lost=self.lost,
        )


def loan_change(loan: Loan, **numbers: int) -> LoanChanged:
    """The event that gives a loan other numbers."""
    new = msgspec.structs.replace(loan, **numbers)
    return LoanChanged(
        id=new.id,
        team_id=new.team_id,
        code=new.code,
        promised=new.promised,
        lent=new.lent,
        back=new.back,
        lost=new.lost,
    )


class MemberState(StrEnum):
    """Where a member of a team is, as far as the team is concerned."""

    WITH_TEAM = "with-team"
    HOME = "home"
    STRAIGHT_HOME = "straight-home"
    NOT_GOING = "not-going"


class Member(Row, frozen=True, kw_only=True):
    """One person of one team: every one is accounted for before the team is home."""

    table: ClassVar[str] = "team_member"
    team_id: uuid.UUID
    volunteer_id: uuid.UUID
    leader: bool
    state: MemberState = MemberState.WITH_TEAM


def member_id(team_id: uuid.UUID, volunteer_id: uuid.UUID) -> uuid.UUID:
    """One row a team and person."""
    return derive(team_id, volunteer_id)


class MemberJoined(Event, frozen=True, kw_only=True):
    """A person belongs to the team."""

    kind: ClassVar[str] = "team_member.joined"
    subject: ClassVar[type[Row]] = Member
    team_id: uuid.UUID
    volunteer_id: uuid.UUID
    leader: bool

    def evolve(self, row: Member | None, stamp: Stamp) -> Member:
        """With the team."""
        return Member(id=self.id, team_id=self.team_id, volunteer_id=self.volunteer_id, leader=self.leader)


class MemberMoved(Event, frozen=True, kw_only=True):
    """A person of the team came home, went straight home, or did not go."""

    kind: ClassVar[str] = "team_member.moved"
    subject: ClassVar[type[Row]] = Member
    state: MemberState

    def evolve(self, row: Member, stamp: Stamp) -> Member:
        """Accounted for."""
        return msgspec.structs.replace(row, state=self.state)
