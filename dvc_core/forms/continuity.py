"""Sheets for the day the screens are dark: the BCP on one page and the day's rosters.

Printed at 朝礼, 受付締切 and 送り出し完了.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from dvc_core.forms.sheet import Member, Sheet


class BusinessRow(msgspec.Struct, frozen=True, kw_only=True):
    """One 業務: own or commissioned, how it runs now, until when it must run again."""

    name: str
    ownership: Literal["own", "commissioned", "unknown"]
    state: Literal["running", "reduced", "stopped", "unknown"]
    consignor: str | None = None
    priority: str | None = None
    target: str | None = None
    due_at: datetime | None = None
    since: datetime | None = None
    talk: str | None = None
    note: str | None = None


class BusinessSheet(Sheet, tag="business_sheet", frozen=True, kw_only=True):
    """業務継続 on one page: what runs, is reduced, is stopped, against its time since 発災 (`started_at`)."""

    serial: str
    as_of: datetime
    rows: tuple[BusinessRow, ...]
    started_at: datetime | None = None


class OutTeam(msgspec.Struct, frozen=True, kw_only=True):
    """A team that is out, with what is needed to call and to find it."""

    team: str
    order: str
    need: str
    place: str
    leader: str
    leader_mobile: str
    departed_at: datetime
    expected_at: datetime | None
    members: tuple[Member, ...]
    vehicle: str | None = None
    note: str | None = None


class OutRoster(Sheet, tag="out_roster", frozen=True, kw_only=True):
    """外に出ている人: each person with a box to tick at the return; late teams are marked against `as_of`."""

    serial: str
    as_of: datetime
    teams: tuple[OutTeam, ...]


class AttendanceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One person of the day's attendance."""

    number: str
    name: str
    kana: str = ""
    phone: str = ""
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    team: str | None = None
    note: str | None = None


class AttendanceRoster(Sheet, tag="attendance_roster", frozen=True, kw_only=True):
    """本日の参加者 in the caller's order, with boxes for going home."""

    serial: str
    day: date
    as_of: datetime
    rows: tuple[AttendanceLine, ...]


class VisitLine(msgspec.Struct, frozen=True, kw_only=True):
    """One open need or visit: where, what, when, how many."""

    need: str
    place: str
    household: str
    work: str
    phone: str | None = None
    band: str | None = None
    people: str | None = None
    state: str = ""
    caution: str | None = None
    team: str | None = None


class VisitRoster(Sheet, tag="visit_roster", frozen=True, kw_only=True):
    """未完了のニーズと本日の訪問, with a column to write the result by hand."""

    serial: str
    day: date
    as_of: datetime
    rows: tuple[VisitLine, ...]
