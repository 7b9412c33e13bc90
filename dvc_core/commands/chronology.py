"""Correcting the chronology: a new entry says what was wrong, the old one stays readable."""

import uuid
from typing import ClassVar

from dvc_core.commands.base import Call, Command
from dvc_core.domain.kernel import Decision, Outcome, Refusal
from dvc_core.domain.note import write
from dvc_core.ports import Reader


class Correct(Command, frozen=True, kw_only=True):
    """Add words to an entry. Wrong times are put right by `attendance.correct_time`, which links the two."""

    kind: ClassVar[str] = "chronology.correct"
    role: ClassVar[str] = "general"
    entry_id: uuid.UUID
    words: str

    def context(self, reader: Reader, call: Call) -> None:
        """Nothing else decides it."""

    def decide(self, context: None, call: Call) -> Decision:
        """Words are needed."""
        if not self.words.strip():
            return Refusal("reason-missing")
        events, rows = write(
            call.new_id("correction"), self.entry_id, "correction", self.words, about_person=False
        )
        return Outcome(events=events, rows=rows)
