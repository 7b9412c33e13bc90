"""Rounds of `kill -9` under load, and what must stand after each: for the tests and the endurance run.

A history is one data folder over several rounds. In each a worker is killed at a random moment, the store is
opened as a restart opens it, judged, what was not confirmed is sent again under its own ids, judged again.
"""

import os
import queue
import random
import signal
import subprocess
import sys
import threading
import uuid
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg

from dvc_core.bootstrap import Config, Services, build
from dvc_core.domain.volunteer import Person, Volunteer
from dvc_core.store import changelog, journal
from dvc_core.store.doctor import examine
from dvc_core.store.gathered import gather
from tests.faults.worker import envelopes
from tests.support.damage import beside, logged
from tests.support.server import ROOT
from tests.support.waiting import until

DEADLINE = 90.0
OPENING = (0, 3)
"""The rounds of a history whose worker is killed while it makes or opens the store; else at work."""

Batch = tuple[int, int, int]


class Nest:
    """The process that the workers are forked from."""

    def __init__(self) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TASUKI_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nest"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert self._answer() == ["ready"]

    def _answer(self) -> list[str]:
        assert self._process.stdout is not None
        return self._process.stdout.readline().split()

    def hatch(self, *words: str) -> int:
        """A new worker; its pid."""
        assert self._process.stdin is not None
        self._process.stdin.write("\t".join(words) + "\n")
        self._process.stdin.flush()
        word, pid = self._answer()
        assert word == "pid"
        return int(pid)

    def ended(self) -> int:
        """How the worker ended; waits for that."""
        word, code = self._answer()
        assert word == "ended"
        return int(code)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


class Worker:
    """A working process, and what it has said."""

    def __init__(self, nest: Nest, data: Path, turn: int, url: str | None) -> None:
        self.turn = turn
        self.tried: set[Batch] = set()
        self.confirmed: dict[Batch, list[int]] = {}
        self.errors = data.parent / "workers.stderr"
        self._nest = nest
        self._said = data.parent / f"said-{turn}"
        os.mkfifo(self._said)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._pid = nest.hatch(str(data), str(turn), str(self._said), str(self.errors), url or "")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with self._said.open(encoding="utf-8") as said:
            for line in said:
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
            assert line is not None, self._errors()
            self._note(line)
        # Nobody waits for anything here: what ends the wait is the moment that was drawn.
        threading.Event().wait(seconds)
        os.kill(self._pid, signal.SIGKILL)
        assert self._nest.ended() == -signal.SIGKILL, self._errors()
        if self._reader.is_alive():
            # Killed before it opened its end: the reader still waits for somebody to do that.
            os.close(os.open(self._said, os.O_RDWR | os.O_NONBLOCK))
        self._reader.join(timeout=30)
        while (line := self._lines.get(timeout=30)) is not None:
            self._note(line)
        self._said.unlink()

    def _errors(self) -> str:
        return self.errors.read_text("utf-8", "replace")[-3000:]


def moment(chance: random.Random, nth: int) -> tuple[int, float]:
    """When the power goes: while the store is made, once while it opens, else at work."""
    if nth in OPENING:
        return -1, chance.uniform(0.0, 0.7)
    return chance.randrange(0, 12), chance.uniform(0.0, 0.06)


class History:
    """One data folder over several rounds."""

    def __init__(self, nest: Nest, data: Path, url: str | None, chance: random.Random) -> None:
        self._nest, self._data, self._url, self._chance = nest, data, url, chance
        self._tried: set[Batch] = set()
        self._database_ids: set[uuid.UUID] = set()
        self.confirmed: dict[Batch, list[int]] = {}
        self.interrupted = 0
        """Rounds that hit a batch that was handed over and not confirmed yet."""

    def play(self, rounds: int) -> "History":
        """Kill, open, judge, send again, judge; as often as that."""
        for nth in range(rounds):
            worker = Worker(self._nest, self._data, nth, self._url)
            worker.killed_after(*moment(self._chance, nth))
            if self._url:
                _alone(self._url)
            self._tried |= worker.tried
            self.confirmed |= worker.confirmed
            self.interrupted += len(worker.tried) > len(worker.confirmed)
            with closing(build(Config(data=self._data, database_url=self._url))) as services:
                self._judge(services)
                if nth == rounds - 1:
                    self._judge(services)
        return self

    def _judge(self, services: Services) -> None:
        self._database_ids.add(services.database.meta.database_id)
        assert len(self._database_ids) == 1
        assert services.mended == (), "a power cut mends itself without a word"
        entries = _entries(services)
        missing = missing_of(entries, self._tried, self.confirmed)
        assert_whole(services, entries)
        self._send_again(services, missing)
        assert not missing_of(_entries(services), self._tried, self.confirmed)

    def _send_again(self, services: Services, missing: set[Batch]) -> None:
        """What a desk does after a power cut: send what was not confirmed, under the same ids."""
        for batch in sorted(self._tried - set(self.confirmed)):
            answers = services.run_all(envelopes(*batch))
            wanted = "accepted" if batch in missing else "repeat"
            assert [answer.result for answer in answers] == [wanted] * len(answers), batch
            self.confirmed[batch] = [len(answer.entries) for answer in answers]


def _alone(url: str) -> None:
    """A server ends the dead process's sessions by itself: what it had begun to commit is settled by then."""
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    with psycopg.connect(url, autocommit=True) as connection:
        until(
            lambda: (connection.execute(sessions).fetchone() or [0])[0] == 1,
            seconds=30,
            what="the server to let go of the dead",
        )


def _entries(services: Services) -> list[journal.Entry]:
    with services.database.engine.snapshot() as connection:
        return list(journal.read_all(connection, services.council_id))


def missing_of(
    entries: list[journal.Entry], tried: set[Batch], confirmed: dict[Batch, list[int]]
) -> set[Batch]:
    """Every confirmed command stands once, every other batch wholly or not at all; answers the latter."""
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
    return missing


def assert_whole(services: Services, entries: list[journal.Entry]) -> None:
    """The doctor finds all equal, no person is half there, and the change log alone says the same."""
    report = examine(services.database)
    assert report.ok, [check for check in report.checks if not check.ok]
    with services.reader() as reader:
        people = {row.id for row in reader.find(Person)}
        volunteers = reader.find(Volunteer)
    assert {row.id for row in volunteers} == people
    numbers = sorted(row.number for row in volunteers)
    assert numbers == list(range(1, len(numbers) + 1))
    log = services.config.data / changelog.NAME
    found = changelog.survey(log)
    assert found.head == services.database.head()
    assert found.lost == 0 or not services.database.engine.sole_writer
    assert list(gather(found.frames).entries) == entries
    assert {cls: rows for cls, rows in logged(log).items() if rows} == {
        cls: rows for cls, rows in beside(services).items() if rows
    }
