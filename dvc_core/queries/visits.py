"""訪問の予定: a day's visits with whose house they go to, and what the next days hold."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from dvc_core.domain.visit import LIVE, Agreed, Visit
from dvc_core.ports import Reader
from dvc_core.queries.base import query
from dvc_core.queries.need_lines import NeedLine, lines_of

CALENDAR_DAYS = 14


class VisitLine(msgspec.Struct, frozen=True, kw_only=True):
    """One visit of a day with whose house it goes to."""

    visit: Visit
    line: NeedLine


@query("visits.day", role="needs")
def visits(reader: Reader, operation_id: uuid.UUID, day: date) -> list[VisitLine]:
    """A day's visits: those whose resident has not agreed first, since they are called at 15–17 o'clock."""
    planned = reader.find(Visit, operation_id=operation_id, day=day)
    return sorted(
        with_lines(reader, planned),
        key=lambda each: (
            each.visit.state != "planned",
            each.visit.agreed == "yes",
            each.visit.band,
            each.line.need.number,
        ),
    )


def with_lines(reader: Reader, planned: Iterable[Visit]) -> list[VisitLine]:
    """Visits with their needs, in their order."""
    planned = list(planned)
    lines = {line.need.id: line for line in lines_of(reader, list({v.need_id for v in planned}))}
    return [VisitLine(visit=v, line=lines[v.need_id]) for v in planned if v.need_id in lines]


class DayOfVisits(msgspec.Struct, frozen=True, kw_only=True):
    """One day of the calendar in numbers: visits that stand, agreed ones, and the people they ask for."""

    day: date
    visits: int = 0
    agreed: int = 0
    with_team: int = 0
    people_min: int = 0
    people_max: int = 0
    done: int = 0


@query("visits.calendar", role="view")
def calendar(reader: Reader, operation_id: uuid.UUID, first: date) -> list[DayOfVisits]:
    """`CALENDAR_DAYS` days from `first` on, the empty ones too."""
    rows = reader.rows(
        "SELECT day, SUM(CASE WHEN state = 'reported' THEN 0 ELSE 1 END), "
        "SUM(CASE WHEN agreed = $yes AND state <> 'reported' THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN state IN ('matched', 'out') THEN 1 ELSE 0 END), "
        "SUM(CASE WHEN state = 'reported' THEN 0 ELSE people_min END), "
        "SUM(CASE WHEN state = 'reported' THEN 0 ELSE people_max END), "
        "SUM(CASE WHEN state = 'reported' THEN 1 ELSE 0 END) FROM visit "
        "WHERE council_id = $council AND operation_id = $operation AND day BETWEEN $first AND $last "
        "AND state <> 'cancelled' GROUP BY day ORDER BY day NULLS LAST",
        operation=operation_id,
        yes=Agreed.YES,
        first=first,
        last=first + timedelta(days=CALENDAR_DAYS - 1),
    )
    found = {row[0]: [int(value) for value in row[1:]] for row in rows}
    days = [first + timedelta(days=n) for n in range(CALENDAR_DAYS)]
    return [
        DayOfVisits(day=day)
        if day not in found
        else DayOfVisits(
            day=day,
            **dict(
                zip(
                    ("visits", "agreed", "with_team", "people_min", "people_max", "done"),
                    found[day],
                    strict=True,
                )
            ),
        )
        for day in days
    ]


@query("visits.open", role="needs")
def still_open(reader: Reader, operation_id: uuid.UUID, first: date) -> list[VisitLine]:
    """Every visit from `first` on that is still to be made or under way, by day."""
    names = [f"state{n}" for n in range(len(LIVE))]
    rows = reader.rows(
        "SELECT id FROM visit WHERE council_id = $council AND operation_id = $operation AND day >= $first "
        f"AND state IN ({', '.join('$' + name for name in names)}) ORDER BY day NULLS LAST, id NULLS LAST",
        operation=operation_id,
        first=first,
        **dict(zip(names, LIVE, strict=True)),
    )
    found = reader.many(Visit, [row[0] for row in rows])
    return with_lines(reader, (found[row[0]] for row in rows))
