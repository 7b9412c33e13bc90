"""The tests' own waiting: it comes back with the answer, or says what did not come."""

import threading

import pytest

from tests.support.waiting import until


def test_it_comes_back_with_the_answer_of_another_thread() -> None:
    answers: list[str] = []
    threading.Timer(0.05, answers.append, ["来た"]).start()
    assert until(lambda: answers and answers[0], seconds=5) == "来た"


def test_what_does_not_come_is_named() -> None:
    with pytest.raises(TimeoutError, match=r"the bell did not come within 0\.05 s; last answer: 0"):
        until(lambda: 0, seconds=0.05, what="the bell")
