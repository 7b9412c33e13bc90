"""What stands where on the map: the day's visit first, teams at the need they went to, nothing at a guess."""

import uuid

import msgspec
import pytest

from dvc_core.domain.need import Gate, NeedState, Priority
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.queries.needs_map import Point, TeamPoint
from pages.components import need_points

ID = uuid.UUID(int=1)
POINT = Point(
    need_id=ID,
    number=7,
    state=NeedState.READY,
    priority=Priority.URGENT,
    hazard=HazardGrade.NONE,
    gate=Gate.OPEN,
    survey="not-needed",
    crisis=False,
    lat=35.7,
    lng=139.5,
    match_level="town",
    visits_today=0,
    visit=None,
    agreed_today=False,
)
TEAM = TeamPoint(
    team_id=uuid.UUID(int=2),
    number=3,
    need_id=ID,
    need_number=7,
    size=4,
    overdue=False,
    expected_return_at=None,
    lat=35.7,
    lng=139.5,
)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, "ready"),
        ({"gate": Gate.HELD}, "handed"),
        ({"visit": "planned"}, "ready"),
        ({"visit": "matched"}, "planned"),
        ({"visit": "out"}, "active"),
        ({"visit": "out", "state": NeedState.DONE}, "done"),
        ({"state": NeedState.HANDED_OVER}, "handed"),
        ({"state": NeedState.SURVEYED}, "survey"),
        ({"state": NeedState.RECEIVED, "survey": "needed"}, "survey"),
        ({"state": NeedState.RECEIVED}, "received"),
    ],
)
def test_the_symbol_tells_where_a_need_stands(facts: dict[str, object], state: str) -> None:
    assert need_points.state_of(msgspec.structs.replace(POINT, **facts)) == state


def test_a_building_without_a_sticker_is_ungraded_only_where_entering_waits_for_it() -> None:
    assert need_points.hazard_of(POINT) == "none"
    assert need_points.hazard_of(msgspec.structs.replace(POINT, gate=Gate.HELD)) == "ungraded"
    assert need_points.hazard_of(msgspec.structs.replace(POINT, hazard=HazardGrade.RED)) == "red"


def test_a_team_stands_at_its_need_and_is_not_drawn_where_nobody_knows_the_place() -> None:
    late = msgspec.structs.replace(TEAM, overdue=True)
    lost = msgspec.structs.replace(TEAM, lat=None)
    drawn = need_points.features([POINT], [TEAM, late, lost])
    teams = [(f.label, f.state, f.lat) for f in drawn if f.kind == "team"]
    assert teams == [("3班", "out", 35.7), ("3班", "overdue", 35.7)]
    assert [(f.label, f.priority, f.rough) for f in drawn if f.kind == "need"] == [("N-007", "urgent", True)]
