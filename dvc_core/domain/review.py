"""要確認: what could not be attributed (unknown, forged, cut off) waits for a person."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Personal, Refusal, Row, Stamp


class ReviewState(StrEnum):
    """Whether a person has settled it."""

    OPEN = "open"
    ATTRIBUTED = "attributed"
    KEPT_APART = "kept-apart"


class Review(Row, frozen=True, kw_only=True):
    """One thing that waits in 要確認."""

    table: ClassVar[str] = "review"
    reason: Code
    raised_at: datetime
    station: Code
    about: uuid.UUID | None = None
    state: ReviewState = ReviewState.OPEN
    settled_at: datetime | None = None
    settled_by: str | None = None


class ReviewContent(Personal, frozen=True, kw_only=True):
    """What was sent, as it was sent (canonical JSON): nothing is deleted until erasure."""

    table: ClassVar[str] = "review_content"
    follows: ClassVar[type[Row]] = Review
    content: str
    said: str = ""


class Raised(Event, frozen=True, kw_only=True):
    """Something arrived that the program could not attribute."""

    kind: ClassVar[str] = "review.raised"
    subject: ClassVar[type[Row]] = Review
    reason: Code
    station: Code
    about: uuid.UUID | None = None

    def evolve(self, row: Review | None, stamp: Stamp) -> Review:
        """It waits."""
        return Review(
            id=self.id,
            reason=self.reason,
            raised_at=stamp.occurred_at,
            station=self.station,
            about=self.about,
        )


class Settled(Event, frozen=True, kw_only=True):
    """A person said what it was, or that it stays apart."""

    kind: ClassVar[str] = "review.settled"
    subject: ClassVar[type[Row]] = Review
    state: ReviewState
    about: uuid.UUID | None = None

    def evolve(self, row: Review, stamp: Stamp) -> Review:
        """Settled, by whom and when."""
        return msgspec.structs.replace(
            row,
            state=self.state,
            about=self.about or row.about,
            settled_at=stamp.occurred_at,
            settled_by=stamp.actor_id,
        )


def raise_review(
    review_id: uuid.UUID, reason: Code, content: str, *, station: Code, about: uuid.UUID | None = None
) -> Outcome:
    """The outcome that keeps something for a person to settle."""
    return Outcome(
        events=(Raised(id=review_id, reason=reason, station=station, about=about),),
        rows=(ReviewContent(id=review_id, content=content),),
        review=True,
    )


def settle(
    review: Review | None,
    content: ReviewContent | None,
    state: ReviewState,
    about: uuid.UUID | None,
    said: str,
) -> Decision:
    """Settle to a person or thing (`about`), or keep apart; the reason in words is kept with the content."""
    if review is None or content is None:
        return Refusal("review-unknown")
    if review.state is not ReviewState.OPEN:
        return Refusal("review-settled")
    if state is ReviewState.KEPT_APART and not said.strip():
        return Refusal("reason-missing")
    return Outcome(
        events=(Settled(id=review.id, state=state, about=about),),
        rows=(ReviewContent(id=review.id, content=content.content, said=said),),
    )
