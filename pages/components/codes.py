"""What the journal's codes are called: 班, steps and functions of the manuals, tools, works, councils."""

from functools import cache

from dvc_core.bootstrap import Services
from dvc_core.domain.grading import town_code
from dvc_core.geo.councils import councils
from dvc_core.geo.reference import Town, reference_map
from dvc_core.manual.library import library
from dvc_core.manual.sections import read_sections


@cache
def towns() -> dict[str, Town]:
    """The map's 町丁目 by the code that needs and gradings carry."""
    found = ((town_code(town.city_code, town.name), town) for town in reference_map().towns)
    return {code: town for code, town in found if code is not None}


def names(services: Services) -> dict[str, str]:
    """Names by code; where editions differ, the last one's."""
    called = {council.code: council.city for council in councils().councils}
    called |= {section.code: section.name for section in read_sections().items}
    for edition in library(services.config.manuals):
        called |= {step.id: f"「{step.title}」" for step in edition.steps}
        called |= {function.code: function.name for function in edition.functions}
    reference = services.reference
    called |= {tool.code: tool.name for tool in reference.tools}
    called |= {rule.code: rule.name for rule in reference.gate}
    called |= {item.code: item.name for item in reference.checks}
    called |= {code: town.name for code, town in towns().items()}
    return called | {work.code: work.name for work in reference.works}
