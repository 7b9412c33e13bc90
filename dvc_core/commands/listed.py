"""Taking over lists: one command a row; the same list twice adds nothing, a stopped one resumes."""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.commands import need as need_commands
from dvc_core.commands.base import Call, Command, Sort
from dvc_core.commands.same_person import Others, newly_alike, others, with_proposals
from dvc_core.commands.volunteer import VOLUNTEERS, tidy
from dvc_core.domain import need, volunteer
from dvc_core.domain.day import Series, series_id, take_number
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal
from dvc_core.domain.listed import ListedRow, RowTaken
from dvc_core.domain.need import Details, Need, Place, Site, details_of, place_of
from dvc_core.domain.operation import Disaster, Operation
from dvc_core.domain.review import raise_review
from dvc_core.domain.volunteer import Person, Traits, Volunteer
from dvc_core.ports import Reader


class _Taking(msgspec.Struct, frozen=True, kw_only=True):
    listed: ListedRow | None
    row: Volunteer | None
    kept: Person | None
    series: Series | None
    near: Others


class TakeVolunteer(Command, frozen=True, kw_only=True):
    """A volunteer of a list: registered, or changed when the list now says something else."""

    kind: ClassVar[str] = "list.take_volunteer"
    role: ClassVar[str] = "import"
    row_id: uuid.UUID
    content: Code
    person: Person
    traits: Traits

    def context(self, reader: Reader, call: Call) -> _Taking:
        """What the row became before, the run of numbers, and who may be the same person."""
        listed = reader.get(ListedRow, self.row_id)
        subject = listed.subject_id if listed else self.row_id
        row, kept = reader.get(Volunteer, subject), reader.get(Person, subject)
        new = tidy(self.person)
        near = others(reader, call.operation_id, new) if row is None else []
        return _Taking(
            listed=listed,
            row=row,
            kept=kept,
            series=reader.get(Series, series_id(call.operation_id, VOLUNTEERS)),
            near=near or newly_alike(reader, call.operation_id, kept, new),
        )

    def decide(self, context: _Taking, call: Call) -> Decision:
        """What the desk has confirmed is not changed by a list any more, only the person's own words are."""
        listed, row, kept, series = context.listed, context.row, context.kept, context.series
        if not self.person.name.strip():
            return Refusal("person-name-missing")
        subject = row.id if row else call.new_id("volunteer")
        taken = RowTaken(id=self.row_id, of="volunteers", subject_id=subject, content=self.content)
        person = msgspec.structs.replace(tidy(self.person), id=subject)
        if listed is None or row is None or kept is None:
            number = take_number(series, series_id(call.operation_id, VOLUNTEERS))
            made = volunteer.register(subject, number, person, self.traits, confirmed_at_desk=False)
            made = with_proposals(made, person, context.near, minor=self.traits.minor, call=call)
            return msgspec.structs.replace(made, events=(*made.events, taken))
        if row.merged_into is not None:
            said = msgspec.json.encode(msgspec.to_builtins(self), order="sorted").decode()
            kept_aside = raise_review(
                call.new_id("row"),
                "list-merged",
                said,
                station=call.station,
                source=call.source,
                about=row.id,
            )
            return msgspec.structs.replace(kept_aside, events=(*kept_aside.events, taken))
        traits = row.traits if row.confirmed_at_desk else self.traits
        changed = volunteer.change(row, kept, person, traits, seen_version=row.version)
        if isinstance(changed, Refusal):
            return changed
        changed = with_proposals(changed, person, context.near, minor=traits.minor, call=call)
        return msgspec.structs.replace(changed, events=(*changed.events, taken))


class TakeNeed(Command, frozen=True, kw_only=True):
    """A need of a list: received, or changed when the list now says something else."""

    kind: ClassVar[str] = "list.take_need"
    role: ClassVar[str] = "import"
    row_id: uuid.UUID
    content: Code
    site: Site
    details: Details
    place: Place = Place()

    def context(
        self, reader: Reader, call: Call
    ) -> tuple[ListedRow | None, Need | None, Site | None, Series | None, Operation | None]:
        """What the row became before, the run of numbers, the kind of disaster."""
        listed = reader.get(ListedRow, self.row_id)
        subject = listed.subject_id if listed else self.row_id
        return (
            listed,
            reader.get(Need, subject),
            reader.get(Site, subject),
            reader.get(Series, series_id(call.operation_id, need_commands.NEEDS)),
            reader.get(Operation, call.operation_id),
        )

    def decide(
        self,
        context: tuple[ListedRow | None, Need | None, Site | None, Series | None, Operation | None],
        call: Call,
    ) -> Decision:
        """A list may leave the telephone out; place and trouble it must tell."""
        listed, row, kept, series, operation = context
        if operation is None:
            return Refusal("no-operation")
        subject = row.id if row else call.new_id("need")
        taken: Event = RowTaken(id=self.row_id, of="needs", subject_id=subject, content=self.content)
        site = msgspec.structs.replace(need_commands.tidy(self.site), id=subject)
        disaster = operation.disaster if operation else Disaster.OTHER
        gate = call.reference.gate_for(
            disaster, self.details.hazard, self.details.works, inside=self.details.inside
        )
        if listed is None or row is None or kept is None:
            number = take_number(series, series_id(call.operation_id, need_commands.NEEDS))
            received = need.Received(
                id=subject, number=number.number, details=self.details, place=self.place, gate=gate
            )
            return Outcome(events=(number, received, taken), rows=(site,))
        details = details_of(row)
        place = self.place if row.match_level in ("none", "city") else place_of(row)
        changed = need.change(row, kept, site, details, place, row.gate, seen_version=row.version)
        if isinstance(changed, Refusal):
            return changed
        return msgspec.structs.replace(changed, events=(*changed.events, taken))


class SetAside(Command, frozen=True, kw_only=True):
    """A row that cannot be taken: it waits in 要確認 with its cells, and is never lost."""

    kind: ClassVar[str] = "list.set_aside"
    role: ClassVar[str] = "import"
    sort: ClassVar[Sort] = "fact"
    content: str

    def context(self, reader: Reader, call: Call) -> None:
        """Nothing decides it."""

    def decide(self, context: None, call: Call) -> Decision:
        """Kept."""
        return raise_review(
            call.new_id("row"), "list-row", self.content, station=call.station, source=call.source
        )
