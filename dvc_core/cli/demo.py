"""`tasuki demo`: a drill filled with four days of a center that never was: every screen shows something.

Everything goes through the very same commands as at a desk, under ids that follow from `--seed`. The
operation's clock while it is filled is the story's own (`StoryClock`): past days have their hours, and today
is laid backwards from `--now` (without it: from the machine's clock), drawn together where today is younger
than the story is long, so that what the screens say is true at the moment of looking: teams are out, one is
overdue, the last calls came minutes ago. The same seed and the same `--now` make the same journal, but for
what must not follow from a seed (passwords, the signing key and its key id, tablets' credentials).
"""

import argparse
import random as dice
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from dvc_core import bootstrap
from dvc_core.bootstrap import TOKYO, Services
from dvc_core.cli import demo_board, demo_days, demo_papers, demo_setup, demo_slips, demo_teams
from dvc_core.cli.demo_teller import StoryClock, Teller
from dvc_core.cli.drill import DATABASE, config_of, drills_of, read_card, shown, write_card
from dvc_core.cli.reply import Reply, refused, standalone, usage
from dvc_core.domain.kernel import Refusal
from dvc_core.domain.manual_run import RunKind
from dvc_core.geo.reference import reference_map
from dvc_core.i18n import text
from dvc_core.manual.edition import Edition
from dvc_core.simulation import calls as made_calls
from dvc_core.simulation import people as made_people
from dvc_core.simulation.shape import back_from, people_on

NAME = "demo"
"""Its folder, and what one types."""
TITLE = "見本"
"""What its screens and sheets are called."""
SEED = 13210
CALLS = 60
TODAYS_CALLS = 10
PEOPLE = 120
MINUTES = 170.0
"""How long today's story is."""


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=SEED, help="同じ数なら、同じ内容になる")
    parser.add_argument("--now", default=None, metavar="ISO", help="この時刻までを作る（ふだんは今）")


@standalone("demo", "見本の訓練を作る", _arguments)
def demo(arguments: argparse.Namespace) -> Reply:
    """Fill the demonstration's drill, or the folder of `--data`."""
    try:
        now = datetime.fromisoformat(arguments.now) if arguments.now else datetime.now(UTC)
    except ValueError:
        return usage("demo-now", given=arguments.now)
    if now.tzinfo is None:
        return usage("demo-now", given=arguments.now)
    data = _place(arguments.data)
    if (data / DATABASE).exists():
        card = read_card(data)
        if card is None or card.name != TITLE:
            return refused(Refusal("demo-folder-used", {"data": str(data)}))
        _put_aside(data)
    began = time.monotonic()
    clock = StoryClock(now)
    services = bootstrap.build(config_of(data, TITLE), clock=clock)
    try:
        passwords = fill(services, clock, arguments.seed, now)
        card = write_card(services)
    finally:
        services.close()
    seconds = round(time.monotonic() - began, 1)
    return _said(services, shown(card), passwords, now, seconds, own=data == drills_of(arguments.data) / NAME)


def _place(data: Path) -> Path:
    """The folder that was asked for; the center's own means the demonstration's drill beside it."""
    from dvc_core.cli import data_folder  # noqa: PLC0415 - the package imports this module

    return drills_of(data) / NAME if data == data_folder(None) else data


def _put_aside(data: Path) -> None:
    """Keep the demonstration that was there, once; keys and certificates stay, so tablets trust it still.

    Raises:
        StoreError: when its own program is running.
    """
    bootstrap.build(config_of(data, TITLE)).close()
    aside = data / "before"
    aside.mkdir(exist_ok=True)
    for path in data.glob(f"{DATABASE}*"):
        path.replace(aside / path.name)


def fill(services: Services, clock: StoryClock, seed: int, now: datetime) -> dict[str, str]:
    """Tell the whole story up to `now`; the passwords by login name."""
    random = dice.Random(seed)  # noqa: S311 - the same story each time, no secret
    here = now.astimezone(TOKYO)
    clock.at = demo_setup.on(here, -5, 13, 30)
    teller = Teller(services, clock, seed)
    manuals = demo_setup.Manuals(services.config.manuals)
    passwords = demo_setup.accounts(teller, clock.at)
    demo_setup.approve(teller, manuals, demo_setup.on(here, -5, 14))
    demo_setup.begin(teller, manuals, demo_setup.on(here, -4, 5, 42))
    people = made_people.volunteers(random, PEOPLE)
    center = demo_days.Center(teller, random, people)
    towns = [
        made_calls.Spot(town.city, town.name, town.lat, town.lng)
        for town in reference_map().towns
        if town.city_code == services.council_id
    ]
    calls = made_calls.calls(random, CALLS, towns, services.council_id)
    older = len(calls) - TODAYS_CALLS
    first = calls[: older // 2]
    acts = demo_setup.before_opening(teller, random, manuals, here)
    acts += demo_days.call_acts(center, first, demo_setup.on(here, -4, 12), demo_setup.on(here, -3, 18))
    evening = demo_setup.on(here, -3, 19)
    teller.tell_all(act for act in acts if act[0] < evening)
    demo_papers.hang(center, evening)
    demo_days.settle_calls(center, evening)
    teller.tell_all(act for act in acts if act[0] >= evening)
    demo_setup.tablets(teller, demo_setup.on(here, -2, 8, 20))
    _field_days(center, manuals, calls[older // 2 :], here)
    clock.at = now
    return passwords


def _field_days(
    center: demo_days.Center, manuals: demo_setup.Manuals, calls: list[made_calls.MadeCall], now: datetime
) -> None:
    edition = manuals.by_kind.get(RunKind.CENTER)
    past = len(calls) - TODAYS_CALLS
    for back, share in ((-2, calls[: past // 2]), (-1, calls[past // 2 : past])):
        window = demo_days.Window(
            day=_day(now, back), begin=demo_setup.on(now, back, 8, 50), end=demo_setup.on(now, back, 16, 40)
        )
        _tell_daily(center, edition, window, 99)
        demo_days.plan_visits(center, window.begin, window.day, people_on(window.day) // 2)
        demo_days.receive_people(center, window, people_on(window.day) * 2 // 3, places=120)
        demo_teams.past_day(center, window)
        end = window.end + timedelta(minutes=50)
        center.teller.tell_all(demo_days.call_acts(center, share, window.end, end))
        demo_days.settle_calls(center, end + timedelta(minutes=5))
        demo_board.publish(center, end + timedelta(minutes=50), window.day)
    evening = demo_setup.on(now, -1, 18, 30)
    demo_slips.answers(center, evening)
    demo_slips.cut_off(center, evening + timedelta(minutes=5), _day(now, -1))
    count = people_on(_day(now, 0))
    demo_days.plan_visits(center, demo_setup.on(now, -1, 19), _day(now, 0), count)
    _today(center, edition, calls[past:], now, count)


def _today(
    center: demo_days.Center,
    edition: Edition | None,
    calls: list[made_calls.MadeCall],
    now: datetime,
    count: int,
) -> None:
    window = demo_days.Window(day=_day(now, 0), begin=back_from(now, MINUTES, MINUTES), end=now)
    _tell_daily(center, edition, window, 5)
    demo_days.receive_people(center, window, count, places=120)
    demo_board.heard_early(center, window)
    demo_slips.lost_card(center, window.at(0.37), window.day)
    demo_slips.settle_one(center, window.at(0.373))
    demo_slips.lists(center, window.at(0.374))
    demo_slips.correct(center, window, window.at(0.3745))
    demo_days.register_ahead(center, window.at(0.375))
    center.teller.tell_all(demo_days.call_acts(center, calls, window.at(0.38), window.at(0.43)))
    demo_days.call_again(center, window.at(0.44))
    # Soon after midnight the whole day is a few minutes long: the calls are as short as the rest.
    call = (window.end - window.begin) / MINUTES
    demo_days.plan_visits(center, window.at(0.445), window.day + timedelta(days=1), 30, each=call)
    demo_teams.today(center, window)
    demo_slips.papers(center, window.at(0.962))
    demo_board.heard_now(center, window)


def _day(now: datetime, back: int) -> date:
    return (now + timedelta(days=back)).date()


def _tell_daily(
    center: demo_days.Center, edition: Edition | None, window: demo_days.Window, upto: int
) -> None:
    """A past day's steps are all marked; today's only the first ones."""
    acts = demo_setup.daily_steps(edition, window.begin, upto)
    begin = window.at(0.01)
    center.teller.tell_all((min(act[0], begin), *act[1:]) for act in acts)


def _said(
    services: Services,
    fields: dict[str, Any],
    passwords: dict[str, str],
    now: datetime,
    seconds: float,
    *,
    own: bool,
) -> Reply:
    roles = {login: role for role, login in demo_setup.LOGINS.items()}
    users = [
        {"login": login, "role": roles[login], "password": password} for login, password in passwords.items()
    ]
    start = text("demo.start", name=NAME) if own else text("demo.started_with_data", data=fields["data"])
    words = [
        text("demo.filled", now=f"{now.astimezone(TOKYO):%Y-%m-%d %H:%M}", seconds=seconds),
        text("demo.where", data=fields["data"]),
        *(
            text("demo.login", role=services.roles.name(u["role"]), login=u["login"], password=u["password"])
            for u in users
        ),
        start,
    ]
    return Reply(fields={**fields, "users": users, "now": now.isoformat(), "seconds": seconds}, words=words)
