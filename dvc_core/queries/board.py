"""What the board shows (情報共有): each council's cells with their age, refused files, the own draft."""

import uuid
from datetime import date, datetime

import msgspec

from dvc_core.domain.attendance import Intake, intake_id
from dvc_core.domain.board import (
    OLD_AFTER,
    BoardCell,
    BoardRefusal,
    CouncilBoard,
    CouncilKey,
    board_id,
    told_by,
)
from dvc_core.domain.board_facts import CouncilState, Told
from dvc_core.domain.day import activity_day
from dvc_core.domain.operation import OpeningDecision, Operation, current
from dvc_core.ports import Reader
from dvc_core.queries import actors
from dvc_core.queries.base import query

REFUSALS_SHOWN = 20


class ShownCell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell with its person and its age; `old` after 60 minutes of the operation's clock."""

    cell: BoardCell
    person: str
    age_minutes: int
    old: bool


class BoardLine(msgspec.Struct, frozen=True, kw_only=True):
    """One council: its cells, and the newest of them as the line's own source and age."""

    council_code: str
    state: CouncilState
    number: int
    published_at: datetime | None
    published_by: str
    told: Told
    cells: tuple[ShownCell, ...]

    @property
    def newest(self) -> ShownCell | None:
        """The state's own cell, else the latest of all."""
        stated = next((shown for shown in self.cells if shown.cell.item == "state"), None)
        return stated or max(self.cells, key=lambda shown: shown.cell.as_of, default=None)


@query("board.lines", role="view")
def lines(reader: Reader, now: datetime) -> list[BoardLine]:
    """Every council of which anything is known, in the order of codes."""
    rows = sorted(reader.find(CouncilBoard), key=lambda row: row.council_code)
    names = actors.called(reader, {cell.actor_id for row in rows for cell in row.cells} | _publishers(rows))
    return [
        BoardLine(
            council_code=row.council_code,
            state=told_by(row).state or CouncilState.UNKNOWN,
            number=row.number,
            published_at=row.published_at,
            published_by=names.get(row.published_by or "", ""),
            told=told_by(row),
            cells=tuple(_shown(cell, names, now) for cell in row.cells),
        )
        for row in rows
    ]


def _publishers(rows: list[CouncilBoard]) -> set[str]:
    return {row.published_by for row in rows if row.published_by}


def _shown(cell: BoardCell, names: dict[str, str], now: datetime) -> ShownCell:
    age = max(int((now - cell.as_of).total_seconds() // 60), 0)
    return ShownCell(
        cell=cell,
        person=names[cell.actor_id],
        age_minutes=age,
        old=now - cell.as_of >= OLD_AFTER,
    )


@query("board.refusals", role="view")
def refusals(reader: Reader) -> list[BoardRefusal]:
    """Files that changed nothing, the latest first."""
    rows = reader.find(BoardRefusal)
    return sorted(rows, key=lambda row: (row.last_at, row.id), reverse=True)[:REFUSALS_SHOWN]


@query("board.keys", role="view")
def keys(reader: Reader) -> list[CouncilKey]:
    """The keys that are believed."""
    return sorted(reader.find(CouncilKey), key=lambda key: key.council_code)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The own state as counted now, with what only people know taken from the last publication."""

    told: Told
    seen_number: int


@query("board.draft", role="board")
def draft(reader: Reader, now: datetime) -> Draft:
    """Filled from needs, people, intake and the operation's phase; a person reads it, then publishes."""
    row = reader.get(CouncilBoard, board_id(reader.council_id, reader.council_id))
    last = told_by(row) if row else Told()
    number = row.number if row else 0
    every = reader.find(Operation)
    operation = current(one for one in every if one.closed_at is None)
    if operation is None:
        latest = max(every, key=lambda one: one.closed_at or now, default=None)
        state = CouncilState.CLOSED if latest and latest.opened_at else CouncilState.NONE
        ended = activity_day(latest.closed_at) if latest and latest.closed_at and latest.opened_at else None
        return Draft(told=Told(state=state, closed_on=ended), seen_number=number)
    counted = {
        **_needs(reader, operation.id, activity_day(now)),
        **_people(reader, operation.id, activity_day(now)),
    }
    state = _state(operation)
    if last.state is CouncilState.PAUSED and state is CouncilState.OPEN:
        state = CouncilState.PAUSED
    told = msgspec.structs.replace(
        last,
        state=state,
        opened_on=activity_day(operation.opened_at) if operation.opened_at else None,
        closed_on=None,
        **counted,
    )
    return Draft(told=told, seen_number=number)


def _state(operation: Operation) -> CouncilState:
    if operation.closing_decided_at is not None:
        return CouncilState.CLOSING
    if operation.opened_at is not None:
        return CouncilState.OPEN
    return {
        OpeningDecision.OPEN: CouncilState.PREPARING,
        OpeningDecision.NOT_OPEN: CouncilState.NONE,
    }.get(operation.decision or OpeningDecision.CONSIDERING, CouncilState.CONSIDERING)


def _needs(reader: Reader, operation_id: uuid.UUID, today: date) -> dict[str, int]:
    """One household counts once (`same_as`); person-days are people × days of the needs that are left."""
    total, done, withdrawn, handed, person_days = reader.rows(
        "SELECT count(id), "
        "COALESCE(SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN state = 'cancelled' THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN state IN ('handed-over', 'public-work') THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN state IN ('done', 'cancelled', 'handed-over', 'public-work') THEN 0 "
        "ELSE COALESCE(remaining_people, people_max, people_min, 0) * COALESCE(remaining_days, 1) END), 0) "
        "FROM need WHERE council_id = $council AND operation_id = $operation AND same_as IS NULL",
        operation=operation_id,
    )[0]
    received = reader.rows(
        "SELECT received_at FROM need "
        "WHERE council_id = $council AND operation_id = $operation AND same_as IS NULL",
        operation=operation_id,
    )
    return {
        "needs_today": sum(1 for (at,) in received if activity_day(at) == today),
        "needs_total": int(total),
        "needs_done": int(done),
        "needs_withdrawn": int(withdrawn),
        "needs_handed": int(handed),
        "needs_left": int(total) - int(done) - int(withdrawn) - int(handed),
        "person_days": int(person_days),
    }


def _people(reader: Reader, operation_id: uuid.UUID, today: date) -> dict[str, object]:
    """活動人数 are those admitted today, 現地活動者数 those who went out with a team."""
    came, admitted, on_site = reader.rows(
        "SELECT count(arrived_at), COALESCE(SUM(CASE WHEN admitted THEN 1 ELSE 0 END), 0), "
        "count(departed_at) "
        "FROM attendance WHERE council_id = $council AND operation_id = $operation AND day = $day",
        operation=operation_id,
        day=today,
    )[0]
    total, first = reader.rows(
        "SELECT count(arrived_at), MIN(CASE WHEN departed_at IS NOT NULL THEN day END) "
        "FROM attendance WHERE council_id = $council AND operation_id = $operation",
        operation=operation_id,
    )[0]
    intake = reader.get(Intake, intake_id(operation_id, today))
    return {
        "people_came": int(came),
        "people_active": int(admitted),
        "people_on_site": int(on_site),
        "people_total": int(total),
        "active_from": first,
        "places": intake.places if intake else None,
    }
