"""Taking over lists: one command a row; the same list twice adds nothing, a stopped one resumes."""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command, Sort
from dvc_core.commands.need_form import (
    NEEDS,
    Changing,
    Receiving,
    changed,
    changing,
    in_town,
    received,
    receiving,
)
from dvc_core.commands.need_form import tidy as tidy_site
from dvc_core.commands.same_person import Others, newly_alike, others, with_proposals
from dvc_core.commands.volunteer import VOLUNTEERS, tidy
from dvc_core.domain import volunteer
from dvc_core.domain.day import Series, series_id, take_number
from dvc_core.domain.kernel import Code, Decision, Event, Refusal
from dvc_core.domain.listed import ListedRow, RowTaken
from dvc_core.domain.need import Details, Need, Place, Site, details_of, place_of
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


class _TakingNeed(msgspec.Struct, frozen=True, kw_only=True):
    listed: ListedRow | None
    row: Need | None
    new: Receiving
    form: Changing


class TakeNeed(Command, frozen=True, kw_only=True):
    """A need of a list: received, or changed when the list now says something else."""

    kind: ClassVar[str] = "list.take_need"
    role: ClassVar[str] = "import"
    row_id: uuid.UUID
    content: Code
    site: Site
    details: Details
    place: Place = Place()

    def context(self, reader: Reader, call: Call) -> _TakingNeed:
        """What the row became before, and what taking it in or changing it is decided by."""
        listed = reader.get(ListedRow, self.row_id)
        subject = listed.subject_id if listed else self.row_id
        row = reader.get(Need, subject)
        return _TakingNeed(
            listed=listed,
            row=row,
            new=receiving(reader, call, self.site, self.place),
            form=changing(reader, subject, self.site, self._spot(row)),
        )

    def _spot(self, row: Need | None) -> Place:
        """A place that a person or the table found before stays."""
        unknown = row is None or row.match_level in ("none", "city")
        return self.place if unknown or row is None else place_of(row)

    def decide(self, context: _TakingNeed, call: Call) -> Decision:
        """A list may leave the telephone out; place and trouble it must tell."""
        listed, row = context.listed, context.row
        if context.new.operation is None:
            return Refusal("no-operation")
        subject = row.id if row else call.new_id("need")
        taken: Event = RowTaken(id=self.row_id, of="needs", subject_id=subject, content=self.content)
        if listed is None or row is None or context.form.site is None:
            number = take_number(context.new.series, series_id(call.operation_id, NEEDS))
            site = msgspec.structs.replace(tidy_site(self.site), id=subject)
            decision = received(
                call,
                context.new,
                number,
                site,
                details=self.details,
                spot=in_town(self.place, site),
                whole=False,
            )
        else:
            details = details_of(row)
            decision = changed(
                call, context.form, self.site, details, self._spot(row), seen_version=row.version
            )
        if isinstance(decision, Refusal):
            return decision
        return msgspec.structs.replace(decision, events=(*decision.events, taken))


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
