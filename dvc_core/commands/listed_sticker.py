"""Taking over a list of papers: an exact address counts at the need's place at once, the stricter way.

What is not written alike is proposed on the needs desk (`queries.stickers`); a need that comes later at a
listed address gets the paper as it is taken in (`commands.need_form`).
"""

import uuid
from datetime import date
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.gate_facts import Place, moved, needs_at, places
from dvc_core.commands.sticker import Known, at_places, known_paper, new_paper
from dvc_core.domain import sticker
from dvc_core.domain.day import activity_day
from dvc_core.domain.grading import town_code
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal
from dvc_core.domain.listed import ListedRow, RowTaken
from dvc_core.domain.need import Place as Spot
from dvc_core.domain.operation import Operation
from dvc_core.domain.sticker import Seen, Sticker, StickerAt, StickerSite, StickerSource, at_id
from dvc_core.domain.text import house_key
from dvc_core.ports import Reader


class _Taking(msgspec.Struct, frozen=True, kw_only=True):
    operation: Operation | None
    listed: ListedRow | None
    known: Known | None
    found: tuple[Place, ...]


class TakeSticker(Command, frozen=True, kw_only=True):
    """A paper of a list: written down, or changed when the list now says something else of it."""

    kind: ClassVar[str] = "list.take_sticker"
    role: ClassVar[str] = "import"
    row_id: uuid.UUID
    content: Code
    paper: Code
    colour: Code
    posted_on: date | None = None
    site: StickerSite
    place: Spot = Spot()

    def context(self, reader: Reader, call: Call) -> _Taking:
        """What the row became before, and the needs that stand at exactly this house."""
        listed = reader.get(ListedRow, self.row_id)
        known = known_paper(reader, listed.subject_id) if listed else None
        return _Taking(
            operation=reader.get(Operation, call.operation_id),
            listed=listed,
            known=known,
            found=tuple(self._places(reader, call, listed.subject_id if listed else None)),
        )

    def _places(self, reader: Reader, call: Call, sticker_id: uuid.UUID | None) -> list[Place]:
        """Needs at this house, but those of which something was said about this paper before."""
        house = house_key(self.site.address)
        needs = needs_at(reader, call.operation_id, house, self.place.city_code)
        if sticker_id is not None and needs:
            said = reader.many(StickerAt, [at_id(sticker_id, need.id) for need in needs])
            needs = [need for need in needs if at_id(sticker_id, need.id) not in said]
        return places(reader, needs)

    def decide(self, context: _Taking, call: Call) -> Decision:
        """Nothing of a list opens a door: what was taken down stays so, another colour is another paper."""
        if context.operation is None:
            return Refusal("no-operation")
        seen = sticker.read_seen(
            self.paper,
            self.colour,
            StickerSource.LIST,
            self.posted_on,
            photographed=False,
            today=activity_day(call.now),
        )
        if isinstance(seen, Refusal):
            return seen
        if context.known is None:
            return self._new(context, seen, call)
        return self._changed(context.known, context, seen, call)

    def _row(self, sticker_id: uuid.UUID) -> tuple[StickerSite, Spot]:
        site = msgspec.structs.replace(
            self.site,
            id=sticker_id,
            address=self.site.address.strip(),
            house_key=house_key(self.site.address),
        )
        code = town_code(self.place.city_code, site.town) or self.place.town_code
        return site, msgspec.structs.replace(self.place, town_code=code)

    def _new(self, context: _Taking, seen: Seen, call: Call) -> Decision:
        sticker_id = call.new_id("sticker")
        site, spot = self._row(sticker_id)
        paper = new_paper(sticker_id, seen, call)
        events: list[Event] = [sticker.Posted(id=sticker_id, seen=seen, place=spot)]
        events += self._given(context, paper, call)
        taken = RowTaken(id=self.row_id, of="stickers", subject_id=sticker_id, content=self.content)
        return Outcome(events=(*events, taken), rows=(site,))

    @staticmethod
    def _given(context: _Taking, paper: Sticker, call: Call) -> list[Event]:
        events: list[Event] = []
        for each in context.found:
            events.append(sticker.applied(paper.id, each.need.id))
            facts = each.around.with_stickers([paper])
            events += moved(call.reference, each.need, each.need, facts, each.way)
        return events

    def _changed(self, known: Known, context: _Taking, seen: Seen, call: Call) -> Decision:
        """The list now says another day or other words. Who saw the paper for themselves knows better."""
        row = known.row
        site, _spot = self._row(row.id)
        if row.source is not StickerSource.LIST:
            seen = msgspec.structs.replace(seen, source=row.source, photographed=row.photographed)
        site = msgspec.structs.replace(site, photo=known.site.photo)
        taken = RowTaken(id=self.row_id, of="stickers", subject_id=row.id, content=self.content)
        corrected = sticker.Corrected(id=row.id, seen=seen)
        if not row.counts:
            return Outcome(events=(corrected, taken), rows=(site,))
        changed = msgspec.structs.replace(row, **msgspec.structs.asdict(seen))
        events = [*at_places(call, known.places, changed), *self._given(context, changed, call)]
        return Outcome(events=(corrected, *events, taken), rows=(site,))
