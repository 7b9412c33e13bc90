"""同じ人かもしれない二つの登録: what speaks for it and what against, with points that add up (受付).

A proposal only: a person looks at both and decides. Telephones are shared by families and offices, names by
strangers, so no single sign is enough to propose anything by itself.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final

import msgspec

from dvc_core.domain.text import address_key, name_key
from dvc_core.domain.volunteer import Person, Volunteer

PROPOSED: Final = 60
"""From these points on the program asks by itself (ふりがなと電話, ふりがなと生年月日, ふりがなと年齢)."""

LOOKED_AT: Final = 30
"""From these points on a registration is shown to whoever looks for the same person."""

CLOSE_AGE: Final = 1
SHARED: Final = 5
"""A telephone or name that more registrations have says nothing (an office, a school, a common name)."""

MOST_PROPOSED: Final = 3


class Sign(StrEnum):
    """What is the same, or speaks against it."""

    PHONE = "phone"
    KANA = "kana"
    NAME = "name"
    BIRTH = "birth"
    AGE = "age"
    ADDRESS = "address"
    BIRTH_DIFFERS = "birth-differs"
    AGE_DIFFERS = "age-differs"
    MINOR_DIFFERS = "minor-differs"


POINTS: Final = {
    Sign.PHONE: 40,
    Sign.KANA: 30,
    Sign.NAME: 20,
    Sign.BIRTH: 40,
    Sign.AGE: 30,
    Sign.ADDRESS: 20,
    Sign.BIRTH_DIFFERS: -60,
    Sign.AGE_DIFFERS: -40,
    Sign.MINOR_DIFFERS: -30,
}
AGAINST: Final = frozenset({Sign.BIRTH_DIFFERS, Sign.AGE_DIFFERS, Sign.MINOR_DIFFERS})
"""With one of these, two registrations are merged only with a reason."""


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """How near two registrations are, 0 to 100, and why."""

    signs: tuple[Sign, ...] = ()

    @property
    def points(self) -> int:
        """The sum, never below 0 or above 100."""
        return min(max(sum(POINTS[sign] for sign in self.signs), 0), 100)

    @property
    def against(self) -> tuple[Sign, ...]:
        """What speaks against it."""
        return tuple(sign for sign in self.signs if sign in AGAINST)


def _age_signs(one: Person, other: Person) -> Sign | None:
    if one.birth_date is not None and other.birth_date is not None:
        return Sign.BIRTH if one.birth_date == other.birth_date else Sign.BIRTH_DIFFERS
    if one.age is None or other.age is None:
        return None
    return Sign.AGE if abs(one.age - other.age) <= CLOSE_AGE else Sign.AGE_DIFFERS


def likeness(one: Person, other: Person, *, minors: tuple[bool, bool] = (False, False)) -> Likeness:
    """Compare two registrations. `minors`: whether each is of someone under age."""
    equal: list[tuple[Sign, Callable[[Person], str]]] = [
        (Sign.PHONE, lambda person: person.phone_key),
        (Sign.KANA, lambda person: person.kana_key),
        (Sign.NAME, lambda person: name_key(person.name)),
        (Sign.ADDRESS, lambda person: address_key(person.address)),
    ]
    signs = [sign for sign, key in equal if key(one) and key(one) == key(other)]
    if (age := _age_signs(one, other)) is not None:
        signs.append(age)
    if minors[0] is not minors[1]:
        signs.append(Sign.MINOR_DIFFERS)
    return Likeness(signs=tuple(signs))


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Another registration that may be the same human being."""

    volunteer: Volunteer
    person: Person
    likeness: Likeness


def ranked(
    person: Person, others: Iterable[tuple[Volunteer, Person]], *, minor: bool, least: int = PROPOSED
) -> list[Candidate]:
    """The nearest first, by their numbers where they are equally near; each human being once."""
    found = [
        Candidate(volunteer=v, person=p, likeness=likeness(person, p, minors=(minor, v.minor)))
        for v, p in others
    ]
    near = [each for each in found if each.likeness.points >= least]
    return sorted(near, key=lambda each: (-each.likeness.points, each.volunteer.number))
