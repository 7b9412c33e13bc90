"""要確認: what could not be attributed, and who may be one person twice, waits for someone to decide.

Each kind of item belongs to a desk and has a time by which it should be settled (`KINDS`); what happens
otherwise stands in the catalogue (`review.kind.<reason>.left`).
"""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

import msgspec

from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Personal, Refusal, Row, Stamp, derive
from dvc_core.domain.sameness import Sign

SAME_PERSON: Final = "same-person"


class Kind(msgspec.Struct, frozen=True):
    """A kind of item: the work of the desk that settles it, within how long, and by which answers.

    `looked`: it belongs to nobody; someone looks and says what they saw.
    """

    desk: Code
    within: timedelta = timedelta(hours=12)
    person: bool = False
    same: bool = False
    looked: bool = False


_SCAN: Final = Kind("reception", timedelta(hours=2), person=True)
"""Before the teams go out it must be known who is here; at the day's end who is home."""

KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(
        (
            "unknown-token",
            "unknown-number",
            "revoked-card",
            "cut-off-kiosk",
            "forged",
            "foreign",
            "drill_card",
            "real_card",
            "not_ours",
            "unreadable",
            "unknown-volunteer",
        ),
        _SCAN,
    ),
    SAME_PERSON: Kind("reception", timedelta(hours=12), same=True),
    "list-row": Kind("import", timedelta(hours=24)),
    "list-merged": Kind("reception", timedelta(hours=24)),
    "unknown-team": Kind("dispatch", timedelta(hours=1)),
    "same-id-other-content": Kind("reception", timedelta(hours=12), person=True, same=True),
    "desk-log": Kind("general", timedelta(hours=12)),
    "other-database": Kind("chief", timedelta(hours=24)),
    **dict.fromkeys(
        (
            "store-restored",
            "store-restored-rows",
            "store-rebuilt",
            "store-rebuilt-gone",
            "store-lost",
            "store-behind",
            "store-updated",
            "log-damaged",
            "log-other",
            "log-diverged",
        ),
        Kind("chief", timedelta(hours=2), looked=True),
    ),
}
OTHER: Final = Kind("reception")
DESKS: Final = {
    **{
        work: work
        for work in ("reception", "needs", "matching", "dispatch", "return", "import", "chief", "general")
    },
    "scan": "reception",
    "public": "reception",
}
"""The desk to which what a command of this kind of work left behind belongs."""


class ReviewState(StrEnum):
    """Whether a person has settled it."""

    OPEN = "open"
    ATTRIBUTED = "attributed"
    KEPT_APART = "kept-apart"
    SAME = "same"


class Review(Row, frozen=True, kw_only=True):
    """One thing that waits in 要確認: from where, by whom, for which desk, by when.

    `other` is the second of two registrations that may be one person, `signs` why; `taken_by` looks at it.
    """

    table: ClassVar[str] = "review"
    reason: Code
    raised_at: datetime
    station: Code
    source: Code = ""
    raised_by: str = ""
    desk: Code = OTHER.desk
    due_at: datetime | None = None
    about: uuid.UUID | None = None
    other: uuid.UUID | None = None
    signs: tuple[Sign, ...] = ()
    taken_by: str | None = None
    state: ReviewState = ReviewState.OPEN
    settled_at: datetime | None = None
    settled_by: str | None = None


class ReviewContent(Personal, frozen=True, kw_only=True):
    """What was sent, as it was sent (canonical JSON): nothing is deleted until erasure."""

    table: ClassVar[str] = "review_content"
    follows: ClassVar[type[Row]] = Review
    content: str
    said: str = ""


class _Waits(Event, frozen=True, kw_only=True):
    reason: Code
    station: Code
    about: uuid.UUID | None = None
    source: Code | None = None
    desk: Code | None = None

    def _row(self, stamp: Stamp) -> Review:
        kind = KINDS.get(self.reason, OTHER)
        return Review(
            id=self.id,
            reason=self.reason,
            raised_at=stamp.occurred_at,
            station=self.station,
            source=self.source or "",
            raised_by=stamp.actor_id,
            desk=self.desk or kind.desk,
            due_at=stamp.occurred_at + kind.within,
            about=self.about,
        )


class Raised(_Waits, frozen=True, kw_only=True):
    """Something arrived that the program could not attribute."""

    kind: ClassVar[str] = "review.raised"
    subject: ClassVar[type[Row]] = Review

    def evolve(self, row: Review | None, stamp: Stamp) -> Review:
        """It waits."""
        return self._row(stamp)


class Proposed(_Waits, frozen=True, kw_only=True):
    """Two registrations may be one person: asked once for each two."""

    kind: ClassVar[str] = "review.proposed"
    subject: ClassVar[type[Row]] = Review
    about: uuid.UUID
    other: uuid.UUID
    signs: tuple[Sign, ...] = ()

    def evolve(self, row: Review | None, stamp: Stamp) -> Review:
        """It waits."""
        return msgspec.structs.replace(self._row(stamp), other=self.other, signs=self.signs)


class Taken(Event, frozen=True, kw_only=True):
    """Someone says: I look at it."""

    kind: ClassVar[str] = "review.taken"
    subject: ClassVar[type[Row]] = Review

    def evolve(self, row: Review, stamp: Stamp) -> Review:
        """Theirs to settle; others still may."""
        return msgspec.structs.replace(row, taken_by=stamp.actor_id)


class Settled(Event, frozen=True, kw_only=True):
    """A person said what it was, or that it stays apart."""

    kind: ClassVar[str] = "review.settled"
    subject: ClassVar[type[Row]] = Review
    state: ReviewState
    about: uuid.UUID | None = None

    def evolve(self, row: Review, stamp: Stamp) -> Review:
        """Settled, by whom and when: the time of deciding, though what is decided happened earlier."""
        return msgspec.structs.replace(
            row,
            state=self.state,
            about=self.about or row.about,
            settled_at=stamp.recorded_at,
            settled_by=stamp.actor_id,
        )


def raise_review(
    review_id: uuid.UUID,
    reason: Code,
    content: str,
    *,
    station: Code,
    source: Code | None = None,
    about: uuid.UUID | None = None,
    desk: Code | None = None,
) -> Outcome:
    """The outcome that keeps something for a person to settle."""
    raised = Raised(id=review_id, reason=reason, station=station, about=about, source=source, desk=desk)
    return Outcome(events=(raised,), rows=(ReviewContent(id=review_id, content=content),), review=True)


def pair_id(one: uuid.UUID, other: uuid.UUID) -> uuid.UUID:
    """The id under which two registrations are asked about, whichever comes first."""
    return derive(SAME_PERSON, *sorted((str(one), str(other))))


def open_to(review: Review | None, content: ReviewContent | None) -> Refusal | None:
    """Why an item cannot be settled now; the second of two people is told what the first one decided."""
    if review is None or content is None:
        return Refusal("review-unknown")
    if review.state is not ReviewState.OPEN:
        return Refusal("review-settled", {"state": review.state.value})
    return None


def settle(
    review: Review | None,
    content: ReviewContent | None,
    state: ReviewState,
    about: uuid.UUID | None,
    said: str,
) -> Decision:
    """Settle to a person or thing (`about`), as the same, or keep apart; the reason is kept with the content.

    Two registrations become one person only by merging them (`merging.merge`), a scan a person's only by
    recording what it says (`commands.review.Attribute`): both settle the item in the same act.
    """
    refused = open_to(review, content)
    if refused is not None or review is None or content is None:
        return refused or Refusal("review-unknown")
    if state is ReviewState.KEPT_APART and not said.strip():
        return Refusal("reason-missing")
    kind = KINDS.get(review.reason, OTHER)
    if state is ReviewState.OPEN or (state is ReviewState.ATTRIBUTED and about is None):
        return Refusal("review-answer")
    if state is ReviewState.SAME and (not kind.same or review.reason == SAME_PERSON):
        return Refusal("review-answer")
    return Outcome(events=(Settled(id=review.id, state=state, about=about),), rows=(said_of(content, said),))


def said_of(content: ReviewContent, said: str) -> ReviewContent:
    """The content with the reason of whoever settled it."""
    return ReviewContent(id=content.id, content=content.content, said=said.strip() or content.said)
