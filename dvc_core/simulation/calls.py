"""Telephone calls that nobody made: what residents ask for after a quake, over all towns (practice 5).

Rates follow practice 5.4: of the calls 16–28 % are cancelled later, about 60 % are surveyed at first.
"""

import uuid
from collections.abc import Sequence
from random import Random

import msgspec

from dvc_core.domain.kernel import Code
from dvc_core.domain.need import Details, Place, Priority, Site, SurveyNeeded
from dvc_core.domain.person_facts import HazardGrade
from dvc_core.simulation.people import FAMILY
from dvc_core.simulation.shape import happens, share

NOBODY = uuid.UUID(int=0)

WORKS: tuple[tuple[Code, float, str], ...] = (
    ("clear-house", 26, "倒れた家具を起こし、割れた物を外へ出してほしい"),
    ("tiles", 18, "庭に落ちた瓦とブロックを片付けてほしい"),
    ("yard", 12, "家のまわりと通路の片付けを手伝ってほしい"),
    ("carry-to-dump", 14, "災害ごみを仮置場まで運んでほしい"),
    ("cleaning", 10, "台所の床の拭き掃除を手伝ってほしい"),
    ("moving", 5, "一階の物を親類の家へ移したい"),
    ("shopping-water", 6, "水をくみに行けない。運んでほしい"),
    ("listening", 3, "一人でいるのが不安なので話を聞いてほしい"),
    ("roof-sheet", 4, "屋根にシートを張ってほしい"),
    ("lifelines", 2, "ガスが止まったままになっている"),
)
OUTSIDE = frozenset({"tiles", "yard", "carry-to-dump", "shopping-water"})
TOOLS: dict[Code, tuple[Code, ...]] = {
    "tiles": ("shovel", "wheelbarrow"),
    "yard": ("broom",),
    "cleaning": ("bucket",),
    "clear-house": ("dust-mask",),
}
GRADES = (("green", 45.0), ("yellow", 18.0), ("red", 9.0), ("none", 28.0))
PRIORITIES = (("urgent", 8.0), ("high", 22.0), ("normal", 55.0), ("low", 15.0))
FATES = (("cancelled", 18.0), ("open", 22.0), ("ready", 60.0))
"""What becomes of a call in its first days."""

JITTER = 0.0006
"""Degrees, about 60 m: a point that someone put on the map, not the town's own."""


class Spot(msgspec.Struct, frozen=True):
    """A town as a call names it, with its point."""

    city: str
    name: str
    lat: float
    lng: float


class MadeCall(msgspec.Struct, frozen=True, kw_only=True):
    """One call. `fate` is a word of `FATES`: what becomes of it in its first days."""

    site: Site
    details: Details
    place: Place
    fate: str


def calls(random: Random, count: int, towns: Sequence[Spot], city_code: Code) -> list[MadeCall]:
    """`count` calls: every town once in a drawn order, then towns by chance; two with 危機介入の兆し."""
    order = random.sample(list(towns), len(towns))
    order += [random.choice(towns) for _ in range(max(0, count - len(towns)))]
    crisis = set(random.sample(range(count), min(2, count)))
    return [
        _call(random, number, town, city_code, crisis=number in crisis)
        for number, town in enumerate(order[:count])
    ]


def _call(random: Random, number: int, town: Spot, city_code: Code, *, crisis: bool) -> MadeCall:
    work, trouble = _work(random)
    family, kana = random.choice(FAMILY)
    old = happens(random, 0.4)
    house = f"{town.name}0番{number + 1}号"
    site = Site(
        id=NOBODY,
        name=f"{family} 依頼{number + 1}",
        kana=f"{kana} イライ",
        phone=f"000-0001-{number + 1:04d}",
        address=f"{town.city}{house}" if happens(random, 0.5) else house,
        town=town.name,
        relation=share(random, (("本人", 8.0), ("家族", 2.0), ("民生委員", 1.0))),
        contact_time=share(random, (("いつでも", 3.0), ("夕方", 2.0), ("午前", 1.0))),
        household="高齢者ひとり" if old else "家族",
        trouble=trouble,
        parking=share(random, (("家の前に1台", 2.0), ("なし", 2.0), ("", 1.0))),
        certificate=share(random, (("写真をとった", 2.0), ("まだ", 1.0), ("", 1.0))),
    )
    people = random.choice((3, 4, 4, 5))
    details = Details(
        priority=Priority.URGENT if crisis else Priority(share(random, PRIORITIES)),
        works=(work,),
        inside=work not in OUTSIDE,
        hazard=HazardGrade(share(random, GRADES)),
        survey=SurveyNeeded.NOT_NEEDED if work in OUTSIDE else SurveyNeeded.NEEDED,
        crisis=crisis,
        watch_over=old and happens(random, 0.2),
        people_min=people,
        people_max=people + 2,
        tools=TOOLS.get(work, ()),
        trucks=int(work == "carry-to-dump" and happens(random, 0.4)),
    )
    return MadeCall(
        site=site, details=details, place=_place(random, town, city_code), fate=share(random, FATES)
    )


def _work(random: Random) -> tuple[Code, str]:
    code = share(random, [(code, weight) for code, weight, _ in WORKS])
    return code, next(words for known, _, words in WORKS if known == code)


def _place(random: Random, town: Spot, city_code: Code) -> Place:
    """Half of the places were put on the map by hand; the others have the town's point, and say so."""
    by_hand = happens(random, 0.5)
    off = JITTER if by_hand else 0.0
    return Place(
        lat=round(town.lat + random.uniform(-off, off), 5),
        lng=round(town.lng + random.uniform(-off, off), 5),
        city_code=city_code,
        match_level="hand" if by_hand else "town",
    )
