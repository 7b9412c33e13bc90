"""活動指示書 as a PDF: the least personal data, the place on a small map, the report on its back."""

from dvc_core import forms
from dvc_core.bootstrap import Services
from dvc_core.commands.gate_facts import around, at_this_moment
from dvc_core.forms.sheet import Member, Tool
from dvc_core.forms.work_order import WorkOrder
from dvc_core.i18n import text
from dvc_core.queries.needs import condition
from dvc_core.queries.stickers import warnings
from dvc_core.queries.teams import TeamLine
from pages.components import gate_words, order_map

BANDS = {"am": "午前", "pm": "午後", "day": "一日"}


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
        sketch=order_map.sketch(services, need),
        route=order_map.route(services, need),
        work=tuple(work.name for work in works if work is not None and work.accept != "no"),
        not_done=tuple(work.name for work in reference.works if work.accept == "no"),
        hazards=_hazards(services, line),
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


def _hazards(services: Services, line: TeamLine) -> tuple[str, ...]:
    """The building's colour, what may fall or topple there, and what everyone must keep to."""
    if line.need is None:
        return ()
    with services.reader() as reader:
        gate = at_this_moment(services.reference, line.need, around(reader, line.need))
        things = warnings(reader, line.need.id)
        under = condition(reader, line.need.id)
    said = (text("order.condition", words=under),) if under else ()
    return (*said, *gate_words.hazards(line.need, gate, things))
