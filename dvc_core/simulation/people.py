"""Volunteers who plainly do not exist: their names say so, and numbers in 000 belong to nobody."""

import uuid
from random import Random

import msgspec

from dvc_core.domain.kernel import Code
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.volunteer import Person, Traits
from dvc_core.simulation.shape import happens

FAMILY = (
    ("訓練", "クンレン"),
    ("見本", "ミホン"),
    ("架空", "カクウ"),
    ("仮名", "カメイ"),
    ("試作", "シサク"),
)
GIVEN = (
    ("一郎", "イチロウ"),
    ("二郎", "ジロウ"),
    ("三郎", "サブロウ"),
    ("四郎", "シロウ"),
    ("五郎", "ゴロウ"),
    ("太郎", "タロウ"),
    ("花子", "ハナコ"),
    ("松子", "マツコ"),
    ("竹子", "タケコ"),
    ("梅子", "ウメコ"),
    ("月子", "ツキコ"),
    ("星子", "ホシコ"),
    ("春子", "ハルコ"),
    ("夏子", "ナツコ"),
    ("秋子", "アキコ"),
    ("冬子", "フユコ"),
    ("東", "アズマ"),
    ("南", "ミナミ"),
    ("西", "ニシ"),
    ("北", "キタ"),
    ("空", "ソラ"),
    ("海", "ウミ"),
    ("山", "ヤマ"),
    ("川", "カワ"),
)
PLACES = ("市内", "となりの市", "東京都内", "県外")
SKILLS: tuple[Code, ...] = (
    "building",
    "nursing",
    "first_aid",
    "care",
    "sign_language",
    "chainsaw",
    "cooking",
)
LEADING_AGE = 30
"""A made leader is no youngster; the real rule is who the desk thinks able."""

NOBODY = uuid.UUID(int=0)


class MadeVolunteer(msgspec.Struct, frozen=True, kw_only=True):
    """One volunteer as a form would say it. `self_registered`: by the form, so the desk has not seen it."""

    person: Person
    traits: Traits
    token: Code
    self_registered: bool


def most_people() -> int:
    """How many different names there are."""
    return len(FAMILY) * len(GIVEN)


def volunteers(random: Random, count: int) -> list[MadeVolunteer]:
    """`count` people with different names; most are insured, some lead, drive, bring a truck, are minors.

    Raises:
        ValueError: when there are not so many names.
    """
    names = [(family, given) for family in FAMILY for given in GIVEN]
    return [_volunteer(random, number, *name) for number, name in enumerate(random.sample(names, count), 1)]


def _volunteer(random: Random, number: int, family: tuple[str, str], given: tuple[str, str]) -> MadeVolunteer:
    minor = happens(random, 0.06)
    age = random.randint(15, 17) if minor else random.randint(18, 74)
    driver = not minor and happens(random, 0.4)
    truck = driver and happens(random, 0.15)
    person = Person(
        id=NOBODY,
        name=f"{family[0]} {given[0]}",
        kana=f"{family[1]} {given[1]}",
        phone=f"000-0000-{number:04d}",
        age=age,
        address=random.choice(PLACES),
        emergency_name=f"{family[0]} 家族",
        emergency_phone=f"000-0002-{number:04d}",
        guardian_name=f"{family[0]} 保護者" if minor else "",
        guardian_phone=f"000-0003-{number:04d}" if minor else "",
        licence="普通免許" if driver else "",
    )
    traits = Traits(
        minor=minor,
        guardian_consents=minor,
        insurance=Insurance.DISASTER if happens(random, 0.95) else Insurance.BASIC,
        insurance_seen=True,
        leader_able=age >= LEADING_AGE and happens(random, 0.35),
        driver=driver,
        truck=truck,
        seats=(2 if truck else random.choice((0, 0, 4, 5))) if driver else 0,
        skills=(random.choice(SKILLS),) if happens(random, 0.2) else (),
    )
    token = random.randbytes(16).hex()
    return MadeVolunteer(person=person, traits=traits, token=token, self_registered=happens(random, 0.2))
