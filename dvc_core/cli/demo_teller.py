"""The demonstration's own clock and way to act: the very same commands, in the order of their moments.

Every command has the id that follows from the seed and its name in the story, so that the same seed tells the
same story. Commands of a few minutes go in one transaction, since what is entered long after it happened is
flagged (`attendance.LATE`).
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from dvc_core.bootstrap import Services
from dvc_core.commands.base import Actor, Command, Envelope
from dvc_core.domain.kernel import derive

STRETCH = timedelta(minutes=5)
MOST = 400
"""Commands of one transaction."""


Act = tuple[datetime, str, Command, tuple[object, ...]]
"""When, who (a key of `Teller.by`), what, and the name that its id follows from."""


class StoryClock:
    """The operation's clock while the story is told: it stands where the story is."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Aware, the moment of the story."""
        return self.at


class StoryBrokenError(Exception):
    """A rule refused what the story wanted: the story is wrong, not the rule."""


class _Told(msgspec.Struct, frozen=True):
    envelope: Envelope
    may_fail: bool


class Teller:
    """Sends the story's commands; `by` names the accounts that act."""

    def __init__(self, services: Services, clock: StoryClock, seed: int) -> None:
        self.services = services
        self.clock = clock
        self.seed = seed
        self.by: dict[str, Actor] = {}
        self._waiting: list[_Told] = []

    def id(self, *name: object) -> uuid.UUID:
        """The id of a command of the story."""
        return derive("demo", self.seed, *name)

    def tell(
        self,
        at: datetime,
        who: str,
        command: Command,
        *name: object,
        station: str = "desk",
        source: str = "desk",
        may_fail: bool = False,
        supersedes: uuid.UUID | None = None,
    ) -> uuid.UUID:
        """Have somebody do something at a moment, not before what was told already; the command's id."""
        if self._waiting:
            first, last = self._waiting[0].envelope.occurred_at, self._waiting[-1].envelope.occurred_at
            assert first is not None
            assert last is not None
            at = max(at, last)
            if at - first > STRETCH or len(self._waiting) >= MOST:
                self.send()
        at = max(at, self.clock.at)
        command_id = self.id(command.kind, *name)
        envelope = Envelope(
            command_id=command_id,
            command=command,
            actor=self.by[who],
            station=station,
            source=source,
            occurred_at=at,
            supersedes=supersedes,
        )
        self._waiting.append(_Told(envelope, may_fail))
        return command_id

    def tell_all(self, acts: Iterable[Act]) -> None:
        """Tell some acts in the order of their moments, and store them."""
        for moment, who, command, name in sorted(acts, key=lambda act: act[0]):
            self.tell(moment, who, command, *name)
        self.send()

    def send(self) -> None:
        """Store what was told.

        Raises:
            StoryBrokenError: if a rule refused what the story needs.
        """
        if not self._waiting:
            return
        told, self._waiting = self._waiting, []
        last = told[-1].envelope.occurred_at
        assert last is not None
        self.clock.at = last
        answers = self.services.run_all([each.envelope for each in told])
        for each, answer in zip(told, answers, strict=True):
            if answer.refusal is not None and not each.may_fail:
                raise StoryBrokenError(f"{each.envelope.command.kind}: {answer.refusal}")
