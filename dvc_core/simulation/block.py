"""States that other councils never told: numbers of a neighbour's center that agree with each other.

Of a center's needs 16–28 % are withdrawn (practice 5.4); the rest is done, handed on or left.
"""

from datetime import date, timedelta
from random import Random

from dvc_core.domain.board_facts import CouncilState, Help, Range, ReceptionMode, Told
from dvc_core.simulation.shape import happens

PLACES = (40, 60, 80)
PEOPLE_A_VISIT = 5


def working(random: Random, today: date, *, days: int) -> Told:
    """A center that has worked for some days, as it would tell all of it."""
    total = random.randint(12, 40) * (days + 1)
    withdrawn = round(total * random.uniform(0.16, 0.28))
    handed = random.randint(1, 4)
    done = round((total - withdrawn - handed) * random.uniform(0.25, 0.6))
    left = total - withdrawn - handed - done
    places = random.choice(PLACES)
    came = random.randint(places // 2, places)
    active = came - random.randint(0, 4)
    asks = happens(random, 0.5)
    return Told(
        state=CouncilState.OPEN,
        opened_on=today - timedelta(days=days),
        active_from=today - timedelta(days=days - 1),
        range_people=Range.NEARBY,
        range_groups=Range.PREFECTURE,
        reception=ReceptionMode.BOTH,
        places=places,
        needs_today=random.randint(3, 12),
        needs_total=total,
        needs_done=done,
        needs_withdrawn=withdrawn,
        needs_handed=handed,
        needs_left=left,
        person_days=left * PEOPLE_A_VISIT,
        people_came=came,
        people_active=active,
        people_on_site=round(active * 0.8),
        people_total=came + random.randint(40, 90) * days,
        help=Help.ASKED if asks else Help.NOT_NEEDED,
        help_staff=3 if asks else None,
        help_days=7 if asks else None,
    )


def beginning(random: Random, today: date) -> Told:
    """A center that opens tomorrow: needs are coming in, nobody works yet."""
    total = random.randint(10, 30)
    return Told(
        state=CouncilState.PREPARING,
        opened_on=today + timedelta(days=1),
        range_people=Range.CITY,
        reception=ReceptionMode.SAME_DAY,
        needs_today=total,
        needs_total=total,
        needs_left=total,
        help=Help.CONSIDERED,
    )


def said_shortly(random: Random) -> Told:
    """What one hears in a short call: where it stands, how many calls there were."""
    return Told(
        state=CouncilState.CONSIDERING,
        needs_today=random.randint(4, 15),
        help=Help.NOT_NEEDED,
    )
