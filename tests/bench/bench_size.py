"""What size costs: every desk's first page at 100,000 people, starting on a long journal, folding it anew.

The large center is a demonstration's day with 100,000 people of past days (`tests.support.many`); the small
one is the same day with 1,000. A page is opened anew each time, as someone does who comes to a desk.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from dvc_core.bootstrap import Config, build
from dvc_core.domain.kernel import Row as Folded
from dvc_core.store.database import Database
from dvc_core.store.schema import declared
from tests.bench import busy_day
from tests.bench.session import Session
from tests.bench.table import Row
from tests.bench.timing import measured
from tests.support.center import FrozenClock
from tests.support.many import ENTRIES
from tests.support.postgres import PostgresServer
from tests.support.server import Program

SMALL, LARGE = 1_000, 100_000
FOLDED = 100_000
"""Journal entries that are folded anew."""
NUMBER = 7
PAGES = {
    "status": "状況",
    "reception": "受付",
    "needs": "ニーズ",
    "map": "地図",
    "matching": "マッチング",
    "dispatch": "送り出し・帰着",
    "general": "総務",
    "review": "要確認",
    "chronology": "クロノロジー",
}


def run() -> list[Row]:
    """DuckDB, then PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        place = Path(folder)
        place.chmod(0o755)
        (place / "server").mkdir()
        server = PostgresServer(place / "server", sync=True)
        server.create()
        server.start()
        opened.callback(server.stop)
        return [
            *_engine("DuckDB", place / "duckdb", lambda: None),
            *_engine("PostgreSQL", place / "postgres", server.create_database),
        ]


def _engine(name: str, folder: Path, database: Callable[[], str | None]) -> list[Row]:
    return [*_pages(name, folder, database), *_journal(name, folder / "journal", database)]


def _pages(engine: str, folder: Path, database: Callable[[], str | None]) -> list[Row]:
    with ExitStack() as opened:
        acts: dict[str, Callable[[], object]] = {}
        facts = {}
        for people in (SMALL, LARGE):
            data, url = folder / str(people), database()
            day = busy_day.filled(data, people=people, url=url)
            program = Program(data, environment={"TASUKI_DATABASE_URL": url} if url else {})
            opened.callback(program.kill)
            address = str(program.start(seconds=300).ready["url"])
            facts[people] = day.facts
            for page in PAGES:
                acts[f"{page} {people}"] = _opening(address, page, day.cookie)
        timings = measured(acts, n=NUMBER)
    rows = []
    for page, title in PAGES.items():
        small, large = timings[f"{page} {SMALL}"], timings[f"{page} {LARGE}"]
        rows.append(
            Row(
                what=f"{title}を開く、{LARGE:,} 人（{engine}）",
                n=large.n,
                median=large.median,
                p95=large.p95,
                baseline=f"{SMALL:,} 人",
                ratio=large.median / small.median,
                aim="2 倍以内",
                facts=facts[LARGE],
            )
        )
    return rows


def _opening(address: str, page: str, cookie: str) -> Callable[[], object]:
    def act() -> None:
        with Session(address, page, cookie):
            pass

    return act


def _journal(engine: str, folder: Path, database: Callable[[], str | None]) -> list[Row]:
    clock = FrozenClock()
    long = Config(data=folder / "long", database_url=database(), drill="demo")
    empty = Config(data=folder / "empty", database_url=database())
    busy_day.filled(long.data, people=FOLDED // ENTRIES, url=long.database_url)

    def start(config: Config) -> Callable[[], object]:
        return lambda: build(config, clock=clock, wall=clock).close()

    timings = measured({"long": start(long), "empty": start(empty)}, n=NUMBER)
    services = build(long, clock=clock, wall=clock)
    try:
        entries = services.database.head()[0]
        seconds = _refold(services.database)
    finally:
        services.close()
    begun, bare = timings["long"], timings["empty"]
    return [
        Row(
            what=f"起動でデータベースを開く、記録 {entries:,} 件（{engine}）",
            n=begun.n,
            median=begun.median,
            p95=begun.p95,
            baseline="空のデータベース",
            ratio=begun.median / bare.median,
            aim="2 倍以内",
        ),
        Row(
            what=f"記録 {entries:,} 件からすべての表を作りなおす（{engine}）",
            n=1,
            median=seconds,
            aim="60 秒以内",
        ),
    ]


def _refold(database: Database) -> float:
    """Seconds to empty every folded table and fill it from the journal, in one transaction."""
    folded = {cls for cls in declared().values() if issubclass(cls, Folded)}
    began = time.perf_counter()
    with database.unit() as unit:
        for cls in folded:
            unit.connection.run(f"DELETE FROM {cls.table}", {})
        unit.refold(folded)
        unit.commit()
    return time.perf_counter() - began
