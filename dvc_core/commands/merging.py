"""統合と、そのとりけし (受付): two registrations of one human being, confirmed by a named person."""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.same_person import counting
from dvc_core.domain import merging, review
from dvc_core.domain.attendance import Attendance
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Decision, Event, Outcome, Personal, Refusal
from dvc_core.domain.merging import Registration, SeenVersions
from dvc_core.domain.note import write
from dvc_core.domain.review import Proposed, Review, ReviewContent, ReviewState, Settled, pair_id
from dvc_core.domain.sameness import likeness
from dvc_core.domain.team import Team
from dvc_core.domain.volunteer import Person, Volunteer
from dvc_core.ports import Reader


def _registration(reader: Reader, row: Volunteer) -> Registration:
    """A registration with what was merged into it, its days and the teams that it is in."""
    below: list[uuid.UUID] = []
    waiting = [row.id]
    while waiting:
        found = [each.id for each in reader.find(Volunteer, merged_into=waiting.pop())]
        below += found
        waiting += found
    days = reader.find(Attendance, volunteer_id=row.id, operation_id=row.operation_id)
    return Registration(
        volunteer=row,
        below=tuple(below),
        days={day.day: day for day in days},
        teams=reader.many(Team, {day.team_id for day in days if day.team_id is not None}),
    )


class _Pair(msgspec.Struct, frozen=True, kw_only=True):
    gone: Registration
    stays: Registration
    people: dict[uuid.UUID, Person]
    asked: dict[uuid.UUID, Review]
    contents: dict[uuid.UUID, ReviewContent]


def _pair(reader: Reader, gone: uuid.UUID, stays: uuid.UUID) -> _Pair | None:
    rows = reader.many(Volunteer, (gone, stays))
    if gone not in rows or stays not in rows:
        return None
    sides = [_registration(reader, rows[i]) for i in (gone, stays)]
    asked = [pair_id(one, other) for one in sides[0].ids for other in sides[1].ids]
    return _Pair(
        gone=sides[0],
        stays=sides[1],
        people=reader.many(Person, (gone, stays)),
        asked=reader.many(Review, asked),
        contents=reader.many(ReviewContent, asked),
    )


class Merge(Command, frozen=True, kw_only=True):
    """Two registrations are one human being, as someone saw them side by side at these versions.

    `stays` keeps its number; the cards and the number of `gone` lead there from now on.
    """

    kind: ClassVar[str] = "person.merge"
    role: ClassVar[str] = "reception"
    gone: uuid.UUID
    stays: uuid.UUID
    gone_version: int
    stays_version: int
    words: str = ""

    def context(self, reader: Reader, call: Call) -> _Pair | None:
        """Both, with their days and teams, and whether they were asked about."""
        return _pair(reader, self.gone, self.stays)

    def decide(self, context: _Pair | None, call: Call) -> Decision:
        """Undone by one act; a question about these two is settled with it."""
        if context is None:
            return Refusal("volunteer-unknown")
        gone, stays = context.gone.volunteer, context.stays.volunteer
        near = likeness(context.people[gone.id], context.people[stays.id], minors=(gone.minor, stays.minor))
        events = merging.merge(
            context.gone,
            context.stays,
            today=activity_day(call.now),
            seen=SeenVersions(gone=self.gone_version, stays=self.stays_version),
            likeness=near,
            words=self.words,
        )
        if isinstance(events, Refusal):
            return events
        noted, rows = write(call.new_id("words"), gone.id, "merge", self.words, about_person=True)
        asked, said = _same(context, self.words)
        return Outcome(events=(*events, *noted, *asked), rows=(*rows, *said))


def _same(pair: _Pair, words: str) -> tuple[list[Event], list[Personal]]:
    """Every open question about a number of the one and a number of the other is answered."""
    events: list[Event] = []
    rows: list[Personal] = []
    for asked in sorted(pair.asked.values(), key=lambda row: row.id):
        direct = asked.id == pair_id(pair.gone.volunteer.id, pair.stays.volunteer.id)
        if asked.state is ReviewState.OPEN or direct:
            events.append(Settled(id=asked.id, state=ReviewState.SAME, about=pair.stays.volunteer.id))
            rows.append(review.said_of(pair.contents[asked.id], words))
    return events, rows


def _apart(pair: _Pair, words: str, call: Call) -> tuple[list[Event], list[Personal]]:
    """What 要確認 keeps of these two: that they are not one, so that nobody is asked again."""
    one, other = pair.gone.volunteer.id, pair.stays.volunteer.id
    settled = Settled(id=pair_id(one, other), state=ReviewState.KEPT_APART, about=other)
    if settled.id in pair.asked:
        return [settled], [review.said_of(pair.contents[settled.id], words)]
    asked = Proposed(
        id=settled.id,
        reason=review.SAME_PERSON,
        station=call.station,
        source=call.source,
        about=one,
        other=other,
    )
    return [asked, settled], [ReviewContent(id=settled.id, content="", said=words.strip())]


class Unmerge(Command, frozen=True, kw_only=True):
    """They were two after all: both are as they were, each with what its own cards and numbers did."""

    kind: ClassVar[str] = "person.unmerge"
    role: ClassVar[str] = "reception"
    volunteer_id: uuid.UUID
    words: str

    def context(self, reader: Reader, call: Call) -> tuple[_Pair, Registration | None] | None:
        """The merged registration, the one it was merged into, and the one that counts for both."""
        row = reader.get(Volunteer, self.volunteer_id)
        if row is None:
            return None
        pair = _pair(reader, row.id, row.merged_into or row.id)
        counts = counting(reader, (row.id,))[row.id]
        if pair is None:
            return None
        return pair, _registration(reader, counts) if row.merged_into is not None else None

    def decide(self, context: tuple[_Pair, Registration | None] | None, call: Call) -> Decision:
        """With a reason, which is kept: the program does not propose these two again."""
        if context is None:
            return Refusal("volunteer-unknown")
        pair, counts = context
        events = merging.unmerge(pair.gone, counts, today=activity_day(call.now), words=self.words)
        if isinstance(events, Refusal):
            return events
        asked, said = _apart(pair, self.words, call)
        return Outcome(events=(*events, *asked), rows=tuple(said))
