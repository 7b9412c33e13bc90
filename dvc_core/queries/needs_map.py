"""What the map shows of needs and teams: numbers, codes and points, for everyone who may look.

No query here reads a personal row: a name, an address or a telephone cannot reach the map by this way.
"""

import uuid
from datetime import date, datetime

import msgspec

from dvc_core.domain.day import activity_day
from dvc_core.domain.need import Gate, Need, NeedState, Priority
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.domain.visit import Visit
from dvc_core.ports import Reader
from dvc_core.queries.base import query


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A need on the map: numbers and codes, no name and no address. `visit` is the state of today's visit."""

    need_id: uuid.UUID
    number: int
    state: NeedState
    priority: Priority
    hazard: HazardGrade
    gate: Gate
    survey: str
    crisis: bool
    lat: float
    lng: float
    match_level: str
    visits_today: int
    visit: str | None
    agreed_today: bool


_POINTS = """
SELECT n.id, n.number, n.state, n.priority, COALESCE(n.graded, n.hazard), n.gate, n.survey, n.crisis,
  n.lat, n.lng, n.match_level,
  count(v.id),
  MAX(CASE v.state WHEN 'out' THEN 4 WHEN 'matched' THEN 3 WHEN 'reported' THEN 2 WHEN 'planned' THEN 1 END),
  MAX(CASE WHEN v.agreed = 'yes' THEN 1 ELSE 0 END)
FROM need n
LEFT JOIN visit v ON v.council_id = n.council_id AND v.need_id = n.id AND v.day = $day
  AND v.state <> 'cancelled'
WHERE n.council_id = $council AND n.operation_id = $operation AND n.lat IS NOT NULL AND n.same_as IS NULL
  AND n.state <> 'cancelled'
GROUP BY n.id, n.number, n.state, n.priority, n.graded, n.hazard, n.gate, n.survey, n.crisis, n.lat, n.lng,
  n.match_level
ORDER BY n.number NULLS LAST
"""
_FURTHEST = {4: "out", 3: "matched", 2: "reported", 1: "planned"}


@query("needs.points", role="view")
def points(reader: Reader, operation_id: uuid.UUID, day: date) -> list[Point]:
    """Every need with a place but the cancelled and the joined ones, with what `day` brings it."""
    return [
        Point(
            need_id=row[0],
            number=int(row[1]),
            state=NeedState(row[2]),
            priority=Priority(row[3]),
            hazard=HazardGrade(row[4]),
            gate=Gate(row[5]),
            survey=str(row[6]),
            crisis=bool(row[7]),
            lat=float(row[8]),
            lng=float(row[9]),
            match_level=str(row[10]),
            visits_today=int(row[11]),
            visit=None if row[12] is None else _FURTHEST[int(row[12])],
            agreed_today=bool(row[13]),
        )
        for row in reader.rows(_POINTS, operation=operation_id, day=day)
    ]


class TeamPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A team that is out, at the need it went to; `overdue` when it should be home or nobody hears of it."""

    team_id: uuid.UUID
    number: int
    need_id: uuid.UUID
    need_number: int
    size: int
    overdue: bool
    expected_return_at: datetime | None
    lat: float | None
    lng: float | None


_TEAMS = """
SELECT t.id, t.number, n.id, n.number, t.size, t.expected_return_at, t.last_word, n.lat, n.lng
FROM team t
JOIN visit v ON v.council_id = t.council_id AND v.id = t.visit_id
JOIN need n ON n.council_id = v.council_id AND n.id = v.need_id
WHERE t.council_id = $council AND t.operation_id = $operation AND t.dissolved_at IS NULL
  AND t.departed_at IS NOT NULL AND t.returned_at IS NULL
ORDER BY t.number NULLS LAST, t.id NULLS LAST
"""


@query("needs.teams_out", role="view")
def teams_out(reader: Reader, operation_id: uuid.UUID, now: datetime) -> list[TeamPoint]:
    """The teams that have gone and are not home, from earlier days too: nobody is lost by midnight."""
    return [
        TeamPoint(
            team_id=row[0],
            number=int(row[1]),
            need_id=row[2],
            need_number=int(row[3]),
            size=int(row[4]),
            expected_return_at=row[5],
            overdue=row[6] == "no-contact" or (row[5] is not None and row[5] < now),
            lat=row[7],
            lng=row[8],
        )
        for row in reader.rows(_TEAMS, operation=operation_id)
    ]


class OnMap(msgspec.Struct, frozen=True, kw_only=True):
    """One need as the map's card shows it to everyone: no name, no address, no telephone."""

    need: Need
    visits: tuple[Visit, ...]


@query("needs.on_map", role="view")
def on_map(reader: Reader, need_id: uuid.UUID, now: datetime) -> OnMap | None:
    """A need's codes and its visits from today on."""
    need = reader.get(Need, need_id)
    if need is None:
        return None
    today = activity_day(now)
    ahead = [visit for visit in reader.find(Visit, need_id=need_id) if visit.day >= today]
    return OnMap(need=need, visits=tuple(sorted(ahead, key=lambda visit: (visit.day, visit.band))))
