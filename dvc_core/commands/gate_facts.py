"""What the safety gate of a need is decided by, read once; and the events that follow when it moves.

Every act that changes one of these facts writes the need itself (`need.gate_set`): two desks that change two
papers of one house at the same moment meet on that row, and the second decides with what the first one did.
"""

import uuid
from collections.abc import Iterable, Sequence

import msgspec

from dvc_core.domain.attendance import Attendance
from dvc_core.domain.gate import SHUT, Case, Standing, decide, strictest
from dvc_core.domain.gate_check import GateCheck, latest
from dvc_core.domain.grading import GradedArea, area_id, is_ungraded
from dvc_core.domain.kernel import Code, Event
from dvc_core.domain.need import Gate, Need, Site, Whose
from dvc_core.domain.need_gate import GateSet, VisitStopped
from dvc_core.domain.operation import Disaster, Operation
from dvc_core.domain.recall import Recall, RecallRaised, recall_id
from dvc_core.domain.reference import Reference
from dvc_core.domain.sticker import Sticker, StickerAt, StickerSite
from dvc_core.domain.visit import Visit, VisitState
from dvc_core.ports import Reader

_OVER = frozenset({VisitState.OUT, VisitState.REPORTED, VisitState.CANCELLED})
FEW = 3
"""Up to so many needs are read one by one; for more the tables of the operation are read whole."""


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What decides the gate beside the need itself."""

    disaster: Disaster = Disaster.OTHER
    stickers: tuple[Sticker, ...] = ()
    check: GateCheck | None = None
    ungraded: bool = False

    def with_stickers(self, more: Iterable[Sticker]) -> "Around":
        """The same with further papers, each counted once, the newer knowledge of one before the older."""
        known = {sticker.id: sticker for sticker in (*self.stickers, *more)}
        return msgspec.structs.replace(self, stickers=tuple(known.values()))

    def without(self, sticker_id: uuid.UUID) -> "Around":
        """The same without one paper."""
        return msgspec.structs.replace(
            self, stickers=tuple(sticker for sticker in self.stickers if sticker.id != sticker_id)
        )


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to go there, or is there: visits that are not over, teams that are out, those called back."""

    waiting: tuple[Visit, ...] = ()
    out: tuple[uuid.UUID, ...] = ()
    called_back: frozenset[uuid.UUID] = frozenset()


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A need with all that its gate is decided by and all that the gate decides about."""

    need: Need
    around: Around
    way: Way


def around(reader: Reader, need: Need) -> Around:
    """The facts of one need."""
    return arounds(reader, need.operation_id, [need])[need.id]


def arounds(reader: Reader, operation_id: uuid.UUID, needs: Sequence[Need]) -> dict[uuid.UUID, Around]:
    """The facts of several needs of one operation."""
    operation = reader.get(Operation, operation_id)
    one_by_one = [{"need_id": need.id} for need in needs] if len(needs) <= FEW else [{}]
    same = {"operation_id": operation_id}
    links = [at for of in one_by_one for at in reader.find(StickerAt, **same, **of) if not at.apart]
    checks = [check for of in one_by_one for check in reader.find(GateCheck, **same, **of)]
    stickers = reader.many(Sticker, {at.sticker_id for at in links})
    areas = _areas(reader, operation_id, needs)
    return {
        need.id: Around(
            disaster=operation.disaster if operation else Disaster.OTHER,
            stickers=tuple(
                stickers[at.sticker_id] for at in links if at.need_id == need.id and at.sticker_id in stickers
            ),
            check=latest([check for check in checks if check.need_id == need.id]),
            ungraded=is_ungraded(*_area(areas, operation_id, need)),
        )
        for need in needs
    }


def _areas(reader: Reader, operation_id: uuid.UUID, needs: Sequence[Need]) -> dict[uuid.UUID, GradedArea]:
    ids = {
        area_id(operation_id, need.city_code, town)
        for need in needs
        if need.city_code
        for town in (need.town_code, None)
    }
    return reader.many(GradedArea, ids)


def _area(
    areas: dict[uuid.UUID, GradedArea], operation_id: uuid.UUID, need: Need
) -> tuple[GradedArea | None, GradedArea | None]:
    if need.city_code is None:
        return None, None
    town = areas.get(area_id(operation_id, need.city_code, need.town_code)) if need.town_code else None
    return town, areas.get(area_id(operation_id, need.city_code))


def ungraded(reader: Reader, operation_id: uuid.UUID, city_code: Code | None, town_code: Code | None) -> bool:
    """Whether the chief has said that quick inspection never came there."""
    if city_code is None:
        return False
    town = reader.get(GradedArea, area_id(operation_id, city_code, town_code)) if town_code else None
    return is_ungraded(town, reader.get(GradedArea, area_id(operation_id, city_code)))


def place(reader: Reader, need: Need | None) -> Place | None:
    """One need with its facts and who is on the way there."""
    return None if need is None else places(reader, [need])[0]


def places(reader: Reader, needs: Sequence[Need]) -> list[Place]:
    """Several needs of one operation."""
    if not needs:
        return []
    operation_id = needs[0].operation_id
    facts = arounds(reader, operation_id, needs)
    one_by_one = [{"need_id": need.id} for need in needs] if len(needs) <= FEW else [{}]
    visits = [v for of in one_by_one for v in reader.find(Visit, operation_id=operation_id, **of)]
    return [
        Place(
            need=need,
            around=facts[need.id],
            way=_way(reader, [visit for visit in visits if visit.need_id == need.id]),
        )
        for need in needs
    ]


def _way(reader: Reader, visits: Sequence[Visit]) -> Way:
    """A team is there when it has left by its order, and when its people have by the kiosk."""
    teams = [visit.team_id for visit in visits if visit.state is VisitState.OUT and visit.team_id]
    for visit in visits:
        if visit.state not in _OVER and visit.team_id is not None:
            people = reader.find(Attendance, team_id=visit.team_id)
            teams += [visit.team_id] if any(person.out for person in people) else []
    recalls = reader.many(Recall, [recall_id(team) for team in teams]) if teams else {}
    return Way(
        waiting=tuple(visit for visit in visits if visit.state not in _OVER),
        out=tuple(teams),
        called_back=frozenset(row.team_id for row in recalls.values()),
    )


def case_of(reference: Reference, need: Need, facts: Around) -> Case:
    """A need and its facts as the gate's table is asked about them.

    The center works where it has looked itself (practice 2.2), so its own needs enter no doubtful house.
    """
    own = need.whose is Whose.CENTER
    inside = not own and reference.enters(need.works, inside=need.inside)
    return Case(
        disaster=facts.disaster,
        inside=inside,
        near=reference.stays_near(need.works, inside=inside),
        told=need.hazard,
        stickers=facts.stickers,
        lived_in=need.lived_in,
        ungraded=facts.ungraded,
        check=facts.check,
        released=_released(reference, need),
        released_stickers=frozenset(need.released_stickers),
    )


def _released(reference: Reference, need: Need) -> frozenset[Code]:
    """The lines that a release stands against; an entry of the first schema did not say which."""
    if need.released_by and not need.released_rules and need.gate is Gate.CONDITIONAL:
        return frozenset(rule.code for rule in reference.gate if rule.gate is Gate.HELD)
    return frozenset(need.released_rules)


def standing(reference: Reference, need: Need, facts: Around) -> Standing:
    """How the gate of a need stands by these facts, with its reasons."""
    return decide(reference.gate, reference.checks, case_of(reference, need, facts))


def at_this_moment(reference: Reference, need: Need, facts: Around) -> Standing:
    """The stricter of what is stored and what the table says now: nobody leaves on an older table."""
    now = standing(reference, need, facts)
    return msgspec.structs.replace(now, gate=strictest((now.gate, need.gate)))


def moved(reference: Reference, before: Need, after: Need, facts: Around, there: Way) -> list[Event]:
    """The gate as it now stands, and what that stops: visits that wait, teams that must be called back.

    `after` is the need with what the act changes of it; `facts` are those after the act.
    """
    now = standing(reference, after, facts)
    first = now.first
    events: list[Event] = [
        GateSet(id=after.id, gate=now.gate, graded=now.graded, rule=first.rule, sticker_id=first.sticker_id)
    ]
    return [*events, *stopped(before, now.gate, there)]


def stopped(before: Need, gate: Gate, there: Way) -> list[Event]:
    """What follows when the gate comes to stand so: nothing while it lets people through."""
    if gate not in SHUT:
        return []
    turned = before.gate not in SHUT
    events: list[Event] = [VisitStopped(id=visit.id) for visit in there.waiting if turned]
    events += [
        RecallRaised(id=recall_id(team), team_id=team, need_id=before.id)
        for team in there.out
        if turned or team not in there.called_back
    ]
    return events


def listed_at(reader: Reader, operation_id: uuid.UUID, house: str, city_code: Code | None) -> list[Sticker]:
    """The papers that count at exactly this house, whoever told of them."""
    if not house:
        return []
    sites = reader.find(StickerSite, house_key=house)
    found = reader.many(Sticker, [site.id for site in sites]).values() if sites else ()
    return sorted(
        (
            sticker
            for sticker in found
            if sticker.operation_id == operation_id
            and sticker.counts
            and same_city(sticker.city_code, city_code)
        ),
        key=lambda sticker: sticker.id,
    )


def needs_at(reader: Reader, operation_id: uuid.UUID, house: str, city_code: Code | None) -> list[Need]:
    """The operation's needs that stand at exactly this house, by number; joined ones are part of another."""
    sites = reader.find(Site, house_key=house) if house else []
    found = reader.many(Need, [site.id for site in sites]).values() if sites else ()
    return sorted(
        (
            need
            for need in found
            if need.operation_id == operation_id
            and need.same_as is None
            and same_city(city_code, need.city_code)
        ),
        key=lambda need: need.number,
    )


def same_city(one: Code | None, other: Code | None) -> bool:
    """Whether the cities agree; one that is not known agrees with every one: the stricter way."""
    return one is None or other is None or one == other
