"""応援: seconded staff and volunteers who run the center for some days (運営を手伝う人).

They have no log-in: a 班長 lets them in at the desk with a name, a 班, the pledge (守秘誓約) and an end.
"""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.account import Account, Added, Disabled, Operator, OperatorReading, end_of
from dvc_core.domain.kernel import Code, Decision, Digest, Event, Outcome, Refusal, Row, Stamp, derive
from dvc_core.domain.pin import Pin, PinSet
from dvc_core.domain.reference import Reference
from dvc_core.domain.text import NAME_LIMIT, TextFault, clean, kana
from dvc_core.domain.text import name as name_of


class SupporterKind(StrEnum):
    """Who they are: staff of another council or office, or a volunteer."""

    SECONDED = "seconded"
    VOLUNTEER = "volunteer"


class Supporter(Row, frozen=True, kw_only=True):
    """One person who supports the center. The pledge's digest says which text was accepted."""

    table: ClassVar[str] = "supporter"
    account_id: uuid.UUID
    sort: SupporterKind
    section: Code
    pledge: Digest
    pledged_at: datetime
    until: date
    ended_at: datetime | None = None


class Joined(Event, frozen=True, kw_only=True):
    """A person accepted the pledge and supports a 班 up to and including a day."""

    kind: ClassVar[str] = "supporter.joined"
    subject: ClassVar[type[Row]] = Supporter
    account_id: uuid.UUID
    sort: SupporterKind
    section: Code
    pledge: Digest
    until: date

    def evolve(self, row: Supporter | None, stamp: Stamp) -> Supporter:
        """Here since then."""
        return Supporter(
            id=self.id,
            account_id=self.account_id,
            sort=self.sort,
            section=self.section,
            pledge=self.pledge,
            pledged_at=stamp.occurred_at,
            until=self.until,
        )


class Ended(Event, frozen=True, kw_only=True):
    """They went home for good, or were sent."""

    kind: ClassVar[str] = "supporter.ended"
    subject: ClassVar[type[Row]] = Supporter

    def evolve(self, row: Supporter, stamp: Stamp) -> Supporter:
        """Ended since then."""
        return msgspec.structs.replace(row, ended_at=stamp.occurred_at)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to be let in, as it was filled in; `pledge` is the digest of the text that was shown."""

    name: str
    reading: str
    sort: SupporterKind
    section: str
    pledge: str
    accepted: bool
    until: date


def supporter_id(account_id: uuid.UUID) -> uuid.UUID:
    """The supporter of an account."""
    return derive(account_id, "supporter")


def digest_of(lines: Iterable[str]) -> Digest:
    """The digest of a pledge's text."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def may_let_in(reference: Reference, held: Iterable[str], section: str) -> bool:
    """Whether someone with these roles may let a supporter into this 班: nobody gives more than they have."""
    desk = reference.desk(section)
    return (
        desk is not None
        and desk.enabled
        and desk.role in reference.supporter_roles
        and reference.allowed([desk.role]) <= reference.allowed(held)
    )


def join(
    account_id: uuid.UUID,
    wanted: Wanted,
    held: Iterable[str],
    pin: Pin,
    *,
    reference: Reference,
    today: date,
) -> Decision:
    """Let a person in: an account without a log-in, for one desk, with an end."""
    name, reading = name_of(wanted.name), clean(kana(wanted.reading), limit=NAME_LIMIT)
    if isinstance(name, TextFault) or isinstance(reading, TextFault) or not name:
        return Refusal("supporter-name", {"limit": NAME_LIMIT})
    desk = reference.desk(wanted.section)
    if desk is None or not may_let_in(reference, held, wanted.section):
        return Refusal("supporter-section")
    if not wanted.accepted:
        return Refusal("pledge-not-accepted")
    if wanted.pledge != digest_of(reference.pledge):
        return Refusal("pledge-changed")
    last = today + timedelta(days=reference.supporter_days_most - 1)
    if not today <= wanted.until <= last:
        return Refusal("supporter-until", {"days": reference.supporter_days_most})
    joined = Joined(
        id=supporter_id(account_id),
        account_id=account_id,
        sort=wanted.sort,
        section=desk.code,
        pledge=wanted.pledge,
        until=wanted.until,
    )
    added = Added(id=account_id, roles=(desk.role,), until=end_of(wanted.until))
    return Outcome(
        events=(added, PinSet(id=account_id), joined),
        # An empty log-in is nobody's: they come in by name and PIN, on the council's own tablets only.
        rows=(
            Operator(id=account_id, login="", name=name),
            OperatorReading(id=account_id, kana=reading),
            pin,
        ),
    )


def end(
    supporter: Supporter | None, account: Account | None, held: Iterable[str], *, reference: Reference
) -> Decision:
    """End it now; whoever could let them in may do it."""
    if supporter is None or account is None:
        return Refusal("supporter-unknown")
    if supporter.ended_at is not None:
        return Refusal("supporter-ended")
    if not may_end(reference, held, supporter.section):
        return Refusal("supporter-section")
    closed = () if account.disabled_at is not None else (Disabled(id=account.id),)
    return Outcome(events=(*closed, Ended(id=supporter.id)))


def may_end(reference: Reference, held: Iterable[str], section: str) -> bool:
    """Whether someone with these roles may end or mend this one: also of a 班 that is not formed any more."""
    desk = reference.desk(section)
    return desk is None or reference.allowed([desk.role]) <= reference.allowed(held)
