"""The demonstration: the same seed and moment tell the same story, and doctor finds everything equal."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from dvc_core.bootstrap import build
from dvc_core.cli import demo
from dvc_core.cli.demo_teller import StoryClock
from dvc_core.cli.drill import config_of
from dvc_core.domain.team import Team
from dvc_core.domain.volunteer import Volunteer
from dvc_core.simulation.shape import back_from
from dvc_core.store.doctor import examine

NOW = datetime.fromisoformat("2026-07-30T11:00:00+09:00")
KEY = re.compile(r"drill-13210-[0-9a-z]+")


def told(data: Path) -> tuple[list[str], int, int, bool, bool]:
    clock = StoryClock(NOW)
    services = build(config_of(data, "demo"), clock=clock)
    try:
        demo.fill(services, clock, 7, NOW)
        with services.reader() as reader:
            rows = reader.rows(
                "SELECT kind, body, occurred_at FROM journal WHERE council_id = $council ORDER BY seq"
            )
            teams, people = reader.find(Team), len(reader.find(Volunteer))
        assert examine(services.database).ok
        late = any(team.out and team.expected_return_at < NOW for team in teams)
        out = any(team.out for team in teams)
    finally:
        services.close()
    # The key is never made from a seed, so its id alone differs.
    return [KEY.sub("KEY", json.dumps(row, default=str)) for row in rows], people, len(teams), out, late


def test_the_same_seed_tells_the_same_story(tmp_path: Path) -> None:
    first, people, teams, out, late = told(tmp_path / "a")
    second = told(tmp_path / "b")[0]
    assert first == second
    assert people == demo.PEOPLE
    assert teams >= 10
    assert out
    assert late


@pytest.mark.parametrize("clock", ["00:00:30", "01:30:00", "11:00:00", "23:59:00"])
def test_todays_story_is_all_today(clock: str) -> None:
    now = datetime.fromisoformat(f"2026-07-30T{clock}+09:00")
    moments = [back_from(now, minutes, demo.MINUTES) for minutes in (demo.MINUTES, 60, 0)]
    assert moments == sorted(moments)
    assert {moment.date() for moment in moments} == {now.date()}
