"""Texts in people's own words. They live beside the journal, which only says that they exist."""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Code, Event, Personal, Row, Stamp


class NoteMark(Row, frozen=True, kw_only=True):
    """That a text exists, about what, and whether it is about a person (erasure removes those)."""

    table: ClassVar[str] = "note_mark"
    about: uuid.UUID
    purpose: Code
    about_person: bool


class Note(Personal, frozen=True, kw_only=True):
    """The text itself."""

    table: ClassVar[str] = "note"
    follows: ClassVar[type[Row]] = NoteMark
    text: str


class Written(Event, frozen=True, kw_only=True):
    """A text was written or replaced."""

    kind: ClassVar[str] = "note.written"
    subject: ClassVar[type[Row]] = NoteMark
    about: uuid.UUID
    purpose: Code
    about_person: bool

    def evolve(self, row: NoteMark | None, stamp: Stamp) -> NoteMark:
        """The mark of the text."""
        mark = NoteMark(id=self.id, about=self.about, purpose=self.purpose, about_person=self.about_person)
        return mark if row is None else msgspec.structs.replace(mark, version=row.version)


def write(
    note_id: uuid.UUID,
    about: uuid.UUID,
    purpose: Code,
    text: str,
    *,
    about_person: bool,
    clears: bool = False,
) -> tuple[tuple[Event, ...], tuple[Personal, ...]]:
    """The event and the row of a text; nothing for an empty one, unless it `clears` a text that stands."""
    if not text.strip() and not clears:
        return (), ()
    mark = Written(id=note_id, about=about, purpose=purpose, about_person=about_person)
    return (mark,), (Note(id=note_id, text=text.strip()),)
