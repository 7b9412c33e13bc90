"""活動指示書 as a PDF: the least personal data, the place on a small map, the report on its back."""

from collections.abc import Iterable, Sequence

from dvc_core import forms
from dvc_core.bootstrap import Services
from dvc_core.forms.sheet import Member, Tool
from dvc_core.forms.work_order import MapLine, MapSketch, MapSpot, WorkOrder
from dvc_core.geo.reference import reference_map
from dvc_core.i18n import text
from dvc_core.queries.teams import TeamLine

BANDS = {"am": "午前", "pm": "午後", "day": "一日"}
NEAR_DEGREES = 0.012
"""About a kilometre around the place: what a team needs to find its way."""


def render(services: Services, line: TeamLine, printed_by: str) -> bytes:
    """The order of one team. Printing changes nothing."""
    return forms.render("work_order", sheet(services, line, printed_by))


def sheet(services: Services, line: TeamLine, printed_by: str) -> WorkOrder:
    """What stands on the order."""
    reference = services.reference
    need, visit, site, team = line.need, line.visit, line.site, line.team
    leader = next((m for m in line.members if m.member.leader), None)
    works = [reference.work(code) for code in need.works] if need else []
    tools = {kind.code: kind.name for kind in reference.tools}
    back = team.expected_return_at
    return WorkOrder(
        council=services.council_name,
        printed_at=services.clock.now().replace(microsecond=0),
        printed_by=printed_by,
        drill=services.drill,
        serial=f"W-{team.order_number:04d}",
        emergency_phone=text("app.unconfirmed"),
        need=f"N-{need.number:03d}" if need else None,
        day=team.day,
        band=BANDS[visit.band.value] if visit else None,
        team=str(team.number),
        address=site.address if site else None,
        household=site.name.split(" ")[0].split("　")[0] if site else None,
        sketch=_sketch(line),
        work=tuple(work.name for work in works if work is not None and work.accept != "no"),
        not_done=tuple(work.name for work in reference.works if work.accept == "no"),
        hazards=_hazards(line),
        gear=("ヘルメット", "防じんマスク", "手袋", "長そで・長ズボン", "底のかたい靴"),
        people=team.size,
        leader=leader.name if leader else None,
        leader_mobile=leader.phone if leader else None,
        members=tuple(Member(number=f"{m.number:03d}") for m in line.members),
        tools=tuple(
            Tool(name=tools.get(loan.code, loan.code), count=loan.promised or loan.lent)
            for loan in line.loans
        ),
        parking=(site.parking or None) if site else None,
        departs_at=team.departed_at.replace(microsecond=0) if team.departed_at else None,
        returns_at=back.replace(microsecond=0) if back else None,
    )


def _hazards(line: TeamLine) -> tuple[str, ...]:
    if line.need is None:
        return ()
    grade = text(f"value.hazard-grade.{line.need.hazard}")
    gate = text(f"value.gate.{line.need.gate}")
    return (f"応急危険度判定：{grade}（立ち入り：{gate}）",)


def _sketch(line: TeamLine) -> MapSketch | None:
    need = line.need
    if need is None or need.lat is None or need.lng is None:
        return None
    here = (need.lng, need.lat)

    def near(points: tuple[tuple[float, float], ...]) -> bool:
        return any(abs(x - here[0]) < NEAR_DEGREES and abs(y - here[1]) < NEAR_DEGREES for x, y in points)

    known = reference_map()
    towns = tuple(
        MapLine(points=_points(polygon.outer), name=town.name)
        for town in known.towns
        for polygon in town.polygons
        if near(_points(polygon.outer))
    )
    rails = tuple(
        MapLine(points=_points(part), name=railway.line)
        for railway in known.railways
        for part in railway.parts
        if near(_points(part))
    )
    spots = tuple(
        MapSpot(at=(station.lng, station.lat), name=station.name, kind="station")
        for station in known.stations
        if near(((station.lng, station.lat),))
    )
    return MapSketch(
        place=here,
        outlines=towns,
        rails=rails,
        spots=spots,
        note=text(f"geo.level.{need.match_level}"),
        attribution="Geolonia 住所データ、国勢調査 境界データ（総務省）、Mini Tokyo 3D を加工",
    )


def _points(line: Iterable[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((x, y) for x, y in line)
