"""A thousand rounds of `kill -9` under load: `python -m tests.faults.endurance [--rounds N] [--seed N]`.

Half of them on each engine, in histories of fifty. The first round that does not hold ends the run with its
error and leaves its folder for whoever looks; what was played is told on the way.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.faults.rounds import History, Nest
from tests.support.postgres import PostgresServer

A_HISTORY = 50


class _Home(NamedTuple):
    folder: Path
    url: Callable[[], str]
    """Makes a database on the server; its address."""


def _play(engine: str, rounds: int, chance: random.Random, nest: Nest, home: _Home) -> None:
    began, done, confirmed, interrupted = time.monotonic(), 0, 0, 0
    while done < rounds:
        now = min(A_HISTORY, rounds - done)
        place = home.folder / f"{engine}-{done}"
        place.mkdir()
        address = home.url() if engine == "postgresql" else None
        history = History(nest, place / "data", address, chance).play(now)
        shutil.rmtree(place)
        done += now
        confirmed += len(history.confirmed)
        interrupted += history.interrupted
        print(
            f"{engine}: {done} / {rounds} rounds, {interrupted} with a batch under way, "
            f"{confirmed} batches confirmed once, {time.monotonic() - began:.0f} s",
            flush=True,
        )


def main(arguments: Sequence[str]) -> int:
    """Play them; 1 when one did not hold."""
    parser = argparse.ArgumentParser(prog="tasks.py endurance", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1000, help="both engines together")
    parser.add_argument("--seed", type=int, default=20260728)
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="tasuki-endurance-"))
    (folder / "server").mkdir()
    folder.chmod(0o755)
    server, nest = PostgresServer(folder / "server"), Nest()
    try:
        server.create()
        server.start()
        half = chosen.rounds // 2
        home = _Home(folder, server.create_database)
        for engine, rounds in (("duckdb", chosen.rounds - half), ("postgresql", half)):
            _play(engine, rounds, random.Random(f"{chosen.seed} {engine}"), nest, home)
    except AssertionError as failed:
        print(f"FAILED: {failed!r}; the folder is left: {folder}", file=sys.stderr)
        raise
    finally:
        nest.close()
        server.stop()
    shutil.rmtree(folder)
    print("all held: confirmed once, nothing half, doctor equal, change log equal")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
