"""同じ人をさがす、見くらべる (受付): registrations that may be one person, and two of them side by side."""

import uuid
from datetime import date

import msgspec

from dvc_core.domain.attendance import Attendance, attendance_id
from dvc_core.domain.review import Review, ReviewState, pair_id
from dvc_core.domain.sameness import LOOKED_AT, SHARED, Likeness, likeness, ranked
from dvc_core.domain.volunteer import GroupName, Person, Volunteer
from dvc_core.ports import Reader
from dvc_core.queries.base import query
from dvc_core.queries.counting import counting, merged_numbers

SHOWN = 5


class Alike(msgspec.Struct, frozen=True, kw_only=True):
    """A registration that may be the same person, how near it is and why, and what was answered before."""

    volunteer: Volunteer
    person: Person
    likeness: Likeness
    answered: ReviewState | None


@query("people.alike", role="reception")
def alike(reader: Reader, volunteer_id: uuid.UUID) -> list[Alike]:
    """Who shares telephone, kana, name or birthday with this registration, the nearest first."""
    row, person = reader.get(Volunteer, volunteer_id), reader.get(Person, volunteer_id)
    if row is None or person is None:
        return []
    tests = {"phone_key": person.phone_key, "kana_key": person.kana_key, "birth_date": person.birth_date}
    ids: set[uuid.UUID] = set()
    for column, value in tests.items():
        if value:
            found = reader.rows(
                f"SELECT id FROM person WHERE council_id = $council AND {column} = $value "
                "ORDER BY id NULLS LAST LIMIT $most",
                value=value,
                most=SHARED * 5,
            )
            ids |= {each[0] for each in found}
    counts = counting(reader, ids - {row.id})
    rows = {c.id: c for c in counts.values() if c.operation_id == row.operation_id and c.id != row.id}
    people = reader.many(Person, rows)
    pairs = [(rows[i], people[i]) for i in rows if i in people]
    near = ranked(person, pairs, minor=row.minor, least=LOOKED_AT)[:SHOWN]
    asked = reader.many(Review, [pair_id(row.id, each.volunteer.id) for each in near])
    return [
        Alike(
            volunteer=each.volunteer,
            person=each.person,
            likeness=each.likeness,
            answered=asked[key].state if (key := pair_id(row.id, each.volunteer.id)) in asked else None,
        )
        for each in near
    ]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One of two registrations that are compared."""

    volunteer: Volunteer
    person: Person
    counts_for: int
    merged: tuple[int, ...]
    today: Attendance | None
    days: int
    cards: int
    group: str


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """Two registrations side by side, how near they are, and what was asked about them."""

    one: Shown
    other: Shown
    likeness: Likeness
    asked: Review | None


@query("people.beside", role="reception")
def beside(reader: Reader, one: uuid.UUID, other: uuid.UUID, day: date) -> Beside | None:
    """Both as the desk knows them, the lower number first; a merged one tells what is its own."""
    first, second = _shown(reader, one, day), _shown(reader, other, day)
    if first is None or second is None:
        return None
    if first.volunteer.number > second.volunteer.number:
        first, second = second, first
    minors = (first.volunteer.minor, second.volunteer.minor)
    return Beside(
        one=first,
        other=second,
        likeness=likeness(first.person, second.person, minors=minors),
        asked=reader.get(Review, pair_id(one, other)),
    )


def _shown(reader: Reader, volunteer_id: uuid.UUID, day: date) -> Shown | None:
    row, person = reader.get(Volunteer, volunteer_id), reader.get(Person, volunteer_id)
    if row is None or person is None:
        return None
    group = reader.get(GroupName, row.group_id) if row.group_id else None
    days = reader.rows(
        "SELECT count(id) FROM attendance WHERE council_id = $council AND volunteer_id = $who "
        "AND arrived_at IS NOT NULL",
        who=row.id,
    )
    cards = reader.rows(
        "SELECT count(id) FROM card WHERE council_id = $council AND volunteer_id = $who AND NOT revoked",
        who=row.id,
    )
    return Shown(
        volunteer=row,
        person=person,
        counts_for=counting(reader, (row.id,))[row.id].number,
        merged=merged_numbers(reader, (row,))[row.id],
        today=reader.get(Attendance, attendance_id(row.operation_id, row.id, day)),
        days=int(days[0][0]),
        cards=int(cards[0][0]),
        group=group.name if group else "",
    )


class MergedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A registration that was merged into another one."""

    volunteer: Volunteer
    person: Person


@query("people.merged_into", role="reception")
def merged_into(reader: Reader, volunteer_id: uuid.UUID) -> list[MergedLine]:
    """What was merged into this registration itself, by number: each can be told apart again."""
    rows = reader.find(Volunteer, merged_into=volunteer_id)
    people = reader.many(Person, [row.id for row in rows])
    found = [MergedLine(volunteer=row, person=people[row.id]) for row in rows if row.id in people]
    return sorted(found, key=lambda line: line.volunteer.number)
