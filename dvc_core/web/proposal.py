"""The day as the solver sees it, made from what the center knows (マッチング), for screens and demo alike."""

import uuid

from dvc_core.bootstrap import Services
from dvc_core.commands.gate_facts import arounds, standing
from dvc_core.commands.team import person_of, stock_of, visit_of
from dvc_core.domain.need import Gate
from dvc_core.matching.model import Day, Group
from dvc_core.queries.teams import Ready


def model(services: Services, ready: Ready) -> Day:
    """Plain data: who is ready and admitted, groups with those of them who came, open visits, free tools."""
    why = _why(services, ready)
    present = {row.group_id for row in ready.people if row.group_id}
    groups = tuple(
        Group(
            id=str(group.id),
            leader_id=str(group.leader_id) if group.leader_id else None,
            member_ids=tuple(str(p.id) for p in ready.people if p.group_id == group.id),
        )
        for group in ready.groups
        if group.id in present
    )
    return Day(
        rules=services.rules,
        travel=services.travel,
        people=tuple(person_of(row, ready.days.get(row.id)) for row in ready.people),
        groups=groups,
        visits=tuple(
            visit_of(visit, ready.needs[visit.need_id], why.get(visit.need_id)) for visit in ready.visits
        ),
        stock=tuple(stock_of(tool.code, tool.free, services.reference) for tool in ready.tools),
    )


def _why(services: Services, ready: Ready) -> dict[uuid.UUID, str]:
    """The line of the safety gate that decides, of needs that are not simply open."""
    needs = [need for need in ready.needs.values() if need.gate is not Gate.OPEN]
    if not needs:
        return {}
    with services.reader() as reader:
        facts = arounds(reader, needs[0].operation_id, needs)
    return {need.id: standing(services.reference, need, facts[need.id]).first.rule for need in needs}
