"""交代: a person takes a station over, server time with argon2, against one argon2 check alone."""

import tempfile
from pathlib import Path

from dvc_core.access import stations
from dvc_core.access.passwords import hash_password, matches
from tests.access.test_stations import PIN, at, person, tablet
from tests.bench.bench_command import opened
from tests.bench.table import Row
from tests.bench.timing import measured
from tests.support.center import Center
from tests.support.postgres import PostgresServer

NUMBER = 40


def run() -> list[Row]:
    """Names, number, the desk's rights: everything between the tap on 決定 and the answer; both engines."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "server").mkdir()
        server = PostgresServer(folder / "server", sync=True)
        try:
            server.create()
            server.start()
            return [
                *_engine("DuckDB", folder / "duckdb", None),
                *_engine("PostgreSQL", folder / "postgres", server.create_database()),
            ]
        finally:
            server.stop()


def _engine(engine: str, data: Path, url: str | None) -> list[Row]:
    services, clock = opened(data, url)
    try:
        center = Center(services, clock)
        cookie, who = tablet(center), person(center, "ichi", "reception")
        kept = hash_password(PIN)
        desk = services.reference.desk("reception")
        assert desk is not None

        def take() -> None:
            with services.reader() as reader:
                stations.people(reader, desk, now=clock.now(), reference=services.reference)
            seen = at(services, cookie)
            answer = stations.take_over(
                services.database, seen, who, PIN, now=clock.now(), reference=services.reference
            )
            assert answer.result == "in"

        timings = measured({"argon2": lambda: matches(kept, PIN), "take": take}, n=NUMBER)
    finally:
        services.close()
    floor, done = timings["argon2"], timings["take"]
    return [
        Row(f"暗証番号の検査だけ（argon2、{engine}）", floor.n, floor.median, floor.p95),
        Row(
            f"交代（名前の一覧、端末の確認、番号の検査、記録、{engine}）",
            done.n,
            done.median,
            done.p95,
            baseline="番号の検査だけ",
            ratio=done.median / floor.median,
            aim="300 ms 以内",
        ),
    ]
