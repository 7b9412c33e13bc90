"""予定電話の一覧: which households are to be called about what, by whom they are held, in which order."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

from dvc_core.domain.calling import Calling, CallPurpose, calling_id
from dvc_core.domain.day import activity_day
from dvc_core.domain.need import Need, NeedState
from dvc_core.domain.visit import Agreed, Visit, VisitState
from dvc_core.ports import Reader
from dvc_core.queries import actors
from dvc_core.queries.base import query
from dvc_core.queries.need_lines import NeedLine, lines_of
from dvc_core.queries.surveys import queue
from dvc_core.queries.visits import still_open


class ToCall(msgspec.Struct, frozen=True, kw_only=True):
    """One household of a call list, with the visits it is called about.

    `holder` is the name of who is calling it right now, `held_by` their id; `later`: asked to be called at a
    time that has not come.
    """

    line: NeedLine
    visits: tuple[Visit, ...] = ()
    calling: Calling | None = None
    held_by: str | None = None
    holder: str = ""
    later: bool = False


@query("calls.list", role="needs")
def to_call(
    reader: Reader, operation_id: uuid.UUID, purpose: CallPurpose, now: datetime, day: date | None = None
) -> list[ToCall]:
    """Who is to be called about this, the ones to be called next first.

    `day` narrows 訪問の了承 to one day; for 前日確認 it is the day of the visits (None: tomorrow's).
    """
    today = activity_day(now)
    if purpose is CallPurpose.SURVEY:
        waiting = [
            each
            for each in queue(reader, operation_id, today)
            if each.survey is None or not each.survey.planned(today)
        ]
        found = [ToCall(line=each.line) for each in waiting]
    elif purpose is CallPurpose.FINISHED:
        done = reader.find(Need, operation_id=operation_id, state=NeedState.NEARLY_DONE)
        lines = lines_of(reader, [need.id for need in sorted(done, key=lambda need: need.number)])
        found = [ToCall(line=line) for line in lines]
    else:
        found = _about_visits(reader, operation_id, purpose, today, day)
    return _in_order(_with_calls(reader, found, now))


def _about_visits(
    reader: Reader, operation_id: uuid.UUID, purpose: CallPurpose, today: date, day: date | None
) -> list[ToCall]:
    asked = day if purpose is CallPurpose.VISIT else day or today + timedelta(days=1)
    by_need: dict[uuid.UUID, list[Visit]] = {}
    lines: dict[uuid.UUID, NeedLine] = {}
    for each in still_open(reader, operation_id, today):
        row = each.visit
        if row.state is VisitState.OUT or (asked is not None and row.day != asked):
            continue
        wanted = row.eve_open if purpose is CallPurpose.EVE else _open(row)
        if wanted:
            by_need.setdefault(row.need_id, []).append(row)
            lines[row.need_id] = each.line
    return [ToCall(line=lines[need_id], visits=tuple(rows)) for need_id, rows in by_need.items()]


def _open(row: Visit) -> bool:
    return row.declined_at is None and row.agreed in (Agreed.NOT_YET, Agreed.NO_ANSWER)


def _with_calls(reader: Reader, found: list[ToCall], now: datetime) -> list[ToCall]:
    calls = reader.many(Calling, [calling_id(each.line.need.id) for each in found]) if found else {}
    holders = {call.id: call.holder(now) for call in calls.values()}
    names = actors.called(reader, {holder for holder in holders.values() if holder})
    whole = []
    for each in found:
        call = calls.get(calling_id(each.line.need.id))
        holder = holders.get(call.id) if call else None
        whole.append(
            msgspec.structs.replace(
                each,
                calling=call,
                held_by=holder,
                holder=names[holder] if holder else "",
                later=bool(call and call.again_at and call.again_at > now),
            )
        )
    return whole


def _in_order(found: Iterable[ToCall]) -> list[ToCall]:
    """The day that comes first, then who asked to be called now, then who was tried least."""

    def key(each: ToCall) -> tuple[object, ...]:
        call = each.calling
        due = call is not None and call.again_at is not None and not each.later
        first = min((row.day for row in each.visits), default=date.min)
        return (
            each.later,
            first,
            not due,
            call.tries if call else 0,
            call.last_at.timestamp() if call and call.last_at else 0.0,
        )

    return sorted(found, key=key)


@query("calls.mine", role="needs")
def mine(reader: Reader, operation_id: uuid.UUID, actor_id: str, now: datetime) -> NeedLine | None:
    """The household that somebody is calling now, so that a reload of the page does not lose it."""
    held = reader.find(Calling, operation_id=operation_id, held_by=actor_id)
    ids = [call.need_id for call in held if call.holder(now) == actor_id]
    lines = lines_of(reader, ids)
    return lines[0] if lines else None


@query("calls.counts", role="view")
def counts(reader: Reader, operation_id: uuid.UUID, now: datetime) -> dict[str, int]:
    """How many households wait for a call, by what about; the visits of today and on."""
    today = activity_day(now)
    visits, unsettled = reader.rows(
        "SELECT count(id), COALESCE(SUM(CASE WHEN day <= $tomorrow THEN 1 ELSE 0 END), 0) FROM visit "
        "WHERE council_id = $council AND operation_id = $operation AND day >= $today "
        "AND state IN ('planned', 'matched') AND agreed IN ('not-yet', 'no-answer') AND declined_at IS NULL",
        operation=operation_id,
        today=today,
        tomorrow=today + timedelta(days=1),
    )[0]
    surveys = reader.rows(
        "SELECT count(n.id) FROM need n LEFT JOIN site_survey s ON s.council_id = n.council_id "
        "AND s.need_id = n.id WHERE n.council_id = $council AND n.operation_id = $operation "
        "AND n.state = 'received' AND n.survey <> 'not-needed' "
        "AND (s.day IS NULL OR s.day < $today OR s.answer IS NOT NULL)",
        operation=operation_id,
        today=today,
    )[0][0]
    finished = reader.rows(
        "SELECT count(id) FROM need WHERE council_id = $council AND operation_id = $operation "
        "AND state = 'nearly-done'",
        operation=operation_id,
    )[0][0]
    return {
        CallPurpose.SURVEY.value: int(surveys),
        CallPurpose.VISIT.value: int(visits),
        "soon": int(unsettled),
        CallPurpose.FINISHED.value: int(finished),
    }
