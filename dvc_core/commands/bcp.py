"""BCP beside the center: functions kept, reduced, stopped; talks with consignors (BCP事務局)."""

import uuid
from datetime import datetime
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.domain import bcp
from dvc_core.domain.bcp import BusinessFunction, FunctionState, Talk, TalkWords, function_id
from dvc_core.domain.kernel import Code, Decision
from dvc_core.domain.manual_run import Run, RunKind, run_id
from dvc_core.ports import Reader

NOBODY = uuid.UUID(int=0)


class HoldTalk(Command, frozen=True, kw_only=True):
    """Record a talk with the consignor: who, when, what was agreed."""

    kind: ClassVar[str] = "talk.hold"
    role: ClassVar[str] = "bcp"
    function: Code
    held_at: datetime
    consignor: str
    ours: str = ""
    agreed: str

    def context(self, reader: Reader, call: Call) -> None:
        """Nothing else decides it."""

    def decide(self, context: None, call: Call) -> Decision:
        """All three, and not in the future."""
        talk_id = call.new_id("talk")
        words = TalkWords(
            id=talk_id,
            consignor=self.consignor.strip(),
            ours=self.ours.strip(),
            agreed=self.agreed.strip(),
        )
        return bcp.hold_talk(talk_id, self.function, words, self.held_at, call.now)


class _Function(msgspec.Struct, frozen=True, kw_only=True):
    row: BusinessFunction | None
    run: Run | None
    talks: list[Talk]


class SetFunction(Command, frozen=True, kw_only=True):
    """Keep a function running, reduce it or stop it, with the reason."""

    kind: ClassVar[str] = "business_function.set"
    role: ClassVar[str] = "bcp"
    code: Code
    state: FunctionState
    reason: str = ""

    def context(self, reader: Reader, call: Call) -> _Function:
        """The function, the BCP run, the talks about it."""
        return _Function(
            row=reader.get(BusinessFunction, function_id(call.operation_id, self.code)),
            run=reader.get(Run, run_id(call.operation_id, RunKind.BCP)),
            talks=reader.find(Talk, operation_id=call.operation_id, function=self.code),
        )

    def decide(self, context: _Function, call: Call) -> Decision:
        """Commissioned ones only after a talk."""
        return bcp.set_function(
            context.row,
            context.run,
            context.talks,
            row_id=function_id(call.operation_id, self.code),
            code=self.code,
            state=self.state,
            reason=self.reason,
            note_id=call.new_id("reason"),
        )
