"""情報共有: publishing the own state, taking over what other councils tell, believing a council's key."""

from datetime import datetime
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command, Sort
from dvc_core.domain import board
from dvc_core.domain.board import Compared, CouncilBoard, CouncilKey, FileReading, Heard
from dvc_core.domain.board_facts import Told
from dvc_core.domain.kernel import Code, Decision, Digest
from dvc_core.ports import Reader


class Publish(Command, frozen=True, kw_only=True):
    """Publish the own state as a person read it; `seen_number` is the last number they saw."""

    kind: ClassVar[str] = "board.publish"
    role: ClassVar[str] = "board"
    sort: ClassVar[Sort] = "act"
    told: Told
    seen_number: int

    def context(self, reader: Reader, call: Call) -> CouncilBoard | None:
        """The own row."""
        return reader.get(CouncilBoard, board.board_id(call.council_id, call.council_id))

    def decide(self, context: CouncilBoard | None, call: Call) -> Decision:
        """Under the next number."""
        return board.publish(
            context,
            call.council_id,
            board.board_id(call.council_id, call.council_id),
            self.told,
            seen=self.seen_number,
            now=call.now,
        )


class Type(Command, frozen=True, kw_only=True):
    """Type what another council said by telephone or FAX, or a neighbour said for it."""

    kind: ClassVar[str] = "board.type"
    role: ClassVar[str] = "board"
    sort: ClassVar[Sort] = "act"
    council_code: Code
    heard: Heard
    as_of: datetime
    told: Told
    corrects: bool = False

    def context(self, reader: Reader, call: Call) -> None:
        """Nothing: news stands for itself."""

    def decide(self, context: None, call: Call) -> Decision:
        """Never the own state, never from the future."""
        event = board.Typed(
            id=board.board_id(call.council_id, self.council_code),
            council_code=self.council_code,
            heard=self.heard,
            as_of=self.as_of,
            told=self.told,
            corrects=self.corrects,
        )
        return board.type_in(event, call.council_id, call.now)


class _Known(msgspec.Struct, frozen=True):
    file: FileReading
    row: CouncilBoard | None = None
    key: CouncilKey | None = None


class TakeFile(Command, frozen=True, kw_only=True):
    """Judge a council's status file by its bytes, and take it over when it is new.

    `raw` is the file as it came. What it says, and whether its signature holds, is found out here and is
    never told by whoever brings it.
    """

    kind: ClassVar[str] = "board.take_file"
    role: ClassVar[str] = "board"
    sort: ClassVar[Sort] = "act"
    raw: bytes

    def context(self, reader: Reader, call: Call) -> _Known:
        """The file as read with the keys of this moment, what we have of that council, and its key."""
        if call.read_file is None:
            raise LookupError("nobody here can read a status file")
        file = call.read_file(self.raw, reader.find(CouncilKey))
        code = file.council_code
        if code is None:
            return _Known(file)
        return _Known(
            file,
            reader.get(CouncilBoard, board.board_id(call.council_id, code)),
            reader.get(CouncilKey, board.council_key_id(call.council_id, code)),
        )

    def decide(self, context: _Known, call: Call) -> Decision:
        """Taken, or kept as refused with its reason."""
        return board.take(context.file, context.row, context.key, council_id=call.council_id, now=call.now)


class VerifyKey(Command, frozen=True, kw_only=True):
    """Believe a council's key, after its twelve groups of digits were compared. `public_key`: hex."""

    kind: ClassVar[str] = "council_key.verify"
    role: ClassVar[str] = "board"
    sort: ClassVar[Sort] = "act"
    council_code: Code
    key_id: Code
    public_key: Digest
    compared: Compared

    def context(self, reader: Reader, call: Call) -> None:
        """Nothing: a new key replaces the old one."""

    def decide(self, context: None, call: Call) -> Decision:
        """The key of that council, and not our own."""
        event = board.KeyVerified(
            id=board.council_key_id(call.council_id, self.council_code),
            council_code=self.council_code,
            key_id=self.key_id,
            public_key=self.public_key,
            compared=self.compared,
        )
        return board.verify_key(event, call.council_id)
