"""How many come on which day and when: the shape of a real series, made small (practice 4.5.1).

The series is 大洲市 2018-07-11 to 17 (compiled by チアアップえひめ, S29): 177 on Wednesday, 284, 333, then
587 on Saturday, 1,099 on Sunday, 221 on Tuesday. Its Monday was a holiday: Monday takes Tuesday's.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from dvc_core.domain.day import JAPAN

PER_WEEKDAY = (221, 221, 177, 284, 333, 587, 1099)
"""From Monday on: 大洲 2018."""

SCALE = 0.2
"""A small city's center: a fifth of 大洲."""

FEWEST, MOST = 60, 100
"""Enough that every desk has something to show; and no more than the day's places."""

EARLY = 0.6
"""Most come in the first third of the hours of reception (practice 4.6: queues before opening)."""


def people_on(day: date) -> int:
    """How many come on a day: few on weekdays, two to three times as many on Saturday and Sunday."""
    return min(MOST, max(FEWEST, round(PER_WEEKDAY[day.weekday()] * SCALE)))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day in Japan."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JAPAN)


def arrivals(random: Random, count: int, begin: datetime, end: datetime) -> list[datetime]:
    """When `count` people come between two moments, in order; `EARLY` of them in the first third."""
    length = end - begin
    drawn = [
        begin + length * (random.random() / 3 if happens(random, EARLY) else 1 / 3 + random.random() * 2 / 3)
        for _ in range(count)
    ]
    return sorted(
        moment.replace(microsecond=0) if length > timedelta(minutes=30) else moment for moment in drawn
    )


def back_from(now: datetime, minutes: float, whole: float) -> datetime:
    """`minutes` before now, of a story `whole` minutes long, drawn together so that all of it is today."""
    midnight = at(now.astimezone(JAPAN).date(), 0)
    room = (now - midnight) * 0.95
    factor = min(1.0, room / timedelta(minutes=whole))
    return now - timedelta(minutes=minutes) * factor


def share(random: Random, weights: Sequence[tuple[str, float]]) -> str:
    """One word, drawn by its weight."""
    return random.choices([word for word, _ in weights], [weight for _, weight in weights])[0]


def happens(random: Random, rate: float) -> bool:
    """Whether something of this rate (0–1) happens this time."""
    return random.random() < rate
