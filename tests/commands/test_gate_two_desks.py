"""Two desks at the same moment, on a server: one writes down a red paper while the other lets a team go."""

from collections.abc import Callable
from typing import Any

import pytest

from dvc_core.commands.base import Command
from dvc_core.commands.dispatch import Depart
from dvc_core.commands.team import Confirm
from dvc_core.domain.need import Gate, Need
from dvc_core.domain.recall import Recall, recall_id
from tests.support.center import Center
from tests.support.day import Day
from tests.support.papers import paper

ON_A_SERVER = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def meanwhile(monkeypatch: pytest.MonkeyPatch, cls: type[Command], act: Callable[[], object]) -> list[bool]:
    """Something is stored by another desk after this command has read, and before it writes."""
    decide, times = cls.decide, []

    def late(self: Command, context: Any, call: Any) -> Any:
        times.append(True)
        if len(times) == 1:
            act()
        return decide(self, context, call)

    monkeypatch.setattr(cls, "decide", late)
    return times


@ON_A_SERVER
def test_a_team_that_leaves_at_that_very_moment_stays(
    center_on_both: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    center = center_on_both
    day = Day(center)
    team = day.team()
    with center.second_process() as other:
        tried = meanwhile(monkeypatch, Depart, lambda: center.must(paper(day.need, "red")))
        answer = other.do(day.depart(team), center.chief)
    assert len(tried) == 2
    assert answer.refusal is not None
    assert answer.refusal.code == "gate-stops-team"
    assert day.row(Recall, recall_id(team)) is None


@ON_A_SERVER
def test_a_team_that_is_confirmed_at_that_very_moment_is_not(
    center_on_both: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    center = center_on_both
    day = Day(center)
    with center.second_process() as other:
        meanwhile(monkeypatch, Confirm, lambda: center.must(paper(day.need, "red")))
        answer = other.do(day.confirm(), center.chief)
    assert answer.refusal is not None
    assert answer.refusal.code == "visit-gate-closed"


@ON_A_SERVER
def test_two_papers_of_one_house_are_both_decided_by(
    center_on_both: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    center = center_on_both
    day = Day(center)
    green, red = paper(day.need, "green", "toppling"), paper(day.need, "red", "toppling", reason="門")
    with center.second_process() as other:
        tried = meanwhile(monkeypatch, type(green), lambda: center.must(red))
        assert other.do(green, center.chief).result == "accepted"
    assert len(tried) == 3, "the outer one, the inner one, and the outer one anew"
    need = day.row(Need, day.need)
    assert isinstance(need, Need)
    assert need.gate is Gate.HELD
