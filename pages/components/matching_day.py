"""The day as the solver sees it, made from what the center knows; and its reasons with numbers for ids."""

from datetime import date

from dvc_core.bootstrap import Services
from dvc_core.commands.team import person_of, stock_of, visit_of
from dvc_core.matching.model import Day, Group, Plan
from dvc_core.matching.process import propose
from dvc_core.queries.teams import Ready


def model(services: Services, ready: Ready) -> Day:
    """Plain data in."""
    present = {row.group_id for row in ready.people if row.group_id}
    groups = tuple(
        Group(
            id=str(group.id),
            leader_id=str(group.leader_id) if group.leader_id else None,
            member_ids=tuple(str(p.id) for p in ready.people if p.group_id == group.id),
            size=None,
        )
        for group in ready.groups
        if group.id in present
    )
    stock = tuple(stock_of(tool.code, tool.free, services.reference) for tool in ready.tools)
    return Day(
        rules=services.rules,
        travel=services.travel,
        people=tuple(person_of(row, ready.days.get(row.id)) for row in ready.people),
        groups=groups,
        visits=tuple(visit_of(visit, ready.needs[visit.need_id]) for visit in ready.visits),
        stock=stock,
    )


def best(day: Day, seconds: float) -> Plan:
    """The last and best plan within the time; the first one is there at once."""
    with propose(day, seconds) as proposal:
        plans = list(proposal)
    return plans[-1]


def names(services: Services, ready: Ready) -> dict[str, str]:
    """What ids and codes are called in a reason: numbers for people, names for tools and works."""
    called = {str(row.id): f"{row.number:03d} 番" for row in ready.people}
    called |= {str(group.id): f"団体 {group.number}" for group in ready.groups}
    called |= {tool.code: tool.name for tool in services.reference.tools}
    return called


def title(ready: Ready, visit_id: str, day: date) -> str:
    """A visit as people call it out."""
    visit = next(v for v in ready.visits if str(v.id) == visit_id)
    band = {"am": "午前", "pm": "午後", "day": "一日"}[visit.band.value]
    number = ready.needs[visit.need_id].number
    return f"N-{number:03d}　{day:%m/%d} {band}　{visit.people_min}〜{visit.people_max} 人"
