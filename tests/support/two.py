"""A day on which one human being is registered twice, for the stories of merging."""

import uuid
from datetime import date

import msgspec

from dvc_core.commands.attendance import Scan
from dvc_core.commands.base import Actor
from dvc_core.commands.merging import Merge, Unmerge
from dvc_core.commands.volunteer import NewCard, Register
from dvc_core.domain.attendance import Act, Attendance, Intake, attendance_id, intake_id
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.volunteer import Person, Traits, Volunteer
from tests.support.center import Center
from tests.support.day import NOBODY, TODAY, Day

KIOSK = Actor(id="kiosk-1", roles=frozenset({"kiosk"}))
INSURED = Traits(insurance=Insurance.DISASTER, insurance_seen=True, leader_able=True)


class Two(Day):
    """A day on which one human being is registered twice, with a card each."""

    def __init__(self, center: Center, people: int = 3) -> None:
        super().__init__(center, people=people)
        self.old = self.person("a")
        self.new = self.person("b")

    def person(self, token: str, traits: Traits = INSURED, **who: object) -> uuid.UUID:
        entered = Person(id=NOBODY, name="見本 太郎", kana="みほん たろう", phone="000-0000-1111")
        entered = msgspec.structs.replace(entered, **who)
        card = NewCard(token=token * 32, key_id="13210-test")
        return self.center.must(Register(person=entered, traits=traits, card=card)).entries[1].subject_id

    def scan(self, token: str, act: Act, minutes: int = 10) -> None:
        self.center.clock.forward(minutes=minutes)
        self.center.must(Scan(act=act, token=token * 32), KIOSK)

    def merge_of(self, gone: uuid.UUID, stays: uuid.UUID, words: str = "") -> Merge:
        rows = [self.volunteer(gone), self.volunteer(stays)]
        return Merge(
            gone=gone, stays=stays, gone_version=rows[0].version, stays_version=rows[1].version, words=words
        )

    def merged(self, gone: uuid.UUID, stays: uuid.UUID, words: str = "") -> None:
        self.center.must(self.merge_of(gone, stays, words))

    def parted(self, gone: uuid.UUID) -> None:
        self.center.must(Unmerge(volunteer_id=gone, words="本人に聞いたら、別の人だった"))

    def volunteer(self, who: uuid.UUID) -> Volunteer:
        row = self.row(Volunteer, who)
        assert isinstance(row, Volunteer)
        return row

    def day_of(self, who: uuid.UUID, day: date = TODAY) -> Attendance:
        operation = self.volunteer(who).operation_id
        row = self.row(Attendance, attendance_id(operation, who, day))
        return (
            row
            if isinstance(row, Attendance)
            else Attendance(id=NOBODY, operation_id=operation, volunteer_id=who, day=day)
        )

    def taken(self) -> int:
        row = self.row(Intake, intake_id(self.volunteer(self.old).operation_id, TODAY))
        assert isinstance(row, Intake)
        return row.taken
