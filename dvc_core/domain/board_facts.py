"""What councils of a block tell each other (情報共有): aggregates by type, no field that could hold a name.

Words and groups are what councils published after recent disasters: 開所 and 活動開始 are two dates, and
現地活動者数 is not 受付人数. Numbers, codes and days only; there is no free text.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

import msgspec

Amount = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
"""How many of something. The bound keeps a slipped key from standing on everyone's board."""


class CouncilState(StrEnum):
    """Where a council's center stands; the words of `Feature` of the kind council."""

    NONE = "none"
    CONSIDERING = "considering"
    PREPARING = "preparing"
    OPEN = "open"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Range(StrEnum):
    """募集範囲."""

    NOBODY = "nobody"
    CITY = "city"
    NEARBY = "nearby"
    PREFECTURE = "prefecture"
    REGION = "region"
    NATION = "nation"


class ReceptionMode(StrEnum):
    """事前登録・当日受付."""

    BOOKED = "booked"
    SAME_DAY = "same-day"
    BOTH = "both"
    CLOSED = "closed"


class Help(StrEnum):
    """応援要請."""

    NOT_NEEDED = "not-needed"
    CONSIDERED = "considered"
    ASKED = "asked"
    CAN_GIVE = "can-give"


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One council's state in numbers; None is 'not told', which is not nought.

    `person_days` is 必要延べ人数; of the day are `people_came` (受付人数), `people_active` (活動人数) and
    `people_on_site` (現地活動者数), of the operation `people_total` (累計). `help_*` are the heads, days and
    trucks that are asked for.
    """

    state: CouncilState | None = None
    opened_on: date | None = None
    active_from: date | None = None
    closed_on: date | None = None
    next_rest: date | None = None
    range_people: Range | None = None
    range_groups: Range | None = None
    reception: ReceptionMode | None = None
    places: Amount | None = None
    needs_today: Amount | None = None
    needs_total: Amount | None = None
    needs_done: Amount | None = None
    needs_withdrawn: Amount | None = None
    needs_handed: Amount | None = None
    needs_left: Amount | None = None
    person_days: Amount | None = None
    people_came: Amount | None = None
    people_active: Amount | None = None
    people_on_site: Amount | None = None
    people_total: Amount | None = None
    help: Help | None = None
    help_staff: Amount | None = None
    help_days: Amount | None = None
    help_trucks: Amount | None = None


ITEMS: tuple[str, ...] = Told.__struct_fields__
"""Every kind of cell, in the order in which sheets and tiles show them."""

GROUPS: dict[str, tuple[str, ...]] = {
    "state": ("state", "opened_on", "active_from", "closed_on", "next_rest"),
    "recruiting": ("range_people", "range_groups", "reception", "places"),
    "needs": (
        *("needs_today", "needs_total", "needs_done", "needs_withdrawn", "needs_handed", "needs_left"),
        "person_days",
    ),
    "people": ("people_came", "people_active", "people_on_site", "people_total"),
    "help": ("help", "help_staff", "help_days", "help_trucks"),
}
"""The items by their heading; words: `board.group.<group>`, `board.item.<item>`."""
