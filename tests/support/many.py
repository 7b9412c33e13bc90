"""A center with as many people as are asked for, written in bulk through the unit of work, as an import is.

Each was registered and came on one of the past days: four journal entries a person. No day has more people
than a real one (`A_DAY`); what is many is the past.
"""

import uuid
from datetime import datetime, timedelta

from dvc_core.bootstrap import Services
from dvc_core.commands.volunteer import VOLUNTEERS, tidy
from dvc_core.domain.attendance import Arrived, Attendance, Left, attendance_id
from dvc_core.domain.day import NumberTaken, Series, activity_day, series_id
from dvc_core.domain.kernel import Event, derive
from dvc_core.domain.operation import Operation, current
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.volunteer import Person, Registered, Traits, Volunteer
from dvc_core.ports import Origin

A_DAY = 250
"""People of one past day (practice 4.5.1: a middle-sized center at its height)."""
CHUNK = 500
ENTRIES = 4
"""Journal entries a person."""
KANA = "あかさたなはまやらわ"


def crowd(services: Services, count: int) -> None:
    """Add people to the operation that runs until there are `count` with a number."""
    with services.reader() as reader:
        operation = current(reader.find(Operation, closed_at=None))
        assert operation is not None
        series = reader.get(Series, series_id(operation.id, VOLUNTEERS))
    there, now = series.last if series else 0, services.clock.now()
    for start in range(there + 1, count + 1, CHUNK):
        numbers = range(start, min(start + CHUNK, count + 1))
        everyone = [(number, *_told(operation.id, number, now)) for number in numbers]
        with services.database.unit() as unit:
            unit.many(Volunteer, [person.id for _, _, person in everyone])
            unit.many(Person, [person.id for _, _, person in everyone])
            unit.many(Attendance, [events[-1].id for _, events, _ in everyone])
            for number, events, person in everyone:
                origin = Origin(
                    command_id=derive("crowd", operation.id, number),
                    operation_id=operation.id,
                    occurred_at=now - timedelta(days=1 + number // A_DAY),
                    recorded_at=now,
                    actor_id="import",
                    station="import",
                    source="import",
                    content="0" * 24,
                )
                unit.apply(origin, events, [person])
            unit.commit()


def _told(operation_id: uuid.UUID, number: int, now: datetime) -> tuple[list[Event], Person]:
    volunteer_id = derive("crowd", "volunteer", operation_id, number)
    day = activity_day(now - timedelta(days=1 + number // A_DAY))
    came = attendance_id(operation_id, volunteer_id, day)
    person = Person(
        id=volunteer_id,
        name=f"見本 {number}",
        kana=f"みほん {KANA[number % 10]}{KANA[number // 10 % 10]}{KANA[number // 100 % 10]}",
        phone=f"000-{number // 10000:04}-{number % 10000:04}",
        address="架空市見本町1-1",
    )
    traits = Traits(insurance=Insurance.DISASTER, insurance_seen=True)
    events: list[Event] = [
        NumberTaken(id=series_id(operation_id, VOLUNTEERS), number=number),
        Registered(id=volunteer_id, number=number, traits=traits),
        Arrived(id=came, volunteer_id=volunteer_id, day=day),
        Left(id=came, volunteer_id=volunteer_id, day=day),
    ]
    return events, tidy(person)
