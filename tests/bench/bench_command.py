"""A command with its journal row and change log against less, on both engines.

The command is the commonest: a scan at the kiosk. It is compared with a bare insert and commit of the same
bytes (one row into a table of one key and one text, as long as the command's row and journal entry together),
with its own statements said by the driver alone to a database that stands where the command's stands, and
with the same command where no change log is written.
"""

import itertools
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from dvc_core.bootstrap import Config, Services, build
from dvc_core.commands.attendance import Scan
from dvc_core.commands.base import Actor
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.commands.volunteer import NewCard, Register
from dvc_core.domain.attendance import Act, Attendance
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.domain.volunteer import Person
from dvc_core.store import backup, journal
from dvc_core.store.database import connect
from dvc_core.store.engine import Engine
from dvc_core.store.restoring import restore
from tests.bench.same_sql import Bare, heard
from tests.bench.table import Row
from tests.bench.timing import Timing, measured
from tests.support.center import START, FrozenClock
from tests.support.postgres import PostgresServer

NUMBER = 200
TOKEN = "a" * 32
CHIEF = Actor(id="chief", roles=frozenset({"chief", "kiosk"}))
DATABASES = ("command", "without", "twin", "bare")
Urls = Mapping[str, str]
"""A server's database for each of these; empty for the embedded engine."""


def _short(sql: str) -> str:
    words = sql.split()
    marker = {"SELECT": "FROM", "INSERT": "INTO", "DELETE": "FROM"}.get(words[0])
    table = words[words.index(marker) + 1] if marker in words else words[1].partition("(")[0]
    return f"{words[0]} {table}"


def opened(data: Path, url: str | None) -> tuple[Services, FrozenClock]:
    """An opened center with one registered volunteer."""
    clock = FrozenClock()
    services = build(Config(data=data, database_url=url), clock=clock, wall=clock)
    person = Person(id=uuid.UUID(int=0), name="見本 花子")
    for command in (
        Start(disaster=Disaster.EARTHQUAKE, started_at=START, title="訓練の地震"),
        DecideOpening(decision=OpeningDecision.OPEN),
        Open(),
        Register(person=person, card=NewCard(token=TOKEN, key_id="13210-bench")),
    ):
        answer = services.do(command, CHIEF)
        if answer.result != "accepted":
            raise AssertionError(answer)
    return services, clock


def _size(services: Services) -> int:
    """Bytes of the scan's row and its last journal entry."""
    with services.database.engine.snapshot() as connection:
        entry = list(journal.read_all(connection, services.council_id))[-1]
    with services.reader() as reader:
        row = reader.find(Attendance)[0]
    return len(msgspec.json.encode(entry)) + len(msgspec.json.encode(row))


@contextmanager
def _center(name: str, data: Path, urls: Urls) -> Iterator[tuple[Services, Callable[[], object]]]:
    """A center of its own, and its next scan."""
    services, clock = opened(data / name, urls[name] if urls else None)
    acts = itertools.cycle(Act)

    def scan() -> object:
        clock.forward(minutes=1)
        return services.do(Scan(act=next(acts), token=TOKEN), CHIEF, station="kiosk", source="kiosk")

    try:
        scan()
        yield services, scan
    finally:
        services.close()


def _twin(services: Services, data: Path, urls: Urls) -> Bare:
    """The driver alone on a database that holds the same."""
    file, place = data / "twin.zip", urls["twin"] if urls else data / "twin" / "tasuki.duckdb"
    backup.back_up(services.database, file, data=services.config.data, now=START)
    restore(file, place, data=data / "twin", now=START)
    return Bare(place, services.council_id)


def _bare(data: Path, urls: Urls, size: int) -> tuple[Engine, Callable[[], object]]:
    engine, keys = connect(urls["bare"] if urls else data / "bare.duckdb"), itertools.count()
    with engine.write() as connection:
        connection.run("CREATE TABLE bare (key BIGINT PRIMARY KEY, said TEXT)", {})
        connection.commit()

    def insert() -> None:
        with engine.write() as connection:
            params = {"key": next(keys), "said": "x" * size}
            connection.run("INSERT INTO bare (key, said) VALUES ($key, $said)", params)
            connection.commit()

    return engine, insert


def _engine(name: str, data: Path, urls: Urls) -> list[Row]:
    data.mkdir()
    with ExitStack() as ended:
        services, scan = ended.enter_context(_center("command", data, urls))
        without, scan_without = ended.enter_context(_center("without", data, urls))
        without.database.log = None
        bare, insert = _bare(data, urls, _size(services))
        ended.callback(bare.close)
        twin = _twin(services, data, urls)
        ended.callback(twin.close)
        told = ended.enter_context(heard(services.database.engine))

        def command() -> None:
            told.clear()
            scan()

        acts = {"bare": insert, "command": command, "sql": lambda: twin.say(told), "without": scan_without}
        timings = measured(acts, n=NUMBER)
        said = [_short(sql) for group in told for sql, _ in group]
        size = _size(services)
    facts = f"{size} バイト、{len(said)} 文: {', '.join(said)}"
    return [_row(name, row, timings, facts) for row in ROWS]


ROWS = (
    ("ただの挿入と確定", "bare", None, ""),
    ("命令 1 件（読み取り）", "command", "bare", "5 倍以内"),
    ("命令 1 件、同じ文と比べて", "command", "sql", "1.5 倍以内"),
    ("命令 1 件、変更ログなしと比べて", "command", "without", "1.2 倍以内"),
)
"""What is told: its words, what was measured, what it is compared with, the aim."""
BASELINES = {"bare": "ただの挿入と確定", "sql": "同じ文をドライバーだけで", "without": "変更ログなしの命令"}


def _row(
    engine: str, row: tuple[str, str, str | None, str], timings: Mapping[str, Timing], facts: str
) -> Row:
    words, what, floor, aim = row
    timing = timings[what]
    return Row(
        f"{words}（{engine}）",
        timing.n,
        timing.median,
        timing.p95,
        baseline=BASELINES[floor] if floor else "",
        ratio=timing.median / timings[floor].median if floor else None,
        aim=aim,
        facts=facts if floor == "bare" else "",
    )


def _postgres(folder: Path) -> list[Row]:
    home = Path(tempfile.mkdtemp(prefix="tasuki-bench-"))
    server = PostgresServer(home, sync=True)
    try:
        server.create()
        server.start()
        urls = {name: server.create_database() for name in DATABASES}
        return _engine("PostgreSQL", folder / "postgres", urls)
    except FileNotFoundError as missing:
        return [Row("命令 1 件（PostgreSQL）", error=str(missing))]
    finally:
        server.stop()
        shutil.rmtree(home)


def run() -> list[Row]:
    """Both engines, each against itself."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_engine("DuckDB", Path(folder) / "duckdb", {}), *_postgres(Path(folder))]
