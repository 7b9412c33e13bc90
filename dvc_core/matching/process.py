"""A proposal that runs in a process of its own, tells better and better plans, and can be called off."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Timer
from time import monotonic
from types import TracebackType
from typing import Self

import msgspec

from dvc_core.matching.atoms import lay_out
from dvc_core.matching.explain import explained
from dvc_core.matching.greedy import greedy
from dvc_core.matching.model import Day, Plan
from dvc_core.matching.score import simple_bound

GRACE = 30.0
"""Seconds after its time that a process may take on a busy machine before it is ended."""


class Proposal(Iterator[Plan]):
    """Plans of one day, each better than the one before; the first comes at once.

    `cancel()` may be called from any thread. If the process dies before its first plan, a greedy plan is made
    here, so there always is one, unless it was called off.
    """

    def __init__(self, day: Day, seconds: float) -> None:
        self.day = day
        self.seconds = seconds
        self.cancelled = False
        self._began = monotonic()
        self._failure: str | None = None
        self._told = False
        self._over = False
        self._words = TemporaryFile()  # noqa: SIM115 - lives as long as the process, closed with it
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dvc_core.matching"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
        )
        self._watch = Timer(seconds + GRACE, self._end)
        self._watch.daemon = True
        self._watch.start()
        self._ask()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Plan:
        if self._over:
            raise StopIteration
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line.endswith(b"\n"):
            self._told = True
            return msgspec.json.decode(line, type=Plan)
        self.close()
        if self._told or self.cancelled:
            raise StopIteration
        self._told = True
        return greedy_plan(self.day)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def cancel(self) -> None:
        """End the process; the iteration stops after what was told already."""
        self.cancelled = True
        self._end()

    def close(self) -> None:
        """End the process if it still runs and free what it held."""
        self._over = True
        self._watch.cancel()
        self._end()
        if self._process.stdout is not None:
            self._process.stdout.close()
        broke = self._process.wait() > 0
        if broke and not self._words.closed:
            self._words.seek(0)
            lines = self._words.read().decode(errors="replace").splitlines()
            self._failure = lines[-1] if lines else f"exit {self._process.returncode}"
        self._words.close()

    @property
    def failure(self) -> str | None:
        """The last line that a process which broke down left, for the log; None if it ended well."""
        return self._failure

    def _ask(self) -> None:
        task = {"day": self.day, "seconds": self.seconds, "began": self._began}
        assert self._process.stdin is not None
        # If the process died at once, the iteration finds its output empty and answers by itself.
        with suppress(BrokenPipeError):
            self._process.stdin.write(msgspec.json.encode(task))
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()


def propose(day: Day, seconds: float = 10.0) -> Proposal:
    """Plans of the day, the greedy one first; see `Proposal` for calling it off."""
    return Proposal(day, seconds)


def greedy_plan(day: Day) -> Plan:
    """The greedy plan, made in this process in at most half a second for 200 people and 60 visits."""
    began = monotonic()
    return explained(greedy(lay_out(day)), "greedy", simple_bound(day), monotonic() - began)
