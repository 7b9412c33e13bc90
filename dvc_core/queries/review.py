"""要確認: what waits, from where, since when."""

from datetime import datetime

import msgspec

from dvc_core.domain.review import Review, ReviewContent, ReviewState
from dvc_core.ports import Reader
from dvc_core.queries.base import query


class ReviewLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that waits, with what was sent."""

    review: Review
    content: str


@query("reviews.open", role="reception")
def open_reviews(reader: Reader) -> list[ReviewLine]:
    """Everything that nobody has settled, the oldest first."""
    rows = reader.find(Review, state=ReviewState.OPEN)
    contents = reader.many(ReviewContent, [row.id for row in rows])
    lines = [ReviewLine(review=r, content=contents[r.id].content if r.id in contents else "") for r in rows]
    return sorted(lines, key=lambda line: (line.review.raised_at, line.review.id))


class ReviewCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much waits, and since when."""

    waiting: int
    oldest: datetime | None


@query("reviews.count", role="view")
def count(reader: Reader) -> ReviewCount:
    """For the status page: no content."""
    row = reader.rows(
        "SELECT count(*), MIN(raised_at) FROM review WHERE council_id = $council AND state = 'open'"
    )
    return ReviewCount(waiting=int(row[0][0]), oldest=row[0][1])
