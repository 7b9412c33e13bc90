"""貼り紙 for the desks: those of a need, those of listed places, and which listed place may be which house.

What stands on a paper and where it hangs are shown to the needs desk alone; for everyone there are counts.
"""

import uuid
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from dvc_core.domain.gate_check import CheckSaid, GateCheck
from dvc_core.domain.grading import GradedArea
from dvc_core.domain.need import Need, Site
from dvc_core.domain.sticker import Sticker, StickerAt, StickerKind, StickerSite, at_id
from dvc_core.domain.text import house_key, same_beginning
from dvc_core.ports import Reader
from dvc_core.queries import actors
from dvc_core.queries.base import query


class StickerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One paper with what is written on it."""

    sticker: Sticker
    site: StickerSite


class CheckLine(msgspec.Struct, frozen=True, kw_only=True):
    """One check with who looked, what they said, and who wrote it down."""

    check: GateCheck
    said: CheckSaid | None
    by: str


class OfNeed(msgspec.Struct, frozen=True, kw_only=True):
    """The papers of a need's place (those that count first), its checks (the last one first), proposals.

    `apart` are papers that somebody put to another house, `proposed` those whose address begins alike.
    """

    papers: tuple[StickerLine, ...]
    checks: tuple[CheckLine, ...]
    apart: tuple[StickerLine, ...]
    proposed: tuple[StickerLine, ...]
    released_by: str = ""


@query("stickers.of_need", role="needs")
def of_need(reader: Reader, need_id: uuid.UUID) -> OfNeed:
    """All that the card of a need shows of its place."""
    need, site = reader.get(Need, need_id), reader.get(Site, need_id)
    links = reader.find(StickerAt, need_id=need_id)
    lines = _lines(reader, [at.sticker_id for at in links])
    checks = reader.find(GateCheck, need_id=need_id)
    said = reader.many(CheckSaid, [check.id for check in checks])
    released = need.released_by if need else None
    names = actors.called(
        reader, {check.recorded_by for check in checks} | ({released} if released else set())
    )
    here = [lines[at.sticker_id] for at in links if at.sticker_id in lines and not at.apart]
    proposed = _near(reader, need.operation_id, [_house(need, site)]) if need and site else []
    return OfNeed(
        papers=tuple(sorted(here, key=_order)),
        checks=tuple(
            CheckLine(check=check, said=said.get(check.id), by=names[check.recorded_by])
            for check in sorted(checks, key=lambda c: (c.checked_on, c.number), reverse=True)
        ),
        apart=tuple(lines[at.sticker_id] for at in links if at.sticker_id in lines and at.apart),
        proposed=tuple(each.line for each in proposed),
        released_by=names[released] if released else "",
    )


def _lines(reader: Reader, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, StickerLine]:
    wanted = list(dict.fromkeys(ids))
    rows, sites = reader.many(Sticker, wanted), reader.many(StickerSite, wanted)
    return {i: StickerLine(sticker=rows[i], site=sites[i]) for i in wanted if i in rows and i in sites}


def _order(line: StickerLine) -> tuple[bool, str, str, str]:
    row = line.sticker
    colour = {"red": "0", "yellow": "1", "green": "2"}[row.colour]
    return (not row.counts, row.kind, colour, str(row.id))


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A listed paper and a need whose addresses begin alike: a person says whether it is one house."""

    line: StickerLine
    need: Need
    site: Site


@query("stickers.proposals", role="needs")
def proposals(reader: Reader, operation_id: uuid.UUID) -> list[Proposal]:
    """Every open question of this kind, by the need's number; what somebody answered is not asked again."""
    rows = reader.rows(
        "SELECT n.id, n.city_code, p.town, p.house_key FROM need n "
        "JOIN site p ON p.council_id = n.council_id AND p.id = n.id "
        "WHERE n.council_id = $council AND n.operation_id = $operation AND n.same_as IS NULL "
        "AND n.state IN ('received', 'surveyed', 'ready', 'nearly-done') ORDER BY n.number NULLS LAST",
        operation=operation_id,
    )
    return _near(reader, operation_id, [_House(row[0], row[1], str(row[2]), str(row[3])) for row in rows])


class _House(NamedTuple):
    """Where something stands, as far as two houses are compared by it."""

    id: uuid.UUID
    city_code: str | None
    town: str
    key: str


def _house(need: Need, site: Site) -> _House:
    return _House(need.id, need.city_code, site.town, site.house_key)


def _near(reader: Reader, operation_id: uuid.UUID, houses: Sequence[_House]) -> list[Proposal]:
    """Papers and houses of one town whose keys begin alike; one house is looked for in its own town only."""
    town = houses[0].town if len(houses) == 1 else None
    rows = reader.rows(
        "SELECT s.id, s.city_code, p.town, p.house_key FROM sticker s "
        "JOIN sticker_site p ON p.council_id = s.council_id AND p.id = s.id "
        "WHERE s.council_id = $council AND s.operation_id = $operation AND s.removed_at IS NULL"
        + (" AND p.town = $town" if town is not None else "")
        + " ORDER BY p.house_key NULLS LAST, s.id NULLS LAST",
        operation=operation_id,
        **({"town": town} if town is not None else {}),
    )
    papers = [_House(row[0], row[1], str(row[2]), str(row[3])) for row in rows]
    pairs = list(_alike(papers, houses))
    answered = reader.many(StickerAt, [at_id(paper, need) for paper, need in pairs])
    open_ = [(paper, need) for paper, need in pairs if at_id(paper, need) not in answered]
    lines = _lines(reader, [paper for paper, _ in open_])
    needs = reader.many(Need, [need for _, need in open_])
    sites = reader.many(Site, [need for _, need in open_])
    return [
        Proposal(line=lines[paper], need=needs[need], site=sites[need])
        for paper, need in open_
        if paper in lines and need in needs and need in sites
    ]


def _alike(papers: Iterable[_House], houses: Iterable[_House]) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Papers and houses where one key goes on where the other ends; by order, since a town has many."""
    by_key: dict[tuple[str | None, str], dict[str, list[uuid.UUID]]] = {}
    for paper in papers:
        town = by_key.setdefault((paper.city_code, paper.town), {})
        town.setdefault(paper.key, []).append(paper.id)
    in_order = {town: sorted(keys) for town, keys in by_key.items()}
    for house in houses:
        where = (house.city_code, house.town)
        known, ordered = by_key.get(where, {}), in_order.get(where, [])
        alike = [house.key[:end] for end in range(1, len(house.key)) if house.key[:end] in known]
        for at in range(bisect_left(ordered, house.key), len(ordered)):
            if not ordered[at].startswith(house.key):
                break
            alike.append(ordered[at])
        for key in alike:
            if same_beginning(key, house.key):
                yield from ((paper_id, house.id) for paper_id in known[key])


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """The papers of the operation in numbers, and the places that no need has reached yet."""

    papers: int
    red: int
    yellow: int
    without_need: int


@query("stickers.counts", role="view")
def counts(reader: Reader, operation_id: uuid.UUID) -> Listed:
    """Papers that count: how many, of which colour, and how many hang where nobody asked for help."""
    row = reader.rows(
        "SELECT count(s.id), COALESCE(SUM(CASE WHEN s.colour = 'red' THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN s.colour = 'yellow' THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN a.given IS NULL THEN 1 ELSE 0 END), 0) FROM sticker s "
        "LEFT JOIN (SELECT sticker_id, count(*) AS given FROM sticker_at WHERE council_id = $council "
        "AND NOT apart GROUP BY sticker_id) a ON a.sticker_id = s.id "
        "WHERE s.council_id = $council AND s.operation_id = $operation AND s.removed_at IS NULL",
        operation=operation_id,
    )[0]
    return Listed(papers=int(row[0]), red=int(row[1]), yellow=int(row[2]), without_need=int(row[3]))


SHOWN = 50


@query("stickers.search", role="needs")
def search(reader: Reader, operation_id: uuid.UUID, address: str = "") -> list[StickerLine]:
    """Papers that count whose address has this in it, at most `SHOWN`; everything when nothing is asked."""
    key = house_key(address) or "".join(address.split())
    rows = reader.rows(
        "SELECT s.id FROM sticker s JOIN sticker_site p ON p.council_id = s.council_id AND p.id = s.id "
        "WHERE s.council_id = $council AND s.operation_id = $operation AND s.removed_at IS NULL "
        "AND (p.house_key LIKE $part OR p.address LIKE $part) "
        f"ORDER BY p.house_key NULLS LAST, s.id NULLS LAST LIMIT {SHOWN}",
        operation=operation_id,
        part=f"%{key.replace('%', '').replace('_', '')}%",
    )
    lines = _lines(reader, [row[0] for row in rows])
    return [lines[row[0]] for row in rows if row[0] in lines]


@query("stickers.at_house", role="needs")
def at_house(
    reader: Reader, operation_id: uuid.UUID, house: str, city_code: str | None = None
) -> list[StickerLine]:
    """The papers that count at exactly this house (`domain.text.house_key`), for whoever takes the call."""
    if not house:
        return []
    lines = _lines(reader, [site.id for site in reader.find(StickerSite, house_key=house)])
    return sorted(
        (
            line
            for line in lines.values()
            if line.sticker.counts
            and line.sticker.operation_id == operation_id
            and (city_code is None or line.sticker.city_code in (None, city_code))
        ),
        key=_order,
    )


@query("stickers.warnings", role="dispatch")
def warnings(reader: Reader, need_id: uuid.UUID) -> list[StickerLine]:
    """The papers of things that may fall or topple there, for the order that a team takes along."""
    links = [at for at in reader.find(StickerAt, need_id=need_id) if not at.apart]
    lines = _lines(reader, [at.sticker_id for at in links])
    things = [line for line in lines.values() if line.sticker.kind is not StickerKind.BUILDING]
    return sorted((line for line in things if line.sticker.counts), key=_order)


@query("graded_areas", role="view")
def areas(reader: Reader, operation_id: uuid.UUID) -> list[GradedArea]:
    """The towns and cities of which somebody said whether they were graded."""
    return sorted(
        reader.find(GradedArea, operation_id=operation_id),
        key=lambda area: (area.city_code, area.town_code or ""),
    )
