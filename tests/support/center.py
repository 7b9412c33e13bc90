"""A center for tests: real services on a real database of either engine, with a frozen clock."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dvc_core.bootstrap import Config, Services, build
from dvc_core.commands.base import Actor, Answer, Command, Envelope
from dvc_core.store.doctor import examine

START = datetime(2026, 7, 28, 9, 0, tzinfo=UTC)
"""2026-07-28 18:00 in Tokyo: a quake on a weekday evening."""


class FrozenClock:
    """Stands still until a test moves it."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        """Move on, as `timedelta` counts."""
        self.at += timedelta(**by)
        return self.at


class Center:
    """The services with the words that stories use."""

    def __init__(self, services: Services, clock: FrozenClock) -> None:
        self.services = services
        self.clock = clock
        self.tampered = False
        """Set by a test that changes the store by hand; else the doctor looks when the test ends."""
        self.chief = Actor(id="chief", roles=frozenset({"chief"}))
        self.admin = Actor(id="cli", roles=frozenset({"admin"}))
        self.viewer = Actor(id="viewer", roles=frozenset({"viewer"}))

    @contextmanager
    def second_process(self) -> Iterator[Services]:
        """The program as another process runs it on the same server; on DuckDB there is only this one."""
        if self.services.database.engine.sole_writer:
            yield self.services
            return
        other = build(self.services.config, clock=self.clock, wall=self.clock)
        try:
            yield other
        finally:
            other.close()

    def do(
        self, command: Command, actor: Actor | None = None, *, command_id: uuid.UUID | None = None
    ) -> Answer:
        """Run a command as the chief, or as someone else."""
        return self.services.do(command, actor or self.chief, command_id=command_id)

    def envelope(self, command: Command, *, operation_id: uuid.UUID) -> Envelope:
        """A command of the chief about an operation that is not the current one."""
        return Envelope(command_id=uuid.uuid4(), command=command, actor=self.chief, operation_id=operation_id)

    def must(self, command: Command, actor: Actor | None = None) -> Answer:
        """Run a command that has to be accepted."""
        answer = self.do(command, actor)
        assert answer.result == "accepted", answer
        return answer

    def refused(self, command: Command, actor: Actor | None = None) -> str:
        """Run a command that has to be refused; its code."""
        answer = self.do(command, actor)
        assert answer.result == "refused", answer
        assert answer.refusal is not None
        return answer.refusal.code


@pytest.fixture(params=["duckdb", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """None for the embedded engine, or the address of a fresh PostgreSQL database."""
    return None if request.param == "duckdb" else request.getfixturevalue("postgres_url")


def _center(data: Path, url: str | None) -> Iterator[Center]:
    clock = FrozenClock()
    services = build(Config(data=data, database_url=url), clock=clock, wall=clock)
    center = Center(services, clock)
    try:
        yield center
        if not center.tampered:
            report = examine(center.services.database)
            assert report.ok, report
    finally:
        center.services.close()


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Center]:
    """A fresh center on the embedded engine."""
    yield from _center(tmp_path / "data", None)


@pytest.fixture
def center_on_both(tmp_path: Path, database_url: str | None) -> Iterator[Center]:
    """A fresh center, once on each engine."""
    yield from _center(tmp_path / "data", database_url)
