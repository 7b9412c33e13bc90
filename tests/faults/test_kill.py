"""`kill -9` at random moments under load, 50 rounds an engine: confirmed is there once, nothing is half.

`python tasks.py endurance` plays a thousand.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.rounds import OPENING, History, Nest

ROUNDS, HISTORIES = 10, 5
"""Fifty rounds in folders that stay small, so that also the making of a store is cut off five times."""
SEED = 20260728


@pytest.fixture(scope="module")
def nest() -> Iterator[Nest]:
    """One for all rounds."""
    made = Nest()
    yield made
    made.close()


@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
def test_a_process_killed_under_load_leaves_what_it_confirmed_once_and_nothing_half(
    engine: str, nest: Nest, tmp_path: Path, new_postgres_url: Callable[[], str]
) -> None:
    chance = random.Random(f"{SEED} {engine}")
    played = []
    for nth in range(HISTORIES):
        folder = tmp_path / f"history-{nth}"
        folder.mkdir()
        url = new_postgres_url() if engine == "postgresql" else None
        played.append(History(nest, folder / "data", url, chance).play(ROUNDS))
    # The rounds were what they claim: nearly all hit a process with something under way.
    at_work = HISTORIES * (ROUNDS - len(OPENING))
    assert sum(history.interrupted for history in played) >= at_work * 0.9
    assert sum(len(history.confirmed) for history in played) > at_work * 3
