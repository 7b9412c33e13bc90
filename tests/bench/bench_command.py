"""A command with its journal row against a bare insert and commit of the same bytes, on both engines.

The command is the commonest: a scan at the kiosk. The bare act is one statement: one row into a table of one
key and one text, with as many bytes as the command's row and journal entry have together.
"""

import itertools
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from dvc_core.bootstrap import Config, Services, build
from dvc_core.commands.attendance import Scan
from dvc_core.commands.base import Actor
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.commands.volunteer import NewCard, Register
from dvc_core.domain.attendance import Act, Attendance
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.domain.volunteer import Person
from dvc_core.store import journal
from dvc_core.store.database import connect
from dvc_core.store.engine import Connection, Said
from tests.bench.table import Row
from tests.bench.timing import measured
from tests.support.center import START, FrozenClock
from tests.support.postgres import PostgresServer

NUMBER = 200
TOKEN = "a" * 32
CHIEF = Actor(id="chief", roles=frozenset({"chief", "kiosk"}))
AIM = "5 倍以内"


class _Counting:
    """A connection that counts its statements; the transaction's BEGIN and COMMIT are not among them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.for_update = connection.for_update
        self.said: list[str] = []

    def rows(self, sql: str, params: Mapping[str, object]) -> list[tuple[Any, ...]]:
        self.said.append(sql)
        return self._connection.rows(sql, params)

    def run(self, sql: str, params: Mapping[str, object]) -> int:
        self.said.append(sql)
        return self._connection.run(sql, params)

    def run_all(self, statements: Sequence[Said]) -> list[int]:
        self.said.extend(sql for sql, _ in statements)
        return self._connection.run_all(statements)

    def commit(self) -> None:
        self._connection.commit()


def statements(services: Services, act: Callable[[], object]) -> list[str]:
    """What an act says to the store, in order: the first two words and the table of each statement."""
    engine, counted = services.database.engine, []
    plain = engine.write

    @contextmanager
    def write() -> Iterator[Connection]:
        with plain() as connection:
            counting = _Counting(connection)
            counted.append(counting)
            yield counting

    engine.write = write  # type: ignore[method-assign]
    try:
        act()
    finally:
        engine.write = plain  # type: ignore[method-assign]
    return [_short(sql) for each in counted for sql in each.said]


def _short(sql: str) -> str:
    words = sql.split()
    marker = {"SELECT": "FROM", "INSERT": "INTO", "DELETE": "FROM"}.get(words[0])
    table = words[words.index(marker) + 1] if marker else words[1]
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


def _engine(name: str, data: Path, url: str | None, bare_url: str | None) -> list[Row]:
    services, clock = opened(data, url)
    bare = connect(bare_url or data / "bare.duckdb")
    acts, keys = itertools.cycle(Act), itertools.count()
    try:

        def scan() -> object:
            clock.forward(minutes=1)
            return services.do(Scan(act=next(acts), token=TOKEN), CHIEF, station="kiosk", source="kiosk")

        scan()
        said, size = statements(services, scan), _size(services)
        with bare.write() as connection:
            connection.run("CREATE TABLE bare (key BIGINT PRIMARY KEY, said TEXT)", {})
            connection.commit()

        def insert() -> None:
            with bare.write() as connection:
                params = {"key": next(keys), "said": "x" * size}
                connection.run("INSERT INTO bare (key, said) VALUES ($key, $said)", params)
                connection.commit()

        timings = measured({"bare": insert, "command": scan}, n=NUMBER)
    finally:
        services.close()
        bare.close()
    floor, command = timings["bare"], timings["command"]
    facts = f"{name}、{size} バイト、{len(said)} 文: {', '.join(said)}"
    return [
        Row(f"ただの挿入と確定（{name}）", floor.n, floor.median, floor.p95, facts=f"{size} バイト、1 文"),
        Row(
            f"命令 1 件（読み取り、{name}）",
            command.n,
            command.median,
            command.p95,
            baseline="ただの挿入と確定",
            ratio=command.median / floor.median,
            aim=AIM,
            facts=facts,
        ),
    ]


def _postgres(folder: Path) -> list[Row]:
    home = Path(tempfile.mkdtemp(prefix="tasuki-bench-"))
    server = PostgresServer(home)
    try:
        server.create()
        server.start()
        return _engine(
            "PostgreSQL、fsync なし", folder / "postgres", server.create_database(), server.create_database()
        )
    except FileNotFoundError as missing:
        return [Row("命令 1 件（PostgreSQL）", error=str(missing))]
    finally:
        server.stop()
        shutil.rmtree(home)


def run() -> list[Row]:
    """Both engines, each against itself."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_engine("DuckDB", Path(folder) / "duckdb", None, None), *_postgres(Path(folder))]
