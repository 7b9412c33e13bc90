"""応援の人: let in with the pledge and a last day by whoever has that desk's rights, and ended."""

import uuid
from datetime import date, timedelta

import pytest

from dvc_core.access.passwords import hash_password
from dvc_core.commands.base import Actor
from dvc_core.commands.supporter import End, GivePin, Join
from dvc_core.domain.account import Account, Operator
from dvc_core.domain.day import activity_day
from dvc_core.domain.supporter import Supporter, digest_of
from dvc_core.queries.stations import supporters
from tests.support.center import START, Center

TODAY = activity_day(START)
HASH = hash_password("4071")
LEADER = Actor(id="leader", roles=frozenset({"reception", "leader"}))


def wanted(center: Center, **changes: object) -> Join:
    """A helper for reception, as the form sends it."""
    facts: dict[str, object] = {
        "name": "見本 手伝",
        "reading": "みほん てつだい",
        "section": "reception",
        "until": TODAY + timedelta(days=2),
        "pledge": digest_of(center.services.reference.pledge),
        "pin_hash": HASH,
        "accepted": True,
    }
    return Join(**{**facts, **changes})  # type: ignore[arg-type]


def joined(center: Center, **changes: object) -> uuid.UUID:
    return center.must(wanted(center, **changes), LEADER).entries[-1].subject_id


def test_a_helper_has_one_desk_an_end_and_no_login(center_on_both: Center) -> None:
    center = center_on_both
    supporter_id = joined(center)
    with center.services.reader() as reader:
        row = reader.get(Supporter, supporter_id)
        assert row is not None
        account = reader.get(Account, row.account_id)
        operator = reader.get(Operator, row.account_id)
        (shown,) = supporters(reader)
    assert account is not None
    assert operator is not None
    assert (account.roles, operator.login) == (("reception",), "")
    assert account.until is not None
    assert activity_day(account.until - timedelta(minutes=1)) == TODAY + timedelta(days=2)
    assert (shown.name, shown.kana, shown.over_at) == ("見本 手伝", "ミホン テツダイ", None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "supporter-name"),
        ({"name": "あ" * 300}, "supporter-name"),
        ({"section": "no-such"}, "supporter-section"),
        ({"section": "needs"}, "supporter-section"),
        ({"accepted": False}, "pledge-not-accepted"),
        ({"pledge": "0" * 64}, "pledge-changed"),
        ({"until": TODAY - timedelta(days=1)}, "supporter-until"),
        ({"until": TODAY + timedelta(days=31)}, "supporter-until"),
        ({"until": date(9999, 12, 31)}, "supporter-until"),
    ],
)
def test_what_is_not_right_is_refused_and_nothing_is_stored(
    center: Center, change: dict[str, object], code: str
) -> None:
    assert center.refused(wanted(center, **change), LEADER) == code
    with center.services.reader() as reader:
        assert supporters(reader) == []
        assert reader.find(Account) == []


def test_nobody_gives_more_than_they_have_and_a_helper_lets_nobody_in(center: Center) -> None:
    joined(center, until=TODAY + timedelta(days=30))
    assert center.refused(wanted(center), Actor(id="helper", roles=frozenset({"reception"}))) == "not-allowed"
    only = Actor(id="l", roles=frozenset({"leader"}))
    assert center.refused(wanted(center), only) == "supporter-section"


def test_an_ended_helper_is_out_and_is_ended_once(center_on_both: Center) -> None:
    center = center_on_both
    supporter_id = joined(center)
    needs = Actor(id="n", roles=frozenset({"needs", "leader"}))
    assert center.refused(End(supporter_id=supporter_id), needs) == "supporter-section"
    center.must(End(supporter_id=supporter_id), LEADER)
    with center.services.reader() as reader:
        row = reader.get(Supporter, supporter_id)
        assert row is not None
        account = reader.get(Account, row.account_id)
        assert account is not None
        assert account.disabled_at is not None
    assert center.refused(End(supporter_id=supporter_id), LEADER) == "supporter-ended"
    assert center.refused(GivePin(supporter_id=supporter_id, pin_hash=HASH), LEADER) == "supporter-ended"
    assert center.refused(End(supporter_id=uuid.uuid4()), LEADER) == "supporter-unknown"


def test_a_forgotten_number_is_chosen_anew_beside_the_leader(center: Center) -> None:
    supporter_id = joined(center)
    center.must(GivePin(supporter_id=supporter_id, pin_hash=hash_password("8350")), LEADER)
    needs = Actor(id="n", roles=frozenset({"needs", "leader"}))
    assert center.refused(GivePin(supporter_id=supporter_id, pin_hash=HASH), needs) == "supporter-section"
