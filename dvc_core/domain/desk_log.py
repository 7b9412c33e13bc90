"""総務ログ: calls, visitors, complaints, press, goods and money, each with who sees to it and until when.

One line is enough to begin with; the rest comes in any order (practice 4.9: 総務 takes calls and visitors all
day, and the first day fails here). Names and telephones lie in `DeskCaller`, what was said in notes.
"""

import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

import msgspec

from dvc_core.domain.day import NumberTaken, activity_day
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Personal, Refusal, Row, Stamp, derive
from dvc_core.domain.note import write

MOST_YEN = 1_000_000_000
MOST_PIECES = 1_000_000
AHEAD = timedelta(minutes=5)
"""Clocks of two machines differ a little: what is heard this much later than now is still now."""


class LogKind(StrEnum):
    """What came in (practice 1.2, 4.9)."""

    CALL = "call"
    VISITOR = "visitor"
    COMPLAINT = "complaint"
    PRESS = "press"
    GOODS = "goods"
    MONEY = "money"


class LogState(StrEnum):
    """Whether something is still to be done."""

    OPEN = "open"
    SETTLED = "settled"


class LogOutcome(StrEnum):
    """How it ended: answered, gone on as a need, or waiting in 要確認 now."""

    ANSWERED = "answered"
    NEED = "need"
    REVIEW = "review"


class Direction(StrEnum):
    """Goods that came, and goods that were handed out."""

    RECEIVED = "received"
    HANDED_OUT = "handed-out"


class Gift(StrEnum):
    """Two purses that are never mixed: for those who suffered, and for the center's own work."""

    RELIEF = "relief"
    SUPPORT = "support"


class CallResult(StrEnum):
    """What became of calling back."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry says besides texts. It lies with a 班, a person or both; `receipt` None: not asked."""

    kind: LogKind
    heard_at: datetime
    section: Code | None = None
    operator_id: uuid.UUID | None = None
    due_at: datetime | None = None
    call_back: bool = False
    direction: Direction | None = None
    quantity: int | None = None
    gift: Gift | None = None
    amount: int | None = None
    receipt: bool | None = None


class DeskEntry(Row, frozen=True, kw_only=True):
    """One entry of the log. `day` is the 活動日 of `heard_at`; `calls` counts the tries to call back."""

    table: ClassVar[str] = "desk_log"
    operation_id: uuid.UUID
    number: int
    day: date
    written_by: str
    kind: LogKind
    heard_at: datetime
    section: Code | None = None
    operator_id: uuid.UUID | None = None
    due_at: datetime | None = None
    call_back: bool = False
    direction: Direction | None = None
    quantity: int | None = None
    gift: Gift | None = None
    amount: int | None = None
    receipt: bool | None = None
    calls: int = 0
    reached_at: datetime | None = None
    state: LogState = LogState.OPEN
    outcome: LogOutcome | None = None
    need_id: uuid.UUID | None = None
    review_id: uuid.UUID | None = None
    settled_at: datetime | None = None
    settled_by: str | None = None


class DeskCaller(Personal, frozen=True, kw_only=True):
    """From whom, and the words that name a thing or a person; `answered_by` is who spoke to the press."""

    table: ClassVar[str] = "desk_caller"
    follows: ClassVar[type[Row]] = DeskEntry
    who: str = ""
    phone: str = ""
    phone_key: str = ""
    answered_by: str = ""
    item: str = ""
    unit: str = ""


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """What was said, and what was answered."""

    line: str
    answer: str = ""


class Written(Event, frozen=True, kw_only=True):
    """Something came in."""

    kind: ClassVar[str] = "desk_log.written"
    subject: ClassVar[type[Row]] = DeskEntry
    number: int
    details: Details
    sort: LogKind

    def evolve(self, row: DeskEntry | None, stamp: Stamp) -> DeskEntry:
        """A new entry, open."""
        return DeskEntry(
            id=self.id,
            operation_id=stamp.operation_id,
            number=self.number,
            day=activity_day(self.details.heard_at),
            written_by=stamp.actor_id,
            **msgspec.structs.asdict(self.details),
        )


class Changed(Event, frozen=True, kw_only=True):
    """Something was filled in or put right; `fields` names the texts that changed, without their content."""

    kind: ClassVar[str] = "desk_log.changed"
    subject: ClassVar[type[Row]] = DeskEntry
    details: Details
    fields: tuple[Code, ...] = ()

    def evolve(self, row: DeskEntry, stamp: Stamp) -> DeskEntry:
        """The new content."""
        day = activity_day(self.details.heard_at)
        return msgspec.structs.replace(row, day=day, **msgspec.structs.asdict(self.details))


class HandedOver(Event, frozen=True, kw_only=True):
    """Another 班 or person sees to it from now on."""

    kind: ClassVar[str] = "desk_log.handed_over"
    subject: ClassVar[type[Row]] = DeskEntry
    section: Code | None
    operator_id: uuid.UUID | None

    def evolve(self, row: DeskEntry, stamp: Stamp) -> DeskEntry:
        """Theirs."""
        return msgspec.structs.replace(row, section=self.section, operator_id=self.operator_id)


class CalledBack(Event, frozen=True, kw_only=True):
    """Somebody called back."""

    kind: ClassVar[str] = "desk_log.called_back"
    subject: ClassVar[type[Row]] = DeskEntry
    result: CallResult

    def evolve(self, row: DeskEntry, stamp: Stamp) -> DeskEntry:
        """One call more; the first one that reached them keeps its time."""
        reached = stamp.occurred_at if self.result is CallResult.REACHED else None
        return msgspec.structs.replace(row, calls=row.calls + 1, reached_at=row.reached_at or reached)


class Settled(Event, frozen=True, kw_only=True):
    """Nothing is left to be done here."""

    kind: ClassVar[str] = "desk_log.settled"
    subject: ClassVar[type[Row]] = DeskEntry
    outcome: LogOutcome
    need_id: uuid.UUID | None = None
    review_id: uuid.UUID | None = None

    def evolve(self, row: DeskEntry, stamp: Stamp) -> DeskEntry:
        """Settled, how, when and by whom."""
        return msgspec.structs.replace(
            row,
            state=LogState.SETTLED,
            outcome=self.outcome,
            need_id=self.need_id or row.need_id,
            review_id=self.review_id or row.review_id,
            settled_at=stamp.occurred_at,
            settled_by=stamp.actor_id,
        )


class Reopened(Event, frozen=True, kw_only=True):
    """It was not over after all."""

    kind: ClassVar[str] = "desk_log.reopened"
    subject: ClassVar[type[Row]] = DeskEntry

    def evolve(self, row: DeskEntry, stamp: Stamp) -> DeskEntry:
        """Open again."""
        return msgspec.structs.replace(
            row, state=LogState.OPEN, outcome=None, settled_at=None, settled_by=None, reached_at=None
        )


def line_id(entry_id: uuid.UUID) -> uuid.UUID:
    """The note that holds what was said."""
    return derive(entry_id, "desk-line")


def answer_id(entry_id: uuid.UUID) -> uuid.UUID:
    """The note that holds what was answered."""
    return derive(entry_id, "desk-answer")


def details_of(row: DeskEntry) -> Details:
    """What an entry says now."""
    return Details(**{name: getattr(row, name) for name in Details.__struct_fields__})


def _fault(details: Details, texts: Texts, caller: DeskCaller, now: datetime) -> Refusal | None:
    if not texts.line.strip():
        return Refusal("log-empty")
    if details.heard_at > now + AHEAD:
        return Refusal("log-in-future")
    if details.amount is not None and not 1 <= details.amount <= MOST_YEN:
        return Refusal("log-amount", {"most": MOST_YEN})
    if details.quantity is not None and not 1 <= details.quantity <= MOST_PIECES:
        return Refusal("log-quantity", {"most": MOST_PIECES})
    if details.amount is not None and details.gift is None:
        return Refusal("log-gift-missing")
    if details.quantity is not None and not caller.item.strip():
        return Refusal("log-item-missing")
    if details.quantity is not None and details.direction is None:
        return Refusal("log-direction-missing")
    return None


def begin(
    entry_id: uuid.UUID,
    number: NumberTaken,
    details: Details,
    texts: Texts,
    caller: DeskCaller,
    *,
    now: datetime,
) -> Decision:
    """Note what came in: one line is enough."""
    if fault := _fault(details, texts, caller, now):
        return fault
    said, line = write(line_id(entry_id), entry_id, "desk-line", texts.line, about_person=True)
    told, answer = write(answer_id(entry_id), entry_id, "desk-answer", texts.answer, about_person=True)
    written = Written(id=entry_id, number=number.number, details=details, sort=details.kind)
    return Outcome(events=(number, written, *said, *told), rows=(caller, *line, *answer))


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as it stands, with its texts."""

    row: DeskEntry
    caller: DeskCaller
    texts: Texts


def change(
    kept: Kept | None,
    details: Details,
    texts: Texts,
    caller: DeskCaller,
    *,
    now: datetime,
) -> Decision:
    """Fill in or correct, also after it was settled."""
    if kept is None:
        return Refusal("log-unknown")
    if fault := _fault(details, texts, caller, now):
        return fault
    entry_id = kept.row.id
    fields = [
        name.replace("_", "-")
        for new, old in ((caller, kept.caller), (texts, kept.texts))
        for name in new.__struct_fields__
        if name not in {"id", "version", "phone_key"} and getattr(new, name) != getattr(old, name)
    ]
    events: list[Event] = [Changed(id=entry_id, details=details, fields=tuple(fields))]
    rows: list[Personal] = [caller]
    if texts.line != kept.texts.line:
        said, line = write(line_id(entry_id), entry_id, "desk-line", texts.line, about_person=True)
        events, rows = [*events, *said], [*rows, *line]
    if texts.answer != kept.texts.answer:
        told, answer = write(
            answer_id(entry_id), entry_id, "desk-answer", texts.answer, about_person=True, clears=True
        )
        events, rows = [*events, *told], [*rows, *answer]
    return Outcome(events=tuple(events), rows=tuple(rows))


def settle(kept: Kept | None, answer: str, outcome: LogOutcome, **ids: uuid.UUID) -> Decision:
    """Over, with what was answered; a promised call back is made first."""
    if kept is None:
        return Refusal("log-unknown")
    row = kept.row
    if row.state is LogState.SETTLED:
        return Refusal("log-settled", {"number": row.number})
    said = answer.strip() or kept.texts.answer.strip()
    if outcome is LogOutcome.ANSWERED and row.call_back and row.reached_at is None:
        return Refusal("log-call-back", {"number": row.number})
    if outcome is LogOutcome.ANSWERED and not said:
        return Refusal("log-answer-missing", {"number": row.number})
    settled = Settled(id=row.id, outcome=outcome, **ids)
    if said == kept.texts.answer:
        return Outcome(events=(settled,))
    told, rows = write(answer_id(row.id), row.id, "desk-answer", said, about_person=True)
    return Outcome(events=(settled, *told), rows=rows)
