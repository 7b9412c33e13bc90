"""Taking a need in and filling in its form, with what that means for the safety gate: by desk or by list."""

import uuid

import msgspec

from dvc_core.commands.base import Call
from dvc_core.commands.gate_facts import (
    Around,
    Place,
    Way,
    listed_at,
    moved,
    place,
    standing,
    stopped,
    ungraded,
)
from dvc_core.domain import need
from dvc_core.domain.day import NumberTaken, Series, series_id
from dvc_core.domain.grading import town_code
from dvc_core.domain.kernel import Decision, Event, Outcome, Refusal
from dvc_core.domain.need import Details, Need, Site
from dvc_core.domain.need import Place as Spot
from dvc_core.domain.need_gate import ReleaseEnded
from dvc_core.domain.operation import Disaster, Operation
from dvc_core.domain.sticker import Sticker, StickerAt, applied, at_id
from dvc_core.domain.text import address_key, house_key, kana, phone, phone_key
from dvc_core.ports import Reader

NEEDS = "need"


def tidy(site: Site) -> Site:
    """Names, numbers and places as they are kept, with their keys for search and for duplicates."""
    return msgspec.structs.replace(
        site,
        name=site.name.strip(),
        kana=kana(site.kana),
        phone=phone(site.phone),
        phone_key=phone_key(site.phone),
        second_phone=phone(site.second_phone),
        second_key=phone_key(site.second_phone),
        address=site.address.strip(),
        address_key=address_key(site.address),
        house_key=house_key(site.address),
    )


def in_town(spot: Spot, site: Site) -> Spot:
    """The place with the code of its 町丁目, as far as the table of towns knows it."""
    code = town_code(spot.city_code, site.town) or spot.town_code
    return msgspec.structs.replace(spot, town_code=code)


class Receiving(msgspec.Struct, frozen=True, kw_only=True):
    """What taking a need in is decided by; `around` has the papers that lists know at its address."""

    series: Series | None
    operation: Operation | None
    around: Around = Around()


def receiving(reader: Reader, call: Call, site: Site, spot: Spot) -> Receiving:
    """The run of numbers, the kind of disaster, and what is known of the house and its town already."""
    spot = in_town(spot, site)
    operation = reader.get(Operation, call.operation_id)
    listed = listed_at(reader, call.operation_id, house_key(site.address), spot.city_code)
    return Receiving(
        series=reader.get(Series, series_id(call.operation_id, NEEDS)),
        operation=operation,
        around=Around(
            disaster=operation.disaster if operation else Disaster.OTHER,
            stickers=tuple(listed),
            ungraded=ungraded(reader, call.operation_id, spot.city_code, spot.town_code),
        ),
    )


def received(
    call: Call,
    context: Receiving,
    number: NumberTaken,
    site: Site,
    *,
    details: Details,
    spot: Spot,
    whole: bool = True,
) -> Decision:
    """Take a need in under its number, with the papers that hang there: they count at once.

    `whole`: name, telephone, place and 困りごと must be there; a list may leave the telephone out.
    """
    row = Need(
        id=site.id,
        operation_id=call.operation_id,
        number=number.number,
        received_at=call.now,
        **msgspec.structs.asdict(details),
        **msgspec.structs.asdict(spot),
    )
    gate = standing(call.reference, row, context.around).gate
    decision: Decision = Outcome(
        events=(
            number,
            need.Received(id=site.id, number=number.number, details=details, place=spot, gate=gate),
        ),
        rows=(site,),
    )
    if whole:
        decision = need.receive(site.id, number, site, details, spot, gate)
    if isinstance(decision, Refusal) or not context.around.stickers:
        return decision
    papers = [applied(sticker.id, site.id) for sticker in context.around.stickers]
    now = moved(call.reference, row, row, context.around, Way())
    return msgspec.structs.replace(decision, events=(*decision.events, *papers, *now))


class Changing(msgspec.Struct, frozen=True, kw_only=True):
    """What changing a form is decided by; `listed` are the papers of an address that is new to the need."""

    known: Place | None
    site: Site | None
    listed: tuple[Sticker, ...]
    ungraded: bool


def changing(reader: Reader, need_id: uuid.UUID, site: Site, spot: Spot) -> Changing:
    """The need with its papers and visits, whose it is, what hangs at a new address, how its town stands."""
    row, kept = reader.get(Need, need_id), reader.get(Site, need_id)
    house, spot = house_key(site.address), in_town(spot, site)
    listed: list[Sticker] = []
    if row is not None and kept is not None and house != (kept.house_key or house_key(kept.address)):
        listed = listed_at(reader, row.operation_id, house, spot.city_code)
    said = reader.many(StickerAt, [at_id(sticker.id, need_id) for sticker in listed]) if listed else {}
    return Changing(
        known=place(reader, row),
        site=kept,
        listed=tuple(sticker for sticker in listed if at_id(sticker.id, need_id) not in said),
        ungraded=row is not None and ungraded(reader, row.operation_id, spot.city_code, spot.town_code),
    )


def changed(
    call: Call, context: Changing, site: Site, details: Details, spot: Spot, *, seen_version: int
) -> Decision:
    """Fill in or correct a form; a release ends when another colour is told or other work is wanted."""
    known = context.known
    if known is None:
        return Refusal("need-unknown")
    row, spot = known.need, in_town(spot, site)
    site = msgspec.structs.replace(tidy(site), id=row.id)
    after = msgspec.structs.replace(row, **msgspec.structs.asdict(details), **msgspec.structs.asdict(spot))
    ended: list[Event] = []
    if row.released_by is not None and not need.same_danger(row, details):
        after = msgspec.structs.replace(after, released_by=None, released_rules=(), released_stickers=())
        ended = [ReleaseEnded(id=row.id)]
    facts = msgspec.structs.replace(known.around.with_stickers(context.listed), ungraded=context.ungraded)
    gate = standing(call.reference, after, facts).gate
    decision = need.change(row, context.site, site, details, spot, gate, seen_version=seen_version)
    if isinstance(decision, Refusal):
        return decision
    papers = [applied(sticker.id, row.id) for sticker in context.listed]
    if facts.stickers or row.graded is not None:
        now = moved(call.reference, row, after, facts, known.way)
    else:
        now = stopped(row, gate, known.way)
    return msgspec.structs.replace(decision, events=(*decision.events, *ended, *papers, *now))
