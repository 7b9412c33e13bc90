"""A moment told with another offset than UTC's is the same moment: the chain holds when it is read back."""

from datetime import timedelta, timezone

from dvc_core.commands.operation import Start
from dvc_core.domain.operation import Disaster
from dvc_core.store.doctor import examine
from tests.support.center import START, Center


def test_a_moment_in_japans_offset_keeps_the_chain(center_on_both: Center) -> None:
    japan = START.astimezone(timezone(timedelta(hours=9)))
    start = Start(disaster=Disaster.EARTHQUAKE, started_at=japan, title="訓練")
    center_on_both.services.do(start, center_on_both.chief, occurred_at=japan)
    assert examine(center_on_both.services.database).ok
