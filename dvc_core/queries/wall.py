"""壁の画面: the day in large numbers, none of them a person."""

from datetime import datetime

import msgspec

from dvc_core.domain.day import activity_day
from dvc_core.domain.need import NeedState
from dvc_core.domain.operation import Operation, Phase, current, phase
from dvc_core.ports import Reader
from dvc_core.queries import needs, reception, review, teams
from dvc_core.queries.base import query


class Wall(msgspec.Struct, frozen=True, kw_only=True):
    """What everyone in the room may read from afar.

    Attributes:
        at: when it was read.
        phase: None in peacetime; all counts are 0 then.
        hours: since 発災.
        places_left: None without a limit.
        here: people at the center; `out`: with a team; `overdue`: teams past their time to be back.
        open_needs: taken in and not ended; `ready`: of them those that can be matched.
        waiting: what waits in 要確認.
    """

    at: datetime
    phase: Phase | None
    hours: int = 0
    arrived: int = 0
    here: int = 0
    places_left: int | None = None
    out: int = 0
    teams_out: int = 0
    overdue: int = 0
    unreported: int = 0
    open_needs: int = 0
    ready: int = 0
    done: int = 0
    crisis: int = 0
    waiting: int = 0


@query("wall.now", role="view")
def wall(reader: Reader, now: datetime) -> Wall:
    """The numbers of this moment."""
    operation = current(reader.find(Operation, closed_at=None))
    if operation is None:
        return Wall(at=now, phase=None)
    day = reception.day_count(reader, operation.id, activity_day(now))
    wanted = needs.counts(reader, operation.id)
    out = teams.out_now(reader, operation.id, now)
    return Wall(
        at=now,
        phase=phase(operation),
        hours=int((now - operation.started_at).total_seconds() // 3600),
        arrived=day.arrived,
        here=max(day.present - day.out, 0),
        places_left=day.places_left,
        out=out.people_out,
        teams_out=out.teams_out,
        overdue=out.overdue,
        unreported=out.unreported,
        open_needs=wanted.remaining,
        ready=wanted.states[NeedState.READY],
        done=wanted.done,
        crisis=wanted.crisis_open,
        waiting=review.count(reader).waiting,
    )
