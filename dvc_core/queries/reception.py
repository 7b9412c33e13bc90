"""What 受付 looks up: people by number, kana or telephone; the day's counts; groups."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from dvc_core.domain.attendance import Attendance, Intake, attendance_id, intake_id
from dvc_core.domain.text import digits, kana_search
from dvc_core.domain.volunteer import Group, GroupName, Person, Volunteer
from dvc_core.ports import Reader
from dvc_core.queries.base import query
from dvc_core.queries.counting import counting, merged_numbers

FOUND_AT_MOST = 20
SHORTEST_PHONE = 4


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One person that a search found, with their day.

    `merged`: numbers of other registrations of this person, which lead here.
    """

    volunteer: Volunteer
    person: Person
    attendance: Attendance | None
    merged: tuple[int, ...] = ()


class DayCount(msgspec.Struct, frozen=True, kw_only=True):
    """The day in numbers."""

    day: date
    arrived: int
    admitted: int
    present: int
    out: int
    left: int
    places: int | None
    places_left: int | None
    closed: bool


@query("volunteers.search", role="reception")
def search(reader: Reader, operation_id: uuid.UUID, day: date, text: str) -> list[Found]:
    """People whose number, kana (from its beginning) or telephone (at least four digits) fits, in 五十音順.

    Nothing for an empty search: a list that can be leafed through gives names away (peers, second reading).
    """
    ids = _ids(reader, operation_id, text.strip())
    if not ids:
        return []
    return found_of(reader, operation_id, day, ids)


def found_of(reader: Reader, operation_id: uuid.UUID, day: date, ids: Sequence[uuid.UUID]) -> list[Found]:
    """These registrations with their day; a merged one leads to the person who stayed, each person once."""
    counts = counting(reader, ids)
    rows = {row.id: row for row in counts.values()}
    people = reader.many(Person, rows)
    days = reader.many(Attendance, [attendance_id(operation_id, i, day) for i in rows])
    merged = merged_numbers(reader, rows.values())
    found = [
        Found(
            volunteer=row,
            person=people[i],
            attendance=days.get(attendance_id(operation_id, i, day)),
            merged=merged[i],
        )
        for i, row in rows.items()
        if i in people
    ]
    return sorted(found, key=lambda each: (each.person.kana_key, each.volunteer.number))


def _ids(reader: Reader, operation_id: uuid.UUID, text: str) -> list[uuid.UUID]:
    number = digits(text)
    if not text:
        return []
    if number and len(number) < SHORTEST_PHONE:
        rows = reader.rows(
            "SELECT id FROM volunteer WHERE council_id = $council AND operation_id = $operation "
            "AND number = $number",
            operation=operation_id,
            number=int(number),
        )
    elif number:
        rows = reader.rows(
            "SELECT p.id FROM person p JOIN volunteer v ON v.id = p.id WHERE p.council_id = $council "
            "AND v.operation_id = $operation AND (p.phone_key LIKE $tail OR v.number = $number) "
            "ORDER BY p.kana_key NULLS LAST, p.id NULLS LAST LIMIT $most",
            operation=operation_id,
            tail=f"%{number}",
            number=min(int(number[:9]), 10_000_000),
            most=FOUND_AT_MOST,
        )
    else:
        rows = reader.rows(
            "SELECT p.id FROM person p JOIN volunteer v ON v.id = p.id WHERE p.council_id = $council "
            "AND v.operation_id = $operation AND (p.kana_key LIKE $begin OR p.name LIKE $name) "
            "ORDER BY p.kana_key NULLS LAST, p.id NULLS LAST LIMIT $most",
            operation=operation_id,
            begin=f"{_literal(kana_search(text))}%",
            name=f"{_literal(text)}%",
            most=FOUND_AT_MOST,
        )
    return [row[0] for row in rows]


def _literal(text: str) -> str:
    """Without the wildcards of LIKE: nobody's name has them, and a lone % would list everyone."""
    return text.replace("%", "").replace("_", "") or "\x1f"


@query("reception.day", role="view")
def day_count(reader: Reader, operation_id: uuid.UUID, day: date) -> DayCount:
    """The day's counts, without any name."""
    row = reader.rows(
        "SELECT count(arrived_at), "
        "COALESCE(SUM(CASE WHEN admitted THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN came_at IS NOT NULL AND (left_at IS NULL OR left_at < came_at) "
        "THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN departed_at IS NOT NULL "
        "AND (returned_at IS NULL OR returned_at < departed_at) "
        "THEN 1 ELSE 0 END), 0), "
        "COALESCE(SUM(CASE WHEN left_at IS NOT NULL AND (came_at IS NULL OR left_at >= came_at) "
        "THEN 1 ELSE 0 END), 0) "
        "FROM attendance WHERE council_id = $council AND operation_id = $operation AND day = $day",
        operation=operation_id,
        day=day,
    )[0]
    intake = reader.get(Intake, intake_id(operation_id, day))
    return DayCount(
        day=day,
        arrived=int(row[0]),
        admitted=int(row[1]),
        present=int(row[2]),
        out=int(row[3]),
        left=int(row[4]),
        places=intake.places if intake else None,
        places_left=intake.left if intake else None,
        closed=intake is not None and intake.closed_at is not None,
    )


@query("reception.arrivals", role="view")
def arrivals(reader: Reader, operation_id: uuid.UUID, day: date) -> list[datetime]:
    """When people came on the day, in order."""
    rows = reader.rows(
        "SELECT arrived_at FROM attendance WHERE council_id = $council AND operation_id = $operation "
        "AND day = $day AND arrived_at IS NOT NULL ORDER BY arrived_at NULLS LAST",
        operation=operation_id,
        day=day,
    )
    return [row[0] for row in rows]


class GroupLine(msgspec.Struct, frozen=True, kw_only=True):
    """One group with its name."""

    group: Group
    name: str


@query("volunteer_groups.list", role="reception")
def groups(reader: Reader, operation_id: uuid.UUID) -> list[GroupLine]:
    """The operation's groups, in the order of their numbers."""
    found = reader.find(Group, operation_id=operation_id)
    names = reader.many(GroupName, [group.id for group in found])
    lines = [GroupLine(group=g, name=names[g.id].name if g.id in names else "") for g in found]
    return sorted(lines, key=lambda line: line.group.number)


@query("volunteers.forgot_to_leave", role="reception")
def forgot_to_leave(reader: Reader, operation_id: uuid.UUID, day: date) -> list[int]:
    """Numbers of those who came on an earlier day and never went home by our records."""
    rows = reader.rows(
        "SELECT DISTINCT v.number FROM attendance a JOIN volunteer v ON v.id = a.volunteer_id "
        "WHERE a.council_id = $council AND a.operation_id = $operation AND a.day < $day "
        "AND a.came_at IS NOT NULL AND (a.left_at IS NULL OR a.left_at < a.came_at) "
        "ORDER BY v.number NULLS LAST",
        operation=operation_id,
        day=day,
    )
    return [int(row[0]) for row in rows]


@query("card.number", role="view")
def number_of_token(reader: Reader, token: str) -> int | None:
    """The 受付番号 behind a card's token; None when no card of ours has it."""
    rows = reader.rows(
        "SELECT c.volunteer_id FROM card c WHERE c.council_id = $council AND c.token = $token",
        token=token,
    )
    found = counting(reader, [row[0] for row in rows])
    return found[rows[0][0]].number if rows and rows[0][0] in found else None
