"""Measuring several things in one run, taking turns, so that a busy machine is busy for all of them."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """The durations of one thing, in seconds."""

    durations: tuple[float, ...]

    @property
    def n(self) -> int:
        """How many there are."""
        return len(self.durations)

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.durations)

    @property
    def p95(self) -> float:
        """The one that 95 of 100 do not exceed (nearest rank)."""
        ordered = sorted(self.durations)
        return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]


def measured(acts: Mapping[str, Callable[[], object]], n: int, *, warm_up: int = 3) -> dict[str, Timing]:
    """Do each act `n` times in turns and time each; the first `warm_up` rounds are not counted.

    The collector rests during a round and works between rounds, so that no act pays for another's rubbish.
    """
    durations: dict[str, list[float]] = {name: [] for name in acts}
    collected = gc.isenabled()
    gc.disable()
    try:
        for number in range(warm_up + n):
            for name, act in acts.items():
                start = time.perf_counter()
                act()
                spent = time.perf_counter() - start
                if number >= warm_up:
                    durations[name].append(spent)
            if number % 10 == 0:
                gc.collect()
    finally:
        if collected:
            gc.enable()
    return {name: Timing(tuple(spent)) for name, spent in durations.items()}
