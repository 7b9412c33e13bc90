"""現地調査の待ち行列: who waits for a survey, and a day's round in walking order."""

import uuid
from datetime import date

import msgspec

from dvc_core.domain.calling import Calling, calling_id
from dvc_core.domain.distance import Point, straight_m
from dvc_core.domain.need import NeedState, Priority, SurveyNeeded
from dvc_core.domain.survey import SiteSurvey, Waiver, survey_id, waived
from dvc_core.ports import Reader
from dvc_core.queries.base import query
from dvc_core.queries.need_lines import NeedLine, lines_of

URGENCY = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3}
FAR_NORTH: Point = (90.0, 0.0)


class ToSurvey(msgspec.Struct, frozen=True, kw_only=True):
    """One need that waits for a survey. `waived`: the chief lets its works go there without one."""

    line: NeedLine
    survey: SiteSurvey | None
    calling: Calling | None
    waived: bool


@query("surveys.queue", role="needs")
def queue(reader: Reader, operation_id: uuid.UUID, today: date) -> list[ToSurvey]:
    """Needs that came in and are to be surveyed: those without a day first, signs of 危機 before all.

    Then by priority, by how often nobody was met, by how long they wait (practice 5.3).
    """
    rows = reader.rows(
        "SELECT id FROM need WHERE council_id = $council AND operation_id = $operation "
        "AND state = $received AND survey <> $unneeded ORDER BY number NULLS LAST",
        operation=operation_id,
        received=NeedState.RECEIVED,
        unneeded=SurveyNeeded.NOT_NEEDED,
    )
    found = _with(reader, [row[0] for row in rows], operation_id)
    return sorted(
        found,
        key=lambda each: (
            each.survey is not None and each.survey.planned(today),
            not each.line.need.crisis,
            URGENCY[each.line.need.priority],
            -(each.survey.not_met if each.survey else 0),
            each.line.need.received_at,
            each.line.need.number,
        ),
    )


@query("surveys.round", role="needs")
def round_of(reader: Reader, operation_id: uuid.UUID, day: date) -> list[ToSurvey]:
    """A day's round, each house after the one nearest to it; those without a point at the end, by number."""
    planned = reader.find(SiteSurvey, operation_id=operation_id, day=day)
    found = _with(reader, [row.need_id for row in planned], operation_id)
    return walked(sorted(found, key=lambda each: each.line.need.number))


def walked(houses: list[ToSurvey]) -> list[ToSurvey]:
    """From the northernmost house on, always to the nearest one left: a round that can be walked."""
    left = [each for each in houses if _point(each) is not None]
    nowhere = [each for each in houses if _point(each) is None]
    tour: list[ToSurvey] = []
    here = FAR_NORTH
    while left:
        nearest = min(left, key=lambda each: (straight_m(here, _point(each) or here), each.line.need.number))
        left.remove(nearest)
        tour.append(nearest)
        here = _point(nearest) or here
    return [*tour, *nowhere]


def _point(each: ToSurvey) -> Point | None:
    need = each.line.need
    return None if need.lat is None or need.lng is None else (need.lat, need.lng)


def _with(reader: Reader, ids: list[uuid.UUID], operation_id: uuid.UUID) -> list[ToSurvey]:
    if not ids:
        return []
    surveys = reader.many(SiteSurvey, [survey_id(each) for each in ids])
    calls = reader.many(Calling, [calling_id(each) for each in ids])
    waivers = reader.find(Waiver, operation_id=operation_id, ended_at=None)
    return [
        ToSurvey(
            line=line,
            survey=surveys.get(survey_id(line.need.id)),
            calling=calls.get(calling_id(line.need.id)),
            waived=waived(line.need.works, line.need.town_code, waivers),
        )
        for line in lines_of(reader, ids)
    ]


class DayOfRound(msgspec.Struct, frozen=True, kw_only=True):
    """A day on which houses are surveyed, and how many of them are."""

    day: date
    houses: int
    answered: int


@query("surveys.days", role="needs")
def days(reader: Reader, operation_id: uuid.UUID) -> list[DayOfRound]:
    """Every day that has a round, the latest first."""
    rows = reader.rows(
        "SELECT day, count(id), count(answer) FROM site_survey WHERE council_id = $council "
        "AND operation_id = $operation AND day IS NOT NULL GROUP BY day ORDER BY day DESC NULLS LAST",
        operation=operation_id,
    )
    return [DayOfRound(day=row[0], houses=int(row[1]), answered=int(row[2])) for row in rows]


@query("surveys.waivers", role="needs")
def waivers(reader: Reader, operation_id: uuid.UUID) -> list[Waiver]:
    """調査なし派遣 in force."""
    return sorted(
        reader.find(Waiver, operation_id=operation_id, ended_at=None),
        key=lambda each: (each.work, each.town_code or ""),
    )
