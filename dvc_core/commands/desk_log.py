"""What 総務 does with a call, a visitor, a complaint, the press, goods and money (practice 4.9)."""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.commands.need import Receive
from dvc_core.commands.need_form import Receiving
from dvc_core.domain import desk_log
from dvc_core.domain.account import Account
from dvc_core.domain.day import Series, series_id, take_number
from dvc_core.domain.desk_log import (
    CalledBack,
    CallResult,
    DeskCaller,
    DeskEntry,
    Details,
    HandedOver,
    Kept,
    LogKind,
    LogOutcome,
    LogState,
    Reopened,
    Texts,
)
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal
from dvc_core.domain.need import Details as NeedDetails
from dvc_core.domain.need import Place, Received, Site
from dvc_core.domain.note import Note, write
from dvc_core.domain.operation import Operation
from dvc_core.domain.review import raise_review
from dvc_core.domain.text import phone, phone_key
from dvc_core.ports import Reader

LOG = "desk-log"


def kept(reader: Reader, entry_id: uuid.UUID) -> Kept | None:
    """An entry with its texts."""
    row, caller = reader.get(DeskEntry, entry_id), reader.get(DeskCaller, entry_id)
    if row is None or caller is None:
        return None
    ids = (desk_log.line_id(entry_id), desk_log.answer_id(entry_id))
    notes = reader.many(Note, ids)
    line, answer = (notes[i].text if i in notes else "" for i in ids)
    return Kept(row=row, caller=caller, texts=Texts(line=line, answer=answer))


def tidy(caller: DeskCaller, entry_id: uuid.UUID) -> DeskCaller:
    """Names and numbers as they are kept, with the key for the search."""
    return DeskCaller(
        id=entry_id,
        who=caller.who.strip(),
        phone=phone(caller.phone),
        phone_key=phone_key(caller.phone),
        answered_by=caller.answered_by.strip(),
        item=caller.item.strip(),
        unit=caller.unit.strip(),
    )


def _said(texts: Texts) -> Texts:
    return Texts(line=texts.line.strip(), answer=texts.answer.strip())


class _Beginning(msgspec.Struct, frozen=True, kw_only=True):
    series: Series | None
    operation: Operation | None


class Write(Command, frozen=True, kw_only=True):
    """Note what came in: one line. `heard_at` is now unless it was heard earlier and written on paper."""

    kind: ClassVar[str] = "desk_log.write"
    role: ClassVar[str] = "general"
    line: str
    sort_of: LogKind = LogKind.CALL
    caller: DeskCaller | None = None

    def context(self, reader: Reader, call: Call) -> _Beginning:
        """The run of numbers, and whether there is an operation."""
        return _Beginning(
            series=reader.get(Series, series_id(call.operation_id, LOG)),
            operation=reader.get(Operation, call.operation_id),
        )

    def decide(self, context: _Beginning, call: Call) -> Decision:
        """A line that says something; a complaint is called back unless someone says otherwise."""
        if context.operation is None:
            return Refusal("no-operation")
        entry_id = call.new_id(LOG)
        details = Details(kind=self.sort_of, heard_at=call.now, call_back=self.sort_of is LogKind.COMPLAINT)
        number = take_number(context.series, series_id(call.operation_id, LOG))
        caller = tidy(self.caller, entry_id) if self.caller else DeskCaller(id=entry_id)
        texts = Texts(line=self.line.strip())
        return desk_log.begin(entry_id, number, details, texts, caller, now=call.now)


class _OfEntry(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "general"
    entry_id: uuid.UUID

    def context(self, reader: Reader, call: Call) -> Kept | None:
        """The entry."""
        return kept(reader, self.entry_id)


class Change(_OfEntry, frozen=True, kw_only=True):
    """Fill in or correct an entry."""

    kind: ClassVar[str] = "desk_log.change"
    details: Details
    texts: Texts
    caller: DeskCaller

    def context(self, reader: Reader, call: Call) -> tuple[Kept | None, Refusal | None]:  # type: ignore[override]
        """The entry, and whether its new owner is known."""
        fault = _owner_fault(reader, call, self.details.section, self.details.operator_id)
        return kept(reader, self.entry_id), fault

    def decide(self, context: tuple[Kept | None, Refusal | None], call: Call) -> Decision:
        """As the rule says."""
        known, fault = context
        caller = tidy(self.caller, self.entry_id)
        return fault or desk_log.change(known, self.details, _said(self.texts), caller, now=call.now)


def _owner_fault(
    reader: Reader, call: Call, section: Code | None, operator_id: uuid.UUID | None
) -> Refusal | None:
    if section is not None and section not in call.reference.section_roles:
        return Refusal("log-owner-unknown")
    if operator_id is not None and reader.get(Account, operator_id) is None:
        return Refusal("log-owner-unknown")
    return None


def _owns(row: DeskEntry, call: Call) -> bool:
    """Whether it lies with the person who acts, or with a 班 whose work they do."""
    if row.operator_id is not None and str(row.operator_id) == call.actor.id:
        return True
    role = call.reference.section_roles.get(row.section or "")
    return role is not None and role in call.actor.roles


class HandOver(_OfEntry, frozen=True, kw_only=True):
    """Another 班 or person sees to it from now on, with a word for them."""

    kind: ClassVar[str] = "desk_log.hand_over"
    section: Code | None = None
    operator_id: uuid.UUID | None = None
    words: str = ""

    def context(self, reader: Reader, call: Call) -> tuple[Kept | None, Refusal | None]:  # type: ignore[override]
        """The entry, and whether its new owner is known."""
        return kept(reader, self.entry_id), _owner_fault(reader, call, self.section, self.operator_id)

    def decide(self, context: tuple[Kept | None, Refusal | None], call: Call) -> Decision:
        """To someone, while it is open."""
        known, fault = context
        if known is None:
            return Refusal("log-unknown")
        if known.row.state is LogState.SETTLED:
            return Refusal("log-settled", {"number": known.row.number})
        if fault is not None:
            return fault
        if self.section is None and self.operator_id is None:
            return Refusal("log-owner-missing")
        row = known.row
        handed = HandedOver(id=row.id, section=self.section, operator_id=self.operator_id)
        noted, rows = write(call.new_id("words"), row.id, "desk-handed", self.words, about_person=True)
        return Outcome(events=(handed, *noted), rows=rows)


class CallBack(_OfEntry, frozen=True, kw_only=True):
    """Somebody called back, and what came of it."""

    kind: ClassVar[str] = "desk_log.call_back"
    result: CallResult
    words: str = ""

    def decide(self, context: Kept | None, call: Call) -> Decision:
        """Each call is one more."""
        if context is None:
            return Refusal("log-unknown")
        called = CalledBack(id=context.row.id, result=self.result)
        noted, rows = write(call.new_id("words"), called.id, "desk-call", self.words, about_person=True)
        return Outcome(events=(called, *noted), rows=rows)


class Settle(_OfEntry, frozen=True, kw_only=True):
    """Over: what was answered."""

    kind: ClassVar[str] = "desk_log.settle"
    answer: str = ""

    def decide(self, context: Kept | None, call: Call) -> Decision:
        """Once, with an answer, after a promised call."""
        return desk_log.settle(context, self.answer, LogOutcome.ANSWERED)


class CallBackOwn(CallBack, frozen=True, kw_only=True):
    """The same by the 班 or person with whom it lies."""

    kind: ClassVar[str] = "desk_log.call_back_own"
    role: ClassVar[str] = "steps"

    def decide(self, context: Kept | None, call: Call) -> Decision:
        """Only one's own."""
        if context is not None and not _owns(context.row, call):
            return Refusal("log-not-yours", {"number": context.row.number})
        return super().decide(context, call)


class SettleOwn(Settle, frozen=True, kw_only=True):
    """The same by the 班 or person with whom it lies."""

    kind: ClassVar[str] = "desk_log.settle_own"
    role: ClassVar[str] = "steps"

    def decide(self, context: Kept | None, call: Call) -> Decision:
        """Only one's own."""
        if context is not None and not _owns(context.row, call):
            return Refusal("log-not-yours", {"number": context.row.number})
        return super().decide(context, call)


class GiveBack(_OfEntry, frozen=True, kw_only=True):
    """It is not for this 班: back to 総務, with the reason."""

    kind: ClassVar[str] = "desk_log.give_back"
    role: ClassVar[str] = "steps"
    words: str

    def decide(self, context: Kept | None, call: Call) -> Decision:
        """Only one's own, while it is open, and 総務 must know why."""
        if context is None:
            return Refusal("log-unknown")
        row = context.row
        if not _owns(row, call):
            return Refusal("log-not-yours", {"number": row.number})
        if row.state is LogState.SETTLED:
            return Refusal("log-settled", {"number": row.number})
        if not self.words.strip():
            return Refusal("reason-missing")
        handed = HandedOver(id=row.id, section=None, operator_id=None)
        noted, rows = write(call.new_id("words"), row.id, "desk-handed", self.words, about_person=True)
        return Outcome(events=(handed, *noted), rows=rows)


class Reopen(_OfEntry, frozen=True, kw_only=True):
    """It was not over after all, with the reason."""

    kind: ClassVar[str] = "desk_log.reopen"
    words: str

    def decide(self, context: Kept | None, call: Call) -> Decision:
        """Settled ones only."""
        if context is None:
            return Refusal("log-unknown")
        if context.row.state is LogState.OPEN:
            return Refusal("log-open", {"number": context.row.number})
        if not self.words.strip():
            return Refusal("reason-missing")
        reopened = Reopened(id=context.row.id)
        noted, rows = write(call.new_id("words"), reopened.id, "desk-reopened", self.words, about_person=True)
        return Outcome(events=(reopened, *noted), rows=rows)


class ToNeed(_OfEntry, frozen=True, kw_only=True):
    """It is a need: taken in with what was heard, and over here in the same act."""

    kind: ClassVar[str] = "desk_log.to_need"
    site: Site
    details: NeedDetails = NeedDetails()
    place: Place = Place()

    def context(self, reader: Reader, call: Call) -> tuple[Kept | None, Receiving]:  # type: ignore[override]
        """The entry, and what taking a need in is decided by."""
        return kept(reader, self.entry_id), self._receive().context(reader, call)

    def decide(self, context: tuple[Kept | None, Receiving], call: Call) -> Decision:
        """Both or neither."""
        known, receiving = context
        need = self._receive().decide(receiving, call)
        if isinstance(need, Refusal):
            return need
        need_id = next(event.id for event in need.events if isinstance(event, Received))
        over = desk_log.settle(known, "", LogOutcome.NEED, need_id=need_id)
        if isinstance(over, Refusal):
            return over
        return Outcome(events=(*need.events, *over.events), rows=(*need.rows, *over.rows))

    def _receive(self) -> Receive:
        return Receive(site=self.site, details=self.details, place=self.place)


class ToReview(_OfEntry, frozen=True, kw_only=True):
    """Nobody knows whose it is: it waits in 要確認 with what was heard."""

    kind: ClassVar[str] = "desk_log.to_review"

    def decide(self, context: Kept | None, call: Call) -> Decision:
        """Over here, open there."""
        review_id = call.new_id("review")
        over = desk_log.settle(context, "", LogOutcome.REVIEW, review_id=review_id)
        if context is None or isinstance(over, Refusal):
            return over
        said = {
            "line": context.texts.line,
            "log": context.row.number,
            "phone": context.caller.phone,
            "who": context.caller.who,
        }
        content = msgspec.json.encode(said, order="sorted").decode()
        raised = raise_review(review_id, LOG, content, station=call.station, about=context.row.id)
        events: tuple[Event, ...] = (*over.events, *raised.events)
        return Outcome(events=events, rows=(*over.rows, *raised.rows), review=True)
