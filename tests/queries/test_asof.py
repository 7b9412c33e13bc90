"""ふりかえり: as it was known at a moment, and as it was; any order of a day's facts gives the same."""

import random
import uuid
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvc_core.commands.attendance import CorrectTime, Record
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.commands.volunteer import Register
from dvc_core.domain.attendance import NAMES, Act, Attendance
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Row, tables
from dvc_core.domain.operation import Disaster, OpeningDecision, Operation
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.volunteer import Person, Traits, Volunteer
from dvc_core.queries.asof import AsOf, of_day
from dvc_core.replay import as_it_was, as_known
from dvc_core.store import journal
from tests.support.center import START, Center

NOBODY = uuid.UUID(int=0)
MORNING = START + timedelta(hours=15, minutes=30)
"""09:30 in Tokyo, the day after the quake."""
DAY = activity_day(MORNING)


def opened(center: Center) -> uuid.UUID:
    """An open center in the morning, with one volunteer."""
    center.must(Start(disaster=Disaster.FLOOD, started_at=START, title="訓練の水害"))
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    center.must(Open())
    traits = Traits(insurance=Insurance.DISASTER, insurance_seen=True)
    center.must(Register(person=Person(id=NOBODY, name="訓練 花子"), traits=traits))
    center.clock.at = MORNING
    with center.services.reader() as reader:
        return reader.find(Volunteer)[0].id


def said(center: Center, who: uuid.UUID, act: Act, at: datetime) -> None:
    answer = center.services.do(Record(act=act, volunteer_id=who), center.chief, occurred_at=at)
    assert answer.result == "accepted", answer


def corrected(center: Center, who: uuid.UUID, act: Act, at: datetime | None) -> None:
    center.must(CorrectTime(volunteer_id=who, day=DAY, act=act, corrected=at))


def looked(center: Center, at: datetime) -> AsOf:
    with center.services.reader() as reader:
        operation = reader.find(Operation)[0]
        return of_day(reader, operation.id, DAY, at)


def test_one_corrected_arrival_in_both_views(center_on_both: Center) -> None:
    center = center_on_both
    who = opened(center)
    said(center, who, Act.ARRIVE, MORNING)
    center.clock.forward(hours=3)
    true = MORNING - timedelta(minutes=40)
    corrected(center, who, Act.ARRIVE, true)

    before = looked(center, MORNING - timedelta(minutes=20))
    assert (before.known.here, before.was.here) == (0, 1)
    (person,) = before.differing
    assert (person.number, person.known.arrived_at, person.was.arrived_at) == (1, None, true)
    between = looked(center, MORNING + timedelta(hours=1))
    assert (between.known.here, between.was.here) == (1, 1)
    assert [(p.known.arrived_at, p.was.arrived_at) for p in between.differing] == [(MORNING, true)]
    now = looked(center, center.clock.now())
    assert now.differing == ()
    assert (now.corrected, now.late) == (1, 0)


def test_a_correction_names_the_entry_that_it_puts_right_also_a_second_one(center: Center) -> None:
    who = opened(center)
    said(center, who, Act.ARRIVE, MORNING)
    for minutes in (5, 10):
        center.clock.forward(minutes=30)
        corrected(center, who, Act.ARRIVE, MORNING - timedelta(minutes=minutes))
    with center.services.database.engine.snapshot() as connection:
        entries = list(journal.read_all(connection, center.services.council_id))
    arrived, first, second = [e for e in entries if e.kind.startswith("attendance.")]
    assert (first.supersedes, second.supersedes) == (arrived.entry_id, first.entry_id)
    view = looked(center, MORNING)
    assert [p.was.arrived_at for p in view.differing] == [MORNING - timedelta(minutes=10)]


def test_what_never_happened_was_known_and_was_not(center: Center) -> None:
    who = opened(center)
    said(center, who, Act.ARRIVE, MORNING)
    center.clock.forward(minutes=30)
    said(center, who, Act.DEPART, center.clock.now())
    center.clock.forward(hours=1)
    corrected(center, who, Act.DEPART, None)
    view = looked(center, MORNING + timedelta(minutes=45))
    assert (view.known.out, view.was.out) == (1, 0)
    assert (view.known.here, view.was.here) == (0, 1)


def test_what_was_written_down_late_was_there_all_the_same(center: Center) -> None:
    who = opened(center)
    center.clock.forward(hours=4)
    said(center, who, Act.ARRIVE, MORNING)
    view = looked(center, MORNING + timedelta(hours=1))
    assert (view.known.came, view.was.came, view.late) == (0, 1, 1)


def test_a_moment_before_anything_and_a_day_without_anyone(center: Center) -> None:
    opened(center)
    view = looked(center, MORNING)
    assert (view.known.came, view.was.came, view.differing) == (0, 0, ())


FACTS = st.lists(
    st.tuples(st.sampled_from(list(Act)), st.integers(0, 300)), min_size=1, max_size=7, unique_by=lambda f: f
)
FIXES = st.lists(st.tuples(st.sampled_from(list(Act)), st.one_of(st.none(), st.integers(0, 300))), max_size=3)


@pytest.mark.parametrize("engine", ["duckdb"])
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, *HealthCheck]
)
@given(facts=FACTS, fixes=FIXES, seed=st.integers(0, 1000))
def test_at_the_end_both_views_are_the_tables_whatever_the_order(
    center: Center, engine: str, facts: list[tuple[Act, int]], fixes: list[tuple[Act, int | None]], seed: int
) -> None:
    """Known now: every table. As it was: every time of the day, in whatever order the facts came in."""
    del engine
    with center.services.reader() as reader:
        known = reader.find(Volunteer)
    if not known:
        opened(center)
    traits = Traits(insurance=Insurance.DISASTER, insurance_seen=True)
    made = center.must(Register(person=Person(id=NOBODY, name="訓練 花子"), traits=traits))
    who = next(e.subject_id for e in made.entries if e.kind == "volunteer.registered")
    center.clock.at = MORNING + timedelta(hours=6)
    mixed = random.Random(seed).sample(facts, len(facts))
    for act, minutes in mixed:
        said(center, who, act, MORNING + timedelta(minutes=minutes))
    for act, fixed in fixes:
        at = None if fixed is None else MORNING + timedelta(minutes=fixed)
        center.services.do(CorrectTime(volunteer_id=who, day=DAY, act=act, corrected=at), center.chief)
    with center.services.database.engine.snapshot() as connection:
        entries = list(journal.read_all(connection, center.services.council_id))
    now = center.clock.now()
    folded = as_known(entries, now)
    with center.services.reader() as reader:
        for cls in tables(Row).values():
            assert folded[cls] == {row.id: row for row in reader.find(cls)}, cls
        (day,) = [row for row in reader.find(Attendance) if row.volunteer_id == who]
    plain = {name for act, name in NAMES.items() if act not in {act for act, _ in fixes}}
    was = as_it_was(entries, now)[Attendance].get(day.id)
    if was is not None:
        assert isinstance(was, Attendance)
        for name in plain:
            assert getattr(was, f"{name}_at") == getattr(day, f"{name}_at"), name
    else:
        assert not plain & {NAMES[act] for act, _ in facts}
