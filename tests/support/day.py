"""A day of a center for stories: opened, people present and admitted, one visit ready for a team."""

import uuid
from datetime import date, timedelta

import msgspec

from dvc_core.commands.attendance import Admit, Record
from dvc_core.commands.dispatch import Depart
from dvc_core.commands.need import Receive
from dvc_core.commands.operation import DecideOpening, Open, Start
from dvc_core.commands.survey import MakeReady
from dvc_core.commands.team import Confirm, CountTools
from dvc_core.commands.visit import CallResident, Plan
from dvc_core.commands.volunteer import Register
from dvc_core.domain.attendance import Act, Attendance
from dvc_core.domain.need import Details, Place, Site
from dvc_core.domain.operation import Disaster, OpeningDecision
from dvc_core.domain.person_facts import HazardGrade, Insurance
from dvc_core.domain.team import Team
from dvc_core.domain.visit import Agreed, Band
from dvc_core.domain.volunteer import Person, Traits
from tests.support.center import START, Center

NOBODY = uuid.UUID(int=0)
TODAY = date(2026, 7, 28)


class Day:
    """A center with people present and one visit ready."""

    def __init__(self, center: Center, people: int = 5) -> None:
        self.center = center
        center.must(
            Start(disaster=Disaster.EARTHQUAKE, started_at=START - timedelta(days=4), title="訓練の地震")
        )
        center.must(DecideOpening(decision=OpeningDecision.OPEN))
        center.must(Open())
        self.people = [self.arrive(leader=n == 0) for n in range(people)]
        center.must(CountTools(code="shovel", total=3))
        self.need = self.receive()
        self.visit = self.plan(self.need)

    def arrive(self, *, leader: bool = False, minor: bool = False) -> uuid.UUID:
        traits = Traits(
            insurance=Insurance.DISASTER,
            insurance_seen=True,
            leader_able=leader,
            minor=minor,
            guardian_consents=minor,
        )
        answer = self.center.must(Register(person=Person(id=NOBODY, name="見本 花子"), traits=traits))
        person = answer.entries[1].subject_id
        self.center.must(Record(act=Act.ARRIVE, volunteer_id=person))
        self.center.must(Admit(volunteer_id=person, day=TODAY))
        return person

    def receive(self, place: Place | None = None, **details: object) -> uuid.UUID:
        site = Site(
            id=NOBODY, name="架空 一郎", phone="000-0000-0001", address="本町一丁目0番", trouble="片付け"
        )
        full = {"works": ("clear-house",), "hazard": HazardGrade.GREEN, **details}
        asked = Receive(site=site, details=Details(**full), place=place or Place())  # type: ignore[arg-type]
        need = self.center.must(asked)
        need_id = need.entries[1].subject_id
        self.center.must(MakeReady(need_id=need_id, reason="緑で軽い被害"))
        return need_id

    def plan(self, need_id: uuid.UUID, day: date = TODAY) -> uuid.UUID:
        plan = Plan(need_id=need_id, day=day, band=Band.AM, people_min=3, people_max=6)
        visit_id = self.center.must(plan).entries[0].subject_id
        self.center.must(CallResident(visit_id=visit_id, agreed=Agreed.YES))
        return visit_id

    def confirm(self, count: int = 4, **changes: object) -> Confirm:
        command = Confirm(
            visit_id=self.visit,
            leader_id=self.people[0],
            member_ids=tuple(self.people[:count]),
            tools={"shovel": 2},
        )
        return msgspec.structs.replace(command, **changes)

    def team(self) -> uuid.UUID:
        self.center.must(self.confirm())
        with self.center.services.reader() as reader:
            return reader.find(Team)[0].id

    def depart(self, team_id: uuid.UUID) -> Depart:
        return Depart(team_id=team_id, expected_return_at=self.center.clock.now() + timedelta(hours=3))

    def row(self, cls: type, row_id: uuid.UUID) -> object:
        with self.center.services.reader() as reader:
            return reader.get(cls, row_id)

    def out(self) -> int:
        with self.center.services.reader() as reader:
            return sum(row.out for row in reader.find(Attendance))
