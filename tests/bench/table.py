"""One row of a benchmark, and the table that the README shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADINGS = ("測ったもの", "n", "中央値", "p95", "基準", "比", "目標", "条件")


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement.

    Attributes:
        what: what was measured, in Japanese.
        n: number of measurements; 0 if there was none.
        median: seconds.
        p95: seconds, where the tail matters.
        baseline: what it is compared with, measured in the same run.
        ratio: this median (or p95, where the aim names it) divided by the baseline's.
        aim: what was aimed at, in words ("5 倍以内").
        facts: what a reader needs to repeat it: bytes, keys, rows, clients.
        error: why there is no measurement.
    """

    what: str
    n: int = 0
    median: float | None = None
    p95: float | None = None
    baseline: str = ""
    ratio: float | None = None
    aim: str = ""
    facts: str = ""
    error: str = ""


def duration(seconds: float | None) -> str:
    """Seconds with the unit that reads best, three figures."""
    if seconds is None:
        return ""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    if seconds >= 0.001:
        return f"{seconds * 1_000:.3g} ms"
    return f"{seconds * 1_000_000:.3g} µs"


def _cells(row: Row) -> Sequence[str]:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    facts = f"測れず: {row.error}" if row.error else row.facts
    count = str(row.n) if row.n else ""
    return row.what, count, duration(row.median), duration(row.p95), row.baseline, ratio, row.aim, facts


def markdown(rows: Iterable[Row]) -> str:
    """The rows as a table; a pipe or a line break in a text cannot break it."""
    lines = [HEADINGS, tuple("---:" if name in {"n", "比"} else "---" for name in HEADINGS)]
    lines += [tuple(" ".join(cell.replace("|", "\\|").split()) for cell in _cells(row)) for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
