"""The program as people run it: a process of its own, started, killed and started again on the same data."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.network import hooked, traced
from tests.support.ports import free_ports

ROOT = Path(__file__).parents[2]
START = (sys.executable, "-m", "dvc_core.cli", "start")


class Program:
    """One installation: a data folder and three ports, whatever process serves them at the moment.

    After `start`, `ready` holds the program's own line: `url`, `https_url`, `ca_url`, `pid`, `database_id`,
    `setup_code`; `pid` is the process last started, alive or not. With `record`, `hook_log` and `trace_log`
    grow by what its processes ask of the network.
    """

    def __init__(
        self,
        data: Path,
        *,
        command: Sequence[str] = START,
        environment: dict[str, str] | None = None,
        record: bool = False,
    ) -> None:
        self.data = data
        self.port, self.https_port, self.ca_port = free_ports(3)
        self.ready: dict[str, Any] = {}
        self.pid = 0
        self.errors = data.parent / f"{data.name}.stderr"
        self.hook_log = data.parent / f"{data.name}.hook.jsonl"
        self.trace_log = data.parent / f"{data.name}.trace"
        self._command = list(command)
        self._environment = environment or {}
        self._record = record
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def _full_command(self) -> list[str]:
        ports = ["--port", self.port, "--https-port", self.https_port, "--ca-port", self.ca_port]
        command = [*self._command, "--json", "--data", str(self.data), *map(str, ports)]
        return traced(command, self.trace_log) if self._record else command

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with, for a command line beside it."""
        return self._full_environment()

    def _full_environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("TASUKI_")}
        # Its own backups would come at any moment of a test; a test of them asks for them.
        usual = {"PYTHONUTF8": "1", "TASUKI_BACKUP_MINUTES": "0"}
        environment = {**inherited, **usual, **self._environment}
        return hooked(environment, self.hook_log) if self._record else environment

    def start(self, *, seconds: float = 90.0) -> "Program":
        """Start the process and wait for its line.

        Raises:
            RuntimeError: when it ends, says something else, or says nothing in time; with what it wrote.
        """
        if self._process is not None:
            raise RuntimeError("it runs already")
        with self.errors.open("ab") as errors:
            self._process = subprocess.Popen(
                self._full_command(),
                cwd=ROOT,
                env=self._full_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
            )
        self.pid = self._process.pid
        self._lines = queue.SimpleQueue()
        threading.Thread(target=self._read, args=(self._process, self._lines), daemon=True).start()
        self.ready = self._first_line(seconds)
        return self

    @staticmethod
    def _read(process: "subprocess.Popen[str]", lines: "queue.SimpleQueue[str | None]") -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                lines.put(line)
        lines.put(None)

    def _first_line(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
            return dict(json.loads(line or ""))
        except (queue.Empty, ValueError, TypeError) as failure:
            self.kill()
            wrote = self.errors.read_text(encoding="utf-8", errors="replace")[-4000:]
            raise RuntimeError(f"no answer in {seconds:g} s ({failure!r}); stderr:\n{wrote}") from failure

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it as a power cut does: SIGKILL, no warning."""
        self._end(signal.SIGKILL, seconds=30)

    def stop(self, *, seconds: float = 30.0) -> int:
        """Ask it to end and answer its exit code; 0 is an orderly end.

        Raises:
            subprocess.TimeoutExpired: when it does not end in time; it has been killed then.
        """
        return self._end(signal.SIGTERM, seconds=seconds)

    def _end(self, how: signal.Signals, *, seconds: float) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(how)
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    def restart(self, *, kill: bool = False) -> "Program":
        """End it, in order or by SIGKILL, and start it on the same data and ports."""
        if kill:
            self.kill()
        else:
            self.stop()
        return self.start()


NewProgram = Callable[..., Program]


@pytest.fixture
def new_program(tmp_path: Path) -> Iterator[NewProgram]:
    """Makes programs, each on a data folder of its own; ends those that still run after the test.

    `new_program(name="data", data=None, command=START, environment=None, record=False)`; not started yet.
    """
    made: list[Program] = []

    def create(*, name: str = "data", data: Path | None = None, **options: Any) -> Program:
        made.append(Program(data or tmp_path / name, **options))
        return made[-1]

    yield create
    for program in made:
        program.kill()


@pytest.fixture
def program(new_program: NewProgram) -> Program:
    """The program, running on a fresh data folder."""
    return new_program().start()
