"""Synthetic days of a center, the same for the same seed: groups, minors, cars, trucks, tools, gates.

The towns are Koganei's extent (about 3.0 km by 3.8 km); everything else is invented. Half of the visits lie
within walking distance, so that seats and bicycles matter too.
"""

from random import Random

from dvc_core.domain.teaming import Limits, Person, Stock, Visit
from dvc_core.matching.model import Day, Group, People, Rules, Travel, Weights

RULES = Rules(
    limits=Limits(
        minors_per_adult=2,
        team_min=2,
        whole_group_max=10,
        piece_min=4,
        piece_max=10,
        near_m=2000,
        middle_m=5000,
    ),
    weights=Weights(
        priority_1=1000,
        priority_2=600,
        priority_3=400,
        priority_4=250,
        priority_5=150,
        per_person=20,
        unconfirmed=0.5,
        continuing=15,
        idle=6,
        person_km=0.5,
        extra=1,
    ),
    people=People(default_min=4, default_max=6),
    detour=1.3,
)
SIZES = {"small": (50, 20), "middle": (200, 60), "large": (500, 150)}
SEEDS = (11, 23, 47)
KNOWN = {
    ("small", 11): 5098.586,
    ("small", 23): 6335.1359,
    ("small", 47): 7287.8754,
    ("middle", 11): 24780.3941,
    ("middle", 23): 23714.8827,
    ("middle", 47): 26930.337,
    ("large", 11): 60207.1773,
    ("large", 23): 63146.7802,
    ("large", 47): 62839.1035,
}
"""Points of the best plan ever found for a frozen day: no bound may be below it."""

SKILLS = ("nurse", "carpentry", "electric", "english", "sign-language")
CENTER = (35.7000, 139.5060)


def make_day(people: int, visits: int, seed: int, rules: Rules = RULES) -> Day:
    """A day with so many people and visits; frozen by the seed."""
    dice = Random(f"{seed}/{people}/{visits}")
    needs = [_visit(dice, number) for number in range(visits)]
    crowd, groups = _people(dice, people, [visit.need_id for visit in needs])
    return Day(
        rules=rules,
        travel=Travel(lat=CENTER[0], lng=CENTER[1]),
        people=tuple(crowd),
        groups=tuple(groups),
        visits=tuple(needs),
        stock=_stock(dice, visits),
    )


def _visit(dice: Random, number: int) -> Visit:
    band = dice.choices(("am", "pm", "day"), (35, 35, 30))[0]
    mud = dice.random() < 0.15
    least = dice.randint(8, 12) if mud else dice.choices((2, 3, 4, 5, 6), (15, 20, 30, 20, 15))[0]
    skills = {dice.choice(SKILLS): 1} if dice.random() < 0.18 else {}
    tools = {"wheelbarrow": dice.randint(1, 3), "shovel": least} if mud else {"broom": dice.randint(1, 4)}
    if dice.random() < 0.1:
        tools["washer"] = 1
    gate = dice.choices(("open", "conditional", "closed"), (88, 8, 4))[0]
    return Visit(
        id=f"v{number:03}",
        need_id=f"n{number:03}",
        lat=round(dice.uniform(35.6889, 35.7158), 5),
        lng=round(dice.uniform(139.489, 139.531), 5),
        band=band,
        people_min=least,
        people_max=least + dice.randint(0, 4),
        skills=skills,
        tools=tools,
        trucks=1 if dice.random() < 0.22 else 0,
        adults_only=dice.random() < 0.1,
        women_wanted=dice.random() < 0.12,
        hazard=dice.random() < 0.08,
        heavy=mud or dice.random() < 0.25,
        gate=gate,
        gate_reason="yellow-sticker" if gate == "conditional" else "ungraded" if gate == "closed" else None,
        priority=dice.choices((1, 2, 3, 4, 5), (8, 20, 32, 25, 15))[0],
        confirmed=dice.random() < 0.9,
    )


def _person(dice: Random, number: int, needs: list[str], group: str | None, *, minor: bool) -> Person:
    adult = not minor
    driver = adult and dice.random() < 0.45
    truck = driver and dice.random() < 0.08
    car = driver and not truck and dice.random() < 0.35
    known = adult and dice.random() < 0.12
    return Person(
        id=f"p{number:03}",
        admitted=dice.random() < 0.98,
        insured=dice.random() < 0.98,
        minor=minor,
        woman=dice.random() < 0.42,
        leader_able=adult and dice.random() < 0.4,
        driver=driver,
        seats=2 if truck else dice.choice((4, 5, 7)) if car else 0,
        truck=truck,
        heavy_ok=dice.random() < 0.8,
        hazard_ok=adult and dice.random() < 0.35,
        reach=dice.choices(("near", "middle", "far"), (10, 20, 70))[0],
        band=dice.choices(("day", "am", "pm"), (72, 18, 10))[0],
        skills=(dice.choice(SKILLS),) if dice.random() < 0.2 else (),
        group_id=group,
        continuing_need_ids=(dice.choice(needs),) if known and needs else (),
    )


def _people(dice: Random, total: int, needs: list[str]) -> tuple[list[Person], list[Group]]:
    crowd: list[Person] = []
    groups: list[Group] = []
    while len(crowd) < total:
        size = min(total - len(crowd), _party(dice))
        if size == 1:
            crowd.append(_person(dice, len(crowd), needs, None, minor=dice.random() < 0.06))
            continue
        name = f"g{len(groups):02}"
        band = dice.choices(("day", "am"), (85, 15))[0]
        first = len(crowd)
        for place in range(size):
            minor = place > 1 and dice.random() < (0.5 if size <= 4 else 0.15)
            member = _person(dice, len(crowd), needs, name, minor=minor)
            crowd.append(
                _change(member, band=band, reach="far", leader_able=member.leader_able or place == 0)
            )
        groups.append(Group(id=name, leader_id=crowd[first].id, size=size))
    return crowd, groups


def _party(dice: Random) -> int:
    kind = dice.choices(("single", "family", "company", "bus"), (82, 13, 4, 1))[0]
    low, high = {"single": (1, 1), "family": (2, 4), "company": (5, 10), "bus": (11, 25)}[kind]
    return dice.randint(low, high)


def _change(person: Person, **fields: object) -> Person:
    values = {name: getattr(person, name) for name in person.__struct_fields__} | fields
    return Person(**values)


def _stock(dice: Random, visits: int) -> tuple[Stock, ...]:
    return (
        Stock(code="broom", count=visits * 2),
        Stock(code="shovel", count=visits),
        Stock(code="wheelbarrow", count=max(2, visits // 5)),
        Stock(code="washer", count=max(1, visits // 25)),
        Stock(code="kei-truck", count=max(1, visits // 12), kind="truck", seats=2),
        Stock(code="van", count=dice.randint(1, max(1, visits // 20)), kind="car", seats=8),
        Stock(code="bicycle", count=visits // 2, kind="bicycle", seats=1),
    )
