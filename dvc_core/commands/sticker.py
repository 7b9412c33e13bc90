"""貼り紙: written down, put right, taken down, given to a need's place or said to be another house's."""

import uuid
from datetime import date
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.gate import with_answer
from dvc_core.commands.gate_facts import Place, moved, needs_at, place, places
from dvc_core.domain import sticker
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal
from dvc_core.domain.need import Need, Site
from dvc_core.domain.need import Place as Spot
from dvc_core.domain.note import write
from dvc_core.domain.sticker import Gone, Seen, Sticker, StickerAt, StickerSite, at_id
from dvc_core.ports import Reader


def new_paper(sticker_id: uuid.UUID, seen: Seen, call: Call) -> Sticker:
    """The paper that `sticker.posted` makes, for working out the gate in the same act."""
    return Sticker(
        id=sticker_id,
        operation_id=call.operation_id,
        recorded_at=call.now,
        **msgspec.structs.asdict(seen),
    )


def at_places(
    call: Call, found: list[Place] | tuple[Place, ...], changed: Sticker | None = None
) -> list[Event]:
    """The gates of the places where a paper hangs, with the paper as it is after the act."""
    events: list[Event] = []
    for each in found:
        facts = each.around if changed is None else each.around.with_stickers([changed])
        events += moved(call.reference, each.need, each.need, facts, each.way)
    return events


class _Posting(msgspec.Struct, frozen=True, kw_only=True):
    known: Place | None
    others: tuple[Place, ...]
    site: Site | None
    reasons: dict[uuid.UUID, str]


class Post(Command, frozen=True, kw_only=True):
    """Write a paper down that hangs at the place of a need, and of every other need at the same house.

    `lived_in` None: nobody asked.
    """

    kind: ClassVar[str] = "sticker.post"
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID
    paper: Code
    colour: Code
    source: Code
    posted_on: date | None = None
    reason: str = ""
    photo: str = ""
    lived_in: bool | None = None

    def context(self, reader: Reader, call: Call) -> _Posting:
        """The need with its papers and what is written on them; other needs at the same house."""
        known, site = place(reader, reader.get(Need, self.need_id)), reader.get(Site, self.need_id)
        papers = known.around.stickers if known else ()
        sites = reader.many(StickerSite, [paper.id for paper in papers])
        others = (
            needs_at(reader, known.need.operation_id, site.house_key, known.need.city_code)
            if known and site
            else []
        )
        return _Posting(
            known=known,
            others=tuple(places(reader, [need for need in others if need.id != self.need_id])),
            site=site,
            reasons={i: site.reason for i, site in sites.items()},
        )

    def decide(self, context: _Posting, call: Call) -> Decision:
        """A known kind and colour, not of tomorrow, not the same paper twice."""
        known = context.known
        if known is None:
            return Refusal("need-unknown")
        seen = sticker.read_seen(
            self.paper,
            self.colour,
            self.source,
            self.posted_on,
            photographed=bool(self.photo.strip()),
            today=activity_day(call.now),
        )
        if isinstance(seen, Refusal):
            return seen
        papers = [(paper, context.reasons.get(paper.id, "")) for paper in known.around.stickers]
        if sticker.twice(seen, self.reason, papers):
            return Refusal("sticker-twice", {"number": known.need.number})
        sticker_id = call.new_id("sticker")
        need, site = known.need, context.site
        spot = Spot(lat=need.lat, lng=need.lng, city_code=need.city_code, town_code=need.town_code)
        after, events = with_answer(need, lived_in=self.lived_in)
        paper = new_paper(sticker_id, seen, call)
        facts = known.around.with_stickers([paper])
        return Outcome(
            events=(
                sticker.Posted(id=sticker_id, seen=seen, place=spot),
                sticker.applied(sticker_id, need.id),
                *events,
                *moved(call.reference, need, after, facts, known.way),
                *(
                    event
                    for each in context.others
                    for event in (sticker.applied(sticker_id, each.need.id), *at_places(call, [each], paper))
                ),
            ),
            rows=(
                StickerSite(
                    id=sticker_id,
                    address=site.address if site else "",
                    house_key=site.house_key if site else "",
                    town=site.town if site else "",
                    reason=self.reason.strip(),
                    photo=self.photo.strip(),
                ),
            ),
        )


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A paper with what is written on it and the places where it hangs."""

    row: Sticker
    site: StickerSite
    places: tuple[Place, ...]


def known_paper(reader: Reader, sticker_id: uuid.UUID) -> Known | None:
    """All about one paper."""
    row, site = reader.get(Sticker, sticker_id), reader.get(StickerSite, sticker_id)
    if row is None or site is None:
        return None
    links = [at for at in reader.find(StickerAt, sticker_id=sticker_id) if not at.apart]
    needs = reader.many(Need, [at.need_id for at in links])
    return Known(row=row, site=site, places=tuple(places(reader, list(needs.values()))))


class _OnePaper(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "needs"
    sticker_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Known | None:
        """The paper and where it hangs."""
        return known_paper(reader, self.sticker_id)


class Correct(_OnePaper, frozen=True, kw_only=True):
    """Put right what was written down of a paper."""

    kind: ClassVar[str] = "sticker.correct"
    paper: Code
    colour: Code
    source: Code
    posted_on: date | None = None
    reason: str = ""
    photo: str = ""

    def decide(self, context: Known | None, call: Call) -> Decision:
        """A paper that still counts; its places are worked out anew."""
        if context is None:
            return Refusal("sticker-unknown")
        if not context.row.counts:
            return Refusal("sticker-gone")
        seen = sticker.read_seen(
            self.paper,
            self.colour,
            self.source,
            self.posted_on,
            photographed=bool(self.photo.strip()),
            today=activity_day(call.now),
        )
        if isinstance(seen, Refusal):
            return seen
        changed = msgspec.structs.replace(context.row, **msgspec.structs.asdict(seen))
        site = msgspec.structs.replace(context.site, reason=self.reason.strip(), photo=self.photo.strip())
        corrected = sticker.Corrected(id=context.row.id, seen=seen)
        return Outcome(events=(corrected, *at_places(call, context.places, changed)), rows=(site,))


class TakeDown(_OnePaper, frozen=True, kw_only=True):
    """A paper counts no more: its thing is gone, it was graded anew, or it was written down by mistake."""

    kind: ClassVar[str] = "sticker.take_down"
    gone: Code
    removed_on: date | None = None
    reason: str

    def decide(self, context: Known | None, call: Call) -> Decision:
        """In words, since it may open a door."""
        if context is None:
            return Refusal("sticker-unknown")
        if not context.row.counts:
            return Refusal("sticker-gone")
        if self.gone not in set(Gone):
            return Refusal("sticker-gone-why")
        if self.removed_on is not None and self.removed_on > activity_day(call.now):
            return Refusal("sticker-date-future")
        if not self.reason.strip():
            return Refusal("reason-missing")
        row = context.row
        taken = sticker.TakenDown(id=row.id, gone=Gone(self.gone), removed_on=self.removed_on)
        changed = msgspec.structs.replace(row, removed_at=call.now)
        noted, rows = write(call.new_id("why"), row.id, "sticker-down", self.reason, about_person=True)
        return Outcome(events=(taken, *at_places(call, context.places, changed), *noted), rows=rows)


class _Giving(msgspec.Struct, frozen=True, kw_only=True):
    paper: Known | None
    at: StickerAt | None
    target: Place | None


class _PaperAndNeed(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "needs"
    sticker_id: uuid.UUID
    need_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> _Giving:
        """The paper, the need's place, and what was said of the two before."""
        return _Giving(
            paper=known_paper(reader, self.sticker_id),
            at=reader.get(StickerAt, at_id(self.sticker_id, self.need_id)),
            target=place(reader, reader.get(Need, self.need_id)),
        )


class Apply(_PaperAndNeed, frozen=True, kw_only=True):
    """A person says: this paper hangs at this need's place, though the addresses are not written alike."""

    kind: ClassVar[str] = "sticker.apply"

    def decide(self, context: _Giving, call: Call) -> Decision:
        """A paper that counts, once."""
        if context.paper is None:
            return Refusal("sticker-unknown")
        if context.target is None:
            return Refusal("need-unknown")
        row, target = context.paper.row, context.target
        if not row.counts:
            return Refusal("sticker-gone")
        if context.at is not None and not context.at.apart:
            return Refusal("sticker-there", {"number": target.need.number})
        facts = target.around.with_stickers([row])
        gate_now = moved(call.reference, target.need, target.need, facts, target.way)
        return Outcome(events=(sticker.applied(row.id, target.need.id), *gate_now))


class PutApart(_PaperAndNeed, frozen=True, kw_only=True):
    """A person says: this paper is another house's."""

    kind: ClassVar[str] = "sticker.put_apart"
    reason: str = ""

    def decide(self, context: _Giving, call: Call) -> Decision:
        """A mere proposal is put away as it is; a paper that counted there only with a reason."""
        if context.paper is None:
            return Refusal("sticker-unknown")
        if context.target is None:
            return Refusal("need-unknown")
        row, target = context.paper.row, context.target
        if context.at is not None and context.at.apart:
            return Refusal("sticker-apart", {"number": target.need.number})
        apart_id = at_id(row.id, target.need.id)
        apart = sticker.SetApart(id=apart_id, sticker_id=row.id, need_id=target.need.id)
        if context.at is None:
            noted, rows = write(call.new_id("why"), apart_id, "sticker-apart", self.reason, about_person=True)
            return Outcome(events=(apart, *noted), rows=rows)
        if not self.reason.strip():
            return Refusal("reason-missing")
        facts = target.around.without(row.id)
        gate_now = moved(call.reference, target.need, target.need, facts, target.way)
        noted, rows = write(call.new_id("why"), apart_id, "sticker-apart", self.reason, about_person=True)
        return Outcome(events=(apart, *gate_now, *noted), rows=rows)
