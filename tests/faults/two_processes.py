"""`python -m tests.faults.two_processes`: two programs on one PostgreSQL server, as on two laptops.

Eight tablets send to both. One program is killed; its tablets go over to the other. Then the server itself is
killed and started again while all of them send. At the end every scan that was confirmed is there once.
"""

import json
import shutil
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg

from dvc_core.store.peers import duty_number
from tests.faults.test_kill_program import cli
from tests.support.people import PASSWORD
from tests.support.postgres import ADMIN, PostgresServer
from tests.support.server import Program
from tests.support.waiting import until

LANES = 8
MOST = 2000
"""Scans of one lane: a bound on what is sent."""
BEFORE, BETWEEN, AFTER = 60, 60, 60
"""Confirmed scans until the program is killed, until the server is, and after that."""
DEADLINE = 90.0
START = {"disaster": "earthquake", "started_at": "2026-01-05T00:00:00+09:00", "title": "訓練の地震"}


class Lane:
    """A tablet: it sends each scan until somebody has confirmed it, first where it always did."""

    def __init__(self, doors: list[Program], credential: str, number: int, told: Callable[[], None]) -> None:
        self.doors = doors
        self.headers = {"Authorization": f"Bearer {credential}"}
        self.number = number
        self.ids = [uuid.uuid5(uuid.NAMESPACE_OID, f"two/{number}/{nth}") for nth in range(MOST)]
        self.confirmed: list[uuid.UUID] = []
        self.waits: list[float] = []
        self.end = threading.Event()
        self.told = told

    def work(self) -> None:
        """Until it is told to end."""
        with httpx.Client(timeout=20.0) as client:
            for command_id in self.ids:
                began = time.monotonic()
                while not self.end.is_set():
                    if self.sent(client, command_id) is not None:
                        self.confirmed.append(command_id)
                        self.waits.append(time.monotonic() - began)
                        self.told()
                        break
                    self.doors = self.doors[::-1]
                    self.end.wait(0.05)
                if self.end.is_set():
                    return

    def sent(self, client: httpx.Client, command_id: uuid.UUID) -> str | None:
        """The verdict, or None when nobody confirmed it."""
        now = datetime.now(UTC).isoformat()
        scan = {"command_id": str(command_id), "act": "arrive", "at": now, "number": 9000 + self.number}
        body = {"device_now": now, "scans": [scan]}
        url = f"{self.doors[0].ready['url']}/api/scans"
        with suppress(httpx.TransportError):
            answer = client.post(url, json=body, headers=self.headers)
            if answer.status_code == httpx.codes.OK:
                return str(answer.json()["results"][0]["verdict"])
        return None


class Screen:
    """A wall that is open at one of the programs: when it showed how many wait in 要確認."""

    def __init__(self, program: Program, cookies: httpx.Cookies) -> None:
        self.seen: list[tuple[float, int]] = []
        self._url = f"{program.ready['url']}/api/wall"
        self._cookies = cookies
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        until(lambda: self.seen, seconds=DEADLINE, what="the first numbers")

    def _look(self) -> None:
        with (
            suppress(httpx.TransportError),
            httpx.stream("GET", self._url, cookies=self._cookies, timeout=60.0) as answer,
        ):
            for line in answer.iter_lines():
                if line.startswith("data: {"):
                    self.seen.append((time.monotonic(), json.loads(line[6:])["waiting"]))


def logged_in(program: Program) -> httpx.Cookies:
    """The first administrator, made with the code of the start."""
    url = program.ready["url"]
    form = {"code": program.ready["setup_code"], "name": "訓練 太郎", "login": "taro"}
    with httpx.Client(base_url=url, headers={"Origin": url}) as client:
        answer = client.post("/setup", data={**form, "password": PASSWORD, "again": PASSWORD})
        assert answer.status_code == httpx.codes.SEE_OTHER, answer.text
        return client.cookies


def holder(server: PostgresServer, url: str) -> int | None:
    """The server process that holds the lease of the timers."""
    number = duty_number("jobs") & (2**64 - 1)
    asked = (
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' "
        "AND classid = %s AND objid = %s AND objsubid = 1"
    )
    with psycopg.connect(server.url(url.rpartition("/")[2], ADMIN)) as connection:
        row = connection.execute(asked, (number >> 32, number & (2**32 - 1))).fetchone()
    return None if row is None else int(row[0])


def play(server: PostgresServer, folder: Path, say: Callable[[str], None]) -> None:
    """The whole of it. Raises AssertionError where a promise does not hold."""
    url = server.create_database()
    environment = {"TASUKI_DATABASE_URL": url, "TASUKI_BACKUP_MINUTES": "120"}
    first = Program(folder / "first", environment=environment)
    second = Program(folder / "second", environment=environment)
    try:
        first.start()
        cookies = logged_in(first)
        assert cli(first, "do", "operation.start", json.dumps(START))["ok"] is True
        credential = str(cli(first, "kiosk", "add", "受付1")["credential"])
        person = {"id": str(uuid.UUID(int=0)), "name": "見本 花子", "phone": "000-0000-0001"}
        registered = json.dumps({"person": person, "traits": {}})
        assert cli(first, "do", "volunteer.register", registered)["ok"] is True
        assert cli(first, "card", "issue", "1")["ok"] is True
        for name in ("keys", "certificates"):
            shutil.copytree(first.data / name, second.data / name)
        until(lambda: holder(server, url), seconds=DEADLINE, what="the first one to hold the timers")
        second.start()
        assert [each["code"] for each in second.ready["problems"]].count("keys-foreign") == 0
        say("2つのプログラム、1つの PostgreSQL。それぞれ 4 台のタブレット")
        _live(first, second, credential, cookies, say)
        _under_load(server, url, (first, second), credential, say)
    finally:
        first.kill()
        second.kill()


def _live(
    first: Program, second: Program, credential: str, cookies: httpx.Cookies, say: Callable[[str], None]
) -> None:
    screen = Screen(second, cookies)
    lane = Lane([first], credential, 99, lambda: None)
    delays = []
    with httpx.Client(timeout=20.0) as client:
        for nth, command_id in enumerate(lane.ids[:10]):
            assert lane.sent(client, command_id) is not None
            stored = time.monotonic()
            until(lambda: screen.seen[-1][1] > nth, seconds=5, what="the other one's screen")  # noqa: B023
            delays.append(screen.seen[-1][0] - stored)
    assert max(delays) < 1.0, delays
    median = sorted(delays)[len(delays) // 2]
    took = f"中央値 {median * 1000:.0f} ms、最大 {max(delays) * 1000:.0f} ms"
    say(f"片方の確定がもう片方の画面に出るまで：{took}")


def _under_load(
    server: PostgresServer,
    url: str,
    programs: tuple[Program, Program],
    credential: str,
    say: Callable[[str], None],
) -> None:
    first, second = programs
    told = threading.Semaphore(0)
    doors = ([first, second], [second, first])
    lanes = [Lane(doors[n % 2], credential, n, told.release) for n in range(LANES)]
    threads = [threading.Thread(target=lane.work) for lane in lanes]
    for thread in threads:
        thread.start()

    def wait_for(count: int) -> None:
        for _ in range(count):
            assert told.acquire(timeout=DEADLINE), "nothing is confirmed any more"

    try:
        wait_for(BEFORE)
        before = holder(server, url)
        first.kill()
        wait_for(BETWEEN)
        until(
            lambda: holder(server, url) not in (None, before),
            seconds=DEADLINE,
            what="the timers to be taken over",
        )
        server.kill()
        server.start()
        wait_for(AFTER)
    finally:
        for lane in lanes:
            lane.end.set()
        for thread in threads:
            thread.join(timeout=DEADLINE)
    confirmed = [command_id for lane in lanes for command_id in lane.confirmed]
    longest = max(wait for lane in lanes for wait in lane.waits)
    say("時間の仕事は、残ったほうが引きついだ")
    took = f"確定 {len(confirmed)} 件、いちばん長い待ち {longest:.1f} 秒"
    say(f"片方を kill -9、あとでサーバーも止めて起動。{took}")
    _nothing_lost(second, lanes, say)


def _nothing_lost(second: Program, lanes: list[Lane], say: Callable[[str], None]) -> None:
    verdicts: list[str | None] = []
    with httpx.Client(timeout=20.0) as client:
        for lane in lanes:
            lane.doors = [second]
            verdicts += [lane.sent(client, command_id) for command_id in lane.confirmed]
    assert set(verdicts) <= {"repeat", "review"}, verdicts
    doctor: dict[str, Any] = cli(second, "doctor")
    assert doctor["ok"] is True, doctor
    assert all(table["differing"] == 0 for table in doctor["tables"])
    reviews = next(table for table in doctor["tables"] if table["name"] == "review")
    # A scan that was under way when its lane was told to end may have been stored unheard.
    assert len(verdicts) + 10 <= reviews["rows"] <= len(verdicts) + 10 + LANES, (reviews, len(verdicts))
    say("確定したものは、どれも一度だけある。doctor：そろっている")


def main() -> int:
    """Play it once and print what happened."""
    folder = Path(tempfile.mkdtemp(prefix="tasuki-two-"))
    (folder / "server").mkdir()
    folder.chmod(0o755)
    server = PostgresServer(folder / "server", sync=True)
    try:
        server.create()
        server.start()
        play(server, folder, print)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
