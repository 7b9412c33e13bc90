"""Needs and teams as points of the map: rows of the map's queries become symbols, never a name."""

from collections.abc import Iterable
from typing import Final

from dvc_core.domain.need import Gate, NeedState
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.geo.councils import councils
from dvc_core.geo.feature import Feature, Hazard
from dvc_core.queries.needs_map import Point, TeamPoint

_ENDS: Final = {
    NeedState.DONE: "done",
    NeedState.NEARLY_DONE: "done",
    NeedState.ON_HOLD: "handed",
    NeedState.HANDED_OVER: "handed",
    NeedState.PUBLIC_WORK: "handed",
    NeedState.CANCELLED: "handed",
}


def state_of(point: Point) -> str:
    """Where the map says a need stands: today's visit goes before the need's own state."""
    if point.state in _ENDS:
        return _ENDS[point.state]
    if point.visit == "out":
        return "active"
    if point.visit == "matched":
        return "planned"
    if point.state is NeedState.READY:
        return "handed" if point.gate in (Gate.HELD, Gate.CLOSED) else "ready"
    if point.state is NeedState.SURVEYED or point.survey == "needed":
        return "survey"
    return "received"


def hazard_of(point: Point) -> Hazard:
    """The sticker; without one, 「未判定」 where entering waits for it."""
    if point.hazard is HazardGrade.NONE:
        return "ungraded" if point.gate is Gate.HELD else "none"
    return point.hazard.value


def features(points: Iterable[Point], teams: Iterable[TeamPoint]) -> list[Feature]:
    """The map's features: needs, teams that are out, the center where its place is known."""
    shown = [
        Feature(
            id=str(point.need_id),
            kind="need",
            lat=point.lat,
            lng=point.lng,
            state=state_of(point),
            label=f"N-{point.number:03d}",
            priority=point.priority.value,
            hazard=hazard_of(point),
            rough=point.match_level != "hand",
        )
        for point in points
    ]
    shown += [
        Feature(
            id=str(team.team_id),
            kind="team",
            lat=team.lat,
            lng=team.lng,
            state="overdue" if team.overdue else "out",
            label=f"{team.number}班",
        )
        for team in teams
        if team.lat is not None and team.lng is not None
    ]
    return shown + center()


def center() -> list[Feature]:
    """The own center, if the council's table knows where it stands; nothing is drawn at a guess."""
    own = councils().council(councils().own)
    place = own.place() if own else None
    if place is None:
        return []
    lat, lng, rough = place
    return [Feature(id="center", kind="center", lat=lat, lng=lng, state="main", label="VC", rough=rough)]
