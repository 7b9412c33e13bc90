"""What measuring itself costs: the floor under every other figure of the table."""

from tests.bench.table import Row
from tests.bench.timing import measured


def run() -> list[Row]:
    """An empty act."""
    timing = measured({"nothing": lambda: None}, n=1000)["nothing"]
    return [Row("測ること自体（何もしない）", timing.n, timing.median, timing.p95, facts="ほかの行の下限")]
