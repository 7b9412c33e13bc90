"""Settling what waits in 要確認: to a person, a thing, or kept apart with the reason."""

import uuid
from typing import ClassVar

from dvc_core.commands.base import Call, Command
from dvc_core.domain import review
from dvc_core.domain.kernel import Decision
from dvc_core.domain.review import Review, ReviewContent, ReviewState
from dvc_core.ports import Reader


class Settle(Command, frozen=True, kw_only=True):
    """Say what it was (`about`: a person's or thing's id), or that it stays apart, with the reason."""

    kind: ClassVar[str] = "review.settle"
    role: ClassVar[str] = "reception"
    review_id: uuid.UUID
    state: ReviewState
    about: uuid.UUID | None = None
    words: str = ""

    def context(self, reader: Reader, call: Call) -> tuple[Review | None, ReviewContent | None]:
        """What waits, and its content."""
        return reader.get(Review, self.review_id), reader.get(ReviewContent, self.review_id)

    def decide(self, context: tuple[Review | None, ReviewContent | None], call: Call) -> Decision:
        """Once, and never back to open."""
        return review.settle(*context, self.state, self.about, self.words)
