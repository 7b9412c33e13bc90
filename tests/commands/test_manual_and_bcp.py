"""A run is pinned to what was approved; the opening step opens; a commissioned function needs a talk."""

from datetime import date, timedelta

import msgspec
import pytest

from dvc_core.commands.base import Actor
from dvc_core.commands.bcp import HoldTalk, SetFunction
from dvc_core.commands.manual import Approve, Mark, StartRun
from dvc_core.commands.operation import DecideOpening, Start
from dvc_core.domain.bcp import BusinessFunction, FunctionState
from dvc_core.domain.manual_run import MarkState, RunKind, StepMark
from dvc_core.domain.operation import Disaster, OpeningDecision, Operation
from tests.support.center import START, Center

DIGEST = "a" * 64
OTHER = "b" * 64
APPROVE = Approve(name="koganei", edition="2026-1", digest=DIGEST)
RUN = StartRun(
    manual=RunKind.CENTER, name="koganei", edition="2026-1", digest=DIGEST, steps=("sanshu", "kaisetsu")
)
BCP = StartRun(
    manual=RunKind.BCP,
    name="koganei-bcp",
    edition="2026-1",
    digest=DIGEST,
    steps=("anpi",),
    commissioned=("jiritsu",),
)


def begin(center: Center) -> None:
    center.must(Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(hours=2), title="訓練"))
    center.must(APPROVE)


def operation(center: Center) -> Operation:
    with center.services.reader() as reader:
        return reader.find(Operation)[0]


def test_an_edition_is_approved_once_and_a_changed_text_is_altered(center: Center) -> None:
    begin(center)
    assert center.refused(APPROVE) == "edition-approved"
    assert center.refused(msgspec.structs.replace(APPROVE, digest=OTHER)) == "edition-altered"
    broken = msgspec.structs.replace(APPROVE, edition="2026-2", problems=3)
    assert center.refused(broken) == "edition-has-problems"
    assert center.refused(msgspec.structs.replace(RUN, digest=OTHER)) == "edition-altered"
    assert center.refused(msgspec.structs.replace(RUN, edition="2026-9")) == "edition-not-approved"
    center.must(RUN)
    assert center.refused(RUN) == "run-started"


def test_the_opening_step_opens_the_center_but_only_after_the_decision(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    mark = Mark(manual=RunKind.CENTER, step="kaisetsu", state=MarkState.DONE)
    assert center.refused(mark) == "no-run"
    center.must(RUN)
    assert center.refused(mark) == "opening-undecided"
    assert operation(center).opened_at is None
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    center.must(mark)
    assert operation(center).opened_at == center.clock.now()
    center.must(mark)


@pytest.mark.parametrize("state", [MarkState.SKIPPED, MarkState.NOT_APPLICABLE])
def test_what_is_not_done_says_why(center: Center, state: MarkState) -> None:
    begin(center)
    center.must(RUN)
    mark = Mark(manual=RunKind.CENTER, step="sanshu", state=state)
    assert center.refused(mark) == "reason-missing"
    center.must(msgspec.structs.replace(mark, reason="全員がもう集まっている"))
    assert center.refused(msgspec.structs.replace(mark, step="unknown", reason="x")) == "step-unknown"


def test_two_people_mark_one_step_and_the_second_is_told(center: Center) -> None:
    begin(center)
    center.must(RUN)
    mark = Mark(manual=RunKind.CENTER, step="sanshu", state=MarkState.DONE, seen_version=0)
    center.must(mark)
    assert center.refused(mark) == "changed-meanwhile"


def test_a_daily_step_is_marked_each_day(center: Center) -> None:
    begin(center)
    center.must(RUN)
    for day in (date(2026, 7, 28), date(2026, 7, 29)):
        center.must(Mark(manual=RunKind.CENTER, step="sanshu", state=MarkState.DONE, day=day))
    with center.services.reader() as reader:
        assert len(reader.find(StepMark)) == 2


def test_a_commissioned_function_is_not_stopped_without_a_talk(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    stop = SetFunction(code="jiritsu", state=FunctionState.STOPPED, reason="建物が使えない")
    assert center.refused(stop) == "no-bcp-run"
    center.must(msgspec.structs.replace(APPROVE, name="koganei-bcp"))
    center.must(BCP)
    assert center.refused(stop) == "talk-missing"
    talk = HoldTalk(
        function="jiritsu", held_at=center.clock.now(), consignor="市の担当課（訓練）", agreed="三日間休む"
    )
    assert center.refused(msgspec.structs.replace(talk, agreed=" ")) == "talk-incomplete"
    late = msgspec.structs.replace(talk, held_at=center.clock.now() + timedelta(hours=1))
    assert center.refused(late) == "talk-in-future"
    center.must(talk)
    assert center.refused(msgspec.structs.replace(stop, reason="")) == "reason-missing"
    center.must(stop)
    assert center.refused(stop) == "function-same"
    center.must(SetFunction(code="salon", state=FunctionState.REDUCED, reason="人手"))
    with center.services.reader() as reader:
        states = {row.code: row.state for row in reader.find(BusinessFunction)}
    assert states == {"jiritsu": FunctionState.STOPPED, "salon": FunctionState.REDUCED}


def test_a_viewer_marks_nothing_and_only_the_chief_opens(center: Center) -> None:
    begin(center)
    center.must(RUN)
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    mark = Mark(manual=RunKind.CENTER, step="kaisetsu", state=MarkState.DONE)
    reception = Actor(id="desk", roles=frozenset({"reception"}))
    assert center.refused(mark, center.viewer) == "not-allowed"
    assert center.refused(mark, reception) == "not-allowed"
    assert operation(center).opened_at is None
    center.must(msgspec.structs.replace(mark, step="sanshu"), reception)
    center.must(mark)
