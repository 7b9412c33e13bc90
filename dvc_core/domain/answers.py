"""回答一覧: what is said today to the questions that are always asked (practice 4.9).

The answers themselves are data (`answers.toml`); the numbers in them are counted. Where a person knows better
(tomorrow's hours, places promised elsewhere) they say so here, and the sheet says what was counted no more.
"""

import uuid
from datetime import date, time
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Decision, Event, Outcome, Refusal, Row, Stamp, derive

MOST_PLACES = 100_000


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a person has set; None is counted by the program, or not known."""

    next_day: date | None = None
    from_time: time | None = None
    to_time: time | None = None
    places: int | None = None


class AnswersNow(Row, frozen=True, kw_only=True):
    """What is said in the operation now."""

    table: ClassVar[str] = "answers_now"
    next_day: date | None = None
    from_time: time | None = None
    to_time: time | None = None
    places: int | None = None


class AnswersSet(Event, frozen=True, kw_only=True):
    """A person set what is said."""

    kind: ClassVar[str] = "answers.set"
    subject: ClassVar[type[Row]] = AnswersNow
    next_day: date | None = None
    from_time: time | None = None
    to_time: time | None = None
    places: int | None = None

    def evolve(self, row: AnswersNow | None, stamp: Stamp) -> AnswersNow:
        """Said from now on."""
        said = {name: getattr(self, name) for name in Said.__struct_fields__}
        return AnswersNow(id=self.id, version=row.version if row else 0, **said)


def answers_id(operation_id: uuid.UUID) -> uuid.UUID:
    """The one row of an operation."""
    return derive(operation_id, "answers")


def say(operation_id: uuid.UUID, said: Said, *, today: date) -> Decision:
    """From today on, an end after the beginning, a number of places that can be."""
    if said.next_day is not None and said.next_day < today:
        return Refusal("day-past")
    if said.from_time is not None and said.to_time is not None and said.to_time <= said.from_time:
        return Refusal("answers-hours")
    if said.places is not None and not 0 <= said.places <= MOST_PLACES:
        return Refusal("answers-places", {"most": MOST_PLACES})
    return Outcome(events=(AnswersSet(id=answers_id(operation_id), **msgspec.structs.asdict(said)),))
