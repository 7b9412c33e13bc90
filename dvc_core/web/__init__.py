"""Floor 4: plain routes and static pages beside the Streamlit pages.

Every module of this package with `routes` (a list, or a function that makes it) is served, without any
other registration.
"""

import importlib
import pkgutil
from functools import cache

from starlette.routing import BaseRoute


@cache
def all_routes() -> list[BaseRoute]:
    """The routes of every module of this package, in the order of their names."""
    found: list[BaseRoute] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda entry: entry.name):
        routes = getattr(importlib.import_module(f"{__name__}.{module.name}"), "routes", [])
        found += routes() if callable(routes) else routes
    return found
