"""What every printed sheet carries, and the small parts that several forms share."""

from datetime import datetime
from typing import Literal

import msgspec

from dvc_core.i18n import Language

Modules = tuple[str, ...]
"""A QR code's module matrix: one string of 0 and 1 a row, square; a white border in it does no harm."""

Source = Literal["qr", "kiosk", "desk", "paper", "import", "rule", "inject", "cli"]
"""Where a journal entry came from (DESIGN 3)."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """Furniture of every form. Instants are aware; the sheet shows them in Asia/Tokyo.

    `drill` is the drill's name: with it every sheet carries the watermark 訓練 and a line that says so.
    `language` is that of the labels on sheets which volunteers read; the catalogue falls back to Japanese.
    """

    council: str
    printed_at: datetime
    center: str = ""
    printed_by: str | None = None
    drill: str | None = None
    language: Language = "ja"


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person of a team by 受付番号; the name only where the sheet needs it (practice 3.4)."""

    number: str
    name: str | None = None


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of tool lent to a team, with the number of pieces."""

    name: str
    count: int | None = None
