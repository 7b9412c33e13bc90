"""The program tells what it mended in its own store at the start: a person must know."""

from typing import ClassVar

from dvc_core.commands.base import Call, Command, Sort
from dvc_core.domain.kernel import Code, Decision
from dvc_core.domain.review import raise_review
from dvc_core.ports import Reader


class TellMended(Command, frozen=True, kw_only=True):
    """What was mended (`store.recovery`), with the sentence that people read; it waits in 要確認."""

    kind: ClassVar[str] = "store.tell_mended"
    role: ClassVar[str] = "admin"
    sort: ClassVar[Sort] = "fact"
    what: Code
    said: str

    def context(self, reader: Reader, call: Call) -> None:
        """Nothing else decides it."""

    def decide(self, context: None, call: Call) -> Decision:
        """It happened."""
        return raise_review(call.new_id("mended"), self.what, self.said, station=call.station)
