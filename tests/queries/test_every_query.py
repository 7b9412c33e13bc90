"""One SQL text for both engines: every registered query runs on each, asked about nothing and about a day."""

import inspect
import typing
import uuid
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, get_args

import pytest

from dvc_core.queries.base import queries
from tests.commands.test_teams import Day
from tests.support.center import Center

SAMPLES: dict[type, Any] = {
    uuid.UUID: uuid.UUID(int=1),
    date: date(2026, 7, 28),
    datetime: datetime(2026, 7, 28, 3, tzinfo=UTC),
    str: "見本",
    int: 1,
    bool: False,
    float: 35.7,
}


def sample(hint: Any) -> Any:
    for each in (hint, *get_args(hint)):
        if isinstance(each, type) and issubclass(each, StrEnum):
            return next(iter(each))
        if each in SAMPLES:
            return SAMPLES[each]
    raise AssertionError(f"no sample for {hint}")


def asked(ask: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(ask)
    parameters = list(inspect.signature(ask).parameters.values())[1:]
    return {p.name: sample(hints[p.name]) for p in parameters if p.default is inspect.Parameter.empty}


@pytest.fixture
def busy(center_on_both: Center) -> Center:
    day = Day(center_on_both)
    center_on_both.must(day.depart(day.team()))
    return center_on_both


def test_every_query_runs_on_both_engines(busy: Center) -> None:
    for name, query in queries().items():
        params = asked(query.ask)
        with busy.services.reader() as reader:
            query.ask(reader, **params)
        running = busy.services.ask("operations.current", busy.chief)
        if "operation_id" in params:
            with busy.services.reader() as reader:
                query.ask(reader, **{**params, "operation_id": running.id})
        assert query.role, name
