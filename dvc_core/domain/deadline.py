"""期限: when a step of the manual is due, and what of a 班 is 今, 次 or 遅れ.

The grammar is the manual's own (INTERFACES, 「A manual」), so its words are Japanese here as they are there:
`発災|設置判断|開設|閉所判断` ± `N分|N時間|N日` (also `h`, `d`), or `毎日 HH:MM`. Everything is a
pure function of the known moments, the present and the zone passed in, so a restart changes no deadline.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

import msgspec

SOON = timedelta(hours=2)
"""How close a deadline must be for its step to be 今 and not 次."""

LONGEST = timedelta(days=3660)
"""No deadline lies further from its moment: a longer one is a slip of the pen."""


class Moment(StrEnum):
    """What a deadline counts from."""

    DISASTER = "disaster"
    DECISION = "decision"
    OPENING = "opening"
    CLOSING = "closing"


class Unit(StrEnum):
    """What a deadline counts in; a day is 24 hours."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


class Relative(msgspec.Struct, frozen=True, tag="relative"):
    """So many units after a moment; before it when `count` is negative."""

    moment: Moment
    count: int = 0
    unit: Unit = Unit.HOURS

    @property
    def span(self) -> timedelta:
        """The signed time from the moment to the deadline."""
        return timedelta(**{self.unit.value: self.count})


class Daily(msgspec.Struct, frozen=True, tag="daily"):
    """Every day at a time of the clock on the wall."""

    at: time


Deadline = Relative | Daily

MOMENT_NAMES = {
    "発災": Moment.DISASTER,
    "設置判断": Moment.DECISION,
    "開設": Moment.OPENING,
    "閉所判断": Moment.CLOSING,
}
_UNITS = {"分": Unit.MINUTES, "時間": Unit.HOURS, "h": Unit.HOURS, "日": Unit.DAYS, "d": Unit.DAYS}
_UNIT_NAMES = {Unit.MINUTES: "分", Unit.HOURS: "時間", Unit.DAYS: "日"}
# Input methods write a minus in many ways; NFKC unites only the full-width one.
_DASHES = str.maketrans(dict.fromkeys("−‐‑‒–—―ー", "-"))
_RELATIVE = re.compile(rf"({'|'.join(MOMENT_NAMES)})(?:([+-])([0-9]{{1,6}})({'|'.join(_UNITS)}))?")
_DAILY = re.compile(r"毎日([0-9]{1,2}):([0-9]{2})")


def parse(written: str) -> Deadline | None:
    """The deadline that a person wrote, full-width digits and signs too; None when it is none."""
    plain = "".join(unicodedata.normalize("NFKC", written).translate(_DASHES).lower().split())
    if daily := _DAILY.fullmatch(plain):
        hour, minute = int(daily[1]), int(daily[2])
        return Daily(time(hour, minute)) if hour < 24 and minute < 60 else None  # noqa: PLR2004 - a clock
    if not (found := _RELATIVE.fullmatch(plain)):
        return None
    moment, sign, digits, unit = found.groups()
    if digits is None:
        return Relative(MOMENT_NAMES[moment])
    count = -int(digits) if sign == "-" else int(digits)
    deadline = Relative(MOMENT_NAMES[moment], count, _UNITS[unit])
    return deadline if abs(deadline.span) <= LONGEST else None


def write(deadline: Deadline) -> str:
    """The deadline as the grammar writes it; `parse` reads it back."""
    if isinstance(deadline, Daily):
        return f"毎日 {deadline.at:%H:%M}"
    name = next(name for name, moment in MOMENT_NAMES.items() if moment is deadline.moment)
    return f"{name}{deadline.count:+}{_UNIT_NAMES[deadline.unit]}" if deadline.count else name


def due(
    deadline: Deadline,
    moments: Mapping[Moment, datetime | None],
    now: datetime,
    zone: tzinfo,
    *,
    done_at: datetime | None = None,
    daily_from: Moment = Moment.OPENING,
) -> datetime | None:
    """When the step is due, in UTC; None while its moment is unknown.

    A moment may be a planned one: the caller passes the planned 開設 until the real one is known.

    A daily step begins with `daily_from` (a BCP counts from 発災) and has one deadline a calendar day of the
    zone, the 活動日. Done at any time of a day (`done_at`, the last time), it is due tomorrow. What was left
    undone stays overdue until midnight and then lapses, since the new day has its own. A deadline that would
    lie before the beginning is left out: a center opened at 10:00 has its first 朝礼 on the next morning.
    """
    if isinstance(deadline, Relative):
        start = moments.get(deadline.moment)
        return None if start is None else (start + deadline.span).astimezone(UTC)
    begin = moments.get(daily_from)
    if begin is None:
        return None
    first = begin.astimezone(zone).date()
    if _clock(deadline, first, zone) < begin:
        first += timedelta(days=1)
    day = max(first, now.astimezone(zone).date())
    if done_at is not None:
        day = max(day, done_at.astimezone(zone).date() + timedelta(days=1))
    return _clock(deadline, day, zone)


def _clock(daily: Daily, day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, daily.at, zone).astimezone(UTC)


class StepState(StrEnum):
    """Where an open step stands for the 班 that does it."""

    OVERDUE = "overdue"
    NOW = "now"
    NEXT = "next"
    WAITING = "waiting"


def state(
    due_at: datetime | None, now: datetime, *, dated: bool = True, ready: bool = True, soon: timedelta = SOON
) -> StepState:
    """遅れ, 今, 次 or 待ち of a step that is not yet done.

    Args:
        due_at: what `due` gave.
        now: the operation's present.
        dated: whether the step has a 期限 at all. With one, no `due_at` means that its moment has not come.
        ready: whether all its 前提 are done, not applicable or skipped.
        soon: how far ahead 今 reaches.

    A missed deadline is 遅れ even while a 前提 is open: the chief must see it, and the 前提 names the cause.
    """
    if due_at is None:
        return StepState.NEXT if ready and not dated else StepState.WAITING
    if due_at < now:
        return StepState.OVERDUE
    if not ready:
        return StepState.NEXT if due_at - now <= soon else StepState.WAITING
    return StepState.NOW if due_at - now <= soon else StepState.NEXT


class Placed(msgspec.Struct, frozen=True):
    """An open step in its 班 with its deadline; `section` None: nobody has been named for it yet."""

    step_id: str
    section: str | None
    state: StepState
    due_at: datetime | None = None


class Lane(msgspec.Struct, frozen=True):
    """The open steps of one 班, each list by deadline, those without one last."""

    overdue: tuple[Placed, ...] = ()
    now: tuple[Placed, ...] = ()
    next: tuple[Placed, ...] = ()
    waiting: tuple[Placed, ...] = ()


def lanes(placed: Iterable[Placed]) -> dict[str | None, Lane]:
    """「今・次・遅れ」 of every 班 that has an open step; equal deadlines keep the manual's order."""
    far = datetime.max.replace(tzinfo=UTC)
    grouped: dict[str | None, dict[str, list[Placed]]] = {}
    for step in sorted(placed, key=lambda step: step.due_at or far):
        grouped.setdefault(step.section, {}).setdefault(step.state.value, []).append(step)
    return {
        section: Lane(**{state: tuple(steps) for state, steps in lists.items()})
        for section, lists in grouped.items()
    }
