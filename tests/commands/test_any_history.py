"""300 acts of five people in an order that chance draws: afterwards the journal folded is the tables.

What the rules refuse is part of the history. The center's doctor compares every row when the test ends
(tests/support/center.py); here it is also looked at on the way, and made once more from the journal alone.
"""

import random
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from dvc_core.commands.attendance import Admit, AdmitAnyway, CorrectTime, Record, Scan, SetPlaces
from dvc_core.commands.base import Actor, Command
from dvc_core.commands.desk_log import CallBack, HandOver, Settle, Write
from dvc_core.commands.merging import Merge, Unmerge
from dvc_core.commands.need import End, Receive
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.commands.review import Settle as SettleReview
from dvc_core.commands.survey import MakeReady, Survey
from dvc_core.commands.visit import Plan
from dvc_core.commands.volunteer import Change, Register
from dvc_core.domain.attendance import Act
from dvc_core.domain.day import activity_day
from dvc_core.domain.desk_log import CallResult, DeskEntry, LogKind
from dvc_core.domain.kernel import Row, tables
from dvc_core.domain.need import Need, NeedState, Site
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.review import Review, ReviewState
from dvc_core.domain.visit import Band
from dvc_core.domain.volunteer import Person, Traits, Volunteer
from dvc_core.replay import fold
from dvc_core.store import journal
from dvc_core.store.doctor import examine
from tests.support.center import START, Center

R = TypeVar("R", bound=Row)
ACTS = 300
NOBODY = uuid.UUID(int=0)
PEOPLE = tuple(
    Actor(id=str(uuid.UUID(int=n + 1)), roles=frozenset(roles), station=f"station-{n + 1}")
    for n, roles in enumerate(
        (("chief",), ("reception",), ("reception", "leader"), ("needs", "matching"), ("general", "return"))
    )
)


class Chance:
    """Draws who does what next, of what there is."""

    def __init__(self, center: Center, seed: int) -> None:
        self.center, self.draw = center, random.Random(seed)
        self.made: tuple[Callable[[], Command], ...] = (
            self.register,
            self.change,
            self.record,
            self.record,
            self.scan,
            self.admit,
            self.correct,
            self.places,
            self.merge,
            self.unmerge,
            self.receive,
            self.survey,
            self.ready,
            self.plan,
            self.end,
            self.write,
            self.hand_over,
            self.call_back,
            self.settle,
            self.review,
        )

    def one(self, cls: type[R]) -> R | None:
        """A row of this kind, if there is any."""
        with self.center.services.reader() as reader:
            found = sorted(reader.find(cls), key=lambda row: row.id)
        return self.draw.choice(found) if found else None

    def any_id(self, cls: type[Row]) -> uuid.UUID:
        """Its id, or one that nobody has."""
        row = self.one(cls)
        return row.id if row else NOBODY

    def minutes(self) -> timedelta:
        return timedelta(minutes=self.draw.randrange(0, 240))

    def traits(self) -> Traits:
        return Traits(
            insurance=self.draw.choice(list(Insurance)),
            insurance_seen=True,
            minor=self.draw.random() < 0.2,
        )

    def person(self) -> Person:
        n = self.draw.randrange(12)
        return Person(
            id=NOBODY, name=f"訓練 {n}", kana=f"くんれん {n}", phone=f"000-0000-{n:04d}", age=20 + n
        )

    def register(self) -> Command:
        return Register(person=self.person(), traits=self.traits())

    def change(self) -> Command:
        row = self.one(Volunteer)
        version = row.version if row and self.draw.random() < 0.7 else 1
        who = row.id if row else NOBODY
        return Change(volunteer_id=who, seen_version=version, person=self.person(), traits=self.traits())

    def record(self) -> Command:
        return Record(act=self.draw.choice(list(Act)), volunteer_id=self.any_id(Volunteer))

    def scan(self) -> Command:
        return Scan(act=self.draw.choice(list(Act)), number=self.draw.randrange(1, 60))

    def admit(self) -> Command:
        who, day = self.any_id(Volunteer), activity_day(self.center.clock.now())
        if self.draw.random() < 0.5:
            return Admit(volunteer_id=who, day=day)
        return AdmitAnyway(volunteer_id=who, day=day, reason="名前で受け入れる")

    def correct(self) -> Command:
        now = self.center.clock.now()
        at = None if self.draw.random() < 0.3 else now - self.minutes()
        act = self.draw.choice(list(Act))
        return CorrectTime(volunteer_id=self.any_id(Volunteer), day=activity_day(now), act=act, corrected=at)

    def places(self) -> Command:
        return SetPlaces(day=activity_day(self.center.clock.now()), places=self.draw.choice([None, 5, 40]))

    def merge(self) -> Command:
        gone, stays = self.one(Volunteer), self.one(Volunteer)
        if gone is None or stays is None:
            return self.register()
        return Merge(
            gone=gone.id,
            stays=stays.id,
            gone_version=gone.version,
            stays_version=stays.version,
            words="同じ人と本人が言った",
        )

    def unmerge(self) -> Command:
        return Unmerge(volunteer_id=self.any_id(Volunteer), words="別の人だった")

    def receive(self) -> Command:
        n = self.draw.randrange(8)
        site = Site(
            id=NOBODY, name=f"架空 {n}", phone=f"000-0001-{n:04d}", address="本町一丁目0番", trouble="片付け"
        )
        return Receive(site=site)

    def survey(self) -> Command:
        result = self.draw.choice(["workable", "not-workable", "none"])
        return Survey(need_id=self.any_id(Need), result=result, people=3, days=1, reason="見た")

    def ready(self) -> Command:
        return MakeReady(need_id=self.any_id(Need), reason=self.draw.choice(["", "外だけ"]))

    def plan(self) -> Command:
        day = activity_day(self.center.clock.now()) + timedelta(days=1)
        band = self.draw.choice(list(Band))
        return Plan(need_id=self.any_id(Need), day=day, band=band, people_min=2, people_max=4)

    def end(self) -> Command:
        state = self.draw.choice(list(NeedState))
        return End(need_id=self.any_id(Need), state=state, reason=self.draw.choice(["", "わけ"]))

    def write(self) -> Command:
        return Write(line="聞いたこと", sort_of=self.draw.choice(list(LogKind)))

    def hand_over(self) -> Command:
        return HandOver(entry_id=self.any_id(DeskEntry), section=self.draw.choice([None, "needs", "chief"]))

    def call_back(self) -> Command:
        return CallBack(entry_id=self.any_id(DeskEntry), result=self.draw.choice(list(CallResult)))

    def settle(self) -> Command:
        return Settle(entry_id=self.any_id(DeskEntry), answer=self.draw.choice(["", "答えた"]))

    def review(self) -> Command:
        state = self.draw.choice(list(ReviewState))
        return SettleReview(review_id=self.any_id(Review), state=state, words="確かめた")


@pytest.mark.parametrize("seed", [1, 2])
def test_any_history_folds_to_the_tables(center_on_both: Center, seed: int) -> None:
    center, chance = center_on_both, Chance(center_on_both, seed)
    center.must(Start(disaster=Disaster.FLOOD, started_at=START, title="訓練の水害"))
    center.must(DecideOpening(decision=OpeningDecision.OPEN))
    center.must(Open())
    center.clock.forward(hours=16)
    results: Counter[str] = Counter()
    kinds: set[str] = set()
    for n in range(ACTS):
        command, actor = chance.draw.choice(chance.made)(), chance.draw.choice(PEOPLE)
        at = center.clock.now() - chance.minutes() if command.sort == "fact" else None
        answer = center.services.do(command, actor, occurred_at=at)
        results[answer.result] += 1
        kinds |= {entry.kind for entry in answer.entries}
        center.clock.forward(seconds=20)
        if n % 100 == 99:
            assert examine(center.services.database).ok, n
    assert results["accepted"] > ACTS / 5, results
    assert results["refused"] > ACTS / 20, results
    assert len(kinds) > 20, kinds
    with center.services.database.engine.snapshot() as connection:
        folded = fold(journal.read_all(connection, center.services.council_id))
    with center.services.reader() as reader:
        for cls in tables(Row).values():
            assert folded[cls] == {row.id: row for row in reader.find(cls)}, cls
