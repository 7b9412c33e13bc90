"""Merging and undoing in any order: no fact is lost, each ends with what its own card did.

The center's doctor compares the fold with the tables when the test ends (tests/support/center.py).
"""

import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvc_core.commands.attendance import Admit, Record
from dvc_core.commands.merging import Unmerge
from dvc_core.domain.attendance import Act, Attendance, Intake, intake_id
from dvc_core.domain.day_part import STATE, DayPart, combined, noted
from tests.support.center import Center
from tests.support.day import TODAY
from tests.support.two import INSURED, Two

WHAT = {
    Act.ARRIVE: ("arrived", "came"),
    Act.LEAVE: ("left",),
    Act.DEPART: ("departed",),
    Act.RETURN: ("returned",),
}
WHO = st.integers(0, 3)
PAIR = st.permutations(range(4)).map(lambda order: (order[0], order[1]))
SCAN = st.tuples(st.just("scan"), WHO, st.sampled_from(list(Act)), st.integers(0, 600))
MERGE = PAIR.map(lambda pair: ("merge", *pair))
STEP = st.one_of(SCAN, MERGE, SCAN, st.tuples(st.just("admit"), WHO), st.tuples(st.just("undo"), WHO))
STEPS = st.tuples(st.lists(SCAN, max_size=3), MERGE, st.lists(STEP, min_size=6, max_size=16)).map(
    lambda three: [*three[0], three[1], *three[2]]
)


@pytest.fixture
def two(center: Center) -> Two:
    """One center serves all examples; each has people of its own."""
    return Two(center, people=0)


class History:
    """Four registrations, and beside them what each one's own card did."""

    def __init__(self, two: Two) -> None:
        self.two = two
        self.people = [two.person(uuid.uuid4().hex[0], INSURED, name=f"見本 {n}") for n in "甲乙丙丁"]
        self.own = {who: DayPart(volunteer_id=who) for who in self.people}
        self.begin = two.center.clock.now()

    def step(self, kind: str, *what: object) -> None:
        getattr(self, kind)(*what)

    def scan(self, who: int, act: Act, minutes: int) -> None:
        person, services = self.people[who], self.two.center.services
        at = self.begin - timedelta(minutes=minutes)
        answer = services.do(Record(act=act, volunteer_id=person), self.two.center.chief, occurred_at=at)
        assert answer.result == "accepted"
        with services.reader() as reader:
            entry = reader.rows(
                "SELECT entry_id FROM journal WHERE council_id = $council AND command_id = $id",
                id=answer.command_id,
            )[0][0]
        for each in WHAT[act]:
            self.own[person] = noted(self.own[person], each, at, entry)

    def admit(self, who: int) -> None:
        self.two.center.do(Admit(volunteer_id=self.people[who], day=TODAY))

    def merge(self, gone: int, stays: int) -> None:
        self.two.center.do(self.two.merge_of(self.people[gone], self.people[stays]))

    def undo(self, who: int) -> None:
        self.two.center.do(Unmerge(volunteer_id=self.people[who], words="別の人だった"))

    def counts_for(self, who: uuid.UUID) -> uuid.UUID:
        row = self.two.volunteer(who)
        return who if row.merged_into is None else self.counts_for(row.merged_into)

    def check(self) -> None:
        """One day a human being: together exactly what all of its cards did; a place for each."""
        for who in self.people:
            row = self.two.day_of(who)
            mine = [self.own[each] for each in self.people if self.counts_for(each) == who]
            expected = combined(mine)
            for name in STATE:
                if name.endswith(("_at", "_entry")):
                    assert getattr(row, name) == expected[name], name
        with self.two.center.services.reader() as reader:
            operation = self.two.volunteer(self.people[0]).operation_id
            admitted = [r for r in reader.find(Attendance, operation_id=operation, day=TODAY) if r.admitted]
            intake = reader.get(Intake, intake_id(operation, TODAY))
        assert len(admitted) == (intake.taken if intake else 0)

    def part_all(self) -> None:
        for who in self.people:
            self.undo(self.people.index(who))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_history_with_merges_and_undos_tells_each_its_own(
    two: Two, steps: list[tuple[object, ...]]
) -> None:
    history = History(two)
    for step in steps:
        history.step(str(step[0]), *step[1:])
        history.check()
    history.part_all()
    history.check()
    for who in history.people:
        row = two.day_of(who)
        assert (row.parts, two.volunteer(who).parts, two.volunteer(who).merged_into) == ((), (), None)
        assert two.volunteer(who).traits == INSURED
