"""`python -m tests.bench.hour [MINUTES]`: thirty people at the desks for an hour; what memory it takes.

The center has 100,000 people of past days. Everyone opens a page, touches it every few seconds, and goes on
to another one after some minutes. Each minute is one line: memory, touches, how long they took.
"""

import random
import re
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.bench import busy_day
from tests.bench.bench_size import LARGE, PAGES
from tests.bench.session import Session
from tests.support.server import Program

PEOPLE = 30
USUAL_MINUTES = 60
STAY = (60.0, 300.0)
"""Seconds on one page."""
PAUSE = (2.0, 10.0)
"""Seconds between two touches."""


class Desks:
    """The people at work until `end` is set."""

    def __init__(self, url: str, cookie: str) -> None:
        self.end = threading.Event()
        self.opened = 0
        self.failed: list[str] = []
        self._took: list[float] = []
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._work, args=(url, cookie, random.Random(n)), daemon=True)
            for n in range(PEOPLE)
        ]

    def start(self) -> None:
        """Everyone begins."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Everyone leaves."""
        self.end.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def took(self) -> list[float]:
        """Seconds of each touch since it was asked for the last time."""
        with self._lock:
            took, self._took = sorted(self._took), []
        return took

    def _work(self, url: str, cookie: str, dice: random.Random) -> None:
        while not self.end.is_set():
            try:
                with Session(url, dice.choice(list(PAGES)), cookie) as session:
                    self._stay(session, dice)
            except (OSError, RuntimeError, TimeoutError) as failed:
                self.failed.append(repr(failed)[:200])
                self.end.wait(1)

    def _stay(self, session: Session, dice: random.Random) -> None:
        self.opened += 1
        leave = time.monotonic() + dice.uniform(*STAY)
        while time.monotonic() < leave and not self.end.wait(dice.uniform(*PAUSE)):
            seconds = session.rerun()
            with self._lock:
                self._took.append(seconds)


def memory(pid: int) -> int:
    """What the process has in memory, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) // 1024


def main(minutes: int) -> int:
    """Play it."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        day = busy_day.filled(data, people=LARGE)
        program = Program(data)
        try:
            desks = Desks(program.start(seconds=300).ready["url"], day.cookie)
            desks.start()
            for minute in range(1, minutes + 1):
                desks.end.wait(60)
                took = desks.took()
                middle, tail = statistics.median(took) * 1000, took[int(0.95 * len(took))] * 1000
                words = f"{len(took)} 回、中央値 {middle:.0f} ms、p95 {tail:.0f} ms、失敗 {len(desks.failed)}"
                print(
                    f"{minute} 分：{memory(program.pid)} MB、開いた画面 {desks.opened}、{words}", flush=True
                )
            desks.stop()
        finally:
            program.kill()
    return 1 if desks.failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else USUAL_MINUTES))
