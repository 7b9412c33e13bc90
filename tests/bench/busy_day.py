"""A center in the middle of a busy day, for benchmarks: the demonstration and everyone who came besides.

The story has its days, calls, teams and steps of the manual; the people that it lacks are registered, come in
and are admitted by the same commands, each with a signed card.
"""

import secrets
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from dvc_core import bootstrap
from dvc_core.access import sessions
from dvc_core.access.passwords import hash_password
from dvc_core.bootstrap import Services
from dvc_core.cli import demo
from dvc_core.cli.demo_teller import StoryClock
from dvc_core.cli.drill import config_of
from dvc_core.commands.account import Add
from dvc_core.commands.attendance import Admit, Scan, SetPlaces
from dvc_core.commands.base import Actor, Command, Envelope
from dvc_core.commands.volunteer import NewCard, Register
from dvc_core.domain.attendance import Act, Attendance
from dvc_core.domain.day import activity_day
from dvc_core.domain.kernel import derive
from dvc_core.domain.need import Need
from dvc_core.domain.person_facts import Insurance
from dvc_core.domain.team import Team
from dvc_core.domain.volunteer import Person, Traits, Volunteer
from dvc_core.queries.needs import LIVE
from dvc_core.tokens import qr
from dvc_core.web.kiosk_api import make_place
from tests.support.many import crowd

PEOPLE = 300
CHUNK = 60
INSURED = Traits(insurance=Insurance.DISASTER, insurance_seen=True)
PASSWORD = secrets.token_urlsafe(16)
EVERYONE = Actor(id="bench", roles=frozenset({"admin", "chief", "reception", "kiosk"}))


class Day(NamedTuple):
    """What a benchmark knows of it.

    Attributes:
        cookie: a login's, `name=value`, of someone who may open every desk.
        cards: the codes of those who are still on their way.
        kiosks: the credentials of the gate's tablets.
        facts: what there is, in words.
    """

    cookie: str
    cards: list[str]
    kiosks: list[str]
    facts: str


def filled(data: Path, *, coming: int = 0, kiosks: int = 0, people: int = 0, url: str | None = None) -> Day:
    """Fill a data folder up to this minute; the database is closed again.

    Args:
        data: an empty folder.
        coming: how many more are registered, with cards, and have not come yet.
        kiosks: how many tablets are enrolled at the gate.
        people: to how many the people of past days grow.
        url: a server's database; the embedded engine without it.
    """
    now = datetime.now(UTC)
    clock = StoryClock(now)
    config = msgspec.structs.replace(config_of(data, demo.NAME), database_url=url)
    services = bootstrap.build(config, clock=clock)
    try:
        demo.fill(services, clock, demo.SEED, now)
        _registered(services, PEOPLE, arrive=True)
        cards = _registered(services, PEOPLE + coming)
        if people:
            crowd(services, people)
        places = [make_place(services, f"受付 {n}", EVERYONE, credential=True) for n in range(kiosks)]
        return Day(_cookie(services), cards, [place.credential for place in places], _facts(services))
    finally:
        services.close()


def _registered(services: Services, upto: int, *, arrive: bool = False) -> list[str]:
    """Register who is missing to `upto`, let them arrive and be admitted; their cards' texts."""
    today = activity_day(services.clock.now())
    with services.reader() as reader:
        there = len(reader.find(Volunteer))
    services.do(SetPlaces(day=today, places=2 * upto), EVERYONE)
    cards, commands = [], []
    for nth in range(there, upto):
        token, key = secrets.token_bytes(qr.TOKEN_BYTES), services.keys.current
        cards.append(qr.issue(key, token))
        person = Person(
            id=uuid.UUID(int=0), name=f"見本 {nth}", kana="ミホン ジロウ", phone=f"000-0000-{nth:04}"
        )
        register_id, card = uuid.uuid4(), NewCard(token=token.hex(), key_id=key.key_id)
        commands.append(_sent(Register(person=person, traits=INSURED, card=card), register_id))
        if arrive:
            place = Admit(volunteer_id=derive(register_id, "volunteer"), day=today)
            commands += [_sent(Scan(act=Act.ARRIVE, token=token.hex())), _sent(place)]
    for start in range(0, len(commands), CHUNK):
        for answer in services.run_all(commands[start : start + CHUNK]):
            if answer.refusal is not None:
                raise AssertionError(answer)
    return cards


def _sent(command: Command, command_id: uuid.UUID | None = None) -> Envelope:
    return Envelope(command_id=command_id or uuid.uuid4(), command=command, actor=EVERYONE, station="bench")


def _cookie(services: Services) -> str:
    """The cookie of someone who may open every desk."""
    command = Add(
        login="bench",
        name="訓練 次郎",
        roles=("admin", "chief"),
        password_hash=hash_password(PASSWORD),
        one_time=False,
    )
    services.do(command, EVERYONE)
    answer = sessions.log_in(services.database, "bench", PASSWORD, now=services.wall.now())
    if not answer.cookie:
        raise AssertionError(answer)
    return f"tasuki-http-{str(services.database.meta.database_id)[:8]}={answer.cookie}"


def _facts(services: Services) -> str:
    today = activity_day(services.clock.now())
    with services.reader() as reader:
        people, came = len(reader.find(Volunteer)), len(reader.find(Attendance, day=today))
        needs = reader.find(Need)
        teams = [team for team in reader.find(Team, day=today) if team.dissolved_at is None]
    live = sum(need.state in LIVE for need in needs)
    wanted = f"ニーズ {len(needs)} 件（動いている {live}）"
    return f"登録 {people} 人、きょう {came} 人、{wanted}、きょうの班 {len(teams)}"
