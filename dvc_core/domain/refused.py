"""Refusals are entries too: a repeated command is answered from them, and drills learn from them."""

import uuid
from typing import ClassVar

from dvc_core.domain.kernel import Code, Event, Facts, Row, Stamp


class Refused(Row, frozen=True, kw_only=True):
    """One command that a rule refused; its id is the command's."""

    table: ClassVar[str] = "refused"
    command: Code
    code: Code


class CommandRefused(Event, frozen=True, kw_only=True):
    """A rule refused an act."""

    kind: ClassVar[str] = "command.refused"
    subject: ClassVar[type[Row]] = Refused
    command: Code
    code: Code
    facts: Facts = {}

    def evolve(self, row: Refused | None, stamp: Stamp) -> Refused:
        """Noted once."""
        return Refused(id=self.id, command=self.command, code=self.code)


CODE_LENGTH = 64
CODE_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")


def journalled(facts: dict[str, object]) -> Facts:
    """The facts of a refusal that the journal may keep: ids, codes and numbers."""
    kept: Facts = {}
    for name, value in facts.items():
        if isinstance(value, bool | int):
            kept[name] = int(value)
        elif isinstance(value, uuid.UUID) or (isinstance(value, str) and _is_code(value)):
            kept[name] = str(value)
    return kept


def _is_code(value: str) -> bool:
    return 0 < len(value) <= CODE_LENGTH and all(
        c in "abcdefghijklmnopqrstuvwxyz0123456789._-" for c in value
    )
