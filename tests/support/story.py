"""Given, when, then in commands and what people see: a story reads like the field, not like the program."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from dvc_core.bootstrap import TOKYO
from dvc_core.commands.base import Actor, Answer, Command
from dvc_core.domain.attendance import Act
from dvc_core.domain.day import activity_day
from dvc_core.i18n import text
from dvc_core.queries import chronology
from dvc_core.web import scans
from dvc_core.web.kiosk_api import kiosk_actor, kiosk_of, make_place
from tests.support.center import Center

NOBODY = uuid.UUID(int=0)
"""The id that a new person or house has before a command gives it one."""


class Story:
    """One operation as its people live it: each acts with the rights of their own desk."""

    def __init__(self, center: Center) -> None:
        self.center = center

    def at(self, words: str, *, days: int = 0) -> datetime:
        """It becomes "9:30" in Japan, today or some days later."""
        hour, minute = map(int, words.split(":"))
        clock = self.center.clock
        moment = datetime.combine(self.today, time(hour, minute), TOKYO)
        clock.at = moment.replace(day=moment.day + days).astimezone(clock.at.tzinfo)
        return clock.at

    @property
    def today(self) -> date:
        """The 活動日."""
        return activity_day(self.center.clock.now())

    def when(self, desk: str, command: Command) -> Answer:
        """Someone of a desk does something, and it is recorded."""
        return self.center.must(command, _of(desk))

    def made(self, desk: str, command: Command, kind: str) -> uuid.UUID:
        """The same, and the new thing's id: the subject of the entry of this kind."""
        return next(entry.subject_id for entry in self.when(desk, command).entries if entry.kind == kind)

    def refused(self, desk: str, command: Command) -> str:
        """Someone of a desk is refused; the words they read."""
        answer = self.center.do(command, _of(desk))
        assert answer.refusal is not None, answer
        return text(f"refusal.{answer.refusal.code}", **answer.refusal.facts)

    def sees(self, desk: str, name: str, **facts: object) -> Any:
        """What a query shows to someone of a desk."""
        return self.center.services.ask(name, _of(desk), **facts)

    def told(self) -> list[chronology.Line]:
        """The chronology, the first entry first, with what only counts."""
        found: list[chronology.Line] = self.sees("viewer", "chronology.lines", limit=10_000, quiet=True)
        return found[::-1]


class Kiosk:
    """A tablet at the entrance that the chief has enrolled."""

    def __init__(self, story: Story, label: str) -> None:
        self._story = story
        services = story.center.services
        place = make_place(services, label, story.center.chief, credential=True)
        caller = kiosk_of(services, f"Bearer {place.credential}")
        assert caller is not None
        self._gate = scans.Gate(actor=kiosk_actor(caller), station=f"kiosk-{caller.kiosk.number}")

    def reads(
        self, act: str, *shown: str | int, at: datetime | None = None, database: uuid.UUID | None = None
    ) -> list[scans.Result]:
        """Codes (or numbers typed by hand) held before it now, or earlier while it was out of reach."""
        now = self._story.center.clock.now()
        return self.sends([self.scan(act, each, at or now) for each in shown], database=database)

    @staticmethod
    def scan(act: str, shown: str | int, at: datetime) -> scans.SentScan:
        """One scan as the tablet keeps it."""
        number, payload = (shown, None) if isinstance(shown, int) else (None, shown)
        return scans.SentScan(command_id=uuid.uuid4(), act=Act(act), at=at, number=number, payload=payload)

    def sends(
        self, kept: Iterable[scans.SentScan], *, database: uuid.UUID | None = None
    ) -> list[scans.Result]:
        """What lies in its outbox goes to the server."""
        now = self._story.center.clock.now()
        batch = scans.Batch(device_now=now, scans=list(kept), database_id=database)
        return scans.take(self._story.center.services, batch, self._gate)


def _of(desk: str) -> Actor:
    return Actor(id=desk, roles=frozenset({desk}))
