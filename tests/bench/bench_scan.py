"""A scan on the wire to its stored verdict against a bare route, with the gate and the desks at work.

Eight lanes send one scan after the other as tablets do, each with its own credential and connection, and ten
desks are open and draw themselves anew every few seconds. Between two scans each lane sends as many bytes as
a scan stores to a route of the same program that only inserts and commits: both meet the same crowd.
"""

import http.client
import itertools
import json
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self

from dvc_core.domain.attendance import Act
from tests.bench import busy_day
from tests.bench.session import Session
from tests.bench.table import Row
from tests.bench.timing import Timing
from tests.support.server import Program

LANES = 8
CARDS = 7
"""Cards a lane has at hand; each comes, goes out, returns and goes home."""

ACTS = (Act.ARRIVE, Act.DEPART, Act.RETURN, Act.LEAVE)
EVERY = 0.5
"""Seconds between two requests of a lane, a scan and a bare one in turns: a person a second at each lane."""

DESKS = (
    "status",
    "reception",
    "needs",
    "matching",
    "dispatch",
    "chronology",
    "review",
    "operation",
    "map",
    "board",
)
REDRAWN_EVERY = 5.0
BYTES = 1600
"""What a scan stores: its row and its entry of the journal, as JSON; an arrival has three entries."""

AIM = "p95 で 5 倍以内（100 ms が目あて）"
COMMAND = ("-m", "tests.bench.bare_program", "start")


def run() -> list[Row]:
    """In turns at the pace of a full gate; then without any pause."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        day = busy_day.filled(Path(folder) / "data", coming=2 * LANES * CARDS, kiosks=LANES)
        program = Program(Path(folder) / "data", command=(sys.executable, *COMMAND))
        opened.callback(program.kill)
        url = str(program.start().ready["url"])
        desks = opened.enter_context(_Desks(url, day.cookie))
        lanes = [opened.enter_context(closing(_Lane(url, credential))) for credential in day.kiosks]
        half = len(day.cards) // 2
        paced = _measured(lanes, day.cards[:half], EVERY)
        rushed = _measured(lanes, day.cards[half:], 0.0)
        crowd = f"{LANES} 列、{len(DESKS)} 画面が {REDRAWN_EVERY:g} 秒ごとに描き直す（{desks.drawn} 回）"
        facts = f"{crowd}。{day.facts}"
    return [*_rows("1 列に 1 秒 1 人", paced, facts), *_rows("休みなく", rushed, facts)]


class _Desks:
    """Open pages, each as in a browser of its own, drawn anew every `REDRAWN_EVERY` seconds until the end."""

    def __init__(self, url: str, cookie: str) -> None:
        self.drawn = 0
        self._over = threading.Event()
        self._pages = [Session(url, page, cookie) for page in DESKS]
        self._people = ThreadPoolExecutor(len(DESKS))
        self._work = [self._people.submit(self._sit, nth, page) for nth, page in enumerate(self._pages)]

    def _sit(self, nth: int, page: Session) -> None:
        wait = REDRAWN_EVERY * (nth + 1) / len(DESKS)
        while not self._over.wait(wait):
            page.rerun()
            self.drawn += 1
            wait = REDRAWN_EVERY

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._over.set()
        self._people.shutdown()
        for page in self._pages:
            page.close()
        for work in self._work:
            work.result()


class _Lane:
    """One tablet at the gate, on its own connection."""

    def __init__(self, url: str, credential: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        self._line = http.client.HTTPConnection(host, int(port), timeout=60)
        self._headers = {"Authorization": f"Bearer {credential}", "Content-Type": "application/json"}
        self._pause = threading.Event()  # never set: only its deadline ends it
        self._bare("warm")
        self._post("/api/kiosk/state", "", method="GET")

    def close(self) -> None:
        self._line.close()

    def walk(self, cards: Sequence[str], every: float) -> dict[str, list[float]]:
        """Each card comes, goes out, returns, goes home; the seconds of each scan and each bare request."""
        spent: dict[str, list[float]] = {"bare": [], "scan": []}
        due = time.perf_counter()
        for card, act in itertools.product(cards, ACTS):
            sends = {"bare": partial(self._bare, "x" * BYTES), "scan": partial(self._scan, act, card)}
            for name, send in sends.items():
                self._pause.wait(max(0.0, due - time.perf_counter()))
                begin = time.perf_counter()
                send()
                spent[name].append(time.perf_counter() - begin)
                due = max(due, begin) + every
        return spent

    def _scan(self, act: Act, card: str) -> None:
        now = datetime.now(UTC).isoformat()
        scan = {"command_id": str(uuid.uuid4()), "act": act, "at": now, "payload": card}
        answer = self._post("/api/scans", json.dumps({"device_now": now, "scans": [scan]}))
        (result,) = json.loads(answer)["results"]
        if result["verdict"] not in {"ok", "flagged"}:
            raise AssertionError(result)

    def _bare(self, said: str) -> None:
        self._post("/bare", said)

    def _post(self, path: str, body: str, method: str = "POST") -> bytes:
        self._line.request(method, path, body.encode(), self._headers)
        answer = self._line.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise AssertionError(said)
        return said


def _measured(lanes: Sequence[_Lane], cards: Sequence[str], every: float) -> dict[str, Timing]:
    with ThreadPoolExecutor(len(lanes)) as gate:
        walks = [gate.submit(lane.walk, cards[n :: len(lanes)], every) for n, lane in enumerate(lanes)]
        spent = [walk.result() for walk in walks]
    return {name: Timing(tuple(s for lane in spent for s in lane[name])) for name in ("bare", "scan")}


def _rows(pace: str, timings: dict[str, Timing], facts: str) -> list[Row]:
    bare, scan = timings["bare"], timings["scan"]
    return [
        Row(f"ただの挿入の経路（{pace}）", bare.n, bare.median, bare.p95, facts=f"{BYTES} バイト。{facts}"),
        Row(
            f"読み取りから、記録された判定まで（{pace}）",
            scan.n,
            scan.median,
            scan.p95,
            baseline="ただの挿入の経路",
            ratio=scan.p95 / bare.p95,
            aim=AIM,
            facts="来所・出発・帰着・帰宅を順に。同じ人だかりの中で交互に",
        ),
    ]
