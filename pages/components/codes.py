"""What the journal's codes are called: 班, steps and functions of the manuals, tools, works, councils."""

from dvc_core.bootstrap import Services
from dvc_core.geo.councils import councils
from dvc_core.geo.reference import reference_map, town_code
from dvc_core.manual.library import library
from dvc_core.manual.sections import read_sections


def names(services: Services) -> dict[str, str]:
    """Names by code; where editions differ, the last one's."""
    called = {council.code: council.city for council in councils().councils}
    called |= {section.code: section.name for section in read_sections().items}
    for edition in library(services.config.manuals):
        called |= {step.id: f"「{step.title}」" for step in edition.steps}
        called |= {function.code: function.name for function in edition.functions}
    called |= {
        code: town.name for town in reference_map().towns if (code := town_code(town.city_code, town.name))
    }
    reference = services.reference
    called |= {tool.code: tool.name for tool in reference.tools}
    return called | {work.code: work.name for work in reference.works}
