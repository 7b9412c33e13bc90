"""What a query is: a function of a reader, with its name and role, found by the command line and by tests."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import msgspec

F = TypeVar("F", bound=Callable[..., Any])


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """One registered query. Its parameters after the reader are what `tasuki ask NAME {...}` takes."""

    name: str
    role: str
    ask: Callable[..., Any]


_QUERIES: dict[str, Query] = {}


def query(name: str, *, role: str) -> Callable[[F], F]:
    """Register a query under its name, with the kind of work whose holders may ask it."""

    def register(function: F) -> F:
        if name in _QUERIES:
            raise ValueError(f"two queries are called {name}")
        _QUERIES[name] = Query(name=name, role=role, ask=function)
        return function

    return register


@cache
def _load() -> None:
    package = importlib.import_module("dvc_core.queries")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"dvc_core.queries.{module.name}")


def queries() -> dict[str, Query]:
    """Every query by its name."""
    _load()
    return dict(sorted(_QUERIES.items()))
