"""When a team is expected home: at any hour of the day the usual time is one that departing accepts."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.domain.team import LONGEST_OUT, USUAL_RETURN, coming, usual_return

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(MOMENTS, st.sampled_from(sorted(USUAL_RETURN)))
def test_the_usual_return_is_never_past_nor_too_far(now: datetime, band: str) -> None:
    assert now + timedelta(hours=1) <= usual_return(now, band) <= now + LONGEST_OUT


@given(MOMENTS, st.times())
def test_a_time_of_the_clock_is_the_next_that_comes(now: datetime, at: time) -> None:
    moment = coming(now, at)
    assert now < moment <= now + timedelta(days=1)
    assert moment.time() == at


@pytest.mark.parametrize(
    ("now", "back"),
    [
        ("09:00", "2026-07-30T15:30+09:00"),
        ("14:50", "2026-07-30T15:50+09:00"),
        ("02:00", "2026-07-30T14:00+09:00"),
        ("23:30", "2026-07-31T00:30+09:00"),
    ],
)
def test_what_the_desk_offers(now: str, back: str) -> None:
    moment = datetime.fromisoformat(f"2026-07-30T{now}+09:00")
    offered = usual_return(moment, "day")
    assert offered == datetime.fromisoformat(back)
    assert coming(moment, offered.time()) == offered
