"""What 総務 says today to the questions that are always asked."""

from typing import ClassVar

from dvc_core.commands.base import Call, Command
from dvc_core.domain import answers
from dvc_core.domain.answers import Said
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import Decision, Refusal
from dvc_core.domain.operation import Operation
from dvc_core.ports import Reader


class Say(Command, frozen=True, kw_only=True):
    """Set the next day, its hours and the places as everyone of the center says them."""

    kind: ClassVar[str] = "answers.say"
    role: ClassVar[str] = "general"
    said: Said

    def context(self, reader: Reader, call: Call) -> Operation | None:
        """The operation."""
        return reader.get(Operation, call.operation_id)

    def decide(self, context: Operation | None, call: Call) -> Decision:
        """In an operation only."""
        if context is None:
            return Refusal("no-operation")
        return answers.say(context.id, self.said, today=activity_day(call.now))
