"""回答一覧の数: set by a person, else counted; a day that is over is said no more."""

from datetime import time, timedelta

from dvc_core.commands.answers import Say
from dvc_core.commands.attendance import SetPlaces
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.domain.answers import Said
from dvc_core.domain.day import activity_day
from dvc_core.domain.operation import Disaster, OpeningDecision, Operation
from dvc_core.queries.answers import AnswerFacts, facts
from tests.support.center import START, Center


def _facts(center: Center) -> AnswerFacts:
    with center.services.reader() as reader:
        operation = reader.find(Operation)[0]
        return facts(reader, operation.id, activity_day(center.clock.now()))


def test_counted_until_a_person_knows_better(center_on_both: Center) -> None:
    center = center_on_both
    center.must(Start(disaster=Disaster.FLOOD, started_at=START, title="訓練の水害"))
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    center.must(Open())
    assert _facts(center).places is None
    today = activity_day(START)
    center.must(SetPlaces(day=today, places=40))
    assert (_facts(center).places, _facts(center).set_by_hand) == (40, False)
    said = Said(next_day=today, from_time=time(9), to_time=time(12), places=35)
    center.must(Say(said=said))
    found = _facts(center)
    assert (found.places, found.set_by_hand, found.now.from_time) == (35, True, time(9))
    center.clock.forward(days=1)
    over = _facts(center)
    assert (over.now.next_day, over.places, over.now.from_time) == (None, None, time(9))
    center.must(Say(said=Said(next_day=today + timedelta(days=1))))
    assert _facts(center).now.next_day == today + timedelta(days=1)
