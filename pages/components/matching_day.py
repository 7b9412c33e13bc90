"""The day's proposal (`model` is the day as the solver sees it), and its reasons with numbers for ids."""

from datetime import date

from dvc_core.bootstrap import Services
from dvc_core.domain.gate import SHUT
from dvc_core.matching.model import Day, Plan
from dvc_core.matching.process import propose
from dvc_core.queries.teams import Ready
from dvc_core.web.proposal import model

__all__ = ("best", "model", "names", "title")


def best(day: Day, seconds: float) -> Plan:
    """The last and best plan within the time; the first one is there at once."""
    with propose(day, seconds) as proposal:
        plans = list(proposal)
    return plans[-1]


def names(services: Services, ready: Ready) -> dict[str, str]:
    """What ids and codes are called in a reason: numbers for people, names for tools and works."""
    called = {str(row.id): f"{row.number:03d} 番" for row in ready.people}
    called |= {rule.code: rule.name for rule in services.reference.gate}
    called |= {item.code: item.name for item in services.reference.checks}
    called |= {str(group.id): f"団体 {group.number}" for group in ready.groups}
    called |= {tool.code: tool.name for tool in services.reference.tools}
    return called


def title(ready: Ready, visit_id: str, day: date) -> str:
    """A visit as people call it out."""
    visit = next(v for v in ready.visits if str(v.id) == visit_id)
    band = {"am": "午前", "pm": "午後", "day": "一日"}[visit.band.value]
    need = ready.needs[visit.need_id]
    shut = "　（立ち入りが止まっています）" if need.gate in SHUT else ""
    return f"N-{need.number:03d}　{day:%m/%d} {band}　{visit.people_min}〜{visit.people_max} 人{shut}"
