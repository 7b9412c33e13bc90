"""Two programs on one server of their own: one is killed under load, then the server is."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.two_processes import play
from tests.support.postgres import PostgresServer


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that this test may kill; its data waits for the disk, as a real one's does."""
    folder = Path(tempfile.mkdtemp(prefix="tasuki-postgres-"))
    server = PostgresServer(folder, sync=True)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.mark.timeout(400)
def test_one_of_two_is_killed_and_the_server_too(own_server: PostgresServer, tmp_path: Path) -> None:
    said: list[str] = []
    play(own_server, tmp_path, said.append)
    assert said[-1].endswith("そろっている"), said
