"""だれのことか: which registration counts; 「同じ人かもしれません」 is asked once, when registering."""

import uuid
from collections.abc import Iterable

import msgspec

from dvc_core.commands.base import Call
from dvc_core.domain.kernel import Outcome
from dvc_core.domain.merging import survivors
from dvc_core.domain.review import SAME_PERSON, Proposed, Review, ReviewContent, pair_id
from dvc_core.domain.sameness import MOST_PROPOSED, SHARED, Candidate, ranked
from dvc_core.domain.volunteer import Person, Volunteer
from dvc_core.ports import Reader


def counting(reader: Reader, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Volunteer]:
    """The registration that counts for each id: its own, or the one it was merged into."""
    return survivors(lambda wanted: reader.many(Volunteer, wanted), ids)


Others = list[tuple[Volunteer, Person]]


def others(
    reader: Reader, operation_id: uuid.UUID, person: Person, *, but: uuid.UUID | None = None
) -> Others:
    """Registrations of the operation with this telephone or these kana, those that count, each once."""
    shared: dict[uuid.UUID, Person] = {}
    for name, key in (("phone_key", person.phone_key), ("kana_key", person.kana_key)):
        found = reader.find(Person, **{name: key}) if key else []
        if len(found) <= SHARED:
            shared |= {each.id: each for each in found}
    shared.pop(but or person.id, None)
    rows = counting(reader, shared)
    return [
        (row, shared[i])
        for i, row in rows.items()
        if row.operation_id == operation_id and row.id not in (but, person.id)
    ]


def newly_alike(reader: Reader, operation_id: uuid.UUID, kept: Person | None, new: Person) -> Others:
    """Whom a correction makes alike: nobody when telephone, kana, birthday and age stay as they were."""
    looked = ("phone_key", "kana_key", "birth_date", "age")
    if kept is None or all(getattr(kept, name) == getattr(new, name) for name in looked):
        return []
    near = others(reader, operation_id, new, but=kept.id)
    before = asked_before(reader, kept.id, near)
    return [(row, person) for row, person in near if row.id not in before]


def asked_before(reader: Reader, one: uuid.UUID, rows: Iterable[tuple[Volunteer, Person]]) -> set[uuid.UUID]:
    """Those about whom someone was asked already, whatever the answer was."""
    ids = {pair_id(one, row.id): row.id for row, _ in rows}
    return {ids[i] for i in reader.many(Review, ids)} if ids else set()


def with_proposals(made: Outcome, person: Person, near: Others, *, minor: bool, call: Call) -> Outcome:
    """A registration with the questions about it: the nearest few, each human being once."""
    best: dict[uuid.UUID, Candidate] = {}
    for each in ranked(person, near, minor=minor):
        best.setdefault(each.volunteer.id, each)
    events = tuple(
        Proposed(
            id=pair_id(person.id, each.volunteer.id),
            reason=SAME_PERSON,
            station=call.station,
            source=call.source,
            about=person.id,
            other=each.volunteer.id,
            signs=each.likeness.signs,
        )
        for each in list(best.values())[:MOST_PROPOSED]
    )
    rows = tuple(ReviewContent(id=each.id, content="") for each in events)
    return msgspec.structs.replace(made, events=(*made.events, *events), rows=(*made.rows, *rows))
