"""Recording 発災, 設置判断 and 開設 (practice 2: 統括)."""

import uuid
from datetime import datetime
from typing import ClassVar

from dvc_core.commands.base import Call, Command, Sort
from dvc_core.domain import operation
from dvc_core.domain.kernel import Decision, derive
from dvc_core.domain.operation import Disaster, OpeningDecision, Operation
from dvc_core.ports import Reader


class Start(Command, frozen=True, kw_only=True):
    """Record that a disaster (or a drill's) happened: the operation begins."""

    kind: ClassVar[str] = "operation.start"
    role: ClassVar[str] = "chief"
    disaster: Disaster
    started_at: datetime
    title: str

    def operation_id(self, command_id: uuid.UUID) -> uuid.UUID:
        """The operation is born with this command."""
        return derive(command_id, "operation")

    def context(self, reader: Reader, call: Call) -> list[Operation]:
        """The operations that run."""
        return reader.find(Operation, closed_at=None)

    def decide(self, context: list[Operation], call: Call) -> Decision:
        """One operation at a time."""
        return operation.start(
            call.operation_id,
            context,
            disaster=self.disaster,
            started_at=self.started_at,
            now=call.now,
            title=self.title,
        )


class DecideOpening(Command, frozen=True, kw_only=True):
    """設置判断: considering, open, or not open with its reason."""

    kind: ClassVar[str] = "operation.decide_opening"
    role: ClassVar[str] = "chief"
    decision: OpeningDecision
    reason: str = ""

    def context(self, reader: Reader, call: Call) -> Operation | None:
        """The operation that is decided about."""
        return reader.get(Operation, call.operation_id)

    def decide(self, context: Operation | None, call: Call) -> Decision:
        """A refusal without reason goes back."""
        return operation.decide_opening(context, self.decision, self.reason, note_id=call.new_id("reason"))


class Open(Command, frozen=True, kw_only=True):
    """開設: the center opens."""

    kind: ClassVar[str] = "operation.open"
    role: ClassVar[str] = "chief"
    sort: ClassVar[Sort] = "act"

    def context(self, reader: Reader, call: Call) -> Operation | None:
        """The operation to open."""
        return reader.get(Operation, call.operation_id)

    def decide(self, context: Operation | None, call: Call) -> Decision:
        """Only after the decision."""
        return operation.open_center(context)
