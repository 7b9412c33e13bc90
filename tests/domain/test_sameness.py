"""How near two registrations are: what adds up, what speaks against it, and what is never asked about."""

import uuid
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvc_core.domain.sameness import PROPOSED, Sign, likeness, ranked
from dvc_core.domain.volunteer import Person, Volunteer

NOBODY = uuid.UUID(int=0)
ONE = Person(id=NOBODY, name="見本 花子", kana_key="ミホンハナコ", phone_key="00000001111")
PEOPLE = st.builds(
    Person,
    id=st.just(NOBODY),
    name=st.sampled_from(["見本 花子", "見本花子", "架空 一郎"]),
    kana_key=st.sampled_from(["", "ミホンハナコ", "カクウイチロウ"]),
    phone_key=st.sampled_from(["", "00000001111", "00000002222"]),
    birth_date=st.sampled_from([None, date(1990, 4, 1), date(2010, 4, 1)]),
    age=st.sampled_from([None, 16, 36, 37]),
    address=st.sampled_from(["", "本町一丁目1番", "本町1-1"]),
)


def other(**changes: object) -> Person:
    return msgspec.structs.replace(
        Person(id=NOBODY, name="架空 一郎", kana_key="カクウイチロウ", phone_key="00000002222"), **changes
    )


@pytest.mark.parametrize(
    ("same", "asked"),
    [
        ({"kana_key": "ミホンハナコ", "phone_key": "00000001111"}, True),
        ({"name": "見本　花子", "phone_key": "00000001111"}, True),
        ({"phone_key": "00000001111"}, False),  # a family, an office
        ({"kana_key": "ミホンハナコ"}, False),  # a common name
        ({"kana_key": "ミホンハナコ", "name": "見本 花子"}, False),
    ],
)
def test_one_sign_alone_is_not_asked_about(same: dict[str, object], asked: bool) -> None:
    assert (likeness(ONE, other(**same)).points >= PROPOSED) is asked


@pytest.mark.parametrize("age", [{"birth_date": date(1990, 4, 1)}, {"age": 36}])
def test_kana_with_birthday_or_age_is_asked_about(age: dict[str, object]) -> None:
    one = msgspec.structs.replace(ONE, **age)
    near = likeness(one, other(kana_key="ミホンハナコ", **age))
    assert near.points >= PROPOSED
    assert near.against == ()


def test_what_speaks_against_it_is_told() -> None:
    one = msgspec.structs.replace(ONE, birth_date=date(1990, 4, 1))
    near = likeness(one, msgspec.structs.replace(ONE, birth_date=date(1962, 4, 1)), minors=(True, False))
    assert near.against == (Sign.BIRTH_DIFFERS, Sign.MINOR_DIFFERS)
    assert near.points < PROPOSED


def test_what_nobody_filled_in_is_no_sign() -> None:
    empty = Person(id=NOBODY, name="")
    assert likeness(empty, empty).signs == ()


@given(PEOPLE, PEOPLE, st.booleans(), st.booleans())
def test_it_is_the_same_from_either_side(one: Person, two: Person, first: bool, second: bool) -> None:
    there, back = likeness(one, two, minors=(first, second)), likeness(two, one, minors=(second, first))
    assert there == back
    assert 0 <= there.points <= 100


def test_the_nearest_come_first() -> None:
    rows = [
        (Volunteer(id=uuid.UUID(int=n), operation_id=NOBODY, number=n), person)
        for n, person in enumerate([other(), other(phone_key="00000001111", kana_key="ミホンハナコ"), ONE])
    ]
    assert [each.volunteer.number for each in ranked(ONE, rows, minor=False)] == [2, 1]
