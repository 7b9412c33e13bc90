"""Waiting for something to become true, with a deadline; the only place of the tests that sleeps."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], *, seconds: float = 20.0, what: str = "the condition") -> T:
    """Ask again and again until the answer is true, and return it.

    The pauses grow from 5 to 100 ms, so that a quick event costs little and a slow one few questions.

    Raises:
        TimeoutError: after `seconds`, naming `what` and the last answer.
    """
    deadline = time.monotonic() + seconds
    pause = 0.005
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() >= deadline:
            raise TimeoutError(f"{what} did not come within {seconds:g} s; last answer: {answer!r}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
