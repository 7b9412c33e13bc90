"""`kill -9` at random moments under load, 20 rounds: what was confirmed is there once, nothing is half."""

import os
import queue
import random
import subprocess
import sys
import threading
import uuid
from collections import Counter
from pathlib import Path

import pytest

from dvc_core.bootstrap import Config, Services, build
from dvc_core.domain.volunteer import Person, Volunteer
from dvc_core.store import journal
from dvc_core.store.doctor import examine
from tests.faults.worker import envelopes
from tests.support.server import ROOT

ROUNDS = {"duckdb": 13, "postgresql": 7}
"""The twentieth is the whole program's, in test_kill_program.py."""
SEED = 20260728
DEADLINE = 90.0

Batch = tuple[int, int, int]


class Worker:
    """The working process, and what it has said."""

    def __init__(self, data: Path, turn: int, url: str | None) -> None:
        self.turn = turn
        self.tried: set[Batch] = set()
        self.confirmed: dict[Batch, list[int]] = {}
        self.errors = data.parent / f"worker-{turn}.stderr"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TASUKI_")}
        environment |= {"TASUKI_DATABASE_URL": url} if url else {}
        with self.errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.worker", str(data), str(turn)],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout:
            for line in self._process.stdout:
                self._lines.put(line)
        self._lines.put(None)

    def _note(self, line: str) -> None:
        # A line that was cut off by the kill was never said.
        if not line.endswith("\n"):
            return
        word, *numbers = line.split()
        if word == "open":
            return
        thread, batch, *counts = map(int, numbers)
        key = (self.turn, thread, batch)
        self.tried.add(key)
        if word == "ok":
            self.confirmed[key] = counts

    def _reached(self, confirmations: int) -> bool:
        if confirmations <= 0:
            return confirmations < 0 or bool(self.tried)
        return len(self.confirmed) >= confirmations

    def killed_after(self, confirmations: int, seconds: float) -> None:
        """SIGKILL after so many confirmations and a moment more.

        0 is the first batch, confirmed or not; -1 does not even wait for the open store.
        """
        while not self._reached(confirmations):
            line = self._lines.get(timeout=DEADLINE)
            assert line is not None, self.errors.read_text("utf-8", "replace")[-3000:]
            self._note(line)
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
        assert self._process.wait(timeout=30) == -9, self.errors.read_text("utf-8", "replace")[-3000:]
        self._reader.join(timeout=30)
        while (line := self._lines.get(timeout=30)) is not None:
            self._note(line)


def moment(chance: random.Random, turn: int) -> tuple[int, float]:
    """When the power goes: the first time while the store is made, once while it opens, else at work."""
    if turn in (0, 3):
        return -1, chance.uniform(0.3, 2.5)
    return chance.randrange(0, 14), chance.uniform(0.0, 0.06)


def _entries(services: Services) -> list[journal.Entry]:
    with services.database.engine.snapshot() as connection:
        return list(journal.read_all(connection, services.council_id))


def _assert_whole(services: Services, tried: set[Batch], confirmed: dict[Batch, list[int]]) -> set[Batch]:
    """Every confirmed command once, every other batch wholly or not at all; answers the missing ones."""
    entries = _entries(services)
    assert max(Counter((entry.command_id, entry.nth) for entry in entries).values(), default=1) == 1
    stored = Counter(entry.command_id for entry in entries)
    missing = set()
    for batch in tried:
        counts = [stored[envelope.command_id] for envelope in envelopes(*batch)]
        if batch in confirmed:
            assert counts == confirmed[batch], batch
        elif any(counts):
            assert all(counts), (batch, counts)
        else:
            missing.add(batch)
    report = examine(services.database)
    assert report.ok, [check for check in report.checks if not check.ok]
    with services.reader() as reader:
        people = {row.id for row in reader.find(Person)}
        volunteers = reader.find(Volunteer)
    assert {row.id for row in volunteers} == people
    numbers = sorted(row.number for row in volunteers)
    assert numbers == list(range(1, len(numbers) + 1))
    return missing


def _send_again(services: Services, tried: set[Batch], missing: set[Batch]) -> dict[Batch, list[int]]:
    """What a desk does after a power cut: send what was not confirmed, under the same ids."""
    again = {}
    for batch in sorted(tried):
        answers = services.run_all(envelopes(*batch))
        wanted = "accepted" if batch in missing else "repeat"
        assert [answer.result for answer in answers] == [wanted] * len(answers), batch
        again[batch] = [len(answer.entries) for answer in answers]
    return again


@pytest.mark.parametrize("engine", list(ROUNDS))
def test_a_process_killed_under_load_leaves_what_it_confirmed_once_and_nothing_half(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if engine == "postgresql" else None
    data, chance = tmp_path / "data", random.Random(f"{SEED} {engine}")
    tried: set[Batch] = set()
    confirmed: dict[Batch, list[int]] = {}
    database_ids: set[uuid.UUID] = set()
    at_work = 0
    for turn in range(ROUNDS[engine]):
        worker = Worker(data, turn, url)
        worker.killed_after(*moment(chance, turn))
        tried |= worker.tried
        confirmed |= worker.confirmed
        at_work += len(worker.tried) > len(worker.confirmed)
        services = build(Config(data=data, database_url=url))
        try:
            database_ids.add(services.database.meta.database_id)
            missing = _assert_whole(services, tried, confirmed)
            open_ones = tried - set(confirmed)
            confirmed |= _send_again(services, open_ones, missing)
            assert _assert_whole(services, tried, confirmed) == set()
        finally:
            services.close()
    assert len(database_ids) == 1
    # The rounds were what they claim: nearly all hit a process with something under way.
    assert at_work >= ROUNDS[engine] - 3
    assert len(confirmed) > ROUNDS[engine]
