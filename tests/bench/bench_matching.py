"""The proposal: greedy against best, what is proven, and the seconds; frozen days of three sizes.

The ratio is the best plan's points over the greedy plan's of the same run. The time limit is 10 seconds,
for 500 people and 150 visits 30.
"""

from statistics import median
from time import perf_counter

from dvc_core.matching.model import Day, Plan
from dvc_core.matching.process import greedy_plan, propose
from tests.bench.table import Row
from tests.matching.checker import faults
from tests.matching.days import SEEDS, SIZES, make_day

LIMITS = {"small": 10.0, "middle": 10.0, "large": 30.0}
AIMS = {"small": "2 秒・差 1% 以内の証明", "middle": "10 秒以内に答え", "large": ""}


def run() -> list[Row]:
    """Greedy by itself, then the whole proposal in its own process, for each size over three seeds."""
    return [row for name in SIZES for row in _size(name)]


def _size(name: str) -> list[Row]:
    people, visits = SIZES[name]
    days = [make_day(people, visits, seed) for seed in SEEDS]
    greedy = [_timed_greedy(day) for day in days]
    best = [_timed_best(day, LIMITS[name]) for day in days]
    what = f"マッチング {people} 人 × {visits} 訪問"
    return [
        Row(f"{what} 貪欲法", len(days), median(greedy), max(greedy), facts="p95 の欄は最大。同じプロセスで"),
        Row(
            f"{what} 提案",
            len(days),
            median(seconds for seconds, _ in best),
            max(seconds for seconds, _ in best),
            baseline="貪欲法の点",
            ratio=median(told[-1].objective / told[0].objective for _, told in best),
            aim=AIMS[name],
            facts="; ".join(_figures(seed, told) for seed, (_, told) in zip(SEEDS, best, strict=True)),
        ),
    ]


def _timed_greedy(day: Day) -> float:
    began = perf_counter()
    greedy_plan(day)
    return perf_counter() - began


def _timed_best(day: Day, limit: float) -> tuple[float, list[Plan]]:
    began = perf_counter()
    with propose(day, limit) as proposal:
        told = list(proposal)
    seconds = perf_counter() - began
    wrong = faults(day, told[-1])
    if wrong:
        raise AssertionError(wrong[0])
    return seconds, told


def _figures(seed: int, told: list[Plan]) -> str:
    first, last = told[0], told[-1]
    good = next((plan.seconds for plan in told if plan.gap <= 0.01), None)
    within = f"差 1% は {good:.1f} 秒" if good is not None else "差 1% に届かず"
    points = (
        f"{first.objective:.0f}→{last.objective:.0f} 点 (上限 {last.bound:.0f}, 差 {last.gap:.2%}, {within})"
    )
    served = f"訪問 {len(first.teams)}→{len(last.teams)}"
    return f"種 {seed}: {points}, {served}, 活動なし {len(first.idle)}→{len(last.idle)} 人"
