"""引継: named, handed on with the resident's consent, taken over, reported back; consent per recipient."""

import uuid
from typing import ClassVar

import msgspec

from dvc_core.commands.base import Call, Command
from dvc_core.domain.consent import (
    OF_PARTNER,
    Consent,
    ConsentHow,
    ConsentNoted,
    ConsentState,
    Recipient,
    consent_id,
)
from dvc_core.domain.kernel import Code, Decision, Event, Outcome, Refusal
from dvc_core.domain.need import Need
from dvc_core.domain.note import write
from dvc_core.domain.referral import (
    Referral,
    ReferralAccepted,
    ReferralHanded,
    ReferralMade,
    ReferralSettled,
)
from dvc_core.ports import Reader

PARTNERS = frozenset(OF_PARTNER)
"""Kinds of partners that a person may refer a need to; the chief is told by the program itself."""


class Refer(Command, frozen=True, kw_only=True):
    """Refer a need to a kind of partner by hand: a refusal is no end (practice 5.2)."""

    kind: ClassVar[str] = "referral.make"
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID
    to: Code
    words: str

    def context(self, reader: Reader, call: Call) -> tuple[Need | None, list[Referral]]:
        """The need, and who has it already."""
        return reader.get(Need, self.need_id), reader.find(Referral, need_id=self.need_id, settled_at=None)

    def decide(self, context: tuple[Need | None, list[Referral]], call: Call) -> Decision:
        """To a known kind of partner, with what for; not twice for the same words."""
        row, open_ = context
        if row is None:
            return Refusal("need-unknown")
        if self.to not in PARTNERS:
            return Refusal("partner-unknown")
        if not self.words.strip():
            return Refusal("reason-missing")
        if any(each.to == self.to and each.reason == "asked" for each in open_):
            return Refusal("referral-open")
        made = ReferralMade(id=call.new_id("referral"), need_id=row.id, to=self.to, reason="asked")
        noted, rows = write(call.new_id("words"), made.id, "referral", self.words, about_person=True)
        return Outcome(events=(made, *noted), rows=rows)


class _Referred(msgspec.Struct, frozen=True, kw_only=True):
    row: Referral | None
    consent: Consent | None


class _OneReferral(Command, frozen=True, kw_only=True):
    role: ClassVar[str] = "needs"
    referral_id: uuid.UUID
    words: str = ""

    def context(self, reader: Reader, call: Call) -> _Referred:
        """The referral, and what the resident said about its partner."""
        row = reader.get(Referral, self.referral_id)
        recipient = OF_PARTNER.get(row.to) if row else None
        if row is None or recipient is None:
            return _Referred(row=row, consent=None)
        return _Referred(row=row, consent=reader.get(Consent, consent_id(row.need_id, recipient)))

    def decide(self, context: _Referred, call: Call) -> Decision:
        """Open ones only; what was said is kept with it."""
        row = context.row
        if row is None:
            return Refusal("referral-unknown")
        if row.settled_at is not None:
            return Refusal("referral-settled")
        decided = self.moved(row, context.consent, call)
        if isinstance(decided, Refusal):
            return decided
        noted, rows = write(call.new_id("words"), row.id, "referral", self.words, about_person=True)
        return Outcome(events=(decided, *noted), rows=rows)

    def moved(self, row: Referral, consent: Consent | None, call: Call) -> Event | Refusal:
        """The event of this act."""
        raise NotImplementedError(f"{self.kind} {row} {consent} {call}")


class HandOver(_OneReferral, frozen=True, kw_only=True):
    """Tell the partner who and where. `life`: for life and body, without consent, by the chief with words."""

    kind: ClassVar[str] = "referral.hand"
    life: bool = False

    def moved(self, row: Referral, consent: Consent | None, call: Call) -> Event | Refusal:
        """The resident consented to this recipient, or life and body are at stake (法27条1項2号)."""
        if row.to not in OF_PARTNER:
            return Refusal("partner-unknown")
        if consent is not None and consent.state is ConsentState.GIVEN:
            return ReferralHanded(id=row.id)
        if not self.life:
            return Refusal("consent-missing")
        if not call.may("chief"):
            return Refusal("chief-only")
        if not self.words.strip():
            return Refusal("reason-missing")
        return ReferralHanded(id=row.id, without_consent=True)


class AcceptReferral(_OneReferral, frozen=True, kw_only=True):
    """The partner takes it over: it stays open until they report back."""

    kind: ClassVar[str] = "referral.accept"

    def moved(self, row: Referral, consent: Consent | None, call: Call) -> Event | Refusal:
        """Once."""
        if row.accepted_at is not None:
            return Refusal("referral-accepted")
        return ReferralAccepted(id=row.id)


class SettleReferral(_OneReferral, frozen=True, kw_only=True):
    """The partner reported back: seen to (`taken`), or given back."""

    kind: ClassVar[str] = "referral.settle"
    taken: bool

    def moved(self, row: Referral, consent: Consent | None, call: Call) -> Event | Refusal:
        """The end of it."""
        return ReferralSettled(id=row.id, taken=self.taken)


class NoteConsent(Command, frozen=True, kw_only=True):
    """The resident said whom the center may tell: given, refused or withdrawn, spoken or in writing."""

    kind: ClassVar[str] = "consent.note"
    role: ClassVar[str] = "needs"
    need_id: uuid.UUID
    recipient: Recipient
    state: ConsentState
    how: ConsentHow = ConsentHow.SPOKEN

    def context(self, reader: Reader, call: Call) -> tuple[Need | None, Consent | None]:
        """The need, and the word that stands."""
        row = reader.get(Consent, consent_id(self.need_id, self.recipient))
        return reader.get(Need, self.need_id), row

    def decide(self, context: tuple[Need | None, Consent | None], call: Call) -> Decision:
        """Only what was given can be withdrawn."""
        row, kept = context
        if row is None:
            return Refusal("need-unknown")
        given = kept is not None and kept.state is ConsentState.GIVEN
        if self.state is ConsentState.WITHDRAWN and not given:
            return Refusal("consent-not-given")
        return Outcome(
            events=(
                ConsentNoted(
                    id=consent_id(row.id, self.recipient),
                    need_id=row.id,
                    recipient=self.recipient,
                    state=self.state,
                    how=self.how,
                ),
            )
        )
