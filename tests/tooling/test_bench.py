"""The benchmarks' own machinery: the table stays a table, times are right, a failure is a row."""

import sys
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench.bench_page import empty_page
from tests.bench.session import Session
from tests.bench.table import Row, duration, markdown
from tests.bench.timing import Timing, measured


def test_the_table_holds_what_was_measured_and_what_was_not() -> None:
    rows = [
        Row("記録", 200, 0.0047, 0.0112, "素の挿入", 2.61, "5 倍以内", "412 bytes | 1 key"),
        Row("地図", error="ValueError: a\nb"),
    ]
    lines = markdown(rows).splitlines()
    assert lines[0] == "| 測ったもの | n | 中央値 | p95 | 基準 | 比 | 目標 | 条件 |"
    assert lines[2] == "| 記録 | 200 | 4.7 ms | 11.2 ms | 素の挿入 | 2.61 | 5 倍以内 | 412 bytes \\| 1 key |"
    assert lines[3] == "| 地図 |  |  |  |  |  |  | 測れず: ValueError: a b |"
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, ""), (0.0000042, "4.2 µs"), (0.0123, "12.3 ms"), (2.0, "2.00 s")]
)
def test_durations(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words


def test_median_and_tail() -> None:
    timing = Timing(tuple(float(number) for number in range(100, 0, -1)))
    assert (timing.n, timing.median, timing.p95) == (100, 50.5, 95.0)
    assert Timing((7.0,)).p95 == 7.0


def test_acts_take_turns_and_the_warm_up_is_not_counted() -> None:
    order: list[str] = []
    timings = measured({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, n=3, warm_up=2)
    assert order == ["a", "b"] * 5
    assert {name: timing.n for name, timing in timings.items()} == {"a": 3, "b": 3}


def test_a_failing_benchmark_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "failing").mkdir()
    (tmp_path / "failing" / "bench_broken.py").write_text("def run():\n    return 1 / 0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert bench.found(tmp_path / "failing") == ["broken"]
    assert bench.rows_of("broken", package="failing") == [
        Row("broken", error="ZeroDivisionError: division by zero")
    ]
    sys.modules.pop("failing.bench_broken")


def test_the_runner_prints_a_table_and_fails_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["clock", "nothing-of-that-name"]) == 0
    printed = capsys.readouterr().out
    assert "| nothing-of-that-name |" in printed
    assert "| 測ること自体（何もしない） | 1000 |" in printed


def test_an_open_page_is_drawn_anew_until_its_last_element() -> None:
    with empty_page() as url, Session(url) as page:
        assert page.words == ["たすき"]
        assert page.rerun() > 0
        assert (page.drawn, page.words, page.tabs) == (1, ["たすき"], {})
