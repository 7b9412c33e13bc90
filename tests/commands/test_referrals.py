"""引継 and 同意: nothing leaves without the resident's word, and nothing ends before the report."""

import msgspec

from dvc_core.commands.household import JoinTo, PartFrom
from dvc_core.commands.referral import AcceptReferral, HandOver, NoteConsent, Refer, SettleReferral
from dvc_core.commands.visit import Plan
from dvc_core.domain.consent import OF_PARTNER, ConsentState, Recipient
from dvc_core.domain.need import NeedState
from dvc_core.domain.referral import Referral
from dvc_core.domain.visit import Band
from dvc_core.i18n import has_text
from dvc_core.queries.needs import one, open_referrals
from tests.commands.test_needs import TODAY, begin, get, receive
from tests.support.center import Center


def only(center: Center) -> Referral:
    with center.services.reader() as reader:
        (row,) = reader.find(Referral)
    return row


def test_a_referral_is_handed_with_consent_and_open_until_the_report(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    need = receive(center, works=("roof-sheet",))
    row = only(center)
    recipient = OF_PARTNER[row.to]
    assert center.refused(HandOver(referral_id=row.id)) == "consent-missing"
    withdrawn = NoteConsent(need_id=need.id, recipient=recipient, state=ConsentState.WITHDRAWN)
    assert center.refused(withdrawn) == "consent-not-given"
    center.must(NoteConsent(need_id=need.id, recipient=recipient, state=ConsentState.GIVEN))
    center.must(withdrawn)
    assert center.refused(HandOver(referral_id=row.id)) == "consent-missing"
    center.must(NoteConsent(need_id=need.id, recipient=recipient, state=ConsentState.GIVEN))
    center.must(HandOver(referral_id=row.id, words="見本の会に電話"))
    center.must(AcceptReferral(referral_id=row.id))
    assert center.refused(AcceptReferral(referral_id=row.id)) == "referral-accepted"
    with center.services.reader() as reader:
        operation = center.services.ask("operations.current", center.chief).id
        assert [each.referral.id for each in open_referrals(reader, operation)] == [row.id]
    center.must(SettleReferral(referral_id=row.id, taken=True, words="シートを張った"))
    assert center.refused(SettleReferral(referral_id=row.id, taken=True)) == "referral-settled"
    with center.services.reader() as reader:
        whole = one(reader, need.id)
    assert whole is not None
    assert [(each.recipient, each.state) for each in whole.consents] == [(recipient, ConsentState.GIVEN)]
    assert [words.text for words in whole.words] == ["見本の会に電話", "シートを張った"]


def test_life_and_body_go_before_consent_by_the_chiefs_name(center: Center) -> None:
    begin(center)
    receive(center, works=("roof-sheet",))
    row = only(center)
    clerk = msgspec.structs.replace(center.chief, id="clerk", roles=frozenset({"needs"}))
    life = HandOver(referral_id=row.id, life=True, words="倒れている")
    assert center.refused(life, actor=clerk) == "chief-only"
    assert center.refused(msgspec.structs.replace(life, words=" ")) == "reason-missing"
    center.must(life)
    assert only(center).without_consent


def test_a_person_refers_by_hand(center: Center) -> None:
    begin(center)
    need = receive(center)
    assert center.refused(Refer(need_id=need.id, to="chief", words="見て")) == "partner-unknown"
    assert center.refused(Refer(need_id=need.id, to="professional", words="")) == "reason-missing"
    center.must(Refer(need_id=need.id, to="professional", words="借家の相談"))
    assert center.refused(Refer(need_id=need.id, to="professional", words="借家の相談")) == "referral-open"
    center.must(SettleReferral(referral_id=only(center).id, taken=False))
    center.must(Refer(need_id=need.id, to="professional", words="もう一度"))


def test_every_partner_and_recipient_has_its_word() -> None:
    assert all(has_text(f"need.refer.{code}") for code in OF_PARTNER)
    assert all(has_text(f"consent.recipient.{code}") for code in Recipient)


def test_joined_needs_are_parted_again_where_they_stood(center_on_both: Center) -> None:
    center = center_on_both
    begin(center)
    first, second = receive(center), receive(center)
    plan = Plan(need_id=second.id, day=TODAY, band=Band.AM, people_min=2, people_max=3)
    visit = center.must(plan).entries[0].subject_id
    assert center.refused(JoinTo(need_id=second.id, same_as=first.id)) == "need-has-visits"
    center.must(JoinTo(need_id=first.id, same_as=second.id))
    assert get(center, first.id).state is NeedState.CANCELLED
    center.must(PartFrom(need_id=first.id))
    row = get(center, first.id)
    assert (row.state, row.same_as) == (NeedState.RECEIVED, None)
    assert center.refused(PartFrom(need_id=first.id)) == "need-not-joined"
    assert visit
