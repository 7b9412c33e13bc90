"""活動指示書 and 活動報告書: the paper that a leader takes out and brings back filled (送り出し・帰着)."""

from datetime import date, datetime
from typing import Literal

import msgspec

from dvc_core.forms.sheet import Member, Sheet, Tool

Point = tuple[float, float]
"""Longitude and latitude in degrees (WGS 84 or JGD, the difference is below the width of a line)."""

Result = Literal["done", "expected_done", "goes-on", "left_at_eaves", "absent", "stopped"]
"""The results of a visit; on paper 完了 falls in two, by whether the resident said so, and 軒先 is told."""


class MapLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line or a ring of points with the name that stands beside it, if any."""

    points: tuple[Point, ...]
    name: str = ""


class MapSpot(msgspec.Struct, frozen=True, kw_only=True):
    """A named place to find one's way by: a station, a school, a dump site; a `town` has no mark."""

    at: Point
    name: str
    kind: Literal["station", "town", "other"] = "other"


class MapMark(msgspec.Struct, frozen=True, kw_only=True):
    """One house of several on the map, by the number it has on the sheet."""

    at: Point
    label: str


class MapSketch(msgspec.Struct, frozen=True, kw_only=True):
    """A small map drawn as lines from plain coordinates: black on white, with scale and north.

    It shows one `place`, or several houses as `marks`; the view holds them all.

    `note` says how exact the place is (a 町丁目's point is no house); `attribution` names the origin.
    """

    place: Point | None = None
    marks: tuple[MapMark, ...] = ()
    center: Point | None = None
    outlines: tuple[MapLine, ...] = ()
    roads: tuple[MapLine, ...] = ()
    rails: tuple[MapLine, ...] = ()
    spots: tuple[MapSpot, ...] = ()
    note: str = ""
    attribution: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """活動報告書: what the leader writes; every field may be empty (practice 3.5, field2026 2.7 and 7)."""

    people: int | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    done_work: str | None = None
    result: Result | None = None
    remaining_people: int | None = None
    remaining_days: int | None = None
    next_tools: str | None = None
    stop_reason: str | None = None
    accident: bool | None = None
    accident_note: str | None = None
    damage: bool | None = None
    damage_note: str | None = None
    unwell: bool | None = None
    unwell_note: str | None = None
    tools_back: bool | None = None
    tools_note: str | None = None
    resident_state: str | None = None
    new_needs: str | None = None
    photos: bool | None = None
    left_early: str | None = None
    written_by: str | None = None


class WorkOrder(Sheet, tag="work_order", frozen=True, kw_only=True):
    """A numbered order for one visit, with the report to fill on its back.

    It carries the least personal data: the household's surname, the place, the leader's mobile, the members'
    numbers (practice 3.4, 4.9). Empty fields print as space to write in, so an order with a serial of a paper
    block and nothing else is the blank form.
    """

    serial: str
    emergency_phone: str
    need: str | None = None
    visit: str | None = None
    day: date | None = None
    band: str | None = None
    team: str | None = None
    address: str | None = None
    household: str | None = None
    present: str | None = None
    sketch: MapSketch | None = None
    route: str | None = None
    work: tuple[str, ...] = ()
    not_done: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    gear: tuple[str, ...] = ()
    stop_rules: tuple[str, ...] = ()
    people: int | None = None
    leader: str | None = None
    leader_mobile: str | None = None
    members: tuple[Member, ...] = ()
    tools: tuple[Tool, ...] = ()
    vehicle: str | None = None
    parking: str | None = None
    toilet: str | None = None
    departs_at: datetime | None = None
    returns_at: datetime | None = None
    report: Report = Report()


class ReportCopy(msgspec.Struct, frozen=True, kw_only=True):
    """One 活動報告書 by itself, for a team whose order was lost or written by hand."""

    number: str
    order: str | None = None
    need: str | None = None
    team: str | None = None
    leader: str | None = None
    day: date | None = None
    report: Report = Report()


class ReportForm(Sheet, tag="report_form", frozen=True, kw_only=True):
    """活動報告書 without an order: one sheet a copy, blank where nothing is given."""

    copies: tuple[ReportCopy, ...]
