"""要確認: what waits, of which kind, for which desk, from where, since when and by when; paged by key."""

import uuid
from collections.abc import Sequence
from datetime import datetime

import msgspec

from dvc_core.domain.kernel import Code
from dvc_core.domain.review import Review, ReviewContent
from dvc_core.domain.volunteer import Volunteer
from dvc_core.ports import Reader
from dvc_core.queries import actors
from dvc_core.queries.base import query

PAGE = 20


class ReviewLine(msgspec.Struct, frozen=True, kw_only=True):
    """One item with what was sent; people by their names, registrations by their numbers."""

    review: Review
    content: str
    said: str = ""
    raised_by: str = ""
    taken_by: str = ""
    settled_by: str = ""
    numbers: tuple[int, ...] = ()


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page ends: the next one begins behind it."""

    raised_at: datetime
    review_id: uuid.UUID


class ReviewPage(msgspec.Struct, frozen=True, kw_only=True):
    """Some items, the oldest first, and where the next page begins (None: this is the last one)."""

    lines: tuple[ReviewLine, ...]
    next: Key | None


_OPEN = """
SELECT id FROM review
WHERE council_id = $council AND state = 'open' AND {desks}{reason}
AND (raised_at > $at OR (raised_at = $at AND id > $id))
ORDER BY raised_at NULLS LAST, id NULLS LAST LIMIT $most
"""
_BEGIN = Key(raised_at=datetime.fromisoformat("1900-01-01T00:00:00+00:00"), review_id=uuid.UUID(int=0))


@query("reviews.page", role="steps")
def page(
    reader: Reader,
    desks: Sequence[Code] = (),
    reason: Code | None = None,
    after: Key | None = None,
    limit: int = PAGE,
) -> ReviewPage:
    """What nobody has settled at these desks, the oldest first."""
    if not desks:
        return ReviewPage(lines=(), next=None)
    names = {f"desk{n}": desk for n, desk in enumerate(desks)}
    sql = _OPEN.format(
        desks=f"desk IN ({', '.join('$' + name for name in names)})",
        reason=" AND reason = $reason" if reason else "",
    )
    begin = after or _BEGIN
    params = {**names, **({"reason": reason} if reason else {})}
    rows = reader.rows(sql, **params, at=begin.raised_at, id=begin.review_id, most=limit + 1)
    lines = lines_of(reader, [row[0] for row in rows[:limit]])
    last = lines[-1].review if lines and len(rows) > limit else None
    key = Key(raised_at=last.raised_at, review_id=last.id) if last else None
    return ReviewPage(lines=tuple(lines), next=key)


def lines_of(reader: Reader, ids: Sequence[uuid.UUID]) -> list[ReviewLine]:
    """These items in this order, with what was sent and who had to do with them."""
    reviews, contents = reader.many(Review, ids), reader.many(ReviewContent, ids)
    found = [reviews[i] for i in ids if i in reviews]
    people = {who for row in found for who in (row.raised_by, row.taken_by, row.settled_by) if who}
    names = actors.called(reader, people)
    known = reader.many(Volunteer, {i for row in found for i in (row.about, row.other) if i is not None})
    return [
        ReviewLine(
            review=row,
            content=contents[row.id].content if row.id in contents else "",
            said=contents[row.id].said if row.id in contents else "",
            raised_by=names.get(row.raised_by, ""),
            taken_by=names.get(row.taken_by or "", ""),
            settled_by=names.get(row.settled_by or "", ""),
            numbers=tuple(sorted(known[i].number for i in (row.about, row.other) if i in known)),
        )
        for row in found
    ]


@query("reviews.open", role="reception")
def open_reviews(reader: Reader, limit: int = 500) -> list[ReviewLine]:
    """The oldest of everything that nobody has settled, of all desks."""
    rows = reader.rows(
        "SELECT id FROM review WHERE council_id = $council AND state = 'open' "
        "ORDER BY raised_at NULLS LAST, id NULLS LAST LIMIT $most",
        most=limit,
    )
    return lines_of(reader, [row[0] for row in rows])


@query("reviews.one", role="steps")
def one(reader: Reader, review_id: uuid.UUID) -> ReviewLine | None:
    """One item, settled or not: what was decided, by whom, when and why."""
    found = lines_of(reader, [review_id])
    return found[0] if found else None


class KindCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many of one kind wait at one desk, since when, and by when the first should be settled."""

    desk: Code
    reason: Code
    waiting: int
    oldest: datetime
    due_at: datetime | None


_KINDS = """
SELECT desk, reason, count(id), MIN(raised_at), MIN(due_at) FROM review
WHERE council_id = $council AND state = 'open'
GROUP BY desk, reason ORDER BY MIN(raised_at) NULLS LAST, desk NULLS LAST, reason NULLS LAST
"""


@query("reviews.kinds", role="view")
def kinds(reader: Reader) -> list[KindCount]:
    """What waits by desk and kind, the longest waiting first: no content."""
    return [
        KindCount(desk=desk, reason=reason, waiting=int(waiting), oldest=oldest, due_at=due)
        for desk, reason, waiting, oldest, due in reader.rows(_KINDS)
    ]


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
