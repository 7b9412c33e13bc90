"""期限: the grammar, the days, and what stands under 今, 次 and 遅れ."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.domain.deadline import (
    LONGEST,
    Daily,
    Deadline,
    Moment,
    Placed,
    Relative,
    StepState,
    Unit,
    due,
    lanes,
    parse,
    state,
    write,
)

TOKYO = ZoneInfo("Asia/Tokyo")
QUAKE = datetime(2026, 7, 28, 9, 0, tzinfo=UTC)  # 18:00 in Tokyo


def tokyo(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("発災", Relative(Moment.DISASTER)),
        ("発災+72時間", Relative(Moment.DISASTER, 72, Unit.HOURS)),
        ("発災＋７２時間", Relative(Moment.DISASTER, 72, Unit.HOURS)),
        ("開設-2h", Relative(Moment.OPENING, -2, Unit.HOURS)),
        ("開設 － ２ Ｈ", Relative(Moment.OPENING, -2, Unit.HOURS)),
        ("開設−1日", Relative(Moment.OPENING, -1, Unit.DAYS)),
        ("開設ー1d", Relative(Moment.OPENING, -1, Unit.DAYS)),
        ("設置判断+30分", Relative(Moment.DECISION, 30, Unit.MINUTES)),
        ("閉所判断+7日", Relative(Moment.CLOSING, 7, Unit.DAYS)),
        ("毎日 08:00", Daily(time(8))),
        ("毎日8:05", Daily(time(8, 5))),
        ("毎日　２３：５９", Daily(time(23, 59))),
    ],
)
def test_what_people_write_is_read(written: str, meant: Deadline) -> None:
    assert parse(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "すぐ",
            "72時間",
            "発災72時間",
            "発災+",
            "発災+時間",
            "発災+3",
            "発災+3週間",
            "発災+-3h",
            "開所+1日",
        ),
        *("毎日", "毎日 8時", "毎日 24:00", "毎日 12:60", "毎日 8:0", "毎日 -1:00", "発災+3h 毎日 08:00"),
        *("発災+3h30分", "発災+３.５時間", "発災+999999日", "発災+٣時間"),
    ],
)
def test_what_is_not_in_the_grammar_is_no_deadline(written: str) -> None:
    assert parse(written) is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(written: str) -> None:
    found = parse(written)
    assert found is None or parse(write(found)) == found


instants = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
units = st.sampled_from(Unit)
relatives = st.builds(Relative, st.sampled_from(Moment), st.integers(-1000, 1000).filter(bool), units)
deadlines = relatives | st.builds(Daily, st.times().map(lambda at: at.replace(second=0, microsecond=0)))


@given(deadlines)
def test_written_and_read_again_it_is_the_same(deadline: Deadline) -> None:
    assert parse(write(deadline)) == deadline
    assert msgspec.json.decode(msgspec.json.encode(deadline), type=Deadline) == deadline


@given(relatives, instants)
def test_a_relative_deadline_lies_its_span_from_its_moment(deadline: Relative, start: datetime) -> None:
    assert due(deadline, {deadline.moment: start}, start, TOKYO) == start + deadline.span
    assert due(deadline, {deadline.moment: None}, start, TOKYO) is None
    assert due(deadline, {}, start, TOKYO) is None


def test_the_72_hour_clock_counts_from_the_disaster() -> None:
    clock = parse("発災+72時間")
    assert clock is not None
    assert due(clock, {Moment.DISASTER: QUAKE}, QUAKE, TOKYO) == datetime(2026, 7, 31, 9, tzinfo=UTC)


def test_a_longer_deadline_than_ten_years_is_a_slip() -> None:
    assert parse("発災+3660日") is not None
    assert parse("発災+3661日") is None
    assert timedelta(days=3660) == LONGEST


OPENED = {Moment.OPENING: tokyo(3, 10)}


class TestDaily:
    """A center opened on 3 August at 10:00; 朝礼 is at 8:00, 全体MTG at 16:30."""

    morning = Daily(time(8))
    evening = Daily(time(16, 30))

    def test_before_the_opening_there_is_none(self) -> None:
        assert due(self.morning, {Moment.DISASTER: QUAKE}, QUAKE, TOKYO) is None

    def test_a_planned_opening_gives_the_first(self) -> None:
        assert due(self.morning, OPENED, QUAKE, TOKYO) == tokyo(4, 8)
        assert due(self.evening, OPENED, QUAKE, TOKYO) == tokyo(3, 16, 30)

    def test_the_morning_before_the_opening_is_left_out(self) -> None:
        assert due(self.morning, OPENED, tokyo(3, 11), TOKYO) == tokyo(4, 8)
        assert due(self.evening, OPENED, tokyo(3, 11), TOKYO) == tokyo(3, 16, 30)

    def test_it_stays_overdue_until_midnight_and_lapses_then(self) -> None:
        assert due(self.morning, OPENED, tokyo(5, 23, 59), TOKYO) == tokyo(5, 8)
        assert due(self.morning, OPENED, tokyo(6, 0), TOKYO) == tokyo(6, 8)

    def test_done_today_it_is_due_tomorrow(self) -> None:
        early = due(self.morning, OPENED, tokyo(5, 8, 30), TOKYO, done_at=tokyo(5, 7, 50))
        assert early == tokyo(6, 8)

    def test_done_yesterday_it_is_due_today(self) -> None:
        assert due(self.morning, OPENED, tokyo(5, 7), TOKYO, done_at=tokyo(4, 8)) == tokyo(5, 8)

    def test_a_bcp_counts_from_the_disaster(self) -> None:
        found = due(self.morning, {Moment.DISASTER: QUAKE}, QUAKE, TOKYO, daily_from=Moment.DISASTER)
        assert found == datetime(2026, 7, 29, 8, tzinfo=TOKYO)

    @given(instants, instants, st.times())
    def test_it_falls_on_today_or_the_first_day(self, opened: datetime, now: datetime, at: time) -> None:
        at = at.replace(second=0, microsecond=0)
        found = due(Daily(at), {Moment.OPENING: opened}, now, TOKYO)
        assert found is not None
        assert found >= opened
        assert found.astimezone(TOKYO).time() == at
        assert found - max(opened, now) <= timedelta(days=1)
        assert found.astimezone(TOKYO).date() >= now.astimezone(TOKYO).date()
        after = due(Daily(at), {Moment.OPENING: opened}, max(opened, now), TOKYO, done_at=max(opened, now))
        assert after is not None
        assert after.astimezone(TOKYO).date() > max(opened, now).astimezone(TOKYO).date()


class TestState:
    now = tokyo(3, 9)

    def test_a_missed_deadline_is_late_even_while_something_else_must_come_first(self) -> None:
        assert state(tokyo(3, 8), self.now) is StepState.OVERDUE
        assert state(tokyo(3, 8), self.now, ready=False) is StepState.OVERDUE
        assert state(self.now, self.now) is StepState.NOW

    def test_what_is_due_within_two_hours_is_now_else_next(self) -> None:
        assert state(tokyo(3, 11), self.now) is StepState.NOW
        assert state(tokyo(3, 11, 1), self.now) is StepState.NEXT
        assert state(tokyo(3, 10), self.now, soon=timedelta(minutes=30)) is StepState.NEXT

    def test_what_something_else_must_precede_is_next_when_close_else_waits(self) -> None:
        assert state(tokyo(3, 11), self.now, ready=False) is StepState.NEXT
        assert state(tokyo(4, 11), self.now, ready=False) is StepState.WAITING

    def test_a_step_whose_moment_has_not_come_waits(self) -> None:
        assert state(None, self.now) is StepState.WAITING

    def test_a_step_without_a_deadline_is_next_once_it_can_be_done(self) -> None:
        assert state(None, self.now, dated=False) is StepState.NEXT
        assert state(None, self.now, dated=False, ready=False) is StepState.WAITING


def test_lanes_show_each_section_its_own_by_deadline() -> None:
    late = Placed("uketsuke-tsukue", "reception", StepState.OVERDUE, tokyo(3, 8))
    later = Placed("nafuda", "reception", StepState.OVERDUE, tokyo(3, 8))
    now = Placed("chorei", "reception", StepState.NOW, tokyo(3, 9))
    free = Placed("keijiban", "reception", StepState.NEXT)
    dated = Placed("shimekiri", "reception", StepState.NEXT, tokyo(3, 12))
    nobody = Placed("gakuseki", None, StepState.WAITING)

    found = lanes([free, now, late, nobody, dated, later])

    assert list(found) == ["reception", None]
    assert found["reception"].overdue == (late, later)
    assert found["reception"].now == (now,)
    assert found["reception"].next == (dated, free)
    assert found["reception"].waiting == ()
    assert found[None].waiting == (nobody,)
