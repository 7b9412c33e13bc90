"""ニーズ受付票 and 現地調査票: what is asked on the telephone and looked at on the spot.

The fields are those of other centers (practice 3.4, 4.8, 4.9, 5.2); the council's own are 未確認.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from dvc_core.domain.need import SurveyNeeded
from dvc_core.forms.sheet import Sheet

WorkKind = Literal[
    "clear-house", "cleaning", "mud", "mud-under-floor", "sandbags", "yard", "tiles", "carry-to-dump",
    "roof-sheet", "moving", "shelter-help", "shopping-water", "listening", "other",
]  # fmt: skip
"""The works of the paper, by their codes in the table of works; what is not there is written in words."""

Household = Literal["alone_old", "old_only", "needs_support", "small_child", "foreign", "other"]


class NeedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One ニーズ受付票 in the order of a telephone call: name, phone, place and 困りごと first."""

    number: str
    need: str | None = None
    received_at: datetime | None = None
    via: Literal["phone", "visit", "round", "web", "welfare_volunteer", "agency"] | None = None
    received_by: str | None = None
    duplicate_checked: bool | None = None
    name: str | None = None
    kana: str | None = None
    phone: str | None = None
    address: str | None = None
    trouble: str | None = None
    caller: Literal["self", "family", "neighbour", "welfare_volunteer", "care_center", "other"] | None = None
    caller_note: str | None = None
    reachable: str | None = None
    second_contact: str | None = None
    household: tuple[Household, ...] = ()
    household_note: str | None = None
    housing: Literal["owned", "rented", "shared", "business"] | None = None
    owner_consent: bool | None = None
    structure: str | None = None
    sticker: Literal["green", "yellow", "red", "none", "unknown"] | None = None
    damage: str | None = None
    photos_taken: bool | None = None
    certificate_asked: bool | None = None
    electricity: bool | None = None
    water: bool | None = None
    work_kinds: tuple[WorkKind, ...] = ()
    work_note: str | None = None
    quantity: str | None = None
    places: tuple[Literal["indoors", "outdoors", "under_floor", "roof"], ...] = ()
    disposal: str | None = None
    wanted: str | None = None
    deadline: date | None = None
    people: str | None = None
    conditions: str | None = None
    tools: str | None = None
    parking: str | None = None
    toilet: bool | None = None
    rest_place: bool | None = None
    pets: str | None = None
    witness: str | None = None
    survey: SurveyNeeded | None = None
    crisis: bool | None = None
    watch_over: bool | None = None
    judgement_note: str | None = None
    consent: tuple[Literal["city", "care_center", "npo", "lawyers", "press"], ...] = ()


class NeedForm(Sheet, tag="need_form", frozen=True, kw_only=True):
    """ニーズ受付票: two pages a copy, blank where nothing is given."""

    copies: tuple[NeedEntry, ...]


class Sticker(msgspec.Struct, frozen=True, kw_only=True):
    """One 応急危険度判定の貼り紙 found on the spot; a place may have several (field2026 2.5)."""

    paper: Literal["building", "falling", "toppling"] | None = None
    colour: Literal["green", "yellow", "red"] | None = None
    reason: str | None = None


class SurveyEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One 現地調査票: may people enter and work, how many, what work; with the reasons in words."""

    number: str
    need: str | None = None
    address: str | None = None
    household: str | None = None
    phone: str | None = None
    surveyed_at: datetime | None = None
    surveyors: str | None = None
    attempts: str | None = None
    met: bool | None = None
    met_whom: str | None = None
    stickers: tuple[Sticker, ...] = ()
    ungraded: bool | None = None
    lived_in: bool | None = None
    dangers: tuple[
        Literal[
            "tilt",
            "ceiling",
            "block_wall",
            "gas",
            "wires",
            "asbestos",
            "slope",
            "floor",
            "sewage",
            "heat",
            "glass",
        ],
        ...,
    ] = ()
    danger_note: str | None = None
    water_damage: Literal["above_floor", "below_floor", "mud", "none"] | None = None
    answer: Literal["yes", "conditional", "no"] | None = None
    answer_reason: str | None = None
    conditions: str | None = None
    refer_to: str | None = None
    work_kinds: tuple[WorkKind, ...] = ()
    work_note: str | None = None
    not_done: str | None = None
    quantity: str | None = None
    people: int | None = None
    days: int | None = None
    people_reason: str | None = None
    tools: str | None = None
    tools_reason: str | None = None
    parking: str | None = None
    toilet: bool | None = None
    disposal: str | None = None
    photos_taken: bool | None = None
    own_photos: bool | None = None
    priority: Literal["life", "vulnerable", "deadline", "rot", "order"] | None = None
    finished_when: str | None = None
    crisis: bool | None = None
    watch_over: bool | None = None
    judged_by: str | None = None
    released_by: str | None = None


class SurveyForm(Sheet, tag="survey_form", frozen=True, kw_only=True):
    """現地調査票: two pages a copy with room for a sketch, blank where nothing is given."""

    copies: tuple[SurveyEntry, ...]
