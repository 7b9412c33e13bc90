"""呼び戻し: teams at a place that the gate has closed behind them, until somebody has reached them."""

import uuid
from datetime import date, datetime

import msgspec

from dvc_core.domain.need import Need
from dvc_core.domain.recall import Recall
from dvc_core.domain.team import Team
from dvc_core.domain.volunteer import Person
from dvc_core.ports import Reader
from dvc_core.queries.base import query
from dvc_core.queries.counting import counting

_OPEN = (
    "FROM recall r JOIN team t ON t.council_id = r.council_id AND t.id = r.team_id "
    "JOIN need n ON n.council_id = r.council_id AND n.id = r.need_id "
    "WHERE r.council_id = $council AND r.operation_id = $operation AND r.reached_at IS NULL "
    "AND t.returned_at IS NULL AND t.dissolved_at IS NULL AND n.gate IN ('held', 'closed') "
)


class RecallLine(msgspec.Struct, frozen=True, kw_only=True):
    """One team that must leave: its leader's name and telephone, and where it is."""

    recall: Recall
    team: Team
    need: Need
    leader: str
    phone: str


@query("recalls.open", role="dispatch")
def waiting(reader: Reader, operation_id: uuid.UUID) -> list[RecallLine]:
    """Who must be called, the longest wait first; over when they are home or the gate opened again."""
    rows = reader.rows(
        f"SELECT r.id, r.team_id, r.need_id, t.leader_id {_OPEN}"
        "ORDER BY r.raised_at NULLS LAST, t.number NULLS LAST",
        operation=operation_id,
    )
    recalls = reader.many(Recall, [row[0] for row in rows])
    teams, needs = reader.many(Team, [row[1] for row in rows]), reader.many(Need, [row[2] for row in rows])
    counts = counting(reader, [row[3] for row in rows])
    people = reader.many(Person, [who.id for who in counts.values()])
    leaders = {i: people[who.id] for i, who in counts.items() if who.id in people}
    return [
        RecallLine(
            recall=recalls[row[0]],
            team=teams[row[1]],
            need=needs[row[2]],
            leader=leaders[row[3]].name if row[3] in leaders else "",
            phone=leaders[row[3]].phone if row[3] in leaders else "",
        )
        for row in rows
    ]


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """How many wait, and since when."""

    teams: int
    since: datetime | None


@query("recalls.count", role="view")
def count(reader: Reader, operation_id: uuid.UUID) -> Open:
    """How many teams wait to be called back, without names."""
    row = reader.rows(f"SELECT count(r.id), min(r.raised_at) {_OPEN}", operation=operation_id)[0]
    return Open(teams=int(row[0]), since=row[1])


class Stopped(msgspec.Struct, frozen=True, kw_only=True):
    """Visits of a day that the gate stops: all of them, and those for which a team is waiting."""

    visits: int
    with_team: int


@query("recalls.stopped", role="view")
def stopped(reader: Reader, operation_id: uuid.UUID, day: date) -> Stopped:
    """How many visits of the day stand still, since nobody may enter there."""
    row = reader.rows(
        "SELECT count(v.id), COALESCE(SUM(CASE WHEN v.team_id IS NULL THEN 0 ELSE 1 END), 0) FROM visit v "
        "JOIN need n ON n.council_id = v.council_id AND n.id = v.need_id "
        "WHERE v.council_id = $council AND v.operation_id = $operation AND v.day = $day "
        "AND v.state NOT IN ('out', 'reported', 'cancelled') AND n.gate IN ('held', 'closed')",
        operation=operation_id,
        day=day,
    )[0]
    return Stopped(visits=int(row[0]), with_team=int(row[1]))
