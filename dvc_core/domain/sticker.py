"""応急危険度判定の貼り紙: any number of them at a place, each of a building or of one thing that may fall.

A paper is about danger from aftershocks and nothing else: it is no grade of damage (罹災証明 is another
survey) and no order to pull down (field2026 2.5). A red A4 for a wall does not make the house red. What a
paper means for the work there is decided by `domain.gate`.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Code, Coordinate, Event, Personal, Refusal, Row, Stamp, derive
from dvc_core.domain.need import Place
from dvc_core.domain.person_facts import HazardGrade


class StickerKind(StrEnum):
    """What the paper speaks of: A3 the building, A4 a thing that may fall or topple (field2026 2.5)."""

    BUILDING = "building"
    FALLING = "falling"
    TOPPLING = "toppling"


class StickerColour(StrEnum):
    """The colour, which says how near the danger is."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"

    @property
    def grade(self) -> HazardGrade:
        """The colour as the form of a need says it."""
        return HazardGrade(self.value)


class StickerSource(StrEnum):
    """How the center knows of it."""

    SEEN = "seen-by-surveyor"
    TOLD = "told-by-resident"
    LIST = "list"


class Gone(StrEnum):
    """Why a paper counts no more. A paper that only wind and rain took still counts."""

    THING_GONE = "thing-gone"
    REGRADED = "regraded"
    MISTAKE = "mistake"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a paper says, as codes."""

    kind: StickerKind
    colour: StickerColour
    source: StickerSource
    posted_on: date | None = None
    photographed: bool = False


class Sticker(Row, frozen=True, kw_only=True):
    """One paper. `recorded_at` is when the center came to know of it; `removed_at` ends its meaning."""

    table: ClassVar[str] = "sticker"
    operation_id: uuid.UUID
    kind: StickerKind
    colour: StickerColour
    source: StickerSource
    posted_on: date | None = None
    photographed: bool = False
    recorded_at: datetime
    removed_at: datetime | None = None
    removed_on: date | None = None
    gone: Gone | None = None
    lat: Coordinate | None = None
    lng: Coordinate | None = None
    city_code: Code | None = None
    town_code: Code | None = None

    @property
    def counts(self) -> bool:
        """Whether it still hangs there, as far as the center knows."""
        return self.removed_at is None


class StickerSite(Personal, frozen=True, kw_only=True):
    """Where a paper hangs and what is written on it. `house_key` is that of `domain.text`.

    `photo` says where its picture lies (a tablet and a number, a camera): pictures themselves stay out of the
    database, where one costs as much as a hundred needs in every backup and change log.
    """

    table: ClassVar[str] = "sticker_site"
    follows: ClassVar[type[Row]] = Sticker
    address: str = ""
    house_key: str = ""
    town: str = ""
    reason: str = ""
    photo: str = ""
    note: str = ""


class StickerAt(Row, frozen=True, kw_only=True):
    """That a paper hangs at the place of a need, or (`apart`) that a person said it does not."""

    table: ClassVar[str] = "sticker_at"
    operation_id: uuid.UUID
    sticker_id: uuid.UUID
    need_id: uuid.UUID
    apart: bool = False


class Posted(Event, frozen=True, kw_only=True):
    """A paper became known."""

    kind: ClassVar[str] = "sticker.posted"
    subject: ClassVar[type[Row]] = Sticker
    seen: Seen
    place: Place = Place()

    def evolve(self, row: Sticker | None, stamp: Stamp) -> Sticker:
        """A new paper of the operation."""
        return Sticker(
            id=self.id,
            operation_id=stamp.operation_id,
            recorded_at=stamp.occurred_at,
            lat=self.place.lat,
            lng=self.place.lng,
            city_code=self.place.city_code,
            town_code=self.place.town_code,
            **msgspec.structs.asdict(self.seen),
        )


class Corrected(Event, frozen=True, kw_only=True):
    """What was written down of a paper was put right."""

    kind: ClassVar[str] = "sticker.corrected"
    subject: ClassVar[type[Row]] = Sticker
    seen: Seen

    def evolve(self, row: Sticker, stamp: Stamp) -> Sticker:
        """As it is now known."""
        return msgspec.structs.replace(row, **msgspec.structs.asdict(self.seen))


class TakenDown(Event, frozen=True, kw_only=True):
    """A paper counts no more: its thing is gone, another grade took its place, or it never was."""

    kind: ClassVar[str] = "sticker.taken_down"
    subject: ClassVar[type[Row]] = Sticker
    gone: Gone
    removed_on: date | None = None

    def evolve(self, row: Sticker, stamp: Stamp) -> Sticker:
        """Removed then; the row stays."""
        return msgspec.structs.replace(
            row, removed_at=stamp.occurred_at, gone=self.gone, removed_on=self.removed_on
        )


class Applied(Event, frozen=True, kw_only=True):
    """A paper hangs at the place of this need."""

    kind: ClassVar[str] = "sticker_at.applied"
    subject: ClassVar[type[Row]] = StickerAt
    sticker_id: uuid.UUID
    need_id: uuid.UUID

    def evolve(self, row: StickerAt | None, stamp: Stamp) -> StickerAt:
        """It counts there."""
        return StickerAt(
            id=self.id,
            operation_id=stamp.operation_id,
            sticker_id=self.sticker_id,
            need_id=self.need_id,
        )


class SetApart(Event, frozen=True, kw_only=True):
    """A person said that the paper is another house's; it is not proposed again."""

    kind: ClassVar[str] = "sticker_at.set_apart"
    subject: ClassVar[type[Row]] = StickerAt
    sticker_id: uuid.UUID
    need_id: uuid.UUID

    def evolve(self, row: StickerAt | None, stamp: Stamp) -> StickerAt:
        """It does not count there."""
        return StickerAt(
            id=self.id,
            operation_id=stamp.operation_id,
            sticker_id=self.sticker_id,
            need_id=self.need_id,
            apart=True,
        )


def at_id(sticker_id: uuid.UUID, need_id: uuid.UUID) -> uuid.UUID:
    """One row a paper and need."""
    return derive(sticker_id, "at", need_id)


def applied(sticker_id: uuid.UUID, need_id: uuid.UUID) -> Applied:
    """The event that a paper hangs at a need's place."""
    return Applied(id=at_id(sticker_id, need_id), sticker_id=sticker_id, need_id=need_id)


def read_seen(
    kind: str, colour: str, source: str, posted_on: date | None, *, photographed: bool, today: date
) -> Seen | Refusal:
    """What somebody wrote down of a paper, or what is wrong with it."""
    if kind not in set(StickerKind):
        return Refusal("sticker-kind-unknown")
    if colour not in set(StickerColour):
        return Refusal("sticker-colour-unknown")
    if source not in set(StickerSource):
        return Refusal("sticker-source-unknown")
    if posted_on is not None and posted_on > today:
        return Refusal("sticker-date-future")
    return Seen(
        kind=StickerKind(kind),
        colour=StickerColour(colour),
        source=StickerSource(source),
        posted_on=posted_on,
        photographed=photographed,
    )


def twice(seen: Seen, reason: str, known: Iterable[tuple[Sticker, str]]) -> bool:
    """Whether this paper stands there already: a building has one of a colour, a thing one of its words.

    `known` are the papers that count there, each with the words of its reason.
    """
    return any(
        (row.kind, row.colour) == (seen.kind, seen.colour)
        and (row.kind is StickerKind.BUILDING or _plain(words) == _plain(reason))
        for row, words in known
        if row.counts
    )


def _plain(words: str) -> str:
    return "".join(words.split()).casefold()
